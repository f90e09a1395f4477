"""Layouts that interrupt the text."""

from __future__ import annotations

from benchmarks.page_layouts.parts import by, footer, h1, head, ld, links, menu, p
from benchmarks.page_layouts.register import Content, layout
from benchmarks.page_stories import Story, Surroundings


@layout(held_out=False)
def _related_in_between(s: Story, a: Surroundings) -> Content:
    box = f'<div class="related"><h4>Related stories</h4><ul>{links(a)}</ul></div>'
    body = f"{menu()}<article>{h1(s)}{by(s)}{p(s.body[:4])}{box}{p(s.body[4:])}</article>{footer()}"
    return Content(body, s.body)


@layout(held_out=True)
def _related_list_in_between(s: Story, a: Surroundings) -> Content:
    box = f"<ul>{links(a)}</ul>"
    return Content(f"{menu()}<article>{h1(s)}{p(s.body[:3])}{box}{p(s.body[3:])}</article>{footer()}", s.body)


@layout(held_out=True)
def _related_cards_in_between(s: Story, a: Surroundings) -> Content:
    cards = links(a, '<div class="card"><a href="/{n}"><h3>{0}</h3></a><p>Business</p></div>')
    box = f'<div class="grid"><div class="hd">More from business</div>{cards}</div>'
    return Content(f"<article>{h1(s)}{p(s.body[:5])}{box}{p(s.body[5:])}</article>{footer()}", s.body, head(s, ld(s)))


@layout(held_out=False)
def _newsletter_inside(s: Story, a: Surroundings) -> Content:
    box = '<div class="newsletter-box"><h3>The Morning Note</h3><p>Sign up for what matters, each day.</p></div>'
    return Content(f"<article>{h1(s)}{by(s)}{p(s.body[:3])}{box}{p(s.body[3:])}</article><ul>{links(a)}</ul>", s.body)


@layout(held_out=True)
def _newsletter_form(s: Story, a: Surroundings) -> Content:
    box = '<form action="/subscribe"><p>Get our letter in your inbox</p><input name=e><button>Send</button></form>'
    text = f"{p(s.body[:3])}{box}{p(s.body[3:])}"
    return Content(f"{menu()}<main>{h1(s)}<div class=content>{text}</div></main><div>{links(a)}</div>", s.body)


@layout(held_out=False)
def _read_more_inside(s: Story, a: Surroundings) -> Content:
    link = f'<p>Read more: <a href="/t/1">{a.teasers[0]}</a></p>'
    text = f"{p(s.body[:2])}<p>Read more</p>{p(s.body[2:5])}{link}{p(s.body[5:])}"
    return Content(f"{menu()}<article>{h1(s)}{text}</article>{footer()}", s.body)


@layout(held_out=True)
def _see_also_inside(s: Story, a: Surroundings) -> Content:
    link = f'<p><strong>See also: <a href="/t/1">{a.teasers[0]}</a></strong></p>'
    text = f"{p(s.body[:3])}<p><a href=/x>See more</a></p>{p(s.body[3:6])}{link}{p(s.body[6:])}"
    return Content(f"{menu()}<article>{h1(s)}{text}</article><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=True)
def _related_word_inside(s: Story, a: Surroundings) -> Content:
    link = f'<p>Related articles</p><p><a href="/t/1">{a.teasers[0]}</a></p>'
    text = f"{p(s.body[:2])}{link}{p(s.body[2:])}"
    return Content(f"<div id=content>{h1(s)}{by(s)}{text}</div>{footer()}", s.body)


@layout(held_out=False)
def _nested_teasers(s: Story, a: Surroundings) -> Content:
    cards = links(
        a, '<article class="teaser"><h2><a href="/{n}">{0}</a></h2><time datetime="2021-01-0{n}">x</time></article>'
    )
    return Content(f"<article>{h1(s)}{p(s.body)}<section>{cards}</section></article>{footer()}", s.body, head(s, ld(s)))


@layout(held_out=True)
def _teaser_articles_first(s: Story, a: Surroundings) -> Content:
    cards = links(
        a, "<article><h2><a href=/{n}>{0}</a></h2><p>It was a day to remember for those who held it.</p></article>"
    )
    return Content(f"{menu()}{cards}<article>{h1(s)}{by(s)}{p(s.body)}</article>{footer()}", s.body)


@layout(held_out=False)
def _quote_strip(s: Story, a: Surroundings) -> Content:
    strip = "".join(f"<li><span>IX{n}</span><span>{n}12.3</span><span>+0.{n}%</span></li>" for n in range(1, 9))
    body = f'<ul class="ticker-strip">{strip}</ul><div class="article">{h1(s)}{p(s.body)}</div><ul>{links(a)}</ul>'
    return Content(body + footer(), s.body)


@layout(held_out=False)
def _captions(s: Story, a: Surroundings) -> Content:
    figure = "<figure><img src=a.jpg><figcaption>A drawing of a crane at dusk. Meridian/Handout</figcaption></figure>"
    text = f"{figure}{p(s.body[:4])}{figure}{p(s.body[4:])}"
    return Content(f"{menu()}<article>{h1(s)}{text}</article><aside>{links(a)}</aside>{footer()}", s.body)


@layout(held_out=True)
def _captions_in_divs(s: Story, a: Surroundings) -> Content:
    figure = '<div class="image"><img src=a.jpg><div class="image-caption">A drawing of a crane at dusk</div></div>'
    text = f"{p(s.body[:4])}{figure}{p(s.body[4:])}"
    return Content(f'{menu()}<div class="post">{h1(s)}{figure}{text}</div><ul>{links(a)}</ul>{footer()}', s.body)
