"""`signals demo`: a simulated world, a run on it, the GAZP report, and the results beside what was planted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from signals import demo as simulation
from signals.answers import report as answers
from signals.app import open_app, utc_now
from signals.cli.context import finish, progress_of
from signals.cli.output import show
from signals.demo import Comparison
from signals.reports.format import Line, plain
from signals.reports.links_table import report_lines
from signals.runs.run import run
from signals.sessions import clock
from signals.store.engine import remove_database
from signals.store.queries import LinkFilters

TICKER = "GAZP"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default="signals-demo", metavar="[DIR]")
@click.option("--seed", default=3, show_default=True, help="Another seed makes another world.")
@click.pass_context
def demo(context: click.Context, folder: Path, seed: int) -> int:
    """Make a SIMULATED market and newsroom, do a run on it and print the GAZP report."""
    now = utc_now()
    first, last = simulation.span(now.date())
    sessions = {mic: clock(mic, first, last).sessions.tolist() for mic in simulation.MICS}
    world = simulation.write_world(folder, now.date(), sessions, seed)
    remove_database(folder / "signals.db")
    app = open_app(world.config, now=lambda: now)
    code = finish(context, run(app, "demo", now, progress=progress_of(context)))
    show([("SIMULATED market and newsroom: nothing below happened.", "bold yellow"), ("", "")])
    show(report_lines(answers.report(app, TICKER, LinkFilters(study="market")), 120))
    show(comparison_lines(simulation.compare(world.planted, answers.links(app, LinkFilters()))))
    show([("", ""), (f"Try: signals --config {world.config} explain LINK_ID, or status, or report --ticker X", "")])
    return code


_LABELS = {
    "move": "moves called a move",
    "leak": "moves that leaked before the news, called a move",
    "copy": "later copies of a story, not counted again",
    "confounded": "moves with two stories, called confounded",
    "nothing": "articles without an effect, not called a move",
    "market_wide": "market-wide days, not blamed on the article",
    "passing": "passing mentions, called a weak tie",
    "pending": "articles whose session has not closed, pending",
    "ambiguous_tag": "tags that several instruments share, refused",
    "unknown_tag": "tags of no known instrument, refused",
}


def comparison_lines(result: Comparison) -> Iterator[Line]:
    """Yield the lines that put what was planted beside the results."""
    yield "", ""
    yield "SIMULATED: planted beside found (study market, window 0..0)", "bold yellow"
    for check in result.checks:
        style = "green" if check.recognised == check.planted else "yellow"
        yield f"    {check.recognised:>3} of {check.planted:<3} {_LABELS[check.kind]}", style
        for planted, label in check.others[:3]:
            yield f"            {planted.ticker} {planted.day_zero} {label}: {plain(planted.headline)[:80]}", "dim"
    yield f"    {result.sessions_right:>3} of {result.sessions_linked:<3} links on the session that was planted", ""
    seen = "leaks seen in the sessions before the news (p at most 0.01)"
    yield f"    {result.drifts_found:>3} of {result.drifts_planted:<3} {seen}", ""
    expected = f"false alarms among the events called a move; their chances add up to {result.expected_false:.1f}"
    yield f"    {result.false_alarms:>3} of {result.called:<3} {expected}", ""
