"""Choose the time of publication of a page among all that it states.

Statements are JSON-LD, meta elements, microdata, ``<time>`` and the visible text under the headline. Those of teasers,
comments and lists of other articles are left out. A time of publication is preferred to an unlabelled one, any of these
to one of an update, a time to the day that it is on, and a stated zone to an assumed one. What contradicts the chosen
statement is kept beside it as `Stamp.others`. A page that states none has its clues read instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from signals.news.articles import RejectedError, clean_line, clean_title
from signals.news.authors import byline_names
from signals.news.json_ld import JsonLd
from signals.news.markup import Element, visible_text
from signals.news.page_date_clues import clues, day_in_address
from signals.news.plain_text import StampLabel, head_stamps
from signals.news.source_stamps import as_day, parse_source_stamp, zone_on
from signals.types import NewsSpec, Precision, Stamp, ZoneBasis

_PUBLISHED_NAMES = (
    "article:published_time", "article:published", "og:article:published_time", "og:published_time", "og:pubdate",
    "datepublished", "parsely-pub-date", "dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created",
    "dcterms.date", "dc.date", "publishdate", "publish-date", "publish_date", "published_time", "published-date",
    "publication_date", "publicationdate", "pubdate", "pub_date", "article.published", "article_date_original",
    "sailthru.date", "cxenseparse:recs:publishtime", "bt:pubdate", "rnews:datepublished", "vr:published_time",
    "originalpublicationdate", "date",
)  # fmt: skip
_UPDATED_NAMES = (
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "dc.date.modified", "lastmod",
    "last-modified", "revised", "updated_time", "article.updated",
)  # fmt: skip
_PUBLISHED_WORDS = re.compile(r"publi[sc]|posted|pubdate|released|issued|created|first", re.IGNORECASE)
_UPDATED_WORDS = re.compile(
    r"updat|modif|correct|edited|revis|обновл|измен|aktualisi|mis ?à ?jour|actuali[sz]", re.IGNORECASE
)
_FOREIGN = re.compile(
    r"(?:\A|[\s_-])(?:related|teasers?|promos?|recommend\w*|recirc\w*|sidebar|most-?(?:read|popular|viewed)|trending|read-?(?:next|more|also)"
    r"|more|latest|comments?|newsletter|widget|upcoming|carousel)(?:\Z|[\s_-])",
    re.IGNORECASE,
)
_SHARED_LINK = re.compile(
    r"facebook|twitter|x\.com/|whatsapp|linkedin|mailto:|telegram|reddit|author|people|staff|profile", re.I
)
_MAIN_PARAGRAPH, _LINK_WORDS, _STAMP_LINE = 80, 4, 100
_MAX_CLUES = 50
# Zones are at most fourteen hours from UTC, in steps of a quarter of an hour.
_QUARTER, _FARTHEST = timedelta(minutes=15), timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class _Statement:
    """A stamp that a page states, what it is the time of, and whether the page's own markup states it as such."""

    stamp: Stamp
    label: StampLabel
    declared: bool


def publication(root: Element, json_ld: JsonLd, title: str, spec: NewsSpec) -> Stamp | None:
    """Return the time of publication of a page's article, with what contradicts it; None if the page states none.

    Raises
    ------
    RejectedError
        ``two_dates``: the page's markup declares times of publication more than one day apart.
    """
    statements = list(_without_midnights([*_declared(root, json_ld, title, spec), *_visible(root, title, spec)]))
    statements = statements or list(_without_midnights(list(_of_clues(root, title, spec))))
    labels = [s.label for s in statements]
    if not labels:
        return None
    if min(labels) is not StampLabel.UPDATED:
        statements = [s for s in statements if s.label is not StampLabel.UPDATED]
    chosen = _chosen(statements, spec)
    for other in statements:
        if other.declared and _contradicts(chosen, other.stamp, spec) and _days_apart(chosen, other.stamp) > 1:
            detail = f"the page gives two times of publication, {chosen.text!r} and {other.stamp.text!r}"
            raise RejectedError("two_dates", detail)
    contradicting = {
        s.stamp.at: replace(s.stamp, others=())
        for s in statements
        # A time without a zone anywhere is that of the chosen stamp on some other clock.
        if _contradicts(chosen, s.stamp, spec)
        and not (s.stamp.basis is ZoneBasis.ASSUMED and _states_zone_of(s.stamp, chosen))
    }
    return replace(chosen, others=(*chosen.others, *contradicting.values()))


def of_address(url: str, spec: NewsSpec) -> Stamp | None:
    """Return the day that the address of a page holds; None if it holds none."""
    with suppress(ValueError):
        return parse_source_stamp(day_in_address(url), spec)
    return None


def _of_clues(root: Element, title: str, spec: NewsSpec) -> Iterator[_Statement]:
    """Yield the times that the clues of a page without a statement give."""
    parts = _article_parts(root, title)
    for text in islice(clues(root, title, lambda node: _belongs(node, parts, title)), _MAX_CLUES):
        with suppress(ValueError):
            yield _Statement(parse_source_stamp(clean_line(text), spec), StampLabel.BARE, declared=False)


def without_stamp_line(body: str, stamp: Stamp) -> str:
    """Return the paragraphs of an article without the line that its visible stamp begins, or a byline before it."""
    lines = body.split("\n\n")
    return "\n\n".join(line for line in lines if len(line) > _STAMP_LINE or not _begins_with_stamp(line, stamp.text))


def _begins_with_stamp(line: str, text: str) -> bool:
    before, mark, _ = line.partition(text)
    return bool(mark) and (not before or bool(byline_names(before.removesuffix(" on "))))


def _without_midnights(statements: Sequence[_Statement]) -> Iterator[_Statement]:
    """Yield statements, a midnight as a day where another one states a time on that day."""
    timed = {s.stamp.wall.date() for s in statements if s.stamp.precision is not Precision.DAY and _has_time(s.stamp)}
    for s in statements:
        yield s if s.stamp.wall.date() not in timed else replace(s, stamp=as_day(s.stamp))


def _has_time(stamp: Stamp) -> bool:
    return stamp.wall.time() != time.min


def _chosen(statements: Sequence[_Statement], spec: NewsSpec) -> Stamp:
    """Return the best statement: the first of the best label, or a more exact one that agrees with it."""
    first = min(statements, key=lambda s: s.label).stamp
    if first.precision is Precision.DAY:
        timed = [s.stamp for s in statements if s.stamp.precision is not Precision.DAY]
        agreeing = [stamp for stamp in timed if not _contradicts(first, stamp, spec)]
        # A time of the night may be on another day in UTC.
        agreeing = agreeing or [stamp for stamp in timed if _days_apart(first, stamp) == 1]
        return next((s for s in agreeing if s.basis is ZoneBasis.STATED), (*agreeing, first)[0])
    if first.basis is not ZoneBasis.STATED:
        return next((s.stamp for s in statements if _states_zone_of(first, s.stamp)), first)
    return first


def _states_zone_of(first: Stamp, other: Stamp) -> bool:
    """Return whether a stamp states the zone that another one lacks: the same moment of an hour, a whole zone apart."""
    if other.basis is not ZoneBasis.STATED or other.precision is Precision.DAY:
        return False
    apart = abs(_minute(other.at) - _minute(first.wall.replace(tzinfo=UTC)))
    return apart <= _FARTHEST and apart % _QUARTER == timedelta()


def _contradicts(one: Stamp, other: Stamp, spec: NewsSpec) -> bool:
    """Return whether two stamps cannot be the same time: a day agrees with a time on it, in the zone of either."""
    if Precision.DAY in (one.precision, other.precision):
        return not _possible_days(one, spec) & _possible_days(other, spec)
    return _minute(one.at) != _minute(other.at)


def _possible_days(stamp: Stamp, spec: NewsSpec) -> set[date]:
    """Return the day of a stamp as written, and for a time also the one in the zone of the source."""
    zone = zone_on(spec, stamp.wall.date())
    if stamp.precision is Precision.DAY or zone is None:
        return {stamp.wall.date()}
    return {stamp.wall.date(), stamp.at.astimezone(ZoneInfo(zone)).date()}


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _days_apart(one: Stamp, other: Stamp) -> int:
    return abs(one.wall.date() - other.wall.date()).days


# --- markup ---------------------------------------------------------------------------------------------------------


def _declared(root: Element, json_ld: JsonLd, title: str, spec: NewsSpec) -> Iterator[_Statement]:
    """Yield what the markup of a page states: JSON-LD, then meta elements, then microdata and ``<time>``."""
    texts = [(StampLabel.PUBLISHED, _value(json_ld.get("datePublished")), True)]
    texts += [(StampLabel.BARE, _value(json_ld.get(name)), True) for name in ("dateCreated", "uploadDate")]
    texts += [(StampLabel.UPDATED, _value(json_ld.get("dateModified")), True)]
    texts += [(label, text, True) for label, text in _meta_texts(root)]
    texts += _element_texts(root, title)
    for label, text, declared in texts:
        with suppress(ValueError):
            yield _Statement(parse_source_stamp(clean_line(text), spec), label, declared)


def _value(value: object) -> str:
    """Return a value of JSON-LD as text; a list stands for its first value, an object for its ``@value``."""
    value = value[0] if isinstance(value, list) and value else value
    value = value.get("@value") if isinstance(value, dict) else value
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _meta_texts(root: Element) -> Iterator[tuple[StampLabel, str]]:
    """Yield the dates of meta elements in the order of the lists of their names."""
    values: dict[str, list[str]] = {}
    for node in root.iter("meta"):
        # Microdata in the head is about the page; in the body it may be about another story.
        in_head = node.get("itemprop") if next(node.iterancestors("head"), None) is not None else None
        name = (node.get("property") or node.get("name") or in_head or "").strip().lower()
        values.setdefault(name, []).append(node.get("content") or "")
    for label, names in ((StampLabel.PUBLISHED, _PUBLISHED_NAMES), (StampLabel.UPDATED, _UPDATED_NAMES)):
        yield from ((label, text) for name in names for text in values.get(name, ()))


def _element_texts(root: Element, title: str) -> Iterator[tuple[StampLabel, str, bool]]:
    """Yield the dates of the ``<time>`` elements and the microdata that belong to the article."""
    nodes = root.xpath("//time | //*[contains(@itemprop, 'date')]")
    if not nodes:
        return
    parts = _article_parts(root, title)
    for node in nodes:
        if _belongs(node, parts, title):
            label = _label(node)
            declared = bool(node.get("itemprop") or node.get("pubdate") is not None)
            yield label, node.get("datetime") or node.get("content") or node.text_content(), declared


def _label(node: Element) -> StampLabel:
    """Return what a date element is the time of: by its property, its names, then the words before it."""
    kind = node.get("itemprop") or ""
    if "dateModified" in kind:
        return StampLabel.UPDATED
    if "datePublished" in kind or node.get("pubdate") is not None:
        return StampLabel.PUBLISHED
    parent = node.getparent()
    names = " ".join(filter(None, (node.get("class"), node.get("id"), node.get("data-testid"), kind)))
    outer = parent.get("class", "") if parent is not None and len(parent) == 1 else ""
    for words in (names, outer, node.text_content(), _words_before(node)):
        if _UPDATED_WORDS.search(words[-60:]):
            return StampLabel.UPDATED
        if _PUBLISHED_WORDS.search(words[-60:]):
            return StampLabel.PUBLISHED
    return StampLabel.BARE


def _words_before(node: Element) -> str:
    """Return the text in front of an element, or else that of the element in front of it; comments do not count."""
    before = node.getprevious()
    while before is not None and not (before.tail or "").strip() and not isinstance(before.tag, str):
        before = before.getprevious()
    if before is None:
        parent = node.getparent()
        return (parent.text or "") if parent is not None else ""
    return before.tail or (before.text_content() if isinstance(before.tag, str) else "")


# --- the place in the page ------------------------------------------------------------------------------------------


def _article_parts(root: Element, title: str) -> set[Element]:
    """Return the headline, the paragraphs of the longest text, and all that hold one of these."""
    headlines = [node for node in root.iter("h1", "h2", "h3", "h4") if clean_title(node.text_content()) == title]
    paragraphs = [node for node in root.iter("p") if len(node.text_content()) >= _MAIN_PARAGRAPH]
    main = _largest(paragraphs, lambda node: next(node.iterancestors("article"), None))
    block = _largest(main, lambda node: node.getparent())
    main = block if 2 * _length(block) > _length(main) else main
    parts = set(main)
    for node in (*(headlines or list(root.iter("h1"))[:1]), *main):
        parts.update(node.iterancestors())
        parts.add(node)
    return parts


def _largest(nodes: Sequence[Element], group_of: Callable[[Element], Element | None]) -> list[Element]:
    """Return the elements of the group that has the most text."""
    groups: dict[Element | None, list[Element]] = {}
    for node in nodes:
        groups.setdefault(group_of(node), []).append(node)
    return max(groups.values(), key=_length, default=[])


def _length(nodes: Sequence[Element]) -> int:
    return sum(len(node.text_content()) for node in nodes)


def _belongs(node: Element, parts: set[Element], title: str) -> bool:
    """Return whether a date is the article's: not inside a paragraph, a teaser, a comment or a list of articles."""
    box = node
    for outer in node.iterancestors():
        if outer in parts:
            if outer.tag == "p":
                return False
            break
        box = outer
    inside = [box, *(outer for outer in node.iterancestors() if outer not in parts)]
    for element in inside:
        names = f"{element.get('class', '')} {element.get('id', '')}"
        # Articles have headers and footers of their own.
        is_site = element.tag in ("header", "footer") and next(element.iterancestors("article"), None) is None
        if is_site or element.tag in ("article", "aside", "nav") or _FOREIGN.search(names):
            return False
    return not any(_is_headline(other, title) for other in box.iter("a", "h1", "h2", "h3", "h4"))


def _is_headline(node: Element, title: str) -> bool:
    """Return whether a heading or a link is the headline of another article."""
    text = clean_title(node.text_content())
    if node.tag != "a":
        return bool(text) and text != title
    return len(text.split()) >= _LINK_WORDS and text != title and not _SHARED_LINK.search(node.get("href", ""))


def _visible(root: Element, title: str, spec: NewsSpec) -> Iterator[_Statement]:
    """Yield the stamps in the visible text under the headline."""
    for label, stamp in head_stamps(visible_text(root), title, spec):
        yield _Statement(stamp, label, declared=False)
