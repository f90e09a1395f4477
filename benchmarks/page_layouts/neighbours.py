"""Layouts whose text follows or precedes what does not belong to it."""

from __future__ import annotations

from benchmarks.page_layouts.parts import by, each, footer, h1, head, ld, links, menu, p
from benchmarks.page_layouts.register import Content, layout
from benchmarks.page_stories import Story, Surroundings, write_story


@layout(held_out=False)
def _comments_below(s: Story, a: Surroundings) -> Content:
    remarks = each(a.remarks * 3, '<div class="comment"><b>user{n}</b><p>{0}</p></div>')
    body = f'<article>{h1(s)}{p(s.body)}</article><div id="comments"><h3>12 comments</h3>{remarks}</div>{footer()}'
    return Content(menu() + body, s.body)


@layout(held_out=True, paragraphs=4)
def _comments_unmarked(s: Story, a: Surroundings) -> Content:
    remarks = each(a.remarks * 4, '<div class="rsp"><span>user{n}</span><p>{0}</p></div>')
    body = f'<div class="txt">{h1(s)}{p(s.body)}</div><div class="rs"><h4>Comments (16)</h4>{remarks}</div>'
    return Content(menu() + body + footer(), s.body)


@layout(held_out=False, paragraphs=3)
def _comments_longer_than_text(s: Story, a: Surroundings) -> Content:
    remarks = each(a.remarks * 6, '<li class="comment-item"><p>{0}</p></li>')
    return Content(
        f'<article>{h1(s)}{p(s.body)}</article><section class="comments"><ol>{remarks}</ol></section>', s.body
    )


@layout(held_out=True)
def _opinion_with_biography(s: Story, a: Surroundings) -> Content:
    about = f'<div class="author-bio"><p>{s.authors[0]} is a columnist who lives by the sea and keeps bees.</p></div>'
    return Content(f"{menu()}<article>{h1(s)}{p(s.body)}{about}</article><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=False)
def _cookie_banner(s: Story, a: Surroundings) -> Content:
    text = "We and our 812 partners store and access information on a device, such as cookies, to serve you. "
    banner = f'<div id="cookie-consent"><p>{text * 4}</p><button>Accept all</button></div>'
    return Content(f"{banner}{menu()}<article>{h1(s)}{p(s.body)}</article><ul>{links(a)}</ul>", s.body)


@layout(held_out=True, paragraphs=3)
def _cookie_wall_first(s: Story, a: Surroundings) -> Content:
    lines = ("We use cookies and similar techniques to keep the site going and to measure how it is used.",) * 5
    wall = f'<div class="gdpr-overlay"><h2>Your privacy</h2>{p(lines)}</div>'
    return Content(f"{wall}<div class=main>{h1(s)}{p(s.body)}</div><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=False)
def _huge_menu(s: Story, a: Surroundings) -> Content:
    return Content(f"{menu(400)}<article>{h1(s)}{p(s.body)}</article><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=True)
def _huge_footer(s: Story, _: Surroundings) -> Content:
    lines = ("Past performance does not say anything about the future, and all that you invest may be lost.",) * 12
    links = "".join(f"<div><a href=/f/{n}>Office {n}</a></div>" for n in range(200))
    return Content(f"<div class=body>{h1(s)}{p(s.body)}</div><div class=footer>{links}{p(lines)}</div>", s.body)


@layout(held_out=False)
def _infinite_scroll(s: Story, _: Surroundings) -> Content:
    other = write_story("the next story of the page")
    following = f'<article class="next">{h1(other)}{p(other.body[:2])}<a href="/next">Continue</a></article>'
    return Content(f"{menu()}<article>{h1(s)}{by(s)}{p(s.body)}</article>{following}", s.body, head(s, ld(s)))


@layout(held_out=True)
def _teaser_paragraphs_below(s: Story, a: Surroundings) -> Content:
    cards = links(
        a, '<div class="item"><a href="/{n}">{0}</a><p>It was a day to remember for those who held it.</p></div>'
    )
    return Content(f"{menu()}<div class=text>{h1(s)}{p(s.body)}</div><div class=list>{cards}</div>{footer()}", s.body)
