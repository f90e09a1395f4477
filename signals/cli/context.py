"""What a command makes of the global options: the program to work with, its progress display, its last sentence."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from signals.app import App, open_app
from signals.cli.output import DONE, SOME_FAILED, say

if TYPE_CHECKING:
    from signals.pipeline import Progress
    from signals.store.run_log import RunStats


def opened(context: click.Context) -> App:
    """Open the program that the global options name."""
    return open_app(context.obj["path"], context.obj["database"])


def progress_of(context: click.Context) -> Progress | None:
    """Return a one-line progress display on a terminal; log lines otherwise."""
    if not context.obj["progress"]:
        return None
    on_terminal = sys.stderr.isatty()
    last = [0.0]

    def show(what: str, done: int, of: int) -> None:
        if on_terminal and time.monotonic() - last[0] > 0.1:
            last[0] = time.monotonic()
            click.echo(f"\r\033[K{what} {done}" + (f"/{of}" if of else ""), err=True, nl=False)

    return show


def finish(context: click.Context, stats: RunStats) -> int:
    """Write what a run did to stderr and return its exit code."""
    if sys.stderr.isatty() and context.obj["progress"]:
        click.echo("\r\033[K", err=True, nl=False)
    counts = [f"{n} {name if n > 1 else name.removesuffix('s')}" for name, n in stats.counts().items() if n]
    if stats.events_moved:
        counts.append(f"events called a move: {stats.events_moved}")
    if not context.obj["quiet"]:
        say(("; ".join(counts) if counts else "nothing new") + ". `signals status` lists the rest.")
    for failure in stats.failures[:10]:
        say(f"failed: {failure}")
    if len(stats.failures) > 10:
        say(f"and {len(stats.failures) - 10} more failures")
    return SOME_FAILED if stats.failures else DONE
