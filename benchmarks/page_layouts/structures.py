"""Layouts of pages that mark their article well, and of pages made of divs."""

from __future__ import annotations

from benchmarks.page_layouts.parts import by, each, footer, h1, head, ld, links, menu, p
from benchmarks.page_layouts.register import Content, layout
from benchmarks.page_stories import Story, Surroundings


@layout(held_out=False)
def _article_tag(s: Story, a: Surroundings) -> Content:
    body = f"{menu()}<main><article>{h1(s)}{by(s)}{p(s.body)}</article></main><aside><ul>{links(a)}</ul></aside>"
    return Content(body + footer(), s.body, head(s, ld(s)))


@layout(held_out=True)
def _section_role_main(s: Story, a: Surroundings) -> Content:
    body = f'{menu()}<div role="main"><section>{h1(s)}{by(s)}{p(s.body)}</section><ul>{links(a)}</ul></div>'
    return Content(body + footer(), s.body)


@layout(held_out=False)
def _div_soup(s: Story, a: Surroundings) -> Content:
    text = each(s.body, '<div class="c{n}x">{0}</div>')
    side = links(a, '<div class="q"><div><a href="/{n}">{0}</a></div></div>')
    top = '<div class="z1"><div>Markets</div><div>World</div><div>Video</div></div>'
    return Content(f'{top}<div class="a"><div class="b">{h1(s)}<div>{text}</div></div>{side}</div>', s.body)


@layout(held_out=True)
def _div_soup_spans(s: Story, a: Surroundings) -> Content:
    text = each(s.body, '<div class="css-{n}k9"><span><span>{0}</span></span></div>')
    side = links(a, '<div class="css-t"><span><a href="/{n}">{0}</a></span></div>')
    body = f'<div class="css-root"><div class="css-7"><div class="css-h">{s.title}</div>{text}</div>'
    return Content(f'{body}<div class="css-8"><div>Popular</div>{side}</div></div>', s.body, head(s, ld(s)))


@layout(held_out=True)
def _div_story_content(s: Story, a: Surroundings) -> Content:
    text = f'<div class="story-content">{p(s.body)}</div>'
    rail = f'<div class="rail"><h3>Top stories</h3>{links(a, "<p><a href=/{n}>{0}</a></p>")}</div>'
    return Content(f"{menu()}<div class=wrap>{h1(s)}{by(s)}{text}{rail}</div>{footer()}", s.body)


@layout(held_out=False)
def _microdata(s: Story, a: Surroundings) -> Content:
    text = f'<div itemprop="articleBody">{p(s.body)}</div>'
    body = f'{menu()}<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">{s.title}</h1>'
    people = "".join(f'<span itemprop="author">{name}</span>' for name in s.authors)
    return Content(f"{body}{people}{text}</div><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=True)
def _microdata_divs(s: Story, a: Surroundings) -> Content:
    text = f'<section itemprop="articleBody">{each(s.body, "<div>{0}</div>")}</section>'
    return Content(
        f'<div itemscope itemtype="https://schema.org/Article">{h1(s)}{text}<div>{links(a)}</div></div>', s.body
    )


@layout(held_out=False)
def _amp(s: Story, a: Surroundings) -> Content:
    side = f"<amp-sidebar id=m><ul>{links(a)}</ul></amp-sidebar>"
    body = f'{side}<article class="amp-wp-article">{h1(s)}<div class="amp-wp-article-content">{p(s.body)}'
    return Content(f"{body}<amp-ad width=300 height=250></amp-ad></div></article>{footer()}", s.body, head(s, ld(s)))


@layout(held_out=True)
def _amp_list(s: Story, a: Surroundings) -> Content:
    half = len(s.body) // 2
    between = '<amp-ad type="x"><div placeholder>Advertisement</div></amp-ad>'
    text = f"{p(s.body[:half])}{between}{p(s.body[half:])}"
    more = f'<amp-list class="more"><h3>More from Meridian</h3>{links(a, "<div><a href=/{n}>{0}</a></div>")}</amp-list>'
    return Content(f'<main class="amp-main">{h1(s)}{text}{more}</main>', s.body, head(s, ld(s)))
