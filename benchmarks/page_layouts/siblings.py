"""Siblings of the other layouts, laid out after the rules were written."""

from __future__ import annotations

import json

from benchmarks.page_layouts.parts import by, each, footer, h1, head, ld, links, menu, p
from benchmarks.page_layouts.register import Content, layout
from benchmarks.page_stories import Story, Surroundings


@layout(held_out=True)
def _whole_page_form(s: Story, a: Surroundings) -> Content:
    main = f"<div id=ctl00_main><h1>{s.title}</h1><div class=ArticleText>{p(s.body)}</div></div>"
    side = f"<div id=ctl00_right>{links(a, '<div><a href=/{n}>{0}</a></div>')}</div>"
    return Content(f"<form id=aspnetForm>{menu()}{main}{side}{footer()}</form>", s.body)


@layout(held_out=True)
def _class_names_of_wordpress(s: Story, a: Surroundings) -> Content:
    post = f'<article class="post hentry has-sidebar comments-open tag-business">{h1(s)}<div class="entry-content">'
    shares = (
        '<div class="sharedaddy"><h3>Share this:</h3><ul><li><a href=/x>X</a></li><li><a href=/f>F</a></li></ul></div>'
    )
    tags = '<footer class="entry-footer">Tagged <a href=/t>steel</a>, <a href=/u>ports</a></footer>'
    remarks = each(a.remarks * 2, '<li class="comment"><div class="comment-content"><p>{0}</p></div></li>')
    body = f'{post}{p(s.body)}{shares}</div>{tags}</article><div id="comments"><ol>{remarks}</ol></div>'
    return Content(f'<div id="page" class="site with-newsletter">{menu()}{body}{footer()}</div>', s.body)


@layout(held_out=True)
def _halves_in_two_boxes(s: Story, a: Surroundings) -> Content:
    first, second = (f'<div class="body-part"><div>{p(part)}</div></div>' for part in (s.body[:4], s.body[4:]))
    ad = '<div class="slot"><span>Advertisement</span></div>'
    return Content(f"{menu()}<div class=page>{h1(s)}{by(s)}{first}{ad}{second}</div><ul>{links(a)}</ul>", s.body)


@layout(held_out=True)
def _headline_in_a_header_apart(s: Story, a: Surroundings) -> Content:
    top = f'<header class="hero"><h1>{s.title}</h1><p class="dek">{s.body[0]}</p></header>'
    text = (
        f'<div class="layout"><div class="col">{p(s.body[1:])}</div><div class="col2"><ul>{links(a)}</ul></div></div>'
    )
    return Content(f"{top}{text}{footer()}", s.body, head(s, ld(s, description=s.body[0])))


@layout(held_out=True)
def _linked_words_in_paragraphs(s: Story, a: Surroundings) -> Content:
    lines = [f'<a href="/topic">{line[:22]}</a>{line[22:]}' for line in s.body]
    return Content(f"{menu()}<article>{h1(s)}{each(lines, '<p>{0}</p>')}</article><ul>{links(a)}</ul>", s.body)


@layout(held_out=True)
def _short_paragraphs(s: Story, a: Surroundings) -> Content:
    lines = tuple(part.strip() + "." for line in s.body for part in line.replace('"', "").split(".") if len(part) > 3)
    return Content(f"{menu()}<article>{h1(s)}{by(s)}{p(lines)}</article><ul>{links(a)}</ul>{footer()}", lines)


@layout(held_out=True)
def _interview(s: Story, a: Surroundings) -> Content:
    lines = [part for n, line in enumerate(s.body) for part in (f"What of point {n}?", line)]
    text = each(lines, "<p>{0}</p>").replace("<p>What of", "<p><strong>What of").replace("?</p>", "?</strong></p>")
    return Content(f"{menu()}<article>{h1(s)}{text}</article><aside>{links(a)}</aside>{footer()}", tuple(lines))


@layout(held_out=True)
def _broker_note_with_disclaimer(s: Story, a: Surroundings) -> Content:
    legal = ("This note is for information only and is no offer to buy or to sell anything whatsoever.",) * 4
    text = f"{p(s.body)}<h3>Disclaimer</h3>{p(legal)}"
    return Content(f"{menu()}<div class=post-body>{h1(s)}{text}</div><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=True)
def _copyright_of_a_picture_first(s: Story, a: Surroundings) -> Content:
    text = f"<div>© 2024 Meridian Pictures</div>{p(s.body)}"
    return Content(f"{menu()}<div class=story>{h1(s)}{text}</div><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=True)
def _description_only_state(s: Story, a: Surroundings) -> Content:
    data = {"page": {"blocks": [{"type": "text", "data": {"text": line}} for line in s.body]}, "footer": a.teasers}
    script = f'<script type="application/json" id="state">{json.dumps(data)}</script>'
    return Content(f"{menu()}<main>{h1(s)}<p>{s.body[0]}</p></main>{script}", s.body, head(s, ld(s)))


@layout(held_out=True)
def _teasers_with_summaries_between(s: Story, a: Surroundings) -> Content:
    cards = links(
        a, "<li><a href=/{n}><b>{0}</b><span>It was a day to remember for all of those who held it.</span></a></li>"
    )
    box = f"<section><h3>Read next</h3><ul>{cards}</ul></section>"
    return Content(f"{menu()}<article>{h1(s)}{p(s.body[:4])}{box}{p(s.body[4:])}</article>{footer()}", s.body)


@layout(held_out=True)
def _teasers_longer_than_text(s: Story, a: Surroundings) -> Content:
    line = "It was a day to remember for all of those who held the share through the winter, and a sad one for others."
    cards = links(a, f'<div class="tile"><h3><a href=/{{n}}>{{0}}</a></h3><p>{line}</p></div>') * 2
    return Content(f"{menu()}<article>{h1(s)}{p(s.body[:3])}</article><div class=tiles>{cards}</div>", s.body[:3])


@layout(held_out=True)
def _paragraphs_in_a_list_of_sections(s: Story, a: Surroundings) -> Content:
    text = each(s.body, '<section class="block block-{n}"><div class="inner"><p>{0}</p></div></section>')
    return Content(f"{menu()}<main>{h1(s)}{by(s)}{text}</main><nav>{links(a)}</nav>{footer()}", s.body)


@layout(held_out=True)
def _text_in_custom_elements(s: Story, a: Surroundings) -> Content:
    text = each(s.body, "<x-paragraph>{0}</x-paragraph>")
    more = f"<x-more>{links(a, '<x-card><a href=/{n}>{0}</a></x-card>')}</x-more>"
    body = f"<x-article>{h1(s)}<x-body>{text}</x-body></x-article>{more}"
    return Content(f"{menu()}{body}{footer()}", s.body)


@layout(held_out=True, language="ja")
def _japanese_divs(s: Story, a: Surroundings) -> Content:
    text = "<br>".join(s.body)
    more = f"<div>関連記事</div>{links(a, '<div><a href=/{n}>{0}</a></div>')}"
    return Content(f"{menu()}<div class=honbun>{h1(s)}<div>{text}</div></div><div class=kanren>{more}</div>", s.body)


@layout(held_out=True, language="de")
def _german_paywall(s: Story, a: Surroundings) -> Content:
    wall = "<div class=offer><p>Weiterlesen mit Meridian Plus</p><p>Jetzt testen</p><button>Abo</button></div>"
    return Content(f"{menu()}<article>{h1(s)}{p(s.body[:3])}{wall}</article><ul>{links(a)}</ul>", s.body[:3])


@layout(held_out=True)
def _transcript(s: Story, a: Surroundings) -> Content:
    lines = [part for line in s.body for part in ("Operator", line)]
    text = "".join(f"<p><b>{line}</b></p>" if line == "Operator" else f"<p>{line}</p>" for line in lines)
    return Content(f"{menu()}<div class=transcript>{h1(s)}{text}</div><ul>{links(a)}</ul>{footer()}", tuple(lines))


@layout(held_out=True)
def _video_above_and_share_bar(s: Story, a: Surroundings) -> Content:
    bar = "<ul class=tools><li><a href=/f>Facebook</a></li><li><a href=/x>X</a></li><li>Save</li></ul>"
    video = "<div class=player><span>00:00</span><span>02:31</span><div>Watch: the crane at dusk</div></div>"
    return Content(f"<main>{h1(s)}{by(s)}{bar}{video}{p(s.body)}{bar}</main><aside>{links(a)}</aside>", s.body)


@layout(held_out=True)
def _tabs_of_other_lists(s: Story, a: Surroundings) -> Content:
    rows = links(a, "<div class=row><a href=/{n}>{0}</a> <i>3h</i></div>")
    tabs = f"<div class=tabs><div>Latest</div><div>Most viewed</div>{rows}</div>"
    return Content(f"{menu()}<div id=wrap>{tabs}<div id=art>{h1(s)}{by(s)}{p(s.body)}</div></div>{footer()}", s.body)


@layout(held_out=True)
def _drop_cap_and_inline_markup(s: Story, a: Surroundings) -> Content:
    first = f'<p><span class="dropcap">{s.body[0][0]}</span>{s.body[0][1:]}</p>'
    lines = [line.replace("the", "<em>the</em>", 1) for line in s.body[1:]]
    return Content(f"<article>{h1(s)}{first}{each(lines, '<p>{0}</p>')}</article><ul>{links(a)}</ul>", s.body)


@layout(held_out=True)
def _plain_teasers_without_links(s: Story, a: Surroundings) -> Content:
    side = f"<div class=col-side><h4>Also today</h4>{links(a, '<div>{0}</div>')}</div>"
    return Content(f"<div class=row><div class=col-main>{h1(s)}{p(s.body)}</div>{side}</div>{footer()}", s.body)


@layout(held_out=True)
def _figures_of_a_quote_inside(s: Story, a: Surroundings) -> Content:
    box = "<div class=quote-box><span>CLD</span><span>41.20</span><span>+1.3%</span><a href=/q>Full quote</a></div>"
    return Content(f"{menu()}<article>{h1(s)}{p(s.body[:2])}{box}{p(s.body[2:])}</article><ul>{links(a)}</ul>", s.body)


@layout(held_out=True)
def _pull_quote_repeated(s: Story, a: Surroundings) -> Content:
    quote = f"<aside class=pullquote>{s.body[2][:80]}</aside>"
    return Content(
        f"{menu()}<article>{h1(s)}{p(s.body[:4])}{quote}{p(s.body[4:])}</article><ul>{links(a)}</ul>", s.body
    )


@layout(held_out=False, paragraphs=2)
def _two_short_paragraphs_in_divs(s: Story, a: Surroundings) -> Content:
    text = each(s.body, "<div class=t>{0}</div>")
    side = links(a, "<div class=n><span>10:1{n}</span> <a href=/{n}>{0}</a></div>")
    return Content(f"{menu()}<div class=l>{h1(s)}{text}</div><div class=r>{side}</div>{footer()}", s.body)


@layout(held_out=True)
def _stated_body_with_other_spacing(s: Story, a: Surroundings) -> Content:
    stated = "&nbsp;".join(s.body).replace(". ", ".  ")
    body = f"{menu()}<article>{h1(s)}{by(s)}{p(s.body)}</article><ul>{links(a)}</ul>"
    return Content(body, s.body, head(s, ld(s, articleBody=stated)))


@layout(held_out=True)
def _stated_body_cut(s: Story, a: Surroundings) -> Content:
    body = f"{menu()}<article>{h1(s)}{by(s)}{p(s.body)}</article><ul>{links(a)}</ul>"
    return Content(body, s.body, head(s, ld(s, articleBody=s.body[0][:120] + "…")))


@layout(held_out=True)
def _earnings_release(s: Story, _: Surroundings) -> Content:
    first = ("Sales rose 4% to 41.2 million", "Margin of 12.1%", "Outlook confirmed")
    cells = [("", "2023", "2022"), ("Sales", "41.2", "39.6"), ("Profit", "5.0", "4.4")]
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in cells)
    end = "Forward-looking statements are no promise of results."
    text = f"<ul>{each(first, '<li>{0}</li>')}</ul>{p(s.body)}<table>{rows}</table><p>{end}</p>"
    read = (*first, *s.body, *(" ".join(row) for row in cells), end)
    return Content(f"{menu()}<div class=release>{h1(s)}{text}</div>{footer()}", read)


@layout(held_out=True)
def _uppercase_headline(s: Story, a: Surroundings) -> Content:
    return Content(f"{menu()}<div class=x><h2>{s.title.upper()}</h2>{p(s.body)}</div><ul>{links(a)}</ul>", s.body)


@layout(held_out=True)
def _nested_tables_with_paragraphs(s: Story, a: Surroundings) -> Content:
    inner = f"<table><tr><td><table><tr><td>{h1(s)}{p(s.body)}</td></tr></table></td></tr></table>"
    left = f"<td>{links(a, '<p><a href=/{n}>{0}</a></p>')}</td>"
    return Content(f"<table><tr>{left}<td>{inner}</td></tr></table>", s.body)


@layout(held_out=True)
def _question_boxes_below(s: Story, a: Surroundings) -> Content:
    poll = "<div class=poll><h4>What do you think?</h4><label>Yes</label><label>No</label></div>"
    app = "<div class=app-promo><p>Download the app for alerts on the go.</p></div>"
    return Content(f"{menu()}<article>{h1(s)}{by(s)}{p(s.body)}{poll}{app}</article><ul>{links(a)}</ul>", s.body)
