"""The other way round: unusual sessions, and the stories that fall on them or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from signals.reports.format import Line, link_style, percent, plain, probability, published, shortened, wrapped

NO_NEWS = "no news known"


def moves_lines(found: Mapping[str, Any], width: int) -> Iterator[Line]:
    """Yield the unusual sessions, newest first, each with its stories, and then how often there are such."""
    zones = {rate["ticker"]: rate["timezone"] for rate in found["base_rates"]}
    if not found["moves"]:
        yield "No such session is known.", ""
    for row in found["moves"]:
        yield _session_line(row), "bold"
        for story in row["news"]:
            line = _story_line(story, zones.get(row["ticker"], "UTC"), width)
            yield line, link_style("", story["url"])
        if not row["news"]:
            yield f"    {NO_NEWS}", "yellow"
    if found["base_rates"]:
        yield "", ""
        yield "How often (p at most 0.01), and how much it moves on other days", "bold"
        for rate in found["base_rates"]:
            yield f"    {rate['ticker']}", ""
            yield from wrapped(f"{how_often(rate)}.", width, "        ")
            if rate["typical_ret"] is not None:
                yield from wrapped(f"{ordinary_move(rate)}.", width, "        ")


def _session_line(row: Mapping[str, Any]) -> str:
    market = "" if row["benchmark_ret"] is None else f"  market {percent(row['benchmark_ret'])}"
    measured = f"move {percent(row['ret'])}{market}  abnormal {percent(row['ar'])}  p {probability(row['p_value'])}"
    return f"{row['session']}  {row['ticker']:<8} {measured}"


def _story_line(story: Mapping[str, Any], zone: str, width: int) -> str:
    head, tail = f"    {published(story, zone)}  ", f" · {story['role']}"
    tail += f" · {story['copies']} copies" if story["copies"] > 1 else ""
    who = " / ".join(filter(None, [plain(story["source"]), plain(story["publisher"])]))
    title = shortened(plain(story["title"]), max(width - len(head) - len(tail), 20))
    return shortened(f"{head}{title}{tail} · {who}", width)


def how_often(rate: Mapping[str, Any]) -> str:
    """Say how often an instrument moves unusually, with and without news."""
    unusual, sessions = rate["unusual_sessions"], rate["measured_sessions"]
    share = f"{unusual} of {sessions} sessions since {rate['first_measured']} unusual"
    return f"{share}, {rate['unexplained_sessions']} of them with {NO_NEWS}"


def ordinary_move(rate: Mapping[str, Any]) -> str:
    """Say how much an instrument moves on ordinary days."""
    every_other = f"every other session moves more than {rate['typical_ret']:.2%} ({rate['typical_ar']:.2%} abnormally)"
    return f"on ordinary days {every_other}, one in twenty more than {rate['large_ret']:.2%} ({rate['large_ar']:.2%})"
