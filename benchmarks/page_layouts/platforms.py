"""Layouts in the manner of content systems, of AMP, of newsletters and of wires; each kind has a sibling held out."""

from __future__ import annotations

import html
import json

from benchmarks.page_layouts.parts import by, each, footer, h1, head, ld, links, menu, p
from benchmarks.page_layouts.register import Content, layout
from benchmarks.page_stories import Story, Surroundings

# --- AMP ------------------------------------------------------------------------------------------------------------


@layout(held_out=False)
def _amp_access(s: Story, a: Surroundings) -> Content:
    wall = '<section amp-access="NOT loggedIn" amp-access-hide><p>Subscribe to read all of our stories.</p></section>'
    related = f"<amp-accordion><section><h4>Related</h4><div>{links(a)}</div></section></amp-accordion>"
    image = "<amp-img src=a.jpg width=1 height=1><noscript><img src=a.jpg></noscript></amp-img>"
    text = f'{image}<div amp-access="loggedIn">{p(s.body)}</div>{wall}'
    return Content(f"{menu()}<article>{h1(s)}{by(s)}{text}</article>{related}{footer()}", s.body, head(s, ld(s)))


@layout(held_out=True)
def _amp_social_and_carousel(s: Story, a: Surroundings) -> Content:
    share = '<div class="ampshare"><amp-social-share type="x"></amp-social-share><span>Share</span></div>'
    carousel = f"<amp-carousel>{links(a, '<div class=slide><a href=/{n}>{0}</a></div>')}</amp-carousel>"
    text = f"{share}{p(s.body[:3])}{carousel}{p(s.body[3:])}"
    return Content(f"<main><h1>{s.title}</h1><div class=amp-body>{text}</div></main>{footer()}", s.body)


# --- content systems ------------------------------------------------------------------------------------------------


@layout(held_out=False)
def _drupal(s: Story, a: Surroundings) -> Content:
    field = f'<div class="field field--name-body field--type-text-with-summary field__item">{p(s.body)}</div>'
    tags = '<div class="field field--name-field-tags"><div class="field__label">Tags</div><a href=/1>Steel</a></div>'
    block = f'<div class="views-element-container block"><h2>More news</h2><div>{links(a)}</div></div>'
    node = f'<article class="node node--type-article node--view-mode-full"><h1>{s.title}</h1>{field}{tags}</article>'
    body = f'<div class="layout-container">{menu()}<div class="layout-content">{node}{block}</div>{footer()}</div>'
    return Content(body, s.body)


@layout(held_out=True)
def _drupal_paragraph_types(s: Story, a: Surroundings) -> Content:
    pattern = (
        '<div class="paragraph paragraph--type--text"><div class="field field--name-field-text"><p>{0}</p></div></div>'
    )
    block = f'<div class="paragraph paragraph--type--teaser-list">{links(a, "<div><a href=/{n}>{0}</a></div>")}</div>'
    text = f"{each(s.body[:3], pattern)}{block}{each(s.body[3:], pattern)}"
    return Content(f"{menu()}<div class=node__content>{h1(s)}{text}</div>{footer()}", s.body, head(s, ld(s)))


@layout(held_out=False)
def _wordpress_blocks(s: Story, a: Surroundings) -> Content:
    cells = [("", "2023", "2022"), ("Sales", "41.2", "39.6"), ("Profit", "5.0", "4.4")]
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in cells)
    table = f'<figure class="wp-block-table"><table><tbody>{rows}</tbody></table></figure>'
    latest = f'<ul class="wp-block-latest-posts__list wp-block-latest-posts">{links(a)}</ul>'
    text = f"{p(s.body[:3])}{table}{p(s.body[3:])}{latest}"
    read = (*s.body[:3], *(" ".join(row) for row in cells), *s.body[3:])
    post = f'<main class="wp-block-group"><h1 class="wp-block-post-title">{s.title}</h1>'
    return Content(
        f'<div class="wp-site-blocks">{menu()}{post}<div class="entry-content wp-block-post-content">{text}</div>'
        f"</main>{footer()}</div>",
        read,
    )


@layout(held_out=True)
def _wordpress_jetpack(s: Story, a: Surroundings) -> Content:
    related = f'<div id="jp-relatedposts" class="jp-relatedposts"><h3><em>Related</em></h3>{links(a)}</div>'
    share = '<div class="addtoany_share_save_container">Share this: <a href=/f>Facebook</a> <a href=/x>X</a></div>'
    entry = f'<div class="td-post-content tagdiv-type">{p(s.body)}{share}{related}</div>'
    replies = each(a.remarks * 4, "<li><article><footer>user{n}</footer><p>{0}</p></article></li>")
    thoughts = f"<div><h2>16 thoughts on “{s.title}”</h2><ol>{replies}</ol></div>"
    return Content(f"{menu()}<article>{h1(s)}{entry}</article>{thoughts}{footer()}", s.body)


@layout(held_out=False)
def _letter_platform(s: Story, a: Surroundings) -> Content:
    box = '<div class="subscription-widget-wrap"><p>Thanks for reading! Subscribe for free to get new posts.</p></div>'
    text = f"{p(s.body[:3])}{box}{p(s.body[3:])}"
    more = links(a, '<div class="post-preview"><a href="/p/{n}">{0}</a><div>Mar {n}</div></div>')
    post = f'<article class="typography post"><div class="post-header"><h1 class="post-title">{s.title}</h1></div>'
    body = f'{post}<div class="available-content"><div class="body markup">{text}</div></div></article>'
    return Content(f"{body}<div class=portable-archive-list>{more}</div>{footer()}", s.body, head(s, ld(s)))


@layout(held_out=True)
def _ghost(s: Story, a: Surroundings) -> Content:
    cta = '<aside class="gh-post-upgrade-cta"><h2>This post is for subscribers only</h2><a href=/s>Join</a></aside>'
    feed = links(
        a, '<article class="gh-card"><a href="/{n}"><h3>{0}</h3><p>A day to remember for all of us.</p></a></article>'
    )
    body = f'<article class="gh-article"><header>{h1(s)}</header><section class="gh-content">{p(s.body)}</section>'
    return Content(f'{menu()}{body}</article>{cta}<div class="gh-feed">{feed}</div>{footer()}', s.body)


@layout(held_out=False)
def _story_continues_button(s: Story, a: Surroundings) -> Content:
    text = f'{p(s.body[:2])}<button>Story continues</button><div class="caas-readmore">{p(s.body[2:])}</div>'
    strip = f'<div class="finance-strip"><ul>{links(a)}</ul></div>'
    return Content(
        f'{menu()}{strip}<div class="caas-body-wrapper">{h1(s)}<div class="caas-body">{text}</div></div>', s.body
    )


@layout(held_out=True)
def _read_more_box_holds_the_rest(s: Story, a: Surroundings) -> Content:
    text = f'{p(s.body[:2])}<div class="read-more-wrapper"><div class="read-more-content">{p(s.body[2:])}</div></div>'
    return Content(f"{menu()}<main>{h1(s)}{by(s)}<div class=story>{text}</div></main><ul>{links(a)}</ul>", s.body)


# --- live blogs -----------------------------------------------------------------------------------------------------


@layout(held_out=False)
def _live_blog_stated(s: Story, a: Surroundings) -> Content:
    updates = [
        {
            "@type": "BlogPosting",
            "headline": f"Point {n}",
            "datePublished": f"2025-01-0{n + 1}T10:00:00Z",
            "articleBody": x,
        }
        for n, x in enumerate(s.body[:8])
    ]
    data = {
        "@context": "https://schema.org", "@type": "LiveBlogPosting", "headline": s.title, "author": list(s.authors),
        "datePublished": s.at.isoformat(), "liveBlogUpdate": updates,
    }  # fmt: skip
    top = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    entries = each(
        s.body, '<div class="live-post"><time datetime="2025-01-01T1{n}:00:00Z">1{n}:00</time><p>{0}</p></div>'
    )
    return Content(f"{menu()}<main>{h1(s)}<div class=posts>{entries}</div></main><ul>{links(a)}</ul>", s.body, top)


@layout(held_out=True)
def _live_ticker_list(s: Story, _: Surroundings) -> Content:
    entries = each(
        s.body,
        '<li class="entry"><span class="time">2025-01-02 1{n}:15 GMT</span><p>{0}</p><a href=#e{n}>Share</a></li>',
    )
    return Content(f"{menu()}<main>{h1(s)}<ol class=ticker>{entries}</ol></main>{footer()}", s.body, head(s, ld(s)))


# --- wires and paywalls ---------------------------------------------------------------------------------------------


@layout(held_out=False)
def _wire_with_dateline(s: Story, a: Surroundings) -> Content:
    first = f"LEEDS, England, {s.at:%B %d, %Y} (GLOBE NEWSWIRE) -- {s.body[0]}"
    when = f'<time datetime="{s.at:%Y-%m-%dT%H:%M:%SZ}">{s.at:%B %d, %Y %H:%M} UTC</time>'
    when += " | Source: <a href=/o>Meridian</a>"
    text = f'<div itemprop="articleBody">{p((first, *s.body[1:]))}</div>'
    other = f'<div class="recommended-reading"><h2>Recommended Reading</h2>{links(a)}</div>'
    return Content(
        f"{menu()}<article>{h1(s)}<div>{when}</div>{text}</article>{other}{footer()}", (first, *s.body[1:]), ""
    )


@layout(held_out=True)
def _wire_in_preformatted_text(s: Story, _: Surroundings) -> Content:
    first = f"GRAZ (Meridian) - {s.body[0]}"
    text = "\n\n".join((first, *s.body[1:]))
    return Content(
        f"{menu()}<div class=wire>{h1(s)}<pre>{html.escape(text, quote=False)}</pre></div>{footer()}",
        (first, *s.body[1:]),
    )


@layout(held_out=False)
def _paywall_with_offers(s: Story, a: Surroundings) -> Content:
    line = "All stories and the archive for {} pounds a month, cancel at any time you like."
    offers = "".join(f"<div class=plan><h4>Plan {n}</h4><p>{line.format(n)}</p></div>" for n in range(1, 5))
    wall = f'<div class="paywall-overlay"><h2>Keep reading</h2>{offers}<button>Continue</button></div>'
    body = f"{menu()}<article>{h1(s)}{by(s)}<div class=lead>{p(s.body[:2])}</div></article>{wall}<ul>{links(a)}</ul>"
    return Content(body, s.body[:2], head(s, ld(s, isAccessibleForFree=False)))


@layout(held_out=True)
def _registration_wall(s: Story, a: Surroundings) -> Content:
    wall = '<section class="regwall"><h3>Register for free to read on</h3><ul><li>Three stories a month</li>'
    wall += "<li>Letters by our editors</li></ul><p>Already have an account? <a href=/l>Log in</a></p></section>"
    return Content(f"{menu()}<main>{h1(s)}{by(s)}{p(s.body[:3])}{wall}</main><ul>{links(a)}</ul>{footer()}", s.body[:3])


# --- text outside the usual elements --------------------------------------------------------------------------------


@layout(held_out=False)
def _json_ld_in_a_graph_only(s: Story, a: Surroundings) -> Content:
    page = {"@type": "WebPage", "name": s.title}
    article = {"@type": ["Article", "NewsArticle"], "headline": s.title, "articleBody": "\r\n\r\n".join(s.body)}
    graph = [page, article | {"datePublished": s.at.isoformat()}]
    data = {"@context": "https://schema.org", "@graph": graph}
    top = f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'
    return Content(f"<div id=root></div>{menu()}<ul>{links(a)}</ul>", s.body, top)


@layout(held_out=True)
def _json_ld_with_references_only(s: Story, a: Surroundings) -> Content:
    stated = html.escape("<br/><br/>".join(s.body))
    return Content(
        f"<div id=app>{h1(s)}</div><div>{links(a, '<a href=/{n}>{0}</a>')}</div>",
        s.body,
        head(s, ld(s, articleBody=stated)),
    )


@layout(held_out=False)
def _noscript_only(s: Story, _: Surroundings) -> Content:
    return Content(f"<div id=app></div><noscript><article>{h1(s)}{p(s.body)}</article></noscript>", s.body)


@layout(held_out=True)
def _noscript_images_and_notice(s: Story, a: Surroundings) -> Content:
    image = '<p><img data-src=a.jpg><noscript><img src="a.jpg" alt="A crane"></noscript></p>'
    notice = "<noscript><p>Please switch on scripts in your browser to use all that this page has.</p></noscript>"
    return Content(
        f"{notice}{menu()}<article>{h1(s)}{p(s.body[:3])}{image}{p(s.body[3:])}</article><ul>{links(a)}</ul>", s.body
    )


@layout(held_out=False)
def _custom_elements_of_a_system(s: Story, a: Surroundings) -> Content:
    more = f"<bsp-list-loadmore>{links(a, '<div class=PagePromo><a href=/{n}>{0}</a></div>')}</bsp-list-loadmore>"
    text = f"<bsp-rich-text><div class=RichTextBody>{p(s.body)}</div></bsp-rich-text>"
    text = f"<bsp-story-page><main>{h1(s)}{text}</main></bsp-story-page>"
    return Content(f"{menu()}{text}{more}{footer()}", s.body)


@layout(held_out=True)
def _shadow_root(s: Story, a: Surroundings) -> Content:
    inside = f"<template shadowrootmode=open><div>{p(s.body)}</div></template>"
    return Content(f"{menu()}<main>{h1(s)}<x-story>{inside}</x-story></main><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=False)
def _streamed_state(s: Story, a: Surroundings) -> Content:
    rows = [["$", "p", None, {"children": line}] for line in s.body]
    chunk = "7:" + json.dumps(["$", "article", None, {"children": rows}])
    script = f"<script>self.__next_f.push([1,{json.dumps(chunk)}])</script>"
    return Content(f"<div class=skeleton></div><ul>{links(a)}</ul>{script}", s.body, head(s, ld(s)))


@layout(held_out=False)
def _state_in_an_attribute(s: Story, a: Surroundings) -> Content:
    data = {"page": {"story": {"title": s.title, "paragraphs": list(s.body)}, "more": list(a.teasers)}}
    return Content(f'<div id="app" data-page="{html.escape(json.dumps(data))}"></div>', s.body, head(s, ld(s)))
