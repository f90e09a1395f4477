"""The report of a ticker for people: a block per article, a line per study and window, in columns that line up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from signals.reports.base_rates import how_often, typical_move
from signals.reports.columns import INDENT, Column, columns_for, heading, table_row
from signals.reports.format import (
    ANCHORS,
    SEPARATOR,
    Line,
    chance,
    flowed,
    link_style,
    number,
    origin,
    outcome,
    percent,
    plain,
    plural,
    probability,
    published,
    sentence,
    shortened,
    spaced,
    tie,
    time_zone,
    wrapped,
)
from signals.reports.quoted_test import because, beside, named
from signals.types import Average, LinkList, LinkRow, RefusedTag, Report, UnscoredRow, Verdict

CAUTION = (
    "chance is how likely the abnormal move is one of an ordinary day; q is the share of chance among all moves of a "
    "year with this q or a lower one. Neither says that the article caused the move."
)

_LINK_COLUMNS: Sequence[Column[LinkRow]] = (
    Column("study", -14, lambda row: shortened(row.study, 13)),
    Column("window", -11, lambda row: row.event_window),
    Column("move", 8, lambda row: percent(row.ret)),
    Column("market", 9, lambda row: percent(row.benchmark_ret)),
    Column("abnormal", 10, lambda row: percent(row.car)),
    Column("chance", 8, lambda row: chance(row.local_fdr)),
    Column("t", 7, lambda row: number(row.t_stat)),
    Column("p", 8, lambda row: probability(row.p_value)),
    Column("q", 8, lambda row: probability(row.q_value)),
)
_VERDICT_WIDTH = 14

_AVERAGE_COLUMNS: Sequence[Column[Average]] = (
    Column("study", -14, lambda row: shortened(row.study, 13)),
    Column("window", -11, lambda row: row.event_window),
    Column("events", 6, lambda row: f"{row.events:,}"),
    Column("move", 9, lambda row: percent(row.ret)),
    Column("abnormal", 10, lambda row: percent(row.caar)),
    Column("p", 8, lambda row: probability(row.default_test.p_value)),
)
_TEST_WIDTH = 20


def link_columns_for(width: int) -> Sequence[Column[LinkRow]]:
    """Return the columns that fit a width beside the verdict."""
    return columns_for(_LINK_COLUMNS, ("t", "market", "p", "study", "q"), width, _VERDICT_WIDTH)


def report_lines(report: Report, width: int) -> Iterator[Line]:
    """Yield the report of one ticker, line by line."""
    columns = link_columns_for(width)
    yield from _header_lines(report, width)
    if not report.links:
        yield "", ""
        yield "No links: no article that names it has a session yet.", ""
    for _, group in groupby(report.links, key=attrgetter("article_id")):
        yield "", ""
        yield from _article_lines(list(group), report.instrument.timezone, columns, width)
    yield from _section("Pending and unscored", _unscored_lines(report.unscored, width))
    yield from _section("Refused tags in these articles", _refused_lines(report.refused_tags, width))
    yield from _section("Events, each by its deciding study and window", _total_lines(report.links, width))
    yield from _section("Average moves", _average_lines(report.averages, width))
    yield "", ""
    notes = [CAUTION]
    if report.base_rate is not None:
        notes = [f"{report.ticker}: {typical_move(report.base_rate)}.", sentence(how_often(report.base_rate)), CAUTION]
    yield from ((line, "dim") for note in notes for line in wrapped(note, width))


def list_lines(answer: LinkList, width: int) -> Iterator[Line]:
    """Yield links across instruments, article by article."""
    columns = link_columns_for(width)
    if not answer.links:
        yield "No link fits.", ""
    for (_, ticker), group in groupby(answer.links, key=attrgetter("article_id", "ticker")):
        yield f"{plain(ticker)}", "bold"
        yield from _article_lines(list(group), answer.zones[ticker], columns, width)
        yield "", ""
    yield from _total_lines(answer.links, width)
    yield from ((line, "dim") for line in wrapped(CAUTION, width))


def _header_lines(report: Report, width: int) -> Iterator[Line]:
    about, fresh = report.instrument, report.freshness
    benchmark = f"benchmark {about.benchmark}" if about.benchmark else "no benchmark"
    names = SEPARATOR.join((plain(about.name), about.mic, about.currency, benchmark))
    yield shortened(f"{report.ticker}  {names}", width), "bold"
    first, last = (about.first_bar or "")[:10], (about.last_bar or "")[:10]
    parts = [
        f"prices {first} to {last}" if first else "no prices",
        f"news to {fresh.news_to:%Y-%m-%d}" if fresh.news_to else "no news",
        f"last run {fresh.last_run:%Y-%m-%d %H:%M} UTC" if fresh.last_run else "no run yet",
        plural(about.articles, "article"),
        plural(about.links, "link"),
    ]
    yield from ((line, "dim") for line in flowed(parts, width))


# --- an article -----------------------------------------------------------------------------------------------------


def _article_lines(
    rows: Sequence[LinkRow], zone: str, columns: Sequence[Column[LinkRow]], width: int
) -> Iterator[Line]:
    first = rows[0]
    yield shortened(f"{published(first, zone)}  {plain(first.title)}", width), link_style("bold", first.url)
    article = [tie(first), origin(first), f"{first.article_id}/{first.ticker}"]
    if first.withdrawn:
        article.insert(2, "WITHDRAWN")
    yield from ((line, "") for line in flowed(article, width, INDENT))
    yield from ((line, "") for line in flowed(_event_parts(rows), width, INDENT))
    measured = [row for row in rows if row.ret is not None]
    if measured:
        yield heading(columns, "verdict"), "dim"
    for row in measured:
        yield table_row(columns, row, outcome(row)), Verdict(row.verdict).label.style
    for (text, style), windows in _without_a_move(rows):
        yield from ((line, style) for line in flowed([f"{text}: {windows[0]}", *windows[1:]], width, INDENT, INDENT))
    for study, model in dict.fromkeys((row.study, row.model) for row in rows if ": " in row.model):
        yield shortened(f"{INDENT}{study}: {model}", width), "dim"


def _event_parts(rows: Sequence[LinkRow]) -> Iterator[str]:
    """Yield what is known of an article's day zero, its story and the articles beside it."""
    first = rows[0]
    yield f"day zero {first.day_zero} ({ANCHORS[first.anchor]})"
    yield time_zone(first)
    if first.story_rank > 1:
        yield f"copy {first.story_rank} of story {first.story_id}"
    articles = max(row.articles_in_event for row in rows)  # an intraday event has fewer than its session's
    if articles > 1:
        yield f"{articles} articles share the event"


def _without_a_move(rows: Iterable[LinkRow]) -> Iterator[tuple[tuple[str, str], list[str]]]:
    """Yield why rows have no return, with the style of their verdict, and their windows by study."""
    groups: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in rows:
        if row.ret is None:
            group = groups.setdefault((outcome(row), Verdict(row.verdict).label.style), {})
            group.setdefault(row.study, []).append(row.event_window)
    for key, by_study in groups.items():
        yield key, _windows(by_study.items())


def _windows(by_study: Iterable[tuple[str, Iterable[str]]]) -> list[str]:
    return [f"{study} {', '.join(windows)}" for study, windows in by_study]


# --- sections -------------------------------------------------------------------------------------------------------


def _section(title: str, lines: Iterator[Line]) -> Iterator[Line]:
    first = next(lines, None)
    if first is not None:
        yield "", ""
        yield title, "bold"
        yield first
        yield from lines


def _total_lines(rows: Iterable[LinkRow], width: int) -> Iterator[Line]:
    """Yield how many events have which verdict, each event once, by its best article."""
    order = list(Verdict)
    best: dict[str, Verdict] = {}
    for row in (row for row in rows if row.decides):
        best[row.event_id] = min(best.get(row.event_id, order[-1]), Verdict(row.verdict), key=order.index)
    counts = Counter(best.values())
    parts = [f"{counts[word]:,} {word.text}" for word in order if counts[word]]
    yield from ((line, "") for line in flowed(parts, width, INDENT))


def _unscored_lines(rows: Iterable[UnscoredRow], width: int) -> Iterator[Line]:
    """Yield the reasons, each with its events, the latest of them, and the windows that it is about."""
    reason = attrgetter("status", "reason")
    for (status, name), group in groupby(sorted(rows, key=reason), key=reason):
        events = sorted(group, key=attrgetter("day_zero"))
        count, latest = plural(len({row.event_id for row in events}), "event"), events[-1]
        yield shortened(f"{INDENT}{status} ({spaced(name)}): {count}", width), ""
        example = f"latest: day zero {latest.day_zero}: {plain(latest.reason_detail)}"
        yield from ((line, "dim") for line in wrapped(example, width, 2 * INDENT))
        pairs = sorted({(row.study, row.event_window) for row in events})
        windows = _windows((study, [w for _, w in of]) for study, of in groupby(pairs, key=lambda pair: pair[0]))
        yield from ((line, "dim") for line in flowed(windows, width, 2 * INDENT))


def _refused_lines(rows: Iterable[RefusedTag], width: int) -> Iterator[Line]:
    for row in rows:
        candidates = f" (could be {plain(row.alias)})" if row.alias else ""
        text = f"{plain(row.tag)}: {spaced(row.reason)}{candidates}, {plural(row.articles, 'article')}"
        yield shortened(INDENT + text, width), ""


def _average_lines(rows: Sequence[Average], width: int) -> Iterator[Line]:
    columns = columns_for(_AVERAGE_COLUMNS, ("move", "study", "events"), width, _TEST_WIDTH)
    if rows:
        yield heading(columns, "test"), "dim"
    for row in rows:
        test = row.default_test
        name = test.test if test.p_value is not None else test.reason
        group = "" if row.group == "all" else f"{SEPARATOR}{plain(row.group)}"
        yield shortened(table_row(columns, row, f"{name}{group}"), width), ""
        if reason := because(row):
            yield from ((line, "dim") for line in wrapped(f"{reason}; {named(beside(row))}", width, 2 * INDENT))
        others = [other for other in row.tests if other.p_value is not None and other is not test]
        if others and row.group == "all":
            values = ", ".join(f"{other.test} {probability(other.p_value)}" for other in others)
            yield from ((line, "dim") for line in wrapped(f"other tests: {values}", width, 2 * INDENT))
