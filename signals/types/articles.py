"""Articles as read, and the mentions of instruments in them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from operator import attrgetter

from signals.redacting import address_key, without_secrets
from signals.types.instruments import Scheme
from signals.types.specs import Keep


class Precision(StrEnum):
    """How finely a publication stamp is given."""

    INSTANT = "instant"
    MINUTE = "minute"
    DAY = "day"


class ZoneBasis(StrEnum):
    """How the zone of a stamp is known: stated in the text, the source's configured zone, or neither."""

    STATED = "stated"
    SOURCE = "source"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Stamp:
    """A publication time and how it is known.

    Attributes
    ----------
    text
        The stamp as written.
    at
        The UTC instant; with day precision the first instant of that day in `zone`, a lower bound and no more.
    wall
        The naive wall-clock time as written, for asking what another zone would have meant.
    ambiguous
        The wall-clock time happened twice (a clock was set back) or never; `at` takes the earlier reading, or the
        offset that an abbreviation states.
    others
        Other readings of the text, and other statements of the same page that contradict it.
    """

    text: str
    at: datetime
    wall: datetime
    precision: Precision
    zone: str
    basis: ZoneBasis
    ambiguous: bool = False
    others: tuple[Stamp, ...] = ()

    def __reduce__(self) -> tuple[type[Stamp], tuple[object, ...]]:
        """Be sent to another process as the values alone: half the time of what dataclasses do."""
        return Stamp, _STAMP_VALUES(self)


@dataclass(frozen=True, slots=True)
class Document:
    """One thing fetched: a file or a response, holding one article or many."""

    source: str
    origin: str
    payload: bytes
    digest: str
    fetched_at: datetime
    media_type: str = ""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """An instrument that the publisher's own mark-up names: a tag block, an instrument link, a column of tickers."""

    text: str
    scheme: Scheme = Scheme.PAGE_TAG


@dataclass(frozen=True, slots=True)
class Gone:
    """A document that was read before and that its server now says it has no more."""

    source: str
    origin: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article as read. `key` identifies it within its source; `digest` tells one revision from the next.

    Attributes
    ----------
    publisher
        Whose words they are: the agency where the text names one, else the site.
    site
        Where they stood; the same words of an agency stand on many sites.
    origin
        The file or address that it was read from.
    keep
        How much of it may stay stored.
    withdraws
        The headline that it takes back, if it is a notice that does.
    authors
        The names of its authors in the order of the page; a digest of the content is independent of them.
    """

    source: str
    key: str
    title: str
    body: str
    stamp: Stamp
    seen_at: datetime
    digest: str
    url: str = ""
    publisher: str = ""
    tags: tuple[Tag, ...] = ()
    site: str = ""
    origin: str = ""
    keep: Keep = Keep.BODY
    withdraws: str = ""
    authors: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[type[Article], tuple[object, ...]]:
        """Be sent to another process as the values alone, as a stamp is."""
        return Article, _ARTICLE_VALUES(self)


_STAMP_VALUES, _ARTICLE_VALUES = (attrgetter(*(f.name for f in fields(kind))) for kind in (Stamp, Article))


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article with the keys that the store gave it."""

    article_id: str
    revision: int
    article: Article


#: The reason of a refusal that passes with time: the item says that it was published after it was fetched.
FUTURE = "future_date"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An item that arrived and was not used, with the reason. A refusal is data, never a silent gap.

    `whole` says that the document is not what its source reads, a feed that is a page: a failure of every run.
    """

    source: str
    item: str
    reason: str
    detail: str
    whole: bool = False

    def __post_init__(self) -> None:
        """Leave out what may be secret; it is stored and shown."""
        object.__setattr__(self, "item", without_secrets(address_key(self.item)))
        object.__setattr__(self, "detail", without_secrets(self.detail))


@dataclass(frozen=True, slots=True)
class SourceFailure:
    """A source, or one item of it, that could not be read this time."""

    source: str
    item: str
    reason: str
    detail: str

    def __post_init__(self) -> None:
        """Leave out what may be secret; it is stored and shown."""
        object.__setattr__(self, "item", without_secrets(address_key(self.item)))
        object.__setattr__(self, "detail", without_secrets(self.detail))

    def __str__(self) -> str:
        """Say it in one sentence that names the source and the item."""
        return f"{self.source}: " + (self.detail if self.item in self.detail else f"{self.item}: {self.detail}")


class TagKind(StrEnum):
    """Where a mention comes from."""

    PAGE_TAG = "page_tag"
    INLINE = "inline"
    CASHTAG = "cashtag"
    NAME = "name"
    __hash__ = str.__hash__  # as that of the text, which is fast


class Role(StrEnum):
    """What the instrument is to the article."""

    SUBJECT = "subject"
    MENTIONED = "mentioned"
    PASSING = "passing"
    SOURCE = "source"
    BOILERPLATE = "boilerplate"


class RelevanceClass(StrEnum):
    """How much the best article of an event is about its instrument: events of a class share their error rates."""

    SUBJECT = "subject"
    MENTIONED = "mentioned"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Mention:
    """One tag found in an article, tied to an instrument or refused with the reason.

    `where` is title, body or tags; `start` and `end` are offsets into it (-1 for page tags); `alias` is the spelling
    that matched with its scheme, as text.
    """

    tag: str
    kind: TagKind
    where: str
    start: int
    end: int
    count: int
    ticker: str | None
    reason: str = ""
    alias: str = ""
    role: Role | None = None
    relevance: float | None = None
