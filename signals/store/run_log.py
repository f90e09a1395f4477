"""The run log: a row per run, per stage and per source of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import Connection, and_, func, select, update

from signals.errors import LostLockError
from signals.store.bulk import count_rows, upsert
from signals.store.tables import events, links, moves, run_rows, runs, source_runs, stage_runs
from signals.types import Arrivals, RowSum, SourceFailure, Stage, Turnover

NOTHING = Arrivals()


@dataclass(slots=True)
class RunStats:
    """What a run has done so far; its stages add to it.

    `moves` are the measurements written, `events_moved` the events among them that are called a move, each once.
    """

    articles: int = 0
    refused: int = 0
    bars: int = 0
    moves: int = 0
    links: int = 0
    events_moved: int = 0
    failures: list[SourceFailure] = field(default_factory=list)

    def count(self, moves: int, links: int) -> None:
        """Add moves and links that were written."""
        self.moves += moves
        self.links += links

    def counts(self) -> dict[str, int]:
        """Return the numbers that the run log keeps."""
        return {
            "articles": self.articles,
            "refused": self.refused,
            "bars": self.bars,
            "moves": self.moves,
            "links": self.links,
            "failures": len(self.failures),
        }


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run that has no end yet, and the stage that it is in, None between two."""

    run_id: int
    job: str
    slot: datetime
    started_at: datetime
    stage: str | None


def without_end(db: Connection) -> list[OpenRun]:
    """Return the runs that have no end yet: one is at work, or was killed."""
    stage = select(stage_runs.c.stage).where(
        stage_runs.c.run_id == runs.c.run_id, stage_runs.c.finished_at.is_(None)
    ).limit(1).scalar_subquery()  # fmt: skip
    query = select(runs.c.run_id, runs.c.job, runs.c.slot, runs.c.started_at, stage)
    return [OpenRun(*row) for row in db.execute(query.where(runs.c.state == "running").order_by(runs.c.run_id))]


def close_killed(db: Connection, run_id: int, now: datetime, where: str) -> None:
    """Record that a run was killed, and where."""
    values = {"state": "killed", "finished_at": now, "error": f"killed {where}"}
    db.execute(update(runs).where(runs.c.run_id == run_id, runs.c.state == "running").values(values))


def begin(db: Connection, job: str, slot: datetime, now: datetime, version: str) -> int:
    """Open a run and return its number. A run that was left running has been killed: the lock is ours now."""
    for left in without_end(db):
        close_killed(db, left.run_id, now, f"in {left.stage}" if left.stage else "between two stages")
    row = {"job": job, "slot": slot, "attempt": len(attempts(db, job, slot)) + 1, "state": "running",
           "started_at": now, "version": version}  # fmt: skip
    key = db.execute(runs.insert().values(row)).inserted_primary_key
    assert key is not None  # noqa: S101 - an insert of one row always has a key
    return int(key[0])


def require_running(db: Connection, run_id: int, name: str) -> None:
    """Keep a run open until the end of this transaction: `begin` of another one waits for it.

    Raises
    ------
    LostLockError
        Another run has begun, which closed this one.
    """
    state = select(runs.c.state).where(runs.c.run_id == run_id).with_for_update(key_share=True)
    if db.execute(state).scalar() != "running":
        raise LostLockError(name, "another run began meanwhile")


def finish(
    db: Connection, run_id: int, state: str, stats: RunStats, now: datetime, error: str | None = None, gaps: int = 0
) -> None:
    """Close a run with what it did."""
    this = runs.c.run_id == run_id
    began = db.execute(select(runs.c.started_at).where(this)).scalar_one()
    values = {**stats.counts(), "state": state, "finished_at": now, "error": error, "gaps": gaps,
              "seconds": (now - began).total_seconds()}  # fmt: skip
    db.execute(update(runs).where(this).values(values))


def begin_stage(db: Connection, run_id: int, stage: str, now: datetime) -> None:
    """Record that a run has begun a stage."""
    db.execute(stage_runs.insert().values(run_id=run_id, stage=stage, started_at=now))


def finish_stage(
    db: Connection, run_id: int, stage: str, before: dict[str, int], after: dict[str, int], now: datetime
) -> None:
    """Record that a stage has ended, with what was counted meanwhile."""
    counts = {name: after[name] - before[name] for name in after}
    this = and_(stage_runs.c.run_id == run_id, stage_runs.c.stage == stage)
    db.execute(update(stage_runs).where(this).values({**counts, "finished_at": now}))


def record_source(
    db: Connection,
    run_id: int,
    room: str,
    source: str,
    items: int,
    written: int,
    failures: Sequence[SourceFailure],
    arrivals: Arrivals = NOTHING,
) -> None:
    """Record what a source gave in a run, what became of it, how many articles or bars were new, and what failed."""
    first = failures[0] if failures else None
    row = {
        "run_id": run_id,
        "room": room,
        "source": source,
        "items": items,
        "written": written,
        **asdict(arrivals),
        "failed": len(failures),
        "reason": first.reason if first else None,
        "detail": str(first) if first else None,
    }
    upsert(db, source_runs, [row])


_COUNTED = {"events": events, "moves": moves, "links": links}


def rows_before(db: Connection, dropped: Turnover) -> dict[str, int]:
    """Return how many events, moves and links the last run left that counted them.

    Without such a run it is what there is now, with what was dropped before.
    """
    last = select(func.max(run_rows.c.run_id)).scalar_subquery()
    rows = {row.kind: row.after for row in db.execute(select(run_rows).where(run_rows.c.run_id == last))}
    return rows or {kind: count_rows(db, table) + dropped.of(kind).removed for kind, table in _COUNTED.items()}


def record_rows(db: Connection, run_id: int, before: Mapping[str, int], turnover: Turnover) -> list[RowSum]:
    """Count the events, moves and links, record them with what a run added and removed, and return these sums."""
    changes = {kind: turnover.of(kind) for kind in _COUNTED}
    sums = [
        RowSum(kind, before[kind], change.added, change.removed, count_rows(db, _COUNTED[kind]))
        for kind, change in changes.items()
    ]
    upsert(db, run_rows, [{"run_id": run_id, **asdict(row)} for row in sums])
    return sums


def has_source(db: Connection, room: str, source: str) -> bool:
    """Return whether a source is in the run log."""
    query = select(source_runs.c.run_id).where(source_runs.c.room == room, source_runs.c.source == source)
    return db.execute(query.limit(1)).first() is not None


def last_scored(db: Connection) -> int:
    """Return the last run whose scoring came to its end, 0 if none has."""
    done = and_(stage_runs.c.stage == Stage.SCORE.value, stage_runs.c.finished_at.is_not(None))
    return int(db.execute(select(func.coalesce(func.max(stage_runs.c.run_id), 0)).where(done)).scalar_one())


def last_done_slot(db: Connection, jobs: Iterable[str], now: datetime) -> dict[str, datetime]:
    """Return the last slot until now that each job has done; a slot in the future was done by a wrong clock."""
    done = (runs.c.job.in_(list(jobs)), runs.c.state == "done", runs.c.slot <= now)
    query = select(runs.c.job, func.max(runs.c.slot)).where(*done)
    return {row[0]: row[1] for row in db.execute(query.group_by(runs.c.job))}


def attempts(db: Connection, job: str, slot: datetime) -> list[tuple[str, datetime]]:
    """Return state and beginning of every attempt at a slot, in their order."""
    query = select(runs.c.state, runs.c.started_at).where(runs.c.job == job, runs.c.slot == slot)
    return [(row.state, row.started_at) for row in db.execute(query.order_by(runs.c.run_id))]
