"""Near-duplicate copies -> one story.

Two articles are copies when their headlines are the same once the desk's prefix, the agency's name, case and
punctuation are taken off, and the later one comes within the horizon of the story's first copy. The first copy
anchors the story.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

HORIZON = timedelta(days=3)

# What an agency's desk puts before a headline: the version (UPDATE 2-, RPT-, CORRECTED-) and the kind of piece.
_DESK = (
    "UPDATE|WRAPUP|WRAP|RPT|REPEAT|CORRECTED|CORRECTION|CORRECTS|REFILE|REFILING|BRIEF|EXCLUSIVE|FOCUS|INSIGHT|ANALYSIS|"
    "FEATURE|FACTBOX|EXPLAINER|TIMELINE|PREVIEW|DEALTALK|COLUMN|HIGHLIGHTS|INTERVIEW|MOVES|BREAKING|NEWSMAKER|TEXT|"
    "ADVISORY|OFFICIAL"
)
_PREFIX = re.compile(rf"^\s*(?:(?:{_DESK})(?:\s+\d+)?\s*[-–—]\s*|(?i:{_DESK})(?:\s+\d+)?\s*:\s+)+")
_MARK = re.compile(r"\(\s*(?:update[sd]?|corrected|repeat|rpt|refile|exclusive)(?:\s+\d+)?\s*\)", re.IGNORECASE)
_AGENCY = re.compile(r"\s+[-–—|]\s*(?:By\s+)?(?:Reuters|Bloomberg|AP|AFP|Interfax|TASS|CNBC|WSJ|FT)\s*$", re.IGNORECASE)
_APOSTROPHE = re.compile(r"['’‘ʼ`]")


@dataclass(frozen=True, slots=True)
class ArticleKey:
    """What clustering needs of an article."""

    article_id: str
    title: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class StoryMember:
    """An article's place in its story; rank 1 is the first copy, whose id names the story."""

    article_id: str
    story_id: str
    rank: int


def headline_key(title: str) -> str:
    """Return what copies of one headline have in common; empty for a title without a letter or digit.

    Examples
    --------
    >>> headline_key("RPT-UPDATE 2-Gazprom's output falls 3% - Reuters")
    'gazproms output falls 3'
    """
    text = unicodedata.normalize("NFKC", title)
    bare = _AGENCY.sub("", _MARK.sub(" ", _PREFIX.sub("", text)))
    return " ".join(re.findall(r"\w+", _APOSTROPHE.sub("", bare.strip() or text).casefold()))


def assign(
    articles: Iterable[ArticleKey],
    earlier: Mapping[str, Sequence[ArticleKey]] | None = None,
    horizon: timedelta = HORIZON,
) -> tuple[StoryMember, ...]:
    """Put articles into stories.

    Parameters
    ----------
    articles
        The new ones, in any order.
    earlier
        Articles known before, by `headline_key`, at least those of the keys of `articles`. Copies further than the
        horizon from their neighbours in time may be left out: a story never reaches across such a gap.
    horizon
        How long after its first copy a story takes in more.

    Returns
    -------
    tuple of StoryMember
        Every article whose key was touched, the earlier ones too: a first copy that arrives late gives its story a new
        name, and moves the ranks. The answer depends on the set of articles alone, neither on their order nor on how
        they were split into batches. An article without words in its title is a story by itself.
    """
    by_key: defaultdict[str, dict[str, ArticleKey]] = defaultdict(dict)
    for article in articles:
        key = headline_key(article.title)
        by_key[key or f"\0{article.article_id}"][article.article_id] = article
    for key, group in by_key.items():
        for article in (earlier or {}).get(key, ()):
            group.setdefault(article.article_id, article)
    return tuple(member for key in sorted(by_key) for member in _stories(by_key[key].values(), horizon))


def _stories(copies: Iterable[ArticleKey], horizon: timedelta) -> Iterable[StoryMember]:
    first: ArticleKey | None = None
    rank = 0
    for article in sorted(copies, key=lambda a: (a.published_at, a.article_id)):
        if first is None or article.published_at - first.published_at > horizon:
            first, rank = article, 0
        rank += 1
        yield StoryMember(article.article_id, first.article_id, rank)
