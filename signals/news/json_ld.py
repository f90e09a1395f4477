"""Read the JSON-LD of a page, also where it stands among characters that are no JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape

from signals.news.articles import clean_title
from signals.news.markup import Element

#: A JSON-LD object; the page may give its values any type.
JsonLd = Mapping[str, object]

# Comments of HTML and of scripts around the value, and the marks of a CDATA section.
_OPENING = re.compile(r"(?:\s|<!--|<!\[CDATA\[|//\s*<!\[CDATA\[|/\*.*?\*/)*", re.DOTALL)
_CLOSING_MARKS = (";", "-->", "]]>", "//")
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_ARTICLES = ("Article", "BlogPosting", "Posting", "Report")
_DEPTH, _MAX_VALUES = 6, 20
_PUBLISHED = ("datepublished", "datecreated", "uploaddate")
#: Types whose date is that of something on the page.
_PARTS = ("Comment", "ImageObject", "Person", "Organization", "WebSite", "BreadcrumbList", "Product", "Offer")
_WRITTEN = re.compile(r"[\"']datePublished[\"']\s*:\s*[\"']([^\"']{8,40})[\"']")


def article_of(root: Element) -> JsonLd:
    """Return the JSON-LD object of the article; among several, those whose headline the page shows, as one object."""
    values = list(_values(root))
    nodes = [node for value in values for node in _nodes(value, _ARTICLES)]
    headlines = {_key(node.text_content()) for node in root.iter("h1")}
    first = next((node for node in nodes if _key(node.get("headline")) in headlines), nodes[0] if nodes else None)
    if first is not None:
        # What the first object does not state, another one of the same headline may.
        headline = _key(first.get("headline"))
        same = [node for node in nodes if node is not first and _key(node.get("headline")) == headline]
        return {name: value for node in (*reversed(same), first) for name, value in node.items() if value}
    return next((node for value in values for node in _nodes(value, ("WebPage",))), {})


def dated_values(root: Element, title: str) -> Iterator[str]:
    """Yield the dates of publication in JSON-LD of any type, those of the headline first.

    Of JSON-LD that cannot be read the text is searched.
    """
    nodes = [node for value in _values(root) for node in _nodes(value, ("",)) if not _is_part(node)]
    for node in sorted(nodes, key=lambda node: _key(title) not in (_key(node.get("headline")), _key(node.get("name")))):
        values = {name.lower(): value for name, value in node.items()}
        yield from (value for name in _PUBLISHED if isinstance(value := values.get(name), str))
    if not nodes:
        yield from (match[1] for script in _scripts(root) for match in _WRITTEN.finditer(script))


def _is_part(node: JsonLd) -> bool:
    kinds = node.get("@type")
    return any(kind in _PARTS for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str))


def _scripts(root: Element) -> Iterator[str]:
    """Yield the texts of the scripts of JSON-LD."""
    for script in root.iter("script"):
        if (script.get("type") or "").partition(";")[0].strip().lower() == "application/ld+json":
            text = _unwrapped((script.text or "").strip())
            yield unescape(text) if "&quot;" in text and '"' not in text else text


def _unwrapped(text: str) -> str:
    """Return a script without the comments and the marks of a CDATA section around its value."""
    opening, end = _OPENING.match(text), len(text)
    while (shorter := _end_before_mark(text, end)) < end:
        end = shorter
    return text[opening.end() if opening else 0 : end]


def _end_before_mark(text: str, end: int) -> int:
    """Return where the text before its last blank, mark or comment ends; `end` if there is none."""
    if text[end - 1 : end].isspace():
        return end - 1
    if text.endswith("*/", 0, end):
        start = text.rfind("/*", 0, end - 2)
        return end if start < 0 else start
    return next((end - len(mark) for mark in _CLOSING_MARKS if text.endswith(mark, 0, end)), end)


def _values(root: Element) -> Iterator[object]:
    """Yield the JSON values in the scripts of a page."""
    for text in _scripts(root):
        try:
            yield json.loads(text, strict=False)
        except (ValueError, RecursionError):
            yield from _several(text)


def _several(text: str) -> Iterator[object]:
    """Yield the JSON values that follow each other from the first bracket of a text, whatever follows the last."""
    text = _TRAILING_COMMA.sub("", text)
    for _ in range(_MAX_VALUES):
        start = min((at for at in (text.find("{"), text.find("[")) if at >= 0), default=-1)
        if start < 0:
            return
        try:
            value, end = json.JSONDecoder(strict=False).raw_decode(text, start)
        except (ValueError, RecursionError):
            return
        yield value
        text = text[end:]


def _nodes(data: object, kinds: tuple[str, ...], depth: int = _DEPTH) -> Iterator[JsonLd]:
    """Yield the objects in a JSON-LD value whose type ends with one of some words."""
    if isinstance(data, list) and depth:
        for item in data:
            yield from _nodes(item, kinds, depth - 1)
    elif isinstance(data, dict):
        types = data.get("@type")
        types = types if isinstance(types, list) else [types]
        if any(isinstance(kind, str) and kind.endswith(kinds) for kind in types):
            yield data
        elif depth:
            yield from _nodes([data.get("@graph"), data.get("mainEntity")], kinds, depth - 1)


def _key(value: object) -> str:
    return clean_title(value).casefold() if isinstance(value, str) else ""
