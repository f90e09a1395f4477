"""The reader of HTML: whole pages, and fragments in a cell or an item of a feed.

What a page states about itself is asked in order: JSON-LD, then meta and ``<time>``, then the visible text. The body is
trafilatura's; the instruments that the publisher links are read separately, because it drops them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from lxml import html as lxml_html

from signals.news import boilerplate, publishers
from signals.news.articles import Reading, Unread, check_size, clean, clean_line, clean_title, repair_mojibake
from signals.news.markup import read_cell
from signals.news.plain_text import read_text
from signals.news.timestamps import read_stamp
from signals.types import NewsSpec, Scheme, Stamp, Tag

_DROPPED = frozenset({
    "script", "style", "noscript", "template", "iframe", "object", "svg", "math", "form", "button", "select",
    "textarea", "figure", "figcaption", "nav", "aside", "footer", "head",
})  # fmt: skip
_INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label",
    "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
})  # fmt: skip
_DECORATION = re.compile(r"carousel|caption|newsletter|advert|share-|social", re.IGNORECASE)
# The second is how words are hidden from all but screen readers.
_HIDDEN = re.compile(r"display\s*:\s*none|clip(?:-path)?\s*:\s*(?:rect\(0|inset\(50%)", re.IGNORECASE)

_META_DATES = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "parsely-pub-date",
    "dc.date.issued", "dcterms.created", "dc.date", "publishdate", "publish-date", "pubdate", "sailthru.date", "date",
)  # fmt: skip
_META_TICKERS = frozenset({"tickers", "ticker", "stock_tickers", "article:ticker", "article:tickers"})
_META_KEYWORDS = frozenset({"keywords", "news_keywords", "article:tag", "parsely-tags"})
_CODE = re.compile(r"(?P<exchange>[A-Z]{2,8})\s?:\s?(?P<code>[A-Z0-9]{1,6}(?:\.[A-Z]{1,2})?)")
_EXCHANGES = frozenset({"NYSE", "NASDAQ", "AMEX", "LSE", "LON", "MCX", "MOEX", "MM", "TSX", "ASX", "HKEX", "OTC"})
_CASHTAG = re.compile(r"\$[A-Z]{1,6}(?:\.[A-Z])?")

# What follows the headline in a page's title: Headline | Site.
_SITE_NAME = re.compile(r"\s+[|\-–—·»]\s")
_SPACE = re.compile(r"\s+")
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{200,}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_MOST_COMPARED = 20_000_000
# trafilatura weighs every element several times; over a page of more it takes longer than all others together.
_MOST_WEIGHED = 20_000
_ENOUGH = 250  # characters

_INVESTING = re.compile(
    r"(?P<site>https?://(?:[\w-]+\.)?investing\.com)?/"
    r"(?P<path>(?:commodities|equities|indices|currencies|etfs|funds|crypto|rates-bonds|certificates)/[\w-]+)/?(?:[?#].*)?"
)
_YAHOO = re.compile(r"https?://finance\.yahoo\.com/quote/(?P<symbol>[\w.^=%-]+)/?(?:[?#].*)?")
_PROSE = "ancestor::p or ancestor::article or ancestor::*[@itemprop='articleBody']"


def read_page(text: str, spec: NewsSpec) -> Reading:
    """Read a whole page.

    Raises
    ------
    Unread
        ``too_large``, ``empty``, ``no_date``, ``two_dates``, ``no_title``.
    """
    root = _parse(text)
    meta = _meta(root)
    about = _json_ld(root)
    url = _url(root, meta, about)
    title = _title(root, meta, about)
    tags = (*_linked(root.xpath(f"//a[@href][{_PROSE}]")), *_stated_tickers(meta, about))
    stamp = _published(root, meta, about, spec)
    if stamp is None:
        seen = read_text(_visible(root), spec, title)
        return replace(seen, url=url, site=seen.site or _site(meta, about), tags=(*seen.tags, *tags))
    if not title:
        raise Unread("no_title", "the page states no headline")
    publisher = publishers.of_url(url)
    body = _body(publishers.paragraphs(publisher, root) if publisher else (), root, about, title)
    agency, site = boilerplate.credits(body)
    return Reading(title, body, stamp, url, agency, site or _site(meta, about), tags)


def read_fragment(text: str) -> tuple[str, tuple[Tag, ...]]:
    """Read a piece of HTML: its paragraphs, and the instruments it links in order of appearance."""
    root = _parse(f"<div>{text}</div>")
    return _visible(root), tuple(_linked(root.xpath("//a[@href]")))


# --- what the page states about itself ------------------------------------------------------------------------------


def _parse(text: str) -> Any:
    check_size(len(text), text.count("<"))
    _check_attributes(text)
    try:
        # A declaration of some other encoding would be obeyed in spite of the text being decoded already.
        root = lxml_html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text.replace("\0", "")))
    except (etree.ParserError, ValueError):
        raise Unread("empty", "the page holds mark-up and no text") from None
    return root


def _check_attributes(text: str) -> None:
    """Refuse elements of so many attributes that libxml2, which compares each with all others, would take minutes."""
    tags = (_QUOTED.sub("", tag[0]) for tag in _LONG_TAG.finditer(text))
    if sum(len(tag.split()) ** 2 for tag in tags) > _MOST_COMPARED:
        raise Unread("too_large", "its elements have thousands of attributes, as those of no page of news have")


def _meta(root: Any) -> Mapping[str, list[str]]:
    """Collect meta values by lower-case name, in the order of the page."""
    found: dict[str, list[str]] = {}
    for node in root.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("itemprop")
        if name and (value := (node.get("content") or "").strip()):
            found.setdefault(name.strip().lower(), []).append(value)
    return found


def _json_ld(root: Any) -> Mapping[str, Any]:
    """Return the JSON-LD node of the article, the one about this page if there are several."""
    nodes: list[Mapping[str, Any]] = []
    for script in root.iter("script"):
        if (script.get("type") or "").strip().lower() == "application/ld+json":
            try:
                nodes += _articles(json.loads(script.text or "", strict=False))
            except (ValueError, RecursionError):
                continue
    headlines = {clean_title(node.text_content()) for node in root.iter("h1")}
    return next((n for n in nodes if _text(n.get("headline")) in headlines), nodes[0] if nodes else {})


def _articles(data: Any, depth: int = 4) -> Iterator[Mapping[str, Any]]:
    if isinstance(data, list) and depth:
        for item in data:
            yield from _articles(item, depth - 1)
    elif isinstance(data, dict):
        kinds = data.get("@type")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(kind, str) and kind.endswith(("Article", "BlogPosting")) for kind in kinds):
            yield data
        elif depth:
            yield from _articles([data.get("@graph"), data.get("mainEntity")], depth - 1)


def _text(value: Any) -> str:
    """Return a JSON value as a line, nothing if it is not text."""
    return clean_title(value) if isinstance(value, str) else ""


def _url(root: Any, meta: Mapping[str, list[str]], about: Mapping[str, Any]) -> str:
    """Return the page's own address; the front page's is not one."""
    entity = about.get("mainEntityOfPage")
    entity = entity.get("@id") if isinstance(entity, dict) else entity
    stated = [node.get("href") for node in root.iter("link") if (node.get("rel") or "").lower() == "canonical"]
    for url in (*stated, *meta.get("og:url", ()), about.get("url"), entity):
        if isinstance(url, str) and _is_address(url := clean_line(url)) and urlsplit(url).path.strip("/"):
            return url
    return ""


def _is_address(url: str) -> bool:
    """Tell whether a text is an http address."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _title(root: Any, meta: Mapping[str, list[str]], about: Mapping[str, Any]) -> str:
    """Return the headline a reader sees, where the page's statements confirm it; else what they state first."""
    seen = [clean_title(node.text_content()) for node in root.iter("h1")]
    named = [_text(about.get("headline")), _text(about.get("name"))]
    named += [clean_title(value) for key in ("og:title", "twitter:title", "title") for value in meta.get(key, ())]
    named += [clean_title(node.text or "") for node in root.xpath("//head/title")]
    confirmed = (h for h in seen if h and any(n == h or _SITE_NAME.match(n.removeprefix(h)) for n in named))
    return next(confirmed, "") or next(filter(None, named), "") or next(filter(None, seen), "")


def _site(meta: Mapping[str, list[str]], about: Mapping[str, Any]) -> str:
    publisher = about.get("publisher")
    name = _text(publisher.get("name")) if isinstance(publisher, dict) else ""
    return name or clean_title(meta.get("og:site_name", [""])[0])


def _published(root: Any, meta: Mapping[str, list[str]], about: Mapping[str, Any], spec: NewsSpec) -> Stamp | None:
    """Return the stamp that the page's mark-up states, or None if it states none.

    Raises
    ------
    Unread
        JSON-LD, meta and ``<time>`` name days that are not even neighbours.
    """
    times = root.xpath("//time[@itemprop='datePublished' or @pubdate]") or root.xpath(
        "(//article|//header)//time[@datetime and not(@itemprop='dateModified')]"
    )
    levels: tuple[Sequence[Any], ...] = (
        [about.get("datePublished")],
        [value for name in _META_DATES for value in meta.get(name, ())],
        [node.get("datetime") for node in times[:1]],
    )
    found: list[Stamp] = []
    for level in levels:
        for text in level:
            try:
                found.append(read_stamp(str(text or ""), spec.dialect.timezone, spec.dialect.dayfirst))
            except ValueError:
                continue
            break
    for other in found[1:]:
        if abs(other.wall.date() - found[0].wall.date()).days > 1:
            detail = f"the page gives two times of publication, {found[0].text!r} and {other.text!r}"
            raise Unread("two_dates", detail)
    return found[0] if found else None


# --- instruments ----------------------------------------------------------------------------------------------------


def _linked(links: Sequence[Any]) -> Iterator[Tag]:
    """Yield the instruments that links lead to."""
    for link in links:
        href = link.get("href").strip()
        investing, yahoo = _INVESTING.fullmatch(href), _YAHOO.fullmatch(href)
        if investing and (investing["site"] or link.get("data-pairid")):
            yield Tag(investing["path"], Scheme.INVESTING)
        elif yahoo:
            yield Tag(yahoo["symbol"].upper().replace("%5E", "^").replace("%3D", "="), Scheme.YAHOO)


def _stated_tickers(meta: Mapping[str, list[str]], about: Mapping[str, Any]) -> Iterator[Tag]:
    """Yield the tickers in the page's metadata; a keyword counts only where it is written as a ticker."""
    for name, values in meta.items():
        words = [clean_line(word) for value in values for word in value.split(",")]
        if name in _META_TICKERS:
            yield from (_ticker(word) or Tag(word) for word in words if 0 < len(word) <= 40)
        elif name in _META_KEYWORDS:
            yield from filter(None, map(_ticker, words))
    keywords = about.get("keywords")
    words = keywords.split(",") if isinstance(keywords, str) else keywords if isinstance(keywords, list) else []
    yield from filter(None, (_ticker(clean_line(word)) for word in words if isinstance(word, str)))


def _ticker(word: str) -> Tag | None:
    code = _CODE.fullmatch(word)
    if code and code["exchange"] in _EXCHANGES:
        return Tag(f"{code['exchange']}:{code['code']}", Scheme.EXCHANGE)
    return Tag(word, Scheme.CASHTAG) if _CASHTAG.fullmatch(word) else None


# --- text -----------------------------------------------------------------------------------------------------------


def _visible(root: Any) -> str:
    """Return the text a reader sees, a paragraph for each block or line break."""
    parts: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        if event == "start":
            if _is_dropped(node):
                walk.skip_subtree()
            else:
                parts.append("\n" if node.tag not in _INLINE else "")
                parts.append(_SPACE.sub(" ", node.text or ""))
            continue
        if event == "end" and node.tag not in _INLINE:
            parts.append("\n")
        if node is not root:
            parts.append(_SPACE.sub(" ", node.tail or ""))
    lines = (" ".join(line.split()) for line in clean(repair_mojibake("".join(parts))).split("\n"))
    return "\n\n".join(filter(None, lines))


def _is_dropped(node: Any) -> bool:
    marks = f"{node.get('class', '')} {node.get('id', '')}"
    hidden = node.get("hidden") is not None or _HIDDEN.search(node.get("style", ""))
    return bool(node.tag in _DROPPED or hidden or _DECORATION.search(marks))


def _body(declared: Sequence[Any], root: Any, about: Mapping[str, Any], title: str) -> str:
    """Extract the article's paragraphs: those that the publisher's layout declares, else trafilatura's.

    Where that finds far less than the page's own ``articleBody``, that is taken; where it finds nothing (a note of one
    sentence, say), all paragraphs.
    """
    found = "\n".join(map(_visible, declared)) or _extracted(root)
    if not found:
        found = "\n".join(map(_visible, root.xpath("//article//p") or root.xpath("//p")))
    stated = about.get("articleBody")
    if isinstance(stated, str) and len(stated) > 2 * len(found):
        found = read_cell(stated)[0]
    lines = []
    for line in clean(found).split("\n"):
        line = " ".join(line.removeprefix("- ").split())
        if boilerplate.ends_article(line):
            break
        if line and line != title and not boilerplate.is_caption(line) and not boilerplate.is_sign_off(line):
            lines.append(line)
    return "\n\n".join(lines)


def _extracted(root: Any) -> str:
    """Let trafilatura find the text: by its own rules, and where they find next to nothing by its fallbacks as well."""
    import trafilatura

    found = ""
    if sum(1 for _ in root.iter()) > _MOST_WEIGHED:
        return found
    for fast in (True, False):
        try:
            # Not `extract`, which puts the marks on letters in order before `clean` can leave out heaps of them.
            page: Any = trafilatura.bare_extraction(
                root, fast=fast, include_comments=False, include_tables=True, include_formatting=False,
                include_links=False, deduplicate=False, with_metadata=False,
            )  # fmt: skip
        except Exception:  # a page that it fails on, nested too deeply for one, still has its paragraphs
            page = None
        found = max(found, (page and page.text) or "", key=len)
        if len(found) >= _ENOUGH:
            break
    return found
