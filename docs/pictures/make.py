"""Write the pictures of the docs from the SIMULATED demo: ``python docs/pictures/make.py``.

Needs the extras `plot` and `test`, and Debian's chromium and chromium-driver.
"""

from __future__ import annotations

import base64
import io
import re
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import matplotlib
from rich.console import Console
from rich.text import Text

import signals
from signals.answers import report as answers
from signals.answers.unusual import unusual
from signals.app import App
from signals.reports.format import Line
from signals.reports.links_table import report_lines
from signals.reports.moves import moves_lines
from signals.reports.page.index import index_page
from signals.reports.page.ticker import ticker_page
from signals.store.queries import LinkFilters
from signals.store.views import LINKS
from tests.reports.chromium import chromium
from tests.worlds import app_at, run, write_demo

HERE = Path(__file__).resolve().parent
NOW = datetime(2026, 3, 4, 3, 30, tzinfo=UTC)


def terminal(title: str, lines: Iterable[Line], width: int) -> str:
    """Return lines as an SVG picture of a terminal."""
    console = Console(record=True, width=width, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    for text, style in lines:
        console.print(Text(text, style=style), soft_wrap=True, highlight=False)
    return console.export_svg(title=title)


# selenium ships without types for a driver's Chromium commands: hence Any.
def screenshot(browser: Any, address: str, name: str, width: int, height: int, dark: bool = False) -> None:
    """Write a screenshot of a page."""
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get(address)
    picture = browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
    (HERE / f"{name}.png").write_bytes(base64.b64decode(picture["data"]))


def pages(app: App, folder: Path) -> None:
    """Write the screenshots of the terminal and of the pages."""
    market = answers.report(app, "GAZP", LinkFilters(study="market"))
    short = replace(market, links=market.links[4:16], unscored=[], refused_tags=[])
    whole = answers.report(app, "GAZP", LinkFilters())
    moves = list(moves_lines(unusual(app, None, None, unexplained=False), 100))
    files = {
        "terminal": terminal("signals report --ticker GAZP", report_lines(short, 100), 100),
        "moves": terminal("signals moves", moves[:22], 100),
        "page": ticker_page(whole, answers.chart(app, whole), LINKS.names),
        "index": index_page(answers.overview(app), app.now()),
    }
    with chromium(folder / "profile") as browser:
        for name, text in files.items():
            path = folder / f"{name}.{'svg' if text.startswith('<svg') else 'html'}"
            path.write_text(text, encoding="utf-8")
            if path.suffix == ".svg":
                width, height = (float(size) for size in re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', text)[0])
                screenshot(browser, path.as_uri(), name, 1000, round(1000 * height / width))
            elif name == "index":
                screenshot(browser, path.as_uri(), name, 1200, 640)
            else:
                screenshot(browser, path.as_uri(), "page-light", 1280, 1000)
                screenshot(browser, path.as_uri(), "page-dark", 1280, 1000, dark=True)
                screenshot(browser, path.as_uri(), "page-phone", 390, 844)


def plots(app: App) -> None:
    """Write the plots of the notebook functions."""
    matplotlib.use("Agg")
    book = signals.Book(app)
    signals.plot_average(book, "GAZP", "market").figure.savefig(HERE / "average.png", dpi=90)
    events = book.events().query("study == 'market' and event_window == '0..0'")
    signals.plot_calibration(events["p_value"]).figure.savefig(HERE / "calibration.png", dpi=90)


def main() -> int:
    """Run the demo and write all pictures of it."""
    with tempfile.TemporaryDirectory() as folder:
        app = app_at(write_demo(Path(folder) / "demo", NOW).config, NOW)
        run(app)
        plots(app)
        pages(app, Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
