"""Records under one key: in any order, again and again, and ten thousand of them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.store import recognition
from signals.store.recognition import MANY, Standing, Version, recognise, standing_of
from signals.types.identity import Evidence, Relation, relation

NOON = datetime(2024, 6, 5, 12, 30, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def record(title: str, minutes: float = 0, digest: str = "", origin: str = "a.csv", key: str = "n1") -> Version:
    at = NOON + minutes * MINUTE
    evidence = Evidence(key, "", title, at.isoformat(), at, False, origin)
    return Version(evidence, digest or f"{title} {minutes}")


def store_all(records: Sequence[Version], history: dict[int, list[Version]] | None = None) -> dict[int, list[Version]]:
    """Return the revisions of each article when a document was stored on top of those that are there."""
    history = {number: list(versions) for number, versions in (history or {}).items()}
    numbers = list(history)
    for recognised in recognise(records, [standing_of(h, h[-1].digest) for h in history.values()]):
        number = len(history) if recognised.standing is None else numbers[recognised.standing]
        history.setdefault(number, []).extend(records[n] for n in recognised.records)
    return history


def titles(history: dict[int, list[Version]]) -> list[list[str]]:
    return sorted([version.evidence.title for version in versions] for versions in history.values())


RECORDS = st.builds(
    record,
    st.sampled_from(["Calder hires", "Calder hires more", "UPDATE 1-Calder hires", "Vostok falls", "Market wrap"]),
    st.sampled_from([0, 5, 20, 59, 61, 600, 1440, 4000, 50_000]),
)


@given(st.lists(RECORDS, max_size=12), st.randoms())
def test_a_document_that_is_read_again_in_another_order_changes_nothing(records: list[Version], rng: object) -> None:
    history = store_all(records)
    stored = {version.digest for versions in history.values() for version in versions}
    assert stored == {version.digest for version in records}  # nothing is lost
    again = list(records)
    rng.shuffle(again)  # type: ignore[attr-defined]  # a random.Random
    assert store_all(again, history) == history


@given(st.lists(RECORDS, max_size=12), st.integers(0, 12))
def test_a_document_that_grows_leaves_the_articles_that_it_stated(records: list[Version], count: int) -> None:
    before = store_all(records[:count])
    after = store_all(records, before)
    for number, versions in before.items():
        assert after[number][: len(versions)] == versions


def test_versions_stand_in_the_order_of_their_stamps() -> None:
    records = [record("Calder hires more", 20), record("Vostok falls", 300), record("Calder hires")]
    assert titles(store_all(records)) == [["Calder hires", "Calder hires more"], ["Vostok falls"]]


def test_a_key_that_is_shared_joins_no_rewordings() -> None:
    records = [record("Calder hires more", 20), record("Vostok falls", 3), record("Calder hires")]
    assert titles(store_all(records)) == [["Calder hires"], ["Calder hires more"], ["Vostok falls"]]


def test_a_chain_of_versions_in_one_document_is_no_longer_than_a_day() -> None:
    hourly = [record("Market wrap", 60 * hour) for hour in range(72)]
    assert [len(versions) for versions in store_all(hourly).values()] == [21, 21, 21, 9]


def test_what_another_document_restates_is_history() -> None:
    first, second = record("Calder hires"), record("Calder hires more", 20, origin="b.csv")
    history = store_all([second], store_all([first]))
    assert titles(history) == [["Calder hires", "Calder hires more"]]
    assert store_all([first], history) == history
    third = replace(first, evidence=replace(first.evidence, origin="b.csv"))
    assert titles(store_all([third], history)) == [["Calder hires", "Calder hires more", "Calder hires"]]


def test_an_article_that_was_gone_comes_back() -> None:
    first = record("Calder hires")
    assert recognise([first], [standing_of([first, first], "")])[0].standing == 0
    elsewhere = replace(first, evidence=replace(first.evidence, origin="b.csv"))
    assert recognise([elsewhere], [standing_of([first, first], "")])[0].standing == 0


def test_history_ends_where_an_earlier_program_let_another_article_take_the_place() -> None:
    revisions = [record("Vostok falls", -9000), record("Calder hires"), record("Calder hires more", 20)]
    assert standing_of(revisions, "x") == Standing(Version(revisions[-1].evidence, "x"), NOON, {revisions[1].digest})


@pytest.mark.parametrize(
    "make",
    [
        lambda n: record(f"Company {n} hires", 37 * n),
        lambda n: record(f"Company {n} hires", n % 60),
        lambda n: record("Market wrap", 37 * n),
        lambda n: record("Market wrap", 1440 * n),
        lambda n: record(f"Form {n % 3}", n % 50, f"digest {n}"),
    ],
    ids=["shared", "within an hour", "one title", "a column", "twins"],
)
def test_the_work_grows_with_the_number_of_records(
    make: Callable[[int], Version], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0

    def counted(one: Evidence, other: Evidence, *, together: bool = False, shared: bool = False) -> Relation:
        nonlocal calls
        calls += 1
        return relation(one, other, together=together, shared=shared)

    monkeypatch.setattr(recognition, "relation", counted)
    records = [make(n) for n in range(5_000)]
    history = store_all(records)
    store_all([replace(r, digest=f"changed {r.digest}") for r in records], history)
    assert calls <= 8 * MANY * len(records)
