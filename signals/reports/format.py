"""How single values are written for people."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

Line = tuple[str, str]  # text and style, as rich names styles

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


_WEB = re.compile(r"https?://[!-~]+")


def plain(text: object) -> str:
    """Return text without control and direction-changing characters, which could steer a terminal."""
    return _CONTROL.sub(" ", str(text)).strip()


def percent(value: float | None) -> str:
    """Write a return as a signed percentage."""
    return "" if value is None else f"{value:+.2%}"


def probability(value: float | None) -> str:
    """Write a p- or q-value as people read them."""
    if value is None:
        return ""
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def number(value: float | None, digits: int = 2) -> str:
    """Write a plain number."""
    return "" if value is None else f"{value:.{digits}f}"


def published(row: Mapping[str, Any], zone: str) -> str:
    """Write when an article was published, in a market's zone; a stamp that is only a day stays one."""
    at: datetime = row["published_at"]
    if row["published_precision"] == "day":
        return at.astimezone(ZoneInfo(row["published_zone"])).strftime("%Y-%m-%d")
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%d %H:%M} {local.tzname()}"


def shortened(text: str, width: int) -> str:
    """Cut text to a width in terminal cells, saying so; a Chinese character is two cells wide."""
    from rich.cells import cell_len, set_cell_size

    return text if cell_len(text) <= width else set_cell_size(text, max(width - 1, 0)).rstrip() + "…"


def link_style(style: str, url: str) -> str:
    """Add a hyperlink to a style where the address is one of the web; anything else is not made clickable."""
    return f"{style} link {url}".strip() if _WEB.fullmatch(url) else style


def plural(count: int, one: str, many: str = "") -> str:
    """Write a number with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def wrapped(text: str, width: int, indent: str = "") -> Iterator[Line]:
    """Yield a sentence in dim lines that fit."""
    for line in textwrap.wrap(text, max(width, 40), initial_indent=indent, subsequent_indent=indent):
        yield line, "dim"
