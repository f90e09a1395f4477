"""Layouts with what else real pages have: galleries, tables, lists, boxes; each kind has a sibling held out."""

from __future__ import annotations

from benchmarks.page_layouts.parts import by, each, footer, h1, head, ld, links, menu, p
from benchmarks.page_layouts.register import Content, layout
from benchmarks.page_stories import Story, Surroundings

_CAPTION = "A drawing of the harbour at dusk, seen from the tower of the old customs house. Photo: Meridian Pictures"
_CELLS = (("", "2023", "2022"), ("Sales", "1,041.2", "939.6"), ("Profit", "5.0", "(4.4)"), ("Margin", "0.5%", "-0.5%"))
_ROWS = tuple(" ".join(row).strip() for row in _CELLS)


def _table(cell: str = "td", attributes: str = "") -> str:
    rows = "".join(f"<tr>{''.join(f'<{cell}>{each}</{cell}>' for each in row)}</tr>" for row in _CELLS)
    return f"<table{attributes}>{rows}</table>"


# --- pictures -------------------------------------------------------------------------------------------------------


@layout(held_out=False)
def _gallery_with_captions(s: Story, a: Surroundings) -> Content:
    pictures = f"<figure><img src=a.jpg><figcaption>{_CAPTION}</figcaption></figure>" * 6
    text = f"{p(s.body[:2])}<div class=gallery>{pictures}</div>{p(s.body[2:])}"
    return Content(f"{menu()}<article>{h1(s)}{text}</article><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=True)
def _gallery_with_captions_in_divs(s: Story, a: Surroundings) -> Content:
    pictures = f'<div class="slide"><img src=a.jpg><div class="slide__caption"><p>{_CAPTION}</p></div></div>' * 6
    text = f"<div class=slides>{pictures}</div>{p(s.body)}"
    return Content(f"{menu()}<main>{h1(s)}{by(s)}{text}</main><ul>{links(a)}</ul>{footer()}", s.body)


# --- tables and lists -----------------------------------------------------------------------------------------------


@layout(held_out=False)
def _table_of_figures(s: Story, a: Surroundings) -> Content:
    text = f"{p(s.body[:4])}{_table()}{p(s.body[4:])}"
    return Content(f"{menu()}<article>{h1(s)}{text}</article><ul>{links(a)}</ul>", (*s.body[:4], *_ROWS, *s.body[4:]))


@layout(held_out=True)
def _table_of_figures_in_a_scroller(s: Story, a: Surroundings) -> Content:
    table = f'<div class="table-responsive"><h3>Results</h3>{_table("th", " class=data")}</div>'
    text = f"{p(s.body[:4])}{table}{p(s.body[4:])}"
    read = (*s.body[:4], "Results", *_ROWS, *s.body[4:])
    return Content(f"{menu()}<div class=content>{h1(s)}{text}</div><ul>{links(a)}</ul>{footer()}", read)


@layout(held_out=False)
def _definition_list(s: Story, a: Surroundings) -> Content:
    terms = each(s.body[2:], "<dt>Point {n}</dt><dd>{0}</dd>")
    read = (*s.body[:2], *(f"Point {n} {line}" for n, line in enumerate(s.body[2:], 1)))
    return Content(f"{menu()}<article>{h1(s)}{p(s.body[:2])}<dl>{terms}</dl></article><ul>{links(a)}</ul>", read)


@layout(held_out=True)
def _details_and_summaries(s: Story, a: Surroundings) -> Content:
    parts = each(s.body[2:], "<details><summary>What of point {n}?</summary><p>{0}</p></details>")
    read = (*s.body[:2], *(f"What of point {n}? {line}" for n, line in enumerate(s.body[2:], 1)))
    return Content(f"{menu()}<main>{h1(s)}{p(s.body[:2])}{parts}</main><ul>{links(a)}</ul>{footer()}", read)


@layout(held_out=False)
def _breaks_in_one_paragraph(s: Story, a: Surroundings) -> Content:
    text = "<br />&nbsp;<br />".join(s.body)
    return Content(f"{menu()}<div class=post-body>{h1(s)}<p>{text}</p></div><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=True)
def _breaks_in_a_cell(s: Story, a: Surroundings) -> Content:
    text = "<br>\n<br>\n".join(s.body)
    top = f"<tr><td colspan=2><h1>{s.title}</h1></td></tr>"
    row = f"<tr><td>{text}</td><td>{links(a, '<a href=/{n}>{0}</a><br>')}</td></tr>"
    return Content(f"<table>{top}{row}</table>{footer()}", s.body)


@layout(held_out=False)
def _text_in_divs_of_a_builder(s: Story, a: Surroundings) -> Content:
    text = each(
        s.body,
        '<div data-hook="b{n}"></div><div id="v-{n}" class="ops"><span class="ub"><span>{0}</span></span></div>',
    )
    side = links(a, '<div data-hook="item"><a href=/{n}><div>{0}</div></a></div>')
    return Content(
        f'{menu()}<div data-hook="post"><div>{h1(s)}</div><div>{text}</div></div><div>{side}</div>',
        s.body,
    )


@layout(held_out=True)
def _text_in_spans_and_breaks(s: Story, a: Surroundings) -> Content:
    text = each(s.body, '<div dir="auto" data-testid="x{n}"><span>{0}</span></div><div><br></div>')
    return Content(
        f"<div role=main>{h1(s)}<section>{text}</section></div><div role=complementary>{links(a)}</div>", s.body
    )


# --- comments and related lists -------------------------------------------------------------------------------------


@layout(held_out=False, paragraphs=3)
def _nested_comments_longer_than_text(s: Story, a: Surroundings) -> Content:
    reply = "<ul class=children>" + each(a.remarks, "<li class=comment><p>{0}</p></li>") + "</ul>"
    thread = each(a.remarks * 3, f"<li class=comment><b>user{{n}}</b><p>{{0}}</p>{reply}</li>")
    return Content(
        f"{menu()}<article>{h1(s)}{p(s.body)}</article><div class=comments-area><ol>{thread}</ol></div>", s.body
    )


@layout(held_out=False, paragraphs=3)
def _conversation_longer_than_text(s: Story, a: Surroundings) -> Content:
    thread = each(a.remarks * 5, "<div class=msg><span>user{n} · 3h</span><p>{0}</p><span>Reply</span></div>")
    return Content(
        f"{menu()}<main>{h1(s)}{by(s)}{p(s.body)}</main><section><h2>Join the conversation</h2>{thread}</section>",
        s.body,
    )


@layout(held_out=False)
def _related_list_in_the_text(s: Story, a: Surroundings) -> Content:
    box = f"<p><strong>RELATED:</strong></p><ul>{links(a)}</ul>"
    return Content(f"{menu()}<article>{h1(s)}{p(s.body[:3])}{box}{p(s.body[3:])}</article>{footer()}", s.body)


@layout(held_out=True)
def _related_arrows_in_the_text(s: Story, a: Surroundings) -> Content:
    box = links(a, "<p>→ <a href=/{n}>{0}</a></p>")
    return Content(f"{menu()}<div class=entry>{h1(s)}{p(s.body[:3])}{box}{p(s.body[3:])}</div>{footer()}", s.body)


@layout(held_out=False)
def _advertisement_lines_in_the_text(s: Story, a: Surroundings) -> Content:
    line = "<p>ADVERTISEMENT</p><p>Story continues below advertisement</p>"
    text = "".join(p([x]) + line for x in s.body)
    return Content(f"{menu()}<article>{h1(s)}{text}</article><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=True)
def _advertisement_labels_in_the_text(s: Story, a: Surroundings) -> Content:
    line = "<div class=ad-unit><span>Article continues after this ad</span></div>"
    text = "".join(p([x]) + line for x in s.body)
    return Content(f"{menu()}<div class=article-text>{h1(s)}{text}</div><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=False)
def _sponsored_story_in_the_text(s: Story, a: Surroundings) -> Content:
    line = f"It was a day to remember for all of those who held it, paid for by {a.teasers[1]}."
    box = f"<div class='native-ad sponsored'><h4>{a.teasers[0]}</h4><p>{line}</p></div>"
    return Content(f"{menu()}<article>{h1(s)}{p(s.body[:3])}{box}{p(s.body[3:])}</article>{footer()}", s.body)


@layout(held_out=True)
def _widget_of_quotes_in_the_text(s: Story, a: Surroundings) -> Content:
    rows = "".join(
        f"<div class=q-row><span>IX{n}</span><span>{n}12.30</span><span>+0.{n}%</span></div>" for n in range(1, 7)
    )
    box = f"<div class=market-data-widget><h4>Market data</h4>{rows}<a href=/m>All quotes</a></div>"
    return Content(f"{menu()}<article>{h1(s)}{p(s.body[:3])}{box}{p(s.body[3:])}</article><ul>{links(a)}</ul>", s.body)


# --- above and below the text ---------------------------------------------------------------------------------------


@layout(held_out=False)
def _key_points_in_a_card(s: Story, a: Surroundings) -> Content:
    points = ("The plant is the largest so far", "The loan runs for seven years", "Work begins in the autumn")
    box = f"<div class='card key-takeaways'><h2>Key points</h2><ul>{each(points, '<li>{0}</li>')}</ul></div>"
    return Content(
        f"{menu()}<article>{h1(s)}{by(s)}{box}{p(s.body)}</article><ul>{links(a)}</ul>",
        ("Key points", *points, *s.body),
    )


@layout(held_out=True)
def _standfirst_and_correction(s: Story, a: Surroundings) -> Content:
    note = "Correction: an earlier version of this story gave the wrong year for the opening of the older plant."
    dek = "The largest investment of the firm for years divides the town"
    text = f"<p class=standfirst>{dek}</p>{p(s.body)}<p class=correction><em>{note}</em></p>"
    return Content(f"{menu()}<article>{h1(s)}{text}</article><ul>{links(a)}</ul>{footer()}", (dek, *s.body, note))


@layout(held_out=False)
def _author_box_above(s: Story, a: Surroundings) -> Content:
    box = f"<img src=a.jpg><a href=/a>{s.authors[0]}</a><span>5 min read</span><a href=/f>Follow</a>"
    box = f"<div class=author-card>{box}</div>"
    return Content(f"{menu()}<article>{h1(s)}{box}{p(s.body)}</article><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=True)
def _author_notes_below(s: Story, a: Surroundings) -> Content:
    note = f"<p><em>{s.authors[0]} covers industry for Meridian. Write to her at newsroom@meridian.example.</em></p>"
    about = f'<section class="about-the-author"><h4>About the author</h4>{note}</section>'
    return Content(f"{menu()}<article>{h1(s)}{p(s.body)}</article>{about}<ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=False)
def _headline_twice(s: Story, a: Surroundings) -> Content:
    bar = f'<div class="sticky"><span>{s.title}</span><a href=/x>Share</a></div>'
    return Content(f"{bar}{menu()}<article>{h1(s)}{by(s)}{p(s.body)}</article><ul>{links(a)}</ul>", s.body)


@layout(held_out=True)
def _headline_below_the_name_of_the_site(s: Story, a: Surroundings) -> Content:
    top = f"<header><h1><a href=/>Meridian</a></h1></header><h2>{s.title}</h2>"
    return Content(f"{menu()}<div id=main>{top}{p(s.body)}</div><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=False)
def _translation_that_is_hidden(s: Story, a: Surroundings) -> Content:
    other = f'<div lang="xx" hidden>{p([line[::-1] for line in s.body])}</div>'
    return Content(f"{menu()}<article>{h1(s)}<div>{p(s.body)}</div>{other}</article><ul>{links(a)}</ul>", s.body)


@layout(held_out=False)
def _words_for_screen_readers(s: Story, a: Surroundings) -> Content:
    said = '<span class="visually-hidden">opens in a new window</span>'
    lines = [f"<p>{x[:30]}<a href=/t>{x[30:45]}{said}</a>{x[45:]}</p>" for x in s.body]
    return Content(f"{menu()}<article>{h1(s)}{''.join(lines)}</article><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=False)
def _most_read_with_summaries(s: Story, a: Surroundings) -> Content:
    line = "It was a day to remember for all of those who held the share through the winter, and a sad one for others."
    rows = links(a, f"<li><b>{{n}}</b><a href=/{{n}}>{{0}}</a><p>{line}</p></li>")
    return Content(
        f"{menu()}<div class=main>{h1(s)}{p(s.body)}</div><div class=box><h3>Most read</h3><ol>{rows}</ol></div>",
        s.body,
    )


@layout(held_out=True)
def _print_page(s: Story, _: Surroundings) -> Content:
    top = "<p>Printed from www.meridian.example</p>"
    return Content(f"<body onload=print()>{top}<hr><h1>{s.title}</h1>{p(s.body)}<hr><p>© 2024 Meridian</p>", s.body)


@layout(held_out=False)
def _legal_notice_below(s: Story, a: Surroundings) -> Content:
    line = "The views here are those of the writer, who holds none of the shares that the text names, and no advice."
    note = f'<div class="disclosure">{p((line,) * 4)}</div>'
    return Content(f"{menu()}<article>{h1(s)}{p(s.body)}{note}</article><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=True)
def _audio_version_above(s: Story, a: Surroundings) -> Content:
    line = "This voice was made by a machine."
    bar = f"<div class=audio-player><span>Listen to this</span><span>4 min</span><p>{line}</p></div>"
    return Content(f"{menu()}<article>{h1(s)}{by(s)}{bar}{p(s.body)}</article><ul>{links(a)}</ul>", s.body)


@layout(held_out=False)
def _unclosed_elements_in_capitals(s: Story, a: Surroundings) -> Content:
    text = "".join(f"<P><FONT FACE=Arial>{line}\n" for line in s.body)
    side = links(a, "<LI><A HREF=/{n}>{0}</A>")
    return Content(f"<CENTER><H1>{s.title}</H1></CENTER><HR>{text}</FONT><HR><UL>{side}</UL>", s.body)


@layout(held_out=True)
def _text_in_two_columns(s: Story, a: Surroundings) -> Content:
    columns = "".join(f"<td valign=top width=50%>{p(part)}</td>" for part in (s.body[:4], s.body[4:]))
    return Content(f"{menu()}<div class=art>{h1(s)}<table><tr>{columns}</tr></table></div><ul>{links(a)}</ul>", s.body)


@layout(held_out=False)
def _codes_of_shares_in_the_text(s: Story, a: Surroundings) -> Content:
    chip = "<span class=symbol-chip><a href=/q>CLD</a> <span>+1.2%</span></span>"
    lines = [f"<p>{x[:20]}{chip}{x[20:]}</p>" for x in s.body]
    read = tuple(f"{x[:20]}CLD +1.2%{x[20:]}" for x in s.body)
    return Content(f"{menu()}<article>{h1(s)}{''.join(lines)}</article><ul>{links(a)}</ul>", read)


@layout(held_out=True)
def _chapters_with_subheads(s: Story, a: Surroundings) -> Content:
    text = each(s.body, "<section><h3>Chapter {n}</h3><div><p>{0}</p></div></section>")
    contents = "<nav class=toc>" + "".join(f"<a href=#c{n}>Chapter {n}</a>" for n in range(1, 9)) + "</nav>"
    read = tuple(f"Chapter {n} {line}" for n, line in enumerate(s.body, 1))
    return Content(f"{menu()}<main>{h1(s)}{contents}{text}</main><ul>{links(a)}</ul>{footer()}", read, head(s, ld(s)))
