"""Power of the daily p-value, and its size, under return models and references other than the default.

Usage: ``python benchmarks/power.py [--panel FILE --benchmark FILE] [--archive FOLDER --names FILE]``

The panel and its benchmark are the files of `benchmarks/calibration.py`, with the same default. The archive is a folder
with one ``prices_*.parquet`` (ticker, date, close, volume; SPY is the benchmark) and ``titles_*.parquet`` (ts, title;
the clock of ts is New York's, whatever its label says); `names` is a file of ticker, tab, name. The default is the
archive beside the repository, or none.

Every stock-day is a placebo, as in the calibration. Power is the share of placebos at or below a level once an effect
is added to the abnormal return. Details were chosen on the names of ``choose`` (every other one); those of ``report``
measure them. Peers are chosen from the sessions before the gap. Seeds are fixed: two runs agree.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.calibration import DAY, MIN_GROUP, Market, deciles, format_sizes, read, simulated, sizes, trailing
from signals.study.calibration import calibrate
from signals.study.leastsquares import Bools
from signals.study.models import Panel, abnormal, fit_events, sums_for
from signals.study.peers import CLIP, COUNT, RENEWED, mean_of_others, peer_returns
from signals.study.placebo import BLOCK_SESSIONS, POOLED, Placebos
from signals.tickers import Resolver
from signals.types import Article, Floats, Instrument, Ints, Precision, Role, Stamp, Study, ZoneBasis

# Sizes of the effects, and the part of each that all peers share.
EFFECTS = ((0.0, 0.0), (0.01, 0.0), (0.02, 0.0), (0.03, 0.0), (0.02, 0.25), (0.02, 0.5), (0.06, 0.0))
LARGE = 1e8  # median traded value of a large cap of the archive
FUNDS = ("SPY", "QQQ")
FIFTHS = 5
ROW = "{:<42}{:<8}{:>9}  {:<30}{:<11}{:<11}{:<38}{:<38}{}"
RESULTS = (
    r"\b(?:results?|earnings|profits?|loss(?:es)?|EPS|quarter|Q[1-4]|guidance|outlook|forecasts?|revenues?|sales)\b"
)
NOTICES = (
    r"\bto (?:release|report|host|present|announce|hold|webcast|participate|speak|address)\b"
    r"|conference|webcast|invites|Net Asset|Form 8|class action|shareholder"
)


@dataclass(frozen=True, eq=False)
class World:
    """A market with what tells its names and sessions apart.

    `large` ``(N,)`` marks the names whose power is shown apart; `fifth` ``(N, T)`` is the fifth of the traded value of
    the sessions before; `news` has masks ``(N, T)`` of days zero; sessions from `since` on are measured.
    """

    market: Market
    large: Bools
    fifth: Ints
    news: Mapping[str, Bools] = field(default_factory=dict)
    since: int = 0


@dataclass(frozen=True, eq=False)
class Variant:
    """A way of computing the p-value: what differs from the default."""

    name: str
    factors: tuple[Floats, ...] = ()
    estimation: int = 250
    by_fifth: bool = False
    left_out: Bools | None = None  # days that the reference leaves out
    left_out_of_fit: bool = False  # whether the estimation windows leave them out too


def world_of(market: Market, traded: pd.DataFrame | None, large: float | None = None) -> World:
    """Return a market with its fifths; the traded value has a row for each session and a column for each name."""
    shape = market.panel.ret.shape
    if traded is None or market.traded is None:
        return World(market, np.ones(shape[0], bool), np.zeros(shape, np.int64))
    before = traded.rolling(250, min_periods=20).median().shift(1).rank(axis=1, pct=True).to_numpy().T
    fifth = np.minimum(np.nan_to_num(before, nan=0.5) * FIFTHS, FIFTHS - 1).astype(np.int64)
    return World(market, market.traded >= (np.quantile(market.traded, 0.8) if large is None else large), fifth)


def from_csv(panel: Path, benchmark: Path) -> World:
    """Read the files of the calibration."""
    market = read(panel, benchmark)
    rows = pd.read_csv(panel, parse_dates=["date"])
    if market.traded is None:
        return world_of(market, None)
    rows["value"] = rows.close * rows.volume
    return world_of(market, rows.pivot_table(index="date", columns="symbol", values="value").reindex(market.dates))


def from_archive(folder: Path, names: Path) -> World:
    """Read an archive, with the days of news of each name as masks."""
    rows = pd.concat([pd.read_parquet(file) for file in sorted(folder.glob("prices_*.parquet"))])
    rows["date"] = pd.to_datetime(rows.date)
    wide = rows.pivot_table(index="date", columns="ticker", values=["close", "volume"]).astype(float)
    wide = wide[wide["close"][FUNDS[0]].notna()]
    close, volume = (wide[column].drop(columns=list(FUNDS), errors="ignore") for column in ("close", "volume"))
    ret = close.pct_change(fill_method=None).to_numpy().T.copy()
    index = np.broadcast_to(wide["close"][FUNDS[0]].pct_change().to_numpy(), ret.shape).copy()
    missing = np.full_like(ret, np.nan)
    dates, traded = pd.DatetimeIndex(wide.index), close * volume
    market = Market(folder.name, Panel(ret, index, missing, missing), dates, traded.median().to_numpy())
    ties = tied(sorted(folder.glob("titles_*.parquet")), names, set(close.columns))
    news, since = news_days(ties, dates, list(close.columns))
    return replace(world_of(market, traded, LARGE), news=news, since=since)


def tied(files: Sequence[Path], names: Path, tickers: set[str]) -> pd.DataFrame:
    """Return the titles that are about a name of the panel, as ticker, at (New York's clock) and title."""
    listed = (line.split("\t") for line in names.read_text("utf-8", "replace").splitlines() if "\t" in line)
    resolver = Resolver([Instrument(row[0], row[1].strip(), "XNYS", "USD") for row in listed if row[0] in tickers])
    rows = []
    for file in files:
        titles = pd.read_parquet(file, columns=["ts", "title"])
        clock = titles.ts.str.extract(r"^(\d{8} +\d+:\d+ [AP]M)")[0]
        titles["at"] = pd.to_datetime(clock, format="%Y%m%d %I:%M %p", errors="coerce")
        for title, at in titles.loc[titles["at"].notna(), ["title", "at"]].itertuples(index=False):
            wall = at.to_pydatetime()
            stamp = Stamp("", wall.replace(tzinfo=UTC), wall, Precision.INSTANT, "UTC", ZoneBasis.STATED)
            mentions = resolver.mentions(Article("archive", "", title or "", "", stamp, wall.replace(tzinfo=UTC), ""))
            rows += [(m.ticker, at, title) for m in mentions if m.ticker and m.role is Role.SUBJECT]
    return pd.DataFrame(rows, columns=["ticker", "at", "title"])


def news_days(ties: pd.DataFrame, dates: pd.DatetimeIndex, tickers: Sequence[str]) -> tuple[dict[str, Bools], int]:
    """Return masks ``(N, T)`` of the days zero of any news and of results, and a year after the first title."""
    if ties.empty:
        return {}, 0
    column = np.searchsorted((dates + pd.Timedelta(hours=16)).to_numpy(), ties["at"].to_numpy(), side="right")
    row = ties.ticker.map({ticker: n for n, ticker in enumerate(tickers)}).to_numpy()
    results = (ties.title.str.contains(RESULTS, case=False) & ~ties.title.str.contains(NOTICES, case=False)).to_numpy()
    masks = {}
    for name, kind in (("any news", np.ones(len(ties), bool)), ("results", results)):
        chosen = kind & (column < len(dates))
        masks[name] = np.zeros((len(tickers), len(dates)), bool)
        masks[name][row[chosen], column[chosen]] = True
    return masks, int(np.searchsorted(dates, ties["at"].min() + pd.Timedelta(days=380)))


def largest_moves(world: World, z: Floats) -> Bools:
    """Return each name's largest |z| of each quarter: days that nobody knows before, an upper bound for results."""
    mask = np.zeros(z.shape, bool)
    quarter = np.asarray(world.market.dates.year * 4 + world.market.dates.quarter)
    for one in np.unique(quarter):
        columns = np.flatnonzero(quarter == one)
        size = np.nan_to_num(np.abs(z[:, columns]), nan=-1.0)
        mask[np.arange(len(z)), columns[size.argmax(axis=1)]] = size.max(axis=1) > 0
    return mask


def peer_factor(panel: Panel, count: int = COUNT, renewed: int = RENEWED, clip: float | None = CLIP) -> Floats:
    """Return the mean return ``(N, T)`` of each name's peers."""
    return peer_returns(panel, count=count, renewed=renewed, clip=clip).mean


@dataclass(frozen=True, eq=False)
class Outcome:
    """The p-values ``(effects, N, T)`` of a variant, its z, and the slope of its last factor."""

    p_value: Floats
    z: Floats
    slope: Floats


def outcome(world: World, variant: Variant) -> Outcome:
    """Score every session of a world with each effect."""
    factors = {f"factor {n}": values for n, values in enumerate(variant.factors)}
    panel = replace(world.market.panel, factors=factors)
    study = Study("power", estimation=variant.estimation, windows=(DAY,), factors=tuple(factors))
    study = replace(study, min_observations=min(120, variant.estimation // 2), exclude_events=variant.left_out_of_fit)
    shape = panel.ret.shape
    sums = sums_for(panel, study, variant.left_out)
    placebos = calibrate(panel, sums, study).placebos[1]
    row, column = (x.ravel() for x in np.meshgrid(np.arange(shape[0]), np.arange(shape[1]), indexing="ij"))
    fitted, design = fit_events(sums, study, row, column), panel.design(study)
    unit = placebos.volatility * abnormal(design.y, design.factors, fitted, row, column, 1).kappa.reshape(shape)
    slope = fitted.slopes[:, -1].reshape(shape) if factors else np.zeros(shape)
    shifts = [size * (1 - shared * slope) / unit for size, shared in EFFECTS]
    return Outcome(p_values(world, variant, placebos, shifts), placebos.z, slope)


def p_values(world: World, variant: Variant, placebos: Placebos, shifts: Sequence[Floats]) -> Floats:
    """Return the p-values ``(effects, N, T)`` of shifted z, by the reference of each session's block."""
    p = np.full((len(shifts), *placebos.z.shape), np.nan)
    group = world.fifth if variant.by_fifth else np.zeros_like(world.fifth)
    for one in np.unique(group):
        ordinary = group == one if variant.left_out is None else (group == one) & ~variant.left_out
        pool = replace(placebos, z=np.where(ordinary, placebos.z, np.nan), thin=np.zeros_like(placebos.thin))
        for start in range(0, placebos.z.shape[1], BLOCK_SESSIONS):
            part = slice(start, start + BLOCK_SESSIONS)
            reference = pool.reference(start)
            if reference.method != POOLED:
                continue
            members = group[:, part] == one
            for values, shift in zip(p, shifts, strict=True):
                values[:, part][members] = reference.p_value((placebos.z + shift)[:, part][members])
    return p


def line(world: World, name: str, result: Outcome, days: Bools, halves: Sequence[str] = ("report",)) -> None:
    """Print the sizes and powers of a variant on some days, for the names of each half."""
    p, first = result.p_value, np.arange(len(days)) % 2 == 0
    years = np.broadcast_to(world.market.dates.year.to_numpy(), days.shape).astype(float)
    market = deciles(trailing(world.market.panel.benchmark), p[0].ravel())
    for half in halves:
        used = days & (first if half == "choose" else ~first)[:, None] & np.isfinite(p[0])
        if used.sum() < MIN_GROUP:
            continue
        cells = (format_sizes(sizes(p[0][used])), _spread(p[0], used, years), _spread(p[0], used, market))
        powers = (_power(p, used), _power(p, used & world.large[:, None]))
        slope = f"{np.nanmedian(result.slope[used]):.2f}"
        print(ROW.format(name, half, f"{used.sum():,}", *cells, *powers, slope), flush=True)


def _spread(p: Floats, used: Bools, label: Floats) -> str:
    """Return the smallest and the largest size at 5% of the groups of a label."""
    parts = (p[used & (label == one)] for one in np.unique(label[used & np.isfinite(label)]))
    rates = [100 * np.mean(part <= 0.05) for part in parts if len(part) >= MIN_GROUP]
    return f"{min(rates):.1f}-{max(rates):.1f}" if rates else ""


def _power(p: Floats, used: Bools) -> str:
    """Return the size at 5%, the powers at 5%, those of a shared effect, and the power of +6% at 0.1%."""
    if not used.any():
        return ""
    size, one, two, three, quarter, half, _ = (100 * np.mean(values[used] <= 0.05) for values in p)
    deep = 100 * np.mean(p[-1][used] <= 0.001)
    return f"{size:.1f}: {one:.1f} {two:.1f} {three:.1f}, {quarter:.1f} {half:.1f}, {deep:.1f}"


def models(world: World, peers: Floats) -> Iterator[Variant]:
    """Yield the variants that concern the model and the pool, beyond the market model with or without the peers."""
    panel = world.market.panel
    yield Variant("+ mean of all others", (mean_of_others(panel.ret),))
    for count in (5, 20, 40):
        if count < len(panel.ret):
            yield Variant(f"+ {count} peers", (peer_factor(panel, count),))
    yield Variant(f"+ {COUNT} peers, not clipped", (peer_factor(panel, clip=None),))
    for renewed in (10, 60):
        yield Variant(f"+ {COUNT} peers, renewed every {renewed}", (peer_factor(panel, renewed=renewed),))
    for estimation in (125, 500):
        yield Variant(f"+ {COUNT} peers, estimation {estimation}", (peers,), estimation=estimation)
    if len(np.unique(world.fifth)) > 1:
        yield Variant("market model, reference by traded fifth", by_fifth=True)
        yield Variant(f"+ {COUNT} peers, reference by traded fifth", (peers,), by_fifth=True)


def references(world: World, peers: Floats, name: str, days: Bools) -> Iterator[Variant]:
    """Yield the variants that leave days out."""
    yield Variant(f"market model, without {name}", left_out=days)
    yield Variant(f"+ {COUNT} peers, without {name}", (peers,), left_out=days)
    yield Variant("  nor in the estimation window", (peers,), left_out=days, left_out_of_fit=True)
    if len(np.unique(world.fifth)) > 1:
        yield Variant("  and by traded fifth", (peers,), by_fifth=True, left_out=days)


def market_abnormal(panel: Panel) -> Floats:
    """Return the abnormal returns ``(N, T)`` of single sessions under the market model."""
    study = Study("market")
    row, column = (x.ravel() for x in np.meshgrid(*(np.arange(n) for n in panel.ret.shape), indexing="ij"))
    fitted, design = fit_events(sums_for(panel, study), study, row, column), panel.design(study)
    return abnormal(design.y, design.factors, fitted, row, column, 1).car.reshape(panel.ret.shape)


def shared_part(world: World, peers: Floats, days: Bools, names: Bools) -> float:
    """Return the part of the moves of some days that the peers share.

    News adds to the variance of the name's abnormal return and, if it is shared, to its covariance with the factor's.
    The part is the ratio of what the days have more than all others. Moves beyond 30% are left out.
    """
    own, others = (market_abnormal(replace(world.market.panel, ret=ret)) for ret in (world.market.panel.ret, peers))
    later = np.arange(days.shape[1]) >= world.since
    used = np.isfinite(own) & np.isfinite(others) & (np.abs(own) < 0.3) & names[:, None] & later
    news, ordinary = used & days, used & ~days
    covariance = np.mean(own[news] * others[news]) - np.mean(own[ordinary] * others[ordinary])
    return float(covariance / (np.mean(own[news] ** 2) - np.mean(own[ordinary] ** 2)))


def causal(panel: Panel) -> bool:
    """Return whether noise after a session leaves every bit of the factor before it."""
    end = panel.ret.shape[1] * 3 // 4
    noisy = replace(panel, ret=panel.ret.copy(), benchmark=panel.benchmark.copy())
    for values in (noisy.ret, noisy.benchmark):
        values[:, end:] = np.random.default_rng(7).normal(0, 0.3, values.shape[1] - end)
    return np.array_equal(peer_factor(panel)[:, :end], peer_factor(noisy)[:, :end], equal_nan=True)


def measure(world: World) -> None:
    """Print the table of a world."""
    panel = world.market.panel
    names, sessions = panel.ret.shape
    print(f"\n{world.market.name}: {names:,} names, {world.large.sum()} of them large, {sessions:,} sessions")
    begin = time.process_time()
    peers = peer_factor(panel)
    print(f"the factor takes {time.process_time() - begin:.1f} s; same bits with noise after it: {causal(panel)}")
    powers = "+1 +2 +3%, shared, .1%"
    print(ROW.format("variant", "names", "days", "10 / 5 / 1 / .1%", "years", "market", powers, "large", "slope"))
    standard = [Variant("market model"), Variant(f"+ {COUNT} peers", (peers,))]
    known = {variant.name: outcome(world, variant) for variant in standard}
    usable = np.isfinite(panel.ret) & np.isfinite(known["market model"].p_value[0])
    for variant in (*standard, *models(world, peers)):
        result = known.get(variant.name) or outcome(world, variant)
        line(world, variant.name, result, usable, ("choose", "report"))
    usable &= np.arange(sessions) >= world.since
    for name, days in {**world.news, "largest moves": largest_moves(world, known["market model"].z)}.items():
        print(f"reference without {name}: {100 * days[usable].mean():.1f}% of days", end="")
        parts = [100 * shared_part(world, peers, days, names) for names in (world.large | True, world.large)]
        print(f"; the peers share {parts[0]:.0f}% of their moves, {parts[1]:.0f}% of those of large names")
        for variant in (*standard, *references(world, peers, name, days)):
            result = known.get(variant.name) or outcome(world, variant)
            line(world, variant.name, result, usable & ~days)
            line(world, f"    days of {name}", result, usable & days)
            line(world, "    all days", result, usable)


def main() -> int:
    """Print the table of the panel, and of the archive if there is one."""
    shared = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser = argparse.ArgumentParser(description="Power and size under other models and references.")
    parser.add_argument("--panel", type=Path, help="with --benchmark; a CSV of symbol, date, total_return")
    parser.add_argument("--benchmark", type=Path)
    parser.add_argument("--archive", type=Path, help="with --names; a folder of prices_*.parquet and titles_*.parquet")
    parser.add_argument("--names", type=Path, help="a file of ticker, tab, name")
    arguments = parser.parse_args()
    for one, other in (("panel", "benchmark"), ("archive", "names")):
        if (getattr(arguments, one) is None) != (getattr(arguments, other) is None):
            parser.error(f"--{one} and --{other} go together")
    us = shared / "us"
    if arguments.panel:
        measure(from_csv(arguments.panel, arguments.benchmark))
    elif us.is_dir():
        measure(from_csv(us / "panel_400_daily.csv.gz", us / "sp500_index_daily.csv.gz"))
    else:
        measure(world_of(simulated(), None))
    folder, names = arguments.archive or shared / "archive", arguments.names
    names = names or shared / "refs" / "pystock_symbols_20150323.txt"
    if folder.is_dir():
        measure(from_archive(folder, names))
    return 0


if __name__ == "__main__":
    sys.exit(main())
