"""Compute the relevance features of each instrument of an article from its occurrences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set

from signals.tickers.occurrences import Occurrence, in_reading_order
from signals.tickers.relevance import MIN_BODY, Features, is_boilerplate, is_list_headline, is_quoted, is_venue
from signals.types import TagKind

# A code within this many characters after a name counts with it: "Gazprom PJSC (MM:GAZP)" names Gazprom once.
_CODE_DISTANCE = 20

Linked = Iterable[tuple[str | None, Sequence[Occurrence]]]


def features(linked: Linked, texts: Mapping[str, str], venues: Set[str]) -> dict[str, Features]:
    """Return ticker: features.

    Parameters
    ----------
    linked
        Groups of occurrences of one kind, each with the ticker that it is linked to, None if it was refused.
    texts
        The normalised title and body.
    venues
        The tickers of exchanges, which an article may name only as the place of a trade.
    """
    in_text: defaultdict[str, list[Occurrence]] = defaultdict(list)
    tagged: set[str] = set()
    unknown = tags = 0
    for ticker, occurrences in linked:
        if occurrences[0].kind is TagKind.PAGE_TAG:
            tags += 1
            tagged |= {ticker} if ticker else set()
        elif ticker:
            in_text[ticker] += occurrences
        elif occurrences[0].kind is not TagKind.NAME:
            unknown += len(occurrences)
    if not in_text and not tagged:
        return {}
    distinct = {ticker: _distinct(occurrences) for ticker, occurrences in in_text.items()}
    total = unknown + sum(map(len, distinct.values()))
    list_like, has_body = is_list_headline(texts["title"]), bool(texts["body"].strip())

    def of_ticker(ticker: str) -> Features:
        named = distinct.get(ticker, ())
        if not named:
            return Features(False, 1.0, 0, 1 / tags, has_body, list_like)
        in_title = named[0].part == "title"
        return Features(
            in_title=in_title,
            first=0.0 if in_title else named[0].start / max(len(texts["body"]), MIN_BODY),
            count=len(named),
            share=len(named) / total,
            has_body=has_body,
            list_like=list_like,
            quoted=all(
                is_quoted(texts[name.part], name.start, name.end)
                or (ticker in venues and is_venue(texts[name.part], name.start))
                for name in named
            ),
            boilerplate=all(name.part == "body" and is_boilerplate(texts["body"], name.start) for name in named),
        )

    return {ticker: of_ticker(ticker) for ticker in sorted({*distinct, *tagged})}


def _distinct(occurrences: Sequence[Occurrence]) -> list[Occurrence]:
    """Return the occurrences in reading order, with a name and the code after it as one."""
    distinct: list[Occurrence] = []
    for occurrence in in_reading_order(occurrences):
        last = distinct[-1] if distinct and occurrence.kind is not TagKind.NAME else None
        if last and last.part == occurrence.part and occurrence.start - last.end <= _CODE_DISTANCE:
            distinct[-1] = last._replace(end=occurrence.end)
        else:
            distinct.append(occurrence)
    return distinct
