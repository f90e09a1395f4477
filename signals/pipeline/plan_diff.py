"""Two plans -> what differs between them, in words: a store goes on by the plan that its rows were derived by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from signals.pipeline import Plan


def changes(kept: Plan, wanted: Plan) -> list[str]:
    """Return what the wanted plan changes of the kept one; empty where it would derive the same."""
    found = [f"instrument {name}" for name in _changed(kept.instruments, wanted.instruments, "ticker")]
    found += [f"study {name}" for name in _changed(kept.studies, wanted.studies, "name")]
    found += [f"intraday study {name}" for name in _changed(kept.intraday, wanted.intraday, "name")]
    words = {
        "price_sources": "the order of price sources",
        "plausible_zones": "plausible_zones",
        "q_level": "verdicts.q",
        "min_relevance": "verdicts.relevance",
        "close_times": "close_time of a price source",
    }
    return found + [word for name, word in words.items() if getattr(kept, name) != getattr(wanted, name)]


def _changed(kept: Iterable[Any], wanted: Iterable[Any], key: str) -> Iterator[str]:
    before, after = ({getattr(one, key): one for one in listed} for listed in (kept, wanted))
    for name in [*after, *(name for name in before if name not in after)]:
        if before.get(name) != after.get(name):
            yield str(name)
