"""The page of one ticker: prices with the news on them, each link's numbers, what the events have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from signals.reports.format import percent, plural, probability, published
from signals.reports.links_table import CAUTION
from signals.reports.moves import how_often, ordinary_move
from signals.reports.page import document, element, packed

MOST = 5_000  # newest links that a page holds; csv and json hold all


def ticker_page(found: Mapping[str, Any], chart: Mapping[str, Any], columns: Sequence[str]) -> str:
    """Return the page of a report.

    Parameters
    ----------
    found
        From `signals.app.App.report`.
    chart
        From `signals.app.App.chart`.
    columns
        The columns of v_links.
    """
    zone = found["instrument"]["timezone"]
    links = [{**link, "published_local": published(link, zone)} for link in found["links"][:MOST]]
    data = {
        "ticker": found["ticker"],
        "links": packed(links, [*columns, "published_local"]),
        "chart": chart,
        "silent": [{k: row[k] for k in ("session", "p_value")} for row in found["unusual"] if not row["explained"]],
    }
    body = "\n".join(
        [*_head(found), *_controls(), "<main>", *_charts(found), *_tables(found), "</main>", *_foot(found)]
    )
    return document(f"{found['ticker']} {found['instrument']['name']}", body, "page.js", data)


def _head(found: Mapping[str, Any]) -> Iterator[str]:
    about, coverage = found["instrument"], found["coverage"]
    yield '<header class="top"><div>'
    yield f"<h1>{element('span', found['ticker'])}{element('small', about['name'])}</h1>"
    benchmark = f"benchmark {about['benchmark']}" if about["benchmark"] else "no benchmark"
    yield element("p", f"{about['mic']} · {about['currency']} · {benchmark}", class_="soft")
    if found["base_rate"] is not None:
        yield element("p", _sentence(ordinary_move(found["base_rate"])), class_="note")
    yield '</div><dl class="facts">'
    facts = [
        ("prices to", coverage["last_bar"] or "none"),
        ("news to", f"{coverage['news_to']:%Y-%m-%d}" if coverage["news_to"] else "none"),
        ("last run", f"{coverage['last_run']:%Y-%m-%d %H:%M} UTC" if coverage["last_run"] else "none"),
        ("articles", f"{coverage['articles']:,}"),
    ]
    for name, value in facts:
        yield f"<div>{element('dt', name)}{element('dd', value)}</div>"
    yield "</dl></header>"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _controls() -> Iterator[str]:
    yield (
        '<div class="controls" role="group" aria-label="What is shown"><div>'
        '<label class="field">study <select id="study"></select></label>'
        '<label class="field">window <select id="window"></select></label>'
        '<input type="search" id="words" placeholder="Filter: words, source, date" aria-label="Filter the articles">'
        '<span class="chips" id="chips"></span><button type="button" id="theme">Dark</button></div></div>'
    )


def _charts(found: Mapping[str, Any]) -> Iterator[str]:
    benchmark = found["instrument"]["benchmark"]
    of_benchmark = f'<span><i class="market"></i>{element("span", f"{benchmark} from the same level")}</span>'
    yield (
        '<div class="grid"><div class="panel"><header><h2>Price and news</h2>'
        '<span class="ranges" id="ranges" role="group" aria-label="Span"></span></header>'
        '<div class="plot tall" id="prices" tabindex="0" role="group" '
        'aria-label="Price chart. The arrow keys walk from event to event."></div>'
        f'<p class="legend"><span><i class="own"></i>{element("span", found["ticker"])}, dividends reinvested</span>'
        f"{of_benchmark if benchmark else ''}<span><b>△</b>unusual, no news known</span></p></div>"
        '<div class="panel card" id="card" aria-live="polite"></div></div>'
    )
    yield (
        '<div class="three"><div class="panel"><header><h2>Average path around the news</h2>'
        '<span class="note" id="average-n"></span></header><div class="plot" id="average"></div>'
        '<p class="note">Cumulated abnormal return; sessions from day zero.</p></div>'
        '<div class="panel"><header><h2>Are the p-values calibrated?</h2><span class="note" id="calibration-n"></span>'
        '</header><div class="plot" id="calibration"></div><p class="note">Share of events at or below each p. On the '
        "diagonal if news did nothing; within the band 19 times of 20. Above it on the left: more moves than "
        'chance makes.</p></div><div class="panel"><header><h2>Verdicts</h2><span class="note" id="verdicts-n"></span>'
        '</header><div class="bars" id="verdicts"></div></div></div>'
    )


def _tables(found: Mapping[str, Any]) -> Iterator[str]:
    yield (
        '<section class="panel long"><header><h2>Articles</h2>'
        '<span class="note" id="count" role="status"></span></header>'
        '<div class="scroll"><table><thead><tr id="head"></tr></thead><tbody id="rows"></tbody></table></div>'
        '<p class="empty" id="none" hidden>No article fits the filter.</p>'
        '<p class="more"><button type="button" id="more" hidden></button></p>'
        "<noscript>The charts and this table need JavaScript; <code>--format csv</code> has the same rows.</noscript>"
    )
    if len(found["links"]) > MOST:
        yield element(
            "p", f"The newest {MOST:,} of {len(found['links']):,} links; csv and json hold all.", class_="note"
        )
    yield "</section>"
    if found["aggregates"]:
        yield from _table(
            "Average moves, and whether they differ from zero", _AGGREGATES, map(_aggregate, found["aggregates"])
        )
    if found["unscored"]:
        yield from _table("Pending and unscored", _UNSCORED, map(_unscored, found["unscored"][:200]))
    if found["refused_tags"]:
        yield from _table("Tags refused in these articles", _REFUSED, map(_refused, found["refused_tags"]))


_AGGREGATES = ("study", "window", "group", "events", "move", "abnormal", "p", "test")
_UNSCORED = ("day zero", "study", "window", "status", "reason", "what is missing")
_REFUSED = ("tag", "reason", "could be", "articles")


def _aggregate(row: Mapping[str, Any]) -> list[object]:
    test = next(test for test in row["tests"] if test["test"] == row["default"])
    said = test["test"].replace("_", " ") if test["p_value"] is not None else test["reason"]
    measured = [percent(row["ret"]), percent(row["caar"]), probability(test["p_value"])]
    return [row["study"], row["event_window"], row["group"], row["events"], *measured, said]


def _unscored(row: Mapping[str, Any]) -> list[object]:
    return [row[name] for name in ("day_zero", "study", "event_window", "status", "reason", "reason_detail")]


def _refused(row: Mapping[str, Any]) -> list[object]:
    return [row["tag"], str(row["reason"]).replace("_", " "), row["alias"], row["articles"]]


def _table(title: str, names: Sequence[str], rows: Iterator[list[object]]) -> Iterator[str]:
    yield f'<section class="panel"><details open><summary>{element("span", title)}</summary><div class="scroll"><table>'
    yield f"<thead><tr>{''.join(element('th', name, scope='col') for name in names)}</tr></thead><tbody>"
    for row in rows:
        yield "<tr>" + "".join(element("td", value) for value in row) + "</tr>"
    yield "</tbody></table></div></details></section>"


def _foot(found: Mapping[str, Any]) -> Iterator[str]:
    yield "<footer>"
    yield element("p", CAUTION)
    if found["base_rate"] is not None:
        yield element("p", _sentence(how_often(found["base_rate"])))
    counted = plural(len(found["links"]), "link")
    yield element("p", f"As of {found['as_of']:%Y-%m-%d %H:%M} UTC. {counted}; the page holds every column of v_links.")
    yield "</footer>"
