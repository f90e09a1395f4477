"""config.yaml -> a frozen Config. An unknown key is an error that names its path.

The entries of `news:` and `prices:` are written flat and travel as `NewsSpec` and `PriceSpec`; paths in them are
relative to the folder of the configuration file.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from signals.config.universe import UniverseSpec
from signals.config.universe import read as read_universe
from signals.errors import ConfigError
from signals.net.addresses import host_of
from signals.types import (
    MARKET,
    RETURN_MODELS,
    Alias,
    CsvDialect,
    Instrument,
    IntradayStudy,
    IntradayWindow,
    Kind,
    NewsSpec,
    PriceSpec,
    Scheme,
    Study,
    Window,
    return_model,
    window_of,
)

Stroke = Literal["ingest", "refresh", "score", "publish"]
NIGHT: tuple[Stroke, ...] = ("ingest", "refresh", "score")


@dataclass(frozen=True, slots=True)
class Job:
    """One entry of `schedule:`: a name, when, in which zone, and which strokes it does (or `publish`)."""

    name: str
    cron: str
    timezone: str
    do: tuple[Stroke, ...] = NIGHT


@dataclass(frozen=True, slots=True)
class Levels:
    """What a link must reach to be called a move."""

    q: float
    relevance: float


@dataclass(frozen=True, slots=True)
class Notify:
    """Where a notice of a night's end is sent, and of which ends.

    `url`, or the environment variable `url_from`; `headers_from` are header -> environment variable. `private` allows
    a host of one's own network.
    """

    url: str | None = field(repr=False)
    url_from: str | None
    headers_from: Mapping[str, str]
    on: Literal["failure", "always"]
    timeout: float
    private: bool


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration, checked."""

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

    @property
    def root(self) -> Path:
        """The folder that relative paths start from."""
        return self.path.parent


# --- the shape of the file ------------------------------------------------------------------------------------------


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is not a time zone; write an IANA name such as Europe/London") from error
    return name


def _label(text: str) -> str:
    if not text.isprintable() or set(text) & set("/\\") or text != text.strip() or not text:
        raise ValueError(f"{text!r:.80} cannot be a name: it is empty, or holds a slash, a control or outer spaces")
    return text


def _window(text: object) -> Window | IntradayWindow:
    return text if isinstance(text, Window | IntradayWindow) else window_of(str(text))


def _return_model(name: str) -> str:
    return return_model(name).name


Zone = Annotated[str, AfterValidator(_zone)]
Label = Annotated[str, AfterValidator(_label)]
Pair = Annotated[str, Field(pattern=r"^[A-Z]{6}$")]  # USDRUB: what one dollar costs in roubles
ParsedWindow = Annotated[Window | IntradayWindow, BeforeValidator(_window)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Alias(_Strict):
    text: str = Field(min_length=1)
    scheme: Scheme = Scheme.NAME
    strong: bool = True
    valid_from: date | None = None
    valid_to: date | None = None
    context: tuple[str, ...] = ()


def _spelled_out(alias: object) -> object:
    return {"text": alias} if isinstance(alias, str) else alias


class _Instrument(_Strict):
    name: str = Field(min_length=1)
    mic: str = Field(pattern=r"^[A-Z0-9]{4}$")
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    kind: Kind = "equity"
    benchmark: str | None = None
    symbols: dict[str, str] = {}
    aliases: tuple[Annotated[_Alias, BeforeValidator(_spelled_out)], ...] = ()
    issuer: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


_USUAL: dict[str, tuple[Window, ...] | tuple[IntradayWindow, ...]] = {
    "1d": Study("").windows,
    "intraday": tuple(
        IntradayWindow.parse(text) for text in ("-30m..0m", "0m..15m", "0m..30m", "0m..60m", "0m..close", "overnight")
    ),
}


class _Study(_Strict):
    name: Label
    model: Annotated[str, AfterValidator(_return_model)] = MARKET.name
    factors: tuple[str, ...] = ()
    exclude_events: bool = False
    estimation: int = Field(default=250, ge=20, le=2_500)
    gap: int = Field(default=10, ge=0, le=250)
    min_observations: int = Field(default=120, ge=10)
    windows: tuple[ParsedWindow, ...] = ()
    interval: str = Field(default="1d", pattern=r"^(1d|[1-9][0-9]*[mh])$")

    @model_validator(mode="after")
    def _of_one_kind(self) -> Self:
        """Windows by the clock go with bars finer than a day, and windows in sessions with daily ones."""
        wanted = Window if self.interval == "1d" else IntradayWindow
        for window in self.windows:
            if not isinstance(window, wanted):
                kind = "in sessions (0..1)" if wanted is Window else "by the clock (0m..60m, 0m..close, overnight)"
                raise ValueError(f"with bars of {self.interval} a window is written {kind}, not {window}")
        if self.interval != "1d" and (self.factors or self.exclude_events):
            raise ValueError("factors and exclude_events are for daily bars; leave them out of an intraday study")
        return self

    def built(self) -> Study | IntradayStudy:
        """Return the study, with the usual windows if it names none."""
        given = {**dict(self), "windows": self.windows or _USUAL["1d" if self.interval == "1d" else "intraday"]}
        if self.interval == "1d":
            return Study(**given)
        return IntradayStudy(**{f.name: given[f.name] for f in fields(IntradayStudy)})


def _strokes(written: object) -> object:
    """Read `do:`; one word may stand for itself, and `run` for the whole night."""
    words = [written] if isinstance(written, str) else written
    return NIGHT if words == ["run"] else words


class _Job(_Strict):
    cron: str
    timezone: Zone = "UTC"
    do: Annotated[tuple[Stroke, ...], BeforeValidator(_strokes)] = Field(default=NIGHT, min_length=1)


class _Levels(_Strict):
    q: float = Field(default=0.05, gt=0, lt=1)
    relevance: float = Field(default=0.25, ge=0, le=1)


def _address(url: str) -> str:
    if not host_of(url):
        raise ValueError("it is not an http or https address")
    if "@" in urlsplit(url).netloc:
        raise ValueError("it holds a name or password; send one as a header, by headers_from")
    return url


Variable = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Header = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$")]


class _Notify(_Strict):
    url: Annotated[str, AfterValidator(_address)] | None = None
    url_from: Variable | None = None
    headers_from: dict[Header, Variable] = {}
    on: Literal["failure", "always"] = "failure"
    timeout: float = Field(default=10, gt=0, le=60)
    private: bool = False

    @model_validator(mode="after")
    def _to_one_address(self) -> Self:
        if (self.url is None) == (self.url_from is None):
            raise ValueError("name one address: url, or url_from, the environment variable that holds it")
        return self


class _File(_Strict):
    database: str = "sqlite:///signals.db"
    instruments: dict[Label, _Instrument] = {}
    universe: tuple[UniverseSpec, ...] = ()
    news: tuple[dict[str, Any], ...] = ()
    prices: tuple[dict[str, Any], ...] = ()
    studies: tuple[_Study, ...] = (_Study(name="market"),)
    plausible_zones: tuple[Zone, ...] = ("UTC", "Europe/London", "America/New_York")
    fx: dict[Pair, str] = {}
    schedule: dict[Label, _Job] = {}
    verdicts: _Levels = _Levels()
    publish: str = "snapshot"
    notify: _Notify | None = None


# --- reading it -----------------------------------------------------------------------------------------------------


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the fast one where it was built
    """YAML as people mean it: keys are text (the tickers ON, NO and 0700 too), and a key stands once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = True) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                problem = f"the key {key.value!r} stands twice"
                raise yaml.constructor.ConstructorError(problem=problem, problem_mark=key.start_mark)
            seen.add(key.value)
        self.flatten_mapping(node)
        return {key.value: self.construct_object(value, deep=deep) for key, value in node.value}


# Bare ON, NO, yes and off are words, not booleans, and 18:45 is a time, not 1125 seconds.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

_Loader.yaml_implicit_resolvers = {
    first: [(tag, re.compile(r"[-+]?(?:0|[1-9]\d*)$") if tag.endswith(":int") else rule) for tag, rule in rules]
    for first, rules in _Loader.yaml_implicit_resolvers.items()
}

_DIALECT_KEYS = tuple(f.name for f in fields(CsvDialect))


def load(path: Path, database: str | None = None) -> Config:
    """Read and check a configuration file.

    Parameters
    ----------
    path
        The file.
    database
        A URL that takes the place of the file's own.

    Raises
    ------
    ConfigError
        In one sentence, with the file and the path of the key.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(
            str(path), "there is no such file; `signals init` writes one to start from, or name yours with --config"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), f"cannot be read ({error}); save it as UTF-8 text that you may read") from None
    try:
        raw = yaml.load(text, _Loader) or {}  # noqa: S506 - a SafeLoader, narrowed further
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        raise ConfigError(str(path), f"{line}{getattr(error, 'problem', None) or error}") from None
    if not isinstance(raw, dict):
        raise ConfigError(str(path), "is not a mapping of keys to values; `signals init` shows the shape")
    where = str(path)
    file = _validate(where, "", TypeAdapter(_File), raw)
    studies = [study.built() for study in file.studies]
    config = Config(
        path=path.resolve(),
        database=_relative_sqlite(database or file.database, Path.cwd() if database else path.resolve().parent),
        instruments=_instruments(where, file, path.resolve().parent),
        news=tuple(_news(where, n, entry, file) for n, entry in enumerate(file.news)),
        prices=tuple(_prices(where, n, entry) for n, entry in enumerate(file.prices)),
        studies=tuple(study for study in studies if isinstance(study, Study)),
        intraday=tuple(study for study in studies if isinstance(study, IntradayStudy)),
        plausible_zones=file.plausible_zones,
        fx=file.fx,
        jobs=tuple(Job(name, job.cron, job.timezone, job.do) for name, job in file.schedule.items()),
        levels=Levels(file.verdicts.q, file.verdicts.relevance),
        publish=file.publish,
        notify=Notify(**dict(file.notify)) if file.notify else None,
    )
    _check_references(where, config)
    return config


_UNKNOWN_KEY = ("extra_forbidden", "unexpected_keyword_argument")  # of a model, of a dataclass


def to_json(kind: type[Any], value: object) -> str:
    """Write a value whose parts come from the configuration as JSON."""
    return TypeAdapter(kind).dump_json(value).decode()


def from_json(kind: type[Any], written: str) -> Any:
    """Read what `to_json` wrote; None where this program's values have another shape."""
    try:
        return TypeAdapter(kind).validate_json(written)
    except ValidationError:
        return None


def _validate(where: str, prefix: str, adapter: TypeAdapter[Any], raw: object) -> Any:
    try:
        return adapter.validate_python(raw)
    except ValidationError as error:
        first = min(error.errors(), key=lambda e: e["type"] not in _UNKNOWN_KEY)
        steps = [str(step) for step in first["loc"] if not str(step).startswith(("_", "function-", "str"))]
        key = ".".join(filter(None, [prefix, *steps]))
        raise ConfigError(where, f"{key}: {_problem(first, adapter)}") from None


def _problem(error: Any, adapter: TypeAdapter[Any]) -> str:
    if error["type"] not in _UNKNOWN_KEY:
        secret = error["loc"][:1] == ("notify",)  # an address or a token may stand where it should not
        return str(error["msg"]).removeprefix("Value error, ") + ("" if secret else f" (it is {error['input']!r:.80})")
    near = difflib.get_close_matches(str(error["loc"][-1]), sorted(_known_keys(adapter.json_schema())), n=1)
    return "this key is unknown" + (f"; did you mean {near[0]!r}?" if near else "; remove it or check its spelling")


def _known_keys(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(_known_keys, schema))
    if not isinstance(schema, dict):
        return set()
    return set(schema.get("properties", {})) | set().union(*map(_known_keys, schema.values()), set())


def _entry(where: str, room: str, n: int, raw: Mapping[str, Any], spec: type) -> dict[str, Any]:
    """Split a flat entry into the spec's own keys and the dialect's, with the room and name in every complaint."""
    prefix = f"{room}[{raw.get('name', n)}]"
    allowed = [f.name for f in fields(spec) if f.name != "dialect"] + list(_DIALECT_KEYS)
    for key in raw:
        if key not in allowed:
            near = difflib.get_close_matches(str(key), allowed, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else "; remove it or check its spelling"
            raise ConfigError(where, f"{prefix}.{key}: this key is unknown{hint}")
    dialect = _validate(where, prefix, TypeAdapter(CsvDialect), {k: v for k, v in raw.items() if k in _DIALECT_KEYS})
    if dialect.timezone is not None:
        try:
            _zone(dialect.timezone)
        except ValueError as error:
            raise ConfigError(where, f"{prefix}.timezone: {error}") from None
    return {**{k: v for k, v in raw.items() if k not in _DIALECT_KEYS}, "dialect": dialect}


def _news(where: str, n: int, raw: Mapping[str, Any], file: _File) -> NewsSpec:
    entry = _entry(where, "news", n, raw, NewsSpec)
    if raw.get("kind") == "yahoo" and "symbols" not in raw:
        # What its prices are asked for there, its news are.
        vendors = [other.get("name") for other in file.prices if other.get("kind") == "yahoo"]
        symbols = (i.symbols.get(str(name)) for i in file.instruments.values() for name in vendors)
        entry["symbols"] = tuple(dict.fromkeys(filter(None, symbols)))
    spec: NewsSpec = _validate(where, f"news[{raw.get('name', n)}]", TypeAdapter(NewsSpec), entry)
    return spec


def _prices(where: str, n: int, raw: Mapping[str, Any]) -> PriceSpec:
    entry = _entry(where, "prices", n, raw, PriceSpec)
    spec: PriceSpec = _validate(where, f"prices[{raw.get('name', n)}]", TypeAdapter(PriceSpec), entry)
    return spec


def _instruments(where: str, file: _File, root: Path) -> tuple[Instrument, ...]:
    """Put the instruments written out before those of the universes; one written out takes the place of its row."""
    written = {ticker: _instrument(ticker, entry) for ticker, entry in file.instruments.items()}
    listed: dict[str, str] = {}
    found = list(written.values())
    for spec in file.universe:
        for instrument in read_universe(spec, root):
            ticker = instrument.ticker
            if ticker in listed:
                raise ConfigError(where, f"universe: {ticker} stands in {listed[ticker]} and in {spec.path}; keep one")
            listed[ticker] = spec.path
            if ticker not in written:
                found.append(instrument)
    return tuple(found)


def _instrument(ticker: str, entry: _Instrument) -> Instrument:
    aliases = tuple(Alias(a.text, a.scheme, a.strong, a.valid_from, a.valid_to, a.context) for a in entry.aliases)
    return Instrument(
        ticker,
        entry.name,
        entry.mic,
        entry.currency,
        entry.kind,
        entry.benchmark,
        dict(entry.symbols),
        aliases,
        entry.issuer,
        entry.valid_from,
        entry.valid_to,
    )


def _check_references(where: str, config: Config) -> None:
    tickers = {i.ticker: i for i in config.instruments}
    sources = {spec.name for spec in config.prices}
    for room, names in (
        ("news", [s.name for s in config.news]),
        ("prices", [s.name for s in config.prices]),
        ("studies", [*(s.name for s in config.studies), *(s.name for s in config.intraday)]),
    ):
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ConfigError(where, f"{room}: the name {min(twice)!r} stands twice; give each entry its own")
    for pair, ticker in config.fx.items():
        if ticker not in tickers:
            raise ConfigError(where, f"fx.{pair}: {ticker!r} is not one of the instruments; add it there")
    for n, study in enumerate(config.studies):
        for factor in study.factors:
            if factor not in tickers:
                raise ConfigError(where, f"studies.{n}.factors: {factor!r} is not one of the instruments; add it there")
        if study.factors and not study.return_model.takes_factors:
            takers = ", ".join(model.name for model in RETURN_MODELS.values() if model.takes_factors)
            raise ConfigError(where, f"studies.{n}.factors: only the model {takers} takes them, not {study.model}")
    for instrument in config.instruments:
        key = f"instruments.{instrument.ticker}"
        if instrument.benchmark is not None and instrument.benchmark not in tickers:
            raise ConfigError(
                where, f"{key}.benchmark: {instrument.benchmark!r} is not one of the instruments; add it there"
            )
        for source in instrument.symbols:
            if source not in sources:
                raise ConfigError(
                    where, f"{key}.symbols: {source!r} is not the name of a price source; known: {sorted(sources)}"
                )


def _relative_sqlite(url: str, root: Path) -> str:
    """Let ``sqlite:///signals.db`` mean the file beside the configuration, from wherever the command is run."""
    head = "sqlite:///"
    name = url.removeprefix(head)
    if not url.startswith(head) or not name or name.startswith((":", "file:")) or Path(name).is_absolute():
        return url
    return head + str(root / name)


def example() -> str:
    """Return the commented configuration that `signals init` writes: the one at the top of the project."""
    package = Path(__file__).parent.parent
    shipped = package / "_config.yaml"
    return (shipped if shipped.is_file() else package.parent / "config.yaml").read_text(encoding="utf-8")
