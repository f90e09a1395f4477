"""`signals report`: the links of a ticker."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from signals.answers import report as answers
from signals.cli.context import opened, progress_of
from signals.cli.html_pages import report_page, write_pages
from signals.cli.options import Day, Instant, Name
from signals.cli.output import DONE, print_lines, write
from signals.reports import json_csv
from signals.reports.links_table import list_lines, report_lines
from signals.store.queries import LinkFilters
from signals.store.views import LINKS
from signals.types import LinkList, Status, Verdict


@click.command()
@click.option("--ticker", type=Name(), help="The instrument.")
@click.option("--all", "every", is_flag=True, help="All instruments; as html, a page for each.")
@click.option("--since", type=Day(), help="First day zero.")
@click.option("--until", type=Day(), help="Last day zero.")
@click.option("--study", type=Name(), help="One study only.")
@click.option("--window", type=Name(), help="One event window only, such as 0..1.")
@click.option("--min-relevance", type=float, help="Leave out articles that are less about it.")
@click.option("--verdict", type=click.Choice([word.value for word in Verdict]), help="This verdict only.")
@click.option("--status", type=click.Choice([word.value for word in Status]), help="This status only.")
@click.option("--limit", type=click.IntRange(min=1), help="The newest links only.")
@click.option("--as-of", "as_of", type=Instant(), help="What was known at this instant.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv", "html"]), default="table", show_default=True
)
@click.option("--output", type=click.Path(path_type=Path), help="Write to this file; with --all, into this folder.")
@click.pass_context
def report(
    context: click.Context,
    /,
    ticker: str | None,
    every: bool,
    since: date | None,
    until: date | None,
    study: str | None,
    window: str | None,
    min_relevance: float | None,
    verdict: str | None,
    status: str | None,
    limit: int | None,
    as_of: datetime | None,
    form: str,
    output: Path | None,
) -> int:
    """List every link of a ticker: the article, the move, how unusual it was, and the verdict."""
    if every is (ticker is not None):
        raise click.UsageError("name one --ticker, or give --all")
    if every and form == "html" and output is None:
        raise click.UsageError("--all --format html writes pages into a folder: add --output DIR")
    app = opened(context)
    if as_of is not None:
        from signals.runs.as_of import derive_as_of  # start-up: reading needs none of what derives

        app, _ = derive_as_of(app, as_of, progress_of(context))
    filters = LinkFilters(ticker=ticker, since=since, until=until, study=study, window=window,
                          min_relevance=min_relevance, verdict=verdict, status=status, limit=limit)  # fmt: skip
    if every and form != "html":
        _write_list(answers.links_of_all(app, filters), form, output)
        return DONE
    if form == "csv":
        write(json_csv.to_csv(answers.links(app, filters), LINKS.names), output)
        return DONE
    if form == "html":
        if every and output is not None:
            return write_pages(app, filters, output)
        write(report_page(app, answers.report(app, str(ticker), filters)), output)
        return DONE
    answer = answers.report(app, str(ticker), filters)
    if form == "json":
        write(json_csv.report_json(answer, LINKS.names), output)
    else:
        print_lines(lambda width: report_lines(answer, width), output)
    return DONE


def _write_list(answer: LinkList, form: str, output: Path | None) -> None:
    """Write links across instruments."""
    if form == "csv":
        write(json_csv.to_csv(answer.links, LINKS.names), output)
    elif form == "json":
        write(json_csv.links_json(answer, LINKS.names), output)
    else:
        print_lines(lambda width: list_lines(answer, width), output)
