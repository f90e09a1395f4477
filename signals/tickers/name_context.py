"""Classify the context of a word that may be a name: whether the words beside it show a name, another name or neither.

"Target said", "shares of Target" and "when Target opened" name a company; "Price Target" and "Target Date" do not; in
"Target Rises On Results" only the verb decides. Only the words directly beside the name count, so the order of the
sentences does not matter.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from signals.tickers.common_words import FIRST_NAMES, PLACES, TRADES
from signals.tickers.legal_forms import legal_form_end
from signals.tickers.name_figures import is_other_kind, name_figures
from signals.tickers.name_score import WordScore, is_name_alone, is_ordinary, word_score, word_use
from signals.tickers.other_entities import is_code_or_unit, is_person, is_place


class NameContext(StrEnum):
    """The context of a name in a text.

    NAMED: the words beside it show that it is a name. CAPITAL: only its capital does, where a common noun has none.
    LEGAL_FORM: a legal form follows it. NEUTRAL: nothing decides. BOUND: it is part of another name or phrase.
    OTHER: the words beside a single word make it the name of a person, a place, an index or another company
    (Harrison Ford, New Brunswick, MSCI world index, Gazprom Media). LONGER: it begins the longer name of a company
    (Conmed Healthcare Management, Inc.; Albemarle & Bond), which is its own unit only if the name is well known.
    FOLLOWED: a word beside it may belong to it (UBS Global).
    """

    NAMED = "named"
    CAPITAL = "capital"
    LEGAL_FORM = "legal_form"
    NEUTRAL = "neutral"
    BOUND = "bound"
    OTHER = "other"
    LONGER = "longer"
    FOLLOWED = "followed"
    __hash__ = str.__hash__  # as that of the text, which is fast


_REACH = 40
_MIN_DATELINE = 4  # letters of a word in capitals that is a dateline, not a part of a name: WASHINGTON Harris Corp
_SEPARATORS = ' \t\n\0.,:;!?()[]{}<>«»„“”"*|/\\_=+–—•…'
_AFTER = re.compile(rf"(['`]s\b|'(?=\s))?([^\w$]{{0,{_REACH}}})([\w$][\w&$-]{{0,{_REACH}}})?")
_INITIALS = re.compile(r"([^\W\d_])[^\W\d_]{3,}")
_SENTENCE_START = re.compile(r"[.:;!?\n\t*|\"“”()\[\]/]|^\s*[-–—]|\s[-–—]\s")  # a new sentence, item or bracket

_LEGAL_FORMS_LIST = """
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
    said say says told tells report reports reported post posts posted announce announces announced unveil
    unveils unveiled launch launches launched plans planned agree agrees agreed buy buys bought acquire acquires
    acquired sell sells sold expect expects expected see sees saw name names named appoint appoints appointed
    hire hires hired rise rises rose fall falls fell jump jumps jumped drop drops dropped gain gains gained
    surge surges surged slide slides slid tumble tumbles tumbled soar soars soared slump slumps slumped sink
    sinks sank climb climbs climbed slip slips slipped plunge plunges plunged win wins won lose loses lost face
    faces faced declines declined declares declared reaffirms reaffirmed reiterates reiterated affirms lowers
    lowered raises raised boosts boosted lifts lifted hikes hiked cuts cut trims trimmed beats misses missed
    tops topped files filed sues sued settles settled recalls recalled opens opened closes closed wants wanted
    seeks sought considers considered mulls explores nears joins joined makes made takes took gets got gives
    gave offers offered pays paid adds added halts halted suspends suspended confirms confirmed denies denied
    warns warned rejects rejected withdraws withdrew completes completed reaches reached previews applies
    redefines certifies schedules demonstrates recognized applauds commences celebrates selects selected ranked
    ranks honors publishes enhances positioned praises drills intersects grants expands signs signed awarded
    receives received provides provided issues issued prices priced secures secured signals updates starts
    started begins began ends ended keeps kept puts put sets hits hit leads led backs backed rolls rolled
    reportedly upgraded downgraded initiated is was are were has had have will would could should may might can
    сообщил сообщила сообщило сообщили заявил заявила заявили отчитался отчиталась отчиталось купит купил купила
    продал продала продаст выплатит планирует увеличил увеличила снизил снизила подорожали подешевели
    accelerates achieves acknowledges adopts advances advised advises aims appeals approves asked asks assures
    attracts averts avoids awaits bans becomes believes blocks bolsters borrows breaks brings builds built calls
    cancels challenges changes charges claims collaborates combines comments commits competes concedes conducts
    continues contracts converts cooperates creates crosses dealt debuts defends delays delists delivers deploys
    develops directs disclosed discloses discontinues dismisses distributes divests doubles downplays earns
    eases elects eliminates employs enters estimates evaluates exceeds exits expanded expands explains extended
    extends fails fights finalizes fires focuses forecasts forms fuels goes grew grows guides hails helps holds
    hosts identifies impresses improves increased increases indicates initiates insists installs introduced
    introduces invested investigates invests invites lags lands lays leaves licenses looks maintains manages
    merges monitors moved moves negotiates obtains opts ousts outlines outpaces outperforms overtakes owns
    pauses peaks phases picks pledges poised predicts prepares preps presents prevails produces promises
    promotes prompts proposed proposes pulls purchases pursues pushes ramps reacts realigns rebounds recommends
    recovers redeems reduces refiles refinances regains registers reinstates released releases remains renames
    renews reorganizes repays replaces replied requests requires resigns resolves responds restates restructures
    resumes retains retires retreats returns reveals revises rewards scores scraps sheds shifts ships showcases
    shows shrinks shuts spends spins sponsors stakes stands stops strengthens strikes submits subpoenaed
    succeeds suffers supplies supports swings switches teams thinks threatens touts tracks traded trading trails
    transfers tries triples turns unloads urges uses visits votes vows walks weighs welcomes withholds works
"""
_COMPANY_NOUNS_LIST = """
    retailer automaker carmaker planemaker maker chipmaker drugmaker giant chain company firm insurer lender bank
    broker brokerage rival operator provider producer supplier miner airline carrier parent owner group competitor
    developer startup manufacturer conglomerate utility builder distributor ретейлер ритейлер ретейлера ритейлера
    компания компании компанию компанией группа группы группе банк банка холдинг холдинга застройщик оператор концерн
    корпорация акции акций акциям бумаги бумаг пао ао ооо оао афк гк мкпао
"""
_RATING_VERBS_LIST = """
    upgrades downgrades upgrade downgrade likes buys acquires sues owns rates affirms assigns withdraws places comments
"""
_PREPOSITIONS_LIST = """
    on at of from by with for vs versus against behind inside between
"""
_FUNCTION_WORDS_LIST = """
    a an the and or but nor if as so yet in to into up down out off over under about after before since until
    till when where while why how what which who whose that this these those it its his her their our is are was
    were be been not no new than via per amid near both either also only just even now then because though
    although despite during with former join joins monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december today yesterday
    tomorrow update exclusive brief corrected refile mr mrs ms dr и в на с у о об от до по за из для при но а
    или что как если к со во
"""
_NAME_HEADS_LIST = """
    new north south east west port fort mount mt saint st lake san santa los las el la le de del du von van cape judge
    senator sen rep gov governor mayor sir lord lady dr mr mrs ms miss professor prof
"""

_LEGAL_FORMS = frozenset(_LEGAL_FORMS_LIST.split())
_NOUNS = frozenset(_NOUNS_LIST.split())
_VERBS = frozenset(_VERBS_LIST.split())
_COMPANY_NOUNS = frozenset(_COMPANY_NOUNS_LIST.split())
_RATING_VERBS = frozenset(_RATING_VERBS_LIST.split())
_PREPOSITIONS = frozenset(_PREPOSITIONS_LIST.split())
_FUNCTION_WORDS = _PREPOSITIONS | frozenset(_FUNCTION_WORDS_LIST.split())
_NAME_HEADS = FIRST_NAMES | frozenset(_NAME_HEADS_LIST.split())
_APART = _FUNCTION_WORDS | _COMPANY_NOUNS
_NAME_FOLLOWERS = _NOUNS | _VERBS
NOT_PART_OF_NAMES = _FUNCTION_WORDS | _COMPANY_NOUNS | _RATING_VERBS | _NAME_FOLLOWERS | _LEGAL_FORMS
_INDEX_WORDS = "all-country|acwi|asia|biotech|composite|emerging|europe|global|markets?|russia|stock|tech|world|\\d+"
_INDEX = re.compile(rf"(?: (?:{_INDEX_WORDS})\b){{0,5}} (?:index|indices|indexes)\b", re.IGNORECASE)
# A fund, as of the index provider or of the manager: MSCI Brazil Index Fund, MSCI USA TRN INDEX ETF.
_FUND = re.compile(r"((?: [A-Z0-9][\w&'./-]*){0,6}) (?:(?:Index|INDEX) Funds?|ETFs?|ETNs?|UCITS|Tracker)\b")
# A school, a foundation, a venue: Scripps Research Institute, ITT Technical Institutes.
_INSTITUTION = re.compile(
    r"((?: [A-Z][\w&'.-]*){0,3}) (?:Institutes?|University|College|School|Hospital|Foundation|Association|Council"
    r"|Society|Museum|Center|Stadium|Arena|Cup|Project|Campaign)\b"
)
_FUND_FAMILIES = frozenset(["ishares", "trackers", "spdr", "proshares", "powershares", "lyxor", "etfs", "direxion"])
_INDEX_START_LIST = """
    index indices indexes all acwi asia biotech composite emerging europe global all-country market markets russia stock
    tech world
"""
_INDEX_STARTS = frozenset(_INDEX_START_LIST.split())
_VENUES = frozenset(["cup", "stadium", "arena", "university", "college", "school"])
_ARTICLES = ("a", "an", "the")
_VERSION_WORDS = ("update", "wrapup", "updated")
_HEADER_LIST = """
    exclusive corrected brief update updated analysis factbox interview refile timeline preview poll instant
    dealtalk deals special issue summit feature insight focus text table wrapup view stocks news alert
    correction breaking report highlights sources
"""
_HEADERS = frozenset(_HEADER_LIST.split())
_PREFIXES = frozenset(["ex", "non", "anti", "pro", ""])
_OFFICES = frozenset(
    ["boss", "ceo", "cfo", "chairman", "chairwoman", "president", "founder", "minister", "secretary", "mayor", "judge"]
)
# Shares of a word after a name: a line of business, any other, and after an ordinary word.
_MIN_PART, _MIN_OTHER_PART, _MIN_ORDINARY_PART = 0.05, 0.08, 0.03
_IN_BRACKETS = re.compile(r"(?:'s)? \(((?:[A-Z][\w-]{1,20} ?){2,6})\)")
_JOINT = re.compile("[-/]")
_QUOTES = ("'", '"', "“", "”", "‘")
_VERB_ENDINGS = ("s", "ed", "ing", "ize", "ise")
_WORD = re.compile(r"[\w&.-]*")
# Further words of a name with its legal form: Healthcare Management, Inc.
_LONGER_NAME = re.compile(
    r"((?: (?:[A-Z][\w'-]*|of|and|&)){1,4}),? (?:Inc|Corp|Corporation|Ltd|Limited|PLC|plc|LLC|Co|NV|AG|SA|ASA|LP)\b"
)
_RATING_STARTS = frozenset(["price", "pt", "estimate", "estimates", "coverage"])
_RATING_NOUN = re.compile(r" (?:price target|pt|estimates?|coverage)\b", re.IGNORECASE)


def name_context(text: str, start: int, end: int, title_case: bool) -> NameContext:
    """Return the context of the name from `start` to `end` of a normalised text, which may be in title case."""
    if text[start - 1 : start] == "«" and text[end : end + 1] == "»":
        return NameContext.NAMED
    if text[start - 1 : start] == "(" and text[end : end + 1] == ")" and text[start:end].isupper():
        return NameContext.OTHER  # the abbreviation of the name before it
    if text[start:end].isupper() and _is_spelled_out(text, start, end):
        return NameContext.OTHER  # LGL (Lihir Gold): the name in brackets is the company's
    if text[start - 1 : start] in _QUOTES and text[end : end + 1] in _QUOTES and " " not in text[start:end]:
        return NameContext.OTHER  # the film "Hancock"
    before, after = _before(text, start), _after(text, end)
    beside = before.word if before.gap == " " else "", after.word if after.gap == " " else ""
    if is_place(text, start, end, *beside) or is_code_or_unit(text, start, end):
        return NameContext.OTHER
    if " " not in text[start:end] and (
        _is_person_or_place(text, start, before) or _is_other_entity(text, end, after, title_case)
    ):
        return NameContext.OTHER
    if _is_in_longer_name(text, start, end, before, after, title_case):
        return NameContext.LONGER
    has_legal_form = legal_form_end(text, end) > end
    if has_legal_form and text[start:end].isupper():
        return NameContext.LEGAL_FORM
    if _is_hyphenated(text, start, end):
        return NameContext.BOUND
    if _continues_name(text[start:end], before, title_case):
        loose = title_case and " " in text[start:end] and not is_name_alone(before.word)
        return NameContext.FOLLOWED if loose and before.word not in PLACES else NameContext.BOUND
    if has_legal_form and (after.is_capital or after.word not in ("group", "company", "companies", "as", "se")):
        return NameContext.LEGAL_FORM
    confirmed = _confirms(text, end, before, after)
    if not confirmed and after.touches and after.is_capital and after.word not in _APART:
        part = after.word in TRADES or _has_part(text[start:end], after.word)
        return NameContext.NEUTRAL if title_case and not part else NameContext.FOLLOWED
    if confirmed or (before.word in _COMPANY_NOUNS and before.gap in (" ", ", ", " «")):
        return NameContext.NAMED
    if after.touches and after.word == "of":  # the discovery of gold
        return NameContext.NEUTRAL
    if title_case:
        if before.touches and before.word in _RATING_VERBS:
            return NameContext.NAMED
        return NameContext.CAPITAL if before.touches and before.word in _PREPOSITIONS else NameContext.NEUTRAL
    starts_sentence = not before.word or _SENTENCE_START.search(before.gap) is not None
    return NameContext.NEUTRAL if starts_sentence or before.word in _ARTICLES else NameContext.CAPITAL


def scored_context(text: str, start: int, end: int, context: NameContext, title_case: bool) -> NameContext:
    """Return the context of a single word after its figures have confirmed or refuted it.

    Only ordinary words have figures of their own; a name that is no word is confirmed by strong words after it.
    """
    if context not in _SCORED:
        return context
    if title_case and context is NameContext.CAPITAL and " " in text[start:end]:
        context = NameContext.NEUTRAL
    if " " in text[start:end]:
        cut_off = text[end:] in ("...", " ...")  # a title that ends within the name: Town Sports...
        strong = context is NameContext.NEUTRAL and (cut_off or word_score(text, start, end).after >= _STRONG_AFTER)
        return NameContext.NAMED if strong else context
    if word_use(text[start:end]) is None and context is not NameContext.NEUTRAL:
        return context
    judged = judged_score(text, start, end, context, title_case)
    score = judged.score
    if score.use is None:
        return NameContext.NAMED if context is NameContext.NEUTRAL and score.after >= _STRONG_AFTER else context
    if text[start:end].lower() in _NEVER_ALONE or judged.total < 0:
        return NameContext.NEUTRAL
    if context is not NameContext.NEUTRAL or score.after <= 0:
        return context
    if score.use >= _MOSTLY_NAME:
        return NameContext.NAMED
    after = _after(text, end)  # National Retirement Partners
    return context if after.touches and after.is_capital and after.word not in _NAME_FOLLOWERS else NameContext.NAMED


class JudgedScore(NamedTuple):
    """The figures of a word, whether its context shows a name and a capital, and their `total`."""

    score: WordScore
    named: bool
    capital: bool
    total: float

    def __str__(self) -> str:
        """Return the figures, as `signals explain` shows them."""
        use = "none" if self.score.use is None else f"{self.score.use:+.1f}"
        return (
            f"use {use}, after {self.score.after:+.1f}, before {self.score.before:+.1f}, named {_yes(self.named)}, "
            f"capital {_yes(self.capital)}, total {self.total:+.2f}"
        )


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def judged_score(text: str, start: int, end: int, context: NameContext, title_case: bool) -> JudgedScore:
    """Return the score of a single word in the context that the words beside it give.

    A verb or noun after a word that has a capital amid small letters speaks twice. In title case each word has one.
    """
    score, named = word_score(text, start, end), context is NameContext.NAMED
    small = named and _SMALL_WORD.search(text[max(0, start - _REACH) : start]) is not None
    capital = context is NameContext.CAPITAL or small
    return JudgedScore(score, named, capital, score.total(named, capital, title_case))


def name_score(text: str, start: int, end: int, title_case: bool) -> JudgedScore | None:
    """Return the score of the name from `start` to `end`, None if the words beside it decided without one."""
    context = name_context(text, start, end, title_case)
    if " " in text[start:end] or context not in _SCORED or word_use(text[start:end]) is None:
        return None
    return judged_score(text, start, end, context, title_case)


_SMALL_WORD = re.compile(r"(?:^|\s)[a-z]+ $")
_SCORED = frozenset([NameContext.NAMED, NameContext.CAPITAL, NameContext.NEUTRAL])
# Words that head names and titles of all kinds, so that only a legal form makes a company of them.
_NEVER_ALONE_LIST = """
    national eastern western northern universal popular international american federal central local premier global
    general regional royal modern smart public private pros team time news city standard independence
"""
_NEVER_ALONE = frozenset(_NEVER_ALONE_LIST.split())
_STRONG_AFTER, _MOSTLY_NAME = 1.0, 1.0


def _confirms(text: str, end: int, before: _Neighbour, after: _Neighbour) -> bool:
    """Return whether the text after a name shows that it is one: a possessive, a verb, a noun or a rating."""
    follows = (
        after.possessive
        or (after.touches and after.word in _NAME_FOLLOWERS)
        or (after.word in _RATING_STARTS and _RATING_NOUN.match(text, end))
    )
    return bool(follows) and not (before.touches and before.word == "in")  # a factory in Jacksonville opened


def _is_hyphenated(text: str, start: int, end: int) -> bool:
    """Return whether a hyphen joins the name to a number or common word: 50-City, but not ex-Apple or UPDATE 1-Visa.

    At the end of a headline it attributes the news: "no more bids seen-BHP".
    """
    if text[start - 1 : start] != "-":
        return False
    if end == len(text) and text[:start].rpartition(" ")[2][:-1].islower():
        return is_ordinary(text[start:end].lower())
    words = text[max(0, start - _REACH) : start - 1].split(" ")
    if words[-1].isdigit() and words[-2:-1] and words[-2].lower().endswith(_VERSION_WORDS):
        return False
    if len(words[-1]) == 1 and not words[-1].isdigit():  # A-Team
        return True
    if words[-1].lower() in _PREFIXES or words[-1].lower() in _HEADERS or words[-1].isupper():
        return False
    return not words[-1][:1].isupper() or is_ordinary(text[start:end].lower())  # Real-Time


def _is_person_or_place(text: str, start: int, before: _Neighbour) -> bool:
    if before.word in _OFFICES:
        return before.gap == " "
    if before.gap == ". " and len(before.word) == 1:  # Julia K. Block
        return is_person(text, start)
    if before.word in _FUND_FAMILIES:
        return True
    if before.is_capital and (before.touches or text[start - 1 : start] == "-") and _has_head(text, start, before.word):
        return True
    return before.is_capital and before.gap in (" ", ". ") and before.word in _NAME_HEADS


def _has_head(text: str, start: int, head: str) -> bool:
    """Return whether headlines write `head` before the word at `start` as a part of one name: Dow Corning."""
    word = _WORD.match(text, start)
    figures = name_figures(word[0]) if word else None
    return figures is not None and head in figures.heads


def _is_other_entity(text: str, end: int, after: _Neighbour, title_case: bool) -> bool:
    """Return whether the words after a name make it an index, a fund, a person, a venue or another company."""
    if after.touches and (after.word in _VENUES or (after.is_capital and _is_first_name(text, end, after))):
        return True
    if (after.word in _INDEX_STARTS or after.word.isdigit()) and _INDEX.match(text, end):
        return True
    upper = after.gap == " " and (after.is_capital or after.word[:1].isdigit())
    fund = _FUND.match(text, end) if upper else None
    if fund and not any(word.lower() in _NAME_FOLLOWERS for word in fund[1].split()):
        return True
    trade = after.touches and after.is_capital and after.word in TRADES and after.word not in _LEGAL_FORMS
    return trade and not title_case


def _continues_name(name: str, before: _Neighbour, title_case: bool) -> bool:
    """Return whether the word before a name makes it the end of a longer one; a title in capitals shows it of names."""
    if not before.touches or not before.is_capital or before.word in NOT_PART_OF_NAMES:
        return False
    first = name.split()[0].lower()
    if before.word in PLACES and is_name_alone(first) and first not in TRADES:  # Brazil Vale
        return False
    if not title_case or first in TRADES or not is_name_alone(first):
        return True
    return is_name_alone(before.word)


def _is_spelled_out(text: str, start: int, end: int) -> bool:
    """Return whether brackets after an acronym hold a name of words that begin with its letters."""
    match = _IN_BRACKETS.match(text, end)
    words = match[1].split() if match else []
    return len(words) > 1 and text.startswith("".join(word[0] for word in words), start, end)


def _is_first_name(text: str, end: int, after: _Neighbour) -> bool:
    """Return whether the name that ends at `end` is a first name before a surname."""
    word = text[max(0, end - _REACH) : end].rpartition(" ")[2].lower()
    return word in FIRST_NAMES and after.word not in NOT_PART_OF_NAMES and after.word not in TRADES


def _is_in_longer_name(
    text: str, start: int, end: int, before: _Neighbour, after: _Neighbour, title_case: bool
) -> bool:
    """Return whether a name begins or ends the name of a company, a person or a product that is longer than it."""
    if " " not in text[start:end] and (
        _is_joined(text, start, end, after) or (title_case and before.gap == " " and _is_name_part(before))
    ):
        return True
    if not after.touches or not after.is_capital or after.word in NOT_PART_OF_NAMES:
        return False
    if any(is_name_alone(word.lower()) for word in text[start:end].split()[1:]):
        return False
    institution = _INSTITUTION.match(text, end)
    if institution and not any(word.lower() in _NAME_FOLLOWERS for word in institution[1].split()):
        return True
    run = _LONGER_NAME.match(text, end)
    if run is None or any(word.lower() in _NAME_FOLLOWERS for word in run[1].split()):
        return False
    return after.word in TRADES or word_score(text, start, end).after <= 0  # not: Apple taps Acme Ltd


def _is_name_part(before: _Neighbour) -> bool:
    """Return whether the word before a name is a name too, in a title where every word has a capital: Paris Hilton."""
    word = before.word
    if not before.is_capital or word in NOT_PART_OF_NAMES or word in PLACES or word.endswith(_VERB_ENDINGS):
        return False
    return is_name_alone(word)


def _is_joined(text: str, start: int, end: int, after: _Neighbour) -> bool:
    """Return whether a mark joins a single word to another: Spar-2, Ensign-Bickford, Harris & Ruble."""
    if text[start - 3 : start] == " & " and text[start - 4 : start - 3].isalnum():
        return True
    if text[end : end + 1] == "-" and text[end + 1 : end + 2].isdigit():
        return True
    if after.possessive or not after.is_capital:
        return False
    if after.gap == "-" and after.word not in NOT_PART_OF_NAMES and not after.word.endswith("ed"):
        return True
    return after.gap == " & " and after.word not in _LEGAL_FORMS


def _has_part(word: str, follower: str) -> bool:
    """Return whether headlines write `follower` after a word as a part of one name."""
    figures = name_figures(word)
    share = figures.nexts.get(follower, 0.0) if figures is not None else 0.0
    if is_ordinary(word.lower()):
        return share >= _MIN_ORDINARY_PART
    return share >= (_MIN_PART if is_other_kind(follower) else _MIN_OTHER_PART)


def is_title_case(text: str) -> bool:
    """Return whether a headline is written With Most Words In Capitals."""
    initials = "".join(_INITIALS.findall(text))
    return len(initials) > 1 and sum(map(str.isupper, initials)) >= 0.7 * len(initials)


_TOUCHING = (" ", "-")


class _Neighbour(NamedTuple):
    """The word beside a name, in lower case, and the text between; `possessive` is that of the name itself.

    It `touches` if only a blank or a hyphen is between.
    """

    word: str
    gap: str
    is_capital: bool
    possessive: bool
    touches: bool


def _before(text: str, start: int) -> _Neighbour:
    head = text[max(0, start - _REACH) : start]
    trimmed = head.rstrip(_SEPARATORS)
    gap = head[len(trimmed) :]
    word = trimmed.rsplit(None, 1)[-1].lstrip(_SEPARATORS) if trimmed else ""
    if gap == ". " and len(word) > 1 and word[-2] == ".":  # the U.S. Energy Department
        gap = " "
    if word.endswith("'s"):  # Brazil's Petrobras
        return _Neighbour("'s", gap, False, False, gap in _TOUCHING)
    last = _JOINT.split(word.rstrip("-"))[-1] if "-" in word or "/" in word else word  # of Amsterdam-based, GE/NBC
    if last.isupper() and len(last) >= _MIN_DATELINE and not trimmed[: -len(word)].rstrip().isupper():
        return _Neighbour("", "\n", False, False, False)
    return _Neighbour(last.lower(), gap, last[:1].isupper(), False, last != "" and gap in _TOUCHING)


def _after(text: str, end: int) -> _Neighbour:
    match = next(_AFTER.finditer(text, end))  # matches at `end`, because every part of the pattern is optional
    possessive, gap, word = match.groups(default="")
    touches = word != "" and gap in _TOUCHING and not possessive
    return _Neighbour(word.lower(), gap, word[:1].isupper(), bool(possessive), touches)
