"""Commands that read the store: what the trader asks."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from signals.cli.common import DONE, SOME_FAILED, Day, Instant, Name, opened, print_lines, progress_of, show, write
from signals.errors import ConfigError

if TYPE_CHECKING:
    from signals.app import App


@click.command()
@click.option("--ticker", type=Name(), help="The instrument.")
@click.option("--all", "every", is_flag=True, help="A page for every ticker, and one over them.")
@click.option("--since", type=Day(), help="First day zero.")
@click.option("--until", type=Day(), help="Last day zero.")
@click.option("--study", type=Name(), help="One study only.")
@click.option("--window", type=Name(), help="One event window only, such as 0..1.")
@click.option("--min-relevance", type=float, help="Leave out articles that are less about it.")
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
    as_of: datetime | None,
    form: str,
    output: Path | None,
    **filters: Any,
) -> int:
    """Tell every link of a ticker: the article, the move, how unusual it was, and the verdict."""
    if every is (ticker is not None):
        raise click.UsageError("name one --ticker, or give --all")
    if every and (form != "html" or output is None):
        raise click.UsageError("--all writes pages into a folder: add --format html --output DIR")
    app = opened(context)
    if as_of is not None:
        from signals.app import as_of_app
        from signals.runs.run import rebuild

        app = as_of_app(app, as_of)
        rebuild(app, None, progress_of(context))
    if every and output is not None:
        return _write_pages(app, filters, output)
    from signals.reports import json_csv

    if form == "csv":
        write(json_csv.to_csv(app.links_of(str(ticker), filters), app.link_columns()), output)
        return DONE
    found = app.report(str(ticker), filters)
    if form == "json":
        write(json_csv.to_json(found), output)
    elif form == "html":
        write(_page(app, found), output)
    else:
        from signals.reports import links_table

        print_lines(lambda width: links_table.report_lines(found, width), output)
    return DONE


def _page(app: App, found: dict[str, Any]) -> str:
    from signals.reports.page.ticker import ticker_page

    return ticker_page(found, app.chart(found), app.link_columns())


def _write_pages(app: App, filters: dict[str, Any], folder: Path) -> int:
    """Write a page for every ticker that has links, and the page that leads to them."""
    from signals.reports.page.index import index_page, page_name

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(str(folder), f"cannot be made ({error.strerror}); name another --output") from None
    rows = app.overview(filters["study"], filters["window"])
    for row in rows:
        write(_page(app, app.report(row["ticker"], filters)), folder / page_name(row["ticker"]))
    write(index_page(rows, app.now()), folder / "index.html")
    click.echo(f"{folder / 'index.html'}: {len(rows)} tickers")
    return DONE


@click.command()
@click.option("--ticker", type=Name(), help="One instrument only.")
@click.option("--since", type=Day(), help="First session.")
@click.option("--unexplained", is_flag=True, help="Only sessions on which no known story falls.")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.pass_context
def moves(
    context: click.Context, ticker: str | None, since: Any, unexplained: bool, form: str, output: Path | None
) -> int:
    """Tell the unusual sessions of instruments, each with the stories that fall on it or that no news is known."""
    from signals.reports import json_csv, moves

    app = opened(context)
    found = app.moves(ticker, since, unexplained)
    if form == "json":
        write(json_csv.to_json(found), output)
    elif form == "csv":
        write(json_csv.to_csv(found["moves"], app.move_columns()), output)
    else:
        print_lines(lambda width: moves.moves_lines(found, width), output)
    return DONE


@click.command()
@click.argument("link_id", type=Name())
@click.option("--format", "form", type=click.Choice(["text", "html"]), default="text", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.pass_context
def explain(context: click.Context, link_id: str, form: str, output: Path | None) -> int:
    """Derive one link step by step: LINK_ID is article/ticker/study/window, or only its beginning."""
    found = opened(context).explain(link_id)
    if form == "html":
        from signals.reports.page.explanation_page import explanation_page

        write(explanation_page(found), output)
    else:
        from signals.reports.explanation import explanation_lines

        print_lines(lambda _: explanation_lines(found), output)
    return DONE


@click.command()
@click.pass_context
def status(context: click.Context) -> int:
    """Tell the last runs, the sources, and what is pending or was refused and why."""
    from signals.reports.status import status_lines

    show(status_lines(opened(context).status()))
    return DONE


@click.command()
@click.pass_context
def doctor(context: click.Context) -> int:
    """Look for what is wrong with calendars, bars and sources, and say what to do about each finding."""
    from signals.doctor import examine
    from signals.reports.doctor import finding_lines

    findings = examine(opened(context))
    show(finding_lines(findings))
    return SOME_FAILED if findings else DONE
