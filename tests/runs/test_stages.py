"""The stages of a run: their order, what each does, and the plan that a scoring goes on with."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from signals.app import App
from signals.errors import ConfigError
from signals.pipeline import RunContext
from signals.pipeline.derive import match
from signals.runs import run as runs
from signals.runs import stages
from signals.runs.progress import RunProgress
from signals.runs.run import prepare
from signals.store import run_log
from signals.store.queries import rows_of
from signals.store.run_log import RunStats
from signals.tickers import Resolver
from signals.types import Article, Instrument, Mention, Stage, StageRow
from tests.worlds import NOW, app_at, links_of, run, small

HEADLINES = [(NOW - timedelta(days=2), "Acme opens a plant")]


def silent(app: App) -> RunProgress:
    return RunProgress(app, 1, None)


def begin(app: App) -> RunContext:
    prepare(app)
    with app.store.write() as db:
        return RunContext(run_log.begin(db, "test", NOW, NOW, "0"), NOW)


def stages_of(app: App) -> list[StageRow]:
    with app.store.read() as db:
        return rows_of(db, StageRow, "SELECT s.* FROM v_stages s JOIN stage_runs r USING (run_id, stage) "
                                     "ORDER BY r.rowid")  # fmt: skip


def test_stages_are_done_in_the_order_of_their_enumeration(tmp_path: Path) -> None:
    app = small(tmp_path, HEADLINES)
    stats = RunStats()
    stages.run_stages(app, [Stage.PUBLISH, Stage.SCORE, Stage.INGEST, Stage.REFRESH], begin(app), stats, silent(app))
    rows = stages_of(app)
    assert [row.stage for row in rows] == list(Stage)
    assert [(row.articles, row.bars > 0, row.links > 0) for row in rows] == [
        (1, False, False), (0, True, False), (0, False, True), (0, False, False),
    ]  # fmt: skip
    assert (tmp_path / "snapshot" / "signals.db").is_file()
    assert links_of(app)


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_can_be_done_alone(tmp_path: Path, stage: Stage) -> None:
    app = small(tmp_path, HEADLINES)
    stages.run_stages(app, [stage], begin(app), RunStats(), silent(app))
    assert [row.stage for row in stages_of(app)] == [stage]


def test_a_scoring_goes_on_with_the_plan_of_the_rows_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = small(tmp_path, HEADLINES)
    run(app)
    content = yaml.safe_load(app.config.path.read_text(encoding="utf-8"))
    app.config.path.write_text(yaml.safe_dump({**content, "verdicts": {"q": 0.01}}), encoding="utf-8")
    changed = app_at(app.config.path)
    run(changed)
    assert "the configuration has changed since the rows were derived" in caplog.text
    assert len(changed.plan_changes()) == 1
    stages.rebuild(changed, None, begin(changed), RunStats(), silent(changed))
    assert changed.plan_changes() == []


def test_a_source_that_is_not_configured_ingests_nothing(tmp_path: Path) -> None:
    app = small(tmp_path)
    context = begin(app)
    with pytest.raises(ConfigError, match="no source is called 'nope'"):
        stages.ingest_files(app, [], "nope", context, RunStats(), silent(app))
    assert stages_of(app) == []


def test_files_are_ingested_as_a_stage(tmp_path: Path) -> None:
    app = small(tmp_path)
    (tmp_path / "other.csv").write_text(f"published_at,title\n{NOW.isoformat()},Acme grows\n", encoding="utf-8")
    stages.ingest_files(app, [tmp_path / "other.csv"], "wire", begin(app), RunStats(), silent(app))
    assert [(row.stage, row.articles) for row in stages_of(app)] == [("ingest", 1)]


def test_a_run_makes_one_resolver_and_reads_each_article_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = small(tmp_path, HEADLINES)
    read: list[str] = []

    class Counted(Resolver):
        def __init__(self, instruments: Sequence[Instrument]) -> None:
            read.append("resolver")
            super().__init__(instruments)

        def mentions(self, article: Article) -> tuple[Mention, ...]:
            read.append(article.title)
            return super().mentions(article)

    monkeypatch.setattr(match, "Resolver", Counted)
    runs.run(app, "nightly", NOW)
    assert sorted(read) == sorted(["resolver", *(title for _, title in HEADLINES)])
