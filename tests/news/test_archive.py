import bz2
import csv
import gzip
import io
import lzma
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.errors import ConfigError
from signals.news import open_source
from signals.types import Article, CsvDialect, Precision, Refusal, SourceFailure, Tag
from tests.news.newsroom import NOW, fetch, parse, parse_article, parse_refusal, read_all, spec

COLUMNS = {"published_at": "date", "title": "headline", "tags": "stock"}
NEW_YORK = CsvDialect(timezone="America/New_York", columns=COLUMNS)
ARCHIVE = spec("csv", NEW_YORK, path="archive.csv")


def rows(*lines: str) -> str:
    return "\n".join(["headline,date,stock", *lines]) + "\n"


def split(outcomes: object) -> tuple[list[Article], list[Refusal]]:
    assert isinstance(outcomes, list)
    return [a for a in outcomes if isinstance(a, Article)], [r for r in outcomes if isinstance(r, Refusal)]


def test_a_row_is_an_article() -> None:
    article = parse_article(ARCHIVE, rows("Calder Works hires,2020-02-03 09:15:00,CLD"))
    assert (article.title, article.body, article.tags) == ("Calder Works hires", "", (Tag("CLD"),))
    assert article.stamp.at == datetime(2020, 2, 3, 14, 15, tzinfo=UTC)
    assert article.seen_at == NOW


def test_rows_of_one_article_are_joined_and_their_tags_kept_in_order() -> None:
    articles, refused = split(
        parse(
            ARCHIVE,
            rows(
                "Rail shares rise,2020-02-03 09:15,VSTK",
                "Calder Works hires,2020-02-03 09:15,CLD",
                "Rail shares rise,2020-02-03 09:15,CLD",
                "Rail shares rise,2020-02-03 09:15,VSTK",
                "Rail shares rise,2020-02-04 09:15,CLD",
            ),
        )
    )
    assert [(a.title, [t.text for t in a.tags]) for a in articles] == [
        ("Rail shares rise", ["VSTK", "CLD"]),
        ("Calder Works hires", ["CLD"]),
        ("Rail shares rise", ["CLD"]),
    ]
    assert not refused
    assert len({a.key for a in articles}) == 3


@pytest.mark.parametrize("key", ["id", "url"])
def test_records_with_the_same_id_or_url_are_one_article(key: str) -> None:
    news_spec = replace(ARCHIVE, dialect=CsvDialect(columns={**COLUMNS, key: "which"}))
    text = "headline,date,stock,which\nRail rises,2020-02-03,VSTK,n1\nRail rises (corrected),2020-02-03,CLD,n1\n"
    article = parse_article(news_spec, text)
    assert (article.key, article.title, [t.text for t in article.tags]) == ("n1", "Rail rises", ["VSTK", "CLD"])


def test_columns_with_the_names_of_the_keys_need_no_mapping() -> None:
    news_spec = spec("csv", CsvDialect())
    article = parse_article(
        news_spec, "id,title,published_at,publisher,body,url\n7,A new mill,2020-02-03,Meridian,Words.,-\n"
    )
    assert (article.key, article.publisher, article.body, article.url) == ("7", "Meridian", "Words.", "")


def test_a_file_without_a_header_has_positions() -> None:
    dialect = CsvDialect(header=False, delimiter=";", columns={"tags": 0, "published_at": 1, "title": 2})
    article = parse_article(spec("csv", dialect), "CLD;20200203;Calder Works hires;and more\n")
    assert (article.title, article.stamp.precision) == ("Calder Works hires", Precision.DAY)


def test_an_index_column_without_a_name_in_the_header_is_skipped() -> None:
    article = parse_article(ARCHIVE, "headline,date,stock\n0,Calder Works hires,2020-02-03,CLD\n")
    assert (article.title, article.tags) == ("Calder Works hires", (Tag("CLD"),))


def test_several_tags_in_a_cell_are_split_where_the_source_says_how() -> None:
    line = rows("Rail rises,2020-02-03,VSTK; CLD;-;")
    assert [t.text for t in parse_article(replace(ARCHIVE, tag_separator=";"), line).tags] == ["VSTK", "CLD"]
    names = rows('Rail rises,2020-02-03,"Calder Works, of Leeds"')
    assert [t.text for t in parse_article(ARCHIVE, names).tags] == ["Calder Works, of Leeds"]


@pytest.mark.parametrize(
    "cell",
    ["['VSTK', 'CLD']", '["VSTK", "CLD"]', "VSTK, CLD", "VSTK;CLD", "VSTK|CLD", "['VSTK' 'CLD']", "[VSTK, CLD]",
     "('VSTK', 'CLD')", "{'VSTK', 'CLD'}", "[{'ticker': 'VSTK', 'name': 'Vostok'}, {'ticker': 'CLD', 'name': 'C'}]",
     '[{"symbol": "VSTK", "name": "Vostok"}, {"symbol": "CLD"}]', " [ 'VSTK' , 'CLD' ] "],
)  # fmt: skip
@pytest.mark.parametrize("separator", [None, ",", ";"])
def test_a_list_of_codes_is_read_however_it_is_written(cell: str, separator: str | None) -> None:
    written = io.StringIO(newline="")
    csv.writer(written).writerows([["headline", "date", "stock"], ["Rail rises", "2020-02-03", cell]])
    news_spec = replace(ARCHIVE, tag_separator=separator)
    assert [t.text for t in parse_article(news_spec, written.getvalue()).tags] == ["VSTK", "CLD"]


def test_a_template_says_what_stands_around_a_ticker() -> None:
    news_spec = replace(ARCHIVE, tag_template="{ticker} US Equity", tag_separator=",")
    line = rows('Rail rises,2020-02-03,"VSTK US Equity,CLD us equity,RYE LN Equity"')
    assert [t.text for t in parse_article(news_spec, line).tags] == ["VSTK", "CLD", "RYE LN Equity"]
    with pytest.raises(ConfigError, match=r"news\[test\]\.tag_template: '\{symbol\}' does not say where the ticker is"):
        open_source(replace(ARCHIVE, tag_template="{symbol}"), Path())


def test_the_case_of_tags_is_ignored_where_the_source_says_so() -> None:
    line = rows("Rail rises,2020-02-03,vstk")
    assert parse_article(ARCHIVE, line).tags == (Tag("vstk"),)
    assert parse_article(replace(ARCHIVE, tag_case="ignore"), line).tags == (Tag("VSTK"),)


@pytest.mark.parametrize("lines", [["x,soon,A", "y,later,B", "z,never,C"], ["x"] * 30, [",2020-02-03,A", "x"] * 10])
def test_a_file_of_which_nothing_can_be_read_is_refused_once(lines: list[str]) -> None:
    refusal = parse_refusal(ARCHIVE, rows(*lines))
    assert refusal.item == "inbox/one.txt"
    assert refusal.detail.startswith(f"none of its {len(lines)} records can be read; the first: ")


def test_broken_rows_are_refused_with_their_lines_and_the_rest_goes_on() -> None:
    articles, refused = split(
        parse(
            ARCHIVE,
            rows(
                "First,2020-02-03,A",
                "broken in",  # line 3
                "the middle,2020-02-03,B",
                "too,many,cells,2020-02-03,C",
                ",2020-02-03,D",
                "No date,-,E",
                "Epoch,1970-01-01T00:00Z,F",
                "",
                '"Two\nlines",2020-02-03,G',  # lines 10 and 11
                "Last,2020-02-03,H",
            ),
        )
    )
    assert [a.title for a in articles] == ["First", "the middle", "Two lines", "Last"]
    assert {(r.item.removeprefix("inbox/one.txt "), r.reason) for r in refused} == {
        ("line 3", "row"), ("line 5", "row"), ("line 6", "no_title"), ("line 7", "no_date"), ("line 8", "no_date"),
    }  # fmt: skip
    assert "line 3: the row has 1 cells in place of 3" in next(r.detail for r in refused if r.item.endswith("line 3"))


@pytest.mark.parametrize("broken", ['"Never closed,2020-02-03,B', '"Never ,2020-02-03,"B', 'x,2020-02-03,"B'])
def test_a_quotation_mark_that_is_never_closed_costs_one_line(broken: str) -> None:
    articles, refused = split(
        parse(ARCHIVE, rows("First,2020-02-03,A", broken, 'Said "yes" twice,2020-02-03,"C"', "Last,2020-02-03,D"))
    )
    assert [a.title for a in articles] == ["First", 'Said "yes" twice', "Last"]
    assert [(r.item, r.reason) for r in refused] == [("inbox/one.txt line 3", "row")]


def test_unescaped_quotation_marks_in_a_quoted_cell_are_accepted_on_one_line() -> None:
    assert parse_article(ARCHIVE, rows('"He said "buy" today",2020-02-03,A')).title.startswith("He said")


def test_a_byte_that_cannot_be_decoded_costs_its_row() -> None:
    payload = rows("First,2020-02-03,A", "Caf?,2020-02-03,B", "Last,2020-02-03,C").encode().replace(b"?", b"\xe9")
    articles, refused = split(parse(ARCHIVE, payload))
    assert [a.title for a in articles] == ["First", "Last"]
    assert [(r.item, r.reason) for r in refused] == [("inbox/one.txt line 3", "encoding")]
    cp1252 = replace(ARCHIVE, dialect=replace(NEW_YORK, encoding="cp1252"))
    assert [a.title for a in split(parse(cp1252, payload))[0]] == ["First", "Café", "Last"]


def test_titles_are_cleaned_of_mojibake_entities_and_markup() -> None:
    titles = {
        "Calderâ€™s foundry": "Calder’s foundry",
        "Profit at Calder upÂ\xa0": "Profit at Calder up",
        "Caf\u00e9 \u00a9 2020": "Café © 2020",
        "Ã\x81guila â€œroseâ€\x9d": "Águila “rose”",
        "Q&amp;A with <b>Calder</b>": "Q&A with Calder",
        "Profit <5% and >3%": "Profit <5% and >3%",
        "  Calder \t Works  ": "Calder Works",
        "Ñandú â‚¬ Ж": "Ñandú â‚¬ Ж",
    }
    for written, article in titles.items():
        assert parse_article(ARCHIVE, rows(f'"{written}",2020-02-03,A')).title == article


def test_a_plain_body_keeps_its_paragraphs() -> None:
    news_spec = spec("csv", CsvDialect())
    article = parse_article(
        news_spec, 'published_at,title,body\n2020-02-03,A mill,"LEEDS (Reuters) - One.\r\n\r\n\r\nTwo &amp; 3 < 4."\n'
    )
    assert article.body == "LEEDS (Reuters) - One.\n\nTwo & 3 < 4."
    assert article.publisher == "Reuters"


def test_a_file_without_the_required_columns_is_refused() -> None:
    refused = parse_refusal(ARCHIVE, "headline,when,stock\nx,2020-02-03,A\n")
    assert refused.reason == "columns"
    assert "'date' for published_at among headline, when, stock" in refused.detail
    assert parse_refusal(ARCHIVE, "").reason == "empty"
    assert parse(ARCHIVE, rows()) == []


def test_a_cell_may_be_larger_than_csv_expects() -> None:
    news_spec = spec("csv", CsvDialect())
    article = parse_article(news_spec, f'published_at,title,body\n2020-02-03,A mill,"{"word " * 60_000}"\n')
    assert len(article.body) == 299_999


def test_archives_may_be_several_compressed_files(tmp_path: Path) -> None:
    text = rows("Calder Works hires,2020-02-03,CLD").encode()
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(text))
    (tmp_path / "b.csv.bz2").write_bytes(bz2.compress(text))
    (tmp_path / "c.csv.xz").write_bytes(lzma.compress(text))
    with zipfile.ZipFile(tmp_path / "d.csv.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("archive/d.csv", text)
    (tmp_path / "e.csv").write_bytes(text)
    articles, refused = read_all(replace(ARCHIVE, path="*.csv*"), tmp_path)
    assert len(articles) == 5
    assert len({a.key for a in articles}) == 1
    assert not refused


def test_a_compressed_file_that_is_damaged_or_too_large_is_a_failure(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as packed:
        packed.writestr("a.csv", "x")
        packed.writestr("b.csv", "x")
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.csv", b"0" * 3_000_000)
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(b"0" * 3_000_000))
    (tmp_path / "none.zip").write_bytes(b"PK nothing")
    outcomes = fetch(replace(ARCHIVE, path="*", max_bytes=1_000_000), tmp_path)
    assert {(f.item, f.reason) for f in outcomes if isinstance(f, SourceFailure)} == {
        ("two.zip", "unreadable"), ("none.zip", "unreadable"), ("bomb.zip", "too_large"), ("bomb.gz", "too_large"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("dialect", "key"),
    [
        (CsvDialect(columns={"date": "date"}), "columns.date"),
        (CsvDialect(header=False, columns={"title": 0}), "columns.published_at"),
        (CsvDialect(header=False, columns={"title": "headline", "published_at": 0}), "columns.title"),
        (CsvDialect(header=False, columns={"title": -1, "published_at": 0}), "columns.title"),
        (CsvDialect(delimiter="::"), "delimiter"),
        (CsvDialect(encoding="utf-9"), "encoding"),
        (CsvDialect(date_format="%d %Z"), "date_format"),
    ],
)
def test_an_invalid_dialect_is_an_error_that_names_the_key(dialect: CsvDialect, key: str) -> None:
    with pytest.raises(ConfigError, match=rf"news\[test\]\.{key}: "):
        open_source(spec("csv", dialect), Path())


lines_of_noise = st.lists(st.text(st.sampled_from('a,";\n\r\0é2020-01'), max_size=30), max_size=12)


@given(lines_of_noise, st.binary(max_size=80))
def test_any_file_is_read_or_refused_and_whole_rows_survive_a_broken_one(noise: list[str], tail: bytes) -> None:
    whole = ["First,2020-02-03,A", "Last,2020-02-03,Z"]
    parse(ARCHIVE, rows(*noise).encode() + tail)
    parse(ARCHIVE, tail)
    articles, _ = split(parse(ARCHIVE, rows(whole[0], *(line for line in noise if '"' not in line), whole[1])))
    assert {"First", "Last"} <= {a.title for a in articles}


@given(st.lists(st.text(st.sampled_from("ab,;é\" '"), min_size=1, max_size=8), max_size=8))
def test_every_row_is_an_article_or_a_refusal(titles: list[str]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows(
        [["headline", "date", "stock"], *([t, "2020-02-03", str(n)] for n, t in enumerate(titles))]
    )
    articles, refused = split(parse(ARCHIVE, file.getvalue()))
    assert sorted(int(t.text) for a in articles for t in a.tags) == [n for n, t in enumerate(titles) if t.strip()]
    broken = sum(not t.strip() for t in titles)
    assert len(refused) == (1 if broken == len(titles) > 1 else broken)  # nothing of the file can be read


def test_a_file_that_begins_with_too_many_broken_records_is_read_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signals.news.archive._HOPELESS", 3)
    refusal = parse_refusal(ARCHIVE, rows("x,soon,A", "y,soon,B", "z,soon,C", "Rail rises,2020-02-03,D"))
    assert refusal.detail.startswith("none of its 3 records can be read")


def test_different_refusals_of_a_short_file_are_listed_one_by_one() -> None:
    _, refused = split(parse(ARCHIVE, rows("x,soon,A", ",2020-02-03,B")))
    assert [refusal.reason for refusal in refused] == ["no_date", "no_title"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("kind", ["csv", "json", "jsonl"])
def test_a_byte_order_mark_overrules_the_encoding_that_is_set(kind: str, encoding: str) -> None:
    record = '{"published_at": "2024-06-05 16:30", "title": "Gazprom \N{EN DASH} a deal"}'
    text = "published_at,title\n2024-06-05 16:30,Gazprom \N{EN DASH} a deal\n" if kind == "csv" else record
    article = parse_article(spec(kind, CsvDialect(encoding="cp1251")), text.encode(encoding))
    assert article.title == "Gazprom \N{EN DASH} a deal"
