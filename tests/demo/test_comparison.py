"""Planted effects compared with the links of a store."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from signals.demo import Kind, Planted, compare
from signals.demo.comparison import RECOGNISED


class Link(NamedTuple):
    """What a comparison reads of a link."""

    title: str
    ticker: str
    study: str
    event_window: str
    day_zero: date
    verdict: str
    event_id: str = "GAZP@2025-03-03"
    p_value: float | None = 0.001
    local_fdr: float | None = 0.25


def row(planted: Planted, verdict: str, window: str = "0..0", **changes: Any) -> Link:
    link = Link(planted.headline, planted.ticker, "market", window, planted.day_zero, verdict)
    return link._replace(event_id=planted.kind, **changes)


PLANTED = {
    kind: Planted(
        "GAZP", f"A story of the kind {kind}", datetime(2025, 3, 3, 9, tzinfo=UTC), date(2025, 3, 3), kind, 0.0
    )
    for kind in (Kind.MOVE, Kind.LEAK, Kind.NOTHING, Kind.MARKET_WIDE, Kind.PASSING, Kind.PENDING)
}
AS_PLANTED = {
    Kind.MOVE: "move",
    Kind.LEAK: "move",
    Kind.NOTHING: "no_move",
    Kind.MARKET_WIDE: "market_wide",
    Kind.PASSING: "weak_tie",
    Kind.PENDING: "not_scored",
}


def test_articles_with_their_own_verdicts_leave_no_others_and_no_false_alarm() -> None:
    rows = [row(PLANTED[kind], verdict) for kind, verdict in AS_PLANTED.items()]
    result = compare(list(PLANTED.values()), [*rows, row(PLANTED[Kind.LEAK], "early_move", "-5..-1")])
    assert [(c.kind, c.planted, c.recognised, c.others) for c in result.checks] == [(k, 1, 1, ()) for k in AS_PLANTED]
    assert (result.sessions_right, result.sessions_linked) == (6, 6)
    assert (result.drifts_planted, result.drifts_found, result.false_alarms) == (1, 1, 0)
    assert (result.called, result.expected_false) == (2, 0.5)


def test_a_drift_is_found_by_its_p_value() -> None:
    leak = PLANTED[Kind.LEAK]
    assert compare([leak], [row(leak, "no_move", "-5..-1", p_value=0.02)]).drifts_found == 0


def test_an_article_without_an_effect_that_is_called_a_move_is_a_false_alarm() -> None:
    quiet = PLANTED[Kind.NOTHING]
    result = compare([quiet], [row(quiet, "move")])
    assert result.false_alarms == 1
    assert result.checks[0].others == ((quiet, "move"),)


def test_a_planted_article_without_a_link_is_listed_as_not_linked() -> None:
    result = compare([PLANTED[Kind.MOVE]], [])
    assert result.checks[0].others == ((PLANTED[Kind.MOVE], "not_linked"),)
    assert result.sessions_linked == 0


def test_other_studies_windows_and_instruments_do_not_count() -> None:
    move = PLANTED[Kind.MOVE]
    rows = [row(move, "move", study="raw"), row(move, "move", "0..1"), row(move, "move", ticker="SBER")]
    assert compare([move], rows).checks[0].recognised == 0


def test_a_wrong_session_is_counted() -> None:
    move = PLANTED[Kind.MOVE]
    result = compare([move], [row(move, "move", day_zero=date(2025, 3, 4))])
    assert (result.sessions_right, result.sessions_linked) == (0, 1)


def test_a_tag_that_should_have_been_refused_is_recognised_only_if_nothing_was_linked() -> None:
    refused = replace(PLANTED[Kind.NOTHING], ticker="", kind=Kind.AMBIGUOUS_TAG)
    assert compare([refused], []).checks[0].recognised == 1
    guessed = compare([refused], [row(refused, "no_move", ticker="GAZP")])
    assert guessed.checks[0].others == ((refused, "no_move"),)


def test_every_kind_has_the_verdicts_that_are_right_for_it() -> None:
    assert set(RECOGNISED) == set(Kind)
