"""False positive rates of the daily scores by decile of traded value, and of the least traded decile by year.

Usage: ``python benchmarks/illiquid.py [--panel FILE --benchmark FILE] [--archive FILE] [--half 0] [--together]``

The panel and its benchmark are the files of `benchmarks/calibration.py`. The archive is a Parquet file of ticker, date,
close and volume, with the fund SPY as benchmark. Every stock-day is a placebo. The traded value is the median of close
times volume over the 60 sessions before; a session without a trade counts as zero. A bar that repeats the last price
without volume is missing, as in a run, and so is a jump that looks like a split. `--half` takes every other name,
`--together` compares thin trading with all other windows, as if it were not told apart.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.calibration import MIN_GROUP, Census, Market, deciles, format_sizes, read, sizes
from signals.study.calibration import Calibration
from signals.study.models import Panel
from signals.study.returns import without_trade
from signals.study.unit_breaks import unit_breaks
from signals.types import Floats, Ints, Study, Window

WINDOWS = (Window(0, 0), Window(0, 1), Window(0, 5))
SESSIONS, LEAST = 60, 20  # of the traded value, and the fewest of them
FUNDS = ("SPY", "QQQ")


def from_csv(panel: Path, benchmark: Path) -> tuple[Market, Floats, Floats]:
    """Read a panel with its total returns; return the market, and closes and volumes ``(N, T)``."""
    market = read(panel, benchmark)
    rows = pd.read_csv(panel, parse_dates=["date"])
    wide = rows.pivot_table(index="date", columns="symbol", values=["close", "volume"]).reindex(market.dates)
    return market, wide["close"].to_numpy().T, wide["volume"].to_numpy().T


def from_archive(file: Path) -> tuple[Market, Floats, Floats]:
    """Read an archive of closes; return the market, and closes and volumes ``(N, T)``."""
    rows = pd.read_parquet(file)
    rows["date"] = pd.to_datetime(rows.date)
    wide = rows.pivot_table(index="date", columns="ticker", values=["close", "volume"]).astype(float)
    wide = wide[wide["close"][FUNDS[0]].notna()]
    close, volume = (wide[name].drop(columns=list(FUNDS), errors="ignore") for name in ("close", "volume"))
    ret = close.pct_change(fill_method=None).to_numpy().T.copy()
    index = np.broadcast_to(wide["close"][FUNDS[0]].pct_change().to_numpy(), ret.shape).copy()
    missing = np.full_like(ret, np.nan)
    market = Market(file.name, Panel(ret, index, missing, missing), pd.DatetimeIndex(wide.index), None)
    return market, close.to_numpy().T, volume.to_numpy().T


def traded_returns(ret: Floats, close: Floats, volume: Floats) -> Floats:
    """Return returns that are missing where a run has none."""
    filled = np.array([without_trade(*of_name) for of_name in zip(close, volume, strict=True)])
    filled[:, 1:] |= filled[:, :-1].copy()
    kept = np.where(filled, np.nan, ret)
    return np.where(unit_breaks(kept, volume), np.nan, kept)


def traded_value(close: Floats, volume: Floats) -> Floats:
    """Return the median traded value of the sessions before each one, ``(N, T)``."""
    value = pd.DataFrame((close * volume).T).fillna(0.0)
    return value.rolling(SESSIONS, min_periods=LEAST).median().shift(1).to_numpy().T


def together(calibration: Calibration) -> Calibration:
    """Return a calibration that does not tell thin trading apart."""
    placebos = {k: replace(one, thin=np.zeros_like(one.thin)) for k, one in calibration.placebos.items()}
    return replace(calibration, placebos=placebos)


def lines(census: Census, value: Floats) -> Iterator[str]:
    """Yield the sizes of each window: of all, of each decile, and of the least traded one by year."""
    shape = census.panel.ret.shape
    years = np.broadcast_to(census.market.dates.year.to_numpy(), shape)
    for window in WINDOWS:
        scored = census.score(window)
        p = scored.p_value.reshape(shape)
        used = np.isfinite(p) & np.isfinite(value)
        decile = deciles(value, scored.p_value)
        yield f"{window}: {used.sum():,} placebos, {format_sizes(sizes(p[used]))}"
        for n in range(10):
            yield f"  decile {n + 1:<4}{format_sizes(sizes(p[used & (decile == n)]))}"
        for year in np.unique(years).tolist():
            least = p[used & (decile == 0) & (years == year)]
            if len(least) >= MIN_GROUP:
                yield f"  least {year}  {format_sizes(sizes(least))}  of {len(least):,}"
        methods, counts = np.unique(scored.p_method[used.ravel()].astype(str), return_counts=True)
        for method, count in zip(methods.tolist(), counts.tolist(), strict=True):
            of_method: Ints = used.ravel() & (scored.p_method == method)
            yield f"  {method:<15}{format_sizes(sizes(scored.p_value[of_method]))}  of {count:,}"


def main() -> None:
    """Print the sizes of a panel or of an archive."""
    shared = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser = argparse.ArgumentParser(description="Sizes of the daily scores by traded value.")
    parser.add_argument("--panel", type=Path, default=shared / "us" / "panel_400_daily.csv.gz")
    parser.add_argument("--benchmark", type=Path, default=shared / "us" / "sp500_index_daily.csv.gz")
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--half", type=int, choices=(0, 1), help="every other name, from the first or the second on")
    parser.add_argument("--together", action="store_true", help="compare thin trading with all windows")
    asked = parser.parse_args()
    files = (asked.panel, asked.benchmark)
    market, close, volume = from_archive(asked.archive) if asked.archive else from_csv(*files)
    part = slice(None) if asked.half is None else slice(asked.half, None, 2)
    ret, index = traded_returns(market.panel.ret, close, volume)[part].copy(), market.panel.benchmark[part].copy()
    missing = np.full_like(ret, np.nan)
    census = Census(replace(market, panel=Panel(ret, index, missing, missing)), Study("market", windows=WINDOWS))
    if asked.together:
        census.calibration = together(census.calibration)
    print(f"{market.name}: {len(ret)} names, {ret.shape[1]} sessions; sizes at 10/5/1/.1, in %")
    for line in lines(census, traded_value(close, volume)[part]):
        print(line, flush=True)


if __name__ == "__main__":
    main()
