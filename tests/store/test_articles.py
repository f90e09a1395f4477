"""Documents, articles and refusals as they were learned: revisions supersede and erase nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from signals.store import Store, articles
from signals.store.articles import GONE, Withdrawn
from signals.store.tables import articles as rows
from signals.store.tables import refusals
from signals.types import Article, Document, Keep, Precision, Refusal, Scheme, Tag
from tests.store.samples import LATER, NOW, article, stamp

DOCUMENT = Document("wire", "feed.xml", b"<rss/>", "d1", NOW, "application/rss+xml", '"1"', "Fri, 01 Mar 2024")


def test_the_last_document_of_an_origin_is_returned_without_its_payload(store: Store) -> None:
    with store.write() as db:
        articles.save_document(db, DOCUMENT)
        articles.save_document(db, replace(DOCUMENT, digest="d2", fetched_at=LATER))
        articles.save_document(db, replace(DOCUMENT, source="other"))
        articles.save_document(db, replace(DOCUMENT, origin="ahead", fetched_at=LATER + timedelta(hours=1)))
        last = articles.last_documents(db, "wire", LATER)
    assert last == {"feed.xml": replace(DOCUMENT, payload=b"", media_type="", digest="d2", fetched_at=LATER)}


def test_a_document_that_is_gone_is_read_again_should_it_come_back(store: Store) -> None:
    with store.write() as db:
        articles.save_document(db, DOCUMENT)
        articles.gone_from(db, "wire", "feed.xml")
        (gone,) = articles.last_documents(db, "wire", NOW).values()
    assert (gone.digest, gone.etag, gone.last_modified) == (GONE, "", "")


def test_the_other_readings_of_a_stamp_are_read_back(store: Store) -> None:
    others = (replace(stamp(LATER), text="elsewhere"), replace(stamp(NOW), precision=Precision.DAY))
    written = replace(article(), stamp=replace(stamp(), others=others))
    with store.write() as db:
        articles.save_articles(db, [written], NOW)
        (stored,) = articles.current_articles(db)
    assert stored.article.stamp == written.stamp


def test_an_article_is_read_back_as_it_was_written(store: Store) -> None:
    written = article(
        url="https://wire.example/1", publisher="Agency", site="Site", origin="feed.xml", keep=Keep.EVIDENCE,
        tags=(Tag("MM:GAZP", Scheme.EXCHANGE), Tag("Газпром")), authors=("Jane Roe", "Ivo Marek"),
    )  # fmt: skip
    with store.write() as db:
        (stored,) = articles.save_articles(db, [written], NOW)
        assert list(articles.current_articles(db)) == [stored]
        assert list(articles.current_articles(db, [stored.article_id, "other"])) == [stored]
    assert (stored.revision, stored.article) == (1, written)


def test_a_changed_article_is_a_new_revision_that_keeps_the_first_sight_of_it(store: Store) -> None:
    with store.write() as db:
        articles.save_articles(db, [article(title="Old")], NOW)
        assert articles.save_articles(db, [article(title="Old", seen_at=LATER)], LATER) == []
        (changed,) = articles.save_articles(db, [article(title="New", digest="b", seen_at=LATER)], LATER)
        (current,) = articles.current_articles(db)
        old, new = db.execute(select(rows).order_by(rows.c.revision)).all()
    assert changed.revision == 2
    assert (current.article.title, current.article.seen_at) == ("New", NOW)
    assert (old.known_at, old.superseded_at) == (NOW, LATER)
    assert (new.known_at, new.superseded_at) == (LATER, None)


def test_an_article_keeps_its_id_when_its_stamp_is_corrected(store: Store) -> None:
    with store.write() as db:
        (old,) = articles.save_articles(db, [article()], NOW)
        (new,) = articles.save_articles(db, [article(at=NOW - timedelta(days=400), digest="b")], NOW)
    assert (new.article_id, new.revision) == (old.article_id, 2)


@given(st.lists(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)), min_size=2))  # noqa: DTZ001 - bounds are naive
def test_ids_of_articles_are_in_the_order_of_their_days(times: list[datetime]) -> None:
    ids = [articles.article_id("digest", at) for at in sorted(times)]
    assert ids == sorted(ids)
    assert {article_id[5:] for article_id in ids} == {"digest"}


def test_articles_are_yielded_in_the_order_of_their_days(store: Store) -> None:
    written = [article(str(n), at=NOW - timedelta(days=n)) for n in range(5)]
    with store.write() as db:
        articles.save_articles(db, written, NOW)
        assert [stored.article.key for stored in articles.current_articles(db)] == ["4", "3", "2", "1", "0"]


# --- withdrawal -----------------------------------------------------------------------------------------------------


def withdrawn(store: Store) -> list[tuple[str, int, str | None]]:
    with store.read() as db:
        current = db.execute(select(rows).where(rows.c.superseded_at.is_(None)).order_by(rows.c.article_key))
        return [(row.article_key, row.revision, row.withdrawn) for row in current]


def test_the_articles_of_a_page_that_is_gone_are_withdrawn_until_it_comes_back(store: Store) -> None:
    page, other = article("1", origin="a.html"), article("2", origin="b.html")
    with store.write() as db:
        articles.save_articles(db, [page, other], NOW)
        (marked,) = articles.withdraw_page(db, "wire", "a.html", LATER)
        assert articles.withdraw_page(db, "wire", "a.html", LATER) == []
    assert marked.article == page
    assert withdrawn(store) == [("1", 2, Withdrawn.GONE), ("2", 1, None)]
    with store.write() as db:
        (back,) = articles.save_articles(db, [page], LATER)
    assert back.revision == 3
    assert withdrawn(store) == [("1", 3, None), ("2", 1, None)]


def test_a_notice_withdraws_the_headline_that_it_takes_back(store: Store) -> None:
    notice = article("3", "WITHDRAWN: Gazprom builds", withdraws="Gazprom builds")
    with store.write() as db:
        articles.save_articles(db, [article("1"), article("2", "Rosneft builds"), notice], NOW)
        (marked,) = articles.withdraw_headlines(db, [notice, article("4")], LATER)
        assert articles.withdraw_headlines(db, [article("4")], LATER) == []
        assert articles.save_articles(db, [article("1")], LATER) == []
    assert marked.article.key == "1"
    assert withdrawn(store) == [("1", 2, Withdrawn.NOTICE), ("2", 1, None), ("3", 1, Withdrawn.NOTICE)]


# --- texts that may not be kept -------------------------------------------------------------------------------------


def test_every_revision_that_may_keep_no_text_is_found_and_blanked(store: Store) -> None:
    first = article(body="secret", keep=Keep.EVIDENCE)
    with store.write() as db:
        articles.save_articles(db, [first, article("2", body="open")], NOW)
        (again,) = articles.save_articles(db, [article(body="secret 2", digest="b", keep=Keep.EVIDENCE)], LATER)
        found = articles.revisions(db, [again.article_id], Keep.EVIDENCE)
        assert [stored.article.body for stored in found] == ["secret", "secret 2"]
        articles.replace_bodies(db, {(stored.article_id, stored.revision): "***" for stored in found})
        bodies = db.execute(select(rows.c.body).order_by(rows.c.article_key, rows.c.revision)).scalars().all()
    assert bodies == ["***", "***", "open"]


# --- refusals -------------------------------------------------------------------------------------------------------


def test_a_refusal_is_stored_once_with_the_time_of_its_first(store: Store) -> None:
    refusal = Refusal("wire", "line 3", "no_date", "it has no date")
    with store.write() as db:
        assert articles.save_refusals(db, [refusal, refusal], NOW) == 1
        assert articles.save_refusals(db, [refusal, replace(refusal, item="line 4")], LATER) == 1
        assert articles.save_refusals(db, [], LATER) == 0
        times = db.execute(select(refusals.c.item, refusals.c.first_seen_at).order_by(refusals.c.item)).all()
    assert [tuple(row) for row in times] == [("line 3", NOW), ("line 4", LATER)]


@pytest.mark.parametrize("written", [article(), article(at=NOW - timedelta(days=1), digest="b")])
def test_the_stamp_of_a_row_is_that_of_its_article(store: Store, written: Article) -> None:
    with store.write() as db:
        articles.save_articles(db, [written], NOW)
        assert articles.stamp_of(db.execute(select(rows)).one()) == written.stamp == stamp(written.stamp.at)
