"""The HTML pages that `signals report` writes: one of a ticker, or a folder of them."""

from __future__ import annotations

from pathlib import Path

import click

from signals.answers import report as answers
from signals.app import App
from signals.cli.output import DONE, write
from signals.errors import ConfigError
from signals.reports.page.index import index_page, page_name
from signals.reports.page.ticker import ticker_page
from signals.store.queries import LinkFilters
from signals.store.views import LINKS
from signals.types import Report


def report_page(app: App, report: Report) -> str:
    """Return the page of a ticker's report."""
    return ticker_page(report, answers.chart(app, report), LINKS.names)


def write_pages(app: App, filters: LinkFilters, folder: Path) -> int:
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
    rows = answers.overview(app, filters.study, filters.window)
    for row in rows:
        ticker = row.instrument.ticker
        write(report_page(app, answers.report(app, ticker, filters)), folder / page_name(ticker))
    write(index_page(rows, app.now()), folder / "index.html")
    click.echo(f"{folder / 'index.html'}: {len(rows)} tickers")
    return DONE
