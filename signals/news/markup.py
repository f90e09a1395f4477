"""HTML -> title, stamp, tags and body: what the page declares of itself first, then what it shows.

Declared means JSON-LD, then meta elements, then ``<time datetime>``. The body of a page is trafilatura's; the body of a
fragment, such as a cell of an archive, is all of its text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree, html

from signals.news.words import clean, headline
from signals.types import Scheme, Tag

_BLOCKS = re.compile(
    "address|article|aside|blockquote|br|div|dl|dd|dt|figure|footer|form|h[1-6]|header|hr|li|main|ol|p|pre|section|"
    "table|td|th|tr|ul"
)
_SILENT = re.compile("script|style|noscript|template|svg|iframe|figcaption|button|form|nav")
_CAROUSEL = re.compile(r"carousel|caption|share|related|comment|disclaimer|promo|newsletter", re.IGNORECASE)
_INSTRUMENT = re.compile(r"^(?:https?://[\w.-]*investing\.com)?/((?:equities|commodities|indices|currencies|crypto|etfs|"
                         r"funds|rates-bonds)/[\w-]+)$")  # fmt: skip
_ARTICLE = re.compile(r"(News|Blog|Report|Opinion|Analysis|Live)?(Article|Posting|BlogPosting)$")
_TICKER_META = ("tickers", "parsely-tickers", "article:ticker", "sailthru.ticker", "ticker")
_PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "article.published", "parsely-pub-date", "sailthru.date",
    "datepublished", "date", "dc.date", "dc.date.issued", "pubdate", "publish-date",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Declared:
    """What a page says. `stamps` are texts, the best first; empty where it says nothing."""

    title: str
    stamps: tuple[str, ...]
    url: str
    publisher: str
    tags: tuple[Tag, ...]
    body: str


def read_html(text: str) -> Declared:
    """Read a whole page; an unreadable one comes back empty."""
    tree = _parse(text)
    if tree is None:
        return Declared("", (), "", "", (), "")
    meta = {_name(m): m.get("content", "").strip() for m in reversed(list(tree.iter("meta"))) if m.get("content")}
    linked = next(iter(_linked_data(tree)), {})
    title = _first(linked.get("headline"), meta.get("og:title"), _text_of(tree, "h1"), _text_of(tree, "title"))
    times = [t.get("datetime") for t in tree.iter("time") if t.get("datetime")]
    stamps = [linked.get("datePublished"), *(meta.get(name) for name in _PUBLISHED_META), *times[:1]]
    canonical = [link.get("href") for link in tree.iter("link") if link.get("rel") == "canonical"]
    return Declared(
        headline(title),
        tuple(dict.fromkeys(s.strip() for s in stamps if isinstance(s, str) and s.strip())),
        _first(*canonical, meta.get("og:url")),
        headline(_first(_publisher(linked), meta.get("og:site_name"))),
        tuple(dict.fromkeys([*_declared_tickers(meta), *_instrument_links(tree)])),
        _article_body(text),
    )


def read_fragment(text: str) -> tuple[str, tuple[Tag, ...]]:
    """Return all the text of a piece of HTML in paragraphs, and the instruments that its links name."""
    tree = _parse(text)
    if tree is None:
        return clean(text), ()
    body = clean("".join(_pieces(tree)))
    paragraphs = [" ".join(part.split()) for part in re.split(r"\s*\n\s*", body)]
    return "\n\n".join(part for part in paragraphs if part), tuple(dict.fromkeys(_instrument_links(tree)))


def looks_like_html(text: str) -> bool:
    """Tell whether a text is mark-up rather than prose with a sign of less-than in it."""
    return bool(re.search(r"<(?:p|div|br|span|a|html|body|article|h\d|ul|table)\b[^>]*>", text[:20_000], re.IGNORECASE))


def _parse(text: str) -> Any:
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _pieces(element: Any) -> Iterator[str]:
    """Yield the text of an element, a line break at every block; iterative, because mark-up can be nested deeply."""
    stack: list[tuple[Any, bool]] = [(element, False)]
    while stack:
        node, leaving = stack.pop()
        tag = node.tag if isinstance(node.tag, str) else ""
        if leaving:
            yield ("\n" if _BLOCKS.fullmatch(tag) else "") + (node.tail or "")
            continue
        silent = _SILENT.fullmatch(tag) or _CAROUSEL.search(f"{node.get('class', '')} {node.get('id', '')}")
        stack.append((node, True))
        if not silent:
            yield ("\n" if _BLOCKS.fullmatch(tag) else "") + (node.text or "")
            stack += [(child, False) for child in reversed(node)]


def _instrument_links(tree: Any) -> Iterator[Tag]:
    for link in tree.iter("a"):
        found = _INSTRUMENT.match(link.get("href", ""))
        if found:
            yield Tag(found[1], Scheme.INVESTING)


def _declared_tickers(meta: dict[str, str]) -> Iterator[Tag]:
    for name in _TICKER_META:
        for text in re.split(r"[,;\s]+", meta.get(name, "")):
            if text:
                yield Tag(text)


def _linked_data(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield the JSON-LD objects of a page that are articles."""
    for script in tree.iter("script"):
        if script.get("type", "").lower() != "application/ld+json":
            continue
        try:
            stack = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        while stack:
            item = stack.pop()
            if isinstance(item, list):
                stack += reversed(item)
            elif isinstance(item, dict):
                kinds = item.get("@type", "")
                if any(_ARTICLE.search(str(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds])):
                    yield item
                stack += [item[key] for key in ("@graph", "mainEntity") if key in item]


def _publisher(linked: dict[str, Any]) -> str:
    publisher = linked.get("publisher")
    return str(publisher.get("name", "")) if isinstance(publisher, dict) else ""


def _article_body(text: str) -> str:
    import trafilatura

    found = trafilatura.extract(text, include_comments=False, include_tables=False, deduplicate=False)
    return clean(found or "").replace("\n", "\n\n")


def _name(meta: Any) -> str:
    return (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()


def _text_of(tree: Any, tag: str) -> str:
    element = next(tree.iter(tag), None)
    return "" if element is None else "".join(element.itertext()).strip()


def _first(*candidates: object) -> str:
    return next((c for c in candidates if isinstance(c, str) and c.strip()), "")
