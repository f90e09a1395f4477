"""Values as people read them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from signals.reports import format as written
from signals.types import Anchor, Role, TagKind, ZoneBasis
from tests.reports.examples import LINK, NOT_SCORED


@pytest.mark.parametrize(
    ("value", "text"), [(0.0209, "+2.09%"), (-0.5, "-50.00%"), (0.0, "+0.00%"), (None, "")]
)  # fmt: skip
def test_a_return_is_a_signed_percentage(value: float | None, text: str) -> None:
    assert written.percent(value) == text


@pytest.mark.parametrize(("value", "text"), [(0.0001, "<0.001"), (0.001, "0.001"), (0.194, "0.194"), (None, "")])
def test_a_probability_has_three_decimals(value: float | None, text: str) -> None:
    assert written.probability(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (0.0, "<1%"), (0.0099, "<1%"), (0.01, "1%"), (0.083, "8%"), (0.99, "99%"), (0.994, ">99%"),
     (1.0, "100%")],
)  # fmt: skip
def test_chance_is_a_percentage_that_is_certain_only_if_it_is(value: float | None, text: str) -> None:
    assert written.chance(value) == text


def test_sizes_and_numbers_have_no_plus() -> None:
    assert (written.size(0.0096), written.size(None)) == ("0.96%", "")
    assert (written.number(-1.3), written.number(0.15, 3), written.number(None)) == ("-1.30", "0.150", "")


def test_a_number_agrees_with_its_noun() -> None:
    assert [written.plural(n, "article") for n in (0, 1, 2, 1234)] == [
        "0 articles",
        "1 article",
        "2 articles",
        "1,234 articles",
    ]
    assert written.plural(2, "copy", "copies") == "2 copies"


def test_control_and_direction_changing_characters_are_removed() -> None:
    assert written.plain("a\x00b\n") == "a b"
    assert written.plain("\x1b[2JGone \u202ereversed") == "[2JGone  reversed"


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "https://a b", "https://x\x1b]8;;", "file:///etc/passwd"])
def test_an_address_that_is_not_of_the_web_is_not_clickable(url: str) -> None:
    assert written.link_style("bold", url) == "bold"


def test_an_address_of_the_web_is_clickable() -> None:
    assert written.link_style("bold", "https://example.org/a?b=c") == "bold link https://example.org/a?b=c"


def test_publication_is_in_the_market_s_time() -> None:
    assert written.published(LINK, "Europe/Moscow") == "2015-01-21 16:10 MSK"


def test_a_stamp_that_is_only_a_day_stays_the_day_of_its_zone() -> None:
    midnight = datetime(2018, 6, 1, 4, tzinfo=UTC)
    row = replace(LINK, published_precision="day", published_at=midnight, published_zone="America/New_York")
    assert written.published(row, "Europe/Moscow") == "2018-06-01"


def test_a_tie_names_the_role_the_relevance_and_what_matched() -> None:
    assert written.tie(LINK) == "passing mention, relevance 0.15 (matched 'MM:GAZP')"
    named = replace(LINK, role="subject", tag_kind="name", tag="Gazprom", relevance=0.9)
    assert written.tie(named) == "subject, relevance 0.90 (matched name 'Gazprom')"


@pytest.mark.parametrize(("role", "basis"), [(r, b) for r in Role for b in ZoneBasis])
def test_every_role_and_zone_basis_has_a_text(role: Role, basis: ZoneBasis) -> None:
    row = replace(LINK, role=role, zone_basis=basis)
    assert "_" not in written.tie(row) + written.time_zone(row)


def test_every_anchor_and_kind_of_tag_has_a_text() -> None:
    assert written.ANCHORS.keys() == set(Anchor)
    assert written.TAG_KINDS.keys() == set(TagKind)


def test_a_time_zone_on_which_day_zero_depends_is_marked() -> None:
    depends = ", a different time zone would change day zero"
    assert written.time_zone(LINK) == f"time zone Europe/London (configured){depends}"
    assert written.time_zone(replace(LINK, day_zero_sensitive=0)) == "time zone Europe/London (configured)"


def test_the_outcome_is_the_verdict_or_the_reason() -> None:
    assert written.outcome(LINK) == "weak tie"
    assert written.outcome(NOT_SCORED) == "unscored (no bars)"


def test_an_origin_leaves_out_what_is_empty() -> None:
    assert written.origin(LINK) == "simulated / Simulated Newsroom"
    assert written.origin(replace(LINK, publisher="")) == "simulated"


# --- lines ----------------------------------------------------------------------------------------------------------


@given(st.text(), st.integers(1, 60))
def test_shortened_text_fits(text: str, width: int) -> None:
    line = written.shortened(written.plain(text), width)
    assert cell_len(line) <= width


def test_text_that_fits_is_not_cut() -> None:
    assert written.shortened("北朝鮮", 6) == "北朝鮮"
    assert written.shortened("北朝鮮", 5) == "北朝…"


@given(st.lists(st.text("abc -", min_size=1, max_size=12), max_size=12), st.integers(40, 80))
def test_parts_flow_into_lines_that_fit_and_none_is_lost(parts: list[str], width: int) -> None:
    lines = list(written.flowed(parts, width, "    ", "  "))
    assert all(len(line) <= width for line in lines)
    assert [part for line in lines for part in line.strip().split(" · ")] or parts == []
    assert " · ".join(line[6 if n else 4 :] for n, line in enumerate(lines)) == " · ".join(parts)


def test_wrapped_text_keeps_its_indent_and_its_windows_whole() -> None:
    lines = list(written.wrapped("study market, window -5..-1, " * 4, 40, "    ", "  "))
    assert lines[0].startswith("    study")
    assert all(line.startswith("      ") for line in lines[1:])
    assert "-5..-1" in lines[0]


def test_sentences_have_a_capital_and_a_full_stop() -> None:
    assert written.sentence("typical move") == "Typical move."
