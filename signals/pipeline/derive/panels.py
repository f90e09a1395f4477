"""Bars -> panels: every instrument of a market on its clock, and what ordinary sessions of that market look like.

A market is what shares a calendar and a benchmark. Its panel holds all of its instruments that have bars, from their
first bar on, whether news names them or not, because they are what an event is compared with.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from signals.pipeline import Plan, RunContext
from signals.pipeline.derive.currency import rate_between
from signals.pipeline.derive.price_breaks import broken_at, confirmed, on_split_days
from signals.pipeline.derive.source_choice import preferred_source
from signals.store import Connection, bars, events, instruments, queries
from signals.store.bars import Coverage
from signals.store.cache import Cache
from signals.store.isolation import isolated
from signals.study.corrections import corrected
from signals.study.halts import Halts, halts
from signals.study.leastsquares import Bools, Sums
from signals.study.models import Panel, sums_for
from signals.study.peers import peer_returns
from signals.study.returns import Aligned, align
from signals.study.unit_breaks import unit_breaks
from signals.types import PEERS, Correction, DayMark, Floats, Instrument, MarketKey, PriceBreak, Study, Times

if TYPE_CHECKING:
    from signals.pipeline.derive.assign import MarketClocks
    from signals.study.calibration import CalibratedStudy

_CONTENTS = 2  # of what a calibration holds: a kept one of other contents is computed again


@dataclass(frozen=True, slots=True)
class Series:
    """Where the bars of one row of a panel come from; None where there are none. Never two sources in one row.

    Instruments of one currency that have no bars share a row, under the first of their tickers.
    """

    ticker: str
    source: str | None
    benchmark_source: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """The sessions of a market with their closes in UTC, its panel, and the row of each of its series in it.

    `event_days` ``(N, T)`` marks each row's own events; `halts` are those of the rows that have any; `breaks` are
    the jumps, by row and column, that a split or a change of unit explains better than news; the panel has no return
    there. Sessions that were
    read from the store have no `closes` and no `marks`, the days on which bars disagree with the calendar.
    """

    sessions: Times
    closes: Times
    marks: Sequence[tuple[date, DayMark]]
    panel: Panel
    rows: Mapping[Series, int]
    event_days: Bools
    halts: Mapping[int, Halts]
    breaks: Mapping[tuple[int, int], PriceBreak]


class Markets:
    """The markets of a plan as the store has them; each is read once, when it is first asked for.

    With `stored` the sessions are those that the last scoring wrote, so that no calendar is built; else they are those
    of `clocks`. A `narrowed` plan lacks instruments, and a market of fewer cannot tell a jump that all of it made: the
    prices that are held back are then those of the last scoring.
    """

    def __init__(
        self,
        db: Connection,
        plan: Plan,
        run: RunContext,
        clocks: MarketClocks | None = None,
        cache: Cache | None = None,
        stored: bool = False,
        narrowed: bool = False,
    ) -> None:
        self._db = db
        self._clocks = clocks
        self._cache = cache
        self._stored = stored
        self._held_before = stored or narrowed
        self._plan = plan
        self._run = run
        self._markets: dict[MarketKey, Market] = {}
        self._panels: dict[MarketKey, Panel] = {}
        self._sums: dict[tuple[MarketKey, Study], Sums] = {}
        self._calibrated: dict[tuple[MarketKey, Study], CalibratedStudy] = {}
        #: The instruments whose bars could not be aligned, with the error; their market is read without them.
        self.unread: dict[str, Exception] = {}

    def forget(self) -> None:
        """Read every market anew."""
        self._markets, self._sums, self._calibrated, self.unread = {}, {}, {}, {}

    @cached_property
    def coverage(self) -> Mapping[str, Sequence[Coverage]]:
        """The first and last bar of each ticker from each source."""
        return bars.coverage(self._db, [i.ticker for i in self._plan.instruments])

    def of(self, key: MarketKey) -> Market:
        """Return a market."""
        if key not in self._markets:
            self._markets[key] = self._read([i for i in self._plan.instruments if i.market == key])
        return self._markets[key]

    def calibrated(self, key: MarketKey, study: Study) -> CalibratedStudy:
        """Return the prefix sums and the placebos of a market for a study; studies that measure alike share them."""
        measure = self._measure(study)
        if (key, measure) not in self._calibrated:
            self._calibrated[key, measure] = self._calibrate(key, self.of(key), measure)
        return self._calibrated[key, measure]

    def sums(self, key: MarketKey, study: Study) -> Sums:
        """Return the prefix sums of a market for a study."""
        measure = self._measure(study)
        if (key, measure) not in self._sums:
            panel = self.traded(key)
            event_days = self.of(key).event_days[:, : panel.ret.shape[1]]
            self._sums[key, measure] = sums_for(panel, measure, event_days)
        return self._sums[key, measure]

    def traded(self, key: MarketKey) -> Panel:
        """Return the panel of a market up to its last return; one copy serves all studies."""
        if key not in self._panels:
            self._panels[key] = self.of(key).panel.traded()
        return self._panels[key]

    def _measure(self, study: Study) -> Study:
        """Return a study without its name, with the windows of all studies of the plan that measure alike."""
        alike = _without_windows(study)
        members = [s for own in self._plan.studies for s in (own, own.raw)]
        windows = {window for s in members if _without_windows(s) == alike for window in s.windows}
        return replace(alike, windows=tuple(sorted(windows)))

    def _calibrate(self, key: MarketKey, market: Market, study: Study) -> CalibratedStudy:
        """Continue the calibration of an earlier run, if the sessions that it used are unchanged."""
        from signals.study.calibration import CalibratedStudy, Calibration, calibrate  # start-up: not for averages

        panel, sums = self.traded(key), self.sums(key, study)
        if self._cache is None:
            return CalibratedStudy(study, sums, calibrate(panel, sums, study))
        name = hashlib.blake2b(repr((tuple(key), study)).encode(), digest_size=10).hexdigest()
        entry = self._cache.read(name)
        earlier = None
        if entry is not None:
            count, _, digest = entry[0].partition(" ")
            if count.isdigit() and digest == _digest(market, study, int(count)):
                earlier = Calibration.from_bytes(entry[1])
        calibration = calibrate(panel, sums, study, earlier)
        if earlier is None or calibration.sessions > earlier.sessions:
            digest = _digest(market, study, calibration.sessions)
            self._cache.write(name, f"{calibration.sessions} {digest}", calibration.to_bytes())
        return CalibratedStudy(study, sums, calibration)

    def choose(self, instrument: Instrument, day: date) -> Series:
        """Choose one source for all windows of an event: the most preferred whose bars span day zero."""
        source = self._best(instrument.ticker, day)
        ticker = instrument.ticker if source else self._stand_ins[instrument.market, instrument.currency]
        return Series(ticker, source, self._best(instrument.benchmark, day))

    @cached_property
    def _stand_ins(self) -> Mapping[tuple[MarketKey, str], str]:
        """The instrument of each market and currency whose row stands for all that have no bars."""
        return {(i.market, i.currency): i.ticker for i in reversed(self._plan.instruments)}

    def _best(self, ticker: str | None, day: date) -> str | None:
        return preferred_source(self.coverage.get(ticker or "", ()), self._plan.price_sources, day)

    def _read(self, members: Sequence[Instrument]) -> Market:
        """Align the bars of a market's instruments with its sessions."""
        today = self._run.now.date()
        spans = [c for i in members for c in self.coverage.get(i.ticker, ())]
        first = min((c.first for c in spans), default=today)
        sessions, closes, marks = self._sessions(members[0], first)
        rows = self._rows(members, first)
        shape = (len(rows), len(sessions))
        ret, benchmark, gap, session, volume = (np.full(shape, np.nan) for _ in range(5))
        of_splits = np.zeros(shape, dtype=bool)
        splits: dict[int, Floats] = {}
        benchmarks: dict[str | None, Floats | None] = {}
        halts_of: dict[int, Halts] = {}
        for series, row in rows.items():
            own = self._aligned(series.ticker, series.source, sessions)
            if own is not None:
                ret[row], gap[row], session[row], volume[row] = own.ret, own.ret_gap, own.ret_session, own.volume
                of_splits[row], splits[row] = on_split_days(own), own.source_split
                own_halts = halts(own)
                if own_halts.any:
                    halts_of[row] = own_halts
            source = series.benchmark_source
            if source not in benchmarks:
                benchmarks[source] = self._returns(members[0].benchmark, source, sessions)
            other = benchmarks[source]
            if other is not None:
                benchmark[row] = self._in_currency_of(series.ticker, members[0].benchmark, other, sessions)
        held = self._held(rows, sessions) if self._held_before else unit_breaks(ret, volume, session) | of_splits
        breaks = self._breaks(rows, sessions, ret, splits, held)
        for row, column in breaks:
            ret[row, column] = gap[row, column] = np.nan
        names = {name for study in self._plan.studies for name in study.factors}
        factors = {name: self._factor(name, sessions, shape) for name in sorted(names - {PEERS})}
        panel = Panel(ret, benchmark, gap, session, factors)
        if PEERS in names:
            factors[PEERS] = peer_returns(panel, self._sectors(rows)).mean
        return Market(sessions, closes, marks, panel, rows, self._event_days(sessions, rows), halts_of, breaks)

    def _held(self, rows: Mapping[Series, int], sessions: Times) -> Bools:
        """Return ``(N, T)`` which returns the last scoring held back."""
        days: defaultdict[tuple[str, str | None], list[date]] = defaultdict(list)
        for one in queries.price_breaks(self._db):
            days[one.ticker, one.source].append(one.day)
        mask = np.zeros((len(rows), len(sessions)), dtype=bool)
        for series, row in rows.items():
            of_series = days.get((series.ticker, series.source), [])
            mask[row] = np.isin(sessions, np.array(of_series, dtype="datetime64[D]"))
        return mask

    def _breaks(
        self, rows: Mapping[Series, int], sessions: Times, ret: Floats, splits: Mapping[int, Floats], mask: Bools
    ) -> Mapping[tuple[int, int], PriceBreak]:
        """Return the breaks among returns that no user has confirmed, by row and column."""
        breaks: dict[tuple[int, int], PriceBreak] = {}
        for series, row in rows.items():
            if series.source is None or row not in splits or not mask[row].any():
                continue
            held = mask[row] & ~confirmed(self._corrections(series.ticker), series.source, sessions)
            of_row = broken_at(series.ticker, series.source, sessions, ret[row], splits[row], held)
            breaks |= {(row, column): one for column, one in of_row.items()}
        return breaks

    def _returns(self, ticker: str | None, source: str | None, sessions: Times) -> Floats | None:
        """Return the returns of a benchmark or factor, ``(T,)``, missing where its price breaks."""
        aligned = self._aligned(ticker, source, sessions)
        if aligned is None:
            return None
        breaks = unit_breaks(aligned.ret[None])[0] | on_split_days(aligned)
        return np.where(breaks & ~confirmed(self._corrections(ticker), source, sessions), np.nan, aligned.ret)

    def peer_parts(self, key: MarketKey, since: int) -> Floats:
        """Return which part of a market's abnormal returns goes with the peers, from a column to the last return."""
        return peer_returns(self.traded(key), self._sectors(self.of(key).rows), since).part

    def _sectors(self, rows: Mapping[Series, int]) -> list[str]:
        return [self._by_ticker[series.ticker].sector for series in rows]

    def _corrections(self, ticker: str | None) -> Sequence[Correction]:
        own = self._by_ticker.get(ticker or "")
        return own.corrections if own is not None else ()

    def _rows(self, members: Sequence[Instrument], first: date) -> dict[Series, int]:
        """Return a row for every choice of sources that any day makes."""
        rows: dict[Series, int] = {}
        for instrument in members:
            spans = [*self.coverage.get(instrument.ticker, ()), *self.coverage.get(instrument.benchmark or "", ())]
            changes = {first, *(c.first for c in spans), *(c.last + timedelta(days=1) for c in spans)}
            for day in sorted(changes):  # between these days the choice of source stays the same
                rows.setdefault(self.choose(instrument, day), len(rows))
        return rows

    def _sessions(self, instrument: Instrument, first: date) -> tuple[Times, Times, Sequence[tuple[date, DayMark]]]:
        """Return the sessions of a market, their closes and its marked days, from the store or from its clock."""
        if self._stored:
            days = instruments.sessions_of(self._db, instrument.market)
            return np.array(days, dtype="datetime64[D]"), np.array([], dtype="datetime64[s]"), ()
        from signals.pipeline.derive.assign import MarketClocks  # start-up: stored sessions need no calendars

        clock = (self._clocks or MarketClocks(self._db, self._plan, self._run)).of(instrument, first)
        marks = {
            DayMark.SHUT: clock.removed,
            DayMark.ADDED: clock.added,
            DayMark.STRAY: clock.stray,
            DayMark.NO_BENCHMARK_BAR: self._without_benchmark(instrument.benchmark, clock.sessions),
        }
        return clock.sessions, clock.closes, [(day, mark) for mark, marked in marks.items() for day in marked.tolist()]

    def _without_benchmark(self, benchmark: str | None, sessions: Times) -> Times:
        """Return the sessions between a benchmark's first and last bar on which it has none."""
        barred = bars.sessions_seen(self._db, [benchmark] if benchmark else [])
        if not len(barred):
            return barred
        return np.setdiff1d(sessions[(sessions > barred[0]) & (sessions < barred[-1])], barred)

    def _in_currency_of(self, ticker: str, benchmark: str | None, returns: Floats, sessions: Times) -> Floats:
        """Convert a benchmark's returns into an instrument's currency; without a rate they are left as they are.

        An event of such an instrument is refused by its status, so that they are never mixed.
        """
        base, quote = self._currencies[benchmark or ""], self._currencies[ticker]
        rate = None if base == quote else rate_between(self._plan, base, quote)
        if rate is None:
            return returns
        return rate.converted(returns, self._factor(rate.ticker, sessions, (1, len(sessions)))[0])

    @cached_property
    def _by_ticker(self) -> Mapping[str, Instrument]:
        return self._plan.by_ticker()

    @cached_property
    def _currencies(self) -> Mapping[str, str]:
        return {i.ticker: i.currency for i in self._plan.instruments}

    def _factor(self, ticker: str, sessions: Times, shape: tuple[int, int]) -> Floats:
        """Return the returns of a further regressor from its most preferred source, the same in every row."""
        returns = self._returns(ticker, self._best(ticker, date.max), sessions)
        return np.full(shape, np.nan) if returns is None else np.broadcast_to(returns, shape)

    def _event_days(self, sessions: Times, rows: Mapping[Series, int]) -> Bools:
        """Mark each instrument's own event days, which a study may leave out of its estimation windows."""
        mask = np.zeros((len(rows), len(sessions)), bool)
        if not any(study.exclude_events for study in self._plan.studies):
            return mask
        days = events.event_days(self._db, sorted({series.ticker for series in rows}))
        for series, row in rows.items():
            mask[row] = np.isin(sessions, np.array(days.get(series.ticker, []), dtype="datetime64[D]"))
        return mask

    def _aligned(self, ticker: str | None, source: str | None, sessions: Times) -> Aligned | None:
        if ticker is None or source is None:
            return None

        def read(_: object) -> Aligned:
            stored = bars.load_bars(self._db, ticker, source, "1d", date.min, self._run.now.date())
            return align(corrected(stored, self._corrections(ticker)), sessions)

        outcome = isolated(self._db, [ticker], read)
        self.unread |= {bad.item: bad.error for bad in outcome.failed}
        return outcome.result


def _without_windows(study: Study) -> Study:
    """Return how a study measures, whatever its name and its windows are."""
    return replace(study, name="", windows=(), decides=None)


def _digest(market: Market, study: Study, count: int) -> str:
    """Return the digest of the first sessions of a market, and of what is measured how."""
    if count > market.panel.ret.shape[1]:
        return ""
    digest = hashlib.blake2b(repr((_CONTENTS, study, list(market.rows))).encode(), digest_size=10)
    panel = market.panel
    for values in (panel.ret, panel.benchmark, market.event_days, *panel.factors.values()):
        digest.update(np.ascontiguousarray(values[:, :count]).data)
    digest.update(market.sessions[:count].tobytes())
    return digest.hexdigest()
