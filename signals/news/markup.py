"""Parse HTML to paragraphs and linked instruments: whole pages, and the fragments in archives and feeds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from signals.news.articles import RejectedError, check_size, clean, repair_mojibake
from signals.types import Scheme, Tag

#: An element of lxml, which ships without types.
Element = Any

_HTML = re.compile(r"<(?:article|div|p|br|span|table|ul|ol|a|b|i|em|strong|img|h[1-6])\b[^<>]{0,2000}>", re.IGNORECASE)
_DROPPED = frozenset({
    "script", "style", "noscript", "template", "iframe", "object", "svg", "math", "form", "button", "select",
    "textarea", "figure", "figcaption", "nav", "aside", "footer", "head",
})  # fmt: skip
#: Elements that do not break a line of text.
INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label",
    "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
})  # fmt: skip
_DECORATION = re.compile(r"carousel|caption|newsletter|advert|share-|social", re.IGNORECASE)
# The clip rules and the classes below hide text from all readers but screen readers.
_HIDDEN = re.compile(r"display\s*:\s*none|clip(?:-path)?\s*:\s*(?:rect\(0|inset\(50%)", re.IGNORECASE)
_SPOKEN = re.compile(r"(?:\A|\s)(?:visually-?hidden|sr-only|screen-?reader(?:-text|-only)?)(?:\s|\Z)", re.IGNORECASE)

_EMPTY_LINES = re.compile(r"\n{3,}")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_SPACE = re.compile(r"\s+")
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{200,}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_MAX_COMPARISONS = 20_000_000

_INVESTING = re.compile(
    r"(?P<site>https?://(?:[\w-]+\.)?investing\.com)?/"
    r"(?P<path>(?:commodities|equities|indices|currencies|etfs|funds|crypto|rates-bonds|certificates)/[\w-]+)/?(?:[?#].*)?"
)
_YAHOO = re.compile(r"https?://finance\.yahoo\.com/quote/(?P<symbol>[\w.^=%-]+)/?(?:[?#].*)?")


def parse_markup(text: str) -> tuple[str, tuple[Tag, ...]]:
    """Return the cleaned paragraphs of a text and the instruments that it links, in order of appearance.

    The text is plain, a fragment of HTML, or a fragment of HTML written in character entities.

    Raises
    ------
    RejectedError
        ``too_large``, ``empty``: the text is HTML that cannot be parsed.
    """
    if "&lt;" in text and _HTML.search(unescaped := unescape(text)):
        text = unescaped
    if "<" in text and _HTML.search(text):
        root = parse_html(f"<div>{text}</div>")
        return visible_text(root), tuple(linked_instruments(root.xpath("//a[@href]")))
    text = repair_mojibake(text)
    lines = (" ".join(line.split()) for line in clean(unescape(text) if "&" in text else text).split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip(), ()


def parse_html(text: str) -> Element:
    """Return the root element of an HTML text.

    Raises
    ------
    RejectedError
        ``too_large``, ``empty``.
    """
    check_size(len(text), text.count("<"))
    _check_attributes(text)
    try:
        # The text is decoded, but lxml would obey the encoding that an XML declaration names.
        return lxml_html.document_fromstring(_DECLARATION.sub("", text.replace("\0", "")))
    except (etree.ParserError, ValueError):
        raise RejectedError("empty", "the page holds markup and no text") from None


def _check_attributes(text: str) -> None:
    """Raise `RejectedError` for elements with very many attributes: libxml2 compares each with all others."""
    tags = (_QUOTED.sub("", tag[0]) for tag in _LONG_TAG.finditer(text))
    if sum(len(tag.split()) ** 2 for tag in tags) > _MAX_COMPARISONS:
        raise RejectedError("too_large", "it has elements with thousands of attributes")


def visible_text(root: Element) -> str:
    """Return the visible text of an element, one paragraph for each block or line break."""
    parts: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        if event == "start":
            if _is_dropped(node):
                walk.skip_subtree()
            else:
                parts.append("\n" if node.tag not in INLINE else "")
                parts.append(_SPACE.sub(" ", node.text or ""))
            continue
        if event == "end" and node.tag not in INLINE:
            parts.append("\n")
        if node is not root:
            parts.append(_SPACE.sub(" ", node.tail or ""))
    lines = (" ".join(line.split()) for line in clean(repair_mojibake("".join(parts))).split("\n"))
    return "\n\n".join(filter(None, lines))


def _is_dropped(node: Element) -> bool:
    """Return whether an element is hidden or is not part of the text."""
    names = f"{node.get('class', '')} {node.get('id', '')}"
    return bool(node.tag in _DROPPED or is_hidden(node) or _DECORATION.search(names))


def is_hidden(node: Element) -> bool:
    """Return whether an element is hidden from readers by its attributes."""
    style, names = node.get("style"), node.get("class")
    if node.get("hidden") is not None or (style and _HIDDEN.search(style)):
        return True
    return bool(names and _SPOKEN.search(names))


def linked_instruments(links: Sequence[Element]) -> Iterator[Tag]:
    """Yield the instruments whose pages on Investing.com or Yahoo Finance are linked."""
    for link in links:
        href = link.get("href").strip()
        investing, yahoo = _INVESTING.fullmatch(href), _YAHOO.fullmatch(href)
        if investing and (investing["site"] or link.get("data-pairid")):
            yield Tag(investing["path"], Scheme.INVESTING)
        elif yahoo:
            yield Tag(yahoo["symbol"].upper().replace("%5E", "^").replace("%3D", "="), Scheme.YAHOO)
