"""Tables of closes or volumes -> arrays by ticker and session, or one sentence about what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from signals.tables.table_days import session_days
from signals.types import Floats, Times

#: The levels of a vendor's table that hold closes, the total-return ones first, and the one that holds volumes.
CLOSES, VOLUMES = ("adj close", "close"), ("volume",)
_BARS = {"open", "high", "low", "close"}
_MIN_JUDGED = 30  # values below which a column is not judged by its distribution


@dataclass(frozen=True, slots=True, eq=False)
class PriceTable:
    """Values of N tickers on T sessions, ``(N, T)``; NaN where there is none."""

    tickers: tuple[str, ...]
    sessions: Times
    values: Floats


class Kind(NamedTuple):
    """What a table holds: its name in sentences, and the levels that are taken of a vendor's table."""

    name: str
    levels: Sequence[str]


def label_of(value: object) -> str:
    """Return a ticker as text: 600519 for the number, also where a missing neighbour made it a fraction."""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)


def read_closes(table: pd.DataFrame, zone: str | None) -> PriceTable:
    """Read total-return closes; of a vendor's table `Adj Close`, which includes dividends, else `Close`.

    Raises
    ------
    ValueError
        Two columns have one name, a value is no price, or the index holds no sessions.
    """
    read = _read(table, Kind("closes", CLOSES), zone)
    for ticker, column in zip(read.tickers, read.values, strict=True):
        _refuse_returns(ticker, column[np.isfinite(column)])
        bad = np.flatnonzero(~(column > 0) & ~np.isnan(column))
        if bad.size:
            raise ValueError(f"closes column {ticker!r} is {column[bad[0]]:g} on {read.sessions[bad[0]]}; a close is "
                             "above 0, so write NaN where there is none, as in closes.where(closes > 0)")  # fmt: skip
    return read


def read_volumes(table: pd.DataFrame, closes: PriceTable, zone: str | None) -> Floats:
    """Read volumes in the order of closes, ``(N, T)``; NaN where the table has none.

    Raises
    ------
    ValueError
        A volume is negative, or the table has none of the tickers or none of the sessions.
    """
    read = _read(table, Kind("volume", VOLUMES), zone)
    negative = np.argwhere(read.values < 0)
    if len(negative):
        ticker, day = read.tickers[negative[0][0]], read.sessions[negative[0][1]]
        raise ValueError(f"volume column {ticker!r} is negative on {day}; write NaN where it is not known")
    if not set(read.tickers) & set(closes.tickers):
        raise ValueError(f"volume has none of the columns of closes, such as {closes.tickers[0]!r}; name them alike")
    _, own, theirs = np.intersect1d(closes.sessions, read.sessions, return_indices=True)
    if not len(own):
        raise ValueError("volume has none of the sessions of closes; give both the same index")
    volumes = np.full(closes.values.shape, np.nan)
    rows = {ticker: row for row, ticker in enumerate(read.tickers)}
    for row, ticker in enumerate(closes.tickers):
        if ticker in rows:
            volumes[row, own] = read.values[rows[ticker], theirs]
    return volumes


def has_volumes(table: pd.DataFrame) -> bool:
    """Return whether a vendor's table of closes has volumes beside them."""
    return isinstance(table.columns, pd.MultiIndex) and _level(table.columns, VOLUMES) is not None


def _read(table: pd.DataFrame, kind: Kind, zone: str | None) -> PriceTable:
    if not isinstance(table, pd.DataFrame):
        raise ValueError(f"{kind.name} must be a DataFrame with a row per session and a column per ticker")
    table = _one_level(table, kind)
    if table.empty:
        raise ValueError(f"{kind.name} are empty; give a row per session and a column per ticker")
    tickers = [label_of(name) for name in table.columns]
    repeated = next((name for n, name in enumerate(tickers) if name in tickers[:n]), None)
    if repeated is not None:
        raise ValueError(f"{kind.name} have two columns {repeated!r}; rename or remove one")
    if {name.lower() for name in tickers} >= _BARS:
        raise ValueError(f"{kind.name} look like the bars of one instrument; give a column per ticker, as in "
                         "pd.DataFrame({'AAPL': bars['Close']})")  # fmt: skip
    sessions = session_days(table.index, kind.name, zone)
    columns = [_numbers(table.iloc[:, n], f"{kind.name} column {name!r}") for n, name in enumerate(tickers)]
    return PriceTable(tuple(tickers), sessions, np.array(columns))


def _one_level(table: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    """Take one price per ticker out of a vendor's table with columns of two levels."""
    if not isinstance(table.columns, pd.MultiIndex):
        return table
    place = _level(table.columns, kind.levels)
    if place is None or table.columns.nlevels != 2:
        raise ValueError(f"{kind.name} have columns of {table.columns.nlevels} levels; choose one value per ticker, as "
                         f"in closes[{kind.levels[-1].title()!r}]")  # fmt: skip
    level, name = place
    chosen: pd.DataFrame = table.loc[:, table.columns.get_level_values(level) == name]
    return chosen.set_axis(chosen.columns.get_level_values(1 - level), axis=1)


def _level(columns: pd.MultiIndex, names: Sequence[str]) -> tuple[int, str] | None:
    """Return the level of a vendor's columns that holds the first of some names, and the name as written there."""
    for name in names:
        for level in range(columns.nlevels):
            for value in columns.get_level_values(level).unique():
                if str(value).lower() == name:
                    return level, value
    return None


def _numbers(column: pd.Series[float], place: str) -> Floats:
    """Return a column as numbers; texts that are numbers count as such."""
    kind = column.dtype.kind if isinstance(column.dtype, np.dtype) else "O"
    if (
        kind == "b"
        or str(column.dtype) == "boolean"
        or (kind == "O" and any(isinstance(v, bool | np.bool_) for v in column))
    ):
        raise ValueError(f"{place} holds True or False; give prices")
    if kind in "cmM" or isinstance(column.dtype, pd.DatetimeTZDtype | pd.PeriodDtype):
        raise ValueError(f"{place} holds {column.dtype}; give prices")
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    text = np.isnan(values) & column.notna().to_numpy()
    if text.any():
        raise ValueError(
            f"{place} holds {column[text].iloc[0]!r}, which is no number; write NaN where there is no value"
        )
    infinite = np.flatnonzero(np.isinf(values))
    if infinite.size:
        raise ValueError(f"{place} is infinite on {column.index[infinite[0]]}; write NaN where there is no value")
    return np.asarray(values, dtype=np.float64)


def _refuse_returns(ticker: str, values: Floats) -> None:
    """Raise ValueError if a column holds returns: of both signs, or about 1 with no level that lasts."""
    if len(values) < 10:
        return
    both_signs = bool(min(np.mean(values < 0), np.mean(values > 0)) > 0.1)
    about_one = False
    if len(values) >= _MIN_JUDGED and abs(np.median(values) - 1) < 0.03 and values.min() > 0.3 and values.max() < 3:
        level = values - values.mean()
        about_one = bool((level[1:] * level[:-1]).sum() < 0.5 * (level**2).sum())
    if both_signs or about_one:
        first = "" if both_signs else "gross "
        formula = "(1 + returns).cumprod()" if both_signs else "returns.cumprod()"
        raise ValueError(f"closes column {ticker!r} holds {first}returns; give prices, as {formula} makes them")
