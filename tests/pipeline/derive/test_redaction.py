"""Sources that let only evidence be kept: the text that stays, from which everything is derived again."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from signals.app import App
from signals.pipeline.derive.redaction import BLANK, blanked
from signals.runs.run import rebuild
from tests.worlds import app_at, contents, run, write_demo


@pytest.fixture(scope="module")
def frugal(tmp_path_factory: pytest.TempPathFactory) -> App:
    """The demo's world, all of whose sources let no more than evidence be redacted."""
    world = write_demo(tmp_path_factory.mktemp("frugal"))
    config = yaml.safe_load(world.config.read_text(encoding="utf-8"))
    for source in config["news"]:
        source["keep"] = "evidence"
    world.config.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    app = app_at(world.config)
    run(app)
    return app


def test_only_the_words_around_a_name_stay(frugal: App, derived: App) -> None:
    def bodies(app: App) -> dict[str, str]:
        with app.store.read() as db:
            return {
                row[0]: row[1] for row in db.execute(text("SELECT article_id, body FROM articles WHERE body <> ''"))
            }

    redacted, whole = bodies(frugal), bodies(derived)
    assert redacted.keys() == whole.keys()
    assert all(len(redacted[key]) == len(whole[key]) for key in whole)
    assert sum(body.count(BLANK) for body in redacted.values()) > sum(map(len, whole.values())) / 5


def test_the_mentions_are_those_of_the_whole_texts_and_a_rebuild_derives_all_again(frugal: App, derived: App) -> None:
    before = contents(frugal, ["run_id", "scored_at"])
    assert before["mentions"] == contents(derived)["mentions"]
    rebuild(frugal, None)
    after = contents(frugal, ["run_id", "scored_at"])
    for table in ("articles", "mentions", "story_articles", "event_assignments", "events", "moves", "links"):
        assert after[table] == before[table], table


@given(st.text(st.sampled_from("ab \n.é·"), max_size=200), st.lists(st.tuples(st.integers(0, 200), st.integers(1, 9))))
def test_a_blanked_text_keeps_its_length_its_lines_and_its_spans(body: str, positions: list[tuple[int, int]]) -> None:
    spans = [(at, min(at + length, len(body))) for at, length in positions if at < len(body)]
    cut = blanked(body, spans)
    assert len(cut) == len(body)
    assert [n for n, c in enumerate(cut) if c == "\n"] == [n for n, c in enumerate(body) if c == "\n"]
    assert all(cut[start:end] == body[start:end] for start, end in spans)
    assert blanked(cut, spans) == cut
