"""The status of a store: what arrived, was linked and moved, what waits, what was refused, what fails."""

from datetime import date, timedelta

from signals.store import Store, articles, assignments, bars, instruments, run_log, status
from signals.store.status import LOOK_BACK
from signals.types import MarketKey, Refusal, Stage
from tests.store.samples import DAY, NOW, article, failure, linked, mention, mirror, quarantined, write_bars
from tests.store.test_assignments import queue_pair


def test_a_new_store_has_an_empty_status(store: Store) -> None:
    with store.read() as db:
        report = status.status(db, store.presence, NOW, [])
    assert (report.totals.articles, report.totals.links, report.unmatched) == (0, 0, 0)
    assert all(section == [] for section in vars(report).values() if isinstance(section, list))


def test_the_sections_of_a_status_come_from_their_tables(store: Store) -> None:
    store.presence.beat("host:1", NOW, NOW, "nightly", NOW)
    with store.write() as db:
        linked(db, "Gazprom builds", "Gazprom sells")
        run_log.begin_stage(db, 1, Stage.SCORE, NOW)
        run_log.finish_stage(db, 1, Stage.SCORE, {}, {}, NOW)
        run_log.record_source(db, 1, "news", "wire", 3, 2, [failure()])
        run_log.record_source(db, 1, "prices", "local", 3, 2, [])
        articles.save_refusals(db, [Refusal("wire", "line 3", "no_date", "it has no date")], NOW)
        bars.save_quarantined(db, "GAZP", [quarantined()], NOW)
        waiting = queue_pair(db, key="9")
        assignments.save_mentions(db, {(waiting.article_id, 1): [mention(None, role=None, relevance=None)]})
        assignments.enqueue(db, [waiting.article_id])
        report = status.status(db, store.presence, NOW, ["study market"])
    assert (report.totals.articles, report.totals.events, report.totals.links, report.unmatched) == (3, 1, 4, 1)
    assert [(row.run_id, row.state) for row in report.runs] == [(1, "done")]
    assert [(row.source, row.state) for row in report.sources] == [("wire", "failed"), ("local", "ok")]
    assert [(row.source, row.written) for row in report.arrived] == [("wire", 2)]
    assert [(row.status, row.verdict, row.events) for row in report.events] == [("scored", "move", 1)]
    assert [(row.verdict, row.articles, row.events) for row in report.linked] == [("move", 2, 1)]
    assert [(row.ticker, row.title, row.articles) for row in report.moved] == [("GAZP", "Gazprom builds", 2)]
    assert [(row.reason, row.events, row.example) for row in report.pending] == [("window_open", 1, "1 of 2 sessions")]
    assert [(row.ticker, row.articles, row.published_at) for row in report.unassigned] == [("GAZP", 1, NOW)]
    assert [(row.reason, row.items) for row in report.refusals] == [("no_date", 1)]
    assert [(row.reason, row.tags) for row in report.refused_tags] == [("unknown_tag", 1)]
    assert [(row.reason, row.bars) for row in report.quarantine] == [("non_positive", 1)]
    assert [row.name for row in report.schedulers] == ["host:1"]
    assert (report.unscored, report.gaps, report.disagreements, report.changes) == ([], [], [], ["study market"])


def test_what_a_run_linked_is_that_of_the_last_scoring(store: Store) -> None:
    with store.write() as db:
        linked(db, "Gazprom builds")
        assert status.status(db, store.presence, NOW, []).linked == []
    with store.write() as db:
        run_log.begin_stage(db, 1, Stage.SCORE, NOW)
        run_log.finish_stage(db, 1, Stage.SCORE, {}, {}, NOW)
        assert [row.verdict for row in status.status(db, store.presence, NOW, []).linked] == ["move"]


def test_a_gap_is_a_session_since_the_first_bar_that_has_none(store: Store) -> None:
    days: list[date] = [DAY - timedelta(days=n) for n in (70, 6, 5, 4, 3)]
    with store.write() as db:
        mirror(db, "GAZP", "ROSN")
        instruments.save_sessions(db, MarketKey("MISX", "IMOEX"), [*days, NOW.date()])
        write_bars(db, {str(days[1]): 100, str(days[3]): 101})
        write_bars(db, {str(days[2]): 100, str(days[4]): 101}, "ROSN")
        rows = {row.ticker: row for row in status.gaps(db, NOW)}
    assert (rows["GAZP"].sessions, rows["GAZP"].session, rows["GAZP"].last_session) == (2, days[2], days[4])
    assert rows["ROSN"].sessions == 1
    assert days[0] < NOW.date() - LOOK_BACK


def test_an_article_is_counted_once_whatever_its_revisions(store: Store) -> None:
    with store.write() as db:
        articles.save_articles(db, [article()], NOW)
        articles.save_articles(db, [article(digest="b")], NOW)
        assert status.status(db, store.presence, NOW, []).totals.articles == 1
