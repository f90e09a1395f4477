"""What a user calls an instrument -> the instrument: its ticker in any case, its name, or an alias."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from signals.errors import UnknownNameError
from signals.pipeline import Plan
from signals.store import Connection, queries
from signals.types import Instrument, InstrumentRow

MOST_NAMES = 12  # tickers that a message lists


def instrument_row(db: Connection, plan: Plan, name: str) -> InstrumentRow:
    """Return the instrument that a ticker, a name or an alias means, in any capitals.

    Where two tickers differ in capitals only, they count.

    Raises
    ------
    UnknownNameError
        The store has no such instrument, or several.
    """
    tickers = queries.tickers(db)
    meant = [name] if name in tickers else _meant(name, tickers, plan.instruments)
    if len(meant) == 1:
        return queries.instruments(db, meant[0])[0]
    raise UnknownNameError("ticker", name, _several(meant) if meant else _hint(name, tickers))


def _meant(name: str, tickers: Sequence[str], instruments: Iterable[Instrument]) -> list[str]:
    """Return the tickers that differ from a name in capitals only, else the instruments that are called so."""
    folded = name.casefold()
    same = [ticker for ticker in tickers if ticker.casefold() == folded]
    if same:
        return same
    by_name = {i.ticker: {i.name.casefold(), *(alias.text.casefold() for alias in i.aliases)} for i in instruments}
    return [ticker for ticker in tickers if folded in by_name.get(ticker, ())]


def _several(tickers: Sequence[str]) -> str:
    return f"It may be {', '.join(tickers[:-1])} or {tickers[-1]}; name one."


def _hint(name: str, tickers: Sequence[str]) -> str:
    if not tickers:
        return "No tickers are known yet; run `signals run` first."
    near = difflib.get_close_matches(name.upper(), tickers, n=3)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    more = " ..." if len(tickers) > MOST_NAMES else ""
    return f"Known tickers: {', '.join(tickers[:MOST_NAMES])}{more}."
