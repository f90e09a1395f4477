"""The instruments that a ticker, a name or an ISIN may mean: by the searches of the price sources, or by a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from signals import prices
from signals.app import App
from signals.config import UniverseSpec, read_universe
from signals.errors import ConfigError, SourceError
from signals.types import MARKET_OF_KIND, Alias, Candidate, Instrument, PriceSpec, Scheme


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Instruments that a text may mean, and the failures of searches.

    The instruments have no benchmark, and no currency where the search does not say it.
    """

    instruments: tuple[Instrument, ...]
    failures: tuple[SourceError, ...] = ()


def configured(app: App, text: str, mic: str | None) -> Instrument | None:
    """Return the instrument of the configuration that has this ticker or ISIN, and the market if one is named."""
    for one in app.config.instruments:
        codes = {one.ticker.casefold(), *(a.text.casefold() for a in one.aliases if a.scheme is Scheme.ISIN)}
        if text.casefold() in codes and mic in (None, one.mic):
            return one
    return None


def search(app: App, text: str, source: str | None) -> SearchResult:
    """Return what the searches of the configured price sources offer for a text.

    Sources of one kind at one address are asked once. What two vendors list under one ticker on one market is one
    instrument with a symbol for each.

    Raises
    ------
    ConfigError
        The configuration has no price source that searches, or not this one.
    """
    groups: dict[tuple[str, str | None], list[PriceSpec]] = {}
    for spec in _searchable(app, source):
        groups.setdefault((spec.kind, spec.base_url), []).append(spec)
    instruments: dict[tuple[str, str, int], Instrument] = {}
    failures: list[SourceError] = []
    for specs in groups.values():
        try:
            candidates = prices.open_search(specs[0]).search(text)
        except SourceError as error:
            failures.append(error)
            continue
        for candidate in candidates:
            _merge(instruments, candidate, [spec.name for spec in specs])
    return SearchResult(tuple(instruments.values()), tuple(failures))


def _searchable(app: App, source: str | None) -> Sequence[PriceSpec]:
    _check_source(app, source)
    specs = [spec for spec in app.config.prices if spec.kind in prices.SEARCHES and source in (None, spec.name)]
    if not specs:
        which = f"the source {source!r} offers no search" if source else "no source offers a search"
        kinds = " or ".join(sorted(prices.SEARCHES))
        raise ConfigError(str(app.config.path), f"prices: {which}; add one of kind {kinds}, or name a file with --from")
    return specs


def _check_source(app: App, source: str | None) -> None:
    """Raise ConfigError for the name of no price source of the configuration."""
    names = [spec.name for spec in app.config.prices]
    if source is not None and source not in names:
        choice = ", ".join(names) or "none"
        raise ConfigError(str(app.config.path), f"prices: no source is called {source!r:.120}; known: {choice}")


def _merge(instruments: dict[tuple[str, str, int], Instrument], candidate: Candidate, sources: Sequence[str]) -> None:
    """Add a vendor's listing to the instrument that is the same for another vendor, or as one of its own."""
    symbols = dict.fromkeys(sources, candidate.symbol)
    number = 0
    while (other := instruments.get(key := (candidate.ticker, candidate.mic, number))) and sources[0] in other.symbols:
        if other.symbols[sources[0]] == candidate.symbol:
            return
        number += 1
    isin = (Alias(candidate.isin, Scheme.ISIN),) if is_isin(candidate.isin) else ()
    if other is None:
        instruments[key] = Instrument(
            candidate.ticker, _clean(candidate.name), candidate.mic, candidate.currency, candidate.kind,
            symbols=symbols, aliases=isin,
        )  # fmt: skip
    else:
        instruments[key] = replace(other, symbols={**other.symbols, **symbols}, aliases=other.aliases or isin)


def _clean(name: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())


def conflicting(app: App, new: Instrument) -> Instrument | None:
    """Return the instrument of the configuration that is the same listing as a new one; None if it is not there.

    Raises
    ------
    ConfigError
        Another listing has its ticker.
    """
    for one in app.config.instruments:
        is_same = one.ticker == new.ticker and one.mic == new.mic
        if is_same or any(one.symbols.get(source) == symbol for source, symbol in new.symbols.items()):
            return one
        if one.ticker == new.ticker:
            problem = f"is {one.name} on {one.mic} already; write the listing on {new.mic or 'another market'} by hand"
            raise ConfigError(f"instruments.{one.ticker}", f"{problem}, under a ticker of its own")
    return None


def from_file(app: App, file: Path, source: str | None) -> tuple[Instrument, ...]:
    """Return the instruments of a universe file, each with the symbols of configured price sources only.

    A row without any has its ticker for a symbol at `source`, or at the only price source of the configuration.

    Raises
    ------
    ConfigError
        The file cannot be read, or no price source can be given.
    """
    _check_source(app, source)
    asked = [source] if source else [spec.name for spec in app.config.prices]

    def with_symbols(row: Instrument) -> Instrument:
        symbols = {name: symbol for name, symbol in row.symbols.items() if name in asked}
        return replace(row, symbols=symbols or (dict.fromkeys(asked, row.ticker) if len(asked) == 1 else {}))

    return tuple(map(with_symbols, read_universe(UniverseSpec(path=str(file)), Path())))


def chosen(
    instruments: Iterable[Instrument], text: str, mic: str | None, *, exactly: bool = False
) -> tuple[Instrument, ...]:
    """Return the instruments that a text means on a market; more than one where it does not decide.

    A source's own symbol comes before a ticker, a ticker before an ISIN, an ISIN before a name, and any of them before
    what merely resembles the text, which does not count if it is to be meant `exactly`. A listing whose market nobody
    says is on the market that is named.
    """
    named = [_on_market(one, mic) for one in instruments]
    on_market = [one for one in named if mic in (None, one.mic)]
    asked = text.casefold()
    means: tuple[Callable[[Instrument], bool], ...] = (
        lambda one: asked in map(str.casefold, one.symbols.values()),
        lambda one: asked == one.ticker.casefold(),
        lambda one: asked in (alias.text.casefold() for alias in one.aliases),
        lambda one: asked == one.name.casefold(),
    )
    exact = ([one for one in on_market if is_meant(one)] for is_meant in means)
    matches = next(filter(None, exact), [] if exactly else on_market)
    return tuple(_with_isin(one, text.upper()) for one in matches)


def _on_market(instrument: Instrument, mic: str | None) -> Instrument:
    is_open = not instrument.mic and instrument.kind not in MARKET_OF_KIND
    return replace(instrument, mic=mic) if mic and is_open else instrument


def _with_isin(instrument: Instrument, text: str) -> Instrument:
    """Return an instrument with the ISIN that it was searched by."""
    if not is_isin(text) or any(alias.scheme is Scheme.ISIN for alias in instrument.aliases):
        return instrument
    return replace(instrument, aliases=(*instrument.aliases, Alias(text, Scheme.ISIN)))


def is_isin(text: str) -> bool:
    """Return whether a text is an ISIN, by its form and its check digit (ISO 6166)."""
    is_formed = len(text) == 12 and text.isascii() and text.isalnum() and text[:2].isalpha() and text[-1].isdigit()
    if not is_formed or text != text.upper():
        return False
    digits = "".join(str(int(character, 36)) for character in text)
    doubled = (int(digit) * (1 + n % 2) for n, digit in enumerate(reversed(digits)))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0
