"""The keys of an archive's `columns`: what a record of any format may hold of an article."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

KEYS = ("published_at", "title", "body", "url", "publisher", "tags", "id")
REQUIRED = ("published_at", "title")
MISSING = ("", "-")


class Record(Protocol):
    """One record of an archive."""

    def text(self, key: str) -> str:
        """Return what stands under one of `KEYS` as text; empty where it is missing."""
        ...

    def tags(self) -> Sequence[str]:
        """Return the names of the instruments that it is filed under, as written."""
        ...
