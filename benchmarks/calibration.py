"""False positive rates of the daily scores: every stock-day of a panel is scored as if it had news.

Usage: ``python benchmarks/calibration.py [--panel FILE --benchmark FILE] [--estimation 250] [--repeats 500]``

The panel is a CSV file (gzipped or not) with the columns symbol, date, total_return and optionally close and volume.
The benchmark is one with a date and total_return, or a date and an index level. The default is the panel of 400 US
names beside the repository, or if that is absent a simulated one with heavy tails and clustered volatility. The first
line of the output names the panel. The criteria are those of `docs/scoring.md`. Seeds are fixed: two runs agree.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import year_of_nights
from signals.study import census as placebos
from signals.study.census import LEVELS, sizes
from signals.study.distributions import student_t_two_sided
from signals.study.models import Panel, abnormal, fit_events, sums_for
from signals.study.portfolio import Aggregate, Sample, portfolio
from signals.study.score import Scores
from signals.study.verdicts import UNUSUAL_RETURN
from signals.types import Floats, Ints, Study, Window

SIZES = ((9, 11), (4.5, 5.5), (0.8, 1.3), (0.05, 0.2))
GROUP = (3.5, 6.5)
MIN_GROUP = 300  # events in a group whose size is checked
LIST = 200  # events
EFFECTS = (0.01, 0.02, 0.03, 0.06)
INDEPENDENT_FACTOR = 5  # times as many draws of independent events
DAY = Window(0, 0)
QUIET = 0.0025  # of the index: no day on which anything can be market-wide
TEXT = ("p_method", "reference_id")


@dataclass(frozen=True)
class Market:
    """A panel with its dates and, if the file has volumes, the median traded value of each name."""

    name: str
    panel: Panel
    dates: pd.DatetimeIndex
    traded: Floats | None


def read(panel: Path, benchmark: Path) -> Market:
    """Read a panel and its benchmark; the benchmark's dates are the sessions."""
    rows = pd.read_csv(panel, parse_dates=["date"])
    index = pd.read_csv(benchmark)
    index.index = pd.to_datetime(index[index.columns[0]])
    market = index["total_return"] if "total_return" in index else index.iloc[:, -1].pct_change()
    market = market[(market.index >= rows.date.min()) & (market.index <= rows.date.max())]
    wide = rows.pivot_table(index="date", columns="symbol", values="total_return").reindex(market.index)
    ret = wide.where(~wide.isna().shift(1, fill_value=False)).to_numpy().T.copy()
    traded = None
    if {"close", "volume"} <= set(rows.columns):
        traded = (rows.close * rows.volume).groupby(rows.symbol).median().reindex(wide.columns).to_numpy()
    return Market(panel.name, _panel(ret, market.to_numpy()), pd.DatetimeIndex(market.index), traded)


def simulated(instruments: int = 150, sessions: int = 1_500) -> Market:
    """Return a panel of Student-t returns with clustered volatility, of each name and of the market."""
    rng = np.random.default_rng(8)

    def ar1(persistence: float, deviation: float, shape: tuple[int, ...]) -> Floats:
        steps = rng.normal(0, deviation * np.sqrt(1 - persistence**2), shape)
        for t in range(1, len(steps)):
            steps[t] += persistence * steps[t - 1]
        return steps

    common = ar1(0.98, 0.35, (sessions, 1))
    market = 0.009 * np.exp(common) * rng.standard_t(4, (sessions, 1)) / np.sqrt(2)
    level = rng.uniform(0.009, 0.03, instruments) * np.exp(0.7 * common + ar1(0.97, 0.35, (sessions, instruments)))
    ret = rng.uniform(0.5, 1.6, instruments) * market + level * rng.standard_t(4, (sessions, instruments)) / np.sqrt(2)
    ret[rng.random(ret.shape) < 0.002] = np.nan
    return Market("simulated", _panel(ret.T.copy(), market[:, 0]), pd.bdate_range("2015-01-05", periods=sessions), None)


def _panel(ret: Floats, market: Floats) -> Panel:
    missing = np.full_like(ret, np.nan)
    return Panel(ret, np.broadcast_to(market, ret.shape).copy(), missing, missing)


class Census(placebos.Census):
    """Every session of every name of a market as day zero of one study."""

    def __init__(self, market: Market, study: Study) -> None:
        super().__init__(market.panel, study)
        self.market = market


class Table:
    """The printed figures with pass or fail, and whether one failed."""

    failed = False

    def line(self, criterion: str, subject: str, figures: str, passed: bool | None = None, doubt: bool = False) -> None:
        """Print one line; a miss within two standard errors is in doubt."""
        self.failed |= passed is False and not doubt
        result = "" if passed is None else "pass" if passed else "in doubt" if doubt else "FAIL"
        print(f"{criterion:<3}{subject:<52}{figures:<82}{result}", flush=True)


def format_sizes(values: Floats) -> str:
    """Return sizes at the four levels as text."""
    return " / ".join(f"{v:.2f}" if level <= 0.01 else f"{v:.1f}" for v, level in zip(values, LEVELS, strict=True))


def criterion_1(census: Census, table: Table) -> None:
    """Print the sizes of the default p-value, of Student's t and of the rank, for each window."""
    for window in census.study.windows:
        scored = census.score(window)
        pooled = sizes(scored.p_value)
        inside = all(low <= v <= high for v, (low, high) in zip(pooled, SIZES, strict=True))
        events = int(np.isfinite(scored.p_value).sum())
        passed = inside if window == DAY else None
        student = sizes(student_t_two_sided(scored.t_stat, scored.n - 2))
        table.line("1", f"pooled p {window}, {events:,} events", format_sizes(pooled), passed)
        table.line("", "  Student t, forecast corrected", format_sizes(student))
        table.line("", "  own-history rank", format_sizes(sizes(scored.p_rank)))


def criterion_2(census: Census, scored: Scores, table: Table) -> None:
    """Print the sizes at 5% within years and within deciles of quantities known the day before."""
    shape = census.panel.ret.shape
    fitted = fit_events(census.sums, census.study, census.row, census.column)
    design = census.panel.design(census.study)
    alone = abnormal(design.y, design.factors, fitted, census.row, census.column, 1)
    u = (alone.car / alone.kappa).reshape(shape)
    groups = {
        "calendar years": np.broadcast_to(census.market.dates.year.to_numpy(), shape).astype(float),
        "market volatility, 20 sessions": deciles(trailing(census.panel.benchmark), scored.p_value),
        "own volatility, abnormal, 20 sessions": deciles(trailing(u), scored.p_value),
        "own volatility, raw, 20 sessions": deciles(trailing(census.panel.ret), scored.p_value),
        "own volatility, estimation window": deciles(scored.sigma.reshape(shape), scored.p_value),
        "own volatility now over estimation window": deciles(trailing(u) / scored.sigma.reshape(shape), scored.p_value),
    }
    if census.market.traded is not None:
        groups["traded value"] = deciles(np.repeat(census.market.traded[:, None], shape[1], axis=1), scored.p_value)
    for name, labels in groups.items():
        label, p = labels.ravel(), scored.p_value
        used = np.isfinite(p) & np.isfinite(label)
        parts = [p[used & (label == one)] for one in np.unique(label[used])]
        rates = [100 * np.mean(part <= 0.05) for part in parts if len(part) >= MIN_GROUP]
        if rates:
            inside = all(GROUP[0] <= v <= GROUP[1] for v in rates)
            table.line("2", name, f"{min(rates):.1f} .. {max(rates):.1f} in {len(rates)} groups", inside)


def trailing(values: Floats, sessions: int = 20) -> Floats:
    """Return the standard deviation of the sessions before each one."""
    rolled = pd.DataFrame(values.T).rolling(sessions, min_periods=sessions // 2).std().shift(1)
    return rolled.to_numpy().T


def deciles(values: Floats, p: Floats) -> Floats:
    """Return the decile of each value among those with a p-value."""
    used = np.isfinite(p).reshape(values.shape) & np.isfinite(values)
    edges = np.quantile(values[used], np.arange(0.1, 1, 0.1))
    return np.where(used, np.searchsorted(edges, values), np.nan)


Draw = Callable[[int], tuple[Ints, Ints]]
COUNTS = (5, 10, 20, 30, 50, 100, 200)
EFFECT_COUNTS = (10, 30, 50)
LONG, LONG_COUNTS = Window(0, 5), (30, 50, 100, 200)
EFFECT = 0.02  # of every event, up


def draws_of(census: Census, scored: Scores, seed: int) -> dict[str, Draw]:
    """Return how events are drawn that share no date, a date, or a date and their kind."""
    rng = np.random.default_rng(seed)
    usable = np.isfinite(scored.p_value).reshape(census.panel.ret.shape)
    correlations = np.corrcoef(np.where(usable, scored.z.reshape(usable.shape), 0.0))

    def independent(count: int) -> tuple[Ints, Ints]:
        chosen = rng.choice(np.flatnonzero(usable.ravel()), count, replace=False)
        return census.row[chosen], census.column[chosen]

    def one_date(count: int, order: Callable[[Ints], Ints] = rng.permutation) -> tuple[Ints, Ints]:
        column = int(rng.choice(np.flatnonzero(usable.sum(axis=0) >= count)))
        return order(np.flatnonzero(usable[:, column]))[:count], np.full(count, column)

    def similar(count: int) -> tuple[Ints, Ints]:
        return one_date(count, lambda rows: rows[np.argsort(-correlations[rng.choice(rows), rows])])

    return {"independent": independent, "one date": one_date, "one date, most similar": similar}


def criterion_3(census: Census, scored: Scores, table: Table, repeats: int) -> None:
    """Print the sizes at 5% of the quoted aggregate test, and of those beside it; then their power."""
    draws = draws_of(census, scored, 3)
    plans = [(name, draw, 1.0) for name, draw in draws.items()]
    plans += [(f"{name}, doubled variance", draw, 2.0) for name, draw in draws.items() if name != "independent"]
    largest = int(np.isfinite(scored.p_value).reshape(census.panel.ret.shape).sum(axis=0).max())
    for name, draw, variance in plans:
        trials = INDEPENDENT_FACTOR * repeats if name == "independent" else repeats  # its band is the narrow one
        error = 100 * np.sqrt(0.05 * 0.95 / trials)
        for count in (n for n in COUNTS if n <= largest):
            shares = rejected([_aggregate(census, *draw(count), variance) for _ in range(trials)])
            low, high = (4, 6) if name == "independent" else (0, 6.5)
            inside = bool(low <= shares["quoted"] <= high) if count >= 30 else None
            doubt = bool(low - 2 * error <= shares["quoted"] <= high + 2 * error)
            table.line("3", f"{name}, {count} events", format_shares(shares), inside, doubt)
    for name in ("one date", "one date, most similar"):
        for count in LONG_COUNTS:
            trials = [draws[name](count) for _ in range(repeats)]
            inside = [(row, column) for row, column in trials if column[0] + LONG.last < census.panel.ret.shape[1]]
            shares = rejected([_aggregate(census, *trial, 1.0, window=LONG) for trial in inside])
            table.line("3", f"{name}, {count} events, window {LONG}", format_shares(shares))
    for count in EFFECT_COUNTS:
        similar = draws["one date, most similar"]
        shares = rejected([_aggregate(census, *similar(count), 1.0, EFFECT) for _ in range(repeats)])
        table.line("3", f"power at {EFFECT:+.0%}, {count} most similar", format_shares(shares))


def rejected(aggregates: Sequence[Aggregate]) -> dict[str, float]:
    """Return the percentage of aggregates that are significant at 5% by the quoted test and by others."""
    named = {
        name: [a.tests[name].p_value for a in aggregates] for name in ("adjusted_bmp", "adjusted_rank", "rank", "bmp")
    }
    quoted = [a.tests[a.default].p_value for a in aggregates]
    shares = {name: 100 * float(np.mean(np.array(p) <= 0.05)) for name, p in {"quoted": quoted, **named}.items()}
    return shares | {"by ranks": 100 * float(np.mean([a.default == "adjusted_rank" for a in aggregates]))}


def format_shares(shares: dict[str, float]) -> str:
    """Return the shares of `rejected` as text."""
    beside = " / ".join(f"{shares[name]:.1f}" for name in ("adjusted_bmp", "adjusted_rank", "rank", "bmp"))
    return f"{shares['quoted']:.1f} ({shares['by ranks']:.0f}% by ranks; BMP, ranks adj. and not, plain BMP: {beside})"


def _aggregate(
    census: Census, row: Ints, column: Ints, variance: float, effect: float = 0.0, window: Window = DAY
) -> Aggregate:
    """Return the aggregate of some events, whose returns have another variance or an effect."""
    study, design = census.study, census.panel.design(census.study)
    fitted = fit_events(census.sums, study, row, column)
    begin, length = column + window.first, window.last - window.first + 1
    events = abnormal(design.y, design.factors, fitted, row, begin, length)
    first = column - study.gap - study.estimation
    residuals = abnormal(design.y, design.factors, fitted, row, first, study.estimation).path
    dates = first[:, None] + np.arange(study.estimation)
    returns = np.sqrt(variance) * events.path + effect
    s, df = np.sqrt(fitted.s2), fitted.n - fitted.estimated
    own = begin[:, None] + np.arange(length)
    return portfolio(Sample(returns, own, residuals, dates, s, events.kappa, df))


def criterion_4(census: Census, scored: Scores, table: Table, repeats: int) -> None:
    """Print the false discoveries at q = 10% in lists of events, a tenth of which have an effect of 6% up or down."""
    rng = np.random.default_rng(4)
    usable = np.isfinite(scored.p_value).reshape(census.panel.ret.shape)
    daily = usable.sum(axis=0)
    span = int(np.ceil(LIST / daily.max()))  # sessions that contain a list

    def lists(span: int) -> Iterator[Ints]:
        starts = np.flatnonzero(np.convolve(daily, np.ones(span), "valid") >= LIST / 2)
        for _ in range(repeats):
            begin = rng.choice(starts)
            inside = (census.column >= begin) & (census.column < begin + span)
            events = np.flatnonzero(usable.ravel() & inside)
            yield rng.choice(events, min(LIST, len(events)), replace=False)

    for name, sessions in (("any dates", len(daily)), (f"{span} session{'s' * (span > 1)}", span)):
        outcome = []
        for chosen in lists(sessions):
            effect = np.zeros(len(chosen))
            effect[: len(chosen) // 10] = rng.choice([-0.06, 0.06], len(chosen) // 10)
            pooled = _p_with_effect(census, scored, chosen, effect)
            t = scored.t_stat[chosen] + effect / (scored.sigma * scored.kappa)[chosen]
            student = student_t_two_sided(t, scored.n[chosen] - 2)
            outcome.append([*_discoveries(pooled, effect), *_discoveries(student, effect)])
        false, power, false_t, power_t = 100 * np.mean(outcome, axis=0)
        figures = f"FDR {false:.1f}, power {power:.0f} (Student t: {false_t:.1f}, {power_t:.0f})"
        table.line("4", f"BH at q = 10%, {name}", figures, bool(false <= 12))


def _p_with_effect(census: Census, scored: Scores, chosen: Ints, effect: Floats) -> Floats:
    """Return the pooled p-values of placebos with an effect added to their CARs."""
    unit = (scored.volatility * scored.kappa)[chosen]
    return census.p_with_effect(DAY, census.row[chosen], census.column[chosen], scored.z[chosen], unit, effect)


def _discoveries(p: Floats, effect: Floats) -> tuple[float, float]:
    """Return the share of false discoveries at q = 10%, and the share of effects discovered."""
    called = p <= _threshold(p, 0.10)
    return float(called[effect == 0].sum() / max(called.sum(), 1)), float(called[effect != 0].mean())


def _threshold(p: Floats, level: float) -> float:
    """Return the largest p that Benjamini and Hochberg (1995) call in a list; -1 if none."""
    ordered = np.sort(p)
    passed = np.flatnonzero(ordered <= level * np.arange(1, len(p) + 1) / len(p))
    return float(ordered[passed[-1]]) if len(passed) else -1.0


def criterion_nights(census: Census, scored: Scores, table: Table, repeats: int) -> None:
    """Print what a year of nights calls, and how much of it is chance."""
    usable = np.isfinite(scored.p_value).reshape(census.panel.ret.shape)

    def p_values(row: Ints, column: Ints, effect: Floats) -> Floats:
        return _p_with_effect(census, scored, row * usable.shape[1] + column, effect)

    for subject, figures, passed, doubt in year_of_nights.lines(year_of_nights.Panel(usable, p_values), repeats):
        table.line("4", subject, figures, passed, doubt)


def criterion_market(census: Census, scored: Scores, table: Table) -> None:
    """Print how many placebos the rule of `market_wide` takes, and how many added moves of 3% or more it would hide.

    The rule is judged alone: a move that is unusual by its q is called before it, so that these are upper bounds.
    """
    raw = placebos.Census(census.panel, census.study.raw)
    own = raw.score(DAY)
    rng = np.random.default_rng(5)
    drawn = year_of_nights.EFFECT * rng.standard_t(year_of_nights.DEGREES, len(scored.ret))
    large = np.where(np.abs(drawn) >= year_of_nights.EFFECT, drawn, 0.0)
    expected, usable = scored.ret - scored.car, np.isfinite(scored.p_value) & np.isfinite(own.p_value)
    index = np.abs(scored.benchmark_ret)
    for name, added in (("placebos", np.zeros(len(large))), ("added moves of 3% or more", large)):
        chosen = np.flatnonzero(usable & ((added != 0) | (name == "placebos")))
        ret = scored.ret[chosen] + added[chosen]
        unit = own.volatility[chosen] * own.kappa[chosen]
        p_raw = raw.p_with_effect(DAY, raw.row[chosen], raw.column[chosen], own.z[chosen], unit, added[chosen])
        taken = (p_raw <= UNUSUAL_RETURN) & (expected[chosen] * ret > 0) & (np.abs(expected[chosen]) > np.abs(ret) / 2)
        share, quiet = 100 * taken.mean(), 100 * taken[index[chosen] < QUIET].mean()
        limit = 1.5 if name == "placebos" else 1.0
        figures = f"{share:.2f}% market-wide; {quiet:.2f}% where the index moved under {QUIET:.2%}"
        table.line("4", name, figures, bool(share <= limit and quiet == 0))


def criterion_6(census: Census, scored: Scores, table: Table) -> None:
    """Print the power at 5% against effects of four sizes, for all names and for the most traded fifth."""
    usable = np.isfinite(scored.p_value)
    parts = {"all names": usable}
    if census.market.traded is not None:
        liquid = census.market.traded >= np.quantile(census.market.traded, 0.8)
        parts["most traded fifth"] = usable & liquid[census.row]
    for name, part in parts.items():
        chosen = np.flatnonzero(part)
        effects = (np.full(len(chosen), size) for size in EFFECTS)
        power = [100 * np.mean(_p_with_effect(census, scored, chosen, effect) <= 0.05) for effect in effects]
        figures = " / ".join(f"{v:.0f}" for v in power) + " at +1 / +2 / +3 / +6%"
        target = "" if name == "all names" else ", target for large caps 50 at +2"
        table.line("6", f"power at 5%, {name}", figures + target)
    detectable = np.nanmedian(scored.minimum_detectable)
    table.line("6", "median minimum detectable move", f"{detectable:.2%}")


def criterion_7(census: Census, table: Table) -> None:
    """Check that no bit changes if all returns after a session are replaced by noise, or removed."""
    rng = np.random.default_rng(7)
    sessions, same = census.panel.ret.shape[1], True
    for cut in (np.array([0.6, 0.75, 0.9]) * sessions).astype(int):
        noisy = replace(census.panel, ret=census.panel.ret.copy(), benchmark=census.panel.benchmark.copy())
        for values in (noisy.ret, noisy.benchmark):
            values[:, cut:] = rng.normal(0, 0.3, values[:, cut:].shape)
        short = Panel(*(getattr(census.panel, f)[:, :cut].copy() for f in ("ret", "benchmark", "gap", "session")))
        for window in census.study.windows:
            ended = census.column + max(window.last, 0) < cut
            row, column = census.row[ended], census.column[ended]
            expected = census.score(window, row, column)
            for panel in (noisy, short):
                other = Census(replace(census.market, panel=panel), census.study).score(window, row, column)
                same &= all(
                    np.array_equal(getattr(expected, f.name), getattr(other, f.name), equal_nan=f.name not in TEXT)
                    for f in fields(Scores)
                )
    table.line("7", "noise after a window, and no data at all", "bit-identical" if same else "different", same)


def criterion_8(census: Census, scored: Scores, table: Table) -> None:
    """Check that no p-value changes if every tenth event is repeated ten times."""
    every = np.repeat(np.arange(len(census.row))[::10], 10)
    again = census.score(DAY, census.row[every], census.column[every])
    same = np.array_equal(again.p_value, scored.p_value[every], equal_nan=True)
    table.line("8", "events repeated ten times", "same p-values" if same else "different", same)


def criterion_9(table: Table) -> None:
    """Compare prefix sums with two passes in extended precision, with gaps and impossible ticks in the history."""
    rng = np.random.default_rng(9)
    market = rng.normal(0, 0.01, (60, 700))
    y = 1.1 * market + 0.02 * rng.standard_t(3, market.shape)
    y[rng.random(y.shape) < 0.1] = np.nan
    y[:20, 30], y[20:40, 40] = 1e6, 50.0
    study = Study("fuzz", estimation=250)
    panel = Panel(y, market, np.full_like(y, np.nan), np.full_like(y, np.nan))
    row, column = (x.ravel() for x in np.meshgrid(np.arange(60), np.arange(310, 690, 19), indexing="ij"))
    fitted = fit_events(sums_for(panel, study), study, row, column)
    worst = 0.0
    for e, (i, s0) in enumerate(zip(row, column, strict=True)):
        part = slice(s0 - 260, s0 - 10)
        used = np.isfinite(y[i, part])
        a, b = y[i, part][used].astype(np.longdouble), market[i, part][used].astype(np.longdouble)
        a_dev, b_dev = a - a.mean(), b - b.mean()
        slope = (a_dev @ b_dev) / (b_dev @ b_dev)
        s2 = ((a_dev - slope * b_dev) ** 2).sum() / (len(a) - 2)
        worst = max(worst, abs(fitted.slopes[e, 0] / slope - 1), abs(fitted.s2[e] / s2 - 1))
    table.line("9", "prefix sums against two passes", f"{float(worst):.0e} relative", bool(worst <= 1e-9))


def main() -> int:
    """Run the census; return 1 if a criterion is missed."""
    shared = Path(__file__).resolve().parents[2] / "shared" / "data" / "us"
    parser = argparse.ArgumentParser(description="The placebo census of docs/scoring.md.")
    parser.add_argument("--panel", type=Path, help="with --benchmark; a CSV of symbol, date, total_return")
    parser.add_argument("--benchmark", type=Path)
    parser.add_argument("--estimation", type=int, default=250)
    parser.add_argument("--repeats", type=int, default=500, help="draws of each aggregate and of each list")
    parser.add_argument("--years", type=int, default=100, help="years of nights of each kind")
    arguments = parser.parse_args()
    if (arguments.panel is None) != (arguments.benchmark is None):
        parser.error("--panel and --benchmark go together")
    if arguments.panel:
        market = read(arguments.panel, arguments.benchmark)
    elif shared.is_dir():
        market = read(shared / "panel_400_daily.csv.gz", shared / "sp500_index_daily.csv.gz")
    else:
        market = simulated()
    study = Study("market", estimation=arguments.estimation)
    census, table = Census(market, study), Table()
    names, sessions = census.panel.ret.shape
    print(f"{market.name}: {names} names, {sessions} sessions, estimation {study.estimation}; sizes at 10/5/1/.1, in %")
    criterion_1(census, table)
    scored = census.score(DAY)
    criterion_2(census, scored, table)
    criterion_3(census, scored, table, arguments.repeats)
    criterion_4(census, scored, table, arguments.repeats)
    criterion_nights(census, scored, table, arguments.years)
    criterion_market(census, scored, table)
    table.line("5", "each time of the day", "see benchmarks/intraday.py")
    criterion_6(census, scored, table)
    criterion_7(census, table)
    criterion_8(census, scored, table)
    criterion_9(table)
    return int(table.failed)


if __name__ == "__main__":
    sys.exit(main())
