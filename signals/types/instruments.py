"""Instruments: what has a price series, and the dated names that it goes by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal, NamedTuple


class Scheme(StrEnum):
    """What kind of name an alias is."""

    EXCHANGE = "exchange"
    RIC = "ric"
    INVESTING = "investing"
    CASHTAG = "cashtag"
    YAHOO = "yahoo"
    ISIN = "isin"
    CIK = "cik"
    NAME = "name"
    PAGE_TAG = "page_tag"
    __hash__ = str.__hash__  # as that of the text, which is fast


@dataclass(frozen=True, slots=True)
class Alias:
    """One dated spelling of an instrument. A weak alias needs one of its context words in the article."""

    text: str
    scheme: Scheme = Scheme.NAME
    strong: bool = True
    valid_from: date | None = None
    valid_to: date | None = None
    context: tuple[str, ...] = ()

    def valid_on(self, day: date) -> bool:
        """Tell whether the spelling meant the instrument on `day` (both ends included)."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a user knows of an instrument's prices that their source does not say.

    Attributes
    ----------
    first, last
        The days that it holds for, both included; without `last` all from `first` on.
    source
        The price source that it is about; None for all.
    scale
        What the prices of these days are multiplied by.
    split
        New shares per old one on `first`.
    is_move
        The jump on `first` is a move of the price, no split and no change of unit.
    """

    first: date
    last: date | None = None
    source: str | None = None
    scale: float | None = None
    split: float | None = None
    is_move: bool = False


Kind = Literal["equity", "index", "future", "commodity", "etf", "fx", "crypto"]


class MarketKey(NamedTuple):
    """What makes a market: a calendar by its MIC, and a benchmark."""

    mic: str
    benchmark: str | None

    @property
    def sort_key(self) -> tuple[str, str]:
        """The key for sorting, where no benchmark comes first."""
        return self.mic, self.benchmark or ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """Something with a price series.

    `symbols` maps a price source's name to its spelling there. Listings with the same `issuer` are shares of one
    company: an article that names it falls on one of them. `valid_from` and `valid_to` bound the ticker and the name,
    if someone else had them before or has them since. Instruments of one `sector` are peers. `quoted_in` is the unit of
    its prices where that is a part of `currency`, such as GBp.
    """

    ticker: str
    name: str
    mic: str
    currency: str
    kind: str = "equity"
    benchmark: str | None = None
    symbols: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[Alias, ...] = ()
    issuer: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    corrections: tuple[Correction, ...] = ()
    sector: str = ""
    quoted_in: str = ""

    @property
    def market(self) -> MarketKey:
        """The market that the instrument is in."""
        return MarketKey(self.mic, self.benchmark)
