"""Compute the role of an instrument in an article, and its relevance to the article.

`role_and_relevance` is a pure function of the instrument's `Features`. The relevance never falls if the instrument
moves into the title, is named earlier, more often or with a larger share of all names. It never rises if the headline
is a list, if the instrument is only quoted, or if only boilerplate names it.

    prominence = 0.50 title + 0.25 (1 - first) + 0.25 count / (count + 2)
    relevance  = prominence x (0.5 + 0.5 share) x 0.3 if list x 0.5 if quoted x 0.1 if boilerplate

A headline without a body that carries the publisher's tag without the name has prominence 0.5, because the tag is the
publisher's own statement. The same tag on a page with a body that never names the instrument has prominence 0.1,
because sites tag freely.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from signals.types import Role

# An instrument in the body alone is a passing mention below this prominence times share: named once, after about the
# first half, or among several.
PASSING_BELOW = 0.21

MIN_BODY = 500  # characters; a shorter body counts as this long, because all of it is a beginning

_MAX_LINE = 2_000  # characters searched backwards for the beginning of a line
_REACH = 60  # characters before a name that may introduce it

# A headline with more tags than this lists the readers who may care, not its subjects.
FEW_TAGS = 5

_LIST_HEADLINE = re.compile(
    r"\b\d+ (?:[\w'’-]+ ){0,3}(?:stocks|movers|companies|names|etfs|gainers|losers|price target changes)\b"
    r"|\bstocks (?:that|which|hitting|moving|to watch|you should)\b"
    r"|\bearnings (?:scheduled|preview|reports?) (?:for|from)\b|\bearnings calendar\b"
    r"|\btop (?:[#\w'’-]+ )?(?:upgrades|downgrades|initiations|gainers|losers|movers)\b"
    r"|\b(?:market|volume|biggest|pre-?market|after-?hours|mid-?day) (?:movers|gainers|losers)\b"
    r"|\b52-week (?:highs|lows)\b|\bstocks? watch ?list\b|\bpress digest\b|\bweek ahead\b",
    re.IGNORECASE,
)
# A word of each alternative, because finding words is many times as fast as the pattern.
_LIST_WORDS = (
    *("stocks", "movers", "companies", "names", "etfs", "gainers", "losers", "target", "earnings", "upgrades"),
    *("downgrades", "initiations", "52-week", "watch", "digest", "week"),
)
_RATING = r"(?:buy|sell|hold|neutral|overweight|underweight|equal-?weight|(?:out|under|market |sector )?perform)"
_QUOTED_AFTER = re.compile(
    r"(?: & co(?:\.|mpany)?)?[)\]>]?(?:['’]s?)?\s+"
    r"(?:(?:equity |research |senior )?(?:analysts?|strategists?|economists?)\b"
    r"|(?:said|says|wrote) in a (?:research |client )?note\b"
    rf"|(?:maintains|reiterates|reinstates|resumes|assumes|initiates|starts)\s+(?:coverage|at |{_RATING}\b)"
    rf"|(?:maintains|reiterates)\s+(?:[\w'’.&-]+\s+){{1,5}}(?:at|with)\s+{_RATING}\b"
    r"|(?:up|down)grade[sd]\s+(?!to\b|by\b|at\b|from\b)"
    r"|(?:raises|lowers|cuts|lifts|hikes|trims|ups)\s+(?:[\w'’.&-]+\s+){0,4}(?:price target|target price|pt|rating)\b"
    r"|(?:newspaper|news agency|daily|reporters?)\b|(?:reported|reports|said|wrote)\b[^.\n]{0,60}\bciting\b)",
    re.IGNORECASE,
)
_QUOTED_BEFORE = re.compile(
    r"(?:(?:up|down)graded (?:by|at)|(?:analysts?|strategists?|economists?) (?:at|from|with)|brokers?|brokerage"
    r"|according to|citing|as reported by|(?:an|the) interview with|newspaper"
    r"|аналитик\w*|стратег\w*|эксперт\w*|экономист\w*|брокер\w*|газет\w*|агентств\w*|пишут?|сообща[ею]т|передает"
    r"|по (?:данным|мнению|словам|оценк\w+))\s+(?:the\s+)?[«\"“]?$",
    re.IGNORECASE,
)
_LAST_WORDS_BEFORE = frozenset(
    ["by", "at", "from", "with", "the", "to", "citing", "broker", "brokers", "brokerage", "newspaper"]
)
_CREDITED = re.compile(r"\s[-–—]$")  # U.S. drillers add rigs -Baker Hughes
# An exchange as the place of a trade: "Brent futures on the Intercontinental Exchange (NYSE:ICE)".
_TRADED_ON = re.compile(
    r"\b(?:futures|contracts?|trad(?:e|es|ed|ing)|listed|listing|quoted|settled|delivery|shares|stock)\b[^.\n]{0,60}?"
    r"\b(?:on|at) (?:the |london's |new york's |chicago's )?(?-i:[A-Z][\w&'-]* ){0,4}\(?$",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"\s*(?:©|\(c\)\s|copyright\b|disclosure\b|disclaimer\b|risk disclosure\b|\((?:additional )?reporting by\b"
    r"|latest comments\b|sign up\b|subscribe\b|follow us\b|share (?:this|on)\b|read (?:more|next)\b|see also\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Features:
    """The values of one instrument in one article that its role and relevance depend on.

    Attributes
    ----------
    in_title
        The title names it.
    first
        The position of its first name in the body, from 0 (the start) to 1 (the end, or never); 0 if the title names
        it. A body of less than `MIN_BODY` characters counts as that long.
    count
        The number of its names in title and body; a name with its code in brackets counts once.
    share
        Its share of all names, in (0, 1]; for an instrument that is only tagged, one over the number of tags.
    has_body
        The article has a body; without one it is a headline.
    list_like
        The headline announces a list: "Stocks That Hit 52-Week Highs".
    quoted
        Each of its names is that of a source (a bank whose analyst rates another company, a broker, a newspaper) or of
        an exchange as the place of a trade.
    boilerplate
        Each of its names is in boilerplate that was left in the body.
    """

    in_title: bool
    first: float
    count: int
    share: float
    has_body: bool
    list_like: bool = False
    quoted: bool = False
    boilerplate: bool = False


def role_and_relevance(features: Features) -> tuple[Role, float]:
    """Return the role and the relevance (0 to 1) of an instrument in an article; the module states the formula."""
    named = features.count > 0
    if named:
        frequency = features.count / (features.count + 2)
        prominence = 0.50 * features.in_title + 0.25 * (1 - features.first) + 0.25 * frequency
    else:
        prominence = 0.1 if features.has_body else 0.5
    weight = prominence * (0.5 + 0.5 * features.share)
    factor = (0.3 if features.list_like else 1) * (0.5 if features.quoted else 1) * (0.1 if features.boilerplate else 1)
    return _role(features, named, weight), round(weight * factor, 4)


def relevance_steps(features: Features) -> str:
    """Return the formula of an instrument's relevance with its numbers, as text."""
    if features.count:
        frequency = f"0.25 x {features.count} / ({features.count} + 2)"
        prominence = f"(0.50 x {int(features.in_title)} + 0.25 x (1 - {features.first:.3f}) + {frequency})"
    else:
        prominence = "0.1 (a tag, not named in the text)" if features.has_body else "0.5 (a tag on a headline)"
    optional = ((features.list_like, "0.3 (a list)"), (features.quoted, "0.5 (only quoted)"),
                (features.boilerplate, "0.1 (boilerplate)"))  # fmt: skip
    factors = [prominence, f"(0.5 + 0.5 x {features.share:.3f})", *(factor for applies, factor in optional if applies)]
    return f"{' x '.join(factors)} = {role_and_relevance(features)[1]:.4f}"


def _role(features: Features, named: bool, weight: float) -> Role:
    if features.boilerplate:
        return Role.BOILERPLATE
    if features.quoted:
        return Role.SOURCE
    if not named:
        few_tags = not features.has_body and features.share >= 1 / FEW_TAGS
        return Role.MENTIONED if few_tags and not features.list_like else Role.PASSING
    if features.list_like:
        return Role.MENTIONED if features.in_title else Role.PASSING
    dominant = features.first <= 0.25 and features.count >= 3 and features.share >= 0.5
    if features.in_title or dominant:
        return Role.SUBJECT
    return Role.MENTIONED if weight >= PASSING_BELOW else Role.PASSING


def is_list_headline(title: str) -> bool:
    """Return whether a headline announces a list of instruments."""
    lowered = title.lower()
    for word in _LIST_WORDS:
        if word in lowered:
            return _LIST_HEADLINE.search(title) is not None
    return False


def is_quoted(text: str, start: int, end: int) -> bool:
    """Return whether the name from `start` to `end` is a source on others: a bank's analysts, a broker, a newspaper."""
    if _QUOTED_AFTER.match(text, end):
        return True
    if end == len(text) and _CREDITED.search(text, max(0, start - 2), start):
        return True
    last = text[max(0, start - _REACH) : start].rstrip(' («"“').rpartition(" ")[2].lower()
    if last in _LAST_WORDS_BEFORE or not last.isascii():
        return _QUOTED_BEFORE.search(text, max(0, start - _REACH), start) is not None
    return False


def is_venue(text: str, start: int) -> bool:
    """Return whether the exchange named at `start` is the place of a trade."""
    return _TRADED_ON.search(text, max(0, start - 2 * _REACH), start) is not None


def is_boilerplate(text: str, start: int) -> bool:
    """Return whether the line around `start` begins like a notice, a credit or an invitation."""
    reach = max(0, start - _MAX_LINE)
    line = text.rfind("\n", reach, start) + 1
    return (line > 0 or reach == 0) and _BOILERPLATE.match(text, line) is not None
