"""Recognise boilerplate: the lines on a saved page that are not part of the article, and agency notices and datelines.

Only this module holds the phrases of sites and agencies.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# An invitation above the headline, as in: Sign up now.
_BANNER = re.compile(
    r"\b(?:sign (?:up|in)|log ?in|subscribe|free trial|try free|download the app|open account|claim (?:sale|offer)"
    r"|weiterlesen mit|jetzt (?:testen|abonnieren|registrieren)|abonnez-vous|je m['’]abonne|s['’]abonner|suscríbe\w*"
    r"|abbonati|assine já|подпи(?:сывайтесь|шитесь)|підпи(?:суйтесь|шіться)"
    r"|save \d+ ?%|get \d+ ?% off|accept (?:all )?cookies|advertisement|skip to (?:main )?content)\b",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"(?:By|BY|by) (?:(?:[A-Z][\w.'’-]*|and|&),? ?){1,8}\Z|(?:Author|Автор|Текст)\s?:")
_CAPTION = re.compile(r"©|\(c\)\s|file photo\b|(?:photo|image|picture|фото|иллюстрация)\s?:", re.IGNORECASE)
_SIGN_OFF = re.compile(
    r"[(\[]?(?:(?:additional )?(?:reporting|writing|editing|graphic|compiled|translation) by\b|our standards:)",
    re.IGNORECASE,
)
# A line that ends the article: comments, lists of popular articles, disclosures, copyright.
_END = re.compile(
    r"(?:(?:latest |all |view |top |\d+ )?comments(?: ?\(\d+\))?:?"
    r"|kommentare|commentaires|comentarios|comentários|commenti|reacties|kommentarer|комментарии|коментар[иі]|评论|댓글"
    r"|コメント|join the (?:conversation|discussion)|have your say|(?:add|leave|post|write) a (?:comment|reply)"
    r"|\d+ (?:thoughts|replies|responses)(?: (?:on|to)\b.{0,200})?"
    r"|most (?:read|popular)|meistgelesen|les plus lus|lo más leído|i più letti|самое читаемое|популярное"
    r"|recommended(?: for you)?|trending(?: now)?)\Z"
    r"|(?:risk disclosure|risk warning|disclaimer|terms and conditions)\b\s*(?::|\Z)"
    r"|(?:©|\(c\)|copyright)[\s©(c)]*(?:19|20)\d\d\b|.*\ball rights reserved\b",
    re.IGNORECASE,
)
# Words that point to another article. They stand below an article, and between its paragraphs.
_ELSEWHERE = re.compile(
    r"(?:related(?: (?:articles?|stories|story|news|topics|quotes|reading|content|coverage))?"
    r"|(?:read|see|more|watch) (?:more|next|also|now)|also read|don['’]t miss"
    r"|(?:lesen|sehen) sie (?:auch|mehr)|mehr (?:dazu|zum thema)|(?:à )?lire (?:aussi|également)|voir aussi"
    r"|l(?:ea|eer|ee) (?:también|más)|ver también|le puede interesar|leggi anche|leia (?:também|mais)|veja também"
    r"|lees ook|läs (?:även|också|mer)|les også|læs også|czytaj też|читайте (?:также|по теме)|материалы по теме"
    r"|по теме|читайте також|関連記事|あわせて読みたい|相关阅读|相关新闻)\s*(?P<colon>[:：»>→-]*)(?P<rest>.*)",
    re.IGNORECASE,
)
_POINTER_LENGTH, _PARAGRAPH = 250, 80
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*\Z")

_AGENCIES = (
    "Reuters", "AP", "AFP", "Bloomberg", "Dow Jones", "Interfax", "TASS", "Xinhua", "Kyodo", "UPI", "dpa",
    "Business Wire", "BUSINESS WIRE", "PRNewswire", "GLOBE NEWSWIRE", "ACCESSWIRE", "MT Newswires", "RTTNews",
)  # fmt: skip
_SITES = ("Investing.com",)
# Forms that agencies use: WITHDRAWN-Headline, KILL: Headline, Mandatory Kill.
_NOTICE = re.compile(
    r"(?:WITHDRAWN|WITHDRAWAL|KILL(?:ED)?|RETRACTED|RETRACTION"
    r"|(?i:mandatory kill|kill notice|story (?:withdrawn|retracted)))\s*(?:[-–—:]+\s*(?P<headline>.*))?\Z"
)
_DATELINE = re.compile(
    rf"[^()/]{{0,80}}[(/](?P<agency>{'|'.join(map(re.escape, _AGENCIES))})[)/]\s*[-–—]"
    rf"|(?P<site>{'|'.join(map(re.escape, _SITES))})\s*[-–—]"
)


def is_banner(line: str) -> bool:
    """Return whether a line above the headline is an invitation or an advertisement."""
    return bool(_BANNER.search(line))


def begins_as_banner(line: str) -> bool:
    """Return whether the first words of a line are an invitation or an advertisement."""
    return bool(_BANNER.match(line))


def is_byline(line: str) -> bool:
    """Return whether a line names the author."""
    return bool(_BYLINE.match(line))


def is_caption(line: str) -> bool:
    """Return whether a line is the caption or the credit of a picture."""
    return bool(_CAPTION.match(line)) and not ends_article(line)


def is_sign_off(line: str) -> bool:
    """Return whether a line below the article names its reporters or editors."""
    return bool(_SIGN_OFF.match(line))


def ends_article(line: str) -> bool:
    """Return whether a line begins the comments, the disclosures or the copyright notice."""
    return bool(_END.match(line))


def points_elsewhere(line: str, linked: bool = False) -> bool:
    """Return whether a line only points to another article, as in: Read more, or with a link: See also Calder hires."""
    pointer = _ELSEWHERE.match(line) if len(line) <= _POINTER_LENGTH else None
    return bool(pointer and (not pointer["rest"].strip() or pointer["colon"] or linked))


def is_paragraph(line: str) -> bool:
    """Return whether a line is long enough for a paragraph and ends as a sentence does."""
    return len(line) >= _PARAGRAPH and ends_sentence(line)


def ends_sentence(line: str) -> bool:
    """Return whether a line ends as a sentence does."""
    return bool(_SENTENCE_END.search(line))


def end_of_article(lines: Sequence[str], start: int = 0) -> int:
    """Return the position of the line, from `start`, that ends the article; the number of lines if none does.

    A line that points to another article ends this one, unless a paragraph follows.
    """
    for n in range(start, len(lines)):
        if ends_article(lines[n]):
            return n
        if points_elsewhere(lines[n]) and not is_paragraph(next(filter(None, lines[n + 1 :]), "")):
            return n
    return len(lines)


def dateline_source(body: str) -> tuple[str, str]:
    """Return the agency and the site that the dateline of a body names; one of them or both are empty."""
    dateline = _DATELINE.match(body)
    return (dateline["agency"] or "", dateline["site"] or "") if dateline else ("", "")


def is_agency(name: str) -> bool:
    """Return whether a name is that of a news agency."""
    return name in _AGENCIES


def is_site(name: str) -> bool:
    """Return whether a name is that of a site."""
    return name in _SITES


def withdrawn_headline(title: str) -> str:
    """Return the headline that a withdrawal notice names, or its whole title; empty if the title is no notice."""
    notice = _NOTICE.match(title)
    return (notice["headline"] or title) if notice else ""
