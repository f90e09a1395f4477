"""The ledger: a row per run and per source of a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from signals.store.rows import upsert
from signals.store.tables import runs, source_runs
from signals.types import SourceFailure


@dataclass(slots=True)
class Tally:
    """What a run has done so far; the strokes add to it."""

    articles: int = 0
    refused: int = 0
    bars: int = 0
    moves: int = 0
    links: int = 0
    strokes: list[str] = field(default_factory=list)
    failures: list[SourceFailure] = field(default_factory=list)

    def count(self, moves: int, links: int) -> None:
        """Add moves and links that were written."""
        self.moves += moves
        self.links += links

    def counts(self) -> dict[str, int]:
        """Return the numbers that the ledger keeps."""
        return {
            "articles": self.articles,
            "refused": self.refused,
            "bars": self.bars,
            "moves": self.moves,
            "links": self.links,
            "failures": len(self.failures),
        }


def begin(db: Connection, job: str, slot: datetime, now: datetime, version: str) -> int:
    """Open a run and return its number. A run that was left running has been killed: the lock is ours now."""
    db.execute(update(runs).where(runs.c.state == "running").values(state="killed", finished_at=now))
    attempt = db.execute(select(func.count()).where(runs.c.job == job, runs.c.slot == slot)).scalar_one() + 1
    row = {"job": job, "slot": slot, "attempt": attempt, "state": "running", "started_at": now, "version": version}
    key = db.execute(runs.insert().values(row)).inserted_primary_key
    assert key is not None  # noqa: S101 - an insert of one row always has a key
    return int(key[0])


def finish(db: Connection, run_id: int, state: str, tally: Tally, now: datetime, error: str | None = None) -> None:
    """Close a run with what it did."""
    values = {**tally.counts(), "state": state, "finished_at": now, "error": error, "strokes": ",".join(tally.strokes)}
    db.execute(update(runs).where(runs.c.run_id == run_id).values(values))


def note_source(
    db: Connection, run_id: int, room: str, source: str, items: int, failures: Sequence[SourceFailure]
) -> None:
    """Say how a source did in a run."""
    first = failures[0] if failures else None
    row = {
        "run_id": run_id,
        "room": room,
        "source": source,
        "items": items,
        "failed": len(failures),
        "reason": first.reason if first else None,
        "detail": str(first) if first else None,
    }
    upsert(db, source_runs, [row])


def last_scored(db: Connection) -> int:
    """Return the last run whose scoring came to its end, 0 if none has."""
    done = runs.c.strokes.like("%score%")
    return int(db.execute(select(func.coalesce(func.max(runs.c.run_id), 0)).where(done)).scalar_one())


def last_done_slot(db: Connection, jobs: Iterable[str]) -> dict[str, datetime]:
    """Return the last slot that each job has done."""
    query = select(runs.c.job, func.max(runs.c.slot)).where(runs.c.job.in_(list(jobs)), runs.c.state == "done")
    return {row[0]: row[1] for row in db.execute(query.group_by(runs.c.job))}
