"""Layouts in other languages."""

from __future__ import annotations

from benchmarks.page_layouts.parts import each, footer, h1, head, ld, links, menu, p
from benchmarks.page_layouts.register import Content, layout
from benchmarks.page_stories import Story, Surroundings


@layout(held_out=False, language="de")
def _german(s: Story, a: Surroundings) -> Content:
    extra = f"<p>Lesen Sie auch: <a href=/1>{a.teasers[0]}</a></p>"
    return Content(
        f"{menu()}<article>{h1(s)}{p(s.body[:3])}{extra}{p(s.body[3:])}</article><ul>{links(a)}</ul>", s.body
    )


@layout(held_out=True, language="fr")
def _french(s: Story, a: Surroundings) -> Content:
    extra = f"<p><strong>À lire aussi</strong> <a href=/1>{a.teasers[0]}</a></p>"
    return Content(
        f"{menu()}<div class=article__content>{h1(s)}{p(s.body[:2])}{extra}{p(s.body[2:])}</div>{footer()}", s.body
    )


@layout(held_out=True, language="es")
def _spanish(s: Story, a: Surroundings) -> Content:
    return Content(
        f"{menu()}<div class=cuerpo>{h1(s)}{p(s.body)}</div><div class=mas><ul>{links(a)}</ul></div>", s.body
    )


@layout(held_out=False, language="ru")
def _russian(s: Story, a: Surroundings) -> Content:
    more = f"<div class=box><div>Читайте также</div>{links(a, '<a href=/{n}>{0}</a>')}</div>"
    return Content(f"{menu()}<div class=article__text>{h1(s)}{p(s.body[:2])}{more}{p(s.body[2:])}</div>", s.body)


@layout(held_out=False, language="ja")
def _japanese(s: Story, a: Surroundings) -> Content:
    return Content(f"{menu()}<article>{h1(s)}{p(s.body)}</article><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=True, language="uk")
def _ukrainian(s: Story, a: Surroundings) -> Content:
    text = each(s.body, "<div>{0}</div>")
    return Content(f"{menu()}<div class=news-text>{h1(s)}{text}</div><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=False, language="zh")
def _chinese(s: Story, a: Surroundings) -> Content:
    more = f"<div class=list><div>相关阅读</div>{links(a, '<div><a href=/{n}>{0}</a></div>')}</div>"
    return Content(f"{menu()}<div class=article-content>{h1(s)}{p(s.body)}</div>{more}{footer()}", s.body)


@layout(held_out=True, language="zh")
def _chinese_breaks(s: Story, a: Surroundings) -> Content:
    text = "<br/>".join(f"　　{line}" for line in s.body)
    return Content(f"{menu()}<div id=zoom>{h1(s)}<div>{text}</div></div><ul>{links(a)}</ul>", s.body, head(s, ld(s)))


@layout(held_out=False, language="ar")
def _arabic(s: Story, a: Surroundings) -> Content:
    body = f"<div dir=rtl>{menu()}<article>{h1(s)}{p(s.body)}</article><ul>{links(a)}</ul>{footer()}</div>"
    return Content(body, s.body)


@layout(held_out=True, language="ar")
def _arabic_divs(s: Story, a: Surroundings) -> Content:
    text = each(s.body, "<div>{0}</div>")
    more = f"<div class=also><h4>اقرأ أيضا</h4>{links(a, '<div><a href=/{n}>{0}</a></div>')}</div>"
    return Content(f"{menu()}<div class=news-text dir=rtl>{h1(s)}{text}{more}</div>{footer()}", s.body)


@layout(held_out=False, language="ko")
def _korean(s: Story, a: Surroundings) -> Content:
    text = "<br><br>".join(s.body)
    return Content(f"{menu()}<div id=articleBody>{h1(s)}<div>{text}</div></div><ul>{links(a)}</ul>{footer()}", s.body)


@layout(held_out=True, language="el")
def _greek(s: Story, a: Surroundings) -> Content:
    extra = f"<p>Διαβάστε επίσης: <a href=/1>{a.teasers[0]}</a></p>"
    return Content(
        f"{menu()}<article>{h1(s)}{p(s.body[:2])}{extra}{p(s.body[2:])}</article><ul>{links(a)}</ul>", s.body
    )


@layout(held_out=True, language="bg")
def _bulgarian(s: Story, a: Surroundings) -> Content:
    more = f"<div class=box><div>Още по темата</div>{links(a, '<a href=/{n}>{0}</a>')}</div>"
    return Content(f"{menu()}<div class=text>{h1(s)}{p(s.body[:2])}{more}{p(s.body[2:])}</div>{footer()}", s.body)
