"""Redaction: an article whose source allows only evidence to be stored keeps its title and the names in its text.

The rest of its text is blanked in place, letter by letter, so that offsets, lines and lengths stay what they were and
the mentions can be derived again. Names of a later alias in the blanked words are lost.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from signals.store import Connection, articles
from signals.tickers import Resolver
from signals.types import Keep

# Around a name stands how it is to be understood: who is quoted, what follows it, how its line begins.
AROUND, OPENING = 60, 30
BLANK = "\N{MIDDLE DOT}"
_WORD = re.compile(r"\w")


def redact_bodies(db: Connection, resolver: Resolver, ids: Collection[str]) -> None:
    """Blank the texts of articles, in all their revisions, whose sources allow no more than evidence to be stored."""
    bodies = {}
    for stored in articles.revisions(db, ids, Keep.EVIDENCE):
        body = blanked(stored.article.body, resolver.excerpts(stored.article))
        if body != stored.article.body:
            bodies[stored.article_id, stored.revision] = body
    articles.replace_bodies(db, bodies)


def blanked(body: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return a text of the same length that holds only some spans of it, with a little around each."""
    pieces, at = [], 0
    for start, end in sorted(_widened(body, spans)):
        if end > at:
            pieces += [_WORD.sub(BLANK, body[at : max(start, at)]), body[max(start, at) : end]]
            at = end
    return "".join([*pieces, _WORD.sub(BLANK, body[at:])])


def _widened(body: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end in spans:
        line = body.rfind("\n", 0, start) + 1
        yield line, min(line + OPENING, end)
        yield max(body.rfind(" ", 0, max(start - AROUND, 0)), 0), min(end + AROUND, len(body))
