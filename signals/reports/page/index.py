"""The page over all tickers."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from datetime import datetime

from signals.reports.format import percent, size
from signals.reports.links_table import CAUTION
from signals.reports.page import document, element
from signals.types import TickerSummary

_NAMES = ("ticker", "name", "market", "prices to", "articles", "events", "moves", "strongest move", "unusual sessions",
          "without news", "median move", "95% move")  # fmt: skip
_TEXT_COLUMNS = 3

_SAFE = frozenset(string.ascii_letters + string.digits + "-_")
_RESERVED = re.compile(r"index|con|prn|aux|nul|(?:com|lpt)[0-9]", re.IGNORECASE)  # by this page, by Windows


def page_name(ticker: str) -> str:
    """Return the file name of a ticker's page: itself where every file system allows it, else spelled out."""
    if _RESERVED.fullmatch(ticker):
        return f"%{ord(ticker[0]):02x}{ticker[1:]}.html"
    return "".join(chr(b) if chr(b) in _SAFE else f"%{b:02x}" for b in ticker.encode()) + ".html"


def index_page(rows: Sequence[TickerSummary], as_of: datetime) -> str:
    """Return the page that leads to every ticker's."""
    heads = (
        element("th", name, scope="col", class_="" if n < _TEXT_COLUMNS else "num") for n, name in enumerate(_NAMES)
    )
    body = [
        '<header class="top"><div><h1>Signals</h1>',
        element("p", f"As of {as_of:%Y-%m-%d %H:%M} UTC", class_="soft"),
        '</div></header><main><section class="panel"><div class="scroll"><table><thead><tr>',
        *heads,
        "</tr></thead><tbody>",
        *map(_row, rows),
        "</tbody></table></div></section></main><footer>",
        element("p", CAUTION),
        "</footer>",
    ]
    return document("Signals", "\n".join(body))


def _row(row: TickerSummary) -> str:
    about = row.instrument
    href = page_name(about.ticker).replace("%", "%25")
    cells = [
        f"<td><b>{element('a', about.ticker, href=href)}</b></td>",
        element("td", about.name),
        element("td", about.mic),
    ]
    numbers = [(about.last_bar or "")[:10], about.articles, row.events, row.moves, percent(row.strongest),
               about.unusual_sessions, about.unexplained_sessions, size(about.typical_ret),
               size(about.large_ret)]  # fmt: skip
    return "<tr>" + "".join(cells) + "".join(element("td", value, class_="num") for value in numbers) + "</tr>"
