"""`signals schedule`: the long-running scheduler."""

from __future__ import annotations

import logging

import click

from signals.cli.context import opened
from signals.cli.output import DONE
from signals.runs.scheduler import serve


@click.command()
@click.pass_context
def schedule(context: click.Context) -> int:
    """Run the jobs of the configuration at their times until stopped."""
    logging.getLogger().setLevel(min(logging.getLogger().level, logging.INFO))
    serve(opened(context))
    return DONE
