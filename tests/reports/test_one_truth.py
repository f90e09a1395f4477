"""No number differs between table, json, csv, html, the views and the snapshot."""

import csv
import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from signals.app import App
from signals.cli import main
from signals.reports.format import chance, percent, probability
from signals.runs.maintenance import publish
from signals.store.views import LINKS
from signals.types import Verdict
from tests.reports.test_page import rows_in

Rows = dict[str, dict[str, Any]]


def by_id(rows: Any) -> Rows:
    return {row["link_id"]: dict(row) for row in rows}


def queried(database: Path) -> Rows:
    with sqlite3.connect(database) as db:
        db.row_factory = sqlite3.Row
        return by_id(db.execute("SELECT * FROM v_links WHERE ticker = 'GAZP'"))


def printed(app: App, form: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["--config", str(app.config.path), "report", "--ticker", "GAZP", "--format", form]) == 0
    return capsys.readouterr().out


def from_csv(text: str) -> Rows:
    def value(name: str, cell: str) -> Any:
        number = {"integer": int, "real": float}.get(LINKS.kind(name))
        if number is not None:
            return number(cell) if cell else None
        return cell.removeprefix("'")

    return by_id({n: value(n, c) for n, c in row.items()} for row in csv.DictReader(io.StringIO(text)))


def test_every_way_to_read_the_links_gives_the_same(
    demo_app: App, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")  # a narrow terminal leaves columns out
    publish(demo_app, tmp_path)
    views = queried(Path(str(demo_app.store.engine.url.database)))
    assert views
    assert queried(tmp_path / "signals.db") == views
    assert by_id(json.loads(printed(demo_app, "json", capsys))["links"]) == views
    pages = by_id(rows_in(printed(demo_app, "html", capsys)))
    assert {key: {name: row[name] for name in LINKS.names} for key, row in pages.items()} == views
    for key, row in from_csv(printed(demo_app, "csv", capsys)).items():
        assert row == {name: "" if value is None and LINKS.kind(name) not in ("integer", "real") else value
                       for name, value in views[key].items()}  # fmt: skip
    table = " ".join(printed(demo_app, "table", capsys).split())
    for row in views.values():
        if row["status"] == "scored":
            market = [percent(row["benchmark_ret"])] if row["benchmark_ret"] is not None else []
            numbers = [percent(row["ret"]), *market, percent(row["car"]), chance(row["local_fdr"])]
            cells = [row["event_window"], *numbers, f"{row['t_stat']:.2f}"]
            cells += [probability(row["p_value"]), probability(row["q_value"])]
            assert " ".join([*cells, Verdict(row["verdict"]).text]) in table
