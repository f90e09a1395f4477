"""Which articles are copies of each other, and the reason given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.stories import Fingerprint, Similarity, fingerprint, similarity
from tests.stories.articles import HOUR, LEAD, OTHER_LEAD, REWRITTEN_LEAD

LONG = "Baikal Minerals to build a second copper smelter at the Lena mine by autumn"


def is_copy(one: str, other: str, hours: float = 1, leads: tuple[str, str] = ("", "")) -> bool:
    return similarity(fingerprint(one, leads[0]), fingerprint(other, leads[1]), hours * HOUR) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Baikal to pay $1.53 bln for Lena copper mine", "Baikal to pay $1.53 billion for Lena copper mine"),
        ("Baikal to pay $3.65 bln for Lena copper mine", "Baikal to pay $3.6 billion for Lena copper mine"),
        ("Baikal third-largest shareholder backs bid by Lena", "Baikal 3rd-largest shareholder backs bid by Lena"),
        ("North Bank upgrades Baikal Minerals to Buy", "North Bank upgrades Baikal Minerals to Buy, raises PT to $57"),
        ("Baikal Q1 EPS $0.26, sales $113.5M", "Baikal earlier reported Q1 EPS $0.26, sales $113.5M"),
        (
            "Рога и Копыта купит рудник за $1,5 млрд до конца года",
            "Рога и Копыта купит рудник за 1,5 млрд до конца года",
        ),
        ("Regulator approves Baikal's labour plan for Lena mine", "Regulator approves Baikal labor plan for Lena mine"),
    ],
)
def test_two_spellings_of_a_headline_are_copies(one: str, other: str) -> None:
    assert is_copy(one, other)
    assert is_copy(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Baikal Q1 EPS $0.5", "Baikal Q1 EPS $0.7"),
        ("Baikal Q1 EPS $0.50 vs $0.45 Est, sales rise", "Baikal Q2 EPS $0.50 vs $0.45 Est, sales rise"),
        (
            "North Bank maintains Baikal at Buy, lowers PT to $46",
            "South Bank maintains Baikal at Buy, lowers PT to $46",
        ),
        ("Baikal announces second quarter 2009 results", "Lena announces second quarter 2009 results"),
        ("Stocks That Hit 52-Week Highs On Tuesday", "Stocks That Hit 52-Week Highs On Wednesday"),
        ("Stocks That Set New 52-Week Highs Today", "Stocks That Set New 52-Week Lows Today"),
        ("30 stocks moving in Monday's mid-day session", "36 stocks moving in Monday's mid-day session"),
        ("Mergers under review in Europe (June 14)", "Mergers under review in Europe (June 15)"),
        ("Baikal wins $1.5 billion defence contract", "Baikal wins $472 million defence contract"),
    ],
)
def test_two_headlines_of_one_template_are_no_copies(one: str, other: str) -> None:
    assert not is_copy(one, other)


def test_two_reports_of_one_template_are_no_copies() -> None:
    report = "reported a profit of ${} million for the quarter on sales of ${} million, ${} a share, its board said."
    one, other = (f"{name} {report.format(*figures)}" for name, figures in (("Baikal", "357"), ("Lena", "468")))
    assert not is_copy("Baikal reports its quarter", "Lena reports its quarter", leads=(one, other))


def test_an_equal_lead_makes_a_copy_under_any_headline() -> None:
    assert is_copy("Baikal buys Lena mine", "Contest for copper ends", leads=(LEAD, LEAD))
    assert not is_copy("Baikal buys Lena mine", "Contest for copper ends", leads=(LEAD, OTHER_LEAD))


def test_a_rewritten_lead_makes_a_copy_under_a_headline_that_shares_words() -> None:
    leads = (LEAD, REWRITTEN_LEAD)
    assert is_copy("Baikal Minerals buys Lena mine", "Baikal to take over Lena copper mine", leads=leads)
    assert not is_copy("Baikal Minerals buys Lena mine", "Contest for copper ends", leads=leads)


def test_a_truncated_lead_is_a_copy() -> None:
    assert is_copy("Baikal buys Lena mine", "Baikal buys Lena mine in Siberia", leads=(LEAD, LEAD[:150]))


def test_a_short_headline_identifies_a_story_on_its_own_day_only() -> None:
    assert is_copy("Morning Market Movers", "Morning Market Movers", hours=2)
    assert not is_copy("Morning Market Movers", "Morning Market Movers", hours=24)
    assert is_copy("RPT-Baikal rises", "Baikal rises", hours=24)
    assert is_copy(LONG, LONG, hours=40)


def test_the_leads_decide_where_a_headline_recurs() -> None:
    assert is_copy("Wall Street ends higher", "Wall Street ends higher", 24, (LEAD, LEAD))
    assert not is_copy("Wall Street ends higher", "Wall Street ends higher", 24, (LEAD, OTHER_LEAD))
    assert not is_copy("Press release", "Press release", 1, (LEAD, OTHER_LEAD))


def test_a_version_on_another_day_is_a_copy_only_with_a_lead_in_common() -> None:
    tomorrow = LEAD.replace("Friday", "Monday").replace("June 1", "June 4")
    assert not is_copy("UPDATE 1-Morning call", "UPDATE 1-Morning call", 24, (LEAD, tomorrow))
    assert is_copy("UPDATE 1-Morning call", "UPDATE 1-Morning call", 24, (LEAD, LEAD))


@pytest.mark.parametrize(
    ("one", "other", "leads", "reason"),
    [
        (LONG, f"UPDATE 1-{LONG}", ("", ""), Similarity.HEADLINE),
        (LONG, f"{LONG} of next year", ("", ""), Similarity.CONTAINED),
        ("Baikal buys a mine", "Contest for copper ends", (LEAD, LEAD), Similarity.LEAD),
        ("Baikal buys Lena mine", "Baikal to take over Lena mine", (LEAD, REWRITTEN_LEAD), Similarity.BOTH),
    ],
)
def test_a_copy_names_its_similarity(one: str, other: str, leads: tuple[str, str], reason: Similarity) -> None:
    assert similarity(fingerprint(one, leads[0]), fingerprint(other, leads[1]), HOUR) is reason


FINGERPRINTS = st.builds(
    fingerprint,
    st.sampled_from([LONG, f"RPT-{LONG}", "Baikal rises", "Baikal falls 3 pct", "Baikal falls 5 pct", ""]),
    st.sampled_from(["", LEAD, REWRITTEN_LEAD, OTHER_LEAD, LEAD[:150]]),
)


@given(FINGERPRINTS, FINGERPRINTS, st.floats(0, 72))
def test_a_later_day_never_makes_a_copy_of_what_is_none_today(
    earlier: Fingerprint, later: Fingerprint, hours: float
) -> None:
    if similarity(earlier, later, hours * HOUR):
        assert similarity(earlier, later, 0 * HOUR)
