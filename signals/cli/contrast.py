"""`signals contrast`: two groups of events compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import click

from signals.answers import contrast as answers
from signals.cli.context import opened
from signals.cli.options import Day, Name
from signals.cli.output import DONE, print_lines, write
from signals.reports import json_csv
from signals.reports.contrast import contrast_lines
from signals.types import EventGroup


@click.command()
@click.option("--ticker", type=Name(), help="Instrument of the first group.")
@click.option("--source", type=Name(), help="News source of the first group.")
@click.option("--tag", type=Name(), help="Tag of the first group, as written.")
@click.option("--since", type=Day(), help="First day zero of both groups.")
@click.option("--until", type=Day(), help="Last day zero of both groups.")
@click.option("--against-ticker", type=Name(), help="Compare with the same events of this instrument.")
@click.option("--against-source", type=Name(), help="Compare with the same events of this news source.")
@click.option("--against-tag", type=Name(), help="Compare with the same events of this tag.")
@click.option("--before", type=Day(), help="Compare the events from this day on with those before it.")
@click.option("--study", type=Name(), help="The study; by default the first.")
@click.option("--window", type=Name(), help="The event window; by default 0..0.")
@click.option("--period", type=click.Choice([*answers.MONTHS]), default="month", show_default=True,
              help="The calendar period that a cluster is.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.pass_context
def contrast(
    context: click.Context,
    /,
    ticker: str | None,
    source: str | None,
    tag: str | None,
    since: date | None,
    until: date | None,
    against_ticker: str | None,
    against_source: str | None,
    against_tag: str | None,
    before: date | None,
    study: str | None,
    window: str | None,
    period: str,
    form: str,
    output: Path | None,
) -> int:
    """Compare the moves of two groups of events: tickers, sources, tags, or before and after a date."""
    first = EventGroup(ticker=ticker, source=source, tag=tag, since=since, until=until)
    others = {"ticker": against_ticker, "source": against_source, "tag": against_tag}
    named = {name: value for name, value in others.items() if value is not None}
    if len(named) + (before is not None) != 1:
        raise click.UsageError("name one of --against-ticker, --against-source, --against-tag and --before")
    if before is not None:
        first, second = replace(first, since=before), replace(first, until=before - timedelta(days=1))
    else:
        second = replace(first, **named)  # type: ignore[arg-type]  # of those three names
    answer = answers.contrast(opened(context), first, second, study, window, period)
    if form == "json":
        write(json_csv.contrast_json(answer), output)
    else:
        print_lines(lambda width: contrast_lines(answer, width), output)
    return DONE
