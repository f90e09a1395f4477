"""What an instrument is to an article, and how much the article is about it.

`judge` is one pure function of what is known of the instrument in the article. Its relevance never falls when the
instrument moves into the title, is named earlier, more often or with a larger share of all that is named, and never
rises when the headline is a list, when the instrument is only quoted, or when only boilerplate names it.

    prominence = 0.50 title + 0.25 (1 - first) + 0.25 count / (count + 2)
    relevance  = prominence x (0.5 + 0.5 share) x 0.3 if list x 0.5 if quoted x 0.1 if boilerplate

A headline alone that carries the publisher's tag without the name has prominence 0.5: the tag is the publisher's own
statement. The same tag on a page that has a body and never names the instrument says little (0.1): sites tag freely.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from signals.types import Role

# Below this, an instrument that stands in the body and not in the title is a passing mention: once, after the first
# half or so, or among several.
PASSING_BELOW = 0.21

LEAD = 500

_LINE = 2_000  # characters: how far back the beginning of a line is looked for
_REACH = 60  # characters before a name within which it is introduced

# More tags than this on a headline are a list of who may care, not of whom it is about.
FEW_TAGS = 5

_LIST = re.compile(
    r"\b\d+ (?:[\w'’-]+ ){0,3}(?:stocks|movers|companies|names|etfs|gainers|losers|price target changes)\b"
    r"|\bstocks (?:that|which|hitting|moving|to watch|you should)\b"
    r"|\bearnings (?:scheduled|preview|reports?) (?:for|from)\b|\bearnings calendar\b"
    r"|\btop (?:[#\w'’-]+ )?(?:upgrades|downgrades|initiations|gainers|losers|movers)\b"
    r"|\b(?:market|volume|biggest|pre-?market|after-?hours|mid-?day) (?:movers|gainers|losers)\b"
    r"|\b52-week (?:highs|lows)\b|\bstocks? watch ?list\b|\bpress digest\b|\bweek ahead\b",
    re.IGNORECASE,
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
_LEADS_IN = frozenset(
    ["by", "at", "from", "with", "the", "to", "citing", "broker", "brokers", "brokerage", "newspaper"]
)
_CREDITED = re.compile(r"\s[-–—]$")  # U.S. drillers add rigs -Baker Hughes
# An exchange that is where something trades: "Brent futures on the Intercontinental Exchange (NYSE:ICE)".
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
class Standing:
    """What is known of one instrument in one article.

    Attributes
    ----------
    in_title
        It is named in the title.
    first
        Where it is first named in the body, from 0 (the start) to 1 (the end, or never); 0 if the title names it. A
        body of less than `LEAD` characters counts as that long: all of it is a beginning.
    count
        How often it is named in title and body; a name with its code in brackets is named once.
    share
        Its part of all that is named, in (0, 1]; for an instrument that is only tagged, one over the tags.
    has_body
        The article has a body; if not, it is a headline.
    list_like
        The headline announces a list: "Stocks That Hit 52-Week Highs".
    quoted
        Wherever it is named it speaks of others (an analyst's house, a broker, a newspaper), or it is an exchange that
        something trades on.
    boilerplate
        Wherever it is named it is in boilerplate that was left in the body.
    """

    in_title: bool
    first: float
    count: int
    share: float
    has_body: bool
    list_like: bool = False
    quoted: bool = False
    boilerplate: bool = False


def judge(standing: Standing) -> tuple[Role, float]:
    """Return the role and the relevance (0 to 1) of an instrument in an article; see the module for the formula."""
    named = standing.count > 0
    if named:
        frequency = standing.count / (standing.count + 2)
        prominence = 0.50 * standing.in_title + 0.25 * (1 - standing.first) + 0.25 * frequency
    else:
        prominence = 0.1 if standing.has_body else 0.5
    spread = prominence * (0.5 + 0.5 * standing.share)
    damped = (0.3 if standing.list_like else 1) * (0.5 if standing.quoted else 1) * (0.1 if standing.boilerplate else 1)
    return _role(standing, named, spread), round(spread * damped, 4)


def worked_out(standing: Standing) -> str:
    """Write the formula of an instrument's relevance with its numbers."""
    if standing.count:
        frequency = f"0.25 x {standing.count} / ({standing.count} + 2)"
        prominence = f"(0.50 x {int(standing.in_title)} + 0.25 x (1 - {standing.first:.3f}) + {frequency})"
    else:
        prominence = "0.1 (a tag, not named in the text)" if standing.has_body else "0.5 (a tag on a headline)"
    damped = ((standing.list_like, "0.3 (a list)"), (standing.quoted, "0.5 (only quoted)"),
              (standing.boilerplate, "0.1 (boilerplate)"))  # fmt: skip
    factors = [prominence, f"(0.5 + 0.5 x {standing.share:.3f})", *(factor for applies, factor in damped if applies)]
    return f"{' x '.join(factors)} = {judge(standing)[1]:.4f}"


def _role(standing: Standing, named: bool, spread: float) -> Role:
    if standing.boilerplate:
        return Role.BOILERPLATE
    if standing.quoted:
        return Role.SOURCE
    if not named:
        few = not standing.has_body and standing.share >= 1 / FEW_TAGS
        return Role.MENTIONED if few and not standing.list_like else Role.PASSING
    if standing.list_like:
        return Role.MENTIONED if standing.in_title else Role.PASSING
    dominant = standing.first <= 0.25 and standing.count >= 3 and standing.share >= 0.5
    if standing.in_title or dominant:
        return Role.SUBJECT
    return Role.MENTIONED if spread >= PASSING_BELOW else Role.PASSING


def is_list(title: str) -> bool:
    """Tell whether a headline announces a list of instruments."""
    return _LIST.search(title) is not None


def is_quoted(text: str, start: int, end: int) -> bool:
    """Tell whether what stands at `start` to `end` speaks of others: an analyst's house, a broker, a newspaper."""
    if _QUOTED_AFTER.match(text, end):
        return True
    if end == len(text) and _CREDITED.search(text, max(0, start - 2), start):
        return True
    last = text[max(0, start - _REACH) : start].rstrip(' («"“').rpartition(" ")[2].lower()
    if last in _LEADS_IN or not last.isascii():
        return _QUOTED_BEFORE.search(text, max(0, start - _REACH), start) is not None
    return False


def is_venue(text: str, start: int) -> bool:
    """Tell whether an exchange at `start` is only where something trades."""
    return _TRADED_ON.search(text, max(0, start - 2 * _REACH), start) is not None


def is_boilerplate(text: str, start: int) -> bool:
    """Tell whether the line around `start` opens as a notice, a credit or an invitation does."""
    reach = max(0, start - _LINE)
    opens = text.rfind("\n", reach, start) + 1
    return (opens > 0 or reach == 0) and _BOILERPLATE.match(text, opens) is not None
