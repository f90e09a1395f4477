"""`signals moves`: the unusual sessions of instruments."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from signals.answers.unusual import unusual
from signals.cli.context import opened
from signals.cli.options import Day, Name
from signals.cli.output import DONE, print_lines, write
from signals.reports import json_csv
from signals.reports.moves import moves_lines
from signals.store.views import MOVES


@click.command()
@click.option("--ticker", type=Name(), help="One instrument only.")
@click.option("--since", type=Day(), help="First session.")
@click.option("--unexplained", is_flag=True, help="Only sessions on which no known story falls.")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.pass_context
def moves(
    context: click.Context, ticker: str | None, since: date | None, unexplained: bool, form: str, output: Path | None
) -> int:
    """List the unusual sessions of instruments, each with the stories that fall on it or that no news is known."""
    app = opened(context)
    answer = unusual(app, ticker, since, unexplained)
    if form == "json":
        write(json_csv.moves_json(answer, MOVES.names), output)
    elif form == "csv":
        write(json_csv.to_csv(answer.sessions, MOVES.names), output)
    else:
        print_lines(lambda width: moves_lines(answer, width), output)
    return DONE
