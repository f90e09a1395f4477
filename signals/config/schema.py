"""The frozen values of the configuration, and the pydantic models of the file that they are made from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from signals.config.universe import UniverseSpec
from signals.net.addresses import host_of
from signals.types import (
    MARKET,
    QUOTED_UNITS,
    DatedHours,
    Instrument,
    IntradayStudy,
    IntradayWindow,
    Kind,
    MarketRules,
    NewsSpec,
    PriceSpec,
    Scheme,
    Stage,
    Study,
    Window,
    parse_time,
    parse_weekdays,
    return_model,
    window_of,
)

_CURRENCY_CODE = re.compile(r"[A-Z]{3}")

DEFAULT_STAGES = (Stage.INGEST, Stage.REFRESH, Stage.SCORE)


@dataclass(frozen=True, slots=True)
class Job:
    """One entry of `schedule:`: its name, its cron line with the time zone, and the stages that it runs."""

    name: str
    cron: str
    timezone: str
    stages: tuple[Stage, ...] = DEFAULT_STAGES


@dataclass(frozen=True, slots=True)
class Levels:
    """The thresholds of the verdict `move`: the largest q-value and the least relevance of a link."""

    q: float
    relevance: float


@dataclass(frozen=True, slots=True)
class Notify:
    """The address that notices of runs are sent to, and of which runs.

    The address is `url`, or the value of the environment variable `url_from`. `headers_from` maps a header to the
    environment variable that holds its value. `private` allows a host of a private network.
    """

    url: str | None = field(repr=False)
    url_from: str | None
    headers_from: Mapping[str, str]
    on: Literal["failure", "always"]
    timeout: float
    private: bool


@dataclass(frozen=True, slots=True)
class Config:
    """The configuration, checked.

    `unused_mics` are the codes, by ticker, that instruments were given and do not have the sessions of.
    """

    path: Path
    database: str
    instruments: tuple[Instrument, ...]
    news: tuple[NewsSpec, ...]
    prices: tuple[PriceSpec, ...]
    studies: tuple[Study, ...]
    intraday: tuple[IntradayStudy, ...]
    plausible_zones: tuple[str, ...]
    fx: Mapping[str, str]
    jobs: tuple[Job, ...]
    levels: Levels
    publish: str
    notify: Notify | None
    markets: tuple[MarketRules, ...]
    unused_mics: Mapping[str, str]

    def __repr__(self) -> str:
        """Show the file alone, because an address of it may hold a secret."""
        return f"Config({str(self.path)!r})"

    @property
    def root(self) -> Path:
        """The folder that relative paths are relative to."""
        return self.path.parent


# --- the models of the file -----------------------------------------------------------------------------------------


def check_zone(name: str) -> str:
    """Return an IANA time zone's name; raises ValueError for any other text."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is not a time zone; write an IANA name such as Europe/London") from error
    return name


def _label(text: str) -> str:
    if not text.isprintable() or set(text) & set("/\\") or text != text.strip() or not text:
        raise ValueError(f"{text!r:.80} cannot be a name: it is empty, or has a slash, control or outer space")
    return text


def _window(text: object) -> Window | IntradayWindow:
    return text if isinstance(text, Window | IntradayWindow) else window_of(str(text))


def _return_model(name: str) -> str:
    return return_model(name).name


Zone = Annotated[str, AfterValidator(check_zone)]
Label = Annotated[str, AfterValidator(_label)]
Pair = Annotated[str, Field(pattern=r"^[A-Z]{6}$")]  # USDRUB: what one dollar costs in roubles
Mic = Annotated[str, Field(pattern=r"^[A-Z0-9]{4}$")]
ParsedWindow = Annotated[Window | IntradayWindow, BeforeValidator(_window)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AliasEntry(_Strict):
    """One alias of an instrument; a plain text is a name."""

    text: str = Field(min_length=1)
    scheme: Scheme = Scheme.NAME
    strong: bool = True
    valid_from: date | None = None
    valid_to: date | None = None
    context: tuple[str, ...] = ()


def _alias(alias: object) -> object:
    return {"text": alias} if isinstance(alias, str) else alias


Factor = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class CorrectionEntry(_Strict):
    """One correction of an instrument's prices: a scale from a day on, a split of a day, or a jump that is a move."""

    day: date | None = Field(default=None, alias="date")
    since: date | None = Field(default=None, alias="from")
    until: date | None = None
    source: str | None = None
    scale: Factor | None = None
    split: Factor | None = None
    confirmed: bool = False

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        """Check that it says one thing, of days that go with it."""
        if (self.scale is not None) + (self.split is not None) + self.confirmed != 1:
            raise ValueError("write one of `scale`, `split` and `confirmed: true`")
        if (self.scale is None) != (self.since is None) or (self.scale is None) != (self.day is not None):
            raise ValueError("write `from` (and `until`) with `scale`, and `date` with `split` and `confirmed`")
        if self.until is not None and (self.since is None or self.until < self.since):
            raise ValueError("`until` goes with `from` and is not before it")
        return self


def _currency(code: str) -> str:
    if code not in QUOTED_UNITS and not _CURRENCY_CODE.fullmatch(code):
        raise ValueError(f"{code!r} is not a currency; write three capitals such as GBP, or a quoted unit such as GBp")
    return code


class InstrumentEntry(_Strict):
    """One entry of `instruments:`."""

    name: str = Field(min_length=1)
    mic: Mic | None = None
    currency: Annotated[str, AfterValidator(_currency)]
    kind: Kind = "equity"
    benchmark: str | None = None
    symbols: dict[str, str] = {}
    aliases: tuple[Annotated[AliasEntry, BeforeValidator(_alias)], ...] = ()
    issuer: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    corrections: tuple[CorrectionEntry, ...] = ()
    sector: str = ""


def _clock(text: object) -> object:
    return parse_time(text) if isinstance(text, str) else text


def _weekdays(text: object) -> object:
    return parse_weekdays(",".join(map(str, text)) if isinstance(text, list) else str(text))


def _paths(text: object) -> object:
    return (text,) if isinstance(text, str) else text


Clock = Annotated[time, BeforeValidator(_clock)]


class MarketEntry(_Strict):
    """One entry of `markets:`."""

    calendar: str = ""
    zone: str = ""
    weekdays: Annotated[tuple[int, ...], BeforeValidator(_weekdays)] = ()
    opens: Clock | None = None
    closes: Clock | None = None
    break_starts: Clock | None = None
    break_ends: Clock | None = None
    hours: Annotated[tuple[str, ...], BeforeValidator(_paths)] = ()

    @model_validator(mode="after")
    def _in_pairs(self) -> Self:
        """Check that there is one source of days, and that a break has both of its ends."""
        if self.calendar and self.weekdays:
            raise ValueError("weekdays: a calendar has its own; give one of the two")
        if (self.break_starts is None) != (self.break_ends is None):
            raise ValueError("give both break_starts and break_ends, or none")
        return self

    def usual(self) -> DatedHours | None:
        """Return the usual hours that the entry gives, if any."""
        hours = (self.opens, self.closes, self.break_starts, self.break_ends)
        return None if hours == (None,) * 4 else DatedHours("hours", date.min, date.max, (), *hours)


_DEFAULT_WINDOWS: dict[str, tuple[Window, ...] | tuple[IntradayWindow, ...]] = {
    "1d": Study("").windows,
    "intraday": tuple(
        IntradayWindow.parse(text) for text in ("-30m..0m", "0m..15m", "0m..30m", "0m..60m", "0m..close", "overnight")
    ),
}


def _default_windows(interval: str) -> tuple[Window, ...] | tuple[IntradayWindow, ...]:
    return _DEFAULT_WINDOWS["1d" if interval == "1d" else "intraday"]


class StudyEntry(_Strict):
    """One entry of `studies:`; a study without windows gets the default ones of its interval."""

    name: Label
    model: Annotated[str, AfterValidator(_return_model)] = MARKET.name
    factors: tuple[str, ...] = ()
    exclude_events: bool = False
    estimation: int = Field(default=250, ge=20, le=2_500)
    gap: int = Field(default=10, ge=0, le=250)
    min_observations: int = Field(default=120, ge=10)
    windows: tuple[ParsedWindow, ...] = ()
    interval: str = Field(default="1d", pattern=r"^(1d|[1-9][0-9]*[mh])$")
    decides: ParsedWindow | None = None

    @model_validator(mode="after")
    def _decided_after_publication(self) -> Self:
        """Check that the deciding window is one of the study's and ends after publication."""
        windows = self.windows or _default_windows(self.interval)
        if self.decides is not None and self.decides not in windows:
            raise ValueError(f"decides: {self.decides} is none of the windows {', '.join(map(str, windows))}")
        if self.decides is not None and self.decides.before_publication:
            raise ValueError(f"decides: {self.decides} ends before publication, so it is a warning and decides nothing")
        return self

    @model_validator(mode="after")
    def _of_one_kind(self) -> Self:
        """Check that windows are in sessions for daily bars and by the clock for finer bars."""
        daily = self.interval == "1d"
        for window in self.windows:
            if not isinstance(window, Window if daily else IntradayWindow):
                form = "in sessions (0..1)" if daily else "by the clock (0m..60m, 0m..close, overnight)"
                raise ValueError(f"with bars of {self.interval} a window is written {form}, not {window}")
        if self.interval != "1d" and (self.factors or self.exclude_events):
            raise ValueError("factors and exclude_events are for daily bars; leave them out of an intraday study")
        return self

    def to_study(self) -> Study | IntradayStudy:
        """Return the study, with the default windows if the entry names none."""
        values = {**dict(self), "windows": self.windows or _default_windows(self.interval)}
        if self.interval == "1d":
            return Study(**values)
        return IntradayStudy(**{f.name: values[f.name] for f in fields(IntradayStudy)})


def _stages(value: object) -> object:
    """Read `stages:`; a single stage may be written without brackets, and `run` means the default stages."""
    stages = [value] if isinstance(value, str) else value
    return DEFAULT_STAGES if stages == ["run"] else stages


class JobEntry(_Strict):
    """One entry of `schedule:`."""

    cron: str
    timezone: Zone = "UTC"
    stages: Annotated[tuple[Stage, ...], BeforeValidator(_stages)] = Field(default=DEFAULT_STAGES, min_length=1)


class VerdictLevels(_Strict):
    """The mapping `verdicts:`."""

    q: float = Field(default=0.20, gt=0, lt=1)
    relevance: float = Field(default=0.25, ge=0, le=1)


def _address(url: str) -> str:
    if not host_of(url):
        raise ValueError("it is not an http or https address")
    if "@" in urlsplit(url).netloc:
        raise ValueError("it contains a user name or password; send one as a header, with headers_from")
    return url


Variable = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Header = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$")]


class NotifyEntry(_Strict):
    """The mapping `notify:`."""

    url: Annotated[str, AfterValidator(_address)] | None = None
    url_from: Variable | None = None
    headers_from: dict[Header, Variable] = {}
    on: Literal["failure", "always"] = "failure"
    timeout: float = Field(default=10, gt=0, le=60)
    private: bool = False

    @model_validator(mode="after")
    def _one_address(self) -> Self:
        if (self.url is None) == (self.url_from is None):
            raise ValueError("give one address: url, or url_from, the environment variable that holds it")
        return self


class ConfigFile(_Strict):
    """The whole file; the entries of `news:` and `prices:` are checked by the loader."""

    database: str = "sqlite:///signals.db"
    instruments: dict[Label, InstrumentEntry] = {}
    markets: dict[Mic, MarketEntry] = {}
    universe: tuple[UniverseSpec, ...] = ()
    news: tuple[dict[str, object], ...] = ()
    prices: tuple[dict[str, object], ...] = ()
    studies: tuple[StudyEntry, ...] = (StudyEntry(name="market"),)
    plausible_zones: tuple[Zone, ...] = ("UTC", "Europe/London", "America/New_York")
    fx: dict[Pair, str] = {}
    schedule: dict[Label, JobEntry] = {}
    verdicts: VerdictLevels = VerdictLevels()
    publish: str = "snapshot"
    notify: NotifyEntry | None = None
