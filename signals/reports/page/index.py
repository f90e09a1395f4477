"""The page over all tickers."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from signals.reports.format import percent
from signals.reports.links_table import CAUTION
from signals.reports.page import document, element

_NAMES = ("ticker", "name", "market", "prices to", "articles", "events", "moves", "strongest", "unusual sessions",
          "with no news", "ordinary day", "one in twenty")  # fmt: skip

_SAFE = frozenset(string.ascii_letters + string.digits + "-_")
_TAKEN = re.compile(r"index|con|prn|aux|nul|(?:com|lpt)[0-9]", re.IGNORECASE)  # by the page over all, by Windows


def page_name(ticker: str) -> str:
    """Return the file name of a ticker's page: itself where every file system allows it, else spelled out."""
    if _TAKEN.fullmatch(ticker):
        return f"%{ord(ticker[0]):02x}{ticker[1:]}.html"
    return "".join(chr(b) if chr(b) in _SAFE else f"%{b:02x}" for b in ticker.encode()) + ".html"


def index_page(rows: Sequence[Mapping[str, Any]], as_of: datetime) -> str:
    """Return the page that leads to every ticker's; a row is an instrument with what is said of its links."""
    body = [
        '<header class="top"><div><h1>Signals</h1>',
        element("p", f"As of {as_of:%Y-%m-%d %H:%M} UTC", class_="soft"),
        '</div></header><main><section class="panel"><div class="scroll"><table><thead><tr>',
        *(element("th", name, scope="col", class_="" if n < 3 else "num") for n, name in enumerate(_NAMES)),
        "</tr></thead><tbody>",
        *map(_row, rows),
        "</tbody></table></div></section></main><footer>",
        element("p", CAUTION),
        "</footer>",
    ]
    return document("Signals", "\n".join(body))


def _row(row: Mapping[str, Any]) -> str:
    href = page_name(row["ticker"]).replace("%", "%25")
    cells = [
        f"<td><b>{element('a', row['ticker'], href=href)}</b></td>",
        element("td", row["name"]),
        element("td", row["mic"]),
    ]
    numbers = [row["last_bar"] or "", row["articles"], row["events"], row["moves"], percent(row["strongest"]),
               row["unusual_sessions"], row["unexplained_sessions"], _size(row["typical_ret"]),
               _size(row["large_ret"])]  # fmt: skip
    return "<tr>" + "".join(cells) + "".join(element("td", value, class_="num") for value in numbers) + "</tr>"


def _size(value: float | None) -> str:
    return "" if value is None else f"{value:.2%}"
