"""The page of one article's links, derived step by step: the lines of `signals explain`, section by section."""

from __future__ import annotations

from html import escape
from itertools import groupby

from signals.reports.columns import INDENT
from signals.reports.explanation import explanation_lines
from signals.reports.links_table import CAUTION
from signals.reports.page import document, element
from signals.types import Explanation


def explanation_page(explanation: Explanation) -> str:
    """Return the page of an explanation."""
    title = explanation.article.article.title
    parts = ['<header class="top"><div>', element("h1", title), "</div></header><main>"]
    for is_head, lines in groupby(explanation_lines(explanation), key=lambda line: line[1] == "bold"):
        if is_head:
            parts += ['<section class="panel">', *(element("h2", text) for text, _ in lines)]
        else:
            text = escape("\n".join(text.removeprefix(INDENT) for text, _ in lines).strip("\n"))
            parts += [f'<pre class="derivation">{text}</pre></section>']
    parts += ["</main><footer>", element("p", CAUTION), "</footer>"]
    return document(f"Why: {title}", "\n".join(parts))
