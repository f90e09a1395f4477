"""The page of one article's links, derived step by step: the lines of `signals explain`, section by section."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from itertools import groupby
from typing import Any

from signals.reports.explanation import explanation_lines
from signals.reports.links_table import CAUTION
from signals.reports.page import document, element


def explanation_page(found: Mapping[str, Any]) -> str:
    """Return the page of what `signals.app.App.explain` found."""
    title = found["article"].article.title
    parts = ['<header class="top"><div>', element("h1", title), "</div></header><main>"]
    for is_head, lines in groupby(explanation_lines(found), key=lambda line: line[1] == "bold"):
        if is_head:
            parts += ['<section class="panel">', *(element("h2", text) for text, _ in lines)]
        else:
            text = escape("\n".join(text.removeprefix("    ") for text, _ in lines).strip("\n"))
            parts += [f'<pre class="derivation">{text}</pre></section>']
    parts += ["</main><footer>", element("p", CAUTION), "</footer>"]
    return document(f"Why: {title}", "\n".join(parts))
