"""Layouts whose text is not, or not only, in the elements of the page."""

from __future__ import annotations

import json

from benchmarks.page_layouts.parts import by, footer, h1, head, ld, links, menu, p
from benchmarks.page_layouts.register import Content, layout
from benchmarks.page_stories import Story, Surroundings


@layout(held_out=False)
def _paywall_stub(s: Story, a: Surroundings) -> Content:
    wall = (
        '<div class="paywall"><h3>Subscribe to continue reading</h3><p>Try it for four weeks for one pound.</p></div>'
    )
    body = f"{menu()}<article>{h1(s)}{by(s)}{p(s.body[:2])}{wall}</article><ul>{links(a)}</ul>{footer()}"
    return Content(body, s.body[:2], head(s, ld(s, isAccessibleForFree=False)))


@layout(held_out=True)
def _paywall_stated(s: Story, a: Surroundings) -> Content:
    body = f"{menu()}<article>{h1(s)}{by(s)}{p(s.body[:3])}<p>Log in to read on</p></article><ul>{links(a)}</ul>"
    return Content(body + footer(), s.body, head(s, ld(s, articleBody="\n\n".join(s.body))))


@layout(held_out=False)
def _json_ld_only(s: Story, a: Surroundings) -> Content:
    body = f'{menu()}<div id="app">{h1(s)}</div><ul>{links(a)}</ul>{footer()}'
    return Content(body, s.body, head(s, ld(s, articleBody=" ".join(s.body))))


@layout(held_out=True)
def _json_ld_markup(s: Story, a: Surroundings) -> Content:
    body = f'{menu()}<div id="app"></div>{links(a, "<p><a href=/{n}>{0}</a></p>")}{footer()}'
    return Content(body, s.body, head(s, ld(s, articleBody=p(s.body))))


@layout(held_out=False)
def _next_data(s: Story, a: Surroundings) -> Content:
    blocks = [{"type": "paragraph", "html": line} for line in s.body]
    more = [{"title": line, "url": f"/t/{n}"} for n, line in enumerate(a.teasers)]
    article = {"headline": s.title, "publishedAt": s.at.isoformat(), "body": blocks}
    data = {"props": {"pageProps": {"article": article, "related": more}}, "page": "/[slug]", "buildId": "x1"}
    script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script>'
    return Content(f'<div id="__next"><div class="spinner">Loading</div></div>{script}', s.body)


@layout(held_out=True)
def _preloaded_state(s: Story, a: Surroundings) -> Content:
    article = {"id": 7, "title": s.title, "content": {"rendered": p(s.body)}, "slug": "a-story"}
    data = {"story": {"current": article}, "lists": {"top": [{"title": t, "teaser": t} for t in a.teasers]}}
    script = f"<script>window.__PRELOADED_STATE__ = {json.dumps(data)};</script>"
    return Content(f'<div id="root"></div>{script}', s.body)


@layout(held_out=True)
def _hidden_until_expanded(s: Story, a: Surroundings) -> Content:
    rest = f'<div class="more-text" style="display:none">{p(s.body[2:])}</div><button>Read more</button>'
    body = f"{menu()}<article>{h1(s)}{p(s.body[:2])}{rest}</article><ul>{links(a)}</ul>{footer()}"
    return Content(body, s.body, head(s, ld(s, articleBody="\n".join(s.body))))
