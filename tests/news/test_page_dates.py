"""Which of the times that a page states is that of its article."""

import json
from datetime import UTC, date, datetime

import pytest

from signals.sessions import clock, day_zeros
from signals.types import Article, CsvDialect, Precision, Refusal, Stamp
from tests.news.newsroom import parse, parse_article, spec

TITLE = "Calder Works lifts its dividend"
TEXT = (
    "<p>Calder Works (NYSE: CLD) said on Wednesday that it would lift its dividend by a tenth after a good year.</p>"
    "<p>Its directors had met in Leeds in the morning, and they also named a new head of the two older foundries.</p>"
)
NEW_YORK, NO_ZONE = CsvDialect(timezone="America/New_York"), CsvDialect()
AFTER_CLOSE = datetime(2024, 6, 5, 20, 30, tzinfo=UTC)


def page(top: str = "", head: str = "", below: str = "", above: str = "") -> str:
    return (
        f"<!doctype html><html><head><title>{TITLE}</title>{head}</head><body>{above}<h1>{TITLE}</h1>{top}"
        f"<div class='story'>{TEXT}</div>{below}</body></html>"
    )


def ld(stamp: str, before: str = "", after: str = "", **more: object) -> str:
    value = json.dumps({"@type": "NewsArticle", "headline": TITLE, "datePublished": stamp, **more})
    return f'<script type="application/ld+json">{before}{value}{after}</script>'


def stamp_of(written: str, dialect: CsvDialect = NEW_YORK) -> Stamp:
    return parse_article(spec("page", dialect), written).stamp


MODIFIED = '<meta property="article:modified_time" content="2024-06-06T13:00:00Z">'
META = '<meta property="article:published_time" content="2024-06-05T20:30:00Z">'
VISIBLE = "<p>Published June 5, 2024 4:30 PM ET</p>"
OWN, LATER = "datetime='2024-06-05T20:30:00Z'", "datetime='2024-06-06T13:00:00Z'"
TEASER = "<a href='/t'>A mayor opens the longest bridge</a>"


@pytest.mark.parametrize(
    "written",
    [
        page(head=ld("2024-06-05T16:30:00-04:00")),
        page(head=ld("2024-06-05T16:30:00-04:00", after=";")),
        page(head=ld("2024-06-05T16:30:00-04:00", "//<![CDATA[\n", "\n//]]>")),
        page(head=ld("2024-06-05T16:30:00-04:00", "<![CDATA[", "]]>")),
        page(head=ld("2024-06-05T16:30:00-04:00", "/* <![CDATA[ */", "/* ]]> */")),
        page(head=ld("2024-06-05T16:30:00-04:00", "<!-- ", " -->")),
        page(head=ld("2024-06-05T16:30:00-04:00", after=" ; window.x = {};")),
        page(head=ld("2024-06-05T16:30:00-04:00").replace("}<", ",}<")),
        page(head=ld("2024-06-05T16:30:00-04:00", '{"@context": "x", "@graph": [{"@type": "WebSite"}, ', "]}")),
        page(head=ld("2024-06-05T16:30:00-04:00", '[[{"@type": "Person"}, ', "]]")),
        page(head=ld("2024-06-05T16:30:00-04:00").replace("NewsArticle", "WebPage")),
        page(head=ld("2024-06-05T16:30:00-04:00").replace("ld+json", "ld+json; charset=utf-8")),
        page(head=META),
        page(head='<meta name="parsely-pub-date" content="2024-06-05T20:30:00Z">'),
        page(head='<meta name="sailthru.date" content="2024-06-05 16:30:00">'),
        page(head='<meta name="DC.date.issued" content="2024-06-05T16:30:00-04:00">'),
        page(head='<meta name="pubdate" content="Wed, 05 Jun 2024 16:30:00 EDT">'),
        page("<meta itemprop='datePublished' content='2024-06-05T20:30:00Z'>"),
        page("<span itemprop='datePublished' content='2024-06-05T20:30:00Z'>today</span>"),
        page("<span itemprop='datePublished'>June 5, 2024 4:30 PM ET</span>"),
        page("<time datetime='2024-06-05T20:30:00Z'>today</time>"),
        page("<time>June 5, 2024 4:30 PM ET</time>"),
        page(VISIBLE),
        page("<div>June 5, 2024 at 4:30 p.m. Eastern Daylight Time</div>"),
        page("<div>By A. Writer</div><div>Published</div><div>June 5, 2024 4:30 PM New York time</div>"),
    ],
)
def test_each_place_of_a_page_that_states_its_time(written: str) -> None:
    article = parse_article(spec("page", NEW_YORK), written)
    assert (article.stamp.at, article.stamp.others) == (AFTER_CLOSE, ())
    assert article.body.startswith("Calder Works (NYSE: CLD) said")


@pytest.mark.parametrize(
    "foreign",
    [
        f"<section><h2>More</h2><article>{TEASER}<time datetime='2024-05-20T10:00:00Z'></time></article></section>",
        f"<article>{TEASER}<time itemprop='datePublished' datetime='2023-05-20T10:00:00Z'></time></article>",
        f"<article>{TEASER}<meta itemprop='datePublished' content='2023-05-20T10:00:00Z'></article>",
        f"<ul><li>{TEASER}<time datetime='2024-05-20T10:00:00Z'></time></li></ul>",
        f"<div>{TEASER}<span class='published'><time datetime='2024-05-20T10:00:00Z' pubdate></time></span></div>",
        "<div><h3>Bridge opens</h3><time datetime='2024-05-20T10:00:00Z'></time></div>",
        "<aside><time datetime='2024-05-20T10:00:00Z'></time></aside>",
        "<footer><time datetime='2024-06-20T10:00:00Z'></time></footer>",
        "<div class='related-stories'><time datetime='2024-05-20T10:00:00Z'></time></div>",
        "<div class='comments'><div><b>reader</b> <time datetime='2024-06-05T22:00:00Z'></time></div></div>",
        f"<div>{TEASER}<p>{'A mayor opened a bridge. ' * 4}</p><time datetime='2024-05-20T10:00:00Z'></time></div>",
    ],
)
@pytest.mark.parametrize("own", [page(VISIBLE, below="@"), page("<time datetime='2024-06-05T20:30:00Z'></time>@")])
def test_times_of_teasers_comments_and_lists_are_not_the_articles(own: str, foreign: str) -> None:
    stamp = stamp_of(own.replace("@", foreign))
    assert (stamp.at, stamp.others) == (AFTER_CLOSE, ())


@pytest.mark.parametrize(
    "written",
    [
        page(f"<time class='updated' {LATER}></time><time class='published' {OWN}></time>"),
        page(f"<time itemprop='dateModified' {LATER}></time><time {OWN}></time>"),
        page(f"<p>Updated <time {LATER}>June 6</time></p><p>Published <time {OWN}>June 5</time></p>"),
        page("<p>Updated: June 6, 2024 9:00 AM ET</p><p>Published: June 5, 2024 4:30 PM ET</p>"),
        page("<p>Published June 5, 2024 4:30 PM ET | Updated June 6, 2024 9:00 AM ET</p>"),
        page(VISIBLE, head=MODIFIED),
        page(head=MODIFIED + META),
        page(head=ld("2024-06-05T20:30:00Z", dateModified="2024-06-06T13:00:00Z")),
        page("<span class='last-updated'><time datetime='2024-06-06T13:00:00Z'></time></span>", head=META),
    ],
)  # fmt: skip
def test_an_update_never_beats_a_publication(written: str) -> None:
    stamp = stamp_of(written)
    assert (stamp.at, stamp.others) == (AFTER_CLOSE, ())


def test_an_update_alone_is_the_time_of_the_page() -> None:
    assert stamp_of(page(head=MODIFIED)).at == datetime(2024, 6, 6, 13, tzinfo=UTC)


@pytest.mark.parametrize("day", ["2024-06-05", "June 5, 2024", "2024-06-05T00:00:00Z", "2024-06-05 00:00:00"])
@pytest.mark.parametrize("exact", [META, VISIBLE, "<time datetime='2024-06-05T16:30:00-04:00'></time>"])
def test_a_time_beats_the_day_that_it_is_on(day: str, exact: str) -> None:
    stamp = stamp_of(page(exact, head=ld(day)))
    assert (stamp.at, stamp.others) == (AFTER_CLOSE, ())


def test_a_time_of_the_night_beats_the_day_and_shows_it() -> None:
    night = '<meta property="article:published_time" content="2024-06-06T01:30:00Z">'
    assert stamp_of(page(head=ld("2024-06-05") + night)).others == ()
    stamp = stamp_of(page(head=ld("2024-06-05") + night), CsvDialect(timezone="Europe/London"))
    assert (stamp.at.day, [other.precision for other in stamp.others]) == (6, [Precision.DAY])


def test_a_stated_zone_beats_the_same_clock_without_one() -> None:
    stamp = stamp_of(page(VISIBLE, head=ld("2024-06-05T16:30:00")), CsvDialect(timezone="Europe/London"))
    assert stamp.at == AFTER_CLOSE


@pytest.mark.parametrize(
    "written",
    [
        page("<p>June 5, 2024 4:30 PM ET</p>", head=ld("2024-06-05T16:30:00Z")),
        page("<p>June 5, 2024 4:30 PM</p>", head=META.replace("20:30", "16:30")),
        page("<time datetime='2024-06-05T16:30:00-04:00'></time>", head=ld("2024-06-05T16:30:00Z")),
    ],
)
def test_a_wall_clock_marked_as_utc_is_shown_with_the_other_time_and_marks_day_zero(written: str) -> None:
    stamp = stamp_of(written)
    assert stamp.at == datetime(2024, 6, 5, 16, 30, tzinfo=UTC)
    assert [other.at for other in stamp.others] == [AFTER_CLOSE]
    (day,) = day_zeros(clock("XNYS", date(2024, 5, 1), date(2024, 7, 31)), [stamp])
    assert day is not None
    assert (day.session, day.sensitive) == (date(2024, 6, 5), True)


def test_a_visible_time_of_an_unknown_zone_agrees_with_an_instant_whole_hours_away() -> None:
    assert stamp_of(page("<p>June 5, 2024 4:30 PM</p>", head=META), NO_ZONE).others == ()
    assert len(stamp_of(page("<p>June 5, 2024 4:37 PM</p>", head=META), NO_ZONE).others) == 1


def test_declared_times_days_apart_are_refused_and_an_unlabelled_one_is_shown() -> None:
    (refused,) = parse(spec("page", NEW_YORK), page(head=META + ld("2021-01-01T00:00:00Z")))
    assert isinstance(refused, Refusal)
    assert refused.reason == "two_dates"
    stamp = stamp_of(page("<time datetime='2024-07-01T10:00:00Z'></time>", head=META))
    assert [other.at.month for other in stamp.others] == [7]


def test_the_json_ld_of_another_article_is_left_out_for_that_of_the_headline() -> None:
    other = json.dumps({"@type": "NewsArticle", "headline": "Another", "datePublished": "2020-01-01T00:00:00Z"})
    script = f'<script type="application/ld+json">{other}</script>'
    assert stamp_of(page(head=script + ld("2024-06-05T20:30:00Z"))).at == AFTER_CLOSE


def test_the_other_times_of_a_page_are_a_revision() -> None:
    one, two = (
        parse_article(spec("page", NEW_YORK), page(top, META)) for top in ("", "<p>June 5, 2024 3:30 PM ET</p>")
    )
    assert isinstance(one, Article)
    assert one.digest != two.digest
