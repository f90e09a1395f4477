"""What `signals status` and the end of a run say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from signals.reports.words import plain

Line = tuple[str, str]


def status_lines(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[Line]:
    """Yield the state of the store: runs, sources, what is pending and what was refused and why."""
    totals = found["totals"][0]
    yield "{articles} articles · {instruments} instruments · {events} events · {links} links".format(**totals), "bold"
    yield from _section("Last runs", found["runs"], _run)
    yield from _section("Sources", found["sources"], _source)
    yield from _section("Links", found["links"], lambda r: f"{r['links']:>8} {r['status']} {r['verdict']}")
    yield from _section("Events that wait or could not be scored", found["unscored"], _unscored)
    yield from _section("Articles that wait for a session", found["unplaced"], _unplaced)
    yield from _section("Items refused", found["refusals"], _refusal)
    yield from _section("Tags refused", found["refused_tags"], _refused_tag)
    yield from _section("Bars kept out", found["quarantine"], _quarantined)
    yield from _section("Price sources that disagree", found["disagreements"], _disagreement)


def _section(title: str, rows: Sequence[Mapping[str, Any]], line: Any) -> Iterator[Line]:
    if rows:
        yield "", ""
        yield title, "bold"
        for row in rows:
            bad = row.get("state") in ("failed", "killed")
            yield "    " + line(row), "red" if bad else ""


def _run(row: Mapping[str, Any]) -> str:
    took = f" in {(row['finished_at'] - row['started_at']).total_seconds():.0f} s" if row["finished_at"] else ""
    counts = ", ".join(f"{row[n]} {n}" for n in ("articles", "bars", "moves", "links", "refused", "failures") if row[n])
    error = f": {plain(row['error'])}" if row["error"] else ""
    what = counts or "nothing new"
    return f"#{row['run_id']} {row['job']} {row['started_at']:%Y-%m-%d %H:%M} UTC {row['state']}{took}: {what}{error}"


def _source(row: Mapping[str, Any]) -> str:
    name = f"{row['room']} {row['source']}"
    if row["state"] == "ok":
        return f"{name}: ok, {row['items']} items"
    since = f"{row['failed_since']:%Y-%m-%d %H:%M} UTC" if row["failed_since"] else "its first run"
    return f"{name}: failed since {since} ({row['failed']} items, {row['reason']}): {plain(row['detail'])}"


def _unscored(row: Mapping[str, Any]) -> str:
    return f"{row['events']:>6} {row['status']} {row['reason']}, such as: {plain(row['example'])}"


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
