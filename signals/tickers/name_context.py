"""How a word that may be a name looks where it stands: as a name, as part of another one, or as neither.

"Target said", "shares of Target" and "when Target opened" name a company; "Price Target" and "Target Date" do not; in
"Target Rises On Results" only the verb tells. Nothing counts but what stands right beside the word, so the order of the
sentences of a text does not.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from signals.tickers.common_words import FIRST_NAMES, TRADES


class Look(StrEnum):
    """What stands beside a name.

    NAMED: words that show it to be one. CAPITAL: nothing but its own capital, where a common noun has none. LEGAL: a
    legal form. BARE: nothing to go by. BOUND: more of another name or phrase. OTHER: what makes one word a person's, a
    place's, an index' or another company's name (Harrison Ford, New Brunswick, MSCI world index, Gazprom Media).
    """

    NAMED = "named"
    CAPITAL = "capital"
    LEGAL = "legal"
    BARE = "bare"
    BOUND = "bound"
    OTHER = "other"


_REACH = 40
_DATELINE = 4  # letters of a word in capitals that is a dateline and no part of a name: WASHINGTON Harris Corp
_GAP = ' \t\n\0.,:;!?()[]{}<>«»„“”"*|/\\_=+–—•…'
_AFTER = re.compile(rf"('s\b|'(?=\s))?([^\w$]{{0,{_REACH}}})([\w$][\w&$-]{{0,{_REACH}}})?")
_INITIALS = re.compile(r"([^\W\d_])[^\W\d_]{3,}")
_OPENS = re.compile(r"[.:;!?\n\t*|\"“”()\[\]/]|^\s*[-–—]|\s[-–—]\s")  # a new sentence, item or bracket

_LEGAL_LIST = """
    inc incorporated corp corporation co company companies ltd limited plc llc llp lp ag se sa spa nv bv ab asa oyj
    pjsc ojsc jsc pao group holding holdings
"""
_NOUNS_LIST = """
    share shares stock stockholders shareholder shareholders bondholders investor investors ceo cfo coo cto chief
    chairman chairwoman chair president executive executives spokesman spokeswoman spokesperson board director
    directors officials employees workers staff managers analysts stores shops restaurants customers clients unit
    subsidiary earnings revenue revenues profit profits results guidance dividend ipo merger buyout takeover bid акции
    акций акциям акциями бумаги бумаг analyst eps option options q1 q2 q3 q4 fy volume holder holders stakeholders
"""
_VERBS_LIST = """
    said say says told tells report reports reported post posts posted announce announces announced unveil unveils
    unveiled launch launches launched plans planned agree agrees agreed buy buys bought acquire acquires acquired sell
    sells sold expect expects expected see sees saw name names named appoint appoints appointed hire hires hired rise
    rises rose fall falls fell jump jumps jumped drop drops dropped gain gains gained surge surges surged slide slides
    slid tumble tumbles tumbled soar soars soared slump slumps slumped sink sinks sank climb climbs climbed slip slips
    slipped plunge plunges plunged win wins won lose loses lost face faces faced declines declined declares declared
    reaffirms reaffirmed reiterates reiterated affirms lowers lowered raises raised boosts boosted lifts lifted hikes
    hiked cuts cut trims trimmed beats misses missed tops topped files filed sues sued settles settled recalls
    recalled opens opened closes closed wants wanted seeks sought considers considered mulls explores nears joins
    joined makes made takes took gets got gives gave offers offered pays paid adds added halts halted suspends
    suspended confirms confirmed denies denied warns warned rejects rejected withdraws withdrew completes completed
    reaches reached signs signed awarded receives received provides provided issues issued prices priced secures
    secured signals updates starts started begins began ends ended keeps kept puts put sets hits hit leads led backs
    backed rolls rolled reportedly upgraded downgraded initiated is was are were has had have will would could should
    may might can сообщил сообщила сообщило сообщили заявил заявила заявили отчитался отчиталась отчиталось купит
    купил купила продал продала продаст выплатит планирует увеличил увеличила снизил снизила подорожали подешевели
    accelerates achieves acknowledges adopts advances advised advises aims appeals approves asked asks assures
    attracts averts avoids awaits bans becomes believes blocks bolsters borrows breaks brings builds built calls
    cancels challenges changes charges claims collaborates combines comments commits competes concedes conducts
    continues contracts converts cooperates creates crosses dealt debuts defends delays delists delivers deploys
    develops directs disclosed discloses discontinues dismisses distributes divests doubles downplays earns eases
    elects eliminates employs enters estimates evaluates exceeds exits expanded expands explains extended extends
    fails fights finalizes fires focuses forecasts forms fuels goes grew grows guides hails helps holds hosts
    identifies impresses improves increased increases indicates initiates insists installs introduced introduces
    invested investigates invests invites lags lands lays leaves licenses looks maintains manages merges monitors
    moved moves negotiates obtains opts ousts outlines outpaces outperforms overtakes owns pauses peaks phases
    picks pledges poised predicts prepares preps presents prevails produces promises promotes prompts proposed
    proposes pulls purchases pursues pushes ramps reacts realigns rebounds recommends recovers redeems reduces refiles
    refinances regains registers reinstates released releases remains renames renews reorganizes repays replaces
    replied requests requires resigns resolves responds restates restructures resumes retains retires retreats returns
    reveals revises rewards scores scraps sheds shifts ships showcases shows shrinks shuts spends spins sponsors
    stakes stands stops strengthens strikes submits subpoenaed succeeds suffers supplies supports swings switches
    teams thinks threatens touts tracks traded trading trails transfers tries triples turns unloads urges uses visits
    votes vows walks weighs welcomes withholds works
"""
_KINDS_LIST = """
    retailer automaker carmaker planemaker maker chipmaker drugmaker giant chain company firm insurer lender bank
    broker brokerage rival operator provider producer supplier miner airline carrier parent owner group competitor
    developer startup manufacturer conglomerate utility builder distributor ретейлер ритейлер ретейлера ритейлера
    компания компании компанию компанией группа группы группе банк банка холдинг холдинга застройщик оператор концерн
    корпорация акции акций акциям бумаги бумаг пао ао ооо оао афк гк мкпао
"""
_RATES_LIST = """
    upgrades downgrades upgrade downgrade likes buys acquires sues owns
"""
_PREPOSITIONS_LIST = """
    on at of from by with for vs versus against behind inside between
"""
_SMALL_LIST = """
    a an the and or but nor if as so yet in to into up down out off over under about after before since until till
    when where while why how what which who whose that this these those it its his her their our is are was were be
    been not no new than via per amid near both either also only just even now then because though although despite
    during with monday tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december today yesterday tomorrow update exclusive brief corrected refile mr mrs
    ms dr и в на с у о об от до по за из для при но а или что как если к со во
"""
_PLACE_HEADS_LIST = """
    new north south east west port fort mount mt saint st lake san santa los las el la le de du von van cape judge
    senator sen rep gov governor mayor sir lord lady dr mr mrs ms miss professor prof
"""

_LEGAL = frozenset(_LEGAL_LIST.split())
_NOUNS = frozenset(_NOUNS_LIST.split())
_VERBS = frozenset(_VERBS_LIST.split())
_KINDS = frozenset(_KINDS_LIST.split())
_RATES = frozenset(_RATES_LIST.split())
_PREPOSITIONS = frozenset(_PREPOSITIONS_LIST.split())
_SMALL = _PREPOSITIONS | frozenset(_SMALL_LIST.split())
_PLACE_HEADS = FIRST_NAMES | frozenset(_PLACE_HEADS_LIST.split())
_TELLING = _NOUNS | _VERBS
_BESIDE = _SMALL | _KINDS | _RATES | _TELLING | _LEGAL
_INDEX_WORDS = "all-country|acwi|asia|biotech|composite|emerging|europe|global|markets?|russia|stock|tech|world|\\d+"
_INDEX = re.compile(rf"(?: (?:{_INDEX_WORDS})\b){{0,5}} (?:index|indices|indexes)\b", re.IGNORECASE)
_VERSIONS = ("update", "wrapup", "updated")
_PREFIXES = frozenset(["ex", "non", "anti", "pro", ""])
_OFFICES = frozenset(
    ["boss", "ceo", "cfo", "chairman", "chairwoman", "president", "founder", "minister", "secretary", "mayor", "judge"]
)
_RATED = re.compile(r" (?:price target|pt|estimates?|coverage)\b", re.IGNORECASE)


def look(text: str, start: int, end: int, title_case: bool) -> Look:
    """Return how the word or words from `start` to `end` of a plain text look; `title_case` is the text's."""
    if text[start - 1 : start] == "«" and text[end : end + 1] == "»":
        return Look.NAMED
    before, after = _before(text, start), _after(text, end)
    if " " not in text[start:end] and (_is_person_or_place(before) or _is_of_another(text, end, after, title_case)):
        return Look.OTHER
    if _is_joined(text, start) or (before.touches and before.is_capital and before.word not in _BESIDE):
        return Look.BOUND
    if after.touches and after.word in _LEGAL:
        return Look.LEGAL
    told = after.of_it or (after.touches and after.word in _TELLING) or _RATED.match(text, end) is not None
    told = told and not (before.touches and before.word == "in")  # a factory in Jacksonville opened
    if not told and after.touches and after.is_capital and after.word not in _SMALL | _KINDS:
        return Look.BARE if title_case else Look.BOUND
    if told or (before.word in _KINDS and before.gap in (" ", ", ", " «")):
        return Look.NAMED
    if after.touches and after.word == "of":  # the discovery of gold
        return Look.BARE
    if title_case:
        if before.touches and before.word in _RATES:
            return Look.NAMED
        return Look.CAPITAL if before.touches and before.word in _PREPOSITIONS else Look.BARE
    opens = not before.word or _OPENS.search(before.gap) is not None
    return Look.BARE if opens or before.word == "the" else Look.CAPITAL


def _is_joined(text: str, start: int) -> bool:
    """Tell whether a hyphen ties the name to a number or a common word: 50-City, not ex-Apple nor UPDATE 1-Visa."""
    if text[start - 1 : start] != "-":
        return False
    said = text[max(0, start - _REACH) : start - 1].split(" ")
    if said[-1].isdigit() and said[-2:-1] and said[-2].lower().endswith(_VERSIONS):
        return False
    return not said[-1][:1].isupper() and said[-1].lower() not in _PREFIXES


def _is_person_or_place(before: _Neighbour) -> bool:
    if before.word in _OFFICES:
        return before.gap == " "
    return before.is_capital and before.gap in (" ", ". ") and before.word in _PLACE_HEADS


def _is_of_another(text: str, end: int, after: _Neighbour, title_case: bool) -> bool:
    if _INDEX.match(text, end):
        return True
    return after.touches and after.is_capital and after.word in TRADES and not title_case


def is_title_case(text: str) -> bool:
    """Tell whether a headline is written With Most Words In Capitals."""
    initials = "".join(_INITIALS.findall(text))
    return len(initials) > 1 and sum(map(str.isupper, initials)) >= 0.7 * len(initials)


class _Neighbour(NamedTuple):
    """The word beside a name, in lower case, and what stands between; `of_it` is a possessive on the name itself."""

    word: str
    gap: str
    is_capital: bool
    of_it: bool

    @property
    def touches(self) -> bool:
        return bool(self.word) and self.gap in (" ", "-") and not self.of_it


def _before(text: str, start: int) -> _Neighbour:
    head = text[max(0, start - _REACH) : start]
    trimmed = head.rstrip(_GAP)
    gap = head[len(trimmed) :]
    word = trimmed.split()[-1].lstrip(_GAP) if trimmed else ""
    if gap == ". " and len(word) > 1 and word[-2] == ".":  # the U.S. Energy Department
        gap = " "
    if word.endswith("'s"):  # Brazil's Petrobras
        return _Neighbour("'s", gap, False, False)
    if word.isupper() and len(word) >= _DATELINE:
        return _Neighbour("", "\n", False, False)
    last = word.rpartition("-")[2]  # of Amsterdam-based
    return _Neighbour(last.lower(), gap, last[:1].isupper(), False)


def _after(text: str, end: int) -> _Neighbour:
    found = _AFTER.match(text, end)
    owner, gap, word = found.groups(default="") if found else ("", "", "")
    return _Neighbour(word.lower(), gap, word[:1].isupper(), bool(owner))
