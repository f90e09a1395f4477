"""Price sources: a vendor's data -> `History` values. One module per kind of source; every source screens its bars."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from signals.errors import ConfigError
from signals.prices.intervals import interval_seconds
from signals.types import ListingSearch, PriceSource, PriceSpec

__all__ = ["KINDS", "SEARCHES", "open_search", "open_source"]

#: The entry-point group in which other packages register their kinds.
GROUP = "signals.prices"

#: The built-in kinds, each with the class that is imported when an entry of the kind is opened.
KINDS: Mapping[str, str] = {
    "csv": "signals.prices.files:FileSource",
    "moex": "signals.prices.moex:MoexSource",
    "yahoo": "signals.prices.yahoo:YahooSource",
}

#: The built-in kinds that listings can be searched in.
SEARCHES: Mapping[str, str] = {
    "moex": "signals.prices.moex_search:MoexSearch",
    "yahoo": "signals.prices.yahoo_search:YahooSearch",
}


def open_search(spec: PriceSpec) -> ListingSearch:
    """Return the search of listings of an entry of `prices:` whose kind is one of `SEARCHES`."""
    factory: Callable[[PriceSpec], ListingSearch] = EntryPoint(spec.kind, SEARCHES[spec.kind], GROUP).load()
    return factory(spec)


def open_source(spec: PriceSpec, root: Path) -> PriceSource:
    """Return the source that an entry of `prices:` describes.

    Parameters
    ----------
    spec
        The entry.
    root
        The folder that relative paths are relative to.

    Raises
    ------
    ConfigError
        The kind is unknown, or the entry asks for something that its kind cannot do.
    """
    _check(spec)
    if spec.kind in KINDS:
        point = EntryPoint(spec.kind, KINDS[spec.kind], GROUP)
    else:
        others = {point.name: point for point in entry_points(group=GROUP)}
        if spec.kind not in others:
            kinds = ", ".join(sorted(KINDS.keys() | others.keys()))
            raise ConfigError(f"prices[{spec.name}].kind", f"{spec.kind!r} is unknown; known kinds: {kinds}")
        point = others[spec.kind]
    factory: Callable[[PriceSpec, Path], PriceSource] = point.load()
    return factory(spec, root)


def _check(spec: PriceSpec) -> None:
    """Check the values of an entry that mean the same for every kind."""
    try:
        interval_seconds(spec.interval)
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
