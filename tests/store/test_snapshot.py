"""The snapshot for BI tools, through the tools themselves; and the questions of docs/bi.md on every database."""

import asyncio
import math
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from datasette.app import Datasette
from sqlalchemy import text

from signals.app import App
from signals.errors import StoreError
from signals.runs.maintenance import publish
from signals.store.snapshot import Published
from signals.store.views import VIEWS
from tests.databases import postgresql
from tests.worlds import NOW, app_at, run

BI = (Path(__file__).resolve().parents[2] / "docs" / "bi.md").read_text(encoding="utf-8")
QUESTIONS = dict(re.findall(r"^### (\d+\. .+?)$.*?```sql\n(.*?)```", BI, re.MULTILINE | re.DOTALL))

Rows = list[tuple[Any, ...]]
Ask = Callable[[str], Rows]


@pytest.fixture(scope="session")
def snapshot(demo_app: App, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("snapshot")
    publish(demo_app, folder)
    return folder


def on_sqlite(path: Path) -> Ask:
    def ask(sql: str) -> Rows:
        with sqlite3.connect(path) as db:
            return db.execute(sql).fetchall()

    return ask


def on_parquet(folder: Path) -> Ask:
    db = duckdb.connect()
    for view in VIEWS:
        db.execute(f"CREATE VIEW {view.name} AS SELECT * FROM '{folder / view.name}.parquet'")
    return lambda sql: db.execute(sql).fetchall()


# --- the same rows --------------------------------------------------------------------------------------------------


def live(app: App, view: str) -> Rows:
    with app.store.read() as db:
        return [tuple(row) for row in db.execute(text(f"SELECT * FROM {view}"))]


@pytest.mark.parametrize("view", [view.name for view in VIEWS])
def test_the_snapshot_holds_the_rows_of_the_views(demo_app: App, snapshot: Path, view: str) -> None:
    assert sorted(on_sqlite(snapshot / "signals.db")(f"SELECT * FROM {view}"), key=repr) == sorted(
        live(demo_app, view), key=repr
    )


@pytest.mark.parametrize("view", [view.name for view in VIEWS])
def test_the_parquet_files_hold_them_too(snapshot: Path, view: str) -> None:
    ours = on_sqlite(snapshot / "signals.db")(f"SELECT * FROM {view}")
    theirs = on_parquet(snapshot)(f"SELECT * FROM {view}")
    assert sorted(map(plain, theirs), key=repr) == sorted(map(plain, ours), key=repr)


def plain(row: Sequence[Any]) -> tuple[Any, ...]:
    """Bring what different clients return into one form."""

    def one(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(NOW.tzinfo).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, (Decimal, float)):
            return float(f"{value:.12g}")
        return value

    return tuple(map(one, row))


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_every_column_is_of_the_kind_that_the_dictionary_says(snapshot: Path, view: Any) -> None:
    forms = {"text": {"text"}, "integer": {"integer"}, "real": {"real"}, "date": {"text"}, "instant": {"text"}}
    ask = on_sqlite(snapshot / "signals.db")
    for name in view.names:
        types = {row[0] for row in ask(f"SELECT DISTINCT typeof({name}) FROM {view.name}")} - {"null"}
        assert types <= forms[view.kind(name)], name
        if view.kind(name) in ("date", "instant"):
            shape = {"date": r"\d{4}-\d\d-\d\d", "instant": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"}[view.kind(name)]
            values = [row[0] for row in ask(f"SELECT DISTINCT {name} FROM {view.name} WHERE {name} IS NOT NULL")]
            assert all(re.fullmatch(shape, value) for value in values), name


def test_the_file_describes_itself(snapshot: Path) -> None:
    ask = on_sqlite(snapshot / "signals.db")
    assert ask("PRAGMA journal_mode") == [("delete",)]
    assert ask("PRAGMA integrity_check") == [("ok",)]
    dictionary = set(ask("SELECT view_name, column_name FROM data_dictionary"))
    assert dictionary == {(view.name, name) for view in VIEWS for name in view.names}
    for name, count in ask("SELECT view_name, row_count FROM snapshot"):
        assert ask(f"SELECT COUNT(*) FROM {name}") == [(count,)]
    plan = ask("EXPLAIN QUERY PLAN SELECT * FROM v_links WHERE ticker = 'GAZP' AND day_zero >= '2026-01-01'")
    assert "USING INDEX" in str(plan)


def test_a_reader_keeps_the_old_snapshot_while_the_new_one_takes_its_place(demo_app: App, tmp_path: Path) -> None:
    publish(demo_app, tmp_path)
    with sqlite3.connect(f"file:{tmp_path / 'signals.db'}?mode=ro", uri=True) as reader:
        before = reader.execute("SELECT COUNT(*) FROM v_links").fetchone()
        publish(demo_app, tmp_path)
        assert reader.execute("SELECT COUNT(*) FROM v_links").fetchone() == before
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_without_pyarrow_there_are_no_parquet_files(demo_app: App, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("signals.store.snapshot.find_spec", lambda _: None)
    assert [path.name for path in publish(demo_app, tmp_path).files] == ["signals.db", "metadata.json"]


def test_a_snapshot_that_fails_leaves_the_old_one(demo_app: App, tmp_path: Path, monkeypatch: Any) -> None:
    publish(demo_app, tmp_path)
    before = (tmp_path / "signals.db").read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr("signals.store.snapshot._INDEXES", {"v_links": ("no_such_column",)})
        with pytest.raises(sqlite3.OperationalError):
            publish(demo_app, tmp_path)
    assert (tmp_path / "signals.db").read_bytes() == before
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_folder_that_cannot_be_made_is_one_sentence(demo_app: App, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(StoreError, match="name another folder"):
        publish(demo_app, tmp_path / "taken")


# --- clients --------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="the sqlite3 shell is not installed")
def test_the_sqlite3_shell_reads_it(snapshot: Path) -> None:
    asked = ["sqlite3", "-readonly", "-csv", str(snapshot / "signals.db"), "SELECT COUNT(*) FROM v_links"]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert int(done.stdout) == on_sqlite(snapshot / "signals.db")("SELECT COUNT(*) FROM v_links")[0][0]


def test_pandas_reads_it(snapshot: Path) -> None:
    with sqlite3.connect(snapshot / "signals.db") as db:
        frame = pd.read_sql("SELECT * FROM v_links", db, parse_dates=["published_at", "day_zero"])
    assert str(frame["published_at"].dt.tz) == "UTC"
    assert frame["car"].dtype == float
    arrow = pd.read_parquet(snapshot / "v_links.parquet")
    assert arrow["car"].sum() == pytest.approx(frame["car"].sum())
    assert list(arrow["published_at"]) == list(frame["published_at"])


def test_datasette_serves_it_with_facets_and_json(snapshot: Path) -> None:
    async def served() -> tuple[Any, Any, str]:
        import json

        metadata = json.loads((snapshot / "metadata.json").read_text(encoding="utf-8"))
        site = Datasette([str(snapshot / "signals.db")], metadata=metadata)
        await site.invoke_startup()
        facet = (await site.client.get("/signals/v_links.json?_facet=verdict&_shape=objects&_size=3")).json()
        sql = "/signals.json?sql=select+count(*)+as+n+from+v_links+where+verdict='move'&_shape=array"
        return facet, (await site.client.get(sql)).json(), (await site.client.get("/signals/v_links")).text

    facet, counted, page = asyncio.run(served())
    by_verdict = {one["value"]: one["count"] for one in facet["facet_results"]["verdict"]["results"]}
    ask = on_sqlite(snapshot / "signals.db")
    assert by_verdict == dict(ask("SELECT verdict, COUNT(*) FROM v_links GROUP BY verdict"))
    assert counted == [{"n": by_verdict["move"]}]
    assert "cumulative abnormal return over the window" in page  # the data dictionary, beside the column


# --- the ten questions ----------------------------------------------------------------------------------------------


def test_there_are_ten_questions() -> None:
    assert len(QUESTIONS) == 10


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_has_the_same_answer_on_the_views_the_snapshot_and_duckdb(
    demo_app: App, snapshot: Path, question: str
) -> None:
    sql = QUESTIONS[question]
    answer = [plain(row) for row in on_sqlite(Path(str(demo_app.store.engine.url.database)))(sql)]
    assert answer, "the demo has an example of everything that is asked"
    assert [plain(row) for row in on_sqlite(snapshot / "signals.db")(sql)] == answer
    assert [plain(row) for row in on_parquet(snapshot)(sql)] == answer


@pytest.fixture(scope="module")
def on_postgresql(demo_app: App) -> Iterator[App]:
    """The same run on PostgreSQL, in a database of its own."""
    with postgresql() as url:
        app = app_at(demo_app.config.path, database=url)
        app.store.upgrade()
        run(app)
        yield app
        app.store.engine.dispose()


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_has_the_same_answer_on_postgresql(demo_app: App, on_postgresql: App, question: str) -> None:
    sql = QUESTIONS[question]
    with on_postgresql.store.read() as db:
        of_server = [plain(row) for row in db.exec_driver_sql(sql.replace("%", "%%"))]
    of_file = [plain(row) for row in on_sqlite(Path(str(demo_app.store.engine.url.database)))(sql)]
    assert [tuple(map(rounded, row)) for row in of_server] == [tuple(map(rounded, row)) for row in of_file]


def rounded(value: Any) -> Any:
    return float(f"{value:.9g}") if isinstance(value, float) and math.isfinite(value) else value


def test_a_snapshot_of_postgresql_is_that_of_sqlite(on_postgresql: App, snapshot: Path, tmp_path: Path) -> None:
    published: Published = publish(on_postgresql, tmp_path)
    links = "SELECT link_id, published_at, day_zero, car, verdict FROM v_links ORDER BY link_id"
    assert published.rows["v_links"]
    theirs, ours = (on_sqlite(folder / "signals.db")(links) for folder in (tmp_path, snapshot))
    assert [tuple(map(rounded, row)) for row in theirs] == [tuple(map(rounded, row)) for row in ours]
