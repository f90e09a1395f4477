"""The demo: write a simulated world, run the night on it, print the GAZP report and compare found with planted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from signals import demo
from signals.app import open_app, utc_now
from signals.demo import Comparison
from signals.pipeline import Progress
from signals.reports.format import Line, plain
from signals.reports.links_table import report_lines
from signals.runs.run import night
from signals.sessions import clock
from signals.store.run_log import Tally

TICKER = "GAZP"


def show_demo(
    folder: Path,
    seed: int,
    show: Callable[[Iterable[Line]], None],
    finish: Callable[[Tally], int],
    progress: Progress | None,
) -> int:
    """Make and run a demo world in a folder; an earlier demo's database there is replaced."""
    now = utc_now()
    first, last = demo.span(now.date())
    sessions = {mic: clock(mic, first, last).sessions.tolist() for mic in demo.MICS}
    world = demo.write_world(folder, now.date(), sessions, seed)
    for old in folder.glob("signals.db*"):
        old.unlink()
    app = open_app(world.config, now=lambda: now)
    code = finish(night(app, "demo", now, progress=progress))
    show([("SIMULATED market and newsroom: nothing below happened.", "bold yellow"), ("", "")])
    show(report_lines(app.report(TICKER, {"study": "market"}), 120))
    show(comparison_lines(demo.compare(world.planted, app.links({}))))
    show([("", ""), (f"Try: signals --config {world.config} explain LINK_ID, or status, or report --ticker X", "")])
    return code


_WORDS = {
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


def comparison_lines(found: Comparison) -> Iterator[Line]:
    """Yield what was planted beside what was found."""
    yield "", ""
    yield "SIMULATED: planted beside found (study market, window 0..0)", "bold yellow"
    for check in found.checks:
        style = "green" if check.recognised == check.planted else "yellow"
        yield f"    {check.recognised:>3} of {check.planted:<3} {_WORDS[check.kind]}", style
        for planted, said in check.others[:3]:
            yield f"            {planted.ticker} {planted.day_zero} {said}: {plain(planted.headline)[:80]}", "dim"
    yield f"    {found.sessions_right:>3} of {found.sessions_linked:<3} links on the session that was planted", ""
    yield f"    {found.drifts_found:>3} of {found.drifts_planted:<3} leaks seen in the sessions before the news", ""
    yield f"    {found.false_alarms:>3}        false alarms", ""
