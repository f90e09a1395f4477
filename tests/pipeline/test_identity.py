"""Articles that share an id, a guid or an address, through real sources and over several runs."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from signals.news import open_source
from signals.pipeline import RunContext
from signals.pipeline.ingest import ingest
from signals.store import Store, run_log
from signals.store import articles as store_articles
from signals.store.recognition import JOINED
from signals.types import Article, CsvDialect, NewsSpec
from tests.worlds import links_of, run, small

NOW = datetime(2024, 7, 1, 3, 30, tzinfo=UTC)
SECTION = "https://meridian.example/markets/"
CSV = NewsSpec("archive", "csv", path="in/*.csv", dialect=CsvDialect(timezone="UTC"))
FEED = NewsSpec("wire", "feed", path="in/*.xml", dialect=CsvDialect(timezone="UTC"))

#: An item of a feed: guid, title, time of publication, link.
Item = tuple[str, str, str, str]
HIRES = ("news", "Calder Works hires", "2024-06-05T13:05:00Z", "")
FALLS = ("news", "Vostok Rail falls", "2024-06-05T13:09:00Z", "")
BUYS = ("news", "Rye Mills buys a barge", "2024-06-06T14:05:00Z", "")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path


@pytest.fixture
def read(store: Store, folder: Path) -> Callable[[NewsSpec], int]:
    """Return a function that reads a source as a run of the next day does, and returns how many articles changed."""
    days = iter(range(1_000))

    def one_run(spec: NewsSpec) -> int:
        now = NOW + timedelta(days=next(days))
        with store.write() as db:
            begun = run_log.begin(db, "manual", now, now, "0")
        stats = run_log.RunStats()
        ingest(store, [open_source(spec, folder)], RunContext(begun, now), stats, lambda *_: None)
        assert not stats.failures
        return stats.articles

    return one_run


def write_feed(folder: Path, items: Sequence[Item]) -> None:
    entries = "".join(
        f"<item>{f'<guid>{guid}</guid>' if guid else ''}<title>{title}</title><pubDate>{at}</pubDate>"
        f"<link>{link}</link></item>"
        for guid, title, at, link in items
    )
    page = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Meridian</title>{entries}</channel></rss>'
    (folder / "in" / "feed.xml").write_text(page, encoding="utf-8")


def write_csv(folder: Path, *lines: str, name: str = "a.csv") -> None:
    """Write an archive; a cell with the word `section` stands for the address of a section."""
    body = "\n".join(lines).replace("section", SECTION)
    (folder / "in" / name).write_text(f"published_at,title,tags,url,id\n{body}\n", encoding="utf-8")


def current(store: Store) -> list[tuple[str, str, str, int]]:
    """Return the day, title, tags and revision of each article as it stands, by time."""
    query = """SELECT published_at, title, tags, revision FROM articles
               WHERE superseded_at IS NULL ORDER BY published_at, title, tags"""
    with store.read() as db:
        rows = db.execute(text(query)).all()
    return [(str(r[0])[5:10], r[1], " ".join(name for name, _ in json.loads(r[2])), r[3]) for r in rows]


def ids(store: Store) -> dict[str, str]:
    with store.read() as db:
        rows = db.execute(text("SELECT title, article_id FROM articles WHERE superseded_at IS NULL"))
        return {row.title: row.article_id for row in rows}


# --- one document ---------------------------------------------------------------------------------------------------


def test_rows_with_the_address_of_a_section_are_articles_with_their_own_tags(
    store: Store, folder: Path, read: Callable[[NewsSpec], int]
) -> None:
    rows = [
        "2024-06-03 10:00,Calder Works hires,CLD,section,",
        "2024-06-03 10:04,Vostok Rail falls,VSTK,section,",
        "2024-06-07 09:00,Market wrap,RYE,section,",
        "2024-06-10 09:00,Market wrap,CLD,section,",
        "2024-06-10 09:00,Market wrap,VSTK,section,",
    ]
    expected = [
        ("06-03", "Calder Works hires", "CLD", 1),
        ("06-03", "Vostok Rail falls", "VSTK", 1),
        ("06-07", "Market wrap", "RYE", 1),
        ("06-10", "Market wrap", "CLD VSTK", 1),
    ]
    write_csv(folder, *rows)
    assert read(CSV) == 4
    assert current(store) == expected
    write_csv(folder, *reversed(rows), "2024-06-11 10:00,Rye Mills buys,RYE,section,")
    assert read(CSV) == 1 + 1  # the tags of one article come in another order
    assert [row[:2] for row in current(store)] == [*(row[:2] for row in expected), ("06-11", "Rye Mills buys")]


@pytest.mark.parametrize(
    ("first", "other", "articles"),
    [
        ("2024-06-03,Calder hires,CLD,section,", "2024-06-03,Vostok falls,VSTK,section,", 2),
        ("2024-06-03,Calder hires,CLD,,7", "2024-06-03,Vostok falls,VSTK,,7", 2),
        ("2024-06-03,8-K Calder Works,,https://f.example/1,7", "2024-06-03,8-K Calder Bank,,https://f.example/2,7", 2),
        ("2024-06-03,Calder hires,CLD,,", "2024-06-03,Vostok falls,VSTK,,", 2),
        ("2024-06-03,Calder hires,CLD,,", "2024-06-04,Calder hires,CLD,,", 2),
        ("2024-06-03,Calder hires,CLD,,", "2024-06-03,Calder hires,VSTK,,", 1),
        ("2024-06-03,Calder hires,CLD,,7", "2024-06-03,Calder hires,VSTK,,8", 2),
        ("2024-06-03 10:00,Calder hires,CLD,,7", "2024-06-03 10:20,Calder hires more,CLD,,7", 1),
        ("2024-06-03 10:00,Calder hires,CLD,,7", "2024-06-03 15:00,UPDATE 1-Calder hires,CLD,,7", 1),
        ("2024-06-03 10:00,Calder hires,CLD,,7", "2024-06-03 15:00,Calder shares fall after it hires,CLD,,7", 2),
    ],
)  # fmt: skip
def test_two_rows_of_a_file(
    store: Store, folder: Path, read: Callable[[NewsSpec], int], first: str, other: str, articles: int
) -> None:
    for order in ((first, other), (other, first)):
        write_csv(folder, *order)
        read(CSV)
        assert len(current(store)) == articles
    before = current(store)
    write_csv(folder, first, other, "2024-06-09,Rye Mills buys,RYE,,9")
    read(CSV)
    assert [row[:2] for row in current(store)[:-1]] == [row[:2] for row in before]


def test_versions_in_one_file_are_revisions_and_the_last_stands(
    store: Store, folder: Path, read: Callable[[NewsSpec], int]
) -> None:
    write_csv(folder, "2024-06-03 10:20,Calder hires more,CLD,,7", "2024-06-03 10:00,Calder hires,CLD,,7")
    assert read(CSV) == 1
    assert current(store) == [("06-03", "Calder hires more", "CLD", 2)]
    write_csv(folder, "2024-06-03 10:00,Calder hires,CLD,,7", "2024-06-03 10:20,Calder hires more,CLD,,7")
    assert read(CSV) == 0


def test_other_words_under_one_headline_are_another_article_unless_an_id_says_that_it_is_one(
    store: Store, folder: Path, read: Callable[[NewsSpec], int]
) -> None:
    for key, articles in (("", 2), ("7", 1)):
        for words in (["It buys.", "It sells."], ["It sells.", "It buys."], ["It sells.", "It buys.", "It rests."]):
            rows = ["published_at,title,body,id", *(f"2024-06-03,Form 4,{body},{key}" for body in words)]
            (folder / "in" / "a.csv").write_text("\n".join([*rows, ""]))
            read(replace(CSV, name=f"archive{key}"))
            with store.read() as db:
                query = text("SELECT count(DISTINCT article_id) FROM articles WHERE source = :source")
                count = db.execute(query, {"source": f"archive{key}"}).scalar_one()
            assert count == (len(words) if articles == 2 else 1)


# --- several runs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("link", ["", SECTION], ids=["no link", "one link"])
def test_a_feed_with_one_guid_for_all_items_loses_no_article(
    store: Store, folder: Path, read: Callable[[NewsSpec], int], link: str
) -> None:
    items = [(guid, title, at, link) for guid, title, at, _ in (BUYS, FALLS, HIRES)]
    write_feed(folder, items[1:])
    assert read(FEED) == 2
    before = ids(store)
    write_feed(folder, items)
    assert read(FEED) == 1
    write_feed(folder, items[:1])
    assert read(FEED) == 0
    write_feed(folder, [("news", "Calder Works hires", "2024-06-24T10:00:00Z", link), *items[:1]])
    assert read(FEED) == 1
    assert [(day, title, revision) for day, title, _, revision in current(store)] == [
        ("06-05", "Calder Works hires", 1), ("06-05", "Vostok Rail falls", 1), ("06-06", "Rye Mills buys a barge", 1),
        ("06-24", "Calder Works hires", 1),
    ]  # fmt: skip
    assert before.items() <= {**ids(store), **before}.items()


def test_a_guid_that_is_reused_weeks_later_leaves_the_earlier_article(
    store: Store, folder: Path, read: Callable[[NewsSpec], int]
) -> None:
    write_feed(folder, [HIRES])
    read(FEED)
    earlier = ids(store)
    write_feed(folder, [("news", "Vostok Rail falls", "2024-06-26T10:00:00Z", "")])
    read(FEED)
    assert [row[:2] for row in current(store)] == [("06-05", "Calder Works hires"), ("06-26", "Vostok Rail falls")]
    assert earlier.items() <= ids(store).items()


@pytest.mark.parametrize(
    "changed",
    [
        ("news", "Calder Works fires", "2024-06-05T13:05:00Z", ""),
        ("news", "Something else altogether", "2024-06-05T13:05:00Z", ""),
        ("news", "A better headline", "2024-06-05T13:10:00Z", ""),
        ("news", "Calder Works hires", "2024-06-05T15:05:00Z", ""),
        ("news", "Calder Works hires", "2024-06-03T13:05:00Z", ""),
        ("news", "Calder Works hires", "2024-06-05T13:05:00Z", "https://meridian.example/1"),
    ],
    ids=["reworded", "corrected", "minutes later", "updated", "date corrected", "a link arrives"],
)
def test_a_corrected_item_is_a_revision(
    store: Store, folder: Path, read: Callable[[NewsSpec], int], changed: Item
) -> None:
    write_feed(folder, [HIRES])
    read(FEED)
    (article_id,) = ids(store).values()
    write_feed(folder, [changed])
    assert read(FEED) == 1
    assert ids(store) == {changed[1]: article_id}
    assert [revision for *_, revision in current(store)] == [2]
    write_feed(folder, [HIRES])
    assert read(FEED) == 1  # it is taken back
    assert [(title, revision) for _, title, _, revision in current(store)] == [("Calder Works hires", 3)]


def test_filers_of_one_filing_stay_articles_in_whatever_run_they_come(
    store: Store, folder: Path, read: Callable[[NewsSpec], int]
) -> None:
    filers = [
        ("acc-1", f"8-K - {name} ({number}) (Filer)", "2024-06-05T16:05:00Z", f"https://f.example/{number}/1.htm")
        for name, number in (("Calder Works", "0000012345"), ("Calder Credit", "0000067890"), ("RYE", "0000099999"))
    ]
    for feed in (filers[:1], filers[1:], filers):
        write_feed(folder, feed)
        read(FEED)
    assert [(title, revision) for _, title, _, revision in current(store)] == sorted((f[1], 1) for f in filers)


def test_files_by_ticker_add_their_tags_to_one_article(
    store: Store, folder: Path, read: Callable[[NewsSpec], int]
) -> None:
    for name in ("CLD", "RYE", "VSTK"):
        write_csv(folder, f"2024-06-03 10:00,Mills and rails,{name},https://m.example/1,", name=f"{name}.csv")
    read(CSV)
    ((_, _, tags, revision),) = current(store)
    assert tags == "CLD RYE VSTK"
    for name in ("RYE", "CLD"):
        row = f"2024-06-03 10:00,Mills and rails,{name},https://m.example/1,"
        write_csv(folder, row, f"2024-06-09,{name} buys,{name},,{name}", name=f"{name}.csv")
        assert read(CSV) == 1  # the further row
    assert ("06-03", "Mills and rails", tags, revision) in current(store)


# --- a store of an earlier version ----------------------------------------------------------------------------------


def as_before(store: Store, spec: NewsSpec, key: str, versions: Sequence[Article]) -> str:
    """Store revisions as a program did that knew an article by its key alone; returns the article's id."""
    digest = store_articles.key_digest(spec.name, key)
    with store.write() as db:
        (first,) = store_articles.save_articles(db, [replace(versions[0], key=digest)], NOW)
        db.execute(
            text("UPDATE articles SET key_digest = :digest, article_key = :key, article_id = :id"),
            {"digest": digest, "key": key, "id": digest},
        )
        assert first.revision == 1
        for number, article in enumerate(versions[1:], 2):
            db.execute(
                text("UPDATE articles SET superseded_at = :now WHERE superseded_at IS NULL"),
                {"now": "2024-06-30T00:00:00.000Z"},
            )
            copied = (
                "article_id, source, article_key, body, url, publisher, published_wall, published_precision, "
                "published_zone, zone_basis, ambiguous, seen_at, known_at, site, origin, keep, key_digest"
            )
            db.execute(
                text(
                    f"INSERT INTO articles (revision, title, tags, digest, published_text, published_at, {copied}) "
                    f"SELECT :revision, :title, tags, :digest, :stamp, :at, {copied} FROM articles WHERE revision = 1"
                ),
                {"revision": number, "title": article.title, "digest": article.digest, "stamp": article.stamp.text,
                 "at": article.stamp.at.strftime("%Y-%m-%dT%H:%M:%S.000Z")},
            )  # fmt: skip
    return digest


def parsed(folder: Path, spec: NewsSpec) -> list[Article]:
    source = open_source(spec, folder)
    documents = list(source.fetch({}, NOW))
    return [a for d in documents for a in source.parse(d) if isinstance(a, Article)]  # type: ignore[arg-type]  # no failures


def test_an_upgraded_store_keeps_its_ids_and_doubles_nothing(
    store: Store, folder: Path, read: Callable[[NewsSpec], int]
) -> None:
    write_feed(folder, [HIRES])
    article_id = as_before(store, FEED, "news", parsed(folder, FEED))
    assert read(FEED) == 0
    assert ids(store) == {"Calder Works hires": article_id}


def test_an_upgraded_store_gets_back_the_articles_that_the_last_item_had_replaced(
    store: Store, folder: Path, read: Callable[[NewsSpec], int]
) -> None:
    write_feed(folder, [HIRES, FALLS, BUYS])
    article_id = as_before(store, FEED, "news", parsed(folder, FEED))
    assert [title for _, title, *_ in current(store)] == [BUYS[1]]
    assert read(FEED) == 2
    assert [title for _, title, *_ in current(store)] == [HIRES[1], FALLS[1], BUYS[1]]
    assert ids(store)[BUYS[1]] == article_id
    write_feed(folder, [BUYS, FALLS, HIRES])
    assert read(FEED) == 0


def test_an_upgraded_store_separates_the_rows_that_it_had_merged(
    store: Store, folder: Path, read: Callable[[NewsSpec], int]
) -> None:
    rows = ["2024-06-03 10:00,Calder Works hires,CLD,section,", "2024-06-05 12:00,Vostok Rail falls,VSTK,section,"]
    write_csv(folder, *rows)
    first = parsed(folder, CSV)[0]
    merged = replace(first, tags=(*first.tags, *parsed(folder, CSV)[1].tags), digest="merged")
    article_id = as_before(store, CSV, SECTION, [merged])
    assert read(CSV) == 2
    assert [(title, tags) for _, title, tags, _ in current(store)] == [
        ("Calder Works hires", "CLD"), ("Vostok Rail falls", "VSTK"),
    ]  # fmt: skip
    assert ids(store)["Calder Works hires"] == article_id


def test_the_digest_of_joined_tags_is_told_from_that_of_a_record() -> None:
    assert not set(JOINED) <= set("0123456789abcdef")


# --- whole runs -----------------------------------------------------------------------------------------------------


def test_the_link_of_an_article_stays_when_its_id_names_another_one_later(tmp_path: Path) -> None:
    one, other = datetime(2025, 11, 5, 10, tzinfo=UTC), datetime(2026, 2, 4, 10, tzinfo=UTC)
    for title, at in (("Acme hires two hundred", one), ("Acme sells its mill", other)):
        app = small(tmp_path)
        (tmp_path / "wire.csv").write_text(f"published_at,title,id\n{at.isoformat()},{title},news\n")
        run(app)
    assert {(link.title, link.day_zero) for link in links_of(app)} == {
        ("Acme sells its mill", other.date()), ("Acme hires two hundred", one.date()),
    }  # fmt: skip
