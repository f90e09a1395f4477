"""A simulated page of invented events, and helpers that fetch and parse with the sources under test."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from signals.news import open_source
from signals.news.documents import make_document
from signals.types import Article, CsvDialect, Document, Gone, NewsSpec, Refusal, SourceFailure

NOW = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
LONDON = CsvDialect(timezone="Europe/London", dayfirst=True)

PAGE = """\
Every morning our readers find ten ideas here. Sign up now

Vostok Rail orders ninety locomotives from Calder Works

Published 03/02/2020, 09:15
© Meridian. A drawing of a locomotive made for a test on February 1, 2020
VSTK
-
CLDq
+1.25%

PERM (Reuters) - Vostok Rail said on Monday it had ordered ninety locomotives from Calder Works, its largest order yet.

The first will be delivered in May, the railway said. Shares of Calder (NYSE:CLD) had not begun to trade.

© Meridian. A drawing of a locomotive made for a test on February 1, 2020

"It is a good day," said its director.

Latest comments

Feb 04, 2020 10:11 GMT a reader: who pays for them?
Risk Disclosure: Nothing here happened.
© 2019-2020 - Meridian Pages. All Rights Reserved.
"""


def spec(kind: str, dialect: CsvDialect = LONDON, **more: object) -> NewsSpec:
    return NewsSpec("test", kind, **{"path": "inbox/*", "dialect": dialect, **more})  # type: ignore[arg-type]  # by name


def parse(news_spec: NewsSpec, payload: bytes | str, origin: str = "inbox/one.txt") -> Sequence[Article | Refusal]:
    """Return the outcomes of parsing a payload as if it had been fetched from `origin`."""
    content = payload.encode() if isinstance(payload, str) else payload
    return open_source(news_spec, Path()).parse(make_document(news_spec, origin, content, NOW))


def parse_article(news_spec: NewsSpec, payload: bytes | str) -> Article:
    """Return the only article of a payload."""
    (outcome,) = parse(news_spec, payload)
    assert isinstance(outcome, Article), outcome
    return outcome


def parse_refusal(news_spec: NewsSpec, payload: bytes | str) -> Refusal:
    """Return the refusal of a payload that is rejected as a whole."""
    (outcome,) = parse(news_spec, payload)
    assert isinstance(outcome, Refusal), outcome
    return outcome


def fetch(
    news_spec: NewsSpec, root: Path, previous: Sequence[Document] = (), now: datetime = NOW
) -> list[Document | Gone | SourceFailure]:
    return list(open_source(news_spec, root).fetch({d.origin: d for d in previous}, now))


def read_all(news_spec: NewsSpec, root: Path) -> tuple[list[Article], list[Refusal]]:
    """Return all articles and refusals of a source whose fetch has no failure."""
    source = open_source(news_spec, root)
    documents = list(source.fetch({}, NOW))
    assert documents
    assert all(isinstance(d, Document) for d in documents)
    outcomes = [item for d in documents if isinstance(d, Document) for item in source.parse(d)]
    return [a for a in outcomes if isinstance(a, Article)], [r for r in outcomes if isinstance(r, Refusal)]
