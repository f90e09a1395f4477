"""Parse HTML pages of one article.

The statements of a page about itself take precedence in this order: JSON-LD, then meta elements, then the visible text;
`page_dates` chooses the time of publication. trafilatura extracts the body; the publisher's instrument links are parsed
separately, because it drops them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from signals.net.addresses import host_of
from signals.news import boilerplate, page_dates, publishers
from signals.news.articles import ArticleFields, RejectedError, clean, clean_line, clean_title
from signals.news.json_ld import JsonLd, article_of
from signals.news.markup import Element, linked_instruments, parse_html, parse_markup, visible_text
from signals.news.plain_text import parse_text
from signals.types import NewsSpec, Scheme, Tag

#: The values of a page's meta elements by name in lower case, in the order of the page.
Meta = Mapping[str, Sequence[str]]

_META_TICKERS = frozenset({"tickers", "ticker", "stock_tickers", "article:ticker", "article:tickers"})
_META_KEYWORDS = frozenset({"keywords", "news_keywords", "article:tag", "parsely-tags"})
_CODE = re.compile(r"(?P<exchange>[A-Z]{2,8})\s?:\s?(?P<code>[A-Z0-9]{1,6}(?:\.[A-Z]{1,2})?)")
_EXCHANGES = frozenset({"NYSE", "NASDAQ", "AMEX", "LSE", "LON", "MCX", "MOEX", "MM", "TSX", "ASX", "HKEX", "OTC"})
_CASHTAG = re.compile(r"\$[A-Z]{1,6}(?:\.[A-Z])?")

# The separator between the headline and the site in the title of a page: Headline | Site.
_SITE_NAME = re.compile(r"\s+[|\-–—·»]\s")
# trafilatura visits every element several times; on larger pages it takes longer than all other parsing together.
_MAX_EXTRACTED_ELEMENTS = 20_000
_ENOUGH_CHARACTERS = 250
_PROSE = "ancestor::p or ancestor::article or ancestor::*[@itemprop='articleBody']"


def parse_page(text: str, spec: NewsSpec) -> ArticleFields:
    """Return the fields of the article on a page.

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
    stamp = page_dates.publication(root, json_ld, title, spec)
    if stamp is None:
        visible = parse_text(visible_text(root), spec, title)
        return replace(visible, url=url, site=visible.site or _site(meta, json_ld), tags=(*visible.tags, *tags))
    if not title:
        raise RejectedError("no_title", "the page states no headline")
    publisher = publishers.of_url(url)
    body = _body(publishers.paragraphs(publisher, root) if publisher else (), root, json_ld, title)
    body = page_dates.without_stamp_line(body, stamp)
    agency, site = boilerplate.dateline_source(body)
    return ArticleFields(title, body, stamp, url, agency, site or _site(meta, json_ld), tags)


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
    return next(confirmed, "") or next(filter(None, stated), "") or next(filter(None, visible), "")


def _site(meta: Meta, json_ld: JsonLd) -> str:
    publisher = json_ld.get("publisher")
    name = _line(publisher.get("name")) if isinstance(publisher, dict) else ""
    return name or clean_title(meta.get("og:site_name", [""])[0])


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


# --- body -----------------------------------------------------------------------------------------------------------


def _body(declared: Sequence[Element], root: Element, json_ld: JsonLd, title: str) -> str:
    """Return the article's paragraphs: those of the publisher's declared layout, else those of trafilatura.

    If both find nothing, as for a note of one sentence, all paragraphs of the page are taken. The JSON-LD
    ``articleBody`` replaces a body that has less than half its length.
    """
    text = "\n".join(map(visible_text, declared)) or _extract(root)
    if not text:
        text = "\n".join(map(visible_text, root.xpath("//article//p") or root.xpath("//p")))
    stated = json_ld.get("articleBody")
    if isinstance(stated, str) and len(stated) > 2 * len(text):
        text = parse_markup(stated)[0]
    lines = []
    for line in clean(text).split("\n"):
        line = " ".join(line.removeprefix("- ").split())
        if boilerplate.ends_article(line):
            break
        if line and line != title and not boilerplate.is_caption(line) and not boilerplate.is_sign_off(line):
            lines.append(line)
    return "\n\n".join(lines)


def _extract(root: Element) -> str:
    """Return the text that trafilatura extracts: by its own rules, and if that is very short, with its fallbacks."""
    import trafilatura  # takes a second to load, and most archives, feeds and pages need none of it

    text = ""
    if sum(1 for _ in root.iter()) > _MAX_EXTRACTED_ELEMENTS:
        return text
    for fast in (True, False):
        try:
            # Not `extract`, which normalises long runs of combining marks before `clean` can bound them.
            page = trafilatura.bare_extraction(
                root, fast=fast, include_comments=False, include_tables=True, include_formatting=False,
                include_links=False, deduplicate=False, with_metadata=False,
            )  # fmt: skip
        except Exception:  # it fails on some pages, such as very deeply nested ones; their paragraphs remain
            page = None
        text = max(text, getattr(page, "text", None) or "", key=len)
        if len(text) >= _ENOUGH_CHARACTERS:
            break
    return text
