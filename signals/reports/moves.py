"""Unusual sessions, each with the stories that fall on it or none, and how often there are such sessions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from signals.reports.base_rates import NO_NEWS
from signals.reports.columns import INDENT, Column, columns_for, heading, table_row
from signals.reports.format import (
    ROLES,
    SEPARATOR,
    Line,
    cell_width,
    link_style,
    origin,
    percent,
    plain,
    plural,
    probability,
    published,
    shortened,
    size,
    wrapped,
)
from signals.types import InstrumentRow, StoryRow, UnusualReport, UnusualSession

_RATE_COLUMNS: Sequence[Column[InstrumentRow]] = (
    Column("ticker", -12, lambda row: shortened(row.ticker, 11)),
    Column("unusual", 7, lambda row: f"{row.unusual_sessions:,}"),
    Column("of sessions", 13, lambda row: f"{row.measured_sessions or 0:,}"),
    Column("since", 12, lambda row: str(row.first_measured)),
    Column(NO_NEWS, 15, lambda row: f"{row.unexplained_sessions:,}"),
    Column("median move", 13, lambda row: size(row.typical_ret)),
    Column("95% move", 10, lambda row: size(row.large_ret)),
    Column("median abnormal", 17, lambda row: size(row.typical_ar)),
    Column("95% abnormal", 14, lambda row: size(row.large_ar)),
)
_FIRST_TO_GO = ("since", "of sessions", "95% abnormal", "median abnormal", "95% move", "median move")
_RATES_NOTE = (
    "A session is unusual at p 0.01 or less. The other columns are the median and the 95th percentile of the size of "
    "a daily move, and of its abnormal part."
)


def moves_lines(answer: UnusualReport, width: int) -> Iterator[Line]:
    """Yield the unusual sessions, newest first, each with its stories, and then how often there are such."""
    zones = {rate.ticker: rate.timezone for rate in answer.base_rates}
    if not answer.sessions:
        yield "No unusual session.", ""
    for session in answer.sessions:
        yield shortened(_session_line(session), width), "bold"
        for story in session.news:
            yield _story_line(story, zones.get(session.ticker, "UTC"), width), link_style("", story.url)
        if not session.news:
            yield f"{INDENT}{NO_NEWS}", "yellow"
    if answer.base_rates:
        yield "", ""
        yield "Base rates", "bold"
        columns = columns_for(_RATE_COLUMNS, _FIRST_TO_GO, width)
        yield heading(columns), "dim"
        yield from ((table_row(columns, rate), "") for rate in answer.base_rates)
        yield from ((line, "dim") for line in wrapped(_RATES_NOTE, width, INDENT))


def _session_line(row: UnusualSession) -> str:
    """Return the line of a session: its return, and the parts of the market, the peers and its own."""
    if row.own_part is None:
        parts = f"market {percent(row.market_part):>7}  own {percent(row.ar):>7}"
    else:
        parts = (
            f"market {percent(row.market_part):>7}  peers {percent(row.peers_part):>7}  own {percent(row.own_part):>7}"
        )
    return f"{row.session}  {row.ticker:<8} move {percent(row.ret):>7}  {parts:<47}  p {probability(row.p_value)}"


def _story_line(story: StoryRow, zone: str, width: int) -> str:
    """Return the line of a story; a long headline is cut, not what stands after it."""
    head = f"{INDENT}{published(story, zone)}  "
    copies = [plural(story.copies, "copy", "copies")] if story.copies > 1 else []
    tail = "".join(SEPARATOR + part for part in (ROLES[story.role], *copies, origin(story)))
    title = shortened(plain(story.title), max(width - cell_width(head + tail), 20))
    return shortened(f"{head}{title}{tail}", width)
