"""Feeds that feedparser does not know, by their content: JSON Feed and news sitemaps.

Both become a channel with entries under feedparser's names, so that one reader makes articles of all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from lxml import etree

from signals.news.articles import RejectedError, check_size


class Element(Protocol):
    """An element of lxml, which ships without types."""

    tag: object
    text: str | None
    tail: str | None

    def __iter__(self) -> Iterator[Element]:
        """Yield the children."""
        ...


#: One item under the names of feedparser: link, id, title, published, updated, content, summary, author, tickers.
Entry = Mapping[str, object]

_SITEMAP_ROOT = re.compile(rb"<(?:\w{1,20}:)?(urlset|sitemapindex)\b", re.IGNORECASE)
# References to halves of a surrogate pair: libxml2 passes them on as bytes that are no UTF-8.
_SURROGATE = re.compile(rb"&#(?:[xX]0{0,9}[dD][89a-fA-F][0-9a-fA-F]{2}|0{0,9}5(?:529[6-9]|5[3-9]\d\d|[67]\d{3}));")
_HEAD_BYTES = 4_096
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed: what it says of itself, and its items."""

    feed: Mapping[str, str] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()


def read_other_feed(payload: bytes) -> Channel | None:
    """Return the channel of a JSON Feed or a news sitemap; None if a payload is neither.

    Raises
    ------
    RejectedError
        ``not_a_feed``: a sitemap without news; ``unreadable``: it breaks off before its first item; ``too_large``.
    """
    head = payload[:_HEAD_BYTES].replace(b"\0", b"")
    if head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"{"):
        return _json_feed(payload)
    if root := _SITEMAP_ROOT.search(head):
        return _sitemap(payload, root[1].lower() == b"sitemapindex")
    return None


# --- JSON Feed ------------------------------------------------------------------------------------------------------


def _json_feed(payload: bytes) -> Channel | None:
    """Return the channel of a JSON Feed, version 1 or 1.1; None if it is other JSON.

    Raises
    ------
    RejectedError
        ``too_large``.
    """
    try:
        text = payload.decode("utf-16" if payload.startswith(_UTF_16) else "utf-8-sig")
        check_size(len(payload), text.count('":') + text.count("{"))  # its names and objects are its elements
        feed = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    if not isinstance(feed, dict) or "jsonfeed.org/version/" not in str(feed.get("version")):
        return None
    items = feed.get("items")
    entries = tuple(_json_entry(item) for item in items) if isinstance(items, list) else ()
    return Channel({"title": _text(feed, "title")}, entries)


def _json_entry(item: object) -> Entry:
    content = _text(item, "content_html")
    authors = item.get("authors") if isinstance(item, dict) else None
    author = (
        authors[0] if isinstance(authors, list) and authors else item.get("author") if isinstance(item, dict) else {}
    )
    entry = {
        "id": _text(item, "id"),
        "link": _text(item, "url") or _text(item, "external_url"),
        "title": _text(item, "title"),
        "published": _text(item, "date_published"),
        "updated": _text(item, "date_modified"),
        "summary": content or _text(item, "content_text") or _text(item, "summary"),
        "author": _text(author, "name"),
    }
    return {name: text for name, text in entry.items() if text}


def _text(value: object, name: str) -> str:
    inner = value.get(name) if isinstance(value, dict) else None
    return str(inner) if isinstance(inner, (str, int)) and not isinstance(inner, bool) else ""


# --- news sitemaps --------------------------------------------------------------------------------------------------


def _sitemap(payload: bytes, is_index: bool) -> Channel:
    if is_index:
        problem = "it is an index of sitemaps; configure the address of the news sitemap that it lists"
        raise RejectedError("not_a_feed", problem)
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(_SURROGATE.sub(b"&#xFFFD;", payload), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or (not len(root) and parser.error_log):
        raise RejectedError("unreadable", "the sitemap is broken before its first address; the next run tries again")
    addresses = [child for child in root if _local_name(child.tag) == "url"]
    try:
        entries = tuple(entry for address in addresses if (entry := _sitemap_entry(dict(_leaves(address)))))
    except UnicodeDecodeError:  # a half of a surrogate pair in another encoding
        raise RejectedError("unreadable", "the sitemap names characters that do not exist") from None
    if addresses and not entries:
        raise RejectedError("not_a_feed", "it is a sitemap without news; configure the news sitemap of the site")
    return Channel({}, entries)


def _sitemap_entry(texts: Mapping[str, str]) -> Entry:
    """Return the item of an address; empty if it is no news."""
    if not texts.keys() & {"title", "publication_date"}:
        return {}
    entry = {
        "link": texts.get("loc", ""),
        "title": texts.get("title", ""),
        "published": texts.get("publication_date", ""),
        "author": texts.get("name", ""),
        "tickers": texts.get("stock_tickers", ""),
    }
    return {name: text for name, text in entry.items() if text}


def _leaves(element: Iterable[Element]) -> Iterator[tuple[str, str]]:
    """Yield the names and texts below an address; a title of an image or a video in it is none of its own."""
    for child in element:
        name = _local_name(child.tag)
        if name in ("image", "video"):
            continue
        # An entity is a child of its own, and stays unread.
        text = "".join(part or "" for part in (child.text, *(inner.tail for inner in child)))
        if name and text.strip():
            yield name, text
        yield from _leaves(child)


def _local_name(tag: object) -> str:
    """Return the name of an element without its namespace; empty for a comment."""
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""
