"""How single values are written for people."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo

from signals.types import Anchor, LinkRow, MentionRow, Role, Status, StoryRow, TagKind, Verdict, ZoneBasis

Line = tuple[str, str]  # text and style, as rich names styles

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_WEB = re.compile(r"https?://[!-~]+")

NARROWEST = 40  # no line is folded to fewer columns
SEPARATOR = " · "

# Texts of stored words, by the word.
ROLES: Mapping[str, str] = {
    Role.SUBJECT: "subject",
    Role.MENTIONED: "mentioned",
    Role.PASSING: "passing mention",
    Role.SOURCE: "quoted source",
    Role.BOILERPLATE: "boilerplate",
}
ANCHORS: Mapping[str, str] = {
    Anchor.IN_SESSION: "published during the session",
    Anchor.PRE_OPEN: "published before the open",
    Anchor.AFTER_CLOSE: "published after the close",
    Anchor.NON_SESSION: "published on a non-trading day",
    Anchor.DAY_ONLY: "published at an unknown hour",
}
#: A symbol between brackets in a text stands for itself.
TAG_KINDS: Mapping[str, str] = {
    TagKind.PAGE_TAG: "page tag ",
    TagKind.INLINE: "",
    TagKind.CASHTAG: "cashtag ",
    TagKind.NAME: "name ",
}
_BASES: Mapping[str, str] = {
    ZoneBasis.STATED: "stated",
    ZoneBasis.SOURCE: "configured",
    ZoneBasis.ASSUMED: "assumed",
}


# --- texts ----------------------------------------------------------------------------------------------------------


def plain(text: object) -> str:
    """Return text without control and direction-changing characters, which could steer a terminal."""
    return _CONTROL.sub(" ", str(text)).strip()


def spaced(word: str) -> str:
    """Write a stored word for people: `unknown tag` for ``unknown_tag``."""
    return word.replace("_", " ")


def plural(count: int, one: str, many: str = "") -> str:
    """Write a number with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def sentence(text: str) -> str:
    """Write text with a capital letter and a full stop."""
    return f"{text[0].upper()}{text[1:]}."


def link_style(style: str, url: str) -> str:
    """Add a hyperlink to a style where the address is one of the web; anything else is not made clickable."""
    return f"{style} link {url}".strip() if _WEB.fullmatch(url) else style


# --- numbers --------------------------------------------------------------------------------------------------------


def percent(value: float | None) -> str:
    """Write a return as a signed percentage."""
    return "" if value is None else f"{value:+.2%}"


def size(value: float | None) -> str:
    """Write the size of a return as a percentage."""
    return "" if value is None else f"{value:.2%}"


def probability(value: float | None) -> str:
    """Write a p- or q-value as people read them."""
    if value is None:
        return ""
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def chance(local_fdr: float | None) -> str:
    """Write how likely a move is chance: `8%`."""
    if local_fdr is None:
        return ""
    return "<1%" if local_fdr < 0.01 else ">99%" if 0.99 < local_fdr < 1 else f"{local_fdr:.0%}"


def number(value: float | None, digits: int = 2) -> str:
    """Write a plain number."""
    return "" if value is None else f"{value:.{digits}f}"


# --- rows of the views ----------------------------------------------------------------------------------------------


def published(row: LinkRow | StoryRow, zone: str) -> str:
    """Write when an article was published, in a market's zone; a stamp that is only a day stays one."""
    if row.published_precision == "day":
        return row.published_at.astimezone(ZoneInfo(row.published_zone)).strftime("%Y-%m-%d")
    local = row.published_at.astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%d %H:%M} {local.tzname()}"


def origin(row: LinkRow | StoryRow) -> str:
    """Write the source and the publisher of an article."""
    return " / ".join(filter(None, [plain(row.source), plain(row.publisher)]))


def tie(row: LinkRow) -> str:
    """Write what ties an article to its instrument: `passing mention, relevance 0.15 (matched 'MM:GAZP')`."""
    matched = f"matched {TAG_KINDS[row.tag_kind]}{plain(row.tag)!r}"
    return f"{ROLES[row.role]}, relevance {number(row.relevance)} ({matched})"


def role_and_relevance(mention: MentionRow) -> str:
    """Write the role and the relevance of a mention."""
    role = ROLES[mention.role] if mention.role is not None else "no role"
    return f"{role}, relevance {number(mention.relevance)}"


def time_zone(row: LinkRow) -> str:
    """Write the zone that a stamp was read in, how it is known, and whether day zero depends on it."""
    what = "another reading of its time" if row.zone_basis == ZoneBasis.STATED else "a different time zone"
    depends = f", {what} would change day zero" if row.day_zero_sensitive else ""
    return f"time zone {row.published_zone} ({_BASES[row.zone_basis]}){depends}"


def outcome(row: LinkRow) -> str:
    """Write the verdict of a link, or why its event has no score."""
    return Verdict(row.verdict).text if row.status == Status.SCORED else f"{row.status} ({spaced(row.reason)})"


# --- lines ----------------------------------------------------------------------------------------------------------


def cell_width(text: str) -> int:
    """Return the width of text in terminal cells; a Chinese character is two cells wide."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # start-up: only a table needs rich

    return cell_len(text)


def shortened(text: str, width: int) -> str:
    """Cut text to a width in terminal cells, with an ellipsis."""
    if cell_width(text) <= width:
        return text
    start = text[: max(width - 1, 0)]
    while cell_width(start) > width - 1 and start:
        start = start[:-1]
    return start.rstrip() + "…"


def wrapped(text: str, width: int, indent: str = "", hanging: str = "") -> Iterator[str]:
    """Yield text in lines that fit, broken between words; lines after the first are indented by `hanging` too."""
    width = max(width, NARROWEST)
    yield from textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent + hanging,
        break_on_hyphens=False,
        break_long_words=False,
    )


def flowed(parts: Iterable[str], width: int, indent: str = "", hanging: str = "") -> Iterator[str]:
    """Yield parts beside each other in lines that fit, broken between parts; a part that is too long is cut."""
    width, line = max(width, NARROWEST), ""
    for part in parts:
        longer = f"{line}{SEPARATOR}{part}" if line else indent + part
        if line and cell_width(longer) > width:
            yield shortened(line, width)
            longer = indent + hanging + part
        line = longer
    if line:
        yield shortened(line, width)
