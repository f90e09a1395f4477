"""Bars and actions as they were learned, the series they belong to, and the bars that were rejected.

A corrected bar supersedes the earlier one and does not erase it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from itertools import product
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection, and_, delete, func, or_, select, tuple_, update

from signals.store.bulk import chunks, insert, insert_columns, read, upsert
from signals.store.tables import actions, bars, price_breaks, quarantine, series
from signals.types import Bars, Floats, PriceBreak, Quarantined, SeriesSpan, Times


@dataclass(frozen=True, slots=True)
class Series:
    """What was asked of a price source for an instrument, and what it said of itself."""

    ticker: str
    source: str
    interval: str
    version: str | None
    first_asked: date
    last_asked: date
    split_adjusted: bool
    currency: str | None
    asked_at: datetime


def series_by_key(db: Connection) -> dict[tuple[str, str, str], Series]:
    """Return every series by (ticker, source, interval)."""
    return {
        (r.ticker, r.source, r.interval): Series(
            r.ticker,
            r.source,
            r.interval,
            r.version,
            r.first_asked,
            r.last_asked,
            bool(r.split_adjusted),
            r.currency,
            r.fetched_at,
        )
        for r in db.execute(select(series))
    }


def last_bars(db: Connection) -> dict[tuple[str, str, str], date]:
    """Return the date of the last current bar of every series that has one, by (ticker, source, interval)."""
    last = (
        select(bars.c.start)
        .where(
            bars.c.ticker == series.c.ticker,
            bars.c.source == series.c.source,
            bars.c.interval == series.c.interval,
            bars.c.superseded_at.is_(None),
        )
        .order_by(bars.c.start.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = db.execute(select(series.c.ticker, series.c.source, series.c.interval, last))
    return {(row[0], row[1], row[2]): date.fromisoformat(row[3][:10]) for row in rows if row[3] is not None}


def save_series(db: Connection, asked: Series) -> None:
    """Write what was asked, so that the next run asks for the rest only."""
    row = {
        "ticker": asked.ticker,
        "source": asked.source,
        "interval": asked.interval,
        "version": asked.version,
        "first_asked": asked.first_asked,
        "last_asked": asked.last_asked,
        "split_adjusted": int(asked.split_adjusted),
        "currency": asked.currency,
        "fetched_at": asked.asked_at,
    }
    upsert(db, series, [row])


_PRICES = ("open", "high", "low", "close", "volume")


class SavedBars(NamedTuple):
    """How many bars and actions are new or changed, and how many bars equal the stored ones."""

    written: int
    same: int


class SpanCount(NamedTuple):
    """The bars in a span that a series has or had, and those of them that are superseded."""

    rows: int
    superseded: int


def count_span(db: Connection, ticker: str, new: Bars) -> SpanCount:
    """Count the stored bars in the span of some bars."""
    starts = _start_texts(new)
    if not starts:
        return SpanCount(0, 0)
    key = and_(bars.c.ticker == ticker, bars.c.source == new.source, bars.c.interval == new.interval)
    span = bars.c.start.between(starts[0], starts[-1])
    return SpanCount(*db.execute(select(func.count(), func.count(bars.c.superseded_at)).where(key, span)).one())


def count_quarantined(db: Connection, ticker: str, rejected: Iterable[Quarantined]) -> int:
    """Count how many of some rejected bars are in the store."""
    places = Counter((q.source, q.start, q.reason) for q in rejected)
    key = tuple_(quarantine.c.source, quarantine.c.start, quarantine.c.reason)
    count = 0
    for part in chunks(places, 250):
        query = select(func.count()).select_from(quarantine).where(quarantine.c.ticker == ticker, key.in_(part))
        whole = db.execute(query).scalar_one() == len(part)
        count += sum(places[place] for place in part) if whole else 0
    return count


def save_bars(db: Connection, ticker: str, new: Bars, run_id: int) -> int:
    """Keep bars and actions that are new or differ from what is known; returns how many. See `save_history`."""
    return save_history(db, ticker, new, run_id).written


def save_history(db: Connection, ticker: str, new: Bars, run_id: int) -> SavedBars:
    """Keep bars and actions that are new or differ from what is known.

    A corrected bar supersedes the earlier one and does not erase it.
    """
    starts = _start_texts(new)
    offered_count = written = len(starts)
    if starts:
        key = and_(bars.c.ticker == ticker, bars.c.source == new.source, bars.c.interval == new.interval)
        columns = [_or_none(getattr(new, name)) for name in _PRICES]
        in_span = and_(key, bars.c.superseded_at.is_(None), bars.c.start.between(starts[0], starts[-1]))
        current = {
            r[0]: tuple(r[1:]) for r in db.execute(select(bars.c.start, *(bars.c[n] for n in _PRICES)).where(in_span))
        }
        if current:
            offered = zip(starts, zip(*columns, strict=True), strict=True)
            changed = {start: values for start, values in offered if current.get(start) != values}
            starts, columns = list(changed), [list(column) for column in zip(*changed.values(), strict=True)]
            written = len(changed)
            for part in chunks(changed.keys() & current.keys()):
                this = and_(key, bars.c.superseded_at.is_(None), bars.c.start.in_(part))
                db.execute(update(bars).where(this).values(superseded_at=new.fetched_at))
        if starts:
            shared = {"ticker": ticker, "source": new.source, "interval": new.interval,
                      "fetched_at": new.fetched_at, "run_id": run_id}  # fmt: skip
            insert_columns(db, bars, shared, {"start": starts, **dict(zip(_PRICES, columns, strict=True))})
    return SavedBars(written + _save_actions(db, ticker, new, run_id), offered_count - written)


def _or_none(values: Floats) -> list[float | None]:
    """Return numbers for the database, which has no NaN."""
    numbers: list[float | None] = values.tolist()
    return [None if v != v else v for v in numbers] if np.isnan(values).any() else numbers


def _save_actions(db: Connection, ticker: str, new: Bars, run_id: int) -> int:
    if not len(new.action_date):
        return 0
    key = and_(actions.c.ticker == ticker, actions.c.source == new.source, actions.c.superseded_at.is_(None))
    current = {r.ex_date: (r.dividend, r.split) for r in db.execute(select(actions).where(key))}
    days = [day.astype(object) for day in new.action_date.astype("datetime64[D]")]
    offered = dict(zip(days, zip(new.dividend.tolist(), new.split.tolist(), strict=True), strict=True))
    changed = {day: values for day, values in offered.items() if current.get(day) != values}
    for day in changed.keys() & current.keys():
        db.execute(update(actions).where(key, actions.c.ex_date == day).values(superseded_at=new.fetched_at))
    rows = [
        {"ticker": ticker, "source": new.source, "ex_date": day, "fetched_at": new.fetched_at,
         "dividend": dividend, "split": split, "superseded_at": None, "run_id": run_id}
        for day, (dividend, split) in changed.items()
    ]  # fmt: skip
    insert(db, actions, rows)
    return len(rows)


def _start_texts(new: Bars) -> list[str]:
    unit = "D" if new.interval == "1d" else "s"
    texts: list[str] = new.start.astype(f"datetime64[{unit}]").astype(str).tolist()
    return texts


def save_quarantined(db: Connection, ticker: str, rejected: Iterable[Quarantined], now: datetime) -> int:
    """Keep the bars that were not stored, each once; returns how many are new."""
    rows = {
        (q.start, q.reason): {
            "ticker": ticker, "source": q.source, "start": q.start, "reason": q.reason, "detail": q.detail,
            "first_seen_at": now,
        }
        for q in rejected
    }  # fmt: skip
    return upsert(db, quarantine, list(rows.values()), unchanged=["first_seen_at"])


def withdraw_bars(db: Connection, ticker: str, new: Bars, starts: Iterable[str], run_id: int) -> int:
    """Supersede stored bars that their source now gives in a form that is rejected; returns how many."""
    key = and_(bars.c.ticker == ticker, bars.c.source == new.source, bars.c.interval == new.interval)
    withdrawn = 0
    for part in chunks(sorted(set(starts) - set(_start_texts(new)))):
        this = and_(key, bars.c.superseded_at.is_(None), bars.c.start.in_(part))
        withdrawn += db.execute(update(bars).where(this).values(superseded_at=new.fetched_at, run_id=run_id)).rowcount
    return withdrawn


def load_bars(db: Connection, ticker: str, source: str, interval: str, first: date, last: date) -> Bars:
    """Return the current bars and actions of one instrument from one source, `first` to `last`."""
    key = and_(bars.c.ticker == ticker, bars.c.source == source, bars.c.interval == interval)
    span = bars.c.start.between(first.isoformat(), last.isoformat() + "T23:59:59")
    query = select(bars.c.start, *(bars.c[n] for n in _PRICES)).where(key, bars.c.superseded_at.is_(None), span)
    rows = db.execute(query.order_by(bars.c.start)).all()
    opens, highs, lows, closes, volumes = np.array([r[1:] for r in rows], float).reshape(len(rows), len(_PRICES)).T
    acts = db.execute(
        select(actions.c.ex_date, actions.c.dividend, actions.c.split)
        .where(actions.c.ticker == ticker, actions.c.source == source, actions.c.superseded_at.is_(None))
        .where(actions.c.ex_date.between(first, last))
        .order_by(actions.c.ex_date)
    ).all()
    about = db.execute(
        select(series.c.split_adjusted, series.c.currency, series.c.fetched_at).where(
            series.c.ticker == ticker, series.c.source == source, series.c.interval == interval
        )
    ).one_or_none()
    return Bars(
        ticker, source, interval,
        np.array([r.start for r in rows], dtype="datetime64[s]"),
        opens, highs, lows, closes, volumes,
        np.array([r.ex_date for r in acts], dtype="datetime64[D]"),
        np.array([r.dividend for r in acts], dtype=float),
        np.array([r.split for r in acts], dtype=float),
        about.fetched_at if about else datetime(1970, 1, 1, tzinfo=UTC),
        about.currency if about else None,
        bool(about and about.split_adjusted),
    )  # fmt: skip


class Action(NamedTuple):
    """A dividend per new share and new shares per old one, with the ex-date, as one source gives them."""

    ticker: str
    source: str
    ex_date: date
    dividend: float
    split: float


_ACTIONS = select(*(actions.c[name] for name in Action._fields))


def actions_between(db: Connection, tickers: Iterable[str], first: date, last: date) -> dict[str, list[Action]]:
    """Return the dividends and splits of instruments, by every source, with ex-dates from `first` to `last`."""
    actions_of: dict[str, list[Action]] = {}
    for part in chunks(tickers):
        query = _ACTIONS.where(
            actions.c.ticker.in_(part), actions.c.superseded_at.is_(None), actions.c.ex_date.between(first, last)
        )
        for row in read(db, query.order_by(actions.c.ticker, actions.c.ex_date, actions.c.source), Action):
            actions_of.setdefault(row.ticker, []).append(row)
    return actions_of


@dataclass(frozen=True, slots=True)
class Coverage:
    """First and last daily bar that an instrument has from a source."""

    source: str
    first: date
    last: date


def coverage(db: Connection, tickers: Sequence[str], interval: str = "1d") -> dict[str, list[Coverage]]:
    """Return what each of some tickers has from each source."""
    spans: dict[str, list[Coverage]] = {}
    for part in chunks(tickers):
        query = (
            select(bars.c.ticker, bars.c.source, func.min(bars.c.start), func.max(bars.c.start))
            .where(bars.c.ticker.in_(part), bars.c.interval == interval, bars.c.superseded_at.is_(None))
            .group_by(bars.c.ticker, bars.c.source)
        )
        for ticker, source, first, last in db.execute(query):
            span = Coverage(source, date.fromisoformat(first[:10]), date.fromisoformat(last[:10]))
            spans.setdefault(ticker, []).append(span)
    return spans


def series_with_bars(db: Connection) -> set[tuple[str, str, str]]:
    """Return every (ticker, source, interval) that has a current bar."""
    has_one = select(bars.c.ticker).where(
        bars.c.ticker == series.c.ticker,
        bars.c.source == series.c.source,
        bars.c.interval == series.c.interval,
        bars.c.superseded_at.is_(None),
    )
    query = select(series.c.ticker, series.c.source, series.c.interval).where(has_one.exists())
    return {(row[0], row[1], row[2]) for row in db.execute(query)}


def changed_since(db: Connection, run_id: int) -> dict[str, date]:
    """Return the earliest session of each ticker on which a bar or an action changed after a run."""
    changed: dict[str, date] = {}
    bar_rows = db.execute(
        select(bars.c.ticker, func.min(bars.c.start)).where(bars.c.run_id > run_id).group_by(bars.c.ticker)
    )
    for ticker, start in bar_rows:
        changed[ticker] = date.fromisoformat(start[:10])
    action_rows = db.execute(
        select(actions.c.ticker, func.min(actions.c.ex_date))
        .where(actions.c.run_id > run_id)
        .group_by(actions.c.ticker)
    )
    for ticker, day in action_rows:
        changed[ticker] = min(day, changed.get(ticker, day))
    return changed


def save_price_breaks(db: Connection, tickers: Iterable[str], breaks: Iterable[PriceBreak]) -> None:
    """Replace the jumps of some instruments' prices that are held back."""
    for part in chunks(tickers):
        db.execute(delete(price_breaks).where(price_breaks.c.ticker.in_(part)))
    insert(db, price_breaks, [{**asdict(one), "kind": one.kind.value} for one in breaks])


_DAILY_CLOSE = (bars.c.interval == "1d", bars.c.superseded_at.is_(None), bars.c.close.is_not(None))


def sessions_seen(db: Connection, tickers: Iterable[str]) -> Times:
    """Return the dates on which any of some instruments has a daily close, by any source, ascending."""
    seen: set[str] = set()
    for part in chunks(tickers):
        seen.update(db.execute(select(bars.c.start).distinct().where(bars.c.ticker.in_(part), *_DAILY_CLOSE)).scalars())
    return np.array(sorted(seen), dtype="datetime64[D]")


def daily_spans(db: Connection, tickers: Iterable[str]) -> list[SeriesSpan]:
    """Return the span of the daily bars of each of some instruments: of the source that has most of them."""
    longest: dict[str, SeriesSpan] = {}
    for part in chunks(tickers):
        columns = (bars.c.ticker, func.min(bars.c.start), func.max(bars.c.start), func.count())
        query = select(*columns).where(bars.c.ticker.in_(part), *_DAILY_CLOSE).group_by(bars.c.ticker, bars.c.source)
        for ticker, first, last, count in db.execute(query.order_by(bars.c.ticker, func.count(), bars.c.source)):
            longest[ticker] = SeriesSpan(date.fromisoformat(first), date.fromisoformat(last), count)
    return list(longest.values())


def prints(db: Connection, tickers: Iterable[str], days: Times) -> dict[date, int]:
    """Return, per day, how many of some instruments have a daily bar that its vendor did not fill in.

    A bar without volume that repeats the close before it was filled in.
    """
    before = bars.alias()
    last_close = (
        select(before.c.close)
        .where(
            *(before.c[name] == bars.c[name] for name in ("ticker", "source", "interval")),
            before.c.start < bars.c.start,
            before.c.superseded_at.is_(None),
        )
        .order_by(before.c.start.desc())
        .limit(1)
        .scalar_subquery()
    )
    printed: Counter[date] = Counter()
    for some, part in product(chunks(days.astype(str).tolist()), chunks(tickers)):
        query = (
            select(bars.c.start, func.count(bars.c.ticker.distinct()))
            .where(bars.c.ticker.in_(part), bars.c.start.in_(some), *_DAILY_CLOSE)
            .where(or_(bars.c.volume > 0, last_close.is_(None), bars.c.close != last_close))
            .group_by(bars.c.start)
        )
        printed.update({date.fromisoformat(start): count for start, count in db.execute(query)})
    return dict(printed)
