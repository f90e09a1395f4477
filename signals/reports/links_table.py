"""The report for people: one block per article, one line per study and window, in columns that line up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from signals.reports.format import (  # fmt: skip
    Line,
    link_style,
    number,
    percent,
    plain,
    plural,
    probability,
    published,
    shortened,
    wrapped,
)
from signals.reports.moves import how_often, ordinary_move

_VERDICT_STYLE = {
    "move": "bold green",
    "confounded": "yellow",
    "market_wide": "cyan",
    "no_move": "",
    "weak_tie": "dim",
    "not_scored": "dim",
}

CAUTION = "p, q: how unusual the abnormal move was beside ordinary days. That does not say that the article caused it."


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers: its name, its width (negative: from the left), and how a row of v_links is written in it."""

    name: str
    width: int
    cell: Callable[[Mapping[str, Any]], str]

    def text(self, written: str) -> str:
        """Fill the column."""
        return written.ljust(-self.width) if self.width < 0 else written.rjust(self.width)


_COLUMNS = (
    Column("study", -14, lambda row: shortened(row["study"], 13)),
    Column("window", -9, lambda row: str(row["event_window"])),
    Column("move", 8, lambda row: percent(row["ret"])),
    Column("market", 9, lambda row: percent(row["benchmark_ret"])),
    Column("abnormal", 10, lambda row: percent(row["car"])),
    Column("t", 7, lambda row: number(row["t_stat"])),
    Column("p", 8, lambda row: probability(row["p_value"])),
    Column("q", 8, lambda row: probability(row["q_value"])),
)
_FIRST_TO_GO = ("t", "market", "study", "q")  # where the terminal is narrow
_INDENT, _VERDICT = "    ", 14


def columns_for(width: int) -> tuple[Column, ...]:
    """Return the columns that fit a width beside the verdict, the least needed left out first."""
    kept: tuple[Column, ...] = _COLUMNS
    for name in _FIRST_TO_GO:
        if len(_INDENT) + sum(abs(column.width) for column in kept) + _VERDICT <= width:
            break
        kept = tuple(column for column in kept if column.name != name)
    return kept


def report_lines(report: Mapping[str, Any], width: int) -> Iterator[Line]:
    """Yield the report of one ticker, line by line."""
    zone, columns = report["instrument"]["timezone"], columns_for(width)
    yield from _header_lines(report, width)
    if not report["links"]:
        yield "", ""
        yield "No links: no article that names it has been placed on a session yet.", ""
    for _, group in groupby(report["links"], key=lambda row: row["article_id"]):
        yield "", ""
        yield from _article_lines(list(group), zone, columns, width)
    yield from _section("Pending and unscored", _unscored_lines(report["unscored"], width))
    yield from _section("Refused tags in these articles", _refused_lines(report["refused_tags"], width))
    yield from _section("Average moves", _aggregate_lines(report["aggregates"], width))
    yield "", ""
    if report["base_rate"] is not None:
        yield from wrapped(f"{report['ticker']} {ordinary_move(report['base_rate'])}; "
                           f"{how_often(report['base_rate'])}.", width)  # fmt: skip
    yield from wrapped(CAUTION, width)


def _header_lines(report: Mapping[str, Any], width: int) -> Iterator[Line]:
    about, coverage = report["instrument"], report["coverage"]
    benchmark = f"benchmark {about['benchmark']}" if about["benchmark"] else "no benchmark"
    about_it = f"{plain(about['name'])} · {about['mic']} · {about['currency']} · {benchmark}"
    yield shortened(f"{report['ticker']}  {about_it}", width), "bold"
    news = f"news to {coverage['news_to']:%Y-%m-%d}" if coverage["news_to"] else "no news yet"
    run = f"last run {coverage['last_run']:%Y-%m-%d %H:%M} UTC" if coverage["last_run"] else "no run yet"
    span = f"prices {coverage['first_bar']} to {coverage['last_bar']}" if coverage["first_bar"] else "no prices yet"
    counts = f"{plural(coverage['articles'], 'article')} · {plural(coverage['links'], 'link')}"
    yield from wrapped(" · ".join((span, news, run, counts)), width)


def _article_lines(
    rows: Sequence[Mapping[str, Any]], zone: str, columns: Sequence[Column], width: int
) -> Iterator[Line]:
    first = rows[0]
    headline = shortened(f"{published(first, zone)}  {plain(first['title'])}", width)
    yield headline, link_style("bold", first["url"])
    tie = f"{first['role']} {number(first['relevance'])} by {first['tag_kind']} {plain(first['tag'])!r}"
    who = " / ".join(filter(None, [plain(first["source"]), plain(first["publisher"])]))
    taken_back = " · WITHDRAWN" if first.get("withdrawn") else ""
    yield shortened(f"    {tie} · {who}{taken_back} · {first['article_id']}/{first['ticker']}", width), ""
    zone_note = f"zone {first['published_zone']} ({first['zone_basis']})"
    sensitive = ", another would change it" if first["day_zero_sensitive"] else ""
    copies = f" · copy {first['story_rank']} of story {first['story_id']}" if first["story_rank"] > 1 else ""
    sharing = max(row["articles_in_event"] for row in rows)  # an intraday event has fewer than its session's
    more = f" · {sharing} articles share the event" if sharing > 1 else ""
    day = f"day zero {first['day_zero']} {first['anchor']}"
    yield shortened(f"    {day} · {zone_note}{sensitive}{copies}{more}", width), ""
    yield _INDENT + "".join(column.text(column.name) for column in columns) + "  verdict", "dim"
    for row in rows:
        yield _move_line(row, columns), _VERDICT_STYLE[row["verdict"]]
    for study, model in dict.fromkeys((row["study"], row["model"]) for row in rows if ": " in row["model"]):
        yield shortened(f"{_INDENT}{study}: {model}", width), "dim"


def _move_line(row: Mapping[str, Any], columns: Sequence[Column]) -> str:
    verdict = row["verdict"]
    if row["status"] != "scored":
        verdict = f"{row['status']}: {row['reason']}"
    return _INDENT + "".join(column.text(column.cell(row)) for column in columns) + f"  {verdict}"


def _aggregate_lines(rows: Iterable[Mapping[str, Any]], width: int) -> Iterator[Line]:
    for row in rows:
        test = next(test for test in row["tests"] if test["test"] == row["default"])
        said = f"p {probability(test['p_value'])} ({test['test']})" if test["p_value"] is not None else test["reason"]
        group = "" if row["group"] == "all" else f"  {plain(row['group'])}"
        what = f"    {shortened(row['study'], 13):<14}{row['event_window']:<9}{row['events']:>4} events"
        numbers = f"move {percent(row['ret']):>8}  abnormal {percent(row['caar']):>8}  {said}{group}"
        whole = f"{what}  {numbers}"
        lines = [whole] if len(whole) <= width else [what, f"        {numbers}"]
        yield from ((shortened(line, width), "") for line in lines)
        others = [test for test in row["tests"] if test["p_value"] is not None and test["test"] != row["default"]]
        if others and row["group"] == "all":
            told = ", ".join(f"{test['test']} {probability(test['p_value'])}" for test in others)
            yield from wrapped(f"other tests: {told}", width, "        ")


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
