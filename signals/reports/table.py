"""The report for people: one block per article, one line per study and window, in columns that line up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from signals.reports.words import number, percent, plain, probability, published, shortened

Line = tuple[str, str]  # text and style

_VERDICT_STYLE = {
    "move": "bold green",
    "confounded": "yellow",
    "market_wide": "cyan",
    "no_move": "",
    "weak_tie": "dim",
    "not_scored": "dim",
}

CAUTION = "p, q: how unusual the abnormal move was beside ordinary days. That does not say that the article caused it."
_HEAD = f"    {'study':<14}{'window':<9}{'move':>8}{'market':>9}{'abnormal':>10}{'t':>7}{'p':>8}{'q':>8}  verdict"


def report_lines(report: Mapping[str, Any], width: int) -> Iterator[Line]:
    """Yield the report of one ticker, line by line."""
    about, coverage, zone = report["instrument"], report["coverage"], report["instrument"]["timezone"]
    yield f"{report['ticker']}  {plain(about['name'])} · {about['mic']} · {about['currency']}", "bold"
    benchmark = f"benchmark {about['benchmark']}" if about["benchmark"] else "no benchmark"
    span = f"prices {coverage['first_bar']} to {coverage['last_bar']}" if coverage["first_bar"] else "no prices yet"
    yield f"{benchmark} · {span} · {coverage['articles']} articles · {coverage['links']} links", "dim"
    if not report["links"]:
        yield "", ""
        yield "No links: no article that names it has been placed on a session yet.", ""
    for _, group in groupby(report["links"], key=lambda row: row["article_id"]):
        yield "", ""
        yield from _article_lines(list(group), zone, width)
    yield from _section("Average moves", _aggregate_lines(report["aggregates"]))
    yield from _section("Refused tags in these articles", _refused_lines(report["refused_tags"], width))
    yield from _section("Pending and unscored", _unscored_lines(report["unscored"], width))
    yield "", ""
    yield CAUTION, "dim"


def _article_lines(rows: Sequence[Mapping[str, Any]], zone: str, width: int) -> Iterator[Line]:
    first = rows[0]
    yield shortened(f"{published(first, zone)}  {plain(first['title'])}", width), "bold"
    tie = f"{first['role']} {number(first['relevance'])} by {first['tag_kind']} {plain(first['tag'])!r}"
    who = " / ".join(filter(None, [plain(first["source"]), plain(first["publisher"])]))
    yield shortened(f"    {tie} · {who} · {first['article_id']}/{first['ticker']}", width), ""
    zone_note = f"zone {first['published_zone']} ({first['zone_basis']})"
    sensitive = ", another would change it" if first["day_zero_sensitive"] else ""
    copies = f" · copy {first['story_rank']} of story {first['story_id']}" if first["story_rank"] > 1 else ""
    more = f" · {first['articles_in_event']} articles share the event" if first["articles_in_event"] > 1 else ""
    day = f"day zero {first['day_zero']} {first['anchor']}"
    yield shortened(f"    {day} · {zone_note}{sensitive}{copies}{more}", width), ""
    yield _HEAD, "dim"
    for row in rows:
        yield _move_line(row), _VERDICT_STYLE[row["verdict"]]


def _move_line(row: Mapping[str, Any]) -> str:
    verdict = row["verdict"]
    if row["status"] != "scored":
        verdict = f"{row['status']}: {row['reason']}"
    return (
        f"    {shortened(row['study'], 13):<14}{row['event_window']:<9}{percent(row['ret']):>8}"
        f"{percent(row['benchmark_ret']):>9}{percent(row['car']):>10}{number(row['t_stat']):>7}"
        f"{probability(row['p_value']):>8}{probability(row['q_value']):>8}  {verdict}"
    )


def _aggregate_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[Line]:
    for row in rows:
        test = next(test for test in row["tests"] if test["test"] == row["default"])
        said = f"p {probability(test['p_value'])} ({test['test']})" if test["p_value"] is not None else test["reason"]
        group = "" if row["group"] == "all" else f"  {plain(row['group'])}"
        what = f"    {shortened(row['study'], 13):<14}{row['event_window']:<9}{row['events']:>4} events"
        yield f"{what}  move {percent(row['ret']):>8}  abnormal {percent(row['caar']):>8}  {said}{group}", ""


def _refused_lines(rows: Iterable[Mapping[str, Any]], width: int) -> Iterator[Line]:
    for row in rows:
        candidates = f" (could be {plain(row['alias'])})" if row["alias"] else ""
        articles = "article" if row["articles"] == 1 else "articles"
        yield (
            shortened(f"    {plain(row['tag'])}: {row['reason']}{candidates}, {row['articles']} {articles}", width),
            "",
        )


def _unscored_lines(rows: Iterable[Mapping[str, Any]], width: int) -> Iterator[Line]:
    def reason(row: Mapping[str, Any]) -> tuple[str, str]:
        return row["status"], row["reason"]

    for (status, why), group in groupby(sorted(rows, key=reason), key=reason):
        listed = sorted(group, key=lambda row: row["day_zero"])
        windows = ", ".join(sorted({f"{row['study']} {row['event_window']}" for row in listed}))
        events = len({row["event_id"] for row in listed})
        latest = f"{listed[-1]['reason_detail']} (day zero {listed[-1]['day_zero']})"
        count = f"{events} event" + ("s" if events > 1 else "")
        yield shortened(f"    {status} {why}: {count}, such as: {latest} · {windows}", width), ""


def _section(title: str, lines: Iterator[Line]) -> Iterator[Line]:
    first = next(lines, None)
    if first is not None:
        yield "", ""
        yield title, "bold"
        yield first
        yield from lines
