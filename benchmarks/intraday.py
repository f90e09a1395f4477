"""False positive rates of intraday scores: every time of day of every session is scored as if it had news.

Usage: ``python benchmarks/intraday.py [--bars FILE --benchmark FILE --interval 1h --timezone ZONE --mic XNYS]``

The files are CSV files of raw bars with the columns time (the start of the bar), open and close. Actions (ex_date,
dividend, split) are read from ``NAME_actions.csv`` in the same folder. The default is the hourly bars of Apple and the
S&P 500 fund, 2010-2021, beside the repository. If those are absent, or with ``--simulated``, it is half-hourly bars of
a simulated share and its index. The criterion is number 5 of `docs/scoring.md`; ``--every`` prints each time of day.
The speed is printed as ratios within the run. Seeds are fixed: two runs agree.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from benchmarks.calibration import LEVELS, MIN_GROUP, Table, deciles, format_sizes, sizes, trailing
from benchmarks.throughput import seconds as timed
from signals import prices, sessions
from signals.pipeline.derive.intraday_series import seconds
from signals.store import Store, bars
from signals.study.calibration import calibrate
from signals.study.intraday_windows import (
    CLOSE,
    OPEN,
    PREVIOUS,
    Grid,
    Hours,
    IntradaySeries,
    align_bars,
    locate,
    pairs,
    panel_of,
    row_of,
)
from signals.study.models import sums_for
from signals.study.returns import effective_actions
from signals.study.score import Scores, score
from signals.study.session_activity import activity_at_start, activity_so_far, adjust_for_activity
from signals.types import ActionsSpec, Bars, CsvDialect, Floats, IntradayStudy, IntradayWindow, Ints, PriceSpec, Window

SLOT = (3.0, 7.0)  # at 5%, each time of day
WINDOWS = ("0m..60m", "-60m..0m", "0m..close", "overnight")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ONE_SESSION = Window(0, 0)


@dataclass(frozen=True)
class World:
    """A share and its index on the slots of their sessions, by symbol."""

    name: str
    hours: Hours
    series: dict[str, IntradaySeries]
    bars: dict[str, Bars]

    @property
    def years(self) -> Ints:
        """The calendar year of each session."""
        years: Ints = self.hours.sessions.astype("datetime64[Y]").astype(np.int64) + 1970
        return years


def hours_of(mic: str, first: date, last: date) -> Hours:
    """Return the hours of a market's sessions."""
    clock = sessions.clock(mic, first, last)
    return Hours.of(clock.sessions, clock.opens, clock.closes, sessions.utc_offsets(clock))


def read(files: dict[str, Path], interval: str, zone: str, mic: str) -> World:
    """Read bars by the program's own price source for files."""
    loaded: dict[str, Bars] = {}
    for name, path in files.items():
        actions_path = path.with_name("{symbol}_actions.csv")
        columns = {column: column for column in ("ex_date", "dividend", "split")}
        actions = ActionsSpec(str(actions_path), columns) if path.with_name(f"{name}_actions.csv").exists() else None
        dialect = CsvDialect(timezone=zone, columns={"date": "time"})
        template = str(path).replace(name, "{symbol}")
        spec = PriceSpec("file", "csv", template, interval=interval, dialect=dialect, actions=actions)
        loaded[name] = prices.open_source(spec, Path()).history(name, date.min, date.max, NOW).bars
    days = np.concatenate([one.start for one in loaded.values()]).astype("datetime64[D]")
    return aligned(" and ".join(files), hours_of(mic, days.min().item(), days.max().item()), loaded)


def aligned(name: str, hours: Hours, loaded: dict[str, Bars]) -> World:
    """Return bars aligned with their sessions."""
    series = {}
    for symbol, one in loaded.items():
        grid = Grid.of(hours, one.start, seconds(one.interval))
        series[symbol] = align_bars(hours, grid, one, *effective_actions(one, hours.sessions))
    return World(name, hours, series, loaded)


def simulated() -> World:
    """Return half-hourly bars of a share and its index, volatile at the open, with clustered volatility."""
    hours, rng = hours_of("XNYS", date(2015, 1, 2), date(2020, 12, 31)), np.random.default_rng(21)
    begins = [np.arange(m + o, m + c, 1_800) for m, o, c in zip(hours.midnight, hours.opens, hours.closes, strict=True)]
    counts = [len(one) for one in begins]
    slot = np.concatenate([np.arange(count) for count in counts])
    shape = np.where(slot == 0, 3.0, 1 + ((slot - 6.5) / 6.5) ** 2)
    slow = np.zeros((2, len(counts)))
    for t in range(1, len(counts)):
        slow[:, t] = 0.97 * slow[:, t - 1] + rng.normal(0, 0.12, 2)
    level = np.repeat(np.exp(slow), counts, axis=1) * shape
    market = 0.0012 * level[0] * rng.standard_t(4, len(slot)) / np.sqrt(2)
    share = 1.2 * market + 0.0025 * level[1] * rng.standard_t(4, len(slot)) / np.sqrt(2)
    start = np.concatenate(begins).astype("datetime64[s]")
    nights = np.where(slot == 0, 0.6, 0.0)  # the part of the first half hour's return that precedes the open
    bars_of = {"SHARE": _bars(start, share, nights * share), "INDEX": _bars(start, market, nights * market)}
    return aligned("simulated half hours", hours, bars_of)


def _bars(start: np.ndarray, returns: Floats, nights: Floats | float = 0.0, interval: str = "30m") -> Bars:
    close = 100 * np.cumprod(1 + returns)
    missing, empty = np.full(len(close), np.nan), np.array([])
    days = empty.astype("datetime64[D]")
    opens = np.append(100.0, close[:-1]) * (1 + nights)
    return Bars("SIM", "sim", interval, start, opens, missing, missing, close, missing, days, empty, empty, NOW)


# --- false positive rates -------------------------------------------------------------------------------------------


def census(world: World, share: str, index: str | None, text: str) -> tuple[Ints, Floats, Scores]:
    """Score every pair of places of a window on every session; return the pairs, the activity and the scores."""
    window, model = IntradayWindow.parse(text), "constant-mean" if index is None else "market"
    series, benchmark = world.series[share], None if index is None else world.series[index]
    place_pairs = pairs(world.hours, series.grid, window)
    panel = panel_of(series, benchmark, window, place_pairs)
    study = IntradayStudy("census", "1h", (window,), model).measured_as(model)
    sums = sums_for(panel, study)
    row, column = (x.ravel() for x in np.meshgrid(*(np.arange(n) for n in panel.ret.shape), indexing="ij"))
    activity = activity_at_start(activity_so_far(series, benchmark), series, place_pairs)
    calibration = adjust_for_activity(calibrate(panel.traded(), sums, study), activity)
    return place_pairs, activity, score(panel, sums, study, ONE_SESSION, row, column, calibration)


def criterion_5(world: World, share: str, index: str | None, table: Table, every: bool) -> None:
    """Print the sizes of one share: overall, by time of day, by year, and by deciles of volatility and activity."""
    for text in WINDOWS:
        place_pairs, activity, scores = census(world, share, index, text)
        p = scores.p_value.reshape(activity.shape)
        model = "market" if index else "mean"
        table.line("5", f"{share} {model}, {text}, {np.isfinite(p).sum():,} placebos", format_sizes(sizes(p)))
        names = [times_of(world, share, start, end) for start, end in place_pairs.tolist()]
        by_time = {name: row[np.isfinite(row)] for name, row in zip(names, p, strict=True)}
        rates = {name: sizes(row) for name, row in by_time.items() if len(row) >= MIN_GROUP}
        five = [rate[LEVELS.index(0.05)] for rate in rates.values()]
        inside = all(SLOT[0] <= rate <= SLOT[1] for rate in five)
        table.line("", "  each time of day", f"{min(five):.1f} .. {max(five):.1f} at 5%, {len(five)} times", inside)
        for name, rate in rates.items() if every else ():
            table.line("", f"    {name}", format_sizes(rate))
        abnormal = (scores.z * scores.volatility).reshape(p.shape)
        groups = {
            "calendar years": np.broadcast_to(world.years, p.shape).astype(float),
            "own volatility, 20 sessions": deciles(trailing(abnormal), p.ravel()),
        }
        if text != "overnight":
            started = np.where(place_pairs[:, :1] == PREVIOUS, np.nan, activity)
            groups["activity of the session so far"] = deciles(started, p.ravel())
        for name, labels in groups.items():
            parts = [p[(labels == one) & np.isfinite(p)] for one in np.unique(labels[np.isfinite(labels)])]
            shares = [100 * np.mean(part <= 0.05) for part in parts if len(part) >= MIN_GROUP]
            if shares:
                table.line("", f"  {name}", f"{min(shares):.1f} .. {max(shares):.1f} at 5%, {len(shares)} groups")


def times_of(world: World, share: str, start: int, end: int) -> str:
    """Return a pair of places as wall-clock times."""
    grid = world.series[share].grid

    def place(slot: int) -> str:
        if slot in (PREVIOUS, OPEN, CLOSE):
            return {PREVIOUS: "previous close", OPEN: "open", CLOSE: "close"}[slot]
        minutes = (grid.phase + (slot + 1) * grid.interval) // 60
        return f"{minutes // 60:02d}:{minutes % 60:02d}"

    return f"{place(start)} to {place(end)}"


def afternoon_by_morning(world: World, share: str, index: str, table: Table) -> None:
    """Print the sizes of the afternoon, by the significance of the night and the first hour."""
    place_pairs, activity, scores = census(world, share, index, "0m..60m")
    p, z = scores.p_value.reshape(activity.shape), np.abs(scores.z.reshape(activity.shape))
    starts = place_pairs[:, 0]
    morning, later = z[starts == PREVIOUS][0], starts >= np.median(starts)
    ranks = np.searchsorted(np.nanquantile(morning, [0.5, 0.8, 0.9, 0.95]), morning)
    parts = (p[later][:, ranks == n] for n in range(5))
    figures = " / ".join(f"{100 * np.mean(part[np.isfinite(part)] <= 0.05):.1f}" for part in parts)
    table.line("", "afternoons, by the morning's |z|", f"{figures} at 5%; below its 50/80/90/95th percentile, above")


# --- speed ----------------------------------------------------------------------------------------------------------


def speed(world: World, share: str, table: Table) -> None:
    """Time the location of windows against a search of the bars per event, and reading a year of 5-minute bars."""
    hours, series, own = world.hours, world.series[share], world.bars[share]
    window, rng = IntradayWindow(0, 60), np.random.default_rng(4)
    at = rng.integers(hours.midnight[300], hours.midnight[-2], 20_000)
    day_zero = np.searchsorted(hours.midnight + hours.closes, at, side="right")
    place_pairs = pairs(hours, series.grid, window)

    def all_at_once() -> None:
        located = locate(hours, series.grid, window, day_zero, at)
        ret = panel_of(series, None, window, place_pairs).ret
        row = row_of(place_pairs, located.start, located.end)
        assert np.isfinite(ret[np.maximum(row, 0), located.session]).any()

    ends = own.start.astype(np.int64) + series.grid.interval

    def one_by_one() -> None:
        for second in at[:1_000].tolist():
            before = own.close[ends <= second]
            after = own.close[ends >= second + 3_600]
            assert len(before) * len(after)

    loop, together = timed(one_by_one, 1) / 1_000, timed(all_at_once) / len(at)
    figures = f"{loop / together:,.0f} times as fast as a search of the bars per event"
    table.line("", "returns of 20,000 events, with their series", figures)

    start = np.concatenate([np.arange(m + o, m + c, 300) for m, o, c in
                            zip(hours.midnight[:252], hours.opens[:252], hours.closes[:252], strict=True)])  # fmt: skip
    year = _bars(start.astype("datetime64[s]"), rng.normal(0, 1e-3, len(start)), interval="5m")
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/bars.db")
        store.upgrade()
        with store.write() as db:
            bars.save_bars(db, "SIM", year, 1)
        with store.read() as db:
            loading = timed(lambda: bars.load_bars(db, "SIM", "sim", "5m", date.min, date.max))
        with sqlite3.connect(f"{folder}/bars.db") as raw:
            query = "SELECT start, open, high, low, close, volume FROM bars ORDER BY start"
            raw_loading = timed(lambda: raw.execute(query).fetchall())
        store.engine.dispose()
    no_dividend, no_split = np.zeros(len(hours.sessions)), np.ones(len(hours.sessions))
    aligning = timed(lambda: align_bars(hours, Grid(300, 0), year, no_dividend, no_split))
    ratio = f"{loading / raw_loading:.1f} times sqlite3's fetchall"
    figures = f"{1e3 * loading:.0f} ms, {ratio}; aligned in {1e3 * aligning:.0f} ms"
    table.line("", f"a year of 5m bars, {len(year):,}", figures)


def main() -> int:
    """Run the census; return 1 if a time of day is out of its band."""
    shared = Path(__file__).resolve().parents[2] / "shared" / "data" / "us"
    parser = argparse.ArgumentParser(description="The intraday census of docs/scoring.md.")
    parser.add_argument("--bars", type=Path, help="with --benchmark; a CSV of time, open, close")
    parser.add_argument("--benchmark", type=Path)
    parser.add_argument("--interval", default="1h")
    parser.add_argument("--timezone", default="America/New_York")
    parser.add_argument("--mic", default="XNYS")
    parser.add_argument("--simulated", action="store_true")
    parser.add_argument("--every", action="store_true", help="print each time of day")
    arguments = parser.parse_args()
    if (arguments.bars is None) != (arguments.benchmark is None):
        parser.error("--bars and --benchmark go together")
    if arguments.bars:
        files = {path.name.split("_")[0].split(".")[0]: path for path in (arguments.bars, arguments.benchmark)}
        world = read(files, arguments.interval, arguments.timezone, arguments.mic)
    elif shared.is_dir() and not arguments.simulated:
        files = {name: shared / f"{name}_hourly.csv.gz" for name in ("AAPL", "SPY")}
        world = read(files, "1h", "America/New_York", "XNYS")
    else:
        world = simulated()
    share, index = world.series
    table = Table()
    print(f"{world.name}: {len(world.hours.sessions)} sessions, estimation 250; sizes at 10/5/1/.1, in %")
    for symbol, against in ((share, index), (share, None), (index, None)):
        criterion_5(world, symbol, against, table, arguments.every)
    afternoon_by_morning(world, share, index, table)
    speed(world, share, table)
    return int(table.failed)


if __name__ == "__main__":
    sys.exit(main())
