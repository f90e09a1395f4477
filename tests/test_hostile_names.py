"""What stands where a name should: no traceback, nothing that steers a terminal, and no file outside its folder."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from signals.app import App
from signals.cli import main
from tests.worlds import NOW, app_at, contents, query, run, small

HOSTILE = {
    "quotes": "'\"`",
    "sql": "x'; drop table links; --",
    "always": "' or 1=1 --",
    "wildcard": "%",
    "upwards": "../../etc/passwd",
    "nul": "AC\0ME",
    "controls": "\x1b[2J\x07\r\nERROR forged",
    "direction": "\u202eEMCA",
    "bytes": "\udcff",
    "long": "x" * 100_000,
    "format": "%s%n{0}{name!r}",
    "empty": "",
}
READERS: dict[str, Callable[[str], list[str]]] = {
    "report": lambda name: ["report", "--ticker", name],
    "page": lambda name: ["report", "--ticker", name, "--format", "html"],
    "moves": lambda name: ["moves", "--ticker", name],
    "explain": lambda name: ["explain", "--", name],
    "explain a whole id": lambda name: ["explain", "--", f"{name}/ACME/market/0..1"],
}
PLANT = [(NOW, "Acme opens a plant")]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> App:
    app = small(tmp_path_factory.mktemp("example"), PLANT)
    run(app)
    return app


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("command", READERS.values(), ids=READERS)
def test_an_unknown_name_is_one_printable_sentence(
    example: App, capsys: pytest.CaptureFixture[str], command: Callable[[str], list[str]], name: str
) -> None:
    before = contents(example)
    code = main(["--config", str(example.config.path), *command(name)])
    out, err = capsys.readouterr()
    assert (code in (2, 3), out, err[-1:]) == (True, "", "\n")
    assert err[:-1].isprintable()
    assert len(err) < 500
    assert contents(example) == before


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_an_unknown_name_is_one_sentence_on_postgresql(
    tmp_path: Path, postgresql_url: str, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    app = app_at(small(tmp_path).config.path, database=postgresql_url)
    app.store.upgrade()
    code = main(["--config", str(app.config.path), "--database", postgresql_url, "report", "--ticker", name])
    assert (code in (2, 3), capsys.readouterr().err.count("\n")) == (True, 1)


@pytest.mark.parametrize("ticker", ["../../x", "..\\x", "/etc/x", "A\0B", "A\x1b[2J", "A\nB", " A", "\u202eA"])
def test_a_ticker_that_is_a_path_or_unseen_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], ticker: str
) -> None:
    written = {"instruments": {ticker: {"name": "X", "mic": "XAMS", "currency": "EUR"}}}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    assert main(["--config", str(tmp_path / "config.yaml"), "run"]) == 2
    err = capsys.readouterr().err
    assert ("cannot be a name" in err, err[:-1].isprintable()) == (True, True)


def test_what_is_written_stays_in_its_folders_whatever_tickers_and_articles_are_called(tmp_path: Path) -> None:
    tickers = ["..", ".", "index", "CON", "a%2fb", "~root", "C:x", "$(id)", "*", "\u04e00", "\u4e00"]
    names = [f"Zorblat{chr(ord('a') + n)}" for n in range(len(tickers))]
    home = tmp_path / "home"
    home.mkdir()
    path = small(home, [(NOW - timedelta(days=9), f"../../../x.html {' and '.join(names)}: ../../y")]).config.path
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    acme = written["instruments"]["ACME"]
    written["instruments"] |= {t: {**acme, "name": n, "aliases": [n]} for t, n in zip(tickers, names, strict=True)}
    path.write_text(yaml.safe_dump(written), encoding="utf-8")
    at = ["--config", str(path), "--quiet"]
    assert main([*at, "run"]) == 0
    assert main([*at, "report", "--all", "--format", "html", "--output", str(home / "pages")]) == 0
    assert main([*at, "report", "--ticker", "..", "--as-of", NOW.isoformat()]) == 0
    assert main([*at, "publish"]) == 0
    assert [p.name for p in tmp_path.iterdir()] == ["home"]
    folders = {p.name for p in home.rglob("*") if p.is_dir()}
    assert {name for name in folders if not name.endswith(".cache")} == {"pages", "snapshot"}
    with app_at(path).store.read() as db:
        linked = {row["ticker"] for row in query(db, "select distinct ticker from v_links")}
    assert linked == set(tickers)
    pages = {p.name.casefold() for p in (home / "pages").iterdir()}
    assert len(pages) == len(tickers) + 1
    assert {"index.html", "%2e%2e.html", "%69ndex.html"} <= pages


@pytest.mark.parametrize("column", ["title", "body", "url", "publisher", "tags", "id"])
def test_a_nul_in_an_article_does_not_reach_the_database(tmp_path: Path, postgresql_url: str, column: str) -> None:
    path = small(tmp_path).config.path
    row = {"published_at": NOW.isoformat(), "title": "Acme opens a plant", "body": "Acme opened it.", "id": "1",
           "url": "https://a.example/1", "publisher": "Wire", "tags": "AMS:ACME"}  # fmt: skip
    row[column] = row[column][:3] + "\0\x1b" + row[column][3:]
    (tmp_path / "wire.csv").write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
    app = app_at(path, database=postgresql_url)
    app.store.upgrade()
    run(app)
    with app.store.read() as db:
        [article] = query(db, "select * from articles")
    assert not any(c in str(value) for value in article.values() for c in "\0\x1b")


UNSTORABLE = {"surrogates": "\ud83d", "nul": "\0", "long": "Long " * 2_000}


@pytest.mark.parametrize("odd", UNSTORABLE.values(), ids=UNSTORABLE)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_what_a_reply_holds_that_no_database_stores_costs_no_more_than_its_characters(
    tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], database: str, odd: str
) -> None:
    path = small(tmp_path).config.path
    good = {"published_at": "2026-02-02T10:00:00Z", "title": "Acme opens a plant", "body": "It opened it.", "id": "1",
            "url": "https://a.example/1", "publisher": "Wire", "tags": ["AMS:ACME"]}  # fmt: skip
    records = [{**good, "id": f"{n} {odd}", "url": f"{n} {odd}", key: f"{good[key]} {n} {odd}"}
               for n, key in enumerate(("title", "body", "publisher", "tags", "published_at"))]  # fmt: skip
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    written["news"] = [{"name": "wire", "kind": "json", "path": "wire.json", "timezone": "UTC"}]
    path.write_text(yaml.safe_dump(written), encoding="utf-8")
    (tmp_path / "wire.json").write_text(
        json.dumps([*records, {"title": odd}, {**good, "id": "last"}]), encoding="utf-8"
    )
    url = request.getfixturevalue("postgresql_url") if database == "postgresql" else f"sqlite:///{tmp_path}/signals.db"
    app_at(path, database=url).store.upgrade()
    at = ["--config", str(path), "--database", url, "--quiet"]
    assert [main([*at, "run"]), main([*at, "run"]), main([*at, "status"])] == [0, 0, 0], capsys.readouterr().err
    with app_at(path, database=url).store.read() as db:
        (sums,) = query(db, "SELECT arrived, agree, refused FROM v_source_runs WHERE run_id = 1 AND room = 'news'")
        assert len(query(db, "SELECT * FROM v_links")) > 0
    assert (sums["arrived"], sums["agree"], sums["refused"] >= 1) == (7, 1, True)
