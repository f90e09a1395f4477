"""Read config.yaml: parse the file, check its shape and its references, and report a mistake in one sentence.

The entries of `news:` and `prices:` are written flat and become `NewsSpec` and `PriceSpec`, whose `dialect` takes the
keys that say how a file is written. Paths are relative to the folder of the configuration file.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Hashable, Mapping
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from signals.config.markets import code_on, market_of, market_rules, unused_mics
from signals.config.presets import PRESETS, Preset, apply_preset
from signals.config.price_presets import PRICE_PRESETS
from signals.config.schema import (
    Config,
    ConfigFile,
    CorrectionEntry,
    InstrumentEntry,
    Job,
    Levels,
    MarketEntry,
    Notify,
    check_zone,
)
from signals.config.universe import read_universe
from signals.errors import ConfigError
from signals.types import (
    PEERS,
    QUOTED_UNITS,
    RETURN_MODELS,
    Alias,
    Correction,
    CsvDialect,
    Instrument,
    IntradayStudy,
    MarketRules,
    NewsSpec,
    PriceSpec,
    Scheme,
    Study,
    ZoneSince,
    quoted_unit,
)

T = TypeVar("T")
Spec = TypeVar("Spec", NewsSpec, PriceSpec)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # libyaml's loader where it is built
    """A YAML loader that reads every key as text (also the tickers ON, NO and 0700) and refuses a repeated key."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = True) -> dict[Hashable, object]:
        keys: set[str] = set()
        for key, _ in node.value:
            if key.value in keys:
                problem = f"the key {key.value!r} stands twice"
                raise yaml.constructor.ConstructorError(problem=problem, problem_mark=key.start_mark)
            keys.add(key.value)
        self.flatten_mapping(node)
        return {key.value: self.construct_object(value, deep=deep) for key, value in node.value}


# Bare ON, NO, yes and off are words, not booleans, and 18:45 is a time, not 1125 seconds.
_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, re.compile(r"[-+]?(?:0|[1-9]\d*)$") if tag.endswith(":int") else pattern)
        for tag, pattern in resolvers
        if tag != "tag:yaml.org,2002:bool" or first in "tTfF"
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load(path: Path, database: str | None = None) -> Config:
    """Read and check a configuration file.

    Parameters
    ----------
    path
        The file.
    database
        A URL that replaces the file's own.

    Raises
    ------
    ConfigError
        In one sentence, with the file and the path of the key.
    """
    where, root = str(path), path.resolve().parent
    file = _validate(where, "", TypeAdapter(ConfigFile), _read_yaml(path))
    studies = [entry.to_study() for entry in file.studies]
    entries = _instruments(where, file, root)
    instruments = tuple(_in_its_market(where, instrument, file.markets) for instrument in entries)
    config = Config(
        path=path.resolve(),
        database=_absolute_sqlite(database or file.database, Path.cwd() if database else root),
        instruments=instruments,
        news=tuple(_news(where, n, entry, file) for n, entry in enumerate(file.news)),
        prices=tuple(_prices(where, n, entry) for n, entry in enumerate(file.prices)),
        studies=tuple(study for study in studies if isinstance(study, Study)),
        intraday=tuple(study for study in studies if isinstance(study, IntradayStudy)),
        plausible_zones=file.plausible_zones,
        fx=file.fx,
        jobs=tuple(Job(name, job.cron, job.timezone, job.stages) for name, job in file.schedule.items()),
        levels=Levels(file.verdicts.q, file.verdicts.relevance),
        publish=file.publish,
        notify=Notify(**dict(file.notify)) if file.notify else None,
        markets=tuple(_market(where, mic, entry, root) for mic, entry in file.markets.items()),
        unused_mics=unused_mics(entries, instruments),
    )
    _check_names(where, config)
    _check_references(where, config)
    return config


def example() -> str:
    """Return the commented configuration that `signals init` writes: config.yaml at the top of the project."""
    package = Path(__file__).parent.parent
    shipped = package / "_config.yaml"
    return (shipped if shipped.is_file() else package.parent / "config.yaml").read_text(encoding="utf-8")


def _read_yaml(path: Path) -> Mapping[str, object]:
    where = str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(
            where, "there is no such file; `signals init` writes one to start from, or name yours with --config"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(where, f"cannot be read ({error}); save it as UTF-8 text that you may read") from None
    try:
        raw = yaml.load(text, _Loader) or {}  # noqa: S506 - a SafeLoader, narrowed further
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        problem = " ".join(str(getattr(error, "problem", None) or error).split())
        raise ConfigError(where, f"{line}{problem}") from None
    if not isinstance(raw, dict):
        raise ConfigError(where, "is not a mapping of keys to values; `signals init` writes an example")
    # A section whose entries are all comments is as if it were missing.
    return {key: value for key, value in raw.items() if value is not None or key not in ConfigFile.model_fields}


def _absolute_sqlite(url: str, root: Path) -> str:
    """Return the URL with the path of a SQLite file made absolute, so that it does not depend on the current folder."""
    head = "sqlite:///"
    name = url.removeprefix(head)
    if not url.startswith(head) or not name or name.startswith((":", "file:")) or Path(name).is_absolute():
        return url
    return head + str(root / name)


# --- errors ---------------------------------------------------------------------------------------------------------

_UNKNOWN_KEY = ("extra_forbidden", "unexpected_keyword_argument")  # pydantic's types for a model, for a dataclass
_RENAMED = {"do": "stages"}


def _validate(where: str, prefix: str, adapter: TypeAdapter[T], raw: object) -> T:
    try:
        return adapter.validate_python(raw)
    except ValidationError as error:
        first = min(error.errors(), key=lambda e: e["type"] not in _UNKNOWN_KEY)
        # pydantic adds the names of validators and the members of a union to the path.
        steps = [step for step in map(str, first["loc"]) if not step.startswith("function-") and step != "str"]
        key = ".".join(filter(None, [prefix, *steps]))
        raise ConfigError(where, f"{key}: {_problem(first, adapter)}") from None


def _problem(error: ErrorDetails, adapter: TypeAdapter[T]) -> str:
    if error["type"] in _UNKNOWN_KEY:
        return _unknown_key(str(error["loc"][-1]), sorted(_keys_of(adapter.json_schema())))
    secret = error["loc"][:1] == ("notify",)  # an address or a token may have been written under the wrong key
    return str(error["msg"]).removeprefix("Value error, ") + ("" if secret else f" (it is {error['input']!r:.80})")


def _unknown_key(key: str, allowed: Collection[str]) -> str:
    if _RENAMED.get(key) in allowed:
        return f"this key is unknown; it is now called {_RENAMED[key]!r}"
    near = difflib.get_close_matches(key, allowed, n=1)
    return "this key is unknown; " + (f"did you mean {near[0]!r}?" if near else "remove it or check its spelling")


def _keys_of(schema: object) -> set[str]:
    """Return the keys that a JSON schema lists anywhere."""
    if isinstance(schema, list):
        return set().union(*map(_keys_of, schema))
    if not isinstance(schema, dict):
        return set()
    return set(schema.get("properties", {})) | set().union(*map(_keys_of, schema.values()))


# --- sources --------------------------------------------------------------------------------------------------------

_DIALECT_KEYS = tuple(f.name for f in fields(CsvDialect))


def _entry(where: str, section: str, n: int, raw: Mapping[str, object], spec: type[Spec]) -> Spec:
    """Return the spec of a flat entry, whose keys are those of the spec and those of its dialect."""
    prefix = f"{section}[{raw.get('name', n)}]"
    allowed = [f.name for f in fields(spec) if f.name not in ("dialect", "listings")] + list(_DIALECT_KEYS)
    for key in raw:
        if key not in allowed:
            raise ConfigError(where, f"{prefix}.{key}: {_unknown_key(str(key), allowed)}")
    dialect = _validate(where, prefix, TypeAdapter(CsvDialect), {k: v for k, v in raw.items() if k in _DIALECT_KEYS})
    if dialect.timezone is not None:
        _check_zone(where, prefix, dialect.timezone)
    values = {key: value for key, value in raw.items() if key not in _DIALECT_KEYS}
    return _validate(where, prefix, TypeAdapter(spec), {**values, "dialect": dialect})


def _news(where: str, n: int, raw: Mapping[str, object], file: ConfigFile) -> NewsSpec:
    """Return the spec of an entry of `news:`; one of kind yahoo or edgar asks for the instruments."""
    raw = _with_preset(where, f"news[{raw.get('name', n)}]", raw, PRESETS)
    if raw.get("kind") == "yahoo" and "symbols" not in raw:
        vendors = [str(entry.get("name")) for entry in file.prices if entry.get("kind") == "yahoo"]
        symbols = (entry.symbols.get(name) for entry in file.instruments.values() for name in vendors)
        raw = {**raw, "symbols": tuple(dict.fromkeys(filter(None, symbols)))}
    if raw.get("kind") == "edgar" and not raw.keys() & {"symbols", "url", "urls", "path"}:
        aliases = (alias for entry in file.instruments.values() for alias in entry.aliases)
        raw = {**raw, "symbols": tuple(dict.fromkeys(alias.text for alias in aliases if alias.scheme is Scheme.CIK))}
    prefix = f"news[{raw.get('name', n)}]"
    return _entry(where, "news", n, _with_zones(where, prefix, raw), NewsSpec)


def _with_zones(where: str, prefix: str, raw: Mapping[str, object]) -> Mapping[str, object]:
    """Return an entry whose `timezone`, if it is a list of zones by date, is in `zones`."""
    zones = raw.get("timezone")
    if "zones" in raw:
        raise ConfigError(where, f"{prefix}.zones: write the list as `timezone`")
    if not isinstance(zones, list):
        return raw
    entries = [
        {"since" if key == "from" else key: item[key] for key in item} for item in zones if isinstance(item, dict)
    ]
    periods = _validate(where, f"{prefix}.timezone", TypeAdapter(tuple[ZoneSince, ...]), entries)
    days = [period.since or date.min for period in periods]
    if not periods or len(periods) < len(zones) or days != sorted(set(days)):
        example = "[{zone: Europe/London}, {from: 2009-11-16, zone: America/New_York}]"
        raise ConfigError(where, f"{prefix}.timezone: write zones in the order of their days, as in {example}")
    for period in periods:
        _check_zone(where, prefix, period.zone)
    return {**{key: value for key, value in raw.items() if key != "timezone"}, "zones": periods}


def _check_zone(where: str, prefix: str, zone: str, key: str = "timezone") -> None:
    try:
        check_zone(zone)
    except ValueError as error:
        raise ConfigError(where, f"{prefix}.{key}: {error}") from None


def _prices(where: str, n: int, raw: Mapping[str, object]) -> PriceSpec:
    """Return the spec of an entry of `prices:`."""
    prefix = f"prices[{raw.get('name', n)}]"
    return _entry(where, "prices", n, _with_preset(where, prefix, raw, PRICE_PRESETS), PriceSpec)


def _with_preset(
    where: str, prefix: str, raw: Mapping[str, object], presets: Mapping[str, Preset]
) -> Mapping[str, object]:
    try:
        return apply_preset(prefix, raw, presets)
    except ConfigError as error:
        raise ConfigError(where, f"{error.where}.{error.problem}") from None


# --- instruments ----------------------------------------------------------------------------------------------------


def _instruments(where: str, file: ConfigFile, root: Path) -> tuple[Instrument, ...]:
    """Return the instruments of `instruments:`, then those of the universe files; an entry replaces the file's row."""
    entries = {ticker: _instrument(ticker, entry) for ticker, entry in file.instruments.items()}
    path_of: dict[str, str] = {}
    instruments = list(entries.values())
    for spec in file.universe:
        for instrument in read_universe(spec, root):
            ticker = instrument.ticker
            if ticker in path_of:
                raise ConfigError(where, f"universe: {ticker} is in {path_of[ticker]} and in {spec.path}; keep one")
            path_of[ticker] = spec.path
            if ticker not in entries:
                instruments.append(instrument)
    return tuple(instruments)


def _in_its_market(where: str, instrument: Instrument, own: Collection[str]) -> Instrument:
    """Return an instrument with the market whose sessions it has; its ticker at another one stays an alias."""
    mic, before = market_of(instrument.kind, instrument.mic, own), instrument.mic
    if not mic:
        key = f"instruments.{instrument.ticker}.mic"
        raise ConfigError(where, f"{key}: give the market's code (ISO 10383); only crypto and fx need none")
    also = (code_on(before, instrument.ticker),) if before not in ("", mic) else ()
    return replace(instrument, mic=mic, aliases=(*instrument.aliases, *also))


def _market(where: str, mic: str, entry: MarketEntry, root: Path) -> MarketRules:
    """Return an entry of `markets:` with the rows of its files."""
    if entry.zone:
        _check_zone(where, f"markets.{mic}", entry.zone, "zone")
    return market_rules(mic, entry, root)


def _instrument(ticker: str, entry: InstrumentEntry) -> Instrument:
    aliases = tuple(Alias(a.text, a.scheme, a.strong, a.valid_from, a.valid_to, a.context) for a in entry.aliases)
    return Instrument(
        ticker,
        entry.name,
        entry.mic or "",
        quoted_unit(entry.currency).currency,
        entry.kind,
        entry.benchmark,
        dict(entry.symbols),
        aliases,
        entry.issuer,
        entry.valid_from,
        entry.valid_to,
        corrections=tuple(_correction(one) for one in entry.corrections),
        sector=entry.sector,
        quoted_in=entry.currency if entry.currency in QUOTED_UNITS else "",
    )


def _correction(entry: CorrectionEntry) -> Correction:
    first = entry.since or entry.day or date.min  # the schema asks for one of them
    return Correction(first, entry.until, entry.source, entry.scale, entry.split, entry.confirmed)


# --- references -----------------------------------------------------------------------------------------------------


def _check_names(where: str, config: Config) -> None:
    for section, names in (
        ("news", [spec.name for spec in config.news]),
        ("prices", [spec.name for spec in config.prices]),
        ("studies", [study.name for study in config.studies] + [study.name for study in config.intraday]),
    ):
        repeated = {name for name in names if names.count(name) > 1}
        if repeated:
            raise ConfigError(where, f"{section}: the name {min(repeated)!r} stands twice; give each entry its own")


def _check_references(where: str, config: Config) -> None:
    tickers = {instrument.ticker for instrument in config.instruments}
    sources = {spec.name for spec in config.prices}

    def check_ticker(key: str, ticker: str) -> None:
        if ticker not in tickers:
            raise ConfigError(where, f"{key}: {ticker!r} is not one of the instruments; add it there")

    for pair, ticker in config.fx.items():
        check_ticker(f"fx.{pair}", ticker)
    for n, study in enumerate(config.studies):
        for factor in study.factors:
            if factor != PEERS:
                check_ticker(f"studies.{n}.factors", factor)
        if study.factors and not study.return_model.takes_factors:
            takers = ", ".join(model.name for model in RETURN_MODELS.values() if model.takes_factors)
            raise ConfigError(where, f"studies.{n}.factors: only the model {takers} takes them, not {study.model}")
    for instrument in config.instruments:
        key = f"instruments.{instrument.ticker}"
        if instrument.benchmark is not None:
            check_ticker(f"{key}.benchmark", instrument.benchmark)
        for n, correction in enumerate(instrument.corrections):
            if correction.source is not None and correction.source not in sources:
                raise ConfigError(
                    where,
                    f"{key}.corrections.{n}.source: {correction.source!r} is no price source; known: {sorted(sources)}",
                )
        for source in instrument.symbols:
            if source not in sources:
                raise ConfigError(
                    where, f"{key}.symbols: {source!r} is not the name of a price source; known: {sorted(sources)}"
                )
