"""Cells of archives and items of feeds: plain text, a fragment of HTML, or a fragment written in entities."""

from __future__ import annotations

import re
from html import unescape

from signals.news.articles import clean, repair_mojibake
from signals.types import Tag

_HTML = re.compile(r"<(?:article|div|p|br|span|table|ul|ol|a|b|i|em|strong|img|h[1-6])\b[^<>]{0,2000}>", re.IGNORECASE)


def read_cell(text: str) -> tuple[str, tuple[Tag, ...]]:
    """Return the paragraphs of a text, clean, and the instruments it links.

    Raises
    ------
    Unread
        ``too_large``: it is mark-up, and too much of it.
    """
    if "&lt;" in text and _HTML.search(written_out := unescape(text)):
        text = written_out
    if "<" in text and _HTML.search(text):
        # lxml takes its time to load, and most archives have no mark-up.
        from signals.news.html import read_fragment

        return read_fragment(text)
    text = repair_mojibake(text)
    lines = (" ".join(line.split()) for line in clean(unescape(text) if "&" in text else text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), ()
