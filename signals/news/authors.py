"""Read the names of an article's authors: from JSON-LD, meta elements, the elements of a byline, or a line of text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from signals.news.articles import clean_title
from signals.news.markup import Element

_META = (
    "author", "article:author", "og:article:author", "parsely-author", "sailthru.author", "dc.creator",
    "dcterms.creator", "byl", "cxenseparse:author", "twitter:creator",
)  # fmt: skip
_CLASSES = ("byline", "Byline", "author-name", "authorName", "article-author", "article__author")
_BYLINES = (
    "//*[@itemprop='author']",
    "//a[contains(concat(' ', @rel, ' '), ' author ')]",
    f"//*[{' or '.join(f'contains(@class, {name!r})' for name in _CLASSES)}]",
)
_BY = re.compile(
    r"(?:(?:words|text|reported|written|story) )?(?:by|von|par|por|di|door|av|автор|текст|autor|auteur)\b\s*:?\s+",
    re.IGNORECASE,
)
#: A byline among other parts of a line, as in: 25 April 2024 | By Jane Roe.
_BY_INSIDE = re.compile(r"(?:\A|[|·•—–-]\s*|[\d:]\s+)(?:By|BY|by|Von|Par|Por)\s+(?P<names>[^\W\d_][^|·•\d]{2,120})")
# Blanks before a separator are taken where they begin, not from each of them on: a run of them costs its length.
_AND = re.compile(r"(?:(?<!\s)\s+)?(?:[;|/&\n]|\b(?:and|und|et|y|e|en|och|og|with|и|та)\b)\s*", re.IGNORECASE)
_AFTER = re.compile(
    r"(?:(?<!\s)\s+)?(?:\(|\bfor\b|\bat\b|\bin\b|\bon\b|\bvia\b|@| [-–—] |[|·•]|\bupdated\b|\bpublished\b).*",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"(?:staff|senior|chief|special|business|markets?|economics|political|foreign|technology|city|deputy)?\s*"
    r"(?:writers?|reporters?|correspondents?|editors?|columnists?|contributors?|staff|journalists?|analysts?|producer"
    r"|ph\.?d\.?|jr\.?|sr\.?|cfa|md)\Z",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[.'’`\u00b7\s-]){1,58}")
_PARTICLES = frozenset({
    "de", "da", "di", "del", "della", "der", "den", "van", "von", "bin", "al", "el", "la", "le", "dos", "du", "ter",
    "ten", "af",
})  # fmt: skip
_NOBODY = frozenset({
    "admin", "administrator", "editor", "staff", "guest", "unknown", "anonymous", "none", "null", "author", "newsroom",
    "webmaster",
})  # fmt: skip
_MAX_LENGTH, _MAX_AUTHORS, _MAX_WORDS = 2_000, 20, 6


def read_authors(
    root: Element, json_ld: Mapping[str, object], meta: Mapping[str, Sequence[str]], site: str
) -> tuple[str, ...]:
    """Return the names of the authors that a page gives, in its order.

    The first source that names a person is taken. The publisher stands for the authors only if the page itself states
    it as the author and names no person.
    """
    stated: list[str] = []
    for texts in _sources(root, json_ld, meta):
        names = list(dict.fromkeys(name for text in texts for name in split_names(text)))
        persons = [name for name in names if name.casefold() != site.casefold()]
        if persons:
            return tuple(persons[:_MAX_AUTHORS])
        stated = stated or names
    return tuple(stated)


def _sources(root: Element, json_ld: Mapping[str, object], meta: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Yield the texts that name authors, those of one source at a time."""
    yield list(_of_json_ld(json_ld.get("author")))
    yield list(_of_json_ld(json_ld.get("creator")))
    for name in _META:
        yield list(meta.get(name, ()))
    for path in _BYLINES:
        yield [text for node in root.xpath(path)[:_MAX_AUTHORS] for text in _of_element(node)]
    yield list(_inside_lines(root))


def _of_json_ld(value: object) -> Iterator[str]:
    """Yield the names in a value of JSON-LD: a text, an object with a name, or a list of these."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        name = value.get("name")
        yield from (each for each in (name if isinstance(name, list) else [name]) if isinstance(each, str))
    elif isinstance(value, list):
        for item in value[:_MAX_AUTHORS]:
            yield from _of_json_ld(item) if not isinstance(item, list) else ()


def _of_element(node: Element) -> list[str]:
    """Return the names that an element of a byline links, else its text."""
    stated = [each.get("content") or each.text_content() for each in node.xpath(".//*[@itemprop='name']")]
    links = stated or [link.text_content() for link in node.xpath(".//a")]
    own = node.get("content") or node.text_content()
    named = [text for text in links if split_names(text)]
    return named or [own] if len(own) <= 300 else []


def _inside_lines(root: Element) -> Iterator[str]:
    """Yield the names after By in the short elements that follow the headline."""
    for node in root.xpath("(//h1)[last()]/following::*[self::div or self::p or self::span][position() <= 12]"):
        yield from byline_names(clean_title(node.text_content()[:200]))


def byline_names(line: str) -> tuple[str, ...]:
    """Return the names in a line that has a byline; empty if it has none."""
    byline = _BY_INSIDE.search(line) if len(line) <= 160 else None
    return split_names(byline["names"]) if byline else ()


def split_names(text: str) -> tuple[str, ...]:
    """Return the names in a text such as: By Jane Roe, Ivo Marek and Nora Lind; empty if it is an address."""
    line = _without_by(clean_title("; ".join(text[:_MAX_LENGTH].strip().splitlines())))
    if "://" in line or line.startswith(("/", "@", "www.")):
        return ()
    parts = [part for each in _AND.split(line) for part in _comma_parts(each)]
    names = (_AFTER.sub("", part).strip(" ,.:;-–—") for part in parts)
    return tuple(dict.fromkeys(name for name in names if _is_name(name)))


def _without_by(line: str) -> str:
    by = _BY.match(line)
    return line[by.end() :] if by else line


def _comma_parts(text: str) -> Iterable[str]:
    """Return the names that commas separate; a surname before a given name is put behind it."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) == 2 and all(len(part.split()) == 1 for part in parts) and not _ROLE.match(parts[1]):
        return [f"{parts[1]} {parts[0]}"]
    return parts


def _is_name(text: str) -> bool:
    """Return whether a text has the form of a person's or an organisation's name."""
    words = text.split()
    if not _NAME.fullmatch(text) or not 0 < len(words) <= _MAX_WORDS or text.casefold() in _NOBODY or _ROLE.match(text):
        return False
    return all(not word[0].islower() or word.lower() in _PARTICLES for word in words)
