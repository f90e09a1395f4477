"""Find the time of publication of a page that states none where pages usually do.

The clues are, from the strongest to the weakest: JSON-LD that is no article's, meta elements of other names, other
elements and attributes for dates, the state of the page's scripts, the only date among elements that may belong to
other stories, and the day in the page's address. A clue counts only on a page without a better statement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from urllib.parse import urlsplit

from signals.news.json_ld import dated_values
from signals.news.markup import Element

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_NAMED = frozenset({
    "date", "time", "timestamp", "pubdate", "published", "publish", "publication", "posted", "issued", "created",
    "creation", "datecreation", "firstpublished", "ptime", "datum", "datetime", "ago", "timeago",
})  # fmt: skip
#: Words of names that hold another date than that of publication, or none.
_OTHER = frozenset({
    "author", "available", "birth", "birthday", "book", "build", "by", "cache", "candidate", "crawl", "current",
    "deadline", "dismiss", "duration", "end", "event", "expiration", "expires", "expiry", "format", "lastmod",
    "mandate", "modification", "modified", "msvalidate", "music", "offer", "price", "publisher", "read", "reading",
    "review", "reviewed", "revised", "server", "start", "today", "until", "update", "updated", "valid", "validate",
    "video", "zone",
})  # fmt: skip
#: Elements whose dates are read elsewhere, or are those of changes to a text.
_NO_DATES = frozenset({"meta", "ins", "del", "html", "body"})
#: Words of attributes that hold seconds.
_SECONDS = frozenset({"ts", "unix", "epoch", "utc"})
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.{0,20}")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_STATED = re.compile(
    r"(?:datePublished|date_published|published_?(?:At|at|time|date|on)|publish_?(?:Date|date|time)|pub_?date"
    r"|publication_?(?:Date|date)|firstPublished\w{0,10}|pubDate)\\?[\"']?\s*[:=]\s*"
    r"(?:\\?[\"'](?P<text>[^\"'\\]{8,40})\\?[\"']|(?P<epoch>1\d{9}(?:\d{3})?)\b)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<mark>[/_-]?)(?P<m>\d\d?|[a-z]{3})(?P=mark)(?P<d>\d\d?)(?!\d)")
_MAX_TEXTS, _MAX_STATE = 200, 1_000_000


def clues(root: Element, title: str, belongs: Callable[[Element], bool]) -> Iterator[str]:
    """Yield the texts that may be the time of publication, the strongest first.

    Parameters
    ----------
    root, title
        The page and its headline.
    belongs
        Whether an element stands where a date of the article does.
    """
    yield from dated_values(root, title)
    yield from _of_meta(root)
    dated = ((node, text) for node in root.iter() if isinstance(node.tag, str) for text in _of_element(node))
    yield from (text for node, text in islice(dated, _MAX_TEXTS) if belongs(node))
    states = [script.text or "" for script in root.iter("script")]
    states += [node.get("content") or "" for node in root.iter("meta")]
    states += [value for value in root.xpath("//body//@*[starts-with(name(), 'data-')]") if value[:1] in ("{", "[")]
    yield from _only(
        match["text"] or match["epoch"] for text in states for match in _STATED.finditer(text[:_MAX_STATE])
    )
    times = root.xpath("//time/@datetime | //*[contains(@itemprop, 'datePublished')]/@content")
    yield from _only(map(str, times[:_MAX_TEXTS]))


def day_in_address(url: str) -> str:
    """Return the day that the path of an address holds, as in /2024/04/25/story; empty if there is none or two."""
    days = list(_DAY.finditer(urlsplit(url).path))
    if len(days) != 1 or (not days[0]["mark"] and len(days[0][0]) != 8):
        return ""
    month = _MONTHS.index(days[0]["m"]) + 1 if days[0]["m"] in _MONTHS else days[0]["m"]
    return f"{days[0]['y']}-{month:0>2}-{days[0]['d']:0>2}"


def _of_meta(root: Element) -> Iterator[str]:
    """Yield the values of the meta elements whose name is that of a date of publication."""
    for node in root.iter("meta"):
        name = node.get("name") or node.get("property") or node.get("itemprop") or node.get("http-equiv") or ""
        if _is_date_name(name):
            yield node.get("content") or ""


def _of_element(node: Element) -> Iterator[str]:
    """Yield what the attributes of an element hold that is a time, and its text if it is marked as a date by RDFa."""
    if node.tag in _NO_DATES or (node.tag == "time" and node.get("datetime")):
        return
    for name, value in node.items():
        is_time, is_epoch = _TIME.fullmatch(value), _EPOCH.fullmatch(value)
        if not is_time and not is_epoch:
            continue
        if name in ("title", "content"):
            name = f"{node.get('class', '')} {node.get('id', '')} {node.get('property', '')} {node.tag}"
            is_epoch, is_time = None, is_time if _is_date_name(name) else None
        words = _words(name)
        if (is_time and not words & _OTHER) or (is_epoch and (_is_date_name(name) or words & _SECONDS)):
            yield value
    if _is_date_name(node.get("property", "")):
        yield node.text_content()


def _is_date_name(name: str) -> bool:
    """Return whether the words of a name say that it holds a date of publication, or do not say what date."""
    words = _words(name)
    is_date = words & _NAMED or any(word.endswith("date") for word in words)
    return bool(is_date) and not words & _OTHER


def _words(names: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(names[:300])}


def _only(texts: Iterable[str]) -> list[str]:
    """Return the text that all of some texts are; none if they differ, as the times of several stories do."""
    distinct = set(texts)
    return list(distinct) if len(distinct) == 1 else []
