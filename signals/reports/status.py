"""What `signals status` and the end of a run say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from signals.reports.format import Line, percent, plain, probability


def status_lines(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[Line]:
    """Yield the morning report: the last night, what waits, what was refused and why, what failed since when."""
    totals = found["totals"][0]
    yield "{articles} articles · {instruments} instruments · {events} events · {links} links".format(**totals), "bold"
    yield from _section("Changed in the configuration, for `signals rebuild` to apply", found["changes"], _change)
    yield from _section("Schedulers", found["schedulers"], _scheduler)
    yield from _section("Last runs", found["runs"], _run)
    yield from _section("Arrived", found["arrived"], lambda r: f"{r['written']:>8} of {r['items']} from {r['source']}")
    yield from _section("Linked or linked anew", found["linked"], _linked)
    yield from _section("Moved", found["moved"], _moved)
    yield from _section("Pending", found["pending"], _pending)
    yield from _section("Waiting for the next scoring", _waiting(found), lambda r: f"{r['articles']:>8} articles")
    yield from _section("Articles that wait for a session", found["unplaced"], _unplaced)
    yield from _section("Sources", found["sources"], _source)
    yield from _section("Gaps", found["gaps"], _gap)
    yield from _section("Events that could not be scored", found["unscored"], _unscored)
    yield from _section("Items refused", found["refusals"], _refusal)
    yield from _section("Tags refused", found["refused_tags"], _refused_tag)
    yield from _section("Bars kept out", found["quarantine"], _quarantined)
    yield from _section("Price sources that disagree", found["disagreements"], _disagreement)
    yield from _section("All links", found["links"], lambda r: f"{r['links']:>8} {r['status']} {r['verdict']}")


def _section(title: str, rows: Sequence[Mapping[str, Any]], line: Any) -> Iterator[Line]:
    if rows:
        yield "", ""
        yield title, "bold"
        for row in rows:
            bad = row.get("state") in ("failed", "killed")
            yield "    " + line(row), "red" if bad else ""


_COUNTS = ("articles", "bars", "moves", "links", "refused", "failures", "gaps")


def _run(row: Mapping[str, Any]) -> str:
    took = "" if row["seconds"] is None else f" in {row['seconds']:.0f} s"
    again = f", attempt {row['attempt']}" if row["attempt"] > 1 else ""
    counts = ", ".join(f"{row[n]} {n}" for n in _COUNTS if row[n])
    error = f": {plain(row['error'])}" if row["error"] else ""
    what = counts or "nothing new"
    begun = f"{row['started_at']:%Y-%m-%d %H:%M} UTC"
    return f"#{row['run_id']} {plain(row['job'])} {begun} {row['state']}{took}{again}: {what}{error}"


def _change(row: Mapping[str, Any]) -> str:
    return plain(row["what"])


def _scheduler(row: Mapping[str, Any]) -> str:
    then = f", next {plain(row['next_job'])} {row['next_at']:%Y-%m-%d %H:%M} UTC" if row["next_at"] else ""
    return f"{plain(row['name'])}: last heard of {row['beat_at']:%Y-%m-%d %H:%M} UTC{then}"


def _linked(row: Mapping[str, Any]) -> str:
    articles, tickers = _many(row["articles"], "article"), _many(row["tickers"], "instrument")
    return f"{row['links']:>8} {row['verdict']} ({articles}, {tickers})"


def _moved(row: Mapping[str, Any]) -> str:
    copies = f" (and {row['articles'] - 1} more)" if row["articles"] > 1 else ""
    move = f"{row['ticker']} {row['day_zero']} {row['event_window']} {percent(row['ret'])}"
    return (
        f"{plain(move)}, abnormal {percent(row['car'])}, q {probability(row['q_value'])}: {plain(row['title'])}{copies}"
    )


def _pending(row: Mapping[str, Any]) -> str:
    until = f"until {row['last_session']} has closed" if row["reason"] == "window_open" else plain(row["example"])
    if row["last_session"] is None:
        until = "until a session that is not yet known"
    return f"{_many(row['events'], 'event'):>12} {until}"


def _waiting(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> Sequence[Mapping[str, Any]]:
    return [row for row in found["unmatched"] if row["articles"]]


def _gap(row: Mapping[str, Any]) -> str:
    span = row["session"] if row["sessions"] == 1 else f"{row['session']} to {row['last_session']}"
    return f"{plain(row['ticker'])} has no bar on {_many(row['sessions'], 'session')}, {span}"


def _many(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")


def _source(row: Mapping[str, Any]) -> str:
    name = f"{row['room']} {row['source']}"
    if row["state"] == "ok":
        return f"{name}: ok, {row['items']} items"
    since = f"{row['failed_since']:%Y-%m-%d %H:%M} UTC" if row["failed_since"] else "its first run"
    return f"{name}: failed since {since} ({row['failed']} items, {row['reason']}): {plain(row['detail'])}"


def _unscored(row: Mapping[str, Any]) -> str:
    return f"{row['events']:>6} {row['reason']}, such as: {plain(row['example'])}"


def _unplaced(row: Mapping[str, Any]) -> str:
    return f"{row['articles']:>6} {row['ticker']}, published from {row['published_at']:%Y-%m-%d %H:%M} UTC"


def _refusal(row: Mapping[str, Any]) -> str:
    example = f"{plain(row['example'])}: {plain(row['detail'])}"
    return f"{row['items']:>6} {row['source']} {row['reason']}, such as {example[:160]}"


def _refused_tag(row: Mapping[str, Any]) -> str:
    return f"{row['tags']:>6} {row['reason']} ({row['different']} different, such as {plain(row['example'])!r})"


def _disagreement(row: Mapping[str, Any]) -> str:
    starts = row["starts"]
    span = starts[0] if len(starts) == 1 else f"{starts[0]} to {starts[-1]}"
    days = f"{len(starts)} bar" + ("s" if len(starts) > 1 else "")
    return f"{row['ticker']}: closes of {row['source']} and {row['other']} differ on {days}, {span}"


def _quarantined(row: Mapping[str, Any]) -> str:
    return (
        f"{row['bars']:>6} {row['ticker']} {row['source']} {row['reason']}, such as {row['example']}: {row['detail']}"
    )
