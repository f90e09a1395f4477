"""Matching: articles that wait -> mentions, stories and pairs to assign."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from signals.pipeline.derive import match as matching
from signals.pipeline.derive.match import Tagger, first_named, match
from signals.store import Connection, Store, articles, assignments
from signals.tickers import KIND_PRIORITY
from signals.types import Keep
from tests.stores import ACME, NOW, article, instrument, save_articles

BOLT = instrument("BOLT")
INSTRUMENTS = (ACME, BOLT)
NOON = datetime(2024, 4, 25, 12, tzinfo=UTC)


def silent(_what: str, _done: int, _of: int) -> None:
    pass


def pairs(db: Connection) -> list[tuple[str, str]]:
    rows = db.execute(text("SELECT article_id, ticker FROM event_assignments ORDER BY article_id, ticker"))
    return [(row[0], row[1]) for row in rows]


def test_every_instrument_that_an_article_names_is_a_pair_and_the_queue_is_empty(store: Store) -> None:
    with store.write() as db:
        one, two, three = save_articles(
            db, article("1", NOON), article("2", NOON, tags=("ACME", "BOLT")), article("3", NOON, tags=("NOPE",))
        )
        match(db, Tagger(INSTRUMENTS), silent)
        assert sorted(pairs(db)) == sorted([(one, "ACME"), (two, "ACME"), (two, "BOLT")])
        assert assignments.unmatched(db) == []
        refused = db.execute(text("SELECT article_id, tag FROM mentions WHERE ticker IS NULL")).all()
        assert [tuple(row) for row in refused] == [(three, "NOPE")]


def test_articles_are_matched_and_reported_in_batches(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "BATCH", 2)
    steps: list[tuple[str, int, int]] = []
    with store.write() as db:
        save_articles(db, *(article(str(n), NOON) for n in range(3)))
        match(db, Tagger(INSTRUMENTS), lambda *step: steps.append(step))
        assert len(pairs(db)) == 3
    assert steps == [("matching", 0, 3), ("matching", 2, 3)]


def test_a_changed_article_loses_the_pairs_that_it_names_no_more(store: Store) -> None:
    with store.write() as db:
        (key,) = save_articles(db, article("1", NOON, tags=("ACME", "BOLT")))
        match(db, Tagger(INSTRUMENTS), silent)
        save_articles(db, article("1", NOON, tags=("BOLT",), digest="changed"))
        match(db, Tagger(INSTRUMENTS), silent)
        assert pairs(db) == [(key, "BOLT")]
        assert db.execute(text("SELECT DISTINCT revision FROM mentions")).scalars().all() == [2]


def test_of_several_mentions_the_kind_with_priority_carries_the_link(store: Store) -> None:
    with store.write() as db:
        save_articles(db, article("1", NOON, title="Acme Works opens a plant"))
        match(db, Tagger(INSTRUMENTS), silent)
        kinds = db.execute(text("SELECT tag_kind FROM mentions WHERE ticker = 'ACME'")).scalars().all()
        carrier = db.execute(
            text("SELECT tag_kind FROM mentions JOIN event_assignments USING (article_id, mention_no)")
        )
        assert sorted(kinds) == ["name", "page_tag"]
        assert carrier.scalars().all() == [min(kinds, key=[kind.value for kind in KIND_PRIORITY].index)]


def test_the_first_day_that_names_a_ticker_is_that_of_its_earliest_unmatched_article(store: Store) -> None:
    with store.write() as db:
        save_articles(
            db,
            article("1", NOON, tags=("ACME",)),
            article("2", NOON.replace(day=3), tags=("ACME", "NOPE")),
            article("3", NOON.replace(day=9), tags=("BOLT",)),
        )
        assert first_named(db, Tagger(INSTRUMENTS)) == {"ACME": date(2024, 4, 3), "BOLT": date(2024, 4, 9)}
        match(db, Tagger(INSTRUMENTS), silent)
        assert first_named(db, Tagger(INSTRUMENTS)) == {}


def test_an_article_is_tagged_once_for_all_that_ask(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "REMEMBERED", 1)
    tagger = Tagger(INSTRUMENTS)
    with store.write() as db:
        save_articles(db, article("1", NOON), article("2", NOON, title="Bolt Tools hires"))
        one, two = articles.current_articles(db, assignments.unmatched(db))
    assert tagger.mentions(one) is tagger.mentions(one)
    assert tagger.mentions(two) == tagger.mentions(two)
    assert tagger.mentions(two) is not tagger.mentions(two)  # beyond the limit


def test_of_a_source_that_lets_evidence_be_kept_the_rest_is_blanked(store: Store) -> None:
    body = "x" * 300 + " Acme Works opens a plant. " + "secret " * 60
    with store.write() as db:
        plain = article("1", NOON, title="Plants", tags=(), body=body)
        save_articles(db, replace(plain, keep=Keep.EVIDENCE), replace(plain, key="2", digest="other"), now=NOW)
        match(db, Tagger(INSTRUMENTS), silent)
        bodies = [str(body) for body in db.execute(text("SELECT body FROM articles")).scalars()]
    redacted, whole = sorted(bodies, key=lambda text: "secret" * 20 in text)
    assert whole == body
    assert "Acme Works" in redacted
    assert len(redacted) == len(body)
    assert redacted.count("secret") < 20
