"""Layouts for forms of text: live blogs, lists, tables, releases, filings, notes."""

from __future__ import annotations

from benchmarks.page_layouts.parts import by, each, footer, h1, head, ld, links, menu, p
from benchmarks.page_layouts.register import Content, layout
from benchmarks.page_stories import Story, Surroundings


@layout(held_out=False)
def _live_blog(s: Story, a: Surroundings) -> Content:
    entries = each(s.body, '<div class="entry"><h3>{n}0:1{n}</h3><p>{0}</p></div>')
    body = f'{menu()}<main>{h1(s)}<div class="live">{entries}</div></main><ul>{links(a)}</ul>{footer()}'
    return Content(body, s.body)


@layout(held_out=True, paragraphs=10)
def _live_blog_articles(s: Story, a: Surroundings) -> Content:
    entries = each(s.body, "<article><time>{n}.15 pm</time><p>{0}</p></article>")
    return Content(f"{menu()}<main>{h1(s)}{entries}</main><aside>{links(a)}</aside>{footer()}", s.body, head(s, ld(s)))


@layout(held_out=False)
def _list_article(s: Story, a: Surroundings) -> Content:
    text = each(s.body, "<h2>{n}. Point of the day</h2><p>{0}</p>")
    read = tuple(f"{n}. Point of the day {line}" for n, line in enumerate(s.body, 1))
    return Content(f"{menu()}<article>{h1(s)}{text}</article><ul>{links(a)}</ul>{footer()}", read)


@layout(held_out=True)
def _ordered_list(s: Story, a: Surroundings) -> Content:
    text = f"{p(s.body[:2])}<ol>{each(s.body[2:], '<li>{0}</li>')}</ol>"
    return Content(f"{menu()}<article>{h1(s)}{text}</article><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=True)
def _summary_and_subheads(s: Story, a: Surroundings) -> Content:
    points = ("The plant is the largest so far", "The loan runs for seven years")
    summary = f"<ul class=key-points>{each(points, '<li>{0}</li>')}</ul>"
    text = f"{summary}{p(s.body[:4])}<h2>What comes next</h2>{p(s.body[4:])}"
    return Content(
        f"<article>{h1(s)}{by(s)}{text}</article><ul>{links(a)}</ul>{footer()}",
        (*points, "What comes next", *s.body),
    )


@layout(held_out=False, paragraphs=4)
def _table_heavy(s: Story, a: Surroundings) -> Content:
    cells = [(f"Segment {n}", f"{n}41.2", f"{n}38.9") for n in range(1, 9)]
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in cells)
    text = f"{p(s.body[:2])}<table>{rows}</table>{p(s.body[2:])}"
    return Content(f"<article>{h1(s)}{text}</article><ul>{links(a)}</ul>", (*s.body, *(" ".join(r) for r in cells)))


@layout(held_out=True, paragraphs=4)
def _table_in_divs(s: Story, _: Surroundings) -> Content:
    cells = [(f"Quarter {n}", f"{n}41.2", f"{n}38.9") for n in range(1, 5)]
    rows = "".join(f"<tr>{''.join(f'<td><p>{cell}</p></td>' for cell in row)}</tr>" for row in cells)
    text = f"{p(s.body)}<div class=t><table><tbody>{rows}</tbody></table></div>"
    return Content(f"{menu()}<div class=entry>{h1(s)}{text}</div>{footer()}", (*s.body, *(" ".join(r) for r in cells)))


@layout(held_out=False)
def _multi_page(s: Story, a: Surroundings) -> Content:
    numbers = "".join(f"<a href=?p={n}>{n}</a> " for n in range(1, 4))
    pager = f"<div class=pagination>{numbers}<a href=?p=2>Next page</a></div>"
    return Content(f"{menu()}<article>{h1(s)}{p(s.body)}{pager}</article><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=True)
def _slides(s: Story, a: Surroundings) -> Content:
    text = each(s.body, '<div class="slide"><img src="{n}.jpg"><div class="slide-text"><p>{0}</p></div></div>')
    return Content(
        f"{menu()}<div class=gallery>{h1(s)}{text}</div><ul>{links(a)}</ul>{footer()}", s.body, head(s, ld(s))
    )


@layout(held_out=False)
def _line_breaks(s: Story, a: Surroundings) -> Content:
    text = "<br><br>".join(s.body)
    return Content(f"{menu()}<div class=text>{h1(s)}{text}</div><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=True)
def _line_breaks_in_spans(s: Story, a: Surroundings) -> Content:
    text = "<br><br>".join(f"<span>{line}</span>" for line in s.body)
    side = links(a, "<a href=/{n}>{0}</a><br>")
    return Content(f"<div id=page><div>{h1(s)}<div id=story>{text}</div></div><div>{side}</div></div>", s.body)


@layout(held_out=False)
def _plain_1990s(s: Story, a: Surroundings) -> Content:
    text = "\n<p>\n".join(f"<font size=2>{line}</font>" for line in s.body)
    side = links(a, "<a href=/{n}><font size=1>{0}</font></a><br>")
    body = f"<center><b><font size=5>{s.title}</font></b></center><hr>{text}"
    return Content(f"<table width=600><tr><td valign=top>{side}</td><td valign=top>{body}</td></tr></table>", s.body)


@layout(held_out=True)
def _table_layout_breaks(s: Story, a: Surroundings) -> Content:
    text = "<br><br>\n".join(s.body)
    left = "<td width=120><a href=/>Home</a><br><a href=/n>News</a><br><a href=/q>Quotes</a></td>"
    right = f"<td width=200><b>Headlines</b><br>{links(a, '<a href=/{n}>{0}</a><br>')}</td>"
    body = f"<td><h1>{s.title}</h1><font face=Arial>{text}</font></td>"
    return Content(f"<table border=0><tr>{left}{body}{right}</tr></table>", s.body)


@layout(held_out=False)
def _press_release(s: Story, _: Surroundings) -> Content:
    dateline = f"LEEDS, England--(BUSINESS WIRE)--{s.body[0]}"
    about = "Meridian Holdings makes cranes and lets them to builders in nine countries."
    text = f"{p((dateline, *s.body[1:]))}<p><b>About Meridian Holdings</b></p>{p((about,))}"
    contact = "<h3>Contacts</h3><p>press@meridian.example<br>+44 113 555 0100</p>"
    body = f'{menu()}<div class="bw-release-main">{h1(s)}<div class="bw-release-story">{text}</div></div>'
    return Content(
        f"{body}<div class=bw-contact>{contact}</div>{footer()}",
        (dateline, *s.body[1:], "About Meridian Holdings", about),
    )


@layout(held_out=True)
def _press_release_section(s: Story, a: Surroundings) -> Content:
    dateline = f"GRAZ, Austria, March 3, 2023 /PRNewswire/ -- {s.body[0]}"
    text = p((dateline, *s.body[1:], "SOURCE Meridian Holdings"))
    cards = links(a, "<div class=card><a href=/{n}><h3>{0}</h3></a></div>")
    side = f'<div class="row"><h2>Also from this source</h2>{cards}</div>'
    body = f'{menu()}<section class="release-body container"><div class="row"><div>{text}</div></div></section>{side}'
    return Content(
        f"<header><h1>{s.title}</h1></header>{body}{footer()}", (dateline, *s.body[1:], "SOURCE Meridian Holdings")
    )


@layout(held_out=False)
def _filing(s: Story, _: Surroundings) -> Content:
    style = ' style="font:10pt Times New Roman;margin:0 0 10pt 0;text-indent:.5in"'
    top = "<div style='text-align:center'><b>CURRENT REPORT</b></div>"
    top += "<table><tr><td>Delaware</td><td>001-11111</td></tr></table>"
    read = (s.title, "Item 2.02 Results of Operations", *s.body)
    body = f"{top}<p{style}><b>{s.title}</b></p><p{style}><b>Item 2.02 Results of Operations</b></p>{p(s.body, style)}"
    return Content(f"<div>{body}</div>", read[1:])


@layout(held_out=True)
def _filing_divs(s: Story, _: Surroundings) -> Content:
    pattern = "<div style='margin-top:6pt'><span style='font-size:10pt;font-family:Arial'>{0}</span></div>"
    top = f"<div style='text-align:center'><span style='font-weight:700'>{s.title}</span></div>"
    return Content(f"<div id='i1'>{top}{each(s.body, pattern)}</div><div><hr></div>", s.body)


@layout(held_out=True)
def _preformatted(s: Story, _: Surroundings) -> Content:
    return Content(f"{menu()}{h1(s)}<pre>{chr(10).join(line + chr(10) for line in s.body)}</pre>{footer()}", s.body)


@layout(held_out=False, paragraphs=1)
def _short_note(s: Story, a: Surroundings) -> Content:
    return Content(f"{menu()}<article>{h1(s)}{p(s.body)}</article><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=True, paragraphs=1)
def _short_note_in_div(s: Story, a: Surroundings) -> Content:
    side = f"<div class=latest>{links(a, '<div><a href=/{n}>{0}</a></div>')}</div>"
    return Content(
        f"{menu()}<div class=note>{h1(s)}<div>{s.body[0]}</div></div>{side}{footer()}", s.body, head(s, ld(s))
    )


@layout(held_out=True)
def _quotations(s: Story, a: Surroundings) -> Content:
    text = f"{p(s.body[:3])}<blockquote><p>{s.body[3]}</p></blockquote>{p(s.body[4:])}"
    return Content(f"{menu()}<article>{h1(s)}{text}</article><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=False)
def _date_in_text(s: Story, a: Surroundings) -> Content:
    top = f"<div class=topmenu>{links(a, '<div>{0}</div>')}</div>"
    line = f"<div class=info>{s.at:%d %B %Y, %H:%M} UTC | By {' and '.join(s.authors)}</div>"
    return Content(f"{top}<article>{h1(s)}{line}{p(s.body)}</article>", s.body, "")


@layout(held_out=True)
def _date_in_text_then_list(s: Story, a: Surroundings) -> Content:
    line = f"<p>Published {s.at:%Y-%m-%d %H:%M} UTC</p>"
    more = f"<div class=more><div>More from business</div>{links(a, '<div><a href=/{n}>{0}</a></div>')}</div>"
    return Content(f"<div class=c>{h1(s)}{line}{p(s.body)}</div>{more}", s.body, "")
