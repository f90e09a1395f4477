"""The page of one ticker: prices with the news on them, each link's numbers, what the events have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from signals.reports.base_rates import NO_NEWS, how_often, typical_move
from signals.reports.format import (
    ANCHORS,
    ROLES,
    SEPARATOR,
    TAG_KINDS,
    percent,
    plural,
    probability,
    published,
    sentence,
    spaced,
)
from signals.reports.json_csv import values_of
from signals.reports.links_table import CAUTION
from signals.reports.page import Mark, Packed, document, element, marks, packed
from signals.reports.quoted_test import RULE, beside, named
from signals.types import Average, Chart, RefusedTag, Report, UnscoredRow, Verdict

MOST_LINKS = 5_000  # newest links that a page holds; csv and json hold all
MOST_UNSCORED = 200

_PRICE = ("session", "close", "ret", "benchmark_ret")
_AVERAGE_POINT = ("mean", "half_band", "events")
_CHANCE = ("stated", "chance", "error", "events")
_UNUSUAL = ("session", "p_value")
_TEXTS = {"role": ROLES, "anchor": ANCHORS, "tag_kind": TAG_KINDS}


@dataclass(frozen=True, slots=True)
class ChartData:
    """What the charts draw: points as lists of `_PRICE`, `_AVERAGE_POINT` and `_CHANCE`, paths as in `Chart`."""

    prices: Sequence[Sequence[object]]
    offsets: Sequence[int]
    paths: Mapping[str, Mapping[str, Sequence[float | None]]]
    average: Mapping[str, Sequence[Sequence[object]]]
    chance: Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class PageData:
    """What the script reads: `texts` are those of stored words by column, `unexplained` sessions have no known news."""

    ticker: str
    verdicts: Sequence[Mark]
    texts: Mapping[str, Mapping[str, str]]
    links: Packed
    chart: ChartData
    unexplained: Sequence[Sequence[object]]


def ticker_page(report: Report, chart: Chart, link_columns: Sequence[str]) -> str:
    """Return the page of a report.

    Parameters
    ----------
    report, chart
        From `signals.answers.report`.
    link_columns
        The columns of v_links.
    """
    zone, links = report.instrument.timezone, report.links[:MOST_LINKS]
    unexplained = [row for row in report.unusual if not row.explained]
    data = PageData(
        ticker=report.ticker,
        verdicts=marks(Verdict),
        texts={column: {str(word): text for word, text in of.items()} for column, of in _TEXTS.items()},
        links=packed(links, link_columns, published_local=[published(link, zone) for link in links]),
        chart=_chart_data(chart),
        unexplained=list(map(values_of(_UNUSUAL), unexplained)),
    )
    body = [*_head(report), *_controls(), "<main>", *_charts(report), *_tables(report), "</main>", *_foot(report)]
    return document(f"{report.ticker} {report.instrument.name}", "\n".join(body), "page.js", data)


def _chart_data(chart: Chart) -> ChartData:
    point = values_of(_AVERAGE_POINT)
    return ChartData(
        prices=list(map(values_of(_PRICE), chart.prices)),
        offsets=chart.offsets,
        paths=chart.paths,
        average={study: list(map(point, points)) for study, points in chart.average.items()},
        chance=list(map(values_of(_CHANCE), chart.chance)),
    )


def _head(report: Report) -> Iterator[str]:
    about, fresh = report.instrument, report.freshness
    yield '<header class="top"><div>'
    yield f"<h1>{element('span', report.ticker)}{element('small', about.name)}</h1>"
    benchmark = f"benchmark {about.benchmark}" if about.benchmark else "no benchmark"
    yield element("p", SEPARATOR.join((about.mic, about.currency, benchmark)), class_="soft")
    if report.base_rate is not None:
        yield element("p", sentence(typical_move(report.base_rate)), class_="note")
    yield '</div><dl class="facts">'
    facts = [
        ("prices to", about.last_bar[:10] if about.last_bar else "none"),
        ("news to", f"{fresh.news_to:%Y-%m-%d}" if fresh.news_to else "none"),
        ("last run", f"{fresh.last_run:%Y-%m-%d %H:%M} UTC" if fresh.last_run else "none"),
        ("articles", f"{about.articles:,}"),
    ]
    for name, value in facts:
        yield f"<div>{element('dt', name)}{element('dd', value)}</div>"
    yield "</dl></header>"


def _controls() -> Iterator[str]:
    yield (
        '<div class="controls" role="group" aria-label="Filters"><div>'
        '<label class="field">study <select id="study"></select></label>'
        '<label class="field">window <select id="window"></select></label>'
        '<input type="search" id="words" placeholder="Filter: words, source, date" aria-label="Filter the articles">'
        '<span class="chips" id="chips"></span><button type="button" id="theme">Dark</button></div></div>'
    )


def _charts(report: Report) -> Iterator[str]:
    benchmark = report.instrument.benchmark
    of_benchmark = f'<span><i class="market"></i>{element("span", f"{benchmark} from the same level")}</span>'
    yield (
        '<div class="grid"><div class="panel"><header><h2>Price and news</h2>'
        '<span class="ranges" id="ranges" role="group" aria-label="Span"></span></header>'
        '<div class="plot tall" id="prices" tabindex="0" role="group" '
        'aria-label="Price chart. The arrow keys move from event to event."></div>'
        f'<p class="legend"><span><i class="own"></i>{element("span", report.ticker)}, dividends reinvested</span>'
        f"{of_benchmark if benchmark else ''}<span><b>△</b>unusual, {NO_NEWS}</span></p></div>"
        '<div class="panel card" id="card" aria-live="polite"></div></div>'
    )
    yield (
        '<div class="charts"><div class="panel"><header><h2>Average path around the news</h2>'
        '<span class="note" id="average-n"></span></header><div class="plot" id="average"></div>'
        '<p class="note">Cumulative abnormal return; sessions from day zero.</p></div>'
        '<div class="panel"><header><h2>Are the p-values calibrated?</h2><span class="note" id="calibration-n"></span>'
        '</header><div class="plot" id="calibration"></div><p class="note">Share of events at or below each p. If news '
        "had no effect, the line would follow the diagonal and stay in the band 19 times of 20. A line above the band "
        "on the left: more moves than by chance.</p></div>"
        '<div class="panel"><header><h2>Is the chance right?</h2><span class="note" id="chance-n"></span></header>'
        '<div class="plot" id="chance"></div><p class="note">The newest events of the store: how likely chance was '
        "said to be, and the share that was chance, with the range of two standard errors. On the diagonal it was "
        "right; below it, cautious.</p></div>"
        '<div class="panel"><header><h2>Verdicts</h2><span class="note" id="verdicts-n"></span>'
        '</header><div class="bars" id="verdicts"></div></div></div>'
    )


def _tables(report: Report) -> Iterator[str]:
    yield (
        '<section class="panel long"><header><h2>Articles</h2>'
        '<span class="note" id="count" role="status"></span></header>'
        '<div class="scroll"><table><thead><tr id="head"></tr></thead><tbody id="rows"></tbody></table></div>'
        '<p class="empty" id="none" hidden>No article fits the filter.</p>'
        '<p class="more"><button type="button" id="more" hidden></button></p>'
        "<noscript>The charts and this table need JavaScript; <code>--format csv</code> has the same rows.</noscript>"
    )
    if len(report.links) > MOST_LINKS:
        most = f"The newest {MOST_LINKS:,} of {len(report.links):,} links; csv and json hold all."
        yield element("p", most, class_="note")
    yield "</section>"
    if report.averages:
        yield from _table("Average moves, and whether they differ from zero", _AVERAGES, map(_average, report.averages))
        yield element("p", RULE, class_="note")
    if report.unscored:
        yield from _table("Pending and unscored", _UNSCORED, map(_unscored, report.unscored[:MOST_UNSCORED]))
    if report.refused_tags:
        yield from _table("Refused tags in these articles", _REFUSED, map(_refused, report.refused_tags))


_AVERAGES = ("study", "window", "group", "events", "move", "abnormal", "p", "test", "beside it")
_UNSCORED = ("day zero", "study", "window", "status", "reason", "detail")
_REFUSED = ("tag", "reason", "could be", "articles")


def _average(row: Average) -> list[object]:
    test = row.default_test
    name = test.test if test.p_value is not None else test.reason
    numbers = [percent(row.ret), percent(row.caar), probability(test.p_value)]
    return [row.study, row.event_window, row.group, row.events, *numbers, name, named(beside(row))]


def _unscored(row: UnscoredRow) -> list[object]:
    return [row.day_zero, row.study, row.event_window, row.status, spaced(row.reason), row.reason_detail]


def _refused(row: RefusedTag) -> list[object]:
    return [row.tag, spaced(row.reason), row.alias, row.articles]


def _table(title: str, names: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield f'<section class="panel"><details open><summary>{element("span", title)}</summary><div class="scroll"><table>'
    yield f"<thead><tr>{''.join(element('th', name, scope='col') for name in names)}</tr></thead><tbody>"
    for row in rows:
        yield "<tr>" + "".join(element("td", value) for value in row) + "</tr>"
    yield "</tbody></table></div></details></section>"


def _foot(report: Report) -> Iterator[str]:
    yield "<footer>"
    yield element("p", CAUTION)
    if report.base_rate is not None:
        yield element("p", sentence(how_often(report.base_rate)))
    links = plural(len(report.links), "link")
    yield element("p", f"As of {report.as_of:%Y-%m-%d %H:%M} UTC. {links}; the page holds every column of v_links.")
    yield "</footer>"
