"""`signals doctor`: what is wrong with the data and what to do about it."""

from __future__ import annotations

import click

from signals.cli.context import opened
from signals.cli.output import DONE, SOME_FAILED, show
from signals.doctor import examine
from signals.reports.doctor import finding_lines


@click.command()
@click.pass_context
def doctor(context: click.Context) -> int:
    """List what is wrong with calendars, bars and sources, and what to do about each finding."""
    findings = examine(opened(context))
    show(finding_lines(findings))
    return SOME_FAILED if findings else DONE
