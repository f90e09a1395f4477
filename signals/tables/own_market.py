"""A user's table of closes -> the panel that the nightly run would measure events on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from signals.study.halts import halts
from signals.study.leastsquares import Bools
from signals.study.models import Panel
from signals.study.returns import Aligned, total_returns
from signals.study.unit_breaks import unit_breaks
from signals.tables.price_table import PriceTable, has_volumes, label_of, read_closes, read_volumes
from signals.tables.table_days import day_of, stamp_of
from signals.tables.traded import is_session, traded_closes
from signals.types import Floats, Times


@dataclass(frozen=True, slots=True)
class Roles:
    """The columns of closes that are compared with, and are therefore no members of the pool."""

    benchmark: str | None
    factors: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The benchmark and the factors."""
        return self.factors if self.benchmark is None else (self.benchmark, *self.factors)


@dataclass(frozen=True, slots=True, eq=False)
class OwnMarket:
    """The T sessions of a table, its panel of N tickers, and what keeps a window from being measured.

    Attributes
    ----------
    rows
        The row of each ticker.
    interrupted
        ``(N, T)`` sessions without a trade between the first and the last close, and those on which trading resumed.
    breaks
        ``(N, T)`` sessions on which the close of the ticker, of the benchmark or of a factor has a unit break. The
        panel has no return there.
    """

    sessions: Times
    rows: Mapping[str, int]
    roles: Roles
    panel: Panel
    interrupted: Bools
    breaks: Bools


def own_market(
    closes: pd.DataFrame,
    roles: Roles,
    volume: pd.DataFrame | None = None,
    confirmed_jumps: Iterable[tuple[object, object]] = (),
    zone: str | None = None,
) -> OwnMarket:
    """Read a table of closes as a market.

    Parameters
    ----------
    closes, volume, confirmed_jumps
        As `signals.event_study` takes them.
    roles
        The benchmark and the factors, by column.
    zone
        The zone of the market, if it is known.

    Raises
    ------
    ValueError
        One sentence that names the column and what to do.
    """
    read = read_closes(closes, zone)
    if volume is None and has_volumes(closes):
        volume = closes
    volumes = None if volume is None else read_volumes(volume, read, zone)
    _check_roles(roles, read.tickers)
    opened = is_session(read)
    if volumes is not None:
        volumes = volumes[:, opened]
        # An index is not traded: vendors leave its volume out on some days, and its close is right all the same.
        volumes[[ticker in roles.names for ticker in read.tickers]] = np.nan
    table = PriceTable(read.tickers, read.sessions[opened], read.values[:, opened])
    traded = traded_closes(table, volumes)
    ret = total_returns(traded, np.zeros(traded.shape), np.ones(traded.shape))
    breaks = unit_breaks(ret, volumes) & ~_confirmed(table, confirmed_jumps, zone)
    ret[breaks] = np.nan
    return _assembled(table, traded, ret, breaks, roles)


def _assembled(table: PriceTable, traded: Floats, ret: Floats, breaks: Bools, roles: Roles) -> OwnMarket:
    """Put the members of the pool into a panel, with the benchmark and the factors beside each."""
    position = {ticker: n for n, ticker in enumerate(table.tickers)}
    names = [ticker for ticker in table.tickers if ticker not in roles.names]
    members = [position[name] for name in names]
    beside = [position[name] for name in roles.names]
    shape = (len(members), ret.shape[1])
    nothing = np.full(shape, np.nan)
    benchmark = nothing if roles.benchmark is None else _repeated_rows(ret[position[roles.benchmark]], shape)
    factors = {name: _repeated_rows(ret[position[name]], shape) for name in roles.factors}
    panel = Panel(np.ascontiguousarray(ret[members]), benchmark, nothing, nothing, factors)
    interrupted = np.array([_interrupted(traded[n]) for n in members]).reshape(shape)
    return OwnMarket(
        sessions=table.sessions,
        rows={name: row for row, name in enumerate(names)},
        roles=roles,
        panel=panel,
        interrupted=interrupted,
        breaks=breaks[members] | breaks[beside].any(axis=0),
    )


def _repeated_rows(values: Floats, shape: tuple[int, int]) -> Floats:
    return np.broadcast_to(values, shape).copy()


def _interrupted(close: Floats) -> Bools:
    """Return ``(T,)`` sessions without a trade, and those on which trading resumed."""
    nothing, no_session = np.full(len(close), np.nan), np.zeros(len(close), bool)
    own = halts(
        Aligned(nothing, close, np.zeros(len(close)), np.ones(len(close)), no_session, no_session, nothing, nothing)
    )
    interrupted: Bools = own.untraded | np.isfinite(own.across)
    return interrupted


def _check_roles(roles: Roles, tickers: Sequence[str]) -> None:
    """Raise ValueError if the benchmark and the factors are not columns, or leave no member of the pool."""
    for name in roles.names:
        if name not in tickers:
            raise ValueError(f"closes have no column {name!r}, which is to be a benchmark or a factor; add it")
    if len(set(roles.names)) < len(roles.names):
        raise ValueError(f"a column stands twice among the benchmark and the factors {roles.names}; name it once")
    if len(roles.names) == len(tickers):
        raise ValueError("closes have no column beside the benchmark and the factors; add those of the events")


def _confirmed(table: PriceTable, jumps: Iterable[tuple[object, object]], zone: str | None) -> Bools:
    """Return ``(N, T)`` the jumps that the user says are moves."""
    confirmed = np.zeros(table.values.shape, bool)
    for jump in jumps:
        if not isinstance(jump, tuple | list) or len(jump) != 2:
            raise ValueError(f"confirmed_jumps has {jump!r}; write pairs of a ticker and a session")
        ticker, stamp = label_of(jump[0]), stamp_of(jump[1], "a session of confirmed_jumps")
        day = None if stamp is None else day_of(stamp, zone)
        if ticker not in table.tickers or day is None or day not in table.sessions:
            raise ValueError(f"confirmed_jumps has {jump!r}, which is no ticker and session of closes; correct it")
        confirmed[table.tickers.index(ticker), np.searchsorted(table.sessions, day)] = True
    return confirmed
