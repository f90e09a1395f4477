"""The state of a store as text."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from signals.reports.status import status_lines
from signals.types import (
    ArrivalCount,
    DayMark,
    Disagreement,
    EventCount,
    GapCount,
    LeftAlone,
    MarketDays,
    MovedEvent,
    PendingCount,
    ProgressRow,
    QuarantineCount,
    RefusalCount,
    RefusedTagCount,
    RunRow,
    SchedulerRow,
    SourceRow,
    StatusReport,
    Totals,
    UnassignedCount,
    UnscoredCount,
    Verdict,
    VerdictCount,
)

AT = datetime(2026, 3, 4, 3, 30, tzinfo=UTC)
DAY = date(2026, 3, 4)

RUN = RunRow(
    run_id=7, job="nightly", slot=AT, attempt=1, state="done", started_at=AT, finished_at=AT, version="1",
    articles=1, refused=2, bars=11042, moves=0, links=12, failures=0, error=None, gaps=1, seconds=5.6,
)  # fmt: skip
SOURCE = SourceRow(
    room="news", source="wire", state="ok", items=1, written=1, failed=0, reason=None, detail=None, last_run_at=AT,
    last_ok_at=AT, failed_since=None,
)  # fmt: skip
MOVED = MovedEvent("ACME", DAY, "market", "0..0", 0.0589, 0.0606, 0.083, 0.0004, "Acme wins", 1)
EMPTY = StatusReport(
    totals=Totals(1, 2, 1, 1234), schedulers=[], runs=[], progress=None, sources=[], left_alone=[], events=[],
    pending=[], unscored=[], unmatched=0, unassigned=[], refusals=[], refused_tags=[], arrived=[], linked=[], moved=[],
    gaps=[], market_days=[],
    price_breaks=[], quarantine=[], disagreements=[], changes=[],
)  # fmt: skip


def section(status: StatusReport, title: str) -> list[str]:
    """Return the lines under a title."""
    lines = [line for line, _ in status_lines(status)]
    rest = lines[lines.index(title) + 1 :]
    return rest[: rest.index("")] if "" in rest else rest


def test_an_empty_section_has_no_title() -> None:
    assert list(status_lines(EMPTY)) == [("1 article · 2 instruments · 1 event · 1,234 links", "bold")]


def test_days_on_which_bars_disagree_with_the_calendar_are_named() -> None:
    marked = [MarketDays("XNYS", "SPX", DayMark.NO_BENCHMARK_BAR, (date(2024, 3, 12),)),
              MarketDays("MISX", None, DayMark.SHUT, (date(2022, 2, 28), date(2022, 3, 1)))]  # fmt: skip
    assert section(replace(EMPTY, market_days=marked), "Days on which bars and calendar disagree") == [
        "    XNYS by SPX, no benchmark bar: 1 day: 2024-03-12",
        "    MISX, shut: 2 days: 2022-02-28 to 2022-03-01",
    ]


def test_a_run_has_its_counts_with_their_nouns() -> None:
    text = " ".join(line.strip() for line in section(replace(EMPTY, runs=[RUN]), "Last runs"))
    assert text == (
        "#7 nightly, 2026-03-04 03:30 UTC, done in 6 s: "
        "1 article, 11,042 bars, 12 links, 2 refused items, 1 instrument with missing bars"
    )


def test_a_run_that_failed_says_why_in_red() -> None:
    failed = replace(RUN, state="failed", attempt=2, seconds=None, articles=0, bars=0, links=0, refused=0, gaps=0,
                     error="disk full")  # fmt: skip
    line = ("    #7 nightly, 2026-03-04 03:30 UTC, failed, attempt 2: nothing new: disk full", "red")
    assert line in list(status_lines(replace(EMPTY, runs=[failed])))


def test_sources_line_up_and_a_failure_says_since_when() -> None:
    failed = replace(SOURCE, room="prices", source="local", state="failed", failed=2, reason="not_found",
                     detail="no file", failed_since=AT)  # fmt: skip
    assert section(replace(EMPTY, sources=[SOURCE, failed, replace(failed, failed_since=None)]), "Sources") == [
        "    news   wire                 ok, 1 item",
        "    prices local                failed since 2026-03-04 03:30 UTC (2 items, not found): no file",
        "    prices local                failed since its first run (2 items, not found): no file",
    ]


def test_verdicts_stand_in_their_order_and_their_style() -> None:
    counts = [EventCount("scored", verdict, 1) for verdict in sorted(Verdict)]
    lines = list(status_lines(replace(EMPTY, events=counts)))
    shown = [(line.strip(), style) for line, style in lines[lines.index(("All events", "bold")) + 1 :]]
    assert shown == [(f"1 {verdict.text}", verdict.label.style) for verdict in Verdict]


def test_events_are_counted_by_verdict_and_status() -> None:
    status = replace(EMPTY, events=[EventCount("unscored", "not_scored", 103119)],
                     linked=[VerdictCount("move", 1, 2, 322)])  # fmt: skip
    assert section(status, "All events") == ["     103,119 not scored (unscored)"]
    assert section(status, "New or changed events") == ["         322 move (1 article, 2 instruments)"]


def test_the_move_of_an_event_stands_under_its_headline() -> None:
    moves = [replace(MOVED, articles=3), replace(MOVED, ticker="OTHR", title="Other", study="raw", local_fdr=0.004)]
    assert section(replace(EMPTY, moved=moves), "New moves") == [
        "    ACME 2026-03-04: Acme wins (and 2 more articles)",
        "        move +5.89%, abnormal +6.06%, chance 8%, q <0.001 (study market, window 0..0)",
        "    OTHR 2026-03-04: Other",
        "        move +5.89%, abnormal +6.06%, chance <1%, q <0.001 (study raw, window 0..0)",
    ]


def test_instruments_that_lack_the_same_sessions_share_a_line() -> None:
    gaps = [GapCount("A", 2, DAY, date(2026, 3, 5)), GapCount("B", 1, DAY, DAY),
            GapCount("C", 2, DAY, date(2026, 3, 5))]  # fmt: skip
    assert section(replace(EMPTY, gaps=gaps), "Missing bars") == [
        "    2 sessions, 2026-03-04 to 2026-03-05: A, C",
        "    1 session, 2026-03-04: B",
    ]


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (PendingCount(DAY, "window_open", 2, "..."), "2 events: window open, until 2026-03-04 has closed"),
        (PendingCount(DAY, "awaiting_bars", 1, "no bar yet"), "1 event: awaiting bars, no bar yet"),
        (PendingCount(None, "window_open", 1, ""), "1 event: window open, until a session that is not known yet"),
    ],
)
def test_pending_events_say_what_they_wait_for(row: PendingCount, line: str) -> None:
    assert section(replace(EMPTY, pending=[row]), "Pending") == [f"           {line}"]


LISTED: Sequence[tuple[str, StatusReport, str]] = (
    ("Configuration changes that need `signals rebuild`", replace(EMPTY, changes=["study market"]), "study market"),
    ("Schedulers", replace(EMPTY, schedulers=[SchedulerRow("host", AT, AT, "nightly", AT)]),
     "host: last sign of life 2026-03-04 03:30 UTC; next job nightly at 2026-03-04 03:30 UTC"),
    ("Schedulers", replace(EMPTY, schedulers=[SchedulerRow("host", AT, AT, None, None)]),
     "host: last sign of life 2026-03-04 03:30 UTC"),
    ("Hosts that are left alone", replace(EMPTY, left_alone=[LeftAlone("a.example", "it is down (503)", AT)]),
     "a.example until 2026-03-04 03:30 UTC: it is down (503)"),
    ("Where the run is", replace(EMPTY, progress=ProgressRow(7, "refresh", "prices of local: ACME", 3, 4_000, AT)),
     "#7 refresh: prices of local: ACME (3 of 4,000 done), since 2026-03-04 03:30:00 UTC"),
    ("New articles", replace(EMPTY, arrived=[ArrivalCount("wire", 1, 1)]), "1 of 1 item from wire"),
    ("Articles that wait for a run", replace(EMPTY, unmatched=3), "3 to be matched by the next run"),
    ("Articles that wait for a session", replace(EMPTY, unassigned=[UnassignedCount("ACME", 2, AT)]),
     "2 of ACME, published from 2026-03-04 03:30 UTC"),
    ("Unscored events", replace(EMPTY, unscored=[UnscoredCount("no_bars", 4209, "none on 2015-03-20")]),
     "4,209 no bars, for example: none on 2015-03-20"),
    ("Refused items", replace(EMPTY, refusals=[RefusalCount("wire", "row", 4, "wire.csv line 3", "line 3: 3 cells")]),
     "4 wire: row, for example wire.csv line 3: 3 cells"),
    ("Refused items", replace(EMPTY, refusals=[RefusalCount("wire", "no_date", 1, "a.txt", "no date: none")]),
     "1 wire: no date, for example a.txt: no date: none"),
    ("Refused tags", replace(EMPTY, refused_tags=[RefusedTagCount("unknown_tag", 2, 1, "NG")]),
     "2 unknown tag (1 different, for example 'NG')"),
    ("Rejected bars", replace(EMPTY, quarantine=[QuarantineCount("A", "local", "bad_open", 6, "2003-06-30", "low")]),
     "6 A from local: bad open, for example 2003-06-30: low"),
    ("Price sources that disagree",
     replace(EMPTY, disagreements=[Disagreement("A", "x", "y", "1d", ("2026-03-03", "2026-03-04"), 0.0123)]),
     "A: x and y differ by up to 1.23% on 2 bars of 1d, 2026-03-03 to 2026-03-04"),
    ("Price sources that disagree", replace(EMPTY, disagreements=[Disagreement("A", "x", "y", "1h", ("2026",), 0.1)]),
     "A: x and y differ by up to 10.00% on 1 bar of 1h, 2026"),
)  # fmt: skip


@pytest.mark.parametrize(("title", "status", "line"), LISTED)
def test_a_section_lists_its_rows(title: str, status: StatusReport, line: str) -> None:
    assert [text.strip() for text in section(status, title)] == [line]


def test_long_lines_are_wrapped() -> None:
    refusal = RefusalCount("wire", "row", 4, "wire.csv", "a cell is astray " * 30)
    lines = [line for line, _ in status_lines(replace(EMPTY, refusals=[refusal]), 80)]
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in "".join(
        line for line, _ in status_lines(replace(EMPTY, refusals=[replace(refusal, detail="\x1b[2J")]))
    )
