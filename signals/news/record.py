"""The keys of an archive's `columns`, and the protocol of a record in any file format."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

KEYS = ("published_at", "time", "title", "body", "url", "publisher", "tags", "id")
REQUIRED = ("published_at", "title")
MISSING = ("", "-")


class Record(Protocol):
    """One record of an archive."""

    def text(self, key: str) -> str:
        """Return the value of one of `KEYS` as text; empty if it is missing."""
        ...

    def tags(self) -> Sequence[str]:
        """Return the names of the record's instruments as written."""
        ...
