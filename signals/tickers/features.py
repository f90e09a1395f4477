"""All that stands in an article -> the standing of each instrument that it names or is tagged with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set

from signals.tickers.occurrences import Sighting, in_order
from signals.tickers.relevance import LEAD, Standing, is_boilerplate, is_list, is_quoted, is_venue
from signals.types import TagKind

# A code at most this many characters after a name belongs to it: "Gazprom PJSC (MM:GAZP)" names Gazprom once.
_ASIDE = 20

Linked = Iterable[tuple[str | None, Sequence[Sighting]]]


def standings(linked: Linked, texts: Mapping[str, str], venues: Set[str]) -> dict[str, Standing]:
    """Return ticker: standing.

    Parameters
    ----------
    linked
        Sightings of one kind with the ticker that they are tied to, None if they were refused.
    texts
        The plain title and body.
    venues
        Tickers of exchanges, which may be only where something trades.
    """
    in_prose: defaultdict[str, list[Sighting]] = defaultdict(list)
    tagged: set[str] = set()
    unknown = tags = 0
    for ticker, seen in linked:
        if seen[0].kind is TagKind.PAGE_TAG:
            tags += 1
            tagged |= {ticker} if ticker else set()
        elif ticker:
            in_prose[ticker] += seen
        elif seen[0].kind is not TagKind.NAME:
            unknown += len(seen)
    if not in_prose and not tagged:
        return {}
    namings = {ticker: _namings(seen) for ticker, seen in in_prose.items()}
    total = unknown + sum(map(len, namings.values()))
    listed, has_body = is_list(texts["title"]), bool(texts["body"].strip())

    def standing(ticker: str) -> Standing:
        named = namings.get(ticker, ())
        if not named:
            return Standing(False, 1.0, 0, 1 / tags, has_body, listed)
        in_title = named[0].place == "title"
        return Standing(
            in_title=in_title,
            first=0.0 if in_title else named[0].start / max(len(texts["body"]), LEAD),
            count=len(named),
            share=len(named) / total,
            has_body=has_body,
            list_like=listed,
            quoted=all(
                is_quoted(texts[n.place], n.start, n.end) or (ticker in venues and is_venue(texts[n.place], n.start))
                for n in named
            ),
            boilerplate=all(n.place == "body" and is_boilerplate(texts["body"], n.start) for n in named),
        )

    return {ticker: standing(ticker) for ticker in sorted({*namings, *tagged})}


def _namings(seen: Sequence[Sighting]) -> list[Sighting]:
    """Put the sightings in order, with a name and the code after it as one."""
    namings: list[Sighting] = []
    for sighting in in_order(seen):
        last = namings[-1] if namings and sighting.kind is not TagKind.NAME else None
        if last and last.place == sighting.place and sighting.start - last.end <= _ASIDE:
            namings[-1] = last._replace(end=sighting.end)
        else:
            namings.append(sighting)
    return namings
