"""Filings from EDGAR, by the real client on loopback."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from signals.config import load
from signals.errors import ConfigError
from signals.news import open_source
from signals.news.edgar import EdgarSource
from signals.tickers.resolver import Resolver
from signals.types import Alias, Article, CsvDialect, Document, Refusal, Role, Scheme, Tag, ZoneBasis
from tests.loopback import Answer, site
from tests.news.newsroom import NOW, fetch, parse, parse_article, parse_refusal, spec
from tests.tickers.articles import instrument

WHO = "Jane Doe jane@meridian.example"
SAVED = spec("edgar", CsvDialect(), path="filings/*")


def entry(title: str, accession: str, updated: str = "2024-06-05T16:05:30-04:00", summary: str = "") -> str:
    return (
        f"<entry><title>{title}</title><link rel='alternate' type='text/html' "
        f"href='https://www.sec.gov/Archives/edgar/data/1/{accession}-index.htm'/>"
        f"<summary type='html'>{summary}</summary>"
        f"<updated>{updated}</updated><category scheme='https://www.sec.gov/' label='form type' term='8-K'/>"
        f"<id>urn:tag:sec.gov,2008:accession-number={accession}</id></entry>"
    )


def atom(*entries: str) -> str:
    head = '<?xml version="1.0" encoding="ISO-8859-1" ?><feed xmlns="http://www.w3.org/2005/Atom">'
    return f"{head}<title>Latest Filings</title><updated>2024-06-05T16:31:00-04:00</updated>{''.join(entries)}</feed>"


SUMMARY = "&lt;b&gt;Filed:&lt;/b&gt; 2024-06-05&lt;br&gt;Item 2.02: Results of Operations and Financial Condition"
CURRENT = atom(
    entry("8-K - Calder Works Co (0000000042) (Filer)", "0000000042-24-000001", summary=SUMMARY),
    entry("8-K - Calder Credit LLC (0000000043) (Filer)", "0000000042-24-000001", summary=SUMMARY),
    entry("8-K - VOSTOK RAIL CORP (0000000077) (Filer)", "0000000077-24-000001"),
    entry("8-K - VOSTOK RAIL CORP (0000000077) (Filer)", "0000000077-24-000001"),
)


def submissions(accepted: list[str], filed: list[str] | None = None, **more: Any) -> str:
    recent = {
        "accessionNumber": [f"0000000042-24-{n:06}" for n in range(len(accepted))],
        "filingDate": filed or [text[:10] for text in accepted],
        "acceptanceDateTime": accepted,
        "form": ["8-K"] * len(accepted),
        "items": ["2.02,9.01"] * len(accepted),
        "primaryDocument": ["a.htm"] * len(accepted),
        "primaryDocDescription": ["8-K"] * len(accepted),
    }
    filer = {"cik": "0000000042", "name": "Calder Works Co", "tickers": ["CLD"], "exchanges": ["NYSE"]}
    return json.dumps({**filer, "filings": {"recent": recent, "files": []}, **more})


def test_every_filer_of_a_filing_is_a_record_of_its_own() -> None:
    articles = [item for item in parse(SAVED, CURRENT) if isinstance(item, Article)]
    assert [(a.key, a.title, a.tags) for a in articles] == [
        ("0000000042-24-000001/42", "8-K - Calder Works Co (CIK 0000000042)", (Tag("42", Scheme.CIK),)),
        ("0000000042-24-000001/43", "8-K - Calder Credit LLC (CIK 0000000043)", (Tag("43", Scheme.CIK),)),
        ("0000000077-24-000001/77", "8-K - VOSTOK RAIL CORP (CIK 0000000077)", (Tag("77", Scheme.CIK),)),
    ]
    assert {a.stamp.at for a in articles} == {datetime(2024, 6, 5, 20, 5, 30, tzinfo=UTC)}
    assert "Results of Operations" in articles[0].body
    assert articles[0].publisher == "SEC EDGAR"


def test_a_feed_of_filings_that_is_read_as_any_feed_names_the_filers_too() -> None:
    one = atom(entry("8-K - Calder Works Co (0000000042) (Filer)", "0000000042-24-000001"))
    article = parse_article(spec("feed", CsvDialect(), path="a"), one)
    assert (article.title, article.tags) == ("8-K - Calder Works Co (0000000042) (Filer)", (Tag("42", Scheme.CIK),))


@pytest.mark.parametrize("alias", ["42", "0000000042", "CIK0000000042"])
def test_a_filer_is_tied_to_its_instrument_by_its_central_index_key(alias: str) -> None:
    resolver = Resolver([instrument("CLD", "Foundry of Leeds", "XNYS", Alias(alias, Scheme.CIK))])
    linked = [
        {(m.ticker, m.role) for m in resolver.mentions(item) if m.ticker}
        for item in parse(SAVED, CURRENT) if isinstance(item, Article)
    ]  # fmt: skip
    assert linked == [{("CLD", Role.SUBJECT)}, set(), set()]


def test_the_feed_is_asked_with_a_contact_and_not_again_while_it_is_the_same(tmp_path: Path) -> None:
    with site() as served:
        served.answers["/current"] = Answer(CURRENT.encode(), 200, {"ETag": '"1"'})
        news_spec = replace(
            SAVED, path=None, url=f"{served.url}/current", user_agent=WHO, robots=False, delay=0.1
        )  # fmt: skip
        (document,) = [item for item in fetch(news_spec, tmp_path) if isinstance(item, Document)]
        assert fetch(news_spec, tmp_path, [document]) == []
    assert [headers["User-Agent"] for _, headers in served.asked] == [WHO, WHO]
    assert len(parse(news_spec, document.payload)) == 3


def test_the_submissions_of_each_filer_are_asked_for_with_a_pause(tmp_path: Path) -> None:
    pauses: list[float] = []
    with site() as served:
        answer = Answer(submissions(["2024-06-05T20:05:30.000Z"]).encode())
        served.answers = {f"/submissions/CIK00000000{number}.json": answer for number in (42, 77)}
        news_spec = replace(SAVED, path=None, symbols=("42", "CIK0000000077", "0000000042"), base_url=served.url,
                            user_agent=WHO, robots=False, delay=0.5)  # fmt: skip
        source = EdgarSource(news_spec, tmp_path, pauses.append)
        documents = list(source.fetch({}, NOW))
    assert [path for path, _ in served.asked] == list(served.answers)
    assert all(isinstance(document, Document) for document in documents)
    assert 0 < max(pauses) <= 0.5


def test_the_filings_of_a_filer_are_read_from_parallel_arrays() -> None:
    article = parse_article(SAVED, submissions(["2024-06-05T20:05:30.000Z"]))
    assert (article.key, article.title) == ("0000000042-24-000000/42", "8-K - Calder Works Co (CIK 0000000042)")
    assert (article.stamp.at, article.stamp.basis) == (datetime(2024, 6, 5, 20, 5, 30, tzinfo=UTC), ZoneBasis.STATED)
    assert article.body.startswith("Item 2.02: Results of Operations and Financial Condition.")
    assert article.tags == (Tag("42", Scheme.CIK), Tag("NYSE:CLD"))
    assert article.url == "https://www.sec.gov/Archives/edgar/data/42/000000004224000000/a.htm"


@pytest.mark.parametrize(
    ("accepted", "filed", "hour"),
    [
        (["2024-06-05T20:05:30.000Z"], ["2024-06-05"], 20),  # four in New York, or eight in the evening there
        (["2024-06-05T16:05:30.000Z", "2024-05-01T07:30:32.000Z"], None, 20),  # at 03:30 nothing is accepted
        (["2024-06-05T16:05:30.000Z", "2024-05-01T18:30:00.000Z"], ["2024-06-05", "2024-05-02"], 20),  # the next day's
        (["2024-06-05T16:05:30.000Z", "2024-05-01T10:30:00.000Z"], None, 16),  # half past six
    ],
    ids=["UTC", "opening hours", "date of filing", "nothing against UTC"],
)
def test_a_clock_of_new_york_that_is_written_as_utc_is_told_by_what_edgar_accepts(
    accepted: list[str], filed: list[str] | None, hour: int
) -> None:
    first = parse(SAVED, submissions(accepted, filed))[0]
    assert isinstance(first, Article)
    assert first.stamp.at.hour == hour


def test_a_time_in_the_header_of_a_filing_is_new_yorks() -> None:
    lines = '{"accessionNumber": "1", "form": "8-K", "acceptanceDateTime": "20240722165714", "ticker": "CLD"}\n' * 2
    article = parse_article(SAVED, lines)
    assert (article.stamp.at.hour, article.stamp.zone, article.tags) == (20, "America/New_York", (Tag("CLD"),))


def test_an_older_page_of_submissions_names_its_filer_by_its_file_only() -> None:
    page = json.loads(submissions(["2024-06-05T20:05:30.000Z"]))["filings"]["recent"]
    (article,) = parse(SAVED, json.dumps(page), "filings/CIK0000000042-submissions-001.json")
    assert isinstance(article, Article)
    assert article.tags == (Tag("42", Scheme.CIK),)


@pytest.mark.parametrize(
    "payload",
    ["{}", "[]", "[1]", '{"cik": "42", "filings"', "<html>Your request is automated</html>", "",
     "<rss><channel><item><title>x</title></item></channel></rss>"],
)  # fmt: skip
def test_what_holds_no_filings_is_refused_whole(payload: str) -> None:
    assert parse_refusal(SAVED, payload).whole


def test_a_filing_without_a_time_costs_only_itself() -> None:
    outcomes = parse(SAVED, submissions(["soon", "2024-06-05T20:05:30.000Z"]))
    assert [type(item) for item in outcomes] == [Refusal, Article]


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ({"user_agent": None}, "user_agent"),
        ({"user_agent": "signals"}, "user_agent"),
        ({"delay": 0.05}, "delay"),
        ({"symbols": ("CLD",)}, "symbols"),
        ({"symbols": ("12345678901",)}, "symbols"),
        ({"symbols": (), "urls": ("ftp://sec.example",)}, "url"),
        ({"symbols": ()}, "url"),
    ],
)
def test_an_entry_that_the_sec_would_refuse_is_an_error(keys: dict[str, Any], key: str) -> None:
    good: dict[str, Any] = {"path": None, "symbols": ("42",), "user_agent": WHO}
    with pytest.raises(ConfigError, match=rf"news\[test\]\.{key}: "):
        open_source(spec("edgar", CsvDialect(), **{**good, **keys}), Path())


def test_without_addresses_the_filers_are_the_instruments_with_a_central_index_key(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(
        "instruments:\n  CLD: {name: Calder Works, mic: XNYS, currency: USD, "
        'aliases: [Calder, {text: "0000000042", scheme: cik}]}\n'
        f"news:\n  - {{name: filings, kind: edgar, user_agent: {WHO}}}\n"
    )
    assert load(tmp_path / "config.yaml").news[0].symbols == ("0000000042",)


@pytest.mark.parametrize(("payload", "reason"), [
    ('{"accessionNumber": null, "acceptanceDateTime": "2024-06-05T20:05:30Z"}', "row"),
    ("{" + " " * 100 + "}", "too_large"),
])  # fmt: skip
def test_a_filing_without_its_number_and_a_reply_that_is_too_large_are_refused(payload: str, reason: str) -> None:
    assert parse_refusal(replace(SAVED, max_bytes=100), payload).reason == reason
