"""Simulated pages, archives and feeds of invented events, and the shortest way to have them read."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from signals.news import open_source
from signals.news.documents import document
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


def parse(described: NewsSpec, payload: bytes | str, origin: str = "inbox/one.txt") -> Sequence[Article | Refusal]:
    """Read a payload as if it had been fetched from `origin`."""
    content = payload.encode() if isinstance(payload, str) else payload
    return open_source(described, Path()).parse(document(described, origin, content, NOW))


def article(described: NewsSpec, payload: bytes | str) -> Article:
    """Read the one article of a payload."""
    (found,) = parse(described, payload)
    assert isinstance(found, Article), found
    return found


def refusal(described: NewsSpec, payload: bytes | str) -> Refusal:
    """Read a payload that is refused whole."""
    (found,) = parse(described, payload)
    assert isinstance(found, Refusal), found
    return found


def fetch(
    described: NewsSpec, root: Path, known: Sequence[Document] = (), now: datetime = NOW
) -> list[Document | Gone | SourceFailure]:
    return list(open_source(described, root).fetch({d.origin: d for d in known}, now))


def read_all(described: NewsSpec, root: Path) -> tuple[list[Article], list[Refusal]]:
    """Read everything behind a source."""
    source = open_source(described, root)
    documents = list(source.fetch({}, NOW))
    assert documents
    assert all(isinstance(d, Document) for d in documents)
    found = [item for d in documents if isinstance(d, Document) for item in source.parse(d)]
    return [a for a in found if isinstance(a, Article)], [r for r in found if isinstance(r, Refusal)]
