"""Findings of `signals doctor`, and days as a sentence names them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_MOST_SPANS = 6  # spans that a sentence names


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to do about the installation: where, what is wrong there, and what to do about it."""

    where: str
    problem: str
    advice: str


def spans_of(days: Sequence[date]) -> str:
    """Write days as spans: ``3 days: 2022-02-28 to 2022-03-01, 2022-04-04``. A weekend does not break a span."""
    spans: list[list[date]] = []
    for day in sorted(days):
        if spans and day - spans[-1][1] <= timedelta(days=4):
            spans[-1][1] = day
        else:
            spans.append([day, day])
    texts = [str(a) if a == b else f"{a} to {b}" for a, b in spans[:_MOST_SPANS]]
    more = [f"and {len(spans) - _MOST_SPANS} more spans"] if len(spans) > _MOST_SPANS else []
    return f"{len(days)} {'day' if len(days) == 1 else 'days'}: {', '.join(texts + more)}"
