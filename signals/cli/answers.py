"""Commands that read the store: what the trader asks."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from signals.cli.common import DONE, SOME_FAILED, Day, Instant, opened, progress_of, show, write


@click.command()
@click.option("--ticker", required=True)
@click.option("--since", type=Day(), help="First day zero.")
@click.option("--until", type=Day(), help="Last day zero.")
@click.option("--study", help="One study only.")
@click.option("--window", help="One event window only, such as 0..1.")
@click.option("--min-relevance", type=float, help="Leave out articles that are less about it.")
@click.option("--as-of", "as_of", type=Instant(), help="What was known at this instant.")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.pass_context
def report(
    context: click.Context, /, ticker: str, as_of: datetime | None, form: str, output: Path | None, **filters: Any
) -> int:
    """Tell every link of a ticker: the article, the move, how unusual it was, and the verdict."""
    app = opened(context)
    if as_of is not None:
        from signals.app import as_of_app
        from signals.night import rebuild

        app = as_of_app(app, as_of)
        rebuild(app, None, progress_of(context))
    found = app.report(ticker, filters)
    if form == "table" and output is None:
        from signals.reports.table import report_lines

        show(report_lines(found, shutil.get_terminal_size((120, 40)).columns))
    else:
        write(_rendered(found, form, app.link_columns()), output)
    return DONE


def _rendered(found: dict[str, Any], form: str, columns: Sequence[str]) -> str:
    from signals.reports import machine, table

    if form == "json":
        return machine.to_json(found)
    if form == "csv":
        return machine.to_csv(found["links"], columns)
    return "\n".join(text.rstrip() for text, _ in table.report_lines(found, 120)) + "\n"


@click.command()
@click.argument("link_id")
@click.pass_context
def explain(context: click.Context, link_id: str) -> int:
    """Derive one link step by step: LINK_ID is article/ticker/study/window, or only its beginning."""
    from signals.reports.explanation import explanation_lines

    show(explanation_lines(opened(context).explain(link_id)))
    return DONE


@click.command()
@click.pass_context
def status(context: click.Context) -> int:
    """Tell the last runs, the sources, and what is pending or was refused and why."""
    from signals.reports.morning import status_lines

    show(status_lines(opened(context).status()))
    return DONE


@click.command()
@click.pass_context
def doctor(context: click.Context) -> int:
    """Look for what is wrong with calendars, bars and sources, and say what to do about each finding."""
    from signals.doctor import examine
    from signals.reports.findings import finding_lines

    findings = examine(opened(context))
    show(finding_lines(findings))
    return SOME_FAILED if findings else DONE
