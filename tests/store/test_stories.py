"""The rows of stories, and the band keys that bring candidates together."""

from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from signals.store import Store, stories
from signals.store.stories import BUCKET, StoryArticle
from signals.store.tables import story_bands
from tests.store.samples import NOW

HOUR = timedelta(hours=1)
WITHIN = timedelta(days=3)


def row(article_id: str, story_id: str = "a", rank: int = 1) -> StoryArticle:
    return StoryArticle(article_id, "headline", "lead", rank > 1, NOW, story_id, rank)


def test_rows_are_read_by_article_and_by_story(store: Store) -> None:
    rows = [row("a"), row("b", rank=2), row("c", "c")]
    with store.write() as db:
        stories.save_story_rows(db, rows)
        assert stories.story_rows(db, ["b", "missing"]) == [rows[1]]
        assert sorted(stories.members(db, ["a"])) == rows[:2]
        stories.save_story_rows(db, [row("b", "b")])
        assert stories.members(db, ["b"]) == [row("b", "b")]


def test_articles_share_a_band_within_the_time(store: Store) -> None:
    with store.write() as db:
        stories.save_bands(db, {
            "same": (NOW, [1, 2]), "early": (NOW - WITHIN, [1]), "late": (NOW + WITHIN, [2]), "other": (NOW, [3]),
            "before": (NOW - WITHIN - 2 * HOUR, [1]), "after": (NOW + WITHIN + 2 * HOUR, [2]),
        })  # fmt: skip
        lone = {"lone": (NOW, [9])}
        assert stories.sharing_a_band(db, {"same": (NOW, [1, 2])} | lone, WITHIN) == {"same", "early", "late"}
        assert stories.sharing_a_band(db, lone, WITHIN) == set()
        assert stories.sharing_a_band(db, {"other": (NOW, [2])}, HOUR) == {"same"}


def test_a_wording_that_recurs_is_sought_around_each_of_its_instants(store: Store) -> None:
    far = NOW + timedelta(days=400)
    with store.write() as db:
        stories.save_bands(db, {"now": (NOW, [1]), "between": (NOW + timedelta(days=200), [1]), "far": (far, [1])})
        assert stories.sharing_a_band(db, {"a": (NOW, [1]), "b": (far, [1])}, WITHIN) == {"now", "far"}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(-6 * BUCKET, 6 * BUCKET), min_size=2, max_size=8, unique=True))
def test_the_bands_of_all_times_within_reach_are_read(sqlite_store: Store, seconds: list[int]) -> None:
    bands: dict[str, tuple[datetime, list[int]]] = {
        f"a{n}": (NOW + timedelta(seconds=second), [7]) for n, second in enumerate(seconds)
    }
    with sqlite_store.engine.connect() as db, db.begin() as transaction:
        stories.save_bands(db, bands)
        sharing = [stories.sharing_a_band(db, {name: sought}, WITHIN) for name, sought in bands.items()]
        transaction.rollback()
    for (at, _), near in zip(bands.values(), sharing, strict=True):
        assert near == {other for other, (when, _) in bands.items() if abs(when - at) <= WITHIN + HOUR / 3600}


def test_bands_are_dropped_with_their_articles(store: Store) -> None:
    bands = {"a": (NOW, [1, 2]), "b": (NOW, [1])}
    with store.write() as db:
        stories.save_bands(db, bands)
        stories.drop_bands(db, {"a": (NOW, [1])})
        assert sorted(map(tuple, db.execute(select(story_bands.c.article_id, story_bands.c.band)))) == [
            ("a", 2),
            ("b", 1),
        ]


def test_articles_leave_their_stories_with_their_bands(store: Store) -> None:
    old = NOW - timedelta(days=90)
    with store.write() as db:
        stories.save_story_rows(db, [row("a"), row("b", rank=2)])
        stories.save_bands(db, {"a": (NOW, [1]), "b": (NOW, [1]), "older": (old, [1])})
        stories.drop(db, ["b"], NOW)
        assert [one.article_id for one in stories.members(db, ["a"])] == ["a"]
        left = db.execute(select(story_bands.c.article_id).order_by(story_bands.c.article_id)).scalars().all()
        assert left == ["a", "older"]  # what is older than the instant is not looked at
        assert db.execute(select(func.count()).select_from(story_bands)).scalar() == 2
