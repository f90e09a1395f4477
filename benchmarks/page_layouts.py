"""Lay invented stories out as publishers lay out theirs: one function for each layout.

A layout is held out if it was set aside before the rules of extraction were written; the halves have siblings of the
same kinds. What stands around the story carries names of firms that occur nowhere else, so that a teaser that got into
a body can be counted.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.page_stories import Story, Surroundings, surroundings, write_story


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and what a reader must get from it; `foreign` are texts that do not belong to the body."""

    name: str
    held_out: bool
    html: str
    story: Story
    body: tuple[str, ...]
    foreign: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """What a layout makes: the elements in the body of the page, what is read there, and the head if it is special."""

    body: str
    read: tuple[str, ...]
    head: str | None = None


Layout = Callable[[Story, Surroundings], Content]
_LAYOUTS: list[tuple[str, bool, str, int, Layout]] = []


def layout(*, held_out: bool, language: str = "en", paragraphs: int = 8) -> Callable[[Layout], Layout]:
    """Register a layout."""

    def register(make: Layout) -> Layout:
        _LAYOUTS.append((make.__name__.removeprefix("_"), held_out, language, paragraphs, make))
        return make

    return register


def pages() -> list[Page]:
    """Return one page of each layout."""
    return [_page(*each) for each in _LAYOUTS]


def _page(name: str, held_out: bool, language: str, paragraphs: int, make: Layout) -> Page:
    story, around = write_story(name, paragraphs, language), surroundings(name)
    content = make(story, around)
    head = _head(story) if content.head is None else content.head
    text = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{html.escape(story.title)}'
        f" | Meridian</title>{head}</head><body>{content.body}</body></html>"
    )
    return Page(name, held_out, text, story, content.read, (*around.teasers, *around.remarks))


# --- parts ----------------------------------------------------------------------------------------------------------


def _head(story: Story, extra: str = "") -> str:
    return f'<meta property="article:published_time" content="{story.at.isoformat()}">{extra}'


def _ld(story: Story, **more: object) -> str:
    people = [{"@type": "Person", "name": name} for name in story.authors]
    data: dict[str, object]
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": story.title, "author": people}
    data |= {"datePublished": story.at.isoformat(), "publisher": {"@type": "Organization", "name": "Meridian"}, **more}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def _p(lines: Sequence[str], attributes: str = "") -> str:
    return "".join(f"<p{attributes}>{html.escape(line, quote=False)}</p>" for line in lines)


def _each(lines: Sequence[str], pattern: str) -> str:
    return "".join(pattern.format(line, n=n) for n, line in enumerate(lines, 1))


def _h1(story: Story) -> str:
    return f"<h1>{story.title}</h1>"


def _by(story: Story) -> str:
    return f'<div class="byline">By {" and ".join(story.authors)}</div>'


def _menu(items: int = 8) -> str:
    names = (
        "Markets",
        "World",
        "Business",
        "Technology",
        "Opinion",
        "Sport",
        "Weather",
        "Video",
        "Podcasts",
        "Archive",
    )
    links = "".join(f'<li><a href="/s/{n}">{names[n % 10]}{n // 10 or ""}</a></li>' for n in range(items))
    return f'<header><nav><ul>{links}</ul></nav><a href="/login">Sign in</a></header>'


def _footer() -> str:
    links = "".join(f'<a href="/{n}">{n}</a> ' for n in ("About us", "Contact", "Privacy", "Terms of use"))
    return f"<footer><div>{links}</div><p>© 2024 Meridian. All rights reserved.</p></footer>"


def _links(around: Surroundings, item: str = '<li><a href="/t/{n}">{0}</a></li>') -> str:
    return _each(around.teasers, item)


# --- well-marked pages and div soup ---------------------------------------------------------------------------------


@layout(held_out=False)
def _article_tag(s: Story, a: Surroundings) -> Content:
    body = f"{_menu()}<main><article>{_h1(s)}{_by(s)}{_p(s.body)}</article></main><aside><ul>{_links(a)}</ul></aside>"
    return Content(body + _footer(), s.body, _head(s, _ld(s)))


@layout(held_out=True)
def _section_role_main(s: Story, a: Surroundings) -> Content:
    body = f'{_menu()}<div role="main"><section>{_h1(s)}{_by(s)}{_p(s.body)}</section><ul>{_links(a)}</ul></div>'
    return Content(body + _footer(), s.body)


@layout(held_out=False)
def _div_soup(s: Story, a: Surroundings) -> Content:
    text = _each(s.body, '<div class="c{n}x">{0}</div>')
    side = _links(a, '<div class="q"><div><a href="/{n}">{0}</a></div></div>')
    top = '<div class="z1"><div>Markets</div><div>World</div><div>Video</div></div>'
    return Content(f'{top}<div class="a"><div class="b">{_h1(s)}<div>{text}</div></div>{side}</div>', s.body)


@layout(held_out=True)
def _div_soup_spans(s: Story, a: Surroundings) -> Content:
    text = _each(s.body, '<div class="css-{n}k9"><span><span>{0}</span></span></div>')
    side = _links(a, '<div class="css-t"><span><a href="/{n}">{0}</a></span></div>')
    body = f'<div class="css-root"><div class="css-7"><div class="css-h">{s.title}</div>{text}</div>'
    return Content(f'{body}<div class="css-8"><div>Popular</div>{side}</div></div>', s.body, _head(s, _ld(s)))


@layout(held_out=True)
def _div_story_content(s: Story, a: Surroundings) -> Content:
    text = f'<div class="story-content">{_p(s.body)}</div>'
    rail = f'<div class="rail"><h3>Top stories</h3>{_links(a, "<p><a href=/{n}>{0}</a></p>")}</div>'
    return Content(f"{_menu()}<div class=wrap>{_h1(s)}{_by(s)}{text}{rail}</div>{_footer()}", s.body)


@layout(held_out=False)
def _microdata(s: Story, a: Surroundings) -> Content:
    text = f'<div itemprop="articleBody">{_p(s.body)}</div>'
    body = f'{_menu()}<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">{s.title}</h1>'
    people = "".join(f'<span itemprop="author">{name}</span>' for name in s.authors)
    return Content(f"{body}{people}{text}</div><ul>{_links(a)}</ul>{_footer()}", s.body)


@layout(held_out=True)
def _microdata_divs(s: Story, a: Surroundings) -> Content:
    text = f'<section itemprop="articleBody">{_each(s.body, "<div>{0}</div>")}</section>'
    return Content(
        f'<div itemscope itemtype="https://schema.org/Article">{_h1(s)}{text}<div>{_links(a)}</div></div>', s.body
    )


@layout(held_out=False)
def _amp(s: Story, a: Surroundings) -> Content:
    side = f"<amp-sidebar id=m><ul>{_links(a)}</ul></amp-sidebar>"
    body = f'{side}<article class="amp-wp-article">{_h1(s)}<div class="amp-wp-article-content">{_p(s.body)}'
    return Content(f"{body}<amp-ad width=300 height=250></amp-ad></div></article>{_footer()}", s.body, _head(s, _ld(s)))


@layout(held_out=True)
def _amp_list(s: Story, a: Surroundings) -> Content:
    half = len(s.body) // 2
    between = '<amp-ad type="x"><div placeholder>Advertisement</div></amp-ad>'
    text = f"{_p(s.body[:half])}{between}{_p(s.body[half:])}"
    more = (
        f'<amp-list class="more"><h3>More from Meridian</h3>{_links(a, "<div><a href=/{n}>{0}</a></div>")}</amp-list>'
    )
    return Content(f'<main class="amp-main">{_h1(s)}{text}{more}</main>', s.body, _head(s, _ld(s)))


# --- text that is not, or not only, in the elements ------------------------------------------------------------------


@layout(held_out=False)
def _paywall_stub(s: Story, a: Surroundings) -> Content:
    wall = (
        '<div class="paywall"><h3>Subscribe to continue reading</h3><p>Try it for four weeks for one pound.</p></div>'
    )
    body = f"{_menu()}<article>{_h1(s)}{_by(s)}{_p(s.body[:2])}{wall}</article><ul>{_links(a)}</ul>{_footer()}"
    return Content(body, s.body[:2], _head(s, _ld(s, isAccessibleForFree=False)))


@layout(held_out=True)
def _paywall_stated(s: Story, a: Surroundings) -> Content:
    body = f"{_menu()}<article>{_h1(s)}{_by(s)}{_p(s.body[:3])}<p>Log in to read on</p></article><ul>{_links(a)}</ul>"
    return Content(body + _footer(), s.body, _head(s, _ld(s, articleBody="\n\n".join(s.body))))


@layout(held_out=False)
def _json_ld_only(s: Story, a: Surroundings) -> Content:
    body = f'{_menu()}<div id="app">{_h1(s)}</div><ul>{_links(a)}</ul>{_footer()}'
    return Content(body, s.body, _head(s, _ld(s, articleBody=" ".join(s.body))))


@layout(held_out=True)
def _json_ld_markup(s: Story, a: Surroundings) -> Content:
    body = f'{_menu()}<div id="app"></div>{_links(a, "<p><a href=/{n}>{0}</a></p>")}{_footer()}'
    return Content(body, s.body, _head(s, _ld(s, articleBody=_p(s.body))))


@layout(held_out=False)
def _next_data(s: Story, a: Surroundings) -> Content:
    blocks = [{"type": "paragraph", "html": line} for line in s.body]
    more = [{"title": line, "url": f"/t/{n}"} for n, line in enumerate(a.teasers)]
    article = {"headline": s.title, "publishedAt": s.at.isoformat(), "body": blocks}
    data = {"props": {"pageProps": {"article": article, "related": more}}, "page": "/[slug]", "buildId": "x1"}
    script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script>'
    return Content(f'<div id="__next"><div class="spinner">Loading</div></div>{script}', s.body)


@layout(held_out=True)
def _preloaded_state(s: Story, a: Surroundings) -> Content:
    article = {"id": 7, "title": s.title, "content": {"rendered": _p(s.body)}, "slug": "a-story"}
    data = {"story": {"current": article}, "lists": {"top": [{"title": t, "teaser": t} for t in a.teasers]}}
    script = f"<script>window.__PRELOADED_STATE__ = {json.dumps(data)};</script>"
    return Content(f'<div id="root"></div>{script}', s.body)


@layout(held_out=True)
def _hidden_until_expanded(s: Story, a: Surroundings) -> Content:
    rest = f'<div class="more-text" style="display:none">{_p(s.body[2:])}</div><button>Read more</button>'
    body = f"{_menu()}<article>{_h1(s)}{_p(s.body[:2])}{rest}</article><ul>{_links(a)}</ul>{_footer()}"
    return Content(body, s.body, _head(s, _ld(s, articleBody="\n".join(s.body))))


# --- what interrupts the text ----------------------------------------------------------------------------------------


@layout(held_out=False)
def _related_in_between(s: Story, a: Surroundings) -> Content:
    box = f'<div class="related"><h4>Related stories</h4><ul>{_links(a)}</ul></div>'
    body = f"{_menu()}<article>{_h1(s)}{_by(s)}{_p(s.body[:4])}{box}{_p(s.body[4:])}</article>{_footer()}"
    return Content(body, s.body)


@layout(held_out=True)
def _related_list_in_between(s: Story, a: Surroundings) -> Content:
    box = f"<ul>{_links(a)}</ul>"
    return Content(f"{_menu()}<article>{_h1(s)}{_p(s.body[:3])}{box}{_p(s.body[3:])}</article>{_footer()}", s.body)


@layout(held_out=True)
def _related_cards_in_between(s: Story, a: Surroundings) -> Content:
    cards = _links(a, '<div class="card"><a href="/{n}"><h3>{0}</h3></a><p>Business</p></div>')
    box = f'<div class="grid"><div class="hd">More from business</div>{cards}</div>'
    return Content(
        f"<article>{_h1(s)}{_p(s.body[:5])}{box}{_p(s.body[5:])}</article>{_footer()}", s.body, _head(s, _ld(s))
    )


@layout(held_out=False)
def _newsletter_inside(s: Story, a: Surroundings) -> Content:
    box = '<div class="newsletter-box"><h3>The Morning Note</h3><p>Sign up for what matters, each day.</p></div>'
    return Content(
        f"<article>{_h1(s)}{_by(s)}{_p(s.body[:3])}{box}{_p(s.body[3:])}</article><ul>{_links(a)}</ul>", s.body
    )


@layout(held_out=True)
def _newsletter_form(s: Story, a: Surroundings) -> Content:
    box = '<form action="/subscribe"><p>Get our letter in your inbox</p><input name=e><button>Send</button></form>'
    text = f"{_p(s.body[:3])}{box}{_p(s.body[3:])}"
    return Content(f"{_menu()}<main>{_h1(s)}<div class=content>{text}</div></main><div>{_links(a)}</div>", s.body)


@layout(held_out=False)
def _read_more_inside(s: Story, a: Surroundings) -> Content:
    link = f'<p>Read more: <a href="/t/1">{a.teasers[0]}</a></p>'
    text = f"{_p(s.body[:2])}<p>Read more</p>{_p(s.body[2:5])}{link}{_p(s.body[5:])}"
    return Content(f"{_menu()}<article>{_h1(s)}{text}</article>{_footer()}", s.body)


@layout(held_out=True)
def _see_also_inside(s: Story, a: Surroundings) -> Content:
    link = f'<p><strong>See also: <a href="/t/1">{a.teasers[0]}</a></strong></p>'
    text = f"{_p(s.body[:3])}<p><a href=/x>See more</a></p>{_p(s.body[3:6])}{link}{_p(s.body[6:])}"
    return Content(f"{_menu()}<article>{_h1(s)}{text}</article><ul>{_links(a)}</ul>{_footer()}", s.body)


@layout(held_out=True)
def _related_word_inside(s: Story, a: Surroundings) -> Content:
    link = f'<p>Related articles</p><p><a href="/t/1">{a.teasers[0]}</a></p>'
    text = f"{_p(s.body[:2])}{link}{_p(s.body[2:])}"
    return Content(f"<div id=content>{_h1(s)}{_by(s)}{text}</div>{_footer()}", s.body)


@layout(held_out=False)
def _nested_teasers(s: Story, a: Surroundings) -> Content:
    cards = _links(
        a, '<article class="teaser"><h2><a href="/{n}">{0}</a></h2><time datetime="2021-01-0{n}">x</time></article>'
    )
    return Content(
        f"<article>{_h1(s)}{_p(s.body)}<section>{cards}</section></article>{_footer()}", s.body, _head(s, _ld(s))
    )


@layout(held_out=True)
def _teaser_articles_first(s: Story, a: Surroundings) -> Content:
    cards = _links(
        a, "<article><h2><a href=/{n}>{0}</a></h2><p>It was a day to remember for those who held it.</p></article>"
    )
    return Content(f"{_menu()}{cards}<article>{_h1(s)}{_by(s)}{_p(s.body)}</article>{_footer()}", s.body)


@layout(held_out=False)
def _quote_strip(s: Story, a: Surroundings) -> Content:
    strip = "".join(f"<li><span>IX{n}</span><span>{n}12.3</span><span>+0.{n}%</span></li>" for n in range(1, 9))
    body = f'<ul class="ticker-strip">{strip}</ul><div class="article">{_h1(s)}{_p(s.body)}</div><ul>{_links(a)}</ul>'
    return Content(body + _footer(), s.body)


@layout(held_out=False)
def _captions(s: Story, a: Surroundings) -> Content:
    figure = "<figure><img src=a.jpg><figcaption>A drawing of a crane at dusk. Meridian/Handout</figcaption></figure>"
    text = f"{figure}{_p(s.body[:4])}{figure}{_p(s.body[4:])}"
    return Content(f"{_menu()}<article>{_h1(s)}{text}</article><aside>{_links(a)}</aside>{_footer()}", s.body)


@layout(held_out=True)
def _captions_in_divs(s: Story, a: Surroundings) -> Content:
    figure = '<div class="image"><img src=a.jpg><div class="image-caption">A drawing of a crane at dusk</div></div>'
    text = f"{_p(s.body[:4])}{figure}{_p(s.body[4:])}"
    return Content(f'{_menu()}<div class="post">{_h1(s)}{figure}{text}</div><ul>{_links(a)}</ul>{_footer()}', s.body)


# --- what follows or precedes the text -------------------------------------------------------------------------------


@layout(held_out=False)
def _comments_below(s: Story, a: Surroundings) -> Content:
    remarks = _each(a.remarks * 3, '<div class="comment"><b>user{n}</b><p>{0}</p></div>')
    body = f'<article>{_h1(s)}{_p(s.body)}</article><div id="comments"><h3>12 comments</h3>{remarks}</div>{_footer()}'
    return Content(_menu() + body, s.body)


@layout(held_out=True, paragraphs=4)
def _comments_unmarked(s: Story, a: Surroundings) -> Content:
    remarks = _each(a.remarks * 4, '<div class="rsp"><span>user{n}</span><p>{0}</p></div>')
    body = f'<div class="txt">{_h1(s)}{_p(s.body)}</div><div class="rs"><h4>Comments (16)</h4>{remarks}</div>'
    return Content(_menu() + body + _footer(), s.body)


@layout(held_out=False, paragraphs=3)
def _comments_longer_than_text(s: Story, a: Surroundings) -> Content:
    remarks = _each(a.remarks * 6, '<li class="comment-item"><p>{0}</p></li>')
    return Content(
        f'<article>{_h1(s)}{_p(s.body)}</article><section class="comments"><ol>{remarks}</ol></section>', s.body
    )


@layout(held_out=True)
def _opinion_with_biography(s: Story, a: Surroundings) -> Content:
    about = f'<div class="author-bio"><p>{s.authors[0]} is a columnist who lives by the sea and keeps bees.</p></div>'
    return Content(f"{_menu()}<article>{_h1(s)}{_p(s.body)}{about}</article><ul>{_links(a)}</ul>{_footer()}", s.body)


@layout(held_out=False)
def _cookie_banner(s: Story, a: Surroundings) -> Content:
    text = "We and our 812 partners store and access information on a device, such as cookies, to serve you. "
    banner = f'<div id="cookie-consent"><p>{text * 4}</p><button>Accept all</button></div>'
    return Content(f"{banner}{_menu()}<article>{_h1(s)}{_p(s.body)}</article><ul>{_links(a)}</ul>", s.body)


@layout(held_out=True, paragraphs=3)
def _cookie_wall_first(s: Story, a: Surroundings) -> Content:
    lines = ("We use cookies and similar techniques to keep the site going and to measure how it is used.",) * 5
    wall = f'<div class="gdpr-overlay"><h2>Your privacy</h2>{_p(lines)}</div>'
    return Content(f"{wall}<div class=main>{_h1(s)}{_p(s.body)}</div><ul>{_links(a)}</ul>{_footer()}", s.body)


@layout(held_out=False)
def _huge_menu(s: Story, a: Surroundings) -> Content:
    return Content(f"{_menu(400)}<article>{_h1(s)}{_p(s.body)}</article><ul>{_links(a)}</ul>{_footer()}", s.body)


@layout(held_out=True)
def _huge_footer(s: Story, _: Surroundings) -> Content:
    lines = ("Past performance does not say anything about the future, and all that you invest may be lost.",) * 12
    links = "".join(f"<div><a href=/f/{n}>Office {n}</a></div>" for n in range(200))
    return Content(f"<div class=body>{_h1(s)}{_p(s.body)}</div><div class=footer>{links}{_p(lines)}</div>", s.body)


@layout(held_out=False)
def _infinite_scroll(s: Story, _: Surroundings) -> Content:
    other = write_story("the next story of the page")
    following = f'<article class="next">{_h1(other)}{_p(other.body[:2])}<a href="/next">Continue</a></article>'
    return Content(f"{_menu()}<article>{_h1(s)}{_by(s)}{_p(s.body)}</article>{following}", s.body, _head(s, _ld(s)))


@layout(held_out=True)
def _teaser_paragraphs_below(s: Story, a: Surroundings) -> Content:
    cards = _links(
        a, '<div class="item"><a href="/{n}">{0}</a><p>It was a day to remember for those who held it.</p></div>'
    )
    return Content(
        f"{_menu()}<div class=text>{_h1(s)}{_p(s.body)}</div><div class=list>{cards}</div>{_footer()}", s.body
    )


# --- forms of text ---------------------------------------------------------------------------------------------------


@layout(held_out=False)
def _live_blog(s: Story, a: Surroundings) -> Content:
    entries = _each(s.body, '<div class="entry"><h3>{n}0:1{n}</h3><p>{0}</p></div>')
    body = f'{_menu()}<main>{_h1(s)}<div class="live">{entries}</div></main><ul>{_links(a)}</ul>{_footer()}'
    return Content(body, s.body)


@layout(held_out=True, paragraphs=10)
def _live_blog_articles(s: Story, a: Surroundings) -> Content:
    entries = _each(s.body, "<article><time>{n}.15 pm</time><p>{0}</p></article>")
    return Content(
        f"{_menu()}<main>{_h1(s)}{entries}</main><aside>{_links(a)}</aside>{_footer()}", s.body, _head(s, _ld(s))
    )


@layout(held_out=False)
def _list_article(s: Story, a: Surroundings) -> Content:
    text = _each(s.body, "<h2>{n}. Point of the day</h2><p>{0}</p>")
    read = tuple(f"{n}. Point of the day {line}" for n, line in enumerate(s.body, 1))
    return Content(f"{_menu()}<article>{_h1(s)}{text}</article><ul>{_links(a)}</ul>{_footer()}", read)


@layout(held_out=True)
def _ordered_list(s: Story, a: Surroundings) -> Content:
    text = f"{_p(s.body[:2])}<ol>{_each(s.body[2:], '<li>{0}</li>')}</ol>"
    return Content(f"{_menu()}<article>{_h1(s)}{text}</article><ul>{_links(a)}</ul>{_footer()}", s.body)


@layout(held_out=True)
def _summary_and_subheads(s: Story, a: Surroundings) -> Content:
    points = ("The plant is the largest so far", "The loan runs for seven years")
    summary = f"<ul class=key-points>{_each(points, '<li>{0}</li>')}</ul>"
    text = f"{summary}{_p(s.body[:4])}<h2>What comes next</h2>{_p(s.body[4:])}"
    return Content(
        f"<article>{_h1(s)}{_by(s)}{text}</article><ul>{_links(a)}</ul>{_footer()}",
        (*points, "What comes next", *s.body),
    )


@layout(held_out=False, paragraphs=4)
def _table_heavy(s: Story, a: Surroundings) -> Content:
    cells = [(f"Segment {n}", f"{n}41.2", f"{n}38.9") for n in range(1, 9)]
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in cells)
    text = f"{_p(s.body[:2])}<table>{rows}</table>{_p(s.body[2:])}"
    return Content(f"<article>{_h1(s)}{text}</article><ul>{_links(a)}</ul>", (*s.body, *(" ".join(r) for r in cells)))


@layout(held_out=True, paragraphs=4)
def _table_in_divs(s: Story, _: Surroundings) -> Content:
    cells = [(f"Quarter {n}", f"{n}41.2", f"{n}38.9") for n in range(1, 5)]
    rows = "".join(f"<tr>{''.join(f'<td><p>{cell}</p></td>' for cell in row)}</tr>" for row in cells)
    text = f"{_p(s.body)}<div class=t><table><tbody>{rows}</tbody></table></div>"
    return Content(
        f"{_menu()}<div class=entry>{_h1(s)}{text}</div>{_footer()}", (*s.body, *(" ".join(r) for r in cells))
    )


@layout(held_out=False)
def _multi_page(s: Story, a: Surroundings) -> Content:
    numbers = "".join(f"<a href=?p={n}>{n}</a> " for n in range(1, 4))
    pager = f"<div class=pagination>{numbers}<a href=?p=2>Next page</a></div>"
    return Content(f"{_menu()}<article>{_h1(s)}{_p(s.body)}{pager}</article><ul>{_links(a)}</ul>{_footer()}", s.body)


@layout(held_out=True)
def _slides(s: Story, a: Surroundings) -> Content:
    text = _each(s.body, '<div class="slide"><img src="{n}.jpg"><div class="slide-text"><p>{0}</p></div></div>')
    return Content(
        f"{_menu()}<div class=gallery>{_h1(s)}{text}</div><ul>{_links(a)}</ul>{_footer()}", s.body, _head(s, _ld(s))
    )


@layout(held_out=False)
def _line_breaks(s: Story, a: Surroundings) -> Content:
    text = "<br><br>".join(s.body)
    return Content(f"{_menu()}<div class=text>{_h1(s)}{text}</div><ul>{_links(a)}</ul>{_footer()}", s.body)


@layout(held_out=True)
def _line_breaks_in_spans(s: Story, a: Surroundings) -> Content:
    text = "<br><br>".join(f"<span>{line}</span>" for line in s.body)
    side = _links(a, "<a href=/{n}>{0}</a><br>")
    return Content(f"<div id=page><div>{_h1(s)}<div id=story>{text}</div></div><div>{side}</div></div>", s.body)


@layout(held_out=False)
def _plain_1990s(s: Story, a: Surroundings) -> Content:
    text = "\n<p>\n".join(f"<font size=2>{line}</font>" for line in s.body)
    side = _links(a, "<a href=/{n}><font size=1>{0}</font></a><br>")
    body = f"<center><b><font size=5>{s.title}</font></b></center><hr>{text}"
    return Content(f"<table width=600><tr><td valign=top>{side}</td><td valign=top>{body}</td></tr></table>", s.body)


@layout(held_out=True)
def _table_layout_breaks(s: Story, a: Surroundings) -> Content:
    text = "<br><br>\n".join(s.body)
    left = "<td width=120><a href=/>Home</a><br><a href=/n>News</a><br><a href=/q>Quotes</a></td>"
    right = f"<td width=200><b>Headlines</b><br>{_links(a, '<a href=/{n}>{0}</a><br>')}</td>"
    body = f"<td><h1>{s.title}</h1><font face=Arial>{text}</font></td>"
    return Content(f"<table border=0><tr>{left}{body}{right}</tr></table>", s.body)


@layout(held_out=False)
def _press_release(s: Story, _: Surroundings) -> Content:
    dateline = f"LEEDS, England--(BUSINESS WIRE)--{s.body[0]}"
    about = "Meridian Holdings makes cranes and lets them to builders in nine countries."
    text = f"{_p((dateline, *s.body[1:]))}<p><b>About Meridian Holdings</b></p>{_p((about,))}"
    contact = "<h3>Contacts</h3><p>press@meridian.example<br>+44 113 555 0100</p>"
    body = f'{_menu()}<div class="bw-release-main">{_h1(s)}<div class="bw-release-story">{text}</div></div>'
    return Content(
        f"{body}<div class=bw-contact>{contact}</div>{_footer()}",
        (dateline, *s.body[1:], "About Meridian Holdings", about),
    )


@layout(held_out=True)
def _press_release_section(s: Story, a: Surroundings) -> Content:
    dateline = f"GRAZ, Austria, March 3, 2023 /PRNewswire/ -- {s.body[0]}"
    text = _p((dateline, *s.body[1:], "SOURCE Meridian Holdings"))
    cards = _links(a, "<div class=card><a href=/{n}><h3>{0}</h3></a></div>")
    side = f'<div class="row"><h2>Also from this source</h2>{cards}</div>'
    body = f'{_menu()}<section class="release-body container"><div class="row"><div>{text}</div></div></section>{side}'
    return Content(
        f"<header><h1>{s.title}</h1></header>{body}{_footer()}", (dateline, *s.body[1:], "SOURCE Meridian Holdings")
    )


@layout(held_out=False)
def _filing(s: Story, _: Surroundings) -> Content:
    style = ' style="font:10pt Times New Roman;margin:0 0 10pt 0;text-indent:.5in"'
    top = "<div style='text-align:center'><b>CURRENT REPORT</b></div>"
    top += "<table><tr><td>Delaware</td><td>001-11111</td></tr></table>"
    read = (s.title, "Item 2.02 Results of Operations", *s.body)
    body = f"{top}<p{style}><b>{s.title}</b></p><p{style}><b>Item 2.02 Results of Operations</b></p>{_p(s.body, style)}"
    return Content(f"<div>{body}</div>", read[1:])


@layout(held_out=True)
def _filing_divs(s: Story, _: Surroundings) -> Content:
    pattern = "<div style='margin-top:6pt'><span style='font-size:10pt;font-family:Arial'>{0}</span></div>"
    head = f"<div style='text-align:center'><span style='font-weight:700'>{s.title}</span></div>"
    return Content(f"<div id='i1'>{head}{_each(s.body, pattern)}</div><div><hr></div>", s.body)


@layout(held_out=True)
def _preformatted(s: Story, _: Surroundings) -> Content:
    return Content(f"{_menu()}{_h1(s)}<pre>{chr(10).join(line + chr(10) for line in s.body)}</pre>{_footer()}", s.body)


@layout(held_out=False, paragraphs=1)
def _short_note(s: Story, a: Surroundings) -> Content:
    return Content(f"{_menu()}<article>{_h1(s)}{_p(s.body)}</article><ul>{_links(a)}</ul>{_footer()}", s.body)


@layout(held_out=True, paragraphs=1)
def _short_note_in_div(s: Story, a: Surroundings) -> Content:
    side = f"<div class=latest>{_links(a, '<div><a href=/{n}>{0}</a></div>')}</div>"
    return Content(
        f"{_menu()}<div class=note>{_h1(s)}<div>{s.body[0]}</div></div>{side}{_footer()}", s.body, _head(s, _ld(s))
    )


@layout(held_out=True)
def _quotations(s: Story, a: Surroundings) -> Content:
    text = f"{_p(s.body[:3])}<blockquote><p>{s.body[3]}</p></blockquote>{_p(s.body[4:])}"
    return Content(f"{_menu()}<article>{_h1(s)}{text}</article><ul>{_links(a)}</ul>{_footer()}", s.body)


@layout(held_out=False)
def _date_in_text(s: Story, a: Surroundings) -> Content:
    top = f"<div class=topmenu>{_links(a, '<div>{0}</div>')}</div>"
    line = f"<div class=info>{s.at:%d %B %Y, %H:%M} UTC | By {' and '.join(s.authors)}</div>"
    return Content(f"{top}<article>{_h1(s)}{line}{_p(s.body)}</article>", s.body, "")


@layout(held_out=True)
def _date_in_text_then_list(s: Story, a: Surroundings) -> Content:
    line = f"<p>Published {s.at:%Y-%m-%d %H:%M} UTC</p>"
    more = f"<div class=more><div>More from business</div>{_links(a, '<div><a href=/{n}>{0}</a></div>')}</div>"
    return Content(f"<div class=c>{_h1(s)}{line}{_p(s.body)}</div>{more}", s.body, "")


# --- languages -------------------------------------------------------------------------------------------------------


@layout(held_out=False, language="de")
def _german(s: Story, a: Surroundings) -> Content:
    extra = f"<p>Lesen Sie auch: <a href=/1>{a.teasers[0]}</a></p>"
    return Content(
        f"{_menu()}<article>{_h1(s)}{_p(s.body[:3])}{extra}{_p(s.body[3:])}</article><ul>{_links(a)}</ul>", s.body
    )


@layout(held_out=True, language="fr")
def _french(s: Story, a: Surroundings) -> Content:
    extra = f"<p><strong>À lire aussi</strong> <a href=/1>{a.teasers[0]}</a></p>"
    return Content(
        f"{_menu()}<div class=article__content>{_h1(s)}{_p(s.body[:2])}{extra}{_p(s.body[2:])}</div>{_footer()}", s.body
    )


@layout(held_out=True, language="es")
def _spanish(s: Story, a: Surroundings) -> Content:
    return Content(
        f"{_menu()}<div class=cuerpo>{_h1(s)}{_p(s.body)}</div><div class=mas><ul>{_links(a)}</ul></div>", s.body
    )


@layout(held_out=False, language="ru")
def _russian(s: Story, a: Surroundings) -> Content:
    more = f"<div class=box><div>Читайте также</div>{_links(a, '<a href=/{n}>{0}</a>')}</div>"
    return Content(f"{_menu()}<div class=article__text>{_h1(s)}{_p(s.body[:2])}{more}{_p(s.body[2:])}</div>", s.body)


@layout(held_out=False, language="ja")
def _japanese(s: Story, a: Surroundings) -> Content:
    return Content(f"{_menu()}<article>{_h1(s)}{_p(s.body)}</article><ul>{_links(a)}</ul>{_footer()}", s.body)


@layout(held_out=True, language="uk")
def _ukrainian(s: Story, a: Surroundings) -> Content:
    text = _each(s.body, "<div>{0}</div>")
    return Content(f"{_menu()}<div class=news-text>{_h1(s)}{text}</div><ul>{_links(a)}</ul>{_footer()}", s.body)


# --- more siblings, laid out after the rules were written ------------------------------------------------------------


@layout(held_out=True)
def _whole_page_form(s: Story, a: Surroundings) -> Content:
    main = f"<div id=ctl00_main><h1>{s.title}</h1><div class=ArticleText>{_p(s.body)}</div></div>"
    side = f"<div id=ctl00_right>{_links(a, '<div><a href=/{n}>{0}</a></div>')}</div>"
    return Content(f"<form id=aspnetForm>{_menu()}{main}{side}{_footer()}</form>", s.body)


@layout(held_out=True)
def _class_names_of_wordpress(s: Story, a: Surroundings) -> Content:
    post = f'<article class="post hentry has-sidebar comments-open tag-business">{_h1(s)}<div class="entry-content">'
    shares = (
        '<div class="sharedaddy"><h3>Share this:</h3><ul><li><a href=/x>X</a></li><li><a href=/f>F</a></li></ul></div>'
    )
    tags = '<footer class="entry-footer">Tagged <a href=/t>steel</a>, <a href=/u>ports</a></footer>'
    remarks = _each(a.remarks * 2, '<li class="comment"><div class="comment-content"><p>{0}</p></div></li>')
    body = f'{post}{_p(s.body)}{shares}</div>{tags}</article><div id="comments"><ol>{remarks}</ol></div>'
    return Content(f'<div id="page" class="site with-newsletter">{_menu()}{body}{_footer()}</div>', s.body)


@layout(held_out=True)
def _halves_in_two_boxes(s: Story, a: Surroundings) -> Content:
    first, second = (f'<div class="body-part"><div>{_p(part)}</div></div>' for part in (s.body[:4], s.body[4:]))
    ad = '<div class="slot"><span>Advertisement</span></div>'
    return Content(f"{_menu()}<div class=page>{_h1(s)}{_by(s)}{first}{ad}{second}</div><ul>{_links(a)}</ul>", s.body)


@layout(held_out=True)
def _headline_in_a_header_apart(s: Story, a: Surroundings) -> Content:
    top = f'<header class="hero"><h1>{s.title}</h1><p class="dek">{s.body[0]}</p></header>'
    text = (
        f'<div class="layout"><div class="col">{_p(s.body[1:])}</div><div class="col2"><ul>{_links(a)}</ul></div></div>'
    )
    return Content(f"{top}{text}{_footer()}", s.body, _head(s, _ld(s, description=s.body[0])))


@layout(held_out=True)
def _linked_words_in_paragraphs(s: Story, a: Surroundings) -> Content:
    lines = [f'<a href="/topic">{line[:22]}</a>{line[22:]}' for line in s.body]
    return Content(f"{_menu()}<article>{_h1(s)}{_each(lines, '<p>{0}</p>')}</article><ul>{_links(a)}</ul>", s.body)


@layout(held_out=True)
def _short_paragraphs(s: Story, a: Surroundings) -> Content:
    lines = tuple(part.strip() + "." for line in s.body for part in line.replace('"', "").split(".") if len(part) > 3)
    return Content(f"{_menu()}<article>{_h1(s)}{_by(s)}{_p(lines)}</article><ul>{_links(a)}</ul>{_footer()}", lines)


@layout(held_out=True)
def _interview(s: Story, a: Surroundings) -> Content:
    lines = [part for n, line in enumerate(s.body) for part in (f"What of point {n}?", line)]
    text = _each(lines, "<p>{0}</p>").replace("<p>What of", "<p><strong>What of").replace("?</p>", "?</strong></p>")
    return Content(f"{_menu()}<article>{_h1(s)}{text}</article><aside>{_links(a)}</aside>{_footer()}", tuple(lines))


@layout(held_out=True)
def _broker_note_with_disclaimer(s: Story, a: Surroundings) -> Content:
    legal = ("This note is for information only and is no offer to buy or to sell anything whatsoever.",) * 4
    text = f"{_p(s.body)}<h3>Disclaimer</h3>{_p(legal)}"
    return Content(f"{_menu()}<div class=post-body>{_h1(s)}{text}</div><ul>{_links(a)}</ul>{_footer()}", s.body)


@layout(held_out=True)
def _copyright_of_a_picture_first(s: Story, a: Surroundings) -> Content:
    text = f"<div>© 2024 Meridian Pictures</div>{_p(s.body)}"
    return Content(f"{_menu()}<div class=story>{_h1(s)}{text}</div><ul>{_links(a)}</ul>{_footer()}", s.body)


@layout(held_out=True)
def _description_only_state(s: Story, a: Surroundings) -> Content:
    data = {"page": {"blocks": [{"type": "text", "data": {"text": line}} for line in s.body]}, "footer": a.teasers}
    script = f'<script type="application/json" id="state">{json.dumps(data)}</script>'
    return Content(f"{_menu()}<main>{_h1(s)}<p>{s.body[0]}</p></main>{script}", s.body, _head(s, _ld(s)))


@layout(held_out=True)
def _teasers_with_summaries_between(s: Story, a: Surroundings) -> Content:
    cards = _links(
        a, "<li><a href=/{n}><b>{0}</b><span>It was a day to remember for all of those who held it.</span></a></li>"
    )
    box = f"<section><h3>Read next</h3><ul>{cards}</ul></section>"
    return Content(f"{_menu()}<article>{_h1(s)}{_p(s.body[:4])}{box}{_p(s.body[4:])}</article>{_footer()}", s.body)


@layout(held_out=True)
def _teasers_longer_than_text(s: Story, a: Surroundings) -> Content:
    line = "It was a day to remember for all of those who held the share through the winter, and a sad one for others."
    cards = _links(a, f'<div class="tile"><h3><a href=/{{n}}>{{0}}</a></h3><p>{line}</p></div>') * 2
    return Content(f"{_menu()}<article>{_h1(s)}{_p(s.body[:3])}</article><div class=tiles>{cards}</div>", s.body[:3])


@layout(held_out=True)
def _paragraphs_in_a_list_of_sections(s: Story, a: Surroundings) -> Content:
    text = _each(s.body, '<section class="block block-{n}"><div class="inner"><p>{0}</p></div></section>')
    return Content(f"{_menu()}<main>{_h1(s)}{_by(s)}{text}</main><nav>{_links(a)}</nav>{_footer()}", s.body)


@layout(held_out=True)
def _text_in_custom_elements(s: Story, a: Surroundings) -> Content:
    text = _each(s.body, "<x-paragraph>{0}</x-paragraph>")
    more = f"<x-more>{_links(a, '<x-card><a href=/{n}>{0}</a></x-card>')}</x-more>"
    body = f"<x-article>{_h1(s)}<x-body>{text}</x-body></x-article>{more}"
    return Content(f"{_menu()}{body}{_footer()}", s.body)


@layout(held_out=True, language="ja")
def _japanese_divs(s: Story, a: Surroundings) -> Content:
    text = "<br>".join(s.body)
    more = f"<div>関連記事</div>{_links(a, '<div><a href=/{n}>{0}</a></div>')}"
    return Content(f"{_menu()}<div class=honbun>{_h1(s)}<div>{text}</div></div><div class=kanren>{more}</div>", s.body)


@layout(held_out=True, language="de")
def _german_paywall(s: Story, a: Surroundings) -> Content:
    wall = "<div class=offer><p>Weiterlesen mit Meridian Plus</p><p>Jetzt testen</p><button>Abo</button></div>"
    return Content(f"{_menu()}<article>{_h1(s)}{_p(s.body[:3])}{wall}</article><ul>{_links(a)}</ul>", s.body[:3])


@layout(held_out=True)
def _transcript(s: Story, a: Surroundings) -> Content:
    lines = [part for line in s.body for part in ("Operator", line)]
    text = "".join(f"<p><b>{line}</b></p>" if line == "Operator" else f"<p>{line}</p>" for line in lines)
    return Content(f"{_menu()}<div class=transcript>{_h1(s)}{text}</div><ul>{_links(a)}</ul>{_footer()}", tuple(lines))


@layout(held_out=True)
def _video_above_and_share_bar(s: Story, a: Surroundings) -> Content:
    bar = "<ul class=tools><li><a href=/f>Facebook</a></li><li><a href=/x>X</a></li><li>Save</li></ul>"
    video = "<div class=player><span>00:00</span><span>02:31</span><div>Watch: the crane at dusk</div></div>"
    return Content(f"<main>{_h1(s)}{_by(s)}{bar}{video}{_p(s.body)}{bar}</main><aside>{_links(a)}</aside>", s.body)


@layout(held_out=True)
def _tabs_of_other_lists(s: Story, a: Surroundings) -> Content:
    rows = _links(a, "<div class=row><a href=/{n}>{0}</a> <i>3h</i></div>")
    tabs = f"<div class=tabs><div>Latest</div><div>Most viewed</div>{rows}</div>"
    return Content(
        f"{_menu()}<div id=wrap>{tabs}<div id=art>{_h1(s)}{_by(s)}{_p(s.body)}</div></div>{_footer()}", s.body
    )


@layout(held_out=True)
def _drop_cap_and_inline_markup(s: Story, a: Surroundings) -> Content:
    first = f'<p><span class="dropcap">{s.body[0][0]}</span>{s.body[0][1:]}</p>'
    lines = [line.replace("the", "<em>the</em>", 1) for line in s.body[1:]]
    return Content(f"<article>{_h1(s)}{first}{_each(lines, '<p>{0}</p>')}</article><ul>{_links(a)}</ul>", s.body)


@layout(held_out=True)
def _plain_teasers_without_links(s: Story, a: Surroundings) -> Content:
    side = f"<div class=col-side><h4>Also today</h4>{_links(a, '<div>{0}</div>')}</div>"
    return Content(f"<div class=row><div class=col-main>{_h1(s)}{_p(s.body)}</div>{side}</div>{_footer()}", s.body)


@layout(held_out=True)
def _figures_of_a_quote_inside(s: Story, a: Surroundings) -> Content:
    box = "<div class=quote-box><span>CLD</span><span>41.20</span><span>+1.3%</span><a href=/q>Full quote</a></div>"
    return Content(
        f"{_menu()}<article>{_h1(s)}{_p(s.body[:2])}{box}{_p(s.body[2:])}</article><ul>{_links(a)}</ul>", s.body
    )


@layout(held_out=True)
def _pull_quote_repeated(s: Story, a: Surroundings) -> Content:
    quote = f"<aside class=pullquote>{s.body[2][:80]}</aside>"
    return Content(
        f"{_menu()}<article>{_h1(s)}{_p(s.body[:4])}{quote}{_p(s.body[4:])}</article><ul>{_links(a)}</ul>", s.body
    )


@layout(held_out=True, paragraphs=2)
def _two_short_paragraphs_in_divs(s: Story, a: Surroundings) -> Content:
    text = _each(s.body, "<div class=t>{0}</div>")
    side = _links(a, "<div class=n><span>10:1{n}</span> <a href=/{n}>{0}</a></div>")
    return Content(f"{_menu()}<div class=l>{_h1(s)}{text}</div><div class=r>{side}</div>{_footer()}", s.body)


@layout(held_out=True)
def _stated_body_with_other_spacing(s: Story, a: Surroundings) -> Content:
    stated = "&nbsp;".join(s.body).replace(". ", ".  ")
    body = f"{_menu()}<article>{_h1(s)}{_by(s)}{_p(s.body)}</article><ul>{_links(a)}</ul>"
    return Content(body, s.body, _head(s, _ld(s, articleBody=stated)))


@layout(held_out=True)
def _stated_body_cut(s: Story, a: Surroundings) -> Content:
    body = f"{_menu()}<article>{_h1(s)}{_by(s)}{_p(s.body)}</article><ul>{_links(a)}</ul>"
    return Content(body, s.body, _head(s, _ld(s, articleBody=s.body[0][:120] + "…")))


@layout(held_out=True)
def _earnings_release(s: Story, _: Surroundings) -> Content:
    first = ("Sales rose 4% to 41.2 million", "Margin of 12.1%", "Outlook confirmed")
    cells = [("", "2023", "2022"), ("Sales", "41.2", "39.6"), ("Profit", "5.0", "4.4")]
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in cells)
    end = "Forward-looking statements are no promise of results."
    text = f"<ul>{_each(first, '<li>{0}</li>')}</ul>{_p(s.body)}<table>{rows}</table><p>{end}</p>"
    read = (*first, *s.body, *(" ".join(row) for row in cells), end)
    return Content(f"{_menu()}<div class=release>{_h1(s)}{text}</div>{_footer()}", read)


@layout(held_out=True)
def _uppercase_headline(s: Story, a: Surroundings) -> Content:
    return Content(f"{_menu()}<div class=x><h2>{s.title.upper()}</h2>{_p(s.body)}</div><ul>{_links(a)}</ul>", s.body)


@layout(held_out=True)
def _nested_tables_with_paragraphs(s: Story, a: Surroundings) -> Content:
    inner = f"<table><tr><td><table><tr><td>{_h1(s)}{_p(s.body)}</td></tr></table></td></tr></table>"
    left = f"<td>{_links(a, '<p><a href=/{n}>{0}</a></p>')}</td>"
    return Content(f"<table><tr>{left}<td>{inner}</td></tr></table>", s.body)


@layout(held_out=True)
def _question_boxes_below(s: Story, a: Surroundings) -> Content:
    poll = "<div class=poll><h4>What do you think?</h4><label>Yes</label><label>No</label></div>"
    app = "<div class=app-promo><p>Download the app for alerts on the go.</p></div>"
    return Content(f"{_menu()}<article>{_h1(s)}{_by(s)}{_p(s.body)}{poll}{app}</article><ul>{_links(a)}</ul>", s.body)
