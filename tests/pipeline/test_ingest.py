"""Ingest: articles, refusals and withdrawals of sources, and the failures of those that break."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from signals.pipeline import RunContext
from signals.pipeline.derive.match import Tagger, match
from signals.pipeline.ingest import ingest
from signals.store import Store, run_log
from signals.types import (
    Article,
    Document,
    Gone,
    Instrument,
    NewsSource,
    Precision,
    Refusal,
    SourceFailure,
    Stamp,
    ZoneBasis,
)

NOW = datetime(2024, 3, 1, 3, 30, tzinfo=UTC)
STAMP = Stamp("2024-02-29", NOW, NOW.replace(tzinfo=None), Precision.MINUTE, "UTC", ZoneBasis.STATED)
CALDER = Instrument("CLD", "Calder Works", "XNYS", "USD")
PAGE = "https://meridian.example/1"


def article(title: str, key: str = "1", **more: str) -> Article:
    return Article("wire", key, title, "", STAMP, NOW, f"digest of {title}", origin=PAGE, **more)  # type: ignore[arg-type]


@dataclass
class Wire:
    """A source with fixed answers."""

    answers: list[Document | Gone | SourceFailure | Exception] = field(default_factory=list)
    reads: list[Article | Refusal] | Exception = field(default_factory=list)
    name: str = "wire"

    def fetch(self, previous: Mapping[str, Document], now: datetime) -> Iterable[Document | Gone | SourceFailure]:
        for answer in self.answers:
            if isinstance(answer, Exception):
                raise answer
            yield answer

    def parse(self, document: Document) -> Sequence[Article | Refusal]:
        if isinstance(self.reads, Exception):
            raise self.reads
        return self.reads


def ingest_once(store: Store, *sources: NewsSource, days: int = 0) -> run_log.RunStats:
    now = NOW + timedelta(days=days)
    with store.write() as db:
        run = run_log.begin(db, "manual", now, now, "0")
    stats = run_log.RunStats()
    ingest(store, sources, RunContext(run, now), stats, lambda *_: None)
    with store.write() as db:
        match(db, Tagger([CALDER]), lambda *_: None)
    return stats


def rows(store: Store, columns: str = "title, revision, withdrawn, superseded_at IS NULL") -> list[tuple[object, ...]]:
    with store.read() as db:
        result = db.execute(text(f"SELECT {columns} FROM articles ORDER BY article_id, revision"))
        return [tuple(row) for row in result]


def fetched(digest: str = "a") -> Document:
    return Document("wire", PAGE, b"", digest, NOW)


@pytest.mark.parametrize(
    "broken",
    [
        Wire([ZeroDivisionError("a plug-in")], name="broken"),
        Wire([replace(fetched(), source="broken")], RecursionError("too deep"), name="broken"),
    ],
    ids=["fetch", "parse"],
)
def test_a_reader_that_breaks_is_a_failure_and_the_next_source_is_read(store: Store, broken: Wire) -> None:
    stats = ingest_once(store, broken, Wire([fetched()], [article("Calder Works hires")]))
    assert [(f.source, f.reason) for f in stats.failures] == [("broken", "reader_failed")]
    assert [title for title, *_ in rows(store)] == ["Calder Works hires"]
    with store.read() as db:
        assert db.execute(text("SELECT source FROM documents")).scalars().all() == ["wire"]  # asked again next time


def test_what_no_source_should_give_is_a_failure_and_not_lost_silently(store: Store) -> None:
    strange: list[Any] = ["a text in place of a document"]
    stats = ingest_once(
        store,
        Wire(strange, name="fetches"),
        Wire([replace(fetched(), source="parses")], [article("Calder Works hires"), None], name="parses"),  # type: ignore[list-item]
        Wire([fetched()], [article("Calder Works builds")]),
    )
    assert [(f.source, f.reason) for f in stats.failures] == [("fetches", "reader_failed"), ("parses", "reader_failed")]
    assert [title for title, *_ in rows(store)] == ["Calder Works builds"]


def test_an_article_that_cannot_be_stored_costs_itself_and_is_asked_for_again(store: Store) -> None:
    broken = replace(article("Calder Works hires", "bad"), authors=(1, 2))  # type: ignore[arg-type]
    reads = [article(f"Calder Works builds {n}", f"{n}") for n in range(40)]
    stats = ingest_once(store, Wire([fetched()], [*reads[:17], broken, *reads[17:]]))
    assert [(f.item, f.reason) for f in stats.failures] == [("bad (Calder Works hires)", "not_stored")]
    assert len(rows(store)) == 40
    with store.read() as db:
        assert db.execute(text("SELECT origin FROM documents")).all() == []
        sums = db.execute(text("SELECT arrived, added, unstored, agree FROM v_source_runs")).all()
    assert sums == [(41, 40, 1, 1)]
    assert ingest_once(store, Wire([fetched()], [*reads, article("Calder Works hires", "bad")]), days=1).failures == []
    assert len(rows(store)) == 41


def test_more_bad_articles_than_are_searched_for_wait_with_their_neighbours(store: Store) -> None:
    bad = [replace(article(f"Calder Works hires {n}", f"{n}"), authors=(1,)) for n in range(90)]  # type: ignore[arg-type]
    good = [article(f"Calder Works builds {n}", f"good {n}") for n in range(10)]
    stats = ingest_once(store, Wire([fetched()], [*good, *bad]))
    assert {f.reason for f in stats.failures} == {"not_stored"}
    assert len(stats.failures) + len(rows(store)) == 100
    assert len(rows(store)) > 0


def test_what_is_dated_in_the_future_is_read_again_until_its_time_has_come(store: Store) -> None:
    for reason, remembered in (("future_date", []), ("no_date", [PAGE])):
        ingest_once(store, Wire([fetched()], [article("Calder Works hires"), Refusal("wire", "2", reason, "why")]))
        with store.read() as db:
            assert db.execute(text("SELECT origin FROM documents")).scalars().all() == remembered


def test_an_article_whose_page_is_gone_is_marked_and_comes_back_with_it(store: Store) -> None:
    ingest_once(store, Wire([fetched()], [article("Calder Works hires")]))
    ingest_once(store, Wire([Gone("wire", PAGE)]), days=1)
    ingest_once(store, Wire([Gone("wire", PAGE)]), days=2)
    title = "Calder Works hires"
    assert rows(store) == [(title, 1, None, 0), (title, 2, "gone", 1)]
    ingest_once(store, Wire([fetched()], [article("Calder Works hires")]), days=3)
    assert rows(store)[1:] == [(title, 2, "gone", 0), (title, 3, None, 1)]
    assert {seen for (seen,) in rows(store, "seen_at")} == {"2024-03-01T03:30:00.000Z"}
    with store.read() as db:
        assert db.execute(text("SELECT revision, ticker FROM mentions")).all() == [(3, "CLD")]


def test_a_notice_takes_back_the_headline_that_it_names(store: Store) -> None:
    first = [article("Calder Works hires"), article("Calder Works builds", "2")]
    ingest_once(store, Wire([fetched()], [*first]))
    notice = article("WITHDRAWN-Calder Works hires", "3", withdraws="Calder Works hires")
    ingest_once(store, Wire([fetched("b")], [*first, notice]), days=1)
    ingest_once(store, Wire([fetched("c")], [*first, notice]), days=2)  # the feed still lists it
    assert {(title, withdrawn) for title, _, withdrawn, current in rows(store) if current} == {
        ("Calder Works hires", "notice"), ("Calder Works builds", None), ("WITHDRAWN-Calder Works hires", "notice"),
    }  # fmt: skip
    assert len(rows(store)) == 4


def test_a_notice_may_come_with_what_it_takes_back(store: Store) -> None:
    notice = article("KILL: Calder Works hires", "2", withdraws="Calder Works hires")
    ingest_once(store, Wire([fetched()], [article("Calder Works hires"), notice]))
    assert [withdrawn for _, _, withdrawn, current in rows(store) if current] == ["notice", "notice"]
