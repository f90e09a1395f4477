"""Which of an instrument's sources is used for a day: one for all windows of an event, never two in one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from signals.store.bars import Coverage


def preferred(covered: Sequence[Coverage], order: Sequence[str], day: date) -> str | None:
    """Return the most preferred source whose bars span a day, else the most preferred, or None without any."""
    rank = {name: n for n, name in enumerate(order)}
    found = [c for c in covered if c.source in rank]
    best = min(found, key=lambda c: (not c.first <= day <= c.last, rank[c.source]), default=None)
    return best.source if best else None
