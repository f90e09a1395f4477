"""What a derivation could not derive: named as failures, and remembered so that the next run derives it again.

Articles wait in the queues that they were in. Instruments are kept with the day from which they are to be derived.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from signals.errors import in_short
from signals.store import Connection, run_log, settings
from signals.store.assignments import Unassigned
from signals.store.isolation import Failed
from signals.types import SourceFailure

log = logging.getLogger(__name__)

ROOM = "derived"
NAMED = 5  # failures that the run log names, of many
ONLY_AVERAGES = date.max  # the day of an instrument of which only the averages are missing


def waiting(db: Connection) -> dict[str, date]:
    """Return the instruments that the last derivation failed for, each with the day from which it is derived again."""
    return {
        ticker: date.fromisoformat(day) for ticker, day in json.loads(settings.get(db, settings.AGAIN) or "{}").items()
    }


def remember(db: Connection, days: Mapping[str, date], unaveraged: Iterable[str]) -> None:
    """Keep the instruments that a derivation failed for, in place of those before."""
    left = {**dict.fromkeys(unaveraged, ONLY_AVERAGES), **days}
    if left:
        settings.put(db, settings.AGAIN, json.dumps({ticker: day.isoformat() for ticker, day in sorted(left.items())}))
    else:
        settings.remove(db, settings.AGAIN)


def article_failures(
    unmatched: Iterable[Failed[str]], unassigned: Iterable[Failed[Unassigned]]
) -> Sequence[SourceFailure]:
    """Return the failures of articles that could not be tagged, put into stories or assigned to events."""
    return [
        *(_failure(bad.item, "not_matched", "the article could not be tagged", bad.error) for bad in unmatched),
        *(
            _failure(f"{bad.item.article_id} {bad.item.ticker}", "not_assigned", "it has no event", bad.error)
            for bad in unassigned
        ),
    ]


def instrument_failures(
    unscored: Mapping[str, Exception], unaveraged: Iterable[Failed[str]]
) -> Sequence[SourceFailure]:
    """Return the failures of instruments that could not be scored or averaged."""
    return [
        *(_failure(ticker, "not_scored", "its news was not scored", error) for ticker, error in unscored.items()),
        *(_failure(bad.item, "not_averaged", "its averages are missing", bad.error) for bad in unaveraged),
    ]


def _failure(item: str, reason: str, problem: str, error: Exception) -> SourceFailure:
    log.info("%s: %s", item, problem, exc_info=error)
    words = f"{problem} ({in_short(error)}); the next run tries again, please report it"
    return SourceFailure(ROOM, item, reason, words)


def record(db: Connection, run_id: int, failures: Sequence[SourceFailure]) -> None:
    """Record failures of a derivation as those of a source, or that there is none any more."""
    if not failures and not run_log.has_source(db, ROOM, ROOM):
        return
    more = f"; and {len(failures) - NAMED} more" if len(failures) > NAMED else ""
    others = [f"{failure.item}: {failure.detail}" for failure in failures[1:NAMED]]
    named = [replace(failure, detail="; ".join([failure.detail, *others]) + more) for failure in failures[:1]]
    run_log.record_source(db, run_id, ROOM, ROOM, 0, 0, [*named, *failures[1:]])
