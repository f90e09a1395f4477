"""Hosts that a run left alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, order=True)
class LeftAlone:
    """A host to which nothing more is sent; `until` is None for the rest of the run. `why` ends a sentence."""

    host: str
    why: str
    until: datetime | None

    def sentence(self, now: datetime) -> str:
        """Return how long the host is left alone, and why."""
        if self.until is None:
            return f"left alone for the rest of this run: {self.why}"
        form = "%H:%M" if self.until.date() == now.date() else "%Y-%m-%d %H:%M"
        return f"left alone until {self.until:{form}} UTC: {self.why}"
