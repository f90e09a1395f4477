"""Layouts of pages that state their time in other ways than the usual ones; the text is laid out plainly."""

from __future__ import annotations

import html
import json
from datetime import timedelta

from benchmarks.page_layouts.parts import footer, h1, links, menu, p
from benchmarks.page_layouts.register import Content, layout
from benchmarks.page_stories import Story, Surroundings

_WITH_TIME = ("%H", "{1}", "{2}", "{4}", "{5}", "{6}")
#: By the name of the way: what stands in the head, under the headline and below the text. {0} is the time, {1} the
#: same time as ISO 8601, {2} the seconds, {3} the time of an update, {4} to {6} JSON, {7} the authors.
_WAYS: dict[str, tuple[str, str, str]] = {
    "address": ('<link rel="canonical" href="https://meridian.example/{0:%Y/%m/%d}/story">', "", ""),
    "dashed_address": ('<meta property="og:url" content="https://meridian.example/a/{0:%Y-%m-%d}/story">', "", ""),
    "abbreviation": ("", '<abbr class="published" title="{1}">{0:%d %b}</abbr>', ""),
    "custom_element": ("", '<relative-time datetime="{1}">2 hours ago</relative-time>', ""),
    "amp_element": ("", '<amp-timeago datetime="{1}" layout=fixed>2 hours ago</amp-timeago>', ""),
    "data_attribute": ("", '<span class="stamp" data-published-at="{1}">2 hours ago</span>', ""),
    "seconds_in_an_attribute": ("", '<span data-timestamp="{2}">2 hours ago</span>', ""),
    "title_attribute": ("", '<span class="ago" title="{0:%Y-%m-%d %H:%M} UTC">2 hours ago</span>', ""),
    "hidden_input": ("", '<input type=hidden name=publishDate value="{1}">', ""),
    "meta_of_a_library": ('<meta name="citation_publication_date" content="{0:%Y/%m/%d}">', "", ""),
    "meta_created": ('<meta name="dc.created" content="{1}">', "", ""),
    "meta_http": ('<meta http-equiv="date" content="{0:%a, %d %b %Y %H:%M:%S} GMT">', "", ""),
    "meta_json": ("<meta name=parsely-page content='{5}'>", "", ""),
    "json_ld_of_a_review": ('<script type="application/ld+json">{4}</script>', "", ""),
    "json_ld_broken": ('<script type="application/ld+json">{{"about": "a "new" plant", {6}</script>', "", ""),
    "script": ("<script>dataLayer = [{{'pubDate': '{1}', 'type': 'story'}}];</script>", "", ""),
    "rdfa": ("", '<span property="schema:datePublished" content="{1}">{0:%d %b}</span>', ""),
    "microdata_text": ("", "<span itemprop=datePublished>{0:%B %d, %Y %H:%M} UTC</span>", ""),
    "time_text": ("", "<time>{0:%d %B %Y %H:%M} UTC</time>", ""),
    "line_above_both": ("", "<p>Updated {3:%d %B %Y, %H:%M} UTC</p><p>Published {0:%d %B %Y, %H:%M} UTC</p>", ""),
    "line_of_both": ("", "<p>Published: {0:%d %b %Y %H:%M} UTC | Updated: {3:%d %b %Y %H:%M} UTC</p>", ""),
    "line_with_section": ("", "<div>Markets and companies | {0:%d %b %Y %H:%M} UTC | 5 comments</div>", ""),
    "line_with_byline": ("", "<div class=byline>By {7} on {0:%B %d, %Y}</div>", ""),
    "line_in_two_boxes": ("", "<div><div>{0:%B %d, %Y}</div><div>{0:%H:%M} UTC</div></div>", ""),
    "footer_of_the_article": ("", "", '<footer>Posted on <time datetime="{1}">{0:%B %d, %Y}</time></footer>'),
    "line_below": ("", "", "<p class=meta>First published on {0:%d %B %Y} at {0:%H:%M} UTC</p>"),
    "aside": ("", '<aside class=meta><time datetime="{1}">{0:%d %b}</time></aside>', ""),
    "comment_before": ("", '<p>Published <!-- x --><time datetime="{1}">{0:%d %b}</time></p>', ""),
}


def _make(way: tuple[str, str, str], s: Story, a: Surroundings) -> Content:
    """Lay a story out with its time stated in one way."""
    later, dated = s.at + timedelta(hours=30), {"datePublished": s.at.isoformat()}
    review = json.dumps({"@type": "Review", "headline": s.title, **dated})
    page = html.escape(json.dumps({"title": s.title, "pub_date": s.at.isoformat()}), quote=True)
    values = (
        s.at,
        s.at.isoformat(),
        int(s.at.timestamp()),
        later,
        review,
        page,
        json.dumps(dated)[1:],
        " and ".join(s.authors),
    )
    top, under, below = (part.format(*values) for part in way)
    body = f"{menu()}<article>{h1(s)}{under}{p(s.body)}{below}</article><ul>{links(a)}</ul>{footer()}"
    return Content(body, s.body, top, not any(mark in "".join(way) for mark in _WITH_TIME))


def _register(name: str, way: tuple[str, str, str]) -> None:
    def make(story: Story, around: Surroundings) -> Content:
        return _make(way, story, around)

    make.__name__ = f"time_in_{name}"
    layout(held_out=False)(make)


for _name, _way in _WAYS.items():
    _register(_name, _way)
