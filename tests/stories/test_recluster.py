"""Stories depend on the set of articles alone."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from signals.stories import (
    HORIZON,
    ArticleText,
    MemoryArchive,
    Similarity,
    StoryMember,
    band_keys,
    cluster,
    copied_article,
    fingerprint,
    ranked,
    recluster,
    similarity,
)
from signals.stories.recluster import BATCH
from signals.stories.surroundings import Wordings
from tests.stories.articles import HOUR, LEAD, OTHER_LEAD, REWRITTEN_LEAD, START, article


def test_the_first_copy_names_the_story_and_the_others_are_ranked_by_time() -> None:
    title = "Baikal rises after results"
    members = cluster([article("b", f"UPDATE 1-{title}", 2), article("a", title, 3), article("c", title, 1)])
    assert members == (StoryMember("c", "c", 1), StoryMember("b", "c", 2), StoryMember("a", "c", 3))


def test_copies_at_one_instant_are_ranked_by_their_ids() -> None:
    members = cluster([article("b", "Baikal rises"), article("a", "Baikal rises")])
    assert [m.article_id for m in members] == ["a", "b"]


def test_a_chain_of_versions_is_one_story() -> None:
    members = cluster(
        [
            article("a", "Baikal Minerals buys Lena mine", 0, LEAD),
            article("b", "Baikal to take over Lena copper mine", 1, REWRITTEN_LEAD),
            article("c", "UPDATE 2-Baikal to take over Lena copper mine", 2, "* Shares rise by 3 pct (Adds comment)"),
        ]
    )
    assert {m.story_id for m in members} == {"a"}


def test_a_story_lasts_for_the_horizon_after_its_first_copy() -> None:
    day = HORIZON / HOUR / 2
    members = cluster(article(name, "RPT-Ten upgrades of the week", day * n) for n, name in enumerate("abcd"))
    assert [(m.story_id, m.rank) for m in members] == [("a", 1), ("a", 2), ("a", 3), ("d", 1)]


def test_articles_without_words_are_no_copies_of_each_other() -> None:
    assert [m.story_id for m in cluster([article("a", ""), article("b", "...")])] == ["a", "b"]


def test_a_first_copy_that_arrives_late_takes_over_the_story() -> None:
    archive = MemoryArchive()
    archive.add([article("late", "RPT-Baikal rises", 5)])
    archive.stories = recluster(["late"], archive)
    archive.add([article("first", "Baikal rises", 1)])
    assert recluster(["first"], archive) == {"first": "first", "late": "first"}


def test_the_copied_article_is_the_first_with_the_same_headline_before_any_other() -> None:
    similar = article("a", "Baikal Minerals opens a copper mine in Siberia today", 0)
    equal = article("b", "Baikal Minerals opens a copper mine in Siberia", 1)
    version = article("c", "UPDATE 1-Baikal Minerals opens a copper mine in Siberia", 2)
    assert copied_article(version, [equal, similar]) == (equal, Similarity.HEADLINE)
    assert copied_article(version, [similar]) == (similar, Similarity.CONTAINED)
    assert copied_article(version, [article("d", "Lena falls")]) is None


def test_copies_of_an_article_that_leaves_a_story_are_clustered_again() -> None:
    archive = MemoryArchive()
    archive.add([article("a", "Baikal rises", 0), article("b", "RPT-Baikal rises", 60)])
    archive.add([article("c", "RPT-Baikal rises", 100)])
    archive.stories = {"a": "a", "b": "b", "c": "b"}  # as if `a` had arrived last
    assert recluster(["a", "b"], archive) == {"b": "a", "c": "c"}


def test_more_copies_than_a_batch_are_one_story() -> None:
    texts = [article(f"{n:04}", "Baikal rises", n / 100) for n in range(BATCH + 20)]
    assert {member.story_id for member in cluster(texts)} == {"0000"}


def test_more_wordings_than_a_batch_are_clustered_in_their_order() -> None:
    texts = [article(f"{n:04}", f"Baikal mine number {n % 300} opens in Siberia", n / 100) for n in range(2 * BATCH)]
    stories = {member.article_id: member.story_id for member in cluster(texts)}
    assert stories == {text.article_id: f"{int(text.article_id) % 300:04}" for text in texts}


def test_a_storm_is_compared_by_its_wordings() -> None:
    looked_up: list[int] = []

    class Counted(MemoryArchive):
        def around(self, texts: Sequence[ArticleText]) -> list[ArticleText]:
            near = super().around(texts)
            looked_up.append(len(near))
            return near

    archive = Counted()
    archive.add(article(f"{n:05}", "Baikal rises after its results", n / 1_000) for n in range(5_000))
    assert set(recluster(archive.texts_by_id, archive).values()) == {"00000"}
    assert looked_up == [5_000]


def test_lines_of_one_template_are_no_candidates_of_each_other() -> None:
    lines = [
        fingerprint(f"Agency affirms the notes of {name} with a stable outlook") for name in ("Lena", "Ob", "Ilim")
    ]
    longer = fingerprint("Agency affirms the notes of Lena with a stable outlook again")
    wordings = Wordings([*lines, longer])
    assert wordings.candidates(lines[0]) == [lines[0], longer]
    assert wordings.candidates(longer) == [longer, lines[0]]
    assert wordings.candidates(lines[1]) == [lines[1]]


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
BODIES = ["", LEAD, REWRITTEN_LEAD, LEAD[:150], OTHER_LEAD, LEAD.replace("Friday", "Monday")]
TEXTS = st.lists(
    st.builds(
        article, st.text("abcdef", min_size=1, max_size=4), st.sampled_from(TITLES), st.integers(0, 200),
        st.sampled_from(BODIES),
    ),
    unique_by=lambda text: text.article_id,
    max_size=25,
)  # fmt: skip


def by_definition(texts: Iterable[ArticleText]) -> dict[str, str]:
    """Return the stories as `signals.stories.recluster` defines them, computed one article after the other."""
    starts: dict[str, ArticleText] = {}
    before: list[ArticleText] = []
    for this in sorted(texts, key=lambda p: p[:2]):
        starts[this.article_id] = this
        for other in sorted(before, key=lambda p: (p.fingerprint.headline != this.fingerprint.headline, p[:2])):
            near = this.at - other.at <= HORIZON and this.at - starts[other.article_id].at <= HORIZON
            shares_a_band = band_keys(this.fingerprint) & band_keys(other.fingerprint)
            if near and shares_a_band and similarity(other.fingerprint, this.fingerprint, this.at - other.at):
                starts[this.article_id] = starts[other.article_id]
                break
        before.append(this)
    return {article_id: start.article_id for article_id, start in starts.items()}


@given(TEXTS.flatmap(lambda texts: st.tuples(st.just(texts), st.permutations(texts))), st.integers(1, 8))
def test_neither_order_nor_batches_change_the_stories(
    both: tuple[list[ArticleText], list[ArticleText]], size: int
) -> None:
    texts, shuffled = both
    archive = MemoryArchive()
    for n in range(0, len(shuffled), size):
        archive.add(shuffled[n : n + size])
        archive.stories |= recluster([p.article_id for p in shuffled[n : n + size]], archive)
    assert archive.stories == by_definition(texts)


@given(TEXTS, st.integers(1, 8))
def test_dropping_articles_that_no_later_one_can_join_changes_nothing(texts: list[ArticleText], size: int) -> None:
    archive, stories = MemoryArchive(), dict[str, str]()
    in_time = sorted(texts, key=lambda p: p[:2])
    for batch in (in_time[n : n + size] for n in range(0, len(in_time), size)):
        archive.drop_before(batch[0].at - 2 * HORIZON)
        archive.add(batch)
        stories |= recluster([p.article_id for p in batch], archive)
        archive.stories |= {key: stories[key] for key in stories if key in archive.texts_by_id}
    assert stories == by_definition(texts)


def test_an_archive_holds_no_bucket_that_was_dropped() -> None:
    archive = MemoryArchive()
    archive.add(article(f"{n:03}", f"RPT-{n}", n) for n in range(300))
    archive.add([article("without words", "...")])
    archive.drop_before(START + 250 * HOUR)
    bucket = HORIZON / HOUR
    assert 50 <= len(archive.texts_by_id) <= 50 + bucket
    assert "299" in archive.texts_by_id
    assert "without words" not in archive.texts_by_id


@given(TEXTS)
def test_a_story_begins_with_rank_one_and_ends_within_the_horizon(texts: list[ArticleText]) -> None:
    out = {p.article_id: p.at for p in texts}
    members = cluster(texts)
    assert {m.article_id for m in members} == set(out)
    for member in members:
        assert (member.rank == 1) == (member.article_id == member.story_id)
        assert timedelta(0) <= out[member.article_id] - out[member.story_id] <= HORIZON


@given(TEXTS)
def test_ranks_count_the_members_of_each_story(texts: list[ArticleText]) -> None:
    ranks: defaultdict[str, list[int]] = defaultdict(list)
    by_id = {p.article_id: p for p in texts}
    for member in ranked((m.story_id, by_id[m.article_id]) for m in cluster(texts)):
        ranks[member.story_id].append(member.rank)
    assert all(of_story == list(range(1, len(of_story) + 1)) for of_story in ranks.values())


def test_versions_of_a_reuters_story_are_one_story(shared_data: Path) -> None:
    rows = []
    for file in sorted((shared_data / "news" / "reuters_2018_06").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            rows += [row for row in csv.reader(lines) if len(row) > 4]
    texts = [
        ArticleText(datetime.strptime(row[2], "%Y%m%d").replace(tzinfo=UTC), f"{n:04}", fingerprint(row[3], row[4]))
        for n, row in enumerate(rows)
    ]
    story_of = {member.article_id: member.story_id for member in cluster(texts)}
    originals = {(rows[n][3].strip(), p.at): story_of[p.article_id] for n, p in enumerate(texts)}
    updates = [(n, p) for n, p in enumerate(texts) if rows[n][3].startswith("UPDATE 1-")]
    pairs = [(p, originals[key]) for n, p in updates if (key := (rows[n][3][9:].strip(), p.at)) in originals]
    assert len(texts) == 2996
    assert len(pairs) > 50
    assert all(story_of[p.article_id] == story for p, story in pairs)
