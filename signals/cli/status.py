"""`signals status`: the state of runs and sources."""

from __future__ import annotations

import click

from signals.answers import status as answers
from signals.cli.context import opened
from signals.cli.output import DONE, print_lines
from signals.reports.status import status_lines


@click.command()
@click.pass_context
def status(context: click.Context) -> int:
    """List the last runs, the sources, and what is pending or was refused and why."""
    answer = answers.status(opened(context))
    print_lines(lambda width: status_lines(answer, width), None)
    return DONE
