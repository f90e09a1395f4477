"""Inputs that made readers slow, at a size that takes no time now, give what they should; every pattern is measured.

`python -m benchmarks.doubling` measures how the time of each pattern and reader grows.
"""

import re

import pytest

from benchmarks.openers import units_of
from benchmarks.patterns import BUILT, OF_TABLES, WINDOWS, calls_of_re_in_functions, patterns
from signals.news.authors import split_names
from signals.news.date_grammar import dates
from signals.news.date_text import fold
from signals.news.feed import _without_doctypes
from signals.news.json_ld import _unwrapped
from signals.news.timestamps import parse_stamp
from signals.tickers.legal_forms import without_legal_form
from signals.tickers.normalise import NormalisedText
from signals.types import Article
from tests.news.hostile import FEED
from tests.news.newsroom import parse

MANY = 200_000


def test_every_pattern_is_a_name_of_a_module_or_has_a_reason() -> None:
    assert set(calls_of_re_in_functions()) == BUILT.keys()


def test_the_catalogue_has_every_pattern_with_the_way_it_is_applied() -> None:
    catalogue = {used.name: used for used in patterns()}
    assert len(catalogue) > 200
    assert {name: catalogue[name].window for name in WINDOWS} == WINDOWS
    assert catalogue["prices.header._PAIR"].methods == {"fullmatch"}
    assert {name.partition("[")[0] for name in catalogue} >= OF_TABLES.keys()


def test_openers_are_the_beginnings_and_the_repetitions_of_a_pattern() -> None:
    assert {"<", "<!", "<!a", "a", "1"} <= set(units_of(re.compile(r"<!a*\d+>")))


def test_a_run_of_marks_keeps_its_offsets() -> None:
    text = NormalisedText("Nestle" + "\u0316\u0301" * MANY + " SA")
    assert text.text.endswith(" SA")
    assert text.source_offset(text.text.index(" SA")) == len(text.source) - 3
    assert text.source_offset(4) == 4


def test_blanks_between_a_date_and_what_follows_cost_their_number() -> None:
    text = "on 3 February 2020" + " " * MANY + "10:30" + " " * MANY + "EST and more"
    (match,) = dates(text, fold(text))
    assert (match.start, match.clock is not None, match.end) == (3, True, text.index(" and"))
    assert len(list(dates(text, fold("3 Feb 2020, 10:30  " * 2_000)))) == 2_000


def test_comments_of_a_stamp_are_left_out_before_its_time() -> None:
    stamp = parse_stamp("(a)" * 20 + " Mon (day) 3 Feb 2020 09:15 +0000 (UTC)")
    assert f"{stamp.at:%Y-%m-%d %H:%M}" == "2020-02-03 09:15"


def test_names_of_authors_end_where_a_place_begins() -> None:
    assert split_names("Jane Roe and John Doe    at  Paris") == ("Jane Roe", "John Doe")
    assert split_names("Jane Roe" + " " * MANY) == ("Jane Roe",)


def test_a_name_with_many_blanks_loses_its_legal_form() -> None:
    assert without_legal_form("Acme" + " " * MANY + "Inc.")[-1] == "Acme"


def test_document_types_with_entities_are_cut_out() -> None:
    assert _without_doctypes(b"a<!DOCTYPE x [<!ENTITY b 'c'>]  >d<!doctype y []>e") == b"ade"
    open_ones = b"<!DOCTYPE[]" * MANY
    assert _without_doctypes(open_ones) == open_ones


@pytest.mark.parametrize(
    "text",
    ['<!-- {"a": 1} -->', '/* <![CDATA[ */ {"a": 1} /* ]]> */', '//<![CDATA[\n{"a": 1};\n//]]>', '{"a": 1};;  ;',
     '/* x */ /* y */{"a": 1}/* z */  /* w */'],
)  # fmt: skip
def test_a_script_is_unwrapped(text: str) -> None:
    assert _unwrapped(text) == '{"a": 1}'
    assert _unwrapped("/* " * MANY + "x") == "/* " * MANY + "x"


def test_sections_of_a_feed_are_no_elements() -> None:
    items = "".join(
        f"<item><title>Acme {n}</title><guid>{n}</guid><pubDate>2020-02-03T09:15:00Z</pubDate><description><![CDATA["
        f"{'<' * 30_000}]]></description></item>"
        for n in range(5)
    )
    found = parse(FEED, f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>", "feed.xml")
    assert [type(item) for item in found] == [Article] * 5
