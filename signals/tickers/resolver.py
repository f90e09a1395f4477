"""An article -> its mentions: every tag found, tied to an instrument or refused with the reason.

Never dropped and never guessed: a code that no instrument answers to, an alias that meant the instrument on other days
and one that several instruments share are kept as refused mentions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from signals.tickers.matcher import Automaton, Matcher, words
from signals.tickers.plain import Plain
from signals.tickers.relevance import Standing, is_boilerplate, is_list, is_quoted, judge
from signals.tickers.spellings import Key, Spelling, spellings, tag_keys
from signals.tickers.tags import CodeFinder
from signals.types import Article, Instrument, Mention, Role, Scheme, TagKind

# The best evidence first: a code names one listing, a name has to be read, a publisher's tag says that it was filed.
EVIDENCE = (TagKind.INLINE, TagKind.CASHTAG, TagKind.NAME, TagKind.PAGE_TAG)

_PLACES = ("title", "body", "tags")

# A code at most this many characters after a name belongs to it: "Gazprom PJSC (MM:GAZP)" names Gazprom once.
_ASIDE = 20


class Refused(StrEnum):
    """Why a tag is not tied to an instrument."""

    UNKNOWN_TAG = "unknown_tag"
    AMBIGUOUS = "ambiguous"
    ALIAS_NOT_VALID = "alias_not_valid"
    NO_CONTEXT = "no_context"


@dataclass(frozen=True, slots=True)
class _Sighting:
    """One place where something stands that may be an instrument, with offsets into the plain text."""

    kind: TagKind
    keys: tuple[Key, ...]
    place: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Answer:
    ticker: str | None
    reason: str
    alias: str


_Group = tuple[TagKind, tuple[Key, ...]]


class Resolver:
    """Finds the instruments of a configuration in articles.

    Parameters
    ----------
    instruments
        Each with its aliases; `signals.tickers.spellings` says which more it implies.
    """

    def __init__(self, instruments: Sequence[Instrument]) -> None:
        index: defaultdict[Key, list[Spelling]] = defaultdict(list)
        for instrument in instruments:
            for key, spelling in spellings(instrument):
                index[key].append(spelling)
        self._index: Mapping[Key, Sequence[Spelling]] = dict(index)
        self._names: Matcher = Automaton(text for scheme, text in index if scheme is Scheme.NAME)
        self._codes = CodeFinder(
            frozenset(
                spelling.alias.text.strip("()[]").rpartition(":")[0]
                for found in index.values()
                for spelling in found
                if spelling.alias.scheme is Scheme.EXCHANGE
            )
        )

    def mentions(self, article: Article) -> tuple[Mention, ...]:
        """Return every tag of an article, in the order of title, body and page tags.

        A tag that stands several times is one mention with its count and first place. The mentions of one instrument
        share its role and relevance. An alias counts if it was valid on the publication date as the article states
        it. A weak alias counts where one of its context words stands in the article, or where the prose names the
        instrument beyond doubt as well.
        """
        plain = {"title": Plain(article.title), "body": Plain(article.body)}
        texts = {place: each.text for place, each in plain.items()}
        groups: defaultdict[_Group, list[_Sighting]] = defaultdict(list)
        for sighting in sorted(
            self._sightings(article, texts), key=lambda s: (_PLACES.index(s.place), s.start, s.kind)
        ):
            groups[sighting.kind, sighting.keys].append(sighting)
        answers = self._answers(groups, article.stamp.wall.date(), texts)
        judged = _judgements(groups, answers, texts)
        return tuple(
            _mention(article, plain, seen, answers[group], judged.get(answers[group].ticker or "", (None, None)))
            for group, seen in groups.items()
        )

    def _sightings(self, article: Article, texts: Mapping[str, str]) -> Iterator[_Sighting]:
        for place, text in texts.items():
            codes = list(self._codes.find(text))
            for code in codes:
                yield _Sighting(code.kind, code.keys, place, code.start, code.end)
            # NYSE in (NYSE:ICE) is not the company of that name.
            prose = _blanked(text, sorted((code.start, code.end) for code in codes))
            for found in self._names.find(prose, any_case=place == "title" and text.isupper()):
                keys = tuple((Scheme.NAME, name) for name in found.names)
                yield _Sighting(TagKind.NAME, keys, place, found.start, found.end)
        for n, tag in enumerate(article.tags):
            yield _Sighting(TagKind.PAGE_TAG, tag_keys(tag.text, tag.scheme), "tags", n, n)

    def _answers(
        self, groups: Mapping[_Group, Sequence[_Sighting]], day: date, texts: Mapping[str, str]
    ) -> dict[_Group, _Answer]:
        prose = f" {' '.join(words(' '.join(texts.values())))} "

        def in_context(spelling: Spelling) -> bool:
            return any(f" {' '.join(words(phrase))} " in prose for phrase in spelling.alias.context)

        candidates = {group: [s for key in group[1] for s in self._index.get(key, ())] for group in groups}
        answers = {group: _answer(found, day, in_context) for group, found in candidates.items()}
        certain = {answer.ticker for (kind, _), answer in answers.items() if kind is not TagKind.PAGE_TAG}
        for group, answer in answers.items():
            if answer.reason == Refused.NO_CONTEXT:
                answers[group] = _answer(candidates[group], day, lambda spelling: spelling.ticker in certain)
        return answers


def best(mentions: Sequence[Mention], ticker: str) -> Mention | None:
    """Return the mention that carries the link of an article to `ticker`: the best evidence, then the first place."""
    linked = [mention for mention in mentions if mention.ticker == ticker]
    return min(linked, key=lambda m: (EVIDENCE.index(m.kind), _PLACES.index(m.where), m.start, m.tag), default=None)


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    pieces, at = [], 0
    for start, end in spans:
        pieces += [text[at:start], "\0" * (end - max(at, start))]
        at = max(at, end)
    return "".join([*pieces, text[at:]])


def _answer(found: Sequence[Spelling], day: date, in_context: Callable[[Spelling], bool]) -> _Answer:
    if not found:
        return _Answer(None, Refused.UNKNOWN_TAG.value, "")
    valid = [spelling for spelling in found if spelling.alias.valid_on(day)]
    if not valid:
        return _Answer(None, Refused.ALIAS_NOT_VALID.value, _listed(found))
    held = [spelling for spelling in valid if spelling.alias.strong or in_context(spelling)]
    if not held:
        return _Answer(None, Refused.NO_CONTEXT.value, _listed(valid))
    if len({spelling.ticker for spelling in held}) > 1:
        return _Answer(None, Refused.AMBIGUOUS.value, _listed(held))
    return _Answer(held[0].ticker, "", str(held[0]))


def _listed(found: Sequence[Spelling]) -> str:
    return "; ".join(sorted({f"{spelling.ticker} ({spelling})" for spelling in found}))


def _mention(
    article: Article,
    plain: Mapping[str, Plain],
    seen: Sequence[_Sighting],
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


# --- role and relevance ---------------------------------------------------------------------------------------------


def _judgements(
    groups: Mapping[_Group, Sequence[_Sighting]], answers: Mapping[_Group, _Answer], texts: Mapping[str, str]
) -> dict[str, tuple[Role, float]]:
    """Return the role and relevance of every instrument that the article names or is tagged with."""
    in_prose: defaultdict[str, list[_Sighting]] = defaultdict(list)
    tagged: set[str] = set()
    unknown = 0
    for (kind, _), seen in groups.items():
        ticker = answers[kind, _].ticker
        if kind is TagKind.PAGE_TAG:
            tagged |= {ticker} if ticker else set()
        elif ticker:
            in_prose[ticker] += seen
        elif kind is not TagKind.NAME:
            unknown += len(seen)
    namings = {ticker: _namings(seen) for ticker, seen in in_prose.items()}
    total = unknown + sum(map(len, namings.values()))
    tags = sum(kind is TagKind.PAGE_TAG for kind, _ in groups)
    listed, has_body = is_list(texts["title"]), bool(texts["body"].strip())

    def standing(ticker: str) -> Standing:
        named = namings.get(ticker, ())
        if not named:
            return Standing(False, 1.0, 0, 1 / tags, has_body, listed)
        in_title = named[0].place == "title"
        return Standing(
            in_title=in_title,
            first=0.0 if in_title else named[0].start / len(texts["body"]),
            count=len(named),
            share=len(named) / total,
            has_body=has_body,
            list_like=listed,
            quoted=all(is_quoted(texts[n.place], n.start, n.end) for n in named),
            boilerplate=all(n.place == "body" and is_boilerplate(texts["body"], n.start) for n in named),
        )

    return {ticker: judge(standing(ticker)) for ticker in sorted({*namings, *tagged})}


def _namings(seen: Sequence[_Sighting]) -> list[_Sighting]:
    """Put the sightings in order, with a name and the code after it as one."""
    namings: list[_Sighting] = []
    for sighting in sorted(seen, key=lambda s: (_PLACES.index(s.place), s.start)):
        last = namings[-1] if namings and sighting.kind is not TagKind.NAME else None
        if last and last.place == sighting.place and sighting.start - last.end <= _ASIDE:
            namings[-1] = replace(last, end=sighting.end)
        else:
            namings.append(sighting)
    return namings
