"""`signals add`: an instrument searched for, shown, proven by a first fetch, and written into the configuration."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from signals.additions.first_fetch import FirstFetch
from signals.additions.proposal import Proposal, propose
from signals.additions.search import chosen, configured, conflicting, from_file, search
from signals.app import App
from signals.cli.context import opened
from signals.cli.options import Name
from signals.cli.output import DONE, USAGE, say
from signals.config import add_instruments, entry_lines
from signals.errors import UnknownNameError
from signals.logs import escape_controls
from signals.types import Instrument


@click.command()
@click.argument("words", type=Name(), metavar="INSTRUMENT", nargs=-1, required=True)
@click.option("--mic", type=Name(), help="Its market (ISO 10383), where several list it.")
@click.option("--source", type=Name(), help="Search and fetch through this price source alone.")
@click.option("--from", "file", type=click.Path(path_type=Path, dir_okay=False), help="Take it from a row of this "
              "universe file.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Write it without a question.")
@click.pass_context
def add(
    context: click.Context, /, words: tuple[str, ...], mic: str | None, source: str | None, file: Path | None, yes: bool
) -> int:
    """Add an instrument to the configuration: by ticker, ISIN or name, with a first fetch to prove it."""
    text, mic = " ".join(" ".join(words).split()), mic.upper() if mic else None
    if not text:
        raise click.UsageError("name a ticker, an ISIN or a name")
    app = opened(context)
    if present := configured(app, text, mic):
        return _configured(present)
    rows = from_file(app, file, source) if file else ()
    offered = rows if file else _searched(app, text, source)
    choices = chosen(offered, text, mic, exactly=file is not None)
    if not choices:
        raise UnknownNameError("instrument", text, _hint(offered, file, mic))
    picked = choices[0] if len(choices) == 1 else _picked(choices, yes)
    if picked is None:
        say(f"{text} may be any of these; add --mic, or write the symbol or the whole name of one")
        return USAGE
    if mic is None and len(choices) == 1:
        _mention_others(offered, picked)
    if present := conflicting(app, picked):
        return _configured(present)
    return _decided(app, propose(app, picked, rows), yes)


def _decided(app: App, proposal: Proposal, yes: bool) -> int:
    """Show a proposal, and write it if the user says so."""
    _show(proposal)
    if not yes and not sys.stdin.isatty():
        say("nothing was written; add --yes to write it")
        return USAGE
    if yes or click.confirm(f"Write this to {app.config.path}?", default=True):
        add_instruments(app.config.path, proposal.instruments)
        click.echo(f"{app.config.path}: {' and '.join(one.ticker for one in proposal.instruments)} added")
        click.echo("Next: `signals run`, and then `signals rebuild` if the store has been scored before.")
    return DONE


def _searched(app: App, text: str, source: str | None) -> Sequence[Instrument]:
    """Search, and say which searches failed; raises the first failure if nothing was offered because of it."""
    result = search(app, text, source)
    if result.failures and not result.instruments:
        raise result.failures[0]
    for failure in result.failures:
        say(f"not searched: {failure}")
    return result.instruments


def _configured(present: Instrument) -> int:
    click.echo(f"{present.ticker} is configured already: {present.name}, {present.mic}, {present.currency}")
    return DONE


def _hint(offered: Sequence[Instrument], file: Path | None, mic: str | None) -> str:
    on_market = f" on {mic}" if mic else ""
    if file:
        return f"No row of {file} has this ticker, ISIN or name{on_market}."
    if offered:
        others = ", ".join(sorted({one.mic or "an unknown market" for one in offered}))
        return f"The price sources offer nothing like it{on_market}, but on {others}."
    return "The price sources offer nothing like it; check its spelling, or name a file with --from."


def _line(instrument: Instrument) -> str:
    symbols = ", ".join(f"{source}: {symbol}" for source, symbol in instrument.symbols.items())
    text = f"{instrument.ticker:<10} {instrument.mic or '-':<5} {instrument.kind:<9} {instrument.name} ({symbols})"
    return escape_controls(text)


def _picked(choices: Sequence[Instrument], yes: bool) -> Instrument | None:
    """List candidates; on a terminal let one be picked, unless no question is to be asked."""
    for number, one in enumerate(choices, 1):
        click.echo(f"{number:>3} {_line(one)}")
    if yes or not sys.stdin.isatty():
        return None
    number = click.prompt("Which one", type=click.IntRange(1, len(choices)))
    return choices[number - 1]


def _mention_others(offered: Sequence[Instrument], picked: Instrument) -> None:
    """Say where else the ticker is listed, so that another market than the one that is meant does not go unseen."""
    others = sorted({one.mic for one in offered if one.ticker == picked.ticker and one.mic not in ("", picked.mic)})
    if others:
        on_market = f"{picked.ticker} on {picked.mic or 'its market'}"
        say(f"this is {on_market}; for its listings on {', '.join(others)} add --mic")


def _show(proposal: Proposal) -> None:
    """Print the entries, what the first fetches brought, and what is to be said of them."""
    click.echo("instruments:")
    for instrument in proposal.instruments:
        for line in entry_lines(instrument):
            click.echo(f"  {line}")
    for fetch in proposal.fetches:
        click.echo(escape_controls(_fetch_line(fetch)))
    for note in proposal.notes:
        say(note)


def _fetch_line(fetch: FirstFetch) -> str:
    counted = f"{fetch.bars} bar" + ("s" if fetch.bars != 1 else "")
    close = f"{fetch.close:,.6g}" if fetch.close < 1 else f"{fetch.close:,.2f}"
    money = f" {fetch.currency}" if fetch.currency else ""
    return f"{fetch.source}: {counted} of {fetch.symbol}, {fetch.first} to {fetch.last}, last close {close}{money}"
