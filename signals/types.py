"""The frozen values that travel between the rooms, in travelling order.

Conventions, stated once: ``*_at`` is an aware `datetime` in UTC; a session is a `date`; returns are decimals; a
ticker is an instrument's public key and a symbol is one vendor's spelling of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Times = NDArray[np.datetime64]

# pydantic reads this attribute of a plain dataclass; it makes an unknown key of config.yaml an error.
STRICT = {"extra": "forbid"}


# --- instruments ----------------------------------------------------------------------------------------------------


class Scheme(StrEnum):
    """What kind of name an alias is."""

    EXCHANGE = "exchange"
    RIC = "ric"
    INVESTING = "investing"
    CASHTAG = "cashtag"
    YAHOO = "yahoo"
    ISIN = "isin"
    NAME = "name"
    PAGE_TAG = "page_tag"


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


Kind = Literal["equity", "index", "future", "commodity", "etf", "fx", "crypto"]


@dataclass(frozen=True, slots=True)
class Instrument:
    """Something with a price series.

    `symbols` maps a price source's name to its spelling there. Listings with the same `issuer` are shares of one
    company: an article that names it falls on one of them. `valid_from` and `valid_to` bound the ticker and the name,
    if someone else had them before or has them since.
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


# --- news -----------------------------------------------------------------------------------------------------------


class Precision(StrEnum):
    """How finely a publication stamp is given."""

    INSTANT = "instant"
    MINUTE = "minute"
    DAY = "day"


class ZoneBasis(StrEnum):
    """How the zone of a stamp is known: stated in the text, the source's configured zone, or neither."""

    STATED = "stated"
    SOURCE = "source"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Stamp:
    """A publication time and how it is known.

    Attributes
    ----------
    text
        The stamp as written.
    at
        The UTC instant; with day precision the first instant of that day in `zone`, a lower bound and no more.
    wall
        The naive wall-clock time as written, for asking what another zone would have meant.
    ambiguous
        The wall-clock time happened twice (a clock was set back) or never; `at` takes the earlier reading.
    """

    text: str
    at: datetime
    wall: datetime
    precision: Precision
    zone: str
    basis: ZoneBasis
    ambiguous: bool = False


class Keep(StrEnum):
    """How much of an article's text may stay stored: all, the title and what names an instrument, or the title."""

    BODY = "body"
    EVIDENCE = "evidence"
    HEADLINE = "headline"


@dataclass(frozen=True, slots=True)
class Document:
    """One thing fetched: a file or a response, holding one article or many."""

    source: str
    origin: str
    payload: bytes
    digest: str
    fetched_at: datetime
    media_type: str = ""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """An instrument that the publisher's own mark-up names: a tag block, an instrument link, a column of tickers."""

    text: str
    scheme: Scheme = Scheme.PAGE_TAG


@dataclass(frozen=True, slots=True)
class Gone:
    """A document that was read before and that its server now says it has no more."""

    source: str
    origin: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article as read. `key` identifies it within its source; `digest` tells one revision from the next.

    Attributes
    ----------
    publisher
        Whose words they are: the agency where the text names one, else the site.
    site
        Where they stood; the same words of an agency stand on many sites.
    origin
        The file or address that it was read from.
    keep
        How much of it may stay stored.
    withdraws
        The headline that it takes back, if it is a notice that does.
    """

    source: str
    key: str
    title: str
    body: str
    stamp: Stamp
    seen_at: datetime
    digest: str
    url: str = ""
    publisher: str = ""
    tags: tuple[Tag, ...] = ()
    site: str = ""
    origin: str = ""
    keep: Keep = Keep.BODY
    withdraws: str = ""


#: The reason of a refusal that passes with time: the item says that it was published after it was fetched.
FUTURE = "future_date"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An item that arrived and was not used, with the reason. A refusal is data, never a silent gap."""

    source: str
    item: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class CsvDialect:
    """How a delimited file is written. Cells are read as text, then `thousands`, `decimal` and K/M/B endings apply."""

    __pydantic_config__ = STRICT

    delimiter: str = ","
    encoding: str = "utf-8-sig"
    decimal: str = "."
    thousands: str = ""
    header: bool = True
    date_format: str | None = None
    dayfirst: bool = False
    timezone: str | None = None
    columns: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewsSpec:
    """One entry of `news:` in the configuration.

    `delay` is in seconds between two requests to one host. `symbols` are a vendor's spellings of what to ask it for.
    """

    __pydantic_config__ = STRICT

    name: str
    kind: str
    path: str | None = None
    url: str | None = None
    urls: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    publisher: str = ""
    known_at: Literal["fetched", "published"] = "fetched"
    keep: Keep = Keep.BODY
    tag_separator: str | None = None
    dialect: CsvDialect = CsvDialect()
    max_bytes: int = 20_000_000
    timeout: float = 20.0
    delay: float = 1.0
    robots: bool = True
    user_agent: str | None = None
    base_url: str | None = None


class NewsSource(Protocol):
    """Where articles come from. One object per entry of `news:` in the configuration."""

    @property
    def name(self) -> str:
        """The source's name in the configuration."""
        ...

    def fetch(self, known: Mapping[str, Document], now: datetime) -> Iterable[Document | Gone | SourceFailure]:
        """Yield what is new since `known` (the last document of each origin, payloads left out).

        An item that cannot be fetched is yielded as a failure; the rest goes on.
        """
        ...

    def parse(self, document: Document) -> Sequence[Article | Refusal]:
        """Read one document; pure, no network, no clock."""
        ...


@dataclass(frozen=True, slots=True)
class SourceFailure:
    """A source, or one item of it, that could not be read this time."""

    source: str
    item: str
    reason: str
    detail: str

    def __str__(self) -> str:
        """Say it in one sentence that names the source and the item."""
        return f"{self.source}: " + (self.detail if self.item in self.detail else f"{self.item}: {self.detail}")


class TagKind(StrEnum):
    """Where a mention comes from."""

    PAGE_TAG = "page_tag"
    INLINE = "inline"
    CASHTAG = "cashtag"
    NAME = "name"


class Role(StrEnum):
    """What the instrument is to the article."""

    SUBJECT = "subject"
    MENTIONED = "mentioned"
    PASSING = "passing"
    SOURCE = "source"
    BOILERPLATE = "boilerplate"


@dataclass(frozen=True, slots=True)
class Mention:
    """One tag found in an article, tied to an instrument or refused with the reason.

    `where` is title, body or tags; `start` and `end` are offsets into it (-1 for page tags); `alias` is the spelling
    that matched with its scheme, as text.
    """

    tag: str
    kind: TagKind
    where: str
    start: int
    end: int
    count: int
    ticker: str | None
    reason: str = ""
    alias: str = ""
    role: Role | None = None
    relevance: float | None = None


# --- prices ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ActionsSpec:
    """A file of dividends and splits that goes with a file of prices."""

    __pydantic_config__ = STRICT

    path: str
    columns: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class PriceSpec:
    """One entry of `prices:` in the configuration."""

    __pydantic_config__ = STRICT

    name: str
    kind: str
    path: str | None = None
    interval: str = "1d"
    close_time: time | None = None
    scale: float = 1.0
    volume_scale: float = 1.0
    split_adjusted: bool | None = None
    duplicates: Literal["refuse", "last"] = "refuse"
    actions: ActionsSpec | None = None
    base_url: str | None = None
    timeout: float = 20.0
    delay: float | None = None
    at_once: int | None = None
    dialect: CsvDialect = CsvDialect()


@dataclass(frozen=True, slots=True)
class Bars:
    """A run of bars of one instrument from one source, ascending and unique in `start`.

    Attributes
    ----------
    start
        ``datetime64[s]``: for daily bars midnight of the session's date, for finer ones the UTC start of the bar.
    open, high, low, close, volume
        Raw prices in `currency` and units traded; NaN where the source has none. A row whose close is NaN is a session
        without a trade (a halt), kept as a fact.
    action_date, dividend, split
        Ex-dates (``datetime64[D]``) with the dividend per new share (0 if none) and new shares per old one (1 if none).
    split_adjusted
        The vendor has already divided prices and dividends by later splits.
    """

    symbol: str
    source: str
    interval: str
    start: Times
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    action_date: Times
    dividend: Floats
    split: Floats
    fetched_at: datetime
    currency: str | None = None
    split_adjusted: bool = False

    def __len__(self) -> int:
        """Count the bars."""
        return len(self.start)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A bar, or a part of one (``bad_open``, ``bad_high``, ``bad_low``), that was not stored, with the reason."""

    symbol: str
    source: str
    start: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class History:
    """What a price source answered: bars that passed the gates, and the ones that did not."""

    bars: Bars
    quarantined: tuple[Quarantined, ...] = ()


class PriceSource(Protocol):
    """Where bars come from. One object per entry of `prices:` in the configuration."""

    @property
    def name(self) -> str:
        """The source's name in the configuration."""
        ...

    @property
    def interval(self) -> str:
        """The spacing of its bars: 1d, 1h, 5m ..."""
        ...

    @property
    def at_once(self) -> int:
        """From how many threads it may be asked at the same time."""
        ...

    def version(self, symbol: str) -> str | None:
        """Return a digest of the file behind `symbol`, or None for a source that is asked for spans."""
        ...

    def serves_from(self, now: datetime) -> date | None:
        """Return the first day that can be asked for, None if there is no such limit."""
        ...

    def history(self, symbol: str, first: date, last: date, now: datetime) -> History:
        """Return the bars of `first` to `last`, both included.

        Raises
        ------
        SourceError
            One of its kinds, never an empty answer in place of a failure.
        """
        ...


# --- events and moves -----------------------------------------------------------------------------------------------


class Anchor(StrEnum):
    """Which rule chose day zero."""

    IN_SESSION = "in_session"
    PRE_OPEN = "pre_open"
    AFTER_CLOSE = "after_close"
    NON_SESSION = "non_session"
    DAY_ONLY = "day_only"


@dataclass(frozen=True, slots=True)
class DayZero:
    """The first session able to react to a publication instant, and how it was chosen.

    `opens_at` and `closes_at` are that session's hours; `sensitive` says that another plausible reading of the stamp
    gives another session.
    """

    session: date
    anchor: Anchor
    opens_at: datetime
    closes_at: datetime
    sensitive: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """An event window in session offsets, both ends included; written ``0..1``."""

    first: int
    last: int

    def __str__(self) -> str:
        """Write the window as the configuration does."""
        return f"{self.first}..{self.last}"

    @classmethod
    def parse(cls, text: str) -> Window:
        """Read ``-5..-1``; raises ValueError on anything else."""
        first, dots, last = text.partition("..")
        if not dots:
            raise ValueError(f"a window is written first..last, as in 0..1, not {text!r}")
        window = cls(int(first), int(last))
        if window.last < window.first:
            raise ValueError(f"the window {text!r} ends before it begins")
        return window


BENCHMARKED = ("market", "market-adjusted")  # the models that compare with the benchmark
_CLOCKED = re.compile(r"(?P<first>-?\d+)(?P<unit>[mh])\.\.(?:(?P<last>-?\d+)(?P<other>[mh])|(?P<close>close))")
_MINUTES = {"m": 1, "h": 60}


@dataclass(frozen=True, slots=True)
class IntradayWindow:
    """A window by the clock, in minutes from publication; written ``0m..60m``, ``0m..close`` or ``overnight``.

    `last` is None for the close of the session, and `first` too for the night: from the close before the first open
    after publication to that open. A window lies before publication or after it.
    """

    first: int | None
    last: int | None

    def __str__(self) -> str:
        """Write the window as the configuration does."""
        if self.first is None:
            return "overnight"
        return f"{self.first}m..{'close' if self.last is None else f'{self.last}m'}"

    @classmethod
    def parse(cls, text: str) -> IntradayWindow:
        """Read ``0m..60m``; raises ValueError on anything else."""
        if text == "overnight":
            return cls(None, None)
        found = _CLOCKED.fullmatch(text)
        if found is None:
            raise ValueError(f"an intraday window is written -30m..0m, 0m..60m, 0m..close or overnight, not {text!r}")
        first = int(found["first"]) * _MINUTES[found["unit"]]
        last = None if found["close"] else int(found["last"]) * _MINUTES[found["other"]]
        if last is not None and last <= first:
            raise ValueError(f"the window {text!r} ends before it begins")
        if first < 0 and (last is None or last > 0):
            raise ValueError(f"the window {text!r} begins before publication and ends after it; make two of it")
        return cls(first, last)

    @property
    def before_publication(self) -> bool:
        """Whether it ends with publication: a warning, never a signal."""
        return self.last is not None and self.last <= 0

    @property
    def delayed(self) -> bool:
        """Whether it begins some time after publication."""
        return self.first is not None and self.first > 0


def window_of(text: str) -> Window | IntradayWindow:
    """Read a window of either kind; raises ValueError on anything else."""
    by_the_clock = text == "overnight" or text.endswith(("m", "h", "close"))
    return IntradayWindow.parse(text) if by_the_clock else Window.parse(text)


@dataclass(frozen=True, slots=True)
class Study:
    """A named way of measuring a move.

    `factors` are further regressors beside the benchmark of the model `market`. With `exclude_events` the estimation
    window leaves out the instrument's own earlier event days.
    """

    name: str
    model: str = "market"
    estimation: int = 250
    gap: int = 10
    min_observations: int = 120
    windows: tuple[Window, ...] = (Window(0, 0), Window(0, 1), Window(0, 5), Window(-5, -1))
    interval: str = "1d"
    factors: tuple[str, ...] = ()
    exclude_events: bool = False

    @property
    def needs_benchmark(self) -> bool:
        """Whether the model compares with the benchmark."""
        return self.model in BENCHMARKED

    @property
    def model_name(self) -> str:
        """The model with what changes it: ``market + OIL, own events left out``."""
        name = " + ".join((self.model, *self.factors))
        return f"{name}, own events left out" if self.exclude_events else name


@dataclass(frozen=True, slots=True)
class IntradayStudy:
    """A named way of measuring moves by the clock, on bars of `interval`.

    `estimation`, `gap` and `min_observations` count sessions: each session holds a window once.
    """

    name: str
    interval: str
    windows: tuple[IntradayWindow, ...]
    model: str = "market"
    estimation: int = 250
    gap: int = 10
    min_observations: int = 120

    @property
    def needs_benchmark(self) -> bool:
        """Whether the model compares with the benchmark."""
        return self.model in BENCHMARKED

    @property
    def model_name(self) -> str:
        """The model."""
        return self.model

    def measured_as(self, model: str) -> Study:
        """Return how the same window on every session is measured: as one that lasts a session."""
        return Study(self.name, model, self.estimation, self.gap, self.min_observations, (Window(0, 0),), self.interval)


class Status(StrEnum):
    """What became of an event under a study and window."""

    SCORED = "scored"
    PENDING = "pending"
    UNSCORED = "unscored"


class Reason(StrEnum):
    """Why an event has no score."""

    SESSION_OPEN = "session_open"
    WINDOW_OPEN = "window_open"
    AWAITING_BARS = "awaiting_bars"
    SHORT_HISTORY = "short_history"
    NO_BARS = "no_bars"
    HALTED = "halted"
    NO_BENCHMARK = "no_benchmark"
    BENCHMARK_BARS = "benchmark_bars"
    FACTOR_BARS = "factor_bars"
    DAY_ONLY = "day_only"
    DEGENERATE = "degenerate"
    CURRENCY = "currency"
    BEYOND_SESSION = "beyond_session"
    ODD_HOURS = "odd_hours"


class Verdict(StrEnum):
    """One word a trader can filter on; the first that applies, in this order."""

    NOT_SCORED = "not_scored"
    WEAK_TIE = "weak_tie"
    MARKET_WIDE = "market_wide"
    NO_MOVE = "no_move"
    CONFOUNDED = "confounded"
    MOVE = "move"


# --- the state of things --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to do about the installation: where, what is wrong there, and what to do about it."""

    where: str
    problem: str
    advice: str
