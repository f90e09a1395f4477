"""Which of an instrument's sources is used for a day: one for all windows of an event, never two in one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from signals.store.bars import Coverage


def preferred_source(coverage: Sequence[Coverage], order: Sequence[str], day: date) -> str | None:
    """Return the most preferred source whose bars span a day, else the most preferred, or None without any."""
    ordered = [c for name in order for c in coverage if c.source == name]
    spanning = (c for c in ordered if c.first <= day <= c.last)
    best = next(spanning, ordered[0] if ordered else None)
    return best.source if best else None
