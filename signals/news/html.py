"""Parse HTML pages of one article.

The statements of a page about itself take precedence in this order: JSON-LD, then meta elements, then the visible text;
`page_dates` chooses the time of publication. `signals.news.body` reads the text; the publisher's instrument links are
parsed separately, because they are in elements that it drops.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from signals.net.addresses import host_of
from signals.news import boilerplate, page_dates, publishers
from signals.news.articles import ArticleFields, RejectedError, clean_line, clean_title
from signals.news.authors import read_authors
from signals.news.body import Statement, read_body
from signals.news.json_ld import JsonLd, article_of
from signals.news.markup import Element, linked_instruments, parse_html, visible_text
from signals.news.plain_text import parse_text
from signals.types import NewsSpec, Scheme, Stamp, Tag

#: The values of a page's meta elements by name in lower case, in the order of the page.
Meta = Mapping[str, Sequence[str]]

_META_TICKERS = frozenset({"tickers", "ticker", "stock_tickers", "article:ticker", "article:tickers"})
_META_KEYWORDS = frozenset({"keywords", "news_keywords", "article:tag", "parsely-tags"})
_CODE = re.compile(r"(?P<exchange>[A-Z]{2,8})\s?:\s?(?P<code>[A-Z0-9]{1,6}(?:\.[A-Z]{1,2})?)")
_EXCHANGES = frozenset({"NYSE", "NASDAQ", "AMEX", "LSE", "LON", "MCX", "MOEX", "MM", "TSX", "ASX", "HKEX", "OTC"})
_CASHTAG = re.compile(r"\$[A-Z]{1,6}(?:\.[A-Z])?")

# The separator between the headline and the site in the title of a page: Headline | Site.
_SITE_NAME = re.compile(r"(?<!\s)\s+[|\-–—·»]\s")
_SITE_LENGTH, _TITLE_WORDS = 30, 3
_PROSE = "ancestor::p or ancestor::article or ancestor::*[@itemprop='articleBody']"


def parse_page(text: str, spec: NewsSpec, address: str = "") -> ArticleFields:
    """Return the fields of the article on a page; `address` is where it was fetched, if it was.

    Raises
    ------
    RejectedError
        ``too_large``, ``empty``, ``no_date``, ``two_dates``, ``no_title``.
    """
    root = parse_html(text)
    meta = _meta(root)
    json_ld = article_of(root)
    url = _url(root, meta, json_ld)
    title = _title(root, meta, json_ld)
    tags = (*linked_instruments(root.xpath(f"//a[@href][{_PROSE}]")), *_stated_tickers(meta, json_ld))
    publisher = publishers.of_url(url)
    declared = publishers.paragraphs(publisher, root) if publisher else ()
    statement, site = _statement(meta, json_ld), _site(meta, json_ld)
    stamp = page_dates.publication(root, json_ld, title, spec)
    visible = _visible(root, title, spec, url or address) if stamp is None else None
    if isinstance(visible, ArticleFields):
        body = read_body(declared, root, statement, title or visible.title) or visible.body
        site = visible.site or site
        authors = read_authors(root, json_ld, meta, site) or visible.authors
        return replace(visible, body=body, url=url, site=site, tags=(*visible.tags, *tags), authors=authors)
    stamp = stamp or visible
    if not title or stamp is None:
        raise RejectedError("no_title", "the page states no headline")
    body = page_dates.without_stamp_line(read_body(declared, root, statement, title), stamp)
    agency, visible_site = boilerplate.dateline_source(body)
    site = visible_site or site
    return ArticleFields(title, body, stamp, url, agency, site, tags, read_authors(root, json_ld, meta, site))


def _visible(root: Element, title: str, spec: NewsSpec, address: str) -> ArticleFields | Stamp:
    """Return the fields that the visible text of a page gives; if that has no time, the day in the page's address.

    Raises
    ------
    RejectedError
        ``empty``, ``too_large``, ``no_date``, ``two_dates`` or ``no_title``.
    """
    try:
        return parse_text(visible_text(root), spec, title)
    except RejectedError as error:
        day = page_dates.of_address(address, spec) if error.reason == "no_date" else None
        if day is None:
            raise
        return day


# --- statements of the page about itself ----------------------------------------------------------------------------


def _meta(root: Element) -> Meta:
    """Return the values of the meta elements by name."""
    values: dict[str, list[str]] = {}
    for node in root.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("itemprop")
        if name and (value := (node.get("content") or "").strip()):
            values.setdefault(name.strip().lower(), []).append(value)
    return values


def _line(value: object) -> str:
    """Return a JSON value as one line; empty if it is not a text."""
    return clean_title(value) if isinstance(value, str) else ""


def _url(root: Element, meta: Meta, json_ld: JsonLd) -> str:
    """Return the page's own URL; empty if it states none or that of a front page."""
    entity = json_ld.get("mainEntityOfPage")
    entity = entity.get("@id") if isinstance(entity, dict) else entity
    canonical = [node.get("href") for node in root.iter("link") if (node.get("rel") or "").lower() == "canonical"]
    for url in (*canonical, *meta.get("og:url", ()), json_ld.get("url"), entity):
        if isinstance(url, str) and host_of(url := clean_line(url)) and urlsplit(url).path.strip("/"):
            return url
    return ""


def _title(root: Element, meta: Meta, json_ld: JsonLd) -> str:
    """Return the visible headline that a statement confirms, else the first stated one, else the first visible one."""
    visible = [clean_title(node.text_content()) for node in root.iter("h1")]
    stated = [_line(json_ld.get("headline")), _line(json_ld.get("name"))]
    stated += [clean_title(value) for key in ("og:title", "twitter:title", "title") for value in meta.get(key, ())]
    stated += [clean_title(node.text or "") for node in root.xpath("//head/title")]
    confirmed = (h for h in visible if h and any(s == h or _SITE_NAME.match(s.removeprefix(h)) for s in stated))
    stated = [_without_site(line, _site(meta, json_ld)) for line in stated]
    return next(confirmed, "") or next(filter(None, stated), "") or next(filter(None, visible), "")


def _without_site(title: str, site: str) -> str:
    """Return a title without the name of the site below it, as in: Headline | Site."""
    *above, name = _SITE_NAME.split(title)
    is_site = name == site or (title.endswith(f"| {name}") and len(name) <= _SITE_LENGTH)
    return (
        title[: -len(name)].rstrip(" |-–—·»") if above and is_site and len(above[0].split()) >= _TITLE_WORDS else title
    )


def _site(meta: Meta, json_ld: JsonLd) -> str:
    publisher = json_ld.get("publisher")
    name = _line(publisher.get("name")) if isinstance(publisher, dict) else ""
    return name or clean_title(meta.get("og:site_name", [""])[0])


def _statement(meta: Meta, json_ld: JsonLd) -> Statement:
    """Return what the page states about its text."""
    body, description = json_ld.get("articleBody"), json_ld.get("description")
    described = (description, *(value for key in ("og:description", "description") for value in meta.get(key, ())))
    texts = [clean_title(text) for text in described if isinstance(text, str)]
    return Statement(body if isinstance(body, str) else "", max(texts, key=len, default=""))


def _stated_tickers(meta: Meta, json_ld: JsonLd) -> Iterator[Tag]:
    """Yield the tickers in the page's metadata; a keyword counts only if it has the form of a ticker."""
    for name, values in meta.items():
        words = [clean_line(word) for value in values for word in value.split(",")]
        if name in _META_TICKERS:
            yield from (_ticker(word) or Tag(word) for word in words if 0 < len(word) <= 40)
        elif name in _META_KEYWORDS:
            yield from filter(None, map(_ticker, words))
    keywords = json_ld.get("keywords")
    words = keywords.split(",") if isinstance(keywords, str) else keywords if isinstance(keywords, list) else []
    yield from filter(None, (_ticker(clean_line(word)) for word in words if isinstance(word, str)))


def _ticker(word: str) -> Tag | None:
    code = _CODE.fullmatch(word)
    if code and code["exchange"] in _EXCHANGES:
        return Tag(f"{code['exchange']}:{code['code']}", Scheme.EXCHANGE)
    return Tag(word, Scheme.CASHTAG) if _CASHTAG.fullmatch(word) else None
