"""Find the mentions of an article: every tag, linked to an instrument or refused with the reason.

No tag is dropped and none is guessed. A code that no instrument has, an alias that meant the instrument on other days
and an alias that several instruments share are stored as refused mentions.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from signals.tickers.aliases import InstrumentAlias, Key, instrument_aliases, sister_keys
from signals.tickers.exchanges import is_exchange_operator
from signals.tickers.features import features
from signals.tickers.matcher import folded_words
from signals.tickers.name_context import JudgedScore, NameContext, is_title_case, name_score
from signals.tickers.names import Requirement
from signals.tickers.normalise import NormalisedText
from signals.tickers.occurrences import PARTS, Occurrence, Scanner, in_reading_order
from signals.tickers.relevance import Features, role_and_relevance
from signals.types import Article, Instrument, Mention, Role, Scheme, TagKind

# The mentions of an instrument by how much they prove, the most first: a code names one listing, a name has to be read,
# a publisher's tag only files the article.
KIND_PRIORITY = (TagKind.INLINE, TagKind.CASHTAG, TagKind.NAME, TagKind.PAGE_TAG)

# The same for the listings of an issuer, which a name does not distinguish.
_LISTING_PRIORITY = (TagKind.INLINE, TagKind.CASHTAG, TagKind.PAGE_TAG, TagKind.NAME)


class RefusalReason(StrEnum):
    """The reason why a tag is not linked to an instrument."""

    UNKNOWN_TAG = "unknown_tag"
    AMBIGUOUS = "ambiguous"
    ALIAS_NOT_VALID = "alias_not_valid"
    NO_CONTEXT = "no_context"
    OTHER_LISTING = "other_listing"


class _Resolution(NamedTuple):
    """The instrument of a group of occurrences, or the reason of its refusal, and the aliases that decided."""

    ticker: str | None
    reason: str
    alias: str


_Group = tuple[TagKind, tuple[Key, ...], NameContext | None]
_Tags = Mapping[tuple[TagKind, tuple[Key, ...], _Resolution], Sequence[Occurrence]]


class Resolver:
    """A finder of the instruments of a configuration in articles.

    Parameters
    ----------
    instruments
        The instruments with their aliases; `signals.tickers.aliases` lists the aliases that each implies. Among the
        listings of one issuer the earlier ones have priority.
    """

    def __init__(self, instruments: Sequence[Instrument]) -> None:
        index: defaultdict[Key, list[InstrumentAlias]] = defaultdict(list)
        for instrument in instruments:
            for key, alias in instrument_aliases(instrument):
                index[key].append(alias)
        self._index: Mapping[Key, Sequence[InstrumentAlias]] = dict(index)
        self._rank = {instrument.ticker: n for n, instrument in enumerate(instruments)}
        self._issuers = {i.ticker: i.issuer or i.ticker for i in instruments}
        self._venues = {i.ticker for i in instruments if is_exchange_operator(i.name)}
        self._scanner = Scanner(index)

    def mentions(self, article: Article) -> tuple[Mention, ...]:
        """Return every tag of an article, in the order of title, body and page tags.

        A tag that occurs several times is one mention with its count and first place. The mentions of one instrument
        share its role and relevance. An alias counts if it was valid on the publication date as the article states
        it. A weak alias of the configuration counts if the article holds one of its context words, an implied one if
        its context shows a name; both count if the article names the instrument for certain elsewhere.

        An article is linked to one listing of an issuer: the one whose code is in the text, else the one that the
        publisher tagged, else the first of the configuration. The codes of the others are refused as `other_listing`.
        """
        normalised = _normalised(article)
        texts = _texts(normalised)
        tags = self._tags(article, texts)
        if not tags:
            return ()
        judgements = {ticker: role_and_relevance(values) for ticker, values in self._features(tags, texts).items()}
        return tuple(
            _mention(
                article,
                normalised,
                in_reading_order(occurrences),
                resolution,
                judgements.get(resolution.ticker or "", (None, None)),
            )
            for (_, _, resolution), occurrences in tags.items()
        )

    def features(self, article: Article) -> Mapping[str, Features]:
        """Return, per instrument, the features from which its role and relevance in an article are computed."""
        texts = _texts(_normalised(article))
        return self._features(self._tags(article, texts), texts)

    def scores(self, article: Article) -> Mapping[tuple[str, int, int], JudgedScore]:
        """Return the scores of the names that were scored, by part, start and end in the source text."""
        normalised = _normalised(article)
        texts = _texts(normalised)
        title_case = {"title": is_title_case(texts["title"]), "body": False}
        scores: dict[tuple[str, int, int], JudgedScore] = {}
        for each in self._scanner.occurrences(article, texts):
            if each.context is not None and self._scanner.is_scored(each):
                score = name_score(texts[each.part], each.start, each.end, title_case[each.part])
                if score is not None:
                    source = normalised[each.part].source_offset
                    scores[each.part, source(each.start), source(each.end)] = score
        return scores

    def _features(self, tags: _Tags, texts: Mapping[str, str]) -> Mapping[str, Features]:
        linked = ((resolution.ticker, occurrences) for (_, _, resolution), occurrences in tags.items())
        return features(linked, texts, self._venues)

    def excerpts(self, article: Article) -> list[tuple[int, int]]:
        """Return the spans of the body on which `mentions` depends: the occurrences, and the context words of aliases.

        The spans are (start, end) offsets into the body, sorted.
        """
        normalised = _normalised(article)
        texts, body = _texts(normalised), normalised["body"]
        occurrences = list(self._scanner.occurrences(article, texts))
        aliases = (alias for each in occurrences for key in each.keys for alias in self._index.get(key, ()))
        phrases = {phrase for alias in aliases for phrase in alias.alias.context}
        spans = [(each.start, each.end) for each in occurrences if each.part == "body"]
        for phrase in phrases:
            spans += (match.span() for match in re.finditer(re.escape(phrase), body.text, re.IGNORECASE))
        return sorted((body.source_offset(start), body.source_offset(end)) for start, end in spans)

    def _tags(self, article: Article, texts: Mapping[str, str]) -> _Tags:
        groups: defaultdict[_Group, list[Occurrence]] = defaultdict(list)
        for occurrence in self._scanner.occurrences(article, texts):
            groups[occurrence.kind, occurrence.keys, occurrence.context].append(occurrence)
        if not groups:
            return {}
        resolutions = self._one_listing(self._resolutions(groups, article.stamp.wall.date(), texts))
        tags: defaultdict[tuple[TagKind, tuple[Key, ...], _Resolution], list[Occurrence]] = defaultdict(list)
        for group, resolution in resolutions.items():
            tags[group[0], group[1], resolution] += groups[group]
        return tags

    def _resolutions(
        self, groups: Mapping[_Group, Sequence[Occurrence]], day: date, texts: Mapping[str, str]
    ) -> dict[_Group, _Resolution]:
        """Resolve each group; a group without an instrument is resolved again with the certain instruments."""
        candidates = {group: self._candidates(group[1]) for group in groups}
        with_legal_form = {keys for _, keys, context in groups if context is NameContext.LEGAL_FORM}
        words = _ContextWords(texts)

        def resolve(group: _Group, certain: Set[str]) -> _Resolution | None:
            _, keys, context = group

            def counts(alias: InstrumentAlias) -> bool:
                if alias.short and keys in with_legal_form:  # Minerva SA is not Minerva Neurosciences
                    return False
                return _counts(alias, context, certain) or (
                    alias.requirement is Requirement.ARTICLE and words.hold(alias.alias.context)
                )

            return _resolve(candidates[group], day, counts, self._issuers)

        first = {group: resolve(group, frozenset()) for group in groups}
        certain = {resolution.ticker for resolution in first.values() if resolution and resolution.ticker}
        if certain and len(certain) < len(first):
            unlinked = [group for group, resolution in first.items() if not (resolution and resolution.ticker)]
            first |= {group: resolve(group, certain) for group in unlinked}
        return {group: resolution for group, resolution in first.items() if resolution}

    def _candidates(self, keys: Sequence[Key]) -> list[InstrumentAlias]:
        """List the aliases of the keys; for an exchange code that nothing has, those of the sister exchanges."""
        aliases = [alias for key in keys for alias in self._index.get(key, ())]
        if aliases or all(scheme is not Scheme.EXCHANGE for scheme, _ in keys):
            return aliases
        return [alias for key in keys for sister in sister_keys(key) for alias in self._index.get(sister, ())]

    def _one_listing(self, resolutions: Mapping[_Group, _Resolution]) -> dict[_Group, _Resolution]:
        """Link everything that the article names or tags of an issuer to one of its listings."""
        tickers = {resolution.ticker for resolution in resolutions.values() if resolution.ticker}
        if len(tickers) < 2 or len({self._issuers[ticker] for ticker in tickers}) == len(tickers):
            return dict(resolutions)
        priorities: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for (kind, _, _), resolution in resolutions.items():
            if resolution.ticker:
                listings = priorities[self._issuers[resolution.ticker]]
                priority = _LISTING_PRIORITY.index(kind)
                listings[resolution.ticker] = min(priority, listings.get(resolution.ticker, priority))
        chosen = {
            ticker: min(listings, key=lambda t: (listings[t], self._rank[t]))
            for listings in priorities.values()
            for ticker in listings
        }

        def relinked(kind: TagKind, resolution: _Resolution) -> _Resolution:
            listing = chosen.get(resolution.ticker or "")
            if listing is None or listing == resolution.ticker:
                return resolution
            if kind is TagKind.NAME:
                return resolution._replace(ticker=listing)
            detail = f"{resolution.alias}, a listing of the issuer of {listing}"
            return _Resolution(None, RefusalReason.OTHER_LISTING.value, detail)

        return {group: relinked(group[0], resolution) for group, resolution in resolutions.items()}


class _ContextWords:
    """The words of an article, computed once and only if an alias has context words."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    @cached_property
    def _words(self) -> str:
        return f" {' '.join(folded_words(' '.join(self._texts.values())))} "

    def hold(self, phrases: Sequence[str]) -> bool:
        return any(f" {' '.join(folded_words(phrase))} " in self._words for phrase in phrases)


def linking_mention(mentions: Sequence[Mention], ticker: str) -> Mention | None:
    """Return the mention that links an article to `ticker`: by the priority of its kind, then by its place."""
    linked = [mention for mention in mentions if mention.ticker == ticker]
    return min(linked, key=lambda m: (KIND_PRIORITY.index(m.kind), PARTS.index(m.where), m.start, m.tag), default=None)


def _normalised(article: Article) -> dict[str, NormalisedText]:
    return {"title": NormalisedText(article.title), "body": NormalisedText(article.body)}


def _texts(normalised: Mapping[str, NormalisedText]) -> dict[str, str]:
    return {part: each.text for part, each in normalised.items()}


_OTHER_NAMES = frozenset([NameContext.BOUND, NameContext.OTHER, NameContext.LONGER, NameContext.FOLLOWED])


def _counts(alias: InstrumentAlias, context: NameContext | None, certain: Set[str]) -> bool:
    """Return whether an alias counts, by its context and by the instruments that the article names for certain."""
    if not alias.implied or context is None:
        return alias.requirement is not Requirement.ARTICLE or alias.ticker in certain
    if alias.well_known and context in (NameContext.LONGER, NameContext.FOLLOWED):
        return alias.requirement in (Requirement.NONE, Requirement.NOT_BOUND)
    if alias.requirement is Requirement.NONE and context is not NameContext.LONGER:
        return context is not NameContext.OTHER or " " in alias.alias.text
    if context in _OTHER_NAMES:
        return False
    if alias.ticker in certain or alias.requirement is Requirement.NOT_BOUND:
        return True
    if context is NameContext.CAPITAL and alias.short:  # Jacksonville, short for Jacksonville Bancorp, is a town
        return alias.requirement is Requirement.NAME_CONTEXT and alias.alias.text.isupper()
    return alias.requirement is Requirement.NAME_CONTEXT and context is not NameContext.NEUTRAL


def _resolve(
    aliases: Sequence[InstrumentAlias],
    day: date,
    counts: Callable[[InstrumentAlias], bool],
    issuers: Mapping[str, str],
) -> _Resolution | None:
    """Return the instrument that is meant, or the reason of the refusal; None for a guess that does not count."""
    if not aliases:
        return _Resolution(None, RefusalReason.UNKNOWN_TAG.value, "")
    valid = [alias for alias in aliases if alias.alias.valid_on(day)]
    counting = [alias for alias in valid if counts(alias)]
    if len(counting) > 1:
        counting = [alias for alias in counting if not alias.short] or counting
    if len(counting) == 1 or len({issuers[alias.ticker] for alias in counting}) == 1:
        return _Resolution(counting[0].ticker, "", counting[0].label)
    candidates = [alias for alias in counting or valid or aliases if not alias.short]
    if not candidates:
        return None
    if counting:
        reason = RefusalReason.AMBIGUOUS
    else:
        reason = RefusalReason.NO_CONTEXT if valid else RefusalReason.ALIAS_NOT_VALID
    return _Resolution(None, reason.value, "; ".join(sorted({f"{alias.ticker} ({alias})" for alias in candidates})))


def _mention(
    article: Article,
    normalised: Mapping[str, NormalisedText],
    occurrences: Sequence[Occurrence],
    resolution: _Resolution,
    judgement: tuple[Role | None, float | None],
) -> Mention:
    first, count = occurrences[0], len(occurrences)
    if first.part == "tags":
        tag, start, end = article.tags[first.start].text, -1, -1
    else:
        text = normalised[first.part]
        start, end = text.source_offset(first.start), text.source_offset(first.end)
        tag = text.source[start:end]
    return Mention(tag, first.kind, first.part, start, end, count, *resolution, *judgement)
