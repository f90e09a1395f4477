"""Prices: a vendor's data -> `History` values. One small file per vendor; every bar passes the same gates."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import entry_points
from pathlib import Path

from signals.errors import ConfigError, missing_library
from signals.types import PriceSource, PriceSpec

Factory = Callable[[PriceSpec, Path], PriceSource]


def _files(spec: PriceSpec, root: Path) -> PriceSource:
    from signals.prices import parquet
    from signals.prices.files import ACTION_COLUMNS, COLUMNS, FileSource

    where = f"prices[{spec.name}]"
    if not spec.path:
        raise ConfigError(f"{where}.path", "is missing; name the file, with {symbol} if there are many")
    for key, path in (("path", spec.path), ("actions.path", spec.actions.path if spec.actions else "")):
        if path.endswith(parquet.ENDING) and not parquet.installed():
            raise ConfigError(f"{where}.{key}", missing_library("a Parquet file", "pyarrow"))
    if len(spec.dialect.delimiter) != 1:
        raise ConfigError(f"{where}.delimiter", f"{spec.dialect.delimiter!r} is not one character")
    _check_columns(f"{where}.columns", spec.dialect.columns, COLUMNS)
    _check_columns(f"{where}.actions.columns", spec.actions.columns if spec.actions else {}, ACTION_COLUMNS)
    return FileSource(spec, root)


def _check_columns(where: str, columns: Mapping[str, str | int], known: Sequence[str]) -> None:
    for key in columns:
        if key not in known:
            raise ConfigError(f"{where}.{key}", f"this key is unknown; known keys: {', '.join(known)}")


def _moex(spec: PriceSpec, root: Path) -> PriceSource:  # noqa: ARG001 - a factory is given the folder
    from signals.prices.moex import CANDLES, MoexSource

    _check_interval(spec, ["1d", *CANDLES])
    return MoexSource(spec)


def _yahoo(spec: PriceSpec, root: Path) -> PriceSource:  # noqa: ARG001 - a factory is given the folder
    from signals.prices.yahoo import DEPTH, YahooSource

    _check_interval(spec, ["1d", *DEPTH])
    return YahooSource(spec)


def _check_interval(spec: PriceSpec, served: Sequence[str]) -> None:
    if spec.interval not in served:
        problem = f"{spec.kind} does not serve {spec.interval}; write one of {', '.join(served)}"
        raise ConfigError(f"prices[{spec.name}].interval", problem)


#: The kinds that come with the program. Others are found in the entry-point group ``signals.prices``.
KINDS: dict[str, Factory] = {"csv": _files, "moex": _moex, "yahoo": _yahoo}


def open_source(spec: PriceSpec, root: Path) -> PriceSource:
    """Make the source that an entry of `prices:` describes.

    Parameters
    ----------
    spec
        The entry.
    root
        The folder that relative paths start from.

    Raises
    ------
    ConfigError
        The kind is unknown, or the entry asks for what its kind cannot do.
    """
    from signals.prices.gates import seconds

    try:
        seconds(spec.interval)
    except ValueError as error:
        raise ConfigError(f"prices[{spec.name}].interval", str(error)) from None
    try:
        codecs.lookup(spec.dialect.encoding)
    except LookupError:
        problem = f"{spec.dialect.encoding!r} is not an encoding; write utf-8, cp1251, latin-1 ..."
        raise ConfigError(f"prices[{spec.name}].encoding", problem) from None
    for key, value, least in (("delay", spec.delay, 0), ("at_once", spec.at_once, 1)):
        if value is not None and value < least:
            raise ConfigError(f"prices[{spec.name}].{key}", f"{value} is less than {least}")
    if spec.kind in KINDS:
        return KINDS[spec.kind](spec, root)
    others = {point.name: point for point in entry_points(group="signals.prices")}
    if spec.kind in others:
        factory: Factory = others[spec.kind].load()
        return factory(spec, root)
    known = ", ".join(sorted(KINDS.keys() | others.keys()))
    raise ConfigError(f"prices[{spec.name}].kind", f"{spec.kind!r} is unknown; known kinds: {known}")
