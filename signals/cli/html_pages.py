"""The HTML pages that `signals report` writes: one of a ticker, or a folder of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from signals.app import App
from signals.cli.output import DONE, write
from signals.errors import ConfigError
from signals.reports.page.index import index_page, page_name
from signals.reports.page.ticker import ticker_page


def report_page(app: App, report: dict[str, Any]) -> str:
    """Return the page of a ticker's report."""
    return ticker_page(report, app.chart(report), app.link_columns())


def write_pages(app: App, filters: Mapping[str, Any], folder: Path) -> int:
    """Write a page for every ticker that has links, and the index page over them.

    Raises
    ------
    ConfigError
        The folder cannot be made, or a page cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(str(folder), f"cannot be made ({error.strerror}); name another --output") from None
    rows = app.overview(filters["study"], filters["window"])
    for row in rows:
        write(report_page(app, app.report(row["ticker"], filters)), folder / page_name(row["ticker"]))
    write(index_page(rows, app.now()), folder / "index.html")
    click.echo(f"{folder / 'index.html'}: {len(rows)} tickers")
    return DONE
