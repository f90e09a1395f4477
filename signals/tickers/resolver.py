"""An article -> its mentions: every tag found, tied to an instrument or refused with the reason.

Never dropped and never guessed: a code that no instrument answers to, an alias that meant the instrument on other days
and one that several instruments share are kept as refused mentions.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from signals.tickers.aliases import Key, Spelling, spellings
from signals.tickers.exchanges import runs_an_exchange
from signals.tickers.features import standings
from signals.tickers.matcher import words
from signals.tickers.name_context import Look
from signals.tickers.names import Need
from signals.tickers.normalise import Plain
from signals.tickers.occurrences import PLACES, Lookout, Sighting, in_order
from signals.tickers.relevance import Standing, judge
from signals.types import Article, Instrument, Mention, Role, TagKind

# The best evidence first: a code names one listing, a name has to be read, a publisher's tag says that it was filed.
EVIDENCE = (TagKind.INLINE, TagKind.CASHTAG, TagKind.NAME, TagKind.PAGE_TAG)

# What says which listing of an issuer is meant, the best first; a name says nothing of it.
_LISTING_EVIDENCE = (TagKind.INLINE, TagKind.CASHTAG, TagKind.PAGE_TAG, TagKind.NAME)


class Refused(StrEnum):
    """Why a tag is not tied to an instrument."""

    UNKNOWN_TAG = "unknown_tag"
    AMBIGUOUS = "ambiguous"
    ALIAS_NOT_VALID = "alias_not_valid"
    NO_CONTEXT = "no_context"
    OTHER_LISTING = "other_listing"


class _Answer(NamedTuple):
    ticker: str | None
    reason: str
    alias: str


_Group = tuple[TagKind, tuple[Key, ...], Look | None]
_Tags = Mapping[tuple[TagKind, tuple[Key, ...], _Answer], Sequence[Sighting]]


class Resolver:
    """Finds the instruments of a configuration in articles.

    Parameters
    ----------
    instruments
        Each with its aliases; `signals.tickers.aliases` says which more it implies. Among the listings of one issuer
        the earlier ones come first.
    """

    def __init__(self, instruments: Sequence[Instrument]) -> None:
        index: defaultdict[Key, list[Spelling]] = defaultdict(list)
        for instrument in instruments:
            for key, spelling in spellings(instrument):
                index[key].append(spelling)
        self._index: Mapping[Key, Sequence[Spelling]] = dict(index)
        self._rank = {instrument.ticker: n for n, instrument in enumerate(instruments)}
        self._issuers = {i.ticker: i.issuer or i.ticker for i in instruments}
        self._venues = {i.ticker for i in instruments if runs_an_exchange(i.name)}
        self._lookout = Lookout(index)

    def mentions(self, article: Article) -> tuple[Mention, ...]:
        """Return every tag of an article, in the order of title, body and page tags.

        A tag that stands several times is one mention with its count and first place. The mentions of one instrument
        share its role and relevance. An alias counts if it was valid on the publication date as the article states
        it. A configured weak alias counts where one of its context words stands in the article, an implied one where
        it looks like a name; both where the article names the instrument beyond doubt as well.

        Of the listings of one issuer an article falls on one: that whose code stands in the prose, else that which the
        publisher tagged, else the first configured. Codes of the others are refused as `other_listing`.
        """
        plain = {"title": Plain(article.title), "body": Plain(article.body)}
        texts = {place: each.text for place, each in plain.items()}
        tags = self._tags(article, texts)
        judged = {ticker: judge(standing) for ticker, standing in self._standings(tags, texts).items()}
        return tuple(
            _mention(article, plain, in_order(seen), answer, judged.get(answer.ticker or "", (None, None)))
            for (_, _, answer), seen in tags.items()
        )

    def standings(self, article: Article) -> Mapping[str, Standing]:
        """Return what role and relevance of each instrument in an article are judged by."""
        texts = {"title": Plain(article.title).text, "body": Plain(article.body).text}
        return self._standings(self._tags(article, texts), texts)

    def _standings(self, tags: _Tags, texts: Mapping[str, str]) -> Mapping[str, Standing]:
        return standings(((answer.ticker, seen) for (_, _, answer), seen in tags.items()), texts, self._venues)

    def _tags(self, article: Article, texts: Mapping[str, str]) -> _Tags:
        groups: defaultdict[_Group, list[Sighting]] = defaultdict(list)
        for sighting in self._lookout.sightings(article, texts):
            groups[sighting.kind, sighting.keys, sighting.look].append(sighting)
        if not groups:
            return {}
        answers = self._one_listing(self._answers(groups, article.stamp.wall.date(), texts))
        tags: defaultdict[tuple[TagKind, tuple[Key, ...], _Answer], list[Sighting]] = defaultdict(list)
        for group, answer in answers.items():
            tags[group[0], group[1], answer] += groups[group]
        return tags

    def evidence(self, article: Article) -> list[tuple[int, int]]:
        """Return where the body holds what `mentions` goes by, as offsets: every sighting, and words of its context."""
        plain = {"title": Plain(article.title), "body": Plain(article.body)}
        texts = {place: each.text for place, each in plain.items()}
        seen = list(self._lookout.sightings(article, texts))
        found = (spelling for sighting in seen for key in sighting.keys for spelling in self._index.get(key, ()))
        phrases = {phrase for spelling in found for phrase in spelling.alias.context}
        spans = [(sighting.start, sighting.end) for sighting in seen if sighting.place == "body"]
        for phrase in phrases:
            spans += (match.span() for match in re.finditer(re.escape(phrase), texts["body"], re.IGNORECASE))
        return sorted((plain["body"].as_written(start), plain["body"].as_written(end)) for start, end in spans)

    def _answers(
        self, groups: Mapping[_Group, Sequence[Sighting]], day: date, texts: Mapping[str, str]
    ) -> dict[_Group, _Answer]:
        """Answer each group; what has to lean on the rest of the article is asked again once that is known."""
        candidates = {group: [s for key in group[1] for s in self._index.get(key, ())] for group in groups}
        others = {keys for _, keys, seen in groups if seen is Look.LEGAL}
        context = _Context(texts)

        def answer(group: _Group, certain: Set[str]) -> _Answer | None:
            _, keys, seen = group

            def holds(spelling: Spelling) -> bool:
                if spelling.short and keys in others:  # Minerva SA is not Minerva Neurosciences
                    return False
                return _holds(spelling, seen, certain) or (
                    spelling.need is Need.CONTEXT and context.holds(spelling.alias.context)
                )

            return _answer(candidates[group], day, holds, self._issuers)

        first = {group: answer(group, frozenset()) for group in groups}
        certain = {answer.ticker for answer in first.values() if answer and answer.ticker}
        if certain and len(certain) < len(first):
            first |= {group: answer(group, certain) for group, found in first.items() if not (found and found.ticker)}
        return {group: found for group, found in first.items() if found}

    def _one_listing(self, answers: Mapping[_Group, _Answer]) -> dict[_Group, _Answer]:
        """Let one listing of each issuer stand for all that the article names or tags."""
        tickers = {answer.ticker for answer in answers.values() if answer.ticker}
        if len(tickers) < 2 or len({self._issuers[ticker] for ticker in tickers}) == len(tickers):
            return dict(answers)
        named: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for (kind, _, _), answer in answers.items():
            if answer.ticker:
                listings = named[self._issuers[answer.ticker]]
                best_of = min(_LISTING_EVIDENCE.index(kind), listings.get(answer.ticker, len(_LISTING_EVIDENCE)))
                listings[answer.ticker] = best_of
        carriers = {
            ticker: min(listings, key=lambda t: (listings[t], self._rank[t]))
            for listings in named.values()
            for ticker in listings
        }

        def settled(kind: TagKind, answer: _Answer) -> _Answer:
            carrier = carriers.get(answer.ticker or "")
            if carrier is None or carrier == answer.ticker:
                return answer
            if kind is TagKind.NAME:
                return answer._replace(ticker=carrier)
            return _Answer(None, Refused.OTHER_LISTING.value, f"{answer.alias}, a listing of the issuer of {carrier}")

        return {group: settled(group[0], answer) for group, answer in answers.items()}


class _Context:
    """The words of an article, read once and only if an alias asks for them."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    @cached_property
    def _prose(self) -> str:
        return f" {' '.join(words(' '.join(self._texts.values())))} "

    def holds(self, phrases: Sequence[str]) -> bool:
        return any(f" {' '.join(words(phrase))} " in self._prose for phrase in phrases)


def best(mentions: Sequence[Mention], ticker: str) -> Mention | None:
    """Return the mention that carries the link of an article to `ticker`: the best evidence, then the first place."""
    linked = [mention for mention in mentions if mention.ticker == ticker]
    return min(linked, key=lambda m: (EVIDENCE.index(m.kind), PLACES.index(m.where), m.start, m.tag), default=None)


def _holds(spelling: Spelling, seen: Look | None, certain: Set[str]) -> bool:
    """Tell whether a spelling counts, by how it looks where it stands and by what else is certain in the article."""
    if not spelling.implied or seen is None:
        return spelling.need is not Need.CONTEXT or spelling.ticker in certain
    if spelling.need is Need.NOTHING:
        return seen is not Look.OTHER or " " in spelling.alias.text
    if seen in (Look.BOUND, Look.OTHER):
        return False
    if spelling.ticker in certain or spelling.need is Need.UNBOUND:
        return True
    if seen is Look.CAPITAL and spelling.short:  # what is left of Jacksonville Bancorp is a town, RBS is none
        return spelling.need is Need.LOOK and spelling.alias.text.isupper()
    return spelling.need is Need.LOOK and seen is not Look.BARE


def _answer(
    found: Sequence[Spelling], day: date, holds: Callable[[Spelling], bool], issuers: Mapping[str, str]
) -> _Answer | None:
    """Say which instrument is meant, or why none is; None for a guess that did not hold."""
    if not found:
        return _Answer(None, Refused.UNKNOWN_TAG.value, "")
    valid = [spelling for spelling in found if spelling.alias.valid_on(day)]
    held = [spelling for spelling in valid if holds(spelling)]
    proper = [spelling for spelling in held if not spelling.short]
    held = proper or held
    if len({issuers[spelling.ticker] for spelling in held}) == 1:
        return _Answer(held[0].ticker, "", str(held[0]))
    stated = [spelling for spelling in held or valid or found if not spelling.short]
    if not stated:
        return None
    reason = Refused.AMBIGUOUS if held else Refused.NO_CONTEXT if valid else Refused.ALIAS_NOT_VALID
    return _Answer(None, reason.value, _listed(stated))


def _listed(found: Sequence[Spelling]) -> str:
    return "; ".join(sorted({f"{spelling.ticker} ({spelling})" for spelling in found}))


def _mention(
    article: Article,
    plain: Mapping[str, Plain],
    seen: Sequence[Sighting],
    answer: _Answer,
    judged: tuple[Role | None, float | None],
) -> Mention:
    first = seen[0]
    if first.place == "tags":
        tag, start, end = article.tags[first.start].text, -1, -1
    else:
        text = plain[first.place]
        start, end = text.as_written(first.start), text.as_written(first.end)
        tag = text.written[start:end]
    return Mention(
        tag, first.kind, first.place, start, end, len(seen), answer.ticker, answer.reason, answer.alias, *judged
    )
