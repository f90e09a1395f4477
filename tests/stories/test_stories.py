from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.stories import HORIZON, ArticleKey, StoryMember, assign, headline_key

START = datetime(2018, 6, 1, 9, tzinfo=UTC)


def copy(article_id: str, title: str, hours: float = 0) -> ArticleKey:
    return ArticleKey(article_id, title, START + timedelta(hours=hours))


@pytest.mark.parametrize(
    "title",
    [
        "Gazprom's exports fall 3%",
        "UPDATE 2-Gazprom's exports fall 3%",
        "RPT-UPDATE 1-Gazprom's exports fall 3%",
        "RPT-FOCUS-Gazprom's exports fall 3%",
        "WRAPUP 4-Gazprom's exports fall 3%",
        "CORRECTED-UPDATE 1-Gazprom's exports fall 3%",
        "REFILE-Gazprom's exports fall 3%",
        "EXCLUSIVE: Gazprom's exports fall 3%",
        "Exclusive: Gazprom's exports fall 3%",
        "BRIEF-Gazprom’s exports fall 3%",
        "(Update) Gazprom's exports fall 3%",
        "Gazprom's exports fall 3% (Corrected)",
        "Gazprom's exports fall 3% - Reuters",
        "  GAZPROM'S  EXPORTS FALL 3%! ",
    ],
)
def test_copies_of_a_headline_share_a_key(title: str) -> None:
    assert headline_key(title) == "gazproms exports fall 3"


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


def test_a_headline_that_is_all_prefix_keeps_its_words() -> None:
    assert headline_key("UPDATE 1-") == "update 1"


def test_the_first_copy_names_the_story_and_the_others_are_ranked_by_time() -> None:
    members = assign([copy("b", "UPDATE 1-Apple rises", 2), copy("a", "Apple rises", 3), copy("c", "Apple rises", 1)])
    assert members == (StoryMember("c", "c", 1), StoryMember("b", "c", 2), StoryMember("a", "c", 3))


def test_copies_at_one_instant_are_ranked_by_their_ids() -> None:
    assert [m.article_id for m in assign([copy("b", "Apple rises"), copy("a", "Apple rises")])] == ["a", "b"]


def test_a_story_lasts_for_the_horizon_after_its_first_copy() -> None:
    day = HORIZON / timedelta(hours=1) / 2
    members = assign(copy(name, "Top upgrades", day * n) for n, name in enumerate("abcd"))
    assert [(m.story_id, m.rank) for m in members] == [("a", 1), ("a", 2), ("a", 3), ("d", 1)]


def test_articles_without_words_in_their_titles_are_no_copies_of_each_other() -> None:
    assert [m.story_id for m in assign([copy("a", ""), copy("b", "...")])] == ["a", "b"]


def test_a_first_copy_that_is_learned_late_takes_over_the_story() -> None:
    known = copy("late", "RPT-Apple rises", 5)
    members = assign([copy("first", "Apple rises", 1)], {"apple rises": [known]})
    assert members == (StoryMember("first", "first", 1), StoryMember("late", "first", 2))


TITLES = ["Apple rises", "UPDATE 1-Apple rises", "RPT-Apple rises", "Apple falls", "Oil steady", "", "!"]
ARTICLES = st.lists(
    st.builds(copy, st.text("abcdef", min_size=1, max_size=4), st.sampled_from(TITLES), st.integers(0, 400)),
    unique_by=lambda article: article.article_id,
    max_size=30,
)


@given(ARTICLES.flatmap(lambda articles: st.tuples(st.just(articles), st.permutations(articles))))
def test_neither_order_nor_batches_change_the_stories(both: tuple[list[ArticleKey], list[ArticleKey]]) -> None:
    articles, shuffled = both
    at_once = {member.article_id: member for member in assign(articles)}
    stored: dict[str, StoryMember] = {}
    for n in range(0, len(shuffled), 7):
        known: dict[str, list[ArticleKey]] = {}
        for article in shuffled[:n]:
            known.setdefault(headline_key(article.title), []).append(article)
        stored |= {member.article_id: member for member in assign(shuffled[n : n + 7], known)}
    assert stored == at_once


@given(ARTICLES)
def test_a_story_begins_with_rank_one_and_ends_within_the_horizon(articles: list[ArticleKey]) -> None:
    published = {article.article_id: article.published_at for article in articles}
    members = assign(articles)
    assert {member.article_id for member in members} == set(published)
    for member in members:
        assert (member.rank == 1) == (member.article_id == member.story_id)
        assert timedelta(0) <= published[member.article_id] - published[member.story_id] <= HORIZON


def test_versions_of_a_reuters_story_land_together(shared_data: Path) -> None:
    rows = []
    for file in sorted((shared_data / "news" / "reuters_2018_06").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            rows += [row for row in csv.reader(lines) if len(row) > 3]
    articles = [
        ArticleKey(f"{n:04}", row[3], datetime.strptime(row[2], "%Y%m%d").replace(tzinfo=UTC))
        for n, row in enumerate(rows)
    ]
    story_of = {member.article_id: member.story_id for member in assign(articles)}
    plain = {(a.title.strip(), a.published_at): story_of[a.article_id] for a in articles}
    updates = [a for a in articles if a.title.startswith("UPDATE 1-")]
    pairs = [(a, plain[key]) for a in updates if (key := (a.title[9:].strip(), a.published_at)) in plain]
    assert len(articles) == 2996
    assert len(pairs) > 50
    assert all(story_of[a.article_id] == story for a, story in pairs)
