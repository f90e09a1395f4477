"""What is to be written for an instrument: itself and, where its market needs one, an index; each proven by a fetch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from signals.additions import benchmark
from signals.additions.first_fetch import FirstFetch, first_fetches
from signals.app import App
from signals.config import market_of
from signals.errors import ConfigError, SourceError
from signals.sessions import zone_of
from signals.types import Instrument


@dataclass(frozen=True, slots=True)
class Proposal:
    """Instruments to write, the new one first, with the fetches that prove them and what is to be said of them."""

    instruments: tuple[Instrument, ...]
    fetches: tuple[FirstFetch, ...]
    notes: tuple[str, ...]


def propose(app: App, instrument: Instrument, rows: Sequence[Instrument] = ()) -> Proposal:
    """Fetch first bars of an instrument and complete it: its currency, its benchmark.

    Parameters
    ----------
    app
        The configured program.
    instrument
        The instrument as chosen; it has symbols, and a benchmark only if a file names it.
    rows
        The instruments of the file that it is from, one of which may be its benchmark.

    Raises
    ------
    SourceError
        None of its sources serves it.
    ConfigError
        Nothing says its market, its currency or a price source, or no calendar serves its market.
    """
    where = f"instruments.{instrument.ticker}"
    if not instrument.symbols:
        raise ConfigError(where, "its row names no price source of the configuration; add --source")
    _check_market(app, where, instrument)
    proven, fetches, notes = _proven(app, instrument)
    if not proven.currency:
        raise ConfigError(where, "its source does not say its currency; give it by a universe file with --from")
    if proven.benchmark is None and proven.kind not in benchmark.COMPARED:
        return Proposal((proven,), tuple(fetches), tuple(notes))
    name, new = _benchmark(app, proven, rows)
    if new is not None:
        try:
            index, more, remarks = _proven(app, new)
        except SourceError as error:
            notes.append(f"its benchmark {new.ticker} is left out: {error}")
            name = benchmark.of_currency(app.config.instruments, proven)
        else:
            whole = replace(proven, benchmark=index.ticker)
            return Proposal((whole, index), (*fetches, *more), (*notes, *remarks))
    if name is None:
        notes.append("it has no benchmark; name one, or use a study of the model constant-mean")
    return Proposal((replace(proven, benchmark=name),), tuple(fetches), tuple(notes))


def _check_market(app: App, where: str, instrument: Instrument) -> None:
    """Check that the market of an instrument has sessions."""
    rules = {one.mic: one for one in app.config.markets}
    mic = market_of(instrument.kind, instrument.mic, rules)
    if not mic:
        raise ConfigError(where, "its source does not say its market; add --mic")
    zone_of(mic, rules.get(mic))


def _proven(app: App, instrument: Instrument) -> tuple[Instrument, list[FirstFetch], list[str]]:
    """Return an instrument with the sources that serve it and their currency; raises the first error if none does."""
    own = {one.mic for one in app.config.markets}
    fetches, failures = first_fetches(
        app, replace(instrument, mic=market_of(instrument.kind, instrument.mic, own) or "")
    )
    if not fetches:
        raise failures[0]
    symbols = {fetch.source: fetch.symbol for fetch in fetches}
    currency = instrument.currency or next((fetch.currency for fetch in fetches if fetch.currency), "")
    notes = [f"left out: {failure}" for failure in failures]
    notes += [
        f"{fetch.source} gives {fetch.symbol} in {fetch.currency} and not in {currency}; correct the entry or leave "
        "the source out"
        for fetch in fetches
        if fetch.currency not in (None, currency)
    ]
    return replace(instrument, symbols=symbols, currency=currency), fetches, notes


def _benchmark(app: App, new: Instrument, rows: Sequence[Instrument]) -> tuple[str | None, Instrument | None]:
    """Return the ticker of a benchmark of the configuration, or an instrument that is to be added as the benchmark."""
    present = app.config.instruments
    if new.benchmark in {one.ticker for one in present}:
        return new.benchmark, None
    named = next((row for row in rows if row.ticker == new.benchmark and row.symbols), None)
    if named is not None:
        return None, replace(named, benchmark=None)
    if name := benchmark.of_market(present, new):
        return name, None
    if index := benchmark.main_index(app, new):
        return None, index
    return benchmark.of_currency(present, new), None
