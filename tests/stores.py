"""Facts and plans of small stores: what a test writes by itself, without files and without a configuration."""

import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from signals.pipeline import Plan, RunContext
from signals.pipeline.config_mirror import mirror_plan
from signals.pipeline.derive.match import Tagger
from signals.pipeline.derive.score_stage import derive
from signals.sessions import clock
from signals.store import Connection, Store, articles, assignments, bars, run_log
from signals.types import (
    Alias,
    Article,
    Bars,
    Event,
    Instrument,
    IntradayStudy,
    IntradayWindow,
    Move,
    Precision,
    Scheme,
    Stamp,
    Study,
    Tag,
    Window,
    ZoneBasis,
    event_id,
    intraday_event_id,
)

MIC = "XAMS"
NOW = datetime(2024, 7, 1, 3, 30, tzinfo=UTC)
CLOCK = clock(MIC, date(2024, 1, 2), date(2024, 6, 28))
DAYS: list[date] = CLOCK.sessions.tolist()
OPENS, CLOSES = ([at.replace(tzinfo=UTC) for at in side.tolist()] for side in (CLOCK.opens, CLOCK.closes))
STUDY = Study("market", estimation=40, gap=2, min_observations=20, windows=(Window(0, 0),))
HOURLY = IntradayStudy("hourly", "1h", (IntradayWindow(0, 60),), estimation=40, gap=2, min_observations=20)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with the tables and views and no rows; only for copying."""
    path = tmp_path_factory.mktemp("empty") / "signals.db"
    store = Store(f"sqlite:///{path}")
    store.upgrade()
    store.engine.dispose()
    return path


@pytest.fixture
def store(empty_database: Path, tmp_path: Path) -> Iterator[Store]:
    """Yield an empty store on disk."""
    shutil.copy(empty_database, tmp_path / "signals.db")
    store = Store(f"sqlite:///{tmp_path / 'signals.db'}")
    yield store
    store.engine.dispose()


def instrument(ticker: str, **changes: Any) -> Instrument:
    """Return an instrument that one source prices and that a page tag with its ticker names."""
    plain = Instrument(ticker, f"{ticker.title()} Works", MIC, "EUR", symbols={"local": ticker},
                       aliases=(Alias(ticker, Scheme.PAGE_TAG),))  # fmt: skip
    return replace(plain, **changes)


ACME = instrument("ACME", benchmark="MKT")
MKT = instrument("MKT", kind="index", aliases=())


def plan_of(*instruments: Instrument, **changes: Any) -> Plan:
    """Return a plan with one study of whole sessions and one by the clock."""
    plan = Plan(instruments or (ACME, MKT), (STUDY,), (HOURLY,), ("local",), ("UTC", "America/New_York"), 0.05, 0.25)
    return replace(plan, **changes)


def begin_run(db: Connection, now: datetime = NOW) -> RunContext:
    return RunContext(run_log.begin(db, "test", now, now, "0"), now)


# --- prices ---------------------------------------------------------------------------------------------------------


def bars_of(
    ticker: str,
    closes: Mapping[date, float] | Mapping[datetime, float],
    interval: str = "1d",
    source: str = "local",
    opens: Sequence[float] | None = None,
    dividends: Mapping[date, float] | None = None,
    splits: Mapping[date, float] | None = None,
    **changes: Any,
) -> Bars:
    """Return bars with these closes by their starts: dates, or UTC instants."""
    starts = [start.replace(tzinfo=None) if isinstance(start, datetime) else start for start in closes]
    nothing = np.full(len(starts), np.nan)
    paid, split = dividends or {}, splits or {}
    days = sorted({*paid, *split})
    made = Bars(
        ticker, source, interval, np.array(starts, dtype="datetime64[s]"),
        nothing if opens is None else np.array(opens), nothing, nothing, np.array(list(closes.values())), nothing,
        np.array(days, dtype="datetime64[D]"), np.array([paid.get(day, 0.0) for day in days]),
        np.array([split.get(day, 1.0) for day in days]), NOW, "EUR",
    )  # fmt: skip
    return replace(made, **changes)


def save(db: Connection, new: Bars, run_id: int = 1) -> None:
    """Store bars and the series that they belong to."""
    bars.save_bars(db, new.symbol, new, run_id)
    begin, end = (date.fromisoformat(str(new.start[at])[:10]) for at in (0, -1))
    about = bars.Series(new.symbol, new.source, new.interval, None, begin, end, new.split_adjusted, new.currency, NOW)
    bars.save_series(db, about)


def starts(days: Iterable[date] = DAYS) -> list[datetime]:
    """Return when the hourly bars of sessions begin."""
    selected = set(days)
    return [
        opens + timedelta(hours=n)
        for day, opens, closes in zip(DAYS, OPENS, CLOSES, strict=True)
        for n in range(9)
        if day in selected and opens + timedelta(hours=n) < closes
    ]


def walk(seed: int, step: float = 0.003) -> dict[datetime, float]:
    """Return closes of hourly bars on all sessions: a random walk."""
    at = starts()
    steps = step * np.random.default_rng(seed).standard_t(5, len(at))
    return dict(zip(at, np.round(100 * np.cumprod(1 + steps), 6).tolist(), strict=True))


def by_day(hourly: Mapping[datetime, float]) -> dict[date, float]:
    """Return the last close of each day."""
    return {start.date(): close for start, close in hourly.items()}


def save_both(
    db: Connection,
    ticker: str,
    hourly: Mapping[datetime, float],
    days: Collection[date] = DAYS,
    fetched_at: datetime = NOW,
) -> None:
    """Store the hourly and the daily bars of an instrument on some sessions."""
    selected = {start: close for start, close in hourly.items() if start.date() in days}
    closes = np.array(list(selected.values()))
    opens = np.sqrt(closes * np.append(closes[0], closes[:-1]))  # half way, so that sessions differ overnight
    save(db, bars_of(ticker, selected, "1h", opens=opens.tolist(), fetched_at=fetched_at))
    save(db, bars_of(ticker, by_day(selected), fetched_at=fetched_at))


# --- events ---------------------------------------------------------------------------------------------------------


def event_on(n: int, ticker: str = "ACME", at: timedelta | None = None, **changes: Any) -> Event:
    """Return the event of session `n`, or of an instant of it that is so long after its open."""
    published = None if at is None else OPENS[n] + at
    key = event_id(ticker, DAYS[n]) if published is None else intraday_event_id(ticker, published)
    return replace(Event(key, ticker, DAYS[n], OPENS[n], CLOSES[n], 1, 1, 1, False, True, published), **changes)


# --- articles -------------------------------------------------------------------------------------------------------


def article(key: str, at: datetime, title: str = "", tags: Sequence[str] = ("ACME",), **changes: Any) -> Article:
    """Return an article of an instant, or of a day if `precision` says so."""
    precision = changes.pop("precision", Precision.MINUTE)
    stamp = Stamp(at.isoformat(), at, at.replace(tzinfo=None), precision, "UTC", ZoneBasis.STATED)
    title = title or f"Number {key} opens a plant of its own {key * 3}"
    plain = Article("wire", key, title, "", stamp, at, f"digest of {title}", tags=tuple(map(Tag, tags)))
    return replace(plain, **changes)


def save_articles(db: Connection, *new: Article, now: datetime = NOW) -> list[str]:
    """Store articles, queue them for matching, and return their ids."""
    ids = [stored.article_id for stored in articles.save_articles(db, new, now)]
    assignments.enqueue(db, ids)
    return ids


def derive_all(store: Store, plan: Plan, now: datetime = NOW) -> tuple[int, int]:
    """Derive what waits and all that the facts reach; returns how many moves and links were written."""
    with store.write() as db:
        mirror_plan(db, plan)
        run = begin_run(db, now)
        derived = derive(db, plan, run, None, lambda *_: None, Tagger(plan.instruments), everything=True)
        return derived.moves, derived.links


def reasons(moves: Iterable[Move]) -> list[str]:
    """Return the reason of each move, or that it is scored."""
    return [str(move.unscored.reason.value if move.unscored else move.status.value) for move in moves]
