"""How often placebos by the clock are called moves: every time of the day of every session scored as if it had news.

Usage: ``python benchmarks/intraday.py [--bars FILE --benchmark FILE --interval 1h --timezone ZONE --mic XNYS]``

The files are CSVs of bars with the columns time, open and close, stamped at their start, raw; actions (ex_date,
dividend, split) stand beside them as ``NAME_actions.csv``. Without them it is Apple and the S&P 500 fund by the hour,
2010-2021, beside the repository, and where those are absent (or with ``--simulated``) half hours of a simulated share
and its index. Criterion 5 of `docs/scoring.md`; ``--every`` prints each time of the day. The speed is told as ratios
within the run. Seeds are fixed: two runs agree.
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
from calibration import FEWEST, LEVELS, Table, deciles, show, sizes, trailing
from throughput import seconds as timed

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
    Tape,
    lay,
    locate,
    pairs,
    panel_of,
    row_of,
)
from signals.study.models import sums_for
from signals.study.returns import effective_actions
from signals.study.score import Scores, score
from signals.study.session_activity import so_far, stir, stirred
from signals.types import ActionsSpec, Bars, CsvDialect, Floats, IntradayStudy, IntradayWindow, Ints, PriceSpec, Window

SLOT = (3.0, 7.0)  # at 5%, each time of the day
WINDOWS = ("0m..60m", "-60m..0m", "0m..close", "overnight")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ONE_SESSION = Window(0, 0)


@dataclass(frozen=True)
class World:
    """A share and its index on the slots of their sessions."""

    name: str
    hours: Hours
    tapes: dict[str, Tape]
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
    """Read bars through the program's own source of files."""
    found: dict[str, Bars] = {}
    for name, path in files.items():
        beside = path.with_name("{symbol}_actions.csv")
        columns = {column: column for column in ("ex_date", "dividend", "split")}
        actions = ActionsSpec(str(beside), columns) if path.with_name(f"{name}_actions.csv").exists() else None
        dialect = CsvDialect(timezone=zone, columns={"date": "time"})
        where = str(path).replace(name, "{symbol}")
        spec = PriceSpec("file", "csv", where, interval=interval, dialect=dialect, actions=actions)
        found[name] = prices.open_source(spec, Path()).history(name, date.min, date.max, NOW).bars
    days = np.concatenate([one.start for one in found.values()]).astype("datetime64[D]")
    return laid(" beside ".join(files), hours_of(mic, days.min().item(), days.max().item()), found)


def laid(name: str, hours: Hours, found: dict[str, Bars]) -> World:
    """Lay bars on their sessions."""
    tapes = {}
    for symbol, one in found.items():
        grid = Grid.of(hours, one.start, seconds(one.interval))
        tapes[symbol] = lay(hours, grid, one, *effective_actions(one, hours.sessions))
    return World(name, hours, tapes, found)


def simulated() -> World:
    """Make half hours of a share and its index: wild at the open, calm at noon, with volatility that clusters."""
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
    nights = np.where(slot == 0, 0.6, 0.0)  # of the first half hour's move, the part that came before it opened
    bars_of = {"SHARE": _bars(start, share, nights * share), "INDEX": _bars(start, market, nights * market)}
    return laid("simulated half hours", hours, bars_of)


def _bars(start: np.ndarray, returns: Floats, nights: Floats | float = 0.0, interval: str = "30m") -> Bars:
    close = 100 * np.cumprod(1 + returns)
    nothing, none = np.full(len(close), np.nan), np.array([])
    days = none.astype("datetime64[D]")
    opens = np.append(100.0, close[:-1]) * (1 + nights)
    return Bars("SIM", "sim", interval, start, opens, nothing, nothing, close, nothing, days, none, none, NOW)


# --- how often placebos are called moves ----------------------------------------------------------------------------


def census(world: World, share: str, index: str | None, text: str) -> tuple[Ints, Floats, Scores]:
    """Score every pair of places of a window on every session; returns the pairs, the stirs and the scores."""
    window, model = IntradayWindow.parse(text), "constant-mean" if index is None else "market"
    tape = world.tapes[share]
    listed = pairs(world.hours, tape.grid, window)
    panel = panel_of(tape, None if index is None else world.tapes[index], window, listed)
    study = IntradayStudy("census", "1h", (window,), model).measured_as(model)
    sums = sums_for(panel, study)
    row, column = (x.ravel() for x in np.meshgrid(*(np.arange(n) for n in panel.ret.shape), indexing="ij"))
    stirs = stir(so_far(tape, None if index is None else world.tapes[index]), tape, listed)
    calibration = stirred(calibrate(panel.traded(), sums, study), stirs)
    return listed, stirs, score(panel, sums, study, ONE_SESSION, row, column, calibration)


def judged(world: World, share: str, index: str | None, table: Table, every: bool) -> None:
    """Print the sizes of one share: of all, of the times of the day, of years, of deciles of what was known before."""
    for text in WINDOWS:
        listed, stirs, scores = census(world, share, index, text)
        p = scores.p_value.reshape(stirs.shape)
        model = "market" if index else "mean"
        table.line("5", f"{share} {model}, {text}, {np.isfinite(p).sum():,} placebos", show(sizes(p)))
        whens = [named(world, share, start, end) for start, end in listed.tolist()]
        times = {when: own[np.isfinite(own)] for when, own in zip(whens, p, strict=True)}
        found = {when: sizes(own) for when, own in times.items() if len(own) >= FEWEST}
        five = [one[LEVELS.index(0.05)] for one in found.values()]
        inside = all(SLOT[0] <= one <= SLOT[1] for one in five)
        table.line("", "  each time of the day", f"{min(five):.1f} .. {max(five):.1f} at 5%, {len(five)} times", inside)
        for when, one in found.items() if every else ():
            table.line("", f"    {when}", show(one))
        abnormal = (scores.z * scores.volatility).reshape(p.shape)
        groups = {
            "calendar years": np.broadcast_to(world.years, p.shape).astype(float),
            "own volatility, 20 sessions": deciles(trailing(abnormal), p.ravel()),
        }
        if text != "overnight":
            groups["the session so far"] = deciles(np.where(listed[:, :1] == PREVIOUS, np.nan, stirs), p.ravel())
        for name, labels in groups.items():
            parts = [p[(labels == one) & np.isfinite(p)] for one in np.unique(labels[np.isfinite(labels)])]
            sized = [100 * np.mean(part <= 0.05) for part in parts if len(part) >= FEWEST]
            if sized:
                table.line("", f"  {name}", f"{min(sized):.1f} .. {max(sized):.1f} at 5%, {len(sized)} groups")


def named(world: World, share: str, start: int, end: int) -> str:
    """Write a pair of places by the wall clock."""
    grid = world.tapes[share].grid

    def place(slot: int) -> str:
        if slot in (PREVIOUS, OPEN, CLOSE):
            return {PREVIOUS: "close before", OPEN: "open", CLOSE: "close"}[slot]
        minutes = (grid.phase + (slot + 1) * grid.interval) // 60
        return f"{minutes // 60:02d}:{minutes % 60:02d}"

    return f"{place(start)} to {place(end)}"


def by_the_morning(world: World, share: str, index: str, table: Table) -> None:
    """Sizes of the afternoon, by how unusual the night and the first hour were."""
    listed, stirs, scores = census(world, share, index, "0m..60m")
    p, z = scores.p_value.reshape(stirs.shape), np.abs(scores.z.reshape(stirs.shape))
    morning, later = z[listed[:, 0] == PREVIOUS][0], listed[:, 0] >= np.median(listed[:, 0])
    ranks = np.searchsorted(np.nanquantile(morning, [0.5, 0.8, 0.9, 0.95]), morning)
    found = [100 * np.mean(part[np.isfinite(part)] <= 0.05) for part in (p[later][:, ranks == n] for n in range(5))]
    figures = " / ".join(f"{v:.1f}" for v in found)
    table.line("", "afternoons, by the morning's |z|", f"{figures} at 5%; below its 50/80/90/95th percentile, beyond")


# --- speed ----------------------------------------------------------------------------------------------------------


def speed(world: World, share: str, table: Table) -> None:
    """Locating windows beside a search of the bars per event, and a year of five-minute bars read from the store."""
    hours, tape, found = world.hours, world.tapes[share], world.bars[share]
    window, rng = IntradayWindow(0, 60), np.random.default_rng(4)
    at = rng.integers(hours.midnight[300], hours.midnight[-2], 20_000)
    day_zero = np.searchsorted(hours.midnight + hours.closes, at, side="right")
    listed = pairs(hours, tape.grid, window)

    def all_at_once() -> None:
        placed = locate(hours, tape.grid, window, day_zero, at)
        ret = panel_of(tape, None, window, listed).ret
        row = row_of(listed, placed.start, placed.end)
        assert np.isfinite(ret[np.maximum(row, 0), placed.session]).any()

    ends = found.start.astype(np.int64) + tape.grid.interval

    def one_by_one() -> None:
        for moment in at[:1_000].tolist():
            before = found.close[ends <= moment]
            after = found.close[ends >= moment + 3_600]
            assert len(before) * len(after)

    loop, once = timed(one_by_one, 1) / 1_000, timed(all_at_once) / len(at)
    figures = f"{loop / once:,.0f} times a search of the bars per event"
    table.line("", "returns of 20,000 events, their series too", figures)

    start = np.concatenate([np.arange(m + o, m + c, 300) for m, o, c in
                            zip(hours.midnight[:252], hours.opens[:252], hours.closes[:252], strict=True)])  # fmt: skip
    year = _bars(start.astype("datetime64[s]"), rng.normal(0, 1e-3, len(start)), interval="5m")
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/bars.db")
        store.upgrade()
        with store.write() as db:
            bars.save_bars(db, "SIM", year, 1)
        with store.read() as db:
            ours = timed(lambda: bars.load_bars(db, "SIM", "sim", "5m", date.min, date.max))
        with sqlite3.connect(f"{folder}/bars.db") as raw:
            query = "SELECT start, open, high, low, close, volume FROM bars ORDER BY start"
            theirs = timed(lambda: raw.execute(query).fetchall())
        store.engine.dispose()
    laying = timed(lambda: lay(hours, Grid(300, 0), year, np.zeros(len(hours.sessions)), np.ones(len(hours.sessions))))
    figures = f"{1e3 * ours:.0f} ms, {ours / theirs:.1f} times sqlite3's fetchall; laid in {1e3 * laying:.0f} ms"
    table.line("", f"a year of 5m bars, {len(year):,}", figures)


def main() -> int:
    """Run the census; exit 1 where a time of the day is out of its band."""
    shared = Path(__file__).resolve().parents[2] / "shared" / "data" / "us"
    parser = argparse.ArgumentParser(description="The intraday census of docs/scoring.md.")
    parser.add_argument("--bars", type=Path, help="with --benchmark; a CSV of time, open, close")
    parser.add_argument("--benchmark", type=Path)
    parser.add_argument("--interval", default="1h")
    parser.add_argument("--timezone", default="America/New_York")
    parser.add_argument("--mic", default="XNYS")
    parser.add_argument("--simulated", action="store_true")
    parser.add_argument("--every", action="store_true", help="print each time of the day")
    asked = parser.parse_args()
    if (asked.bars is None) != (asked.benchmark is None):
        parser.error("--bars and --benchmark go together")
    if asked.bars:
        files = {path.name.split("_")[0].split(".")[0]: path for path in (asked.bars, asked.benchmark)}
        world = read(files, asked.interval, asked.timezone, asked.mic)
    elif shared.is_dir() and not asked.simulated:
        files = {name: shared / f"{name}_hourly.csv.gz" for name in ("AAPL", "SPY")}
        world = read(files, "1h", "America/New_York", "XNYS")
    else:
        world = simulated()
    share, index = world.tapes
    table = Table()
    print(f"{world.name}: {len(world.hours.sessions)} sessions, estimation 250; sizes at 10/5/1/.1, in %")
    for symbol, against in ((share, index), (share, None), (index, None)):
        judged(world, symbol, against, table, asked.every)
    by_the_morning(world, share, index, table)
    speed(world, share, table)
    return int(table.failed)


if __name__ == "__main__":
    sys.exit(main())
