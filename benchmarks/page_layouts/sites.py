"""Layouts in the manner of kinds of sites: exchanges, regulators, brokers, newspapers, portals, blogs, forums."""

from __future__ import annotations

from benchmarks.page_layouts.parts import by, each, footer, h1, head, ld, links, menu, p
from benchmarks.page_layouts.register import Content, layout
from benchmarks.page_stories import Story, Surroundings, write_story

# --- companies, exchanges, regulators -------------------------------------------------------------------------------


@layout(held_out=False)
def _announcement_of_an_exchange(s: Story, a: Surroundings) -> Content:
    facts = "".join(f"<tr><td>{k}</td><td>{v}</td></tr>" for k, v in (("Company", "Meridian"), ("TIDM", "MRD")))
    end = "This information is provided by the news service of the exchange."
    text = f'<div class="news-text"><div align="left">{p(s.body, " class=a")}</div></div>'
    side = f'<div class="other-announcements"><h3>Other announcements</h3>{links(a)}</div>'
    body = f"{menu()}<div class=summary><table>{facts}</table></div>{h1(s)}{text}<p>{end}</p>{side}{footer()}"
    return Content(body, (*s.body, end))


@layout(held_out=True)
def _release_of_a_regulator(s: Story, a: Surroundings) -> Content:
    first = f"Graz, {s.at:%B %d, %Y} — {s.body[0]}"
    text = f'<div class="usa-prose"><div class="field--body">{p((first, *s.body[1:]))}<p>###</p></div></div>'
    side = f'<div class="usa-layout__aside"><h2>Related materials</h2><ul>{links(a)}</ul></div>'
    top = f"<div>FOR IMMEDIATE RELEASE</div><div>{s.at.year}-117</div>{h1(s)}"
    return Content(f"{menu()}<main>{top}{text}{side}</main>{footer()}", (first, *s.body[1:]))


@layout(held_out=True)
def _investor_pages_of_a_company(s: Story, a: Surroundings) -> Content:
    contact = "<div class=module_contact><p><b>Investors:</b><br>Nora Lind<br>ir@meridian.example</p></div>"
    text = f'<div class="module_body"><div class="q4default">{p(s.body)}</div></div>{contact}'
    tools = "<ul class=module_links><li><a href=/pdf>Print version</a></li><li><a href=/rss>RSS</a></li></ul>"
    side = f"<div class=module_related><h3>More releases</h3>{links(a, '<div><a href=/{n}>{0}</a></div>')}</div>"
    return Content(f"{menu()}<div class=module>{h1(s)}{tools}{text}</div>{side}{footer()}", s.body)


@layout(held_out=True)
def _government(s: Story, a: Surroundings) -> Content:
    contents = "<nav role=navigation><h2>Contents</h2><ol><li><a href=#a>What changes</a></li></ol></nav>"
    text = f'{contents}<div class="govspeak"><h2 id=a>What changes</h2>{p(s.body)}</div>'
    share = "<div class=gem-share><h2>Share this page</h2><a href=/f>Facebook</a><a href=/x>X</a></div>"
    update = f"<div class=published-dates>Published {s.at:%d %B %Y}</div>"
    side = f"<div class=related-navigation><h2>Related content</h2><ul>{links(a)}</ul></div>"
    return Content(f"{menu()}<main>{h1(s)}{text}{share}{update}</main>{side}{footer()}", ("What changes", *s.body))


@layout(held_out=True)
def _one_sentence_and_a_large_table(s: Story, a: Surroundings) -> Content:
    cells = [(f"{n:02}:30", f"Index of sector {n}", f"{n}.{n}%", f"{n}.1%") for n in range(1, 16)]
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in cells)
    text = f"{p(s.body[:1])}<table><tbody>{rows}</tbody></table>"
    return Content(
        f"{menu()}<article>{h1(s)}{text}</article><ul>{links(a)}</ul>{footer()}",
        (*s.body[:1], *(" ".join(row) for row in cells)),
    )


# --- newspapers -----------------------------------------------------------------------------------------------------


@layout(held_out=True, language="de")
def _german_newspaper(s: Story, a: Surroundings) -> Content:
    mark = "<div class=ad-label>Anzeige</div>"
    teaser = f"<div class=article-teaser><a href=/1><span>Mehr zum Thema</span><h4>{a.teasers[0]}</h4></a></div>"
    text = f"{p(s.body[:2])}{mark}{p(s.body[2:3])}{teaser}{mark}{p(s.body[3:])}"
    return Content(f"{menu()}<main><article>{h1(s)}{text}</article></main><p>Zur Startseite</p>{footer()}", s.body)


@layout(held_out=True, language="ru")
def _russian_agency(s: Story, a: Surroundings) -> Content:
    block = '<div class="article__block" data-type="text"><div class="article__text">{0}</div></div>'
    card = f'<div class="article__block" data-type="article"><a href=/1>{a.teasers[0]}</a><div>Вчера, 17:20</div></div>'
    text = f"{each(s.body[:2], block)}{card}{each(s.body[2:], block)}"
    tags = "<div class=article__tags><a href=/t>Экономика</a><a href=/u>Пермь</a></div>"
    return Content(f"{menu()}<div class=article>{h1(s)}<div>{text}</div>{tags}</div><ul>{links(a)}</ul>", s.body)


@layout(held_out=True, language="ja")
def _japanese_newspaper(s: Story, a: Surroundings) -> Content:
    wall = "<div class=wall><p>有料会員限定記事</p><p>残り1200文字</p><a href=/s>会員登録する</a></div>"
    return Content(f"{menu()}<article>{h1(s)}{p(s.body[:3])}{wall}</article><ul>{links(a)}</ul>", s.body[:3])


@layout(held_out=True)
def _tabloid(s: Story, a: Surroundings) -> Content:
    picture = (
        "<div class=artSplitter><img src=a.jpg><p class=imageCaption>The mayor arrives at the plant on foot</p></div>"
    )
    lines = tuple(part.strip() + "." for line in s.body for part in line.replace('"', "").split(".") if len(part) > 3)
    more = f"<ul class=rotator>{links(a)}</ul>"
    text = f"{p(lines[:3])}{picture}{p(lines[3:6])}{more}{picture}{p(lines[6:])}"
    return Content(f"{menu()}<div id=js-article-text>{h1(s)}{by(s)}{text}</div>{footer()}", lines)


@layout(held_out=True)
def _magazine(s: Story, a: Surroundings) -> Content:
    dek = "A plant in the rain divides a town and unites its creditors"
    text = f"<section>{p(s.body[:4])}</section><iframe src=/letter></iframe><section>{p(s.body[4:])}</section>"
    end = "This article appeared in the Business section of the print edition under another headline"
    top = f"<span>Business | Steel</span>{h1(s)}<h2>{dek}</h2><time datetime={s.at:%Y-%m-%d}>{s.at:%b %d %Y}</time>"
    body = f"{menu()}<main><article>{top}{text}<p>{end}</p></article></main><ul>{links(a)}</ul>{footer()}"
    return Content(body, (dek, *s.body, end))


@layout(held_out=True)
def _portal_with_also_read(s: Story, a: Surroundings) -> Content:
    also = f"<p><strong>ALSO READ | <a href=/1>{a.teasers[0]}</a></strong></p>"
    end = "(With inputs from agencies)"
    text = f"{p(s.body[:2])}{also}{p(s.body[2:5])}{also}{p(s.body[5:])}<p>{end}</p>"
    app = "<div class=app><p>Download the app to read all of it on your phone</p></div>"
    return Content(f"{menu()}<div class=story_content>{h1(s)}{by(s)}{text}{app}</div>{footer()}", (*s.body, end))


@layout(held_out=True)
def _next_stories_under_second_headings(s: Story, a: Surroundings) -> Content:
    other = write_story("another story below")
    following = f"<div class=story><h2><a href=/n>{other.title}</a></h2>{p(other.body[:2])}</div>"
    body = f"{menu()}<div class=stream><div class=story>{h1(s)}{by(s)}{p(s.body)}</div>{following}</div>"
    return Content(f"{body}<ul>{links(a)}</ul>", s.body, head(s, ld(s)))


# --- portals of finance, brokers ------------------------------------------------------------------------------------


@layout(held_out=True)
def _finance_portal(s: Story, a: Surroundings) -> Content:
    rows = "".join(f"<tr><td><a href=/q/{n}>IX{n}</a></td><td>{n}12.3</td><td>+0.{n}%</td></tr>" for n in range(1, 9))
    side = f"<div class=col-right><table class=quotes>{rows}</table>{links(a, '<p><a href=/{n}>{0}</a></p>')}</div>"
    chart = "<div class=chart><span>1D</span><span>5D</span><span>1M</span><span>Chart by Meridian</span></div>"
    text = f"{p(s.body[:2])}{chart}{p(s.body[2:])}"
    return Content(
        f"{menu()}<div class=row><div class=col-left>{h1(s)}{by(s)}{text}</div>{side}</div>{footer()}", s.body
    )


@layout(held_out=False)
def _broker_blog(s: Story, a: Surroundings) -> Content:
    contents = "<div class=toc><p>Table of contents</p><ul><li><a href=#1>The plan</a></li></ul></div>"
    risk = ("Contracts for difference are complex and most accounts of private clients lose money on them.",) * 3
    text = f"{contents}<h2 id=1>The plan</h2>{p(s.body)}"
    legal = f"<div class=risk-warning>{p(risk)}</div>"
    cta = "<div class=cta><h3>Trade with us</h3><a href=/open>Open account</a></div>"
    body = f"{menu()}<div class=blog-post>{h1(s)}{text}{cta}</div>{legal}<ul>{links(a)}</ul>{footer()}"
    return Content(body, ("The plan", *s.body))


@layout(held_out=True)
def _stock_note_with_rating_box(s: Story, a: Surroundings) -> Content:
    box = "<dl class=rating><dt>Rating</dt><dd>Buy</dd><dt>Target</dt><dd>41.20</dd></dl>"
    aside = f"<aside>{box}<h3>Also rated</h3>{links(a)}</aside>"
    return Content(f"{menu()}<article>{h1(s)}{aside}{p(s.body)}</article>{footer()}", s.body, head(s, ld(s)))


# --- blogs, forums, others ------------------------------------------------------------------------------------------


@layout(held_out=False)
def _old_blog(s: Story, a: Surroundings) -> Content:
    text = f"<div class='post-body entry-content'>{'<br /><br />'.join(s.body)}<div style='clear: both;'></div></div>"
    end = f"<div class=post-footer>Posted by {s.authors[0]} at {s.at:%H:%M} <a href=/c>3 comments</a></div>"
    archive = "".join(f"<li><a href=/{n}>Month {n} ({n})</a></li>" for n in range(1, 13))
    side = f"<div class=sidebar><h2>Blog Archive</h2><ul>{archive}</ul><h2>Popular</h2><ul>{links(a)}</ul></div>"
    post = f"<h2 class=date-header>{s.at:%A, %B %d, %Y}</h2><h3 class='post-title'>{s.title}</h3>{text}{end}"
    return Content(f"<div class=main><div class=post>{post}</div></div>{side}", s.body)


@layout(held_out=True)
def _forum_thread(s: Story, a: Surroundings) -> Content:
    first = f"<div class=message><div class=message-body>{p(s.body)}</div></div>"
    replies = each(a.remarks, "<div class=message><div class=message-body><p>{0}</p></div><span>#{n}</span></div>")
    return Content(f"{menu()}{h1(s)}<div class=thread>{first}<h3>4 replies</h3>{replies}</div>{footer()}", s.body)


@layout(held_out=True)
def _encyclopedia(s: Story, a: Surroundings) -> Content:
    notes = each(("Annual report", "Notice of the court"), "<li id=n{n}><a href=#r{n}>^</a> {0}</li>")
    lines = "".join(f'<p>{line}<sup class=reference><a href="#n1">[1]</a></sup></p>' for line in s.body)
    box = "<table class=infobox><tr><th>Founded</th><td>1921</td></tr></table>"
    refs = f"<div class=reflist><h2>References</h2><ol>{notes}</ol></div>"
    around = f"<div class=navbox>{links(a, '<a href=/{n}>{0}</a> · ')}</div>"
    read = ("Founded 1921", *(f"{line} [1]" for line in s.body))
    return Content(f"<main>{h1(s)}<div class=mw-parser-output>{box}{lines}{refs}{around}</div></main>", read)


@layout(held_out=True)
def _letter_of_several_items(s: Story, a: Surroundings) -> Content:
    items = each(s.body, "<h3>Item {n}</h3><p>{0}</p><hr>")
    read = tuple(f"Item {n} {line}" for n, line in enumerate(s.body, 1))
    end = "<p><a href=/u>Unsubscribe</a> | <a href=/v>View in browser</a></p>"
    return Content(f"<table><tr><td>{h1(s)}{items}{end}</td></tr></table><ul>{links(a)}</ul>", read, head(s, ld(s)))


@layout(held_out=True)
def _podcast(s: Story, a: Surroundings) -> Content:
    notes = f"<div class=episode-notes>{p(s.body[:2])}</div>"
    transcript = f"<details><summary>Transcript</summary>{p(s.body[2:])}</details>"
    more = f"<section><h2>More episodes</h2>{links(a, '<div><a href=/{n}>{0}</a> <span>31 min</span></div>')}</section>"
    return Content(f"{menu()}<main>{h1(s)}<audio src=a.mp3></audio>{notes}{transcript}</main>{more}", s.body)
