"""The kinds of pages that were once read wrongly, each with siblings of other words and another structure."""

import json
from datetime import UTC, datetime
from html import escape

import pytest

from signals.types import Article, CsvDialect
from tests.news.newsroom import parse_article, spec

TITLE = "Calder Works closes its oldest foundry"
TEXT = (
    "Calder Works will close its oldest foundry in the spring, it told the two hundred who work there on Thursday.",
    "The furnaces date from the time before the war, and gas has become too dear to keep them lit, a manager said.",
    "The town had offered to pay for new ones. A rival from Graz may rent the halls, which stand beside the river.",
)
AT = datetime(2024, 4, 25, 14, 7, tzinfo=UTC)
META = '<meta property="article:published_time" content="2024-04-25T14:07:00Z">'
TEASERS = (
    "Nimbus Cloud recalls two hundred thousand units",
    "Orbit Toys wins a large order",
    "Sable Wines jumps again",
)
REMARK = "I do not see who is going to pay for all of this in the end, and nobody here has asked either."


def p(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def links(pattern: str) -> str:
    return "".join(pattern.format(line, n=n) for n, line in enumerate(TEASERS))


def read(body: str, head: str = META, title: str = TITLE) -> Article:
    page = f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return parse_article(spec("page", CsvDialect()), page)


def body_of(body: str, head: str = META) -> tuple[str, ...]:
    return tuple(read(body, head).body.split("\n\n"))


def ld(**more: object) -> str:
    value = json.dumps({"@type": "NewsArticle", "headline": TITLE, **more})
    return f'<script type="application/ld+json">{value}</script>'


# --- lists of other stories above and below the article ---------------------------------------------------------------


@pytest.mark.parametrize(
    "lists",
    [
        f"<div class=topmenu>{''.join(f'<div>{line}</div>' for line in TEASERS)}</div>",
        f"<div><span>{'</span><span>'.join(TEASERS)}</span></div>",
        f"<section><h4>Right now</h4>{p(*TEASERS)}</section>",
        f"<table><tr><td>{'</td><td>'.join(TEASERS)}</td></tr></table>",
    ],
)
@pytest.mark.parametrize("stamp", ["<div>Thu 25.04.2024 | 14:07 UTC</div>", "<time datetime=2024-04-25T14:07Z></time>"])
def test_a_list_of_headlines_above_the_article_is_not_its_text(lists: str, stamp: str) -> None:
    article = read(f"{lists}<article><h1>{TITLE}</h1>{stamp}{p(*TEXT)}</article>", head="")
    assert article.body.split("\n\n") == list(TEXT)
    assert (article.title, article.stamp.at) == (TITLE, AT)


@pytest.mark.parametrize(
    "lists",
    [
        f"<div class=more><div>More from business</div>{links('<div><a href=/{n}>{0}</a></div>')}</div>",
        f"<aside><h3>In brief</h3><ol>{links('<li><a href=/{n}>{0}</a></li>')}</ol></aside>",
        f"<div>{links('<h4><a href=/{n}>{0}</a></h4><p>It was a day to remember.</p>')}</div>",
        f"<h3>Most read</h3><ol>{links('<li><a href=/{n}>{0}</a>' + p(REMARK) + '</li>')}</ol>",
    ],
)
@pytest.mark.parametrize(
    "stamp", ["<div>Thu 25.04.2024 | 14:07 UTC | by A. Writer</div>", "<i>25 April 2024, 14:07 UTC</i>"]
)
def test_a_list_of_stories_below_an_article_whose_date_is_in_its_text_is_not_its_text(lists: str, stamp: str) -> None:
    article = read(f"<article><h1>{TITLE}</h1>{stamp}{p(*TEXT)}</article>{lists}", head="")
    assert article.body.split("\n\n") == list(TEXT)
    assert article.stamp.at == AT


# --- what interrupts the text ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["Read more", "READ MORE:", "See also", "Mehr zum Thema", "À lire aussi", "相关阅读"])
@pytest.mark.parametrize("element", ["<p>{}</p>", "<div><b>{}</b></div>", "<h4>{}</h4>", "<p><a href=/1>{}</a></p>"])
def test_the_text_after_words_that_point_elsewhere_belongs_to_the_article(words: str, element: str) -> None:
    pointer = element.format(words)
    assert body_of(f"<article><h1>{TITLE}</h1>{p(*TEXT[:1])}{pointer}{p(*TEXT[1:])}</article>") == TEXT


@pytest.mark.parametrize("line", ["ADVERTISEMENT", "Advertisement", "Story continues below advertisement"])
def test_any_number_of_lines_about_advertisements_is_no_text(line: str) -> None:
    between = "".join(p(each, line) for each in TEXT * 9)
    assert body_of(f"<article><h1>{TITLE}</h1>{between}</article>") == TEXT * 9


@pytest.mark.parametrize(
    "box",
    [
        "<div class=x><p>Thanks for reading! Subscribe for free to get new posts.</p></div>",
        "<div class=subscription-box><p>Get all of our stories for the price of a coffee a week, and more.</p></div>",
    ],
)
def test_an_invitation_may_follow_thanks(box: str) -> None:
    assert body_of(f"<article><h1>{TITLE}</h1>{p(*TEXT[:1])}{box}{p(*TEXT[1:])}</article>") == TEXT
    sentence = "Prices fell. Few will subscribe to the new shares, the bank said."
    assert body_of(f"<article><h1>{TITLE}</h1>{p(*TEXT[:1], sentence, *TEXT[1:])}</article>")[1] == sentence


@pytest.mark.parametrize("name", ["visually-hidden", "sr-only", "screen-reader-text", "link visuallyhidden"])
def test_words_for_screen_readers_are_no_text(name: str) -> None:
    said = f"<a href=/x>{TEXT[0][:12]}<span class='{name}'>opens in a new window</span></a>{TEXT[0][12:]}"
    assert body_of(f"<article><h1>{TITLE}</h1>{p(said, *TEXT[1:])}</article>") == TEXT


def test_a_table_is_text_though_a_figure_frames_it() -> None:
    table = "<table><tr><td>Sales</td><td>41.2</td></tr></table><figcaption>In millions</figcaption>"
    page = f"<article><h1>{TITLE}</h1>{p(*TEXT[:1])}<figure>{table}</figure>{p(*TEXT[1:])}</article>"
    assert body_of(page) == (TEXT[0], "Sales 41.2", *TEXT[1:])


def test_a_short_article_is_not_its_longer_offers() -> None:
    plans = "".join(f"<div><h4>Plan {n}</h4><p>{REMARK}</p></div>" for n in range(4))
    page = f"<article><h1>{TITLE}</h1>{p(*TEXT[:2])}</article><div><h2>Keep reading</h2>{plans}</div>"
    assert body_of(page) == TEXT[:2]
    boxes = "<div class={}>{}</div>"
    for name in ("regwall", "offers", "risk-warning"):
        assert body_of(f"<div><h1>{TITLE}</h1>{p(*TEXT)}</div>{boxes.format(name, p(REMARK))}") == TEXT


def test_links_beside_clocks_are_not_the_text_though_they_are_longer() -> None:
    rows = "".join(f"<div><span>10:1{n}</span> <a href=/{n}>{TEASERS[n % 3]}</a></div>" for n in range(9))
    page = f"<div><h1>{TITLE}</h1>{''.join(f'<div>{line}</div>' for line in TEXT[:2])}</div><div>{rows}</div>"
    assert body_of(page) == TEXT[:2]


# --- what follows the text ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    [
        "Join the conversation", "Have your say", "Leave a reply", "16 thoughts on “Calder”", "Kommentare",
        "Commentaires", "Комментарии", "评论", "3 comments",
    ],
)  # fmt: skip
def test_a_conversation_below_its_heading_is_not_the_text_though_it_is_longer(heading: str) -> None:
    thread = f"<section><h2>{heading}</h2>{''.join(f'<div><b>user</b>{p(REMARK)}</div>' for _ in range(20))}</section>"
    assert body_of(f"<main><h1>{TITLE}</h1>{p(*TEXT)}</main>{thread}") == TEXT


def test_words_that_begin_comments_end_nothing_above_the_text() -> None:
    assert body_of(f"<h1>{TITLE}</h1><p>3 comments</p>{p(*TEXT)}") == TEXT


def test_disclosures_below_the_text_are_not_the_text() -> None:
    line = "The writer holds none of the shares that this text names, and it is no advice."
    note = f"<div class=disclosure>{p(line)}</div>"
    assert body_of(f"<article><h1>{TITLE}</h1>{p(*TEXT)}{note}</article>") == TEXT


def test_a_hidden_translation_is_not_the_text() -> None:
    other = f"<div lang=de hidden>{p(*(line[::-1] for line in TEXT))}</div>"
    assert body_of(f"<article><h1>{TITLE}</h1><div>{p(*TEXT)}</div>{other}</article>") == TEXT


# --- times of other stories -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        "<div class=more><article><a href=/1>{0}</a><time itemprop=datePublished datetime={1}></time></article></div>",
        "<ul class=teasers><li><time pubdate datetime={1}></time><a href=/1>{0}</a></li></ul>",
        "<aside><h3>{0}</h3><span itemprop=datePublished content={1}></span></aside>",
    ],
)
def test_a_time_in_json_ld_is_not_contradicted_by_that_of_a_teaser(other: str) -> None:
    below = other.format("Old news from the year before", "2023-12-23T13:31:23+01:00")
    article = read(f"<article><h1>{TITLE}</h1>{p(*TEXT)}</article>{below}", ld(datePublished="2024-04-25T14:07:00Z"))
    assert (article.stamp.at, article.stamp.others) == (AT, ())


@pytest.mark.parametrize(
    "stamp",
    [
        "Thu 25.04.24 | 14:07 Uhr | Von A. Writer", "25.04.2024, 14:07 Uhr | Von Jane Roe und Maximilian von Ahlefeldt",
        "25 April 2024, 14:07 | By Jane Roe and Maximilian Ahlefeldt",
        "By Jane Roe and Mira Okafor | 25 April 2024 14:07", "Apr 25, 2024 2:07 PM — By Jane Roe",
        "25 Apr 2024 14:07 | 1,234 views | 12 comments | Share this story",
        "Source: Meridian News Agency, 25 April 2024 14:07", "Posted: April 25, 2024 2:07 PM by Jane Roe, Staff writer",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "below", ["<p><i>Broadcast: Radio One, 24.04.2024, 15:10 Uhr</i></p>", "<p>First aired on 23.04.2024 at 9:00</p>"]
)
def test_the_stamp_beside_the_byline_is_taken_and_not_that_of_a_broadcast(stamp: str, below: str) -> None:
    article = read(f"<article><h1>{TITLE}</h1><div>{stamp}</div>{p(*TEXT)}{below}</article>", head="")
    assert article.stamp.wall == datetime(2024, 4, 25, 14, 7)  # noqa: DTZ001  a clock on the wall
    assert article.body.startswith(TEXT[0])


def test_a_stamp_behind_a_byline_is_no_line_of_the_text() -> None:
    article = read(
        f"<article><h1>{TITLE}</h1>{p('By Jane Roe and Mira Okafor on April 25, 2024', *TEXT)}</article>", ""
    )
    assert (article.body.split("\n\n"), article.stamp.wall.date()) == (list(TEXT), AT.date())


@pytest.mark.parametrize("clock", ["14:07 UTC", "2:07 pm UTC", "14:07:00 GMT"])
def test_a_clock_in_a_box_of_its_own_belongs_to_the_day_above_it(clock: str) -> None:
    stamp = f"<div><div>25 April 2024</div><div>{clock}</div></div>"
    assert read(f"<article><h1>{TITLE}</h1>{stamp}{p(*TEXT)}</article>", "").stamp.at == AT


def test_a_comment_may_stand_before_a_date() -> None:
    when = "<p>Published <!-- by hand --><?x y?><time datetime=2024-04-25T14:07:00Z>25 April</time></p>"
    later = "<p>Updated <!-- by hand --><time datetime=2024-04-26T14:07:00Z>26 April</time></p>"
    assert read(f"<!--x--><article><h1>{TITLE}</h1>{when}{later}{p(*TEXT)}</article>", head="").stamp.at == AT
    assert (
        read(f"<h1>{TITLE}</h1><div><!--x--><time datetime=2024-04-25T14:07Z></time></div>{p(*TEXT)}", "").stamp.at
        == AT
    )


@pytest.mark.parametrize("headline", ["<h3>{}</h3>", "<div><b>{}</b></div>"])
def test_microdata_in_the_head_is_about_the_article(headline: str) -> None:
    head = "<meta itemprop=datePublished content=2024-04-25T16:07:00+02:00>"
    body = f"<h2>Thursday, April 25, 2024</h2>{headline.format(TITLE)}<div>{'<br><br>'.join(TEXT)}</div>"
    article = read(body, head)
    assert (article.stamp.at, article.stamp.others, article.body) == (AT, (), "\n\n".join(TEXT))


# --- text that is not in the elements -------------------------------------------------------------------------------


def test_what_one_json_ld_object_lacks_another_of_the_same_headline_states() -> None:
    head = ld(datePublished="2024-04-25T14:07:00Z") + ld(articleBody="\n".join(TEXT), author="Jane Roe")
    article = read(f"<h1>{TITLE}</h1>{p(TEXT[0])}", head)
    assert (article.stamp.at, article.authors) == (AT, ("Jane Roe",))
    assert all(line in article.body for line in TEXT)


def test_json_ld_in_character_entities_is_read() -> None:
    written = escape(json.dumps({"@type": "NewsArticle", "datePublished": "2024-04-25T14:07:00Z"}))
    head = f"<script type='application/ld+json'>{written}</script>"
    assert read(f"<h1>{TITLE}</h1>{p(*TEXT)}", head).stamp.at == AT


def test_an_article_for_readers_without_scripts_is_read_and_a_notice_is_not() -> None:
    article = f"<article><h1>{TITLE}</h1>{p(*TEXT)}</article>"
    assert body_of(f"<div id=app></div><noscript>{article}</noscript>") == TEXT
    assert body_of(f"<noscript><p>Please switch on scripts to use this page.</p></noscript>{article}") == TEXT


def test_text_in_an_attribute_is_read() -> None:
    state = escape(json.dumps({"story": {"lines": TEXT}, "more": TEASERS}))
    assert body_of(f'<div id=app data-page="{state}"></div>') == TEXT


def test_text_that_is_pushed_to_a_stream_in_pieces_is_read() -> None:
    stream = "0:null\n7:" + json.dumps(["$", "article", None, {"children": TEXT}]) + "\n8:I[1,{]\n"
    pushes = "".join(
        f"<script>self.__next_f.push([1,{json.dumps(part)}])</script>" for part in (stream[:90], stream[90:])
    )
    assert body_of(f"<div></div>{pushes}") == TEXT


def test_a_state_that_is_a_text_of_json_is_read() -> None:
    state = json.dumps(json.dumps({"story": {"lines": TEXT}}))
    assert body_of(f"<div></div><script>window.__STATE__ = JSON.parse({state});</script>") == TEXT
