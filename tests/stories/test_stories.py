"""Which articles are copies of each other, and that stories depend on the set of articles alone."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.stories import (
    HORIZON,
    Piece,
    Shelf,
    StoryMember,
    band_keys,
    cluster,
    evidence,
    fingerprint,
    headline_key,
    ranked,
    recluster,
)

START = datetime(2018, 6, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)

LEAD = """LONDON, June 1 (Simulated) - Baikal Minerals agreed on Friday to buy the Lena copper mine from its founder for
$1.25 billion in cash, ending a contest with two rivals that had lasted since the spring and lifting its shares."""
REWRITTEN = """Baikal Minerals has agreed to buy the Lena copper mine from its founder for about $1.3 billion in cash,
the companies said on Friday, which ends a contest with two rivals and lifted shares of Baikal Minerals."""
OTHER = """MOSCOW, June 1 (Simulated) - The head of the state railway told reporters on Friday that freight tariffs
would stay where they are until the ministry has finished its review of coal exports to the east in the autumn."""


def piece(article_id: str, title: str, hours: float = 0, body: str = "") -> Piece:
    return Piece(START + hours * HOUR, article_id, fingerprint(title, body))


def copies(one: str, other: str, hours: float = 1, leads: tuple[str, str] = ("", "")) -> bool:
    return evidence(fingerprint(one, leads[0]), fingerprint(other, leads[1]), hours * HOUR) is not None


@pytest.mark.parametrize(
    "title",
    [
        "Gazprom's exports fall 3%",
        "UPDATE 2-Gazprom's exports fall 3%",
        "Update 2-Gazprom's exports fall 3%",
        "RPT-UPDATE 1-Gazprom's exports fall 3%",
        "RPT-FOCUS-Gazprom's exports fall 3%",
        "WRAPUP 4-Gazprom's exports fall 3%",
        "CORRECTED-UPDATE 1-Gazprom's exports fall 3%",
        "CORRECTION FROM SOURCE: Gazprom's exports fall 3%",
        "EXCLUSIVE: Gazprom's exports fall 3%",
        "BRIEF-Gazprom’s exports fall 3%",
        "RT @wire: Gazprom's exports fall 3% https://t.example/x1",
        "(Update) Gazprom's exports fall 3%",
        "Gazprom's exports fall 3% (Corrected)",
        "Gazprom's exports fall 3% - Reuters",
        "Gazprom's exports fall 3 pct: sources",
        "  GAZPROM'S  EXPORTS FALL 3%! ",
    ],
)
def test_copies_of_a_headline_share_a_key(title: str) -> None:
    assert headline_key(title) == "gazprom exports fall 3"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("T-Mobile falls", "Mobile falls"),
        ("U.S.-China talks resume", "China talks resume"),
        ("Gazprom falls 3%", "Gazprom falls 5%"),
        ("Focus shifts to Gazprom", "Shifts to Gazprom"),
        ("Shares of Reuters", "Shares of"),
    ],
)
def test_different_headlines_have_different_keys(one: str, other: str) -> None:
    assert headline_key(one) != headline_key(other)


def test_of_a_headline_a_thousand_characters_count() -> None:
    assert headline_key("Baikal " * 5_000) == headline_key("Baikal " * 500)


def test_a_headline_that_is_all_prefix_keeps_its_words() -> None:
    assert headline_key("UPDATE 1-") == "update 1"


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
def test_one_headline_in_two_spellings_is_one_story(one: str, other: str) -> None:
    assert copies(one, other)
    assert copies(other, one)


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
def test_siblings_made_from_one_template_stay_apart(one: str, other: str) -> None:
    assert not copies(one, other)


def test_reports_made_from_one_template_stay_apart() -> None:
    report = "reported a profit of ${} million for the quarter on sales of ${} million, ${} a share, its board said."
    one, other = (f"{name} {report.format(*figures)}" for name, figures in (("Baikal", "357"), ("Lena", "468")))
    assert not copies("Baikal reports its quarter", "Lena reports its quarter", leads=(one, other))


def test_the_same_text_under_another_headline_is_a_copy() -> None:
    assert copies("Baikal buys Lena mine", "Contest for copper ends", leads=(LEAD, LEAD))
    assert not copies("Baikal buys Lena mine", "Contest for copper ends", leads=(LEAD, OTHER))


def test_a_rewritten_text_is_a_copy_under_a_headline_that_shares_words() -> None:
    assert copies("Baikal Minerals buys Lena mine", "Baikal to take over Lena copper mine", leads=(LEAD, REWRITTEN))
    assert not copies("Baikal Minerals buys Lena mine", "Contest for copper ends", leads=(LEAD, REWRITTEN))


def test_a_text_cut_short_is_a_copy() -> None:
    assert copies("Baikal buys Lena mine", "Baikal buys Lena mine in Siberia", leads=(LEAD, LEAD[:150]))


def test_a_short_headline_says_little_on_another_day() -> None:
    assert copies("Morning Market Movers", "Morning Market Movers", hours=2)
    assert not copies("Morning Market Movers", "Morning Market Movers", hours=24)
    assert copies("RPT-Baikal rises", "Baikal rises", hours=24)
    long = "Baikal Minerals to build a second copper smelter at the Lena mine by autumn"
    assert copies(long, long, hours=40)


def test_the_texts_decide_where_a_headline_recurs() -> None:
    assert copies("Wall Street ends higher", "Wall Street ends higher", 24, (LEAD, LEAD))
    assert not copies("Wall Street ends higher", "Wall Street ends higher", 24, (LEAD, OTHER))
    assert not copies("Press release", "Press release", 1, (LEAD, OTHER))


def test_a_version_of_another_day_is_one_of_that_days_text() -> None:
    tomorrow = LEAD.replace("Friday", "Monday").replace("June 1", "June 4")
    assert not copies("UPDATE 1-Morning call", "UPDATE 1-Morning call", 24, (LEAD, tomorrow))
    assert copies("UPDATE 1-Morning call", "UPDATE 1-Morning call", 24, (LEAD, LEAD))


def test_no_word_of_a_lead_can_be_read_in_its_wording() -> None:
    kept = fingerprint("", LEAD).lead
    assert not {"baikal", "copper", "shares"} & set(kept.split())
    assert {"#1.25e9", "@fri"} <= set(kept.split())


def test_the_first_copy_names_the_story_and_the_others_are_ranked_by_time() -> None:
    title = "Baikal rises after results"
    found = cluster([piece("b", f"UPDATE 1-{title}", 2), piece("a", title, 3), piece("c", title, 1)])
    assert found == (StoryMember("c", "c", 1), StoryMember("b", "c", 2), StoryMember("a", "c", 3))


def test_copies_at_one_instant_are_ranked_by_their_ids() -> None:
    assert [m.article_id for m in cluster([piece("b", "Baikal rises"), piece("a", "Baikal rises")])] == ["a", "b"]


def test_a_chain_of_versions_is_one_story() -> None:
    found = cluster(
        [
            piece("a", "Baikal Minerals buys Lena mine", 0, LEAD),
            piece("b", "Baikal to take over Lena copper mine", 1, REWRITTEN),
            piece("c", "UPDATE 2-Baikal to take over Lena copper mine", 2, "* Shares rise by 3 pct (Adds comment)"),
        ]
    )
    assert {m.story_id for m in found} == {"a"}


def test_a_story_lasts_for_the_horizon_after_its_first_copy() -> None:
    day = HORIZON / HOUR / 2
    found = cluster(piece(name, "RPT-Ten upgrades of the week", day * n) for n, name in enumerate("abcd"))
    assert [(m.story_id, m.rank) for m in found] == [("a", 1), ("a", 2), ("a", 3), ("d", 1)]


def test_articles_without_words_in_their_titles_are_no_copies_of_each_other() -> None:
    assert [m.story_id for m in cluster([piece("a", ""), piece("b", "...")])] == ["a", "b"]


def test_a_first_copy_that_is_learned_late_takes_over_the_story() -> None:
    shelf = Shelf()
    shelf.add([piece("late", "RPT-Baikal rises", 5)])
    shelf.stories = recluster(["late"], shelf)
    shelf.add([piece("first", "Baikal rises", 1)])
    assert recluster(["first"], shelf) == {"first": "first", "late": "first"}


TITLES = [
    "Baikal rises",
    "UPDATE 1-Baikal rises",
    "Baikal falls 3 pct on a weak quarter",
    "Baikal falls 3 pct on a weak quarter, lowers its forecast",
    "Baikal Minerals buys Lena mine",
    "Baikal to take over Lena copper mine",
    "Contest for copper ends",
    "",
    "!",
]
BODIES = ["", LEAD, REWRITTEN, LEAD[:150], OTHER, LEAD.replace("Friday", "Monday")]
PIECES = st.lists(
    st.builds(
        piece, st.text("abcdef", min_size=1, max_size=4), st.sampled_from(TITLES), st.integers(0, 200),
        st.sampled_from(BODIES),
    ),
    unique_by=lambda piece: piece.article_id,
    max_size=25,
)  # fmt: skip


def by_definition(pieces: Iterable[Piece]) -> dict[str, str]:
    """Put articles into stories as `signals.stories.recluster` defines it, one after the other."""
    starts: dict[str, Piece] = {}
    before: list[Piece] = []
    for this in sorted(pieces, key=lambda p: p[:2]):
        starts[this.article_id] = this
        for other in sorted(before, key=lambda p: (p.wording.headline != this.wording.headline, p[:2])):
            near = this.at - other.at <= HORIZON and this.at - starts[other.article_id].at <= HORIZON
            met = band_keys(this.wording) & band_keys(other.wording)
            if near and met and evidence(other.wording, this.wording, this.at - other.at):
                starts[this.article_id] = starts[other.article_id]
                break
        before.append(this)
    return {article_id: start.article_id for article_id, start in starts.items()}


@given(PIECES.flatmap(lambda pieces: st.tuples(st.just(pieces), st.permutations(pieces))), st.integers(1, 8))
def test_neither_order_nor_batches_change_the_stories(both: tuple[list[Piece], list[Piece]], size: int) -> None:
    pieces, shuffled = both
    shelf = Shelf()
    for n in range(0, len(shuffled), size):
        shelf.add(shuffled[n : n + size])
        shelf.stories |= recluster([p.article_id for p in shuffled[n : n + size]], shelf)
    assert shelf.stories == by_definition(pieces)


@given(PIECES, st.integers(1, 8))
def test_what_no_later_article_can_join_may_be_forgotten(pieces: list[Piece], size: int) -> None:
    shelf, told = Shelf(), dict[str, str]()
    in_time = sorted(pieces, key=lambda p: p[:2])
    for batch in (in_time[n : n + size] for n in range(0, len(in_time), size)):
        shelf.forget(batch[0].at - 2 * HORIZON)
        shelf.add(batch)
        told |= recluster([p.article_id for p in batch], shelf)
        shelf.stories |= {key: told[key] for key in told if key in shelf.known}
    assert told == by_definition(pieces)


def test_a_shelf_holds_only_what_is_not_forgotten() -> None:
    shelf = Shelf()
    shelf.add(piece(f"{n:03}", f"RPT-{n}", n) for n in range(300))
    shelf.add([piece("without words", "...")])
    shelf.forget(START + 250 * HOUR)
    drawer = HORIZON / HOUR
    assert 50 <= len(shelf.known) <= 50 + drawer
    assert "299" in shelf.known
    assert "without words" not in shelf.known


@given(PIECES)
def test_a_story_begins_with_rank_one_and_ends_within_the_horizon(pieces: list[Piece]) -> None:
    out = {p.article_id: p.at for p in pieces}
    found = cluster(pieces)
    assert {m.article_id for m in found} == set(out)
    for member in found:
        assert (member.rank == 1) == (member.article_id == member.story_id)
        assert timedelta(0) <= out[member.article_id] - out[member.story_id] <= HORIZON


@given(PIECES)
def test_ranks_count_the_members_of_each_story(pieces: list[Piece]) -> None:
    ranks: defaultdict[str, list[int]] = defaultdict(list)
    for member in ranked((m.story_id, {p.article_id: p for p in pieces}[m.article_id]) for m in cluster(pieces)):
        ranks[member.story_id].append(member.rank)
    assert all(found == list(range(1, len(found) + 1)) for found in ranks.values())


def test_versions_of_a_reuters_story_land_together(shared_data: Path) -> None:
    rows = []
    for file in sorted((shared_data / "news" / "reuters_2018_06").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            rows += [row for row in csv.reader(lines) if len(row) > 4]
    pieces = [
        Piece(datetime.strptime(row[2], "%Y%m%d").replace(tzinfo=UTC), f"{n:04}", fingerprint(row[3], row[4]))
        for n, row in enumerate(rows)
    ]
    story_of = {member.article_id: member.story_id for member in cluster(pieces)}
    plain = {(rows[n][3].strip(), p.at): story_of[p.article_id] for n, p in enumerate(pieces)}
    updates = [(n, p) for n, p in enumerate(pieces) if rows[n][3].startswith("UPDATE 1-")]
    pairs = [(p, plain[key]) for n, p in updates if (key := (rows[n][3][9:].strip(), p.at)) in plain]
    assert len(pieces) == 2996
    assert len(pairs) > 50
    assert all(story_of[p.article_id] == story for p, story in pairs)
