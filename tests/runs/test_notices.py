"""Notices of how a run ended, sent to a server on loopback: once, without a secret, and without harm to the run."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from signals.app import App
from signals.cli import main
from signals.config import load
from signals.errors import ConfigError, LockedError
from signals.runs import notices
from signals.runs import stages as run_stages
from signals.runs.run import prepare, run_slot_once
from signals.runs.scheduler import Trouble, do_due, serve
from signals.store import run_log
from signals.store.queries import rows_of
from signals.store.run_log import RunStats
from signals.types import ProgressRow, RunRow, Stage
from tests.loopback import Answer, Site, closed_port, site
from tests.net.hostile import misbehaviour, serving
from tests.worlds import NOW, app_at, contents, links_of, small

PATH, TOKEN = "/hooks/PATH-SECRET?key=QUERY-SECRET", "Bearer TOKEN-SECRET"
BROKEN = {"name": "broken", "kind": "csv", "path": "missing.csv"}


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A server that takes notices, with its address and a token in the environment."""
    monkeypatch.setattr(notices, "FIRST_PAUSE", 0.0)
    with site() as served:
        served.answers[PATH] = Answer()
        monkeypatch.setenv("HOOK", served.url + PATH)
        monkeypatch.setenv("HOOK_TOKEN", TOKEN)
        yield served


def world(folder: Path, *, broken: bool = True, **notify: Any) -> App:
    """Write the small world with `notify:`, and perhaps a source whose file is missing."""
    path = small(folder, [(NOW, "Acme opens a plant")]).config.path
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    written["news"] += [BROKEN] if broken else []
    to = {} if "url" in notify or "url_from" in notify else {"url_from": "HOOK"}
    written["schedule"] = {"nightly": {"cron": "30 3 * * *"}}
    written["notify"] = {**to, "headers_from": {"Authorization": "HOOK_TOKEN"}, "private": True, **notify}
    path.write_text(yaml.safe_dump(written), encoding="utf-8")
    return app_at(path)


def signals(app: App, *arguments: str) -> int:
    return main(["--config", str(app.config.path), *arguments])


@pytest.mark.parametrize("name", ["header-bytes", "continues"])
def test_a_server_that_never_ends_its_answer_costs_a_notice_its_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    with serving(lambda _: misbehaviour("drip", name)) as url:
        monkeypatch.setenv("HOOK", url)
        monkeypatch.setenv("HOOK_TOKEN", TOKEN)
        assert signals(world(tmp_path, timeout=0.2), "run") == 1
    assert "could not be sent to http://127.0.0.1" in (words := capsys.readouterr().err)
    assert "it took more than 0.6 seconds" in words


def test_a_run_with_a_failure_is_noticed_exactly_once(tmp_path: Path, hook: Site) -> None:
    app = world(tmp_path)
    assert signals(app, "run") == 1
    [(_, headers)], [body] = hook.asked, hook.posted
    notice = json.loads(body)
    assert headers["Authorization"] == TOKEN
    assert headers["Content-Type"] == "application/json"
    assert (notice["job"], notice["run_id"], notice["state"], notice["exit_code"]) == ("manual", 1, "done", 1)
    assert notice["counts"]["failures"] == len(notice["failures"]) == 1
    assert "missing.csv" in notice["failures"][0]
    assert "1 failed" in notice["text"]
    with app.store.read() as db:
        [run] = rows_of(db, RunRow, "SELECT * FROM v_runs")
    assert (run.failures, notice["slot"][:10]) == (1, str(run.slot)[:10])


@pytest.mark.parametrize(("on", "sent"), [("failure", 0), ("always", 1)])
def test_a_run_without_a_failure_is_noticed_if_configured(tmp_path: Path, hook: Site, on: str, sent: int) -> None:
    assert signals(world(tmp_path, broken=False, on=on), "run") == 0
    assert [json.loads(body)["exit_code"] for body in hook.posted] == [0] * sent


def test_a_run_that_fails_is_noticed_and_fails_as_it_would(
    tmp_path: Path, hook: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    app = world(tmp_path)
    monkeypatch.setattr(run_stages, "score", stop)
    assert signals(app, "run") == 130
    [notice] = map(json.loads, hook.posted)
    assert (notice["state"], notice["exit_code"], notice["error"]) == ("failed", 130, "KeyboardInterrupt: ")


def test_a_run_that_cannot_begin_is_noticed(tmp_path: Path, hook: Site) -> None:
    app = world(tmp_path)
    (tmp_path / "signals.db").write_text("this is no database" * 100, encoding="utf-8")
    assert signals(app, "run") == 2
    [notice] = map(json.loads, hook.posted)
    assert (notice["run_id"], notice["state"], notice["exit_code"]) == (None, "failed", 2)


def test_a_slot_is_noticed_once_and_another_run_s_lock_is_no_end(tmp_path: Path, hook: Site) -> None:
    app = world(tmp_path, on="always")
    with app.store.lock(), pytest.raises(LockedError):
        run_slot_once(app, "nightly", NOW)
    assert run_slot_once(app, "nightly", NOW) is not None
    assert run_slot_once(app, "nightly", NOW) is None
    assert [json.loads(body)["job"] for body in hook.posted] == ["nightly"]


def test_a_run_that_was_killed_is_noticed_by_the_next_start_with_where_it_was(tmp_path: Path, hook: Site) -> None:
    app = world(tmp_path, broken=False)
    prepare(app)
    with app.store.write() as db:
        run_id = run_log.begin(db, "nightly", NOW, NOW, "0")
        run_log.begin_stage(db, run_id, Stage.REFRESH, NOW)
    app.store.presence.report(ProgressRow(run_id, "refresh", "prices of local: ACME", 1, 2, NOW))
    for _ in range(2):
        do_due(app, app.config.jobs[0])
    [notice] = map(json.loads, hook.posted)
    assert (notice["run_id"], notice["state"], notice["exit_code"]) == (run_id, "killed", 137)
    where = "killed in refresh: prices of local: ACME (1 of 2), since 2026-03-04 03:30 UTC"
    assert notice["text"] == (
        f"signals: nightly of 2026-03-04 03:30 UTC failed: the attempt of 2026-03-04 03:30 UTC was {where}"
    )


def test_a_database_that_a_scheduler_cannot_read_is_noticed_once_until_it_can(tmp_path: Path, hook: Site) -> None:
    app = world(tmp_path, broken=False)
    trouble = Trouble()
    for content in ("this is no database", "this is no database", None):
        (tmp_path / "signals.db").unlink(missing_ok=True)
        if content:
            (tmp_path / "signals.db").write_text(content * 100, encoding="utf-8")
        else:
            prepare(app)
        do_due(app, app.config.jobs[0], trouble)
    [notice] = map(json.loads, hook.posted)
    assert (notice["job"], notice["run_id"], notice["state"], notice["exit_code"]) == ("nightly", None, "failed", 2)
    with app.store.read() as db:
        assert [row.state for row in rows_of(db, RunRow, "SELECT * FROM v_runs")] == ["done"]


@pytest.mark.parametrize("status", [429, 500])
def test_a_server_in_trouble_is_sent_the_notice_again(tmp_path: Path, hook: Site, status: int) -> None:
    hook.first = [Answer(status=status)]
    assert signals(world(tmp_path), "run") == 1
    assert len(hook.posted) == 2
    assert len(set(hook.posted)) == 1


@pytest.mark.parametrize(
    ("answer", "tries"),
    [(Answer(status=500), notices.ATTEMPTS), (Answer(status=404), 1), (Answer(b"", 307, {"Location": "/other"}), 1)],
    ids=["trouble", "refusal", "redirect"],
)
def test_a_notice_that_is_not_taken_is_a_warning_and_changes_nothing(
    tmp_path: Path, hook: Site, capsys: pytest.CaptureFixture[str], answer: Answer, tries: int
) -> None:
    hook.answers[PATH] = answer
    app = world(tmp_path, broken=False, on="always")
    assert signals(app, "run") == 0
    warnings = [line for line in capsys.readouterr().err.splitlines() if "WARNING" in line]
    assert [path for path, _ in hook.asked] == [PATH] * tries
    assert (len(warnings), f"{answer.status}" in warnings[0]) == (1, True)
    assert links_of(app)


def test_a_secret_is_in_no_line_and_not_in_the_database(
    tmp_path: Path, hook: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app = world(tmp_path)
    assert signals(app, "-vv", "run") == 1
    hook.answers[PATH] = Answer(status=500)
    assert signals(app, "-vv", "--log", "json", "run") == 1
    monkeypatch.setenv("HOOK", f"http://127.0.0.1:{closed_port()}{PATH}")
    assert signals(app, "-vv", "run") == 1
    log = capsys.readouterr().err
    assert "it cannot be reached (Connection refused)" in log
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"Acme opens a plant" in files
    assert "SECRET" not in log
    assert b"SECRET" not in files
    assert b"SECRET" not in b"".join(hook.posted)


def test_addresses_in_a_notice_have_no_queries_and_no_passwords() -> None:
    text = "feed: https://me:SECRET@a.example/rss?key=SECRET: no; then http://me:SECRET@b.example/x is bad"
    notice = notices.Notice.of("nightly", NOW, 1, RunStats(), "db?password=SECRET", ConfigError("c.yaml", text))
    assert "SECRET" not in str(notice)
    assert "https://a.example/rss?…: no; then http://b.example/x is bad" in notice.text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.1.2.3", "[::1]", "169.254.169.254", "0x7f.1"])
def test_a_private_host_is_refused_before_the_run_unless_it_is_allowed(
    tmp_path: Path, hook: Site, capsys: pytest.CaptureFixture[str], host: str
) -> None:
    app = world(tmp_path, url=f"http://{host}/PATH-SECRET", private=False)
    assert signals(app, "run") == 2
    err = capsys.readouterr().err
    assert ("private: true" in err, err.count("\n"), "SECRET" in err) == (True, 1, False)
    assert not (tmp_path / "signals.db").exists()


def test_a_name_that_turns_out_to_be_private_is_not_sent_to(
    tmp_path: Path, hook: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(notices, "is_public_host", lambda _: True)  # the name answers differently the second time
    assert signals(world(tmp_path, private=False), "run") == 1
    assert "it is on a private network" in capsys.readouterr().err
    assert hook.asked == []


@pytest.mark.parametrize(
    "notify",
    [
        {"url": "ftp://example.com/SECRET"},
        {"url": "SECRET"},
        {"url": "https://me:SECRET@example.com/"},
        {"url": "https://me:SECRET@[example.com/"},
        {"url": "https://SECRET\u2100.example.com/"},
        {"url": ["SECRET"]},
        {"url": "https://example.com/SECRET", "url_from": "HOOK"},
        {"url": None},
        {"url_from": "https://example.com/SECRET"},
        {"headers_from": {"Authorization": "Bearer SECRET"}},
        {"on": "SECRET"},
        {"timeout": 0},
    ],
    ids=str,
)
def test_a_target_that_cannot_be_one_is_not_in_the_sentence(tmp_path: Path, notify: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="notify") as error:
        world(tmp_path, **notify)
    assert "SECRET" not in str(error.value)
    assert "\n" not in str(error.value)


def test_an_address_alone_is_refused_without_showing_it(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("notify: https://example.com/SECRET\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="notify") as error:
        load(tmp_path / "config.yaml")
    assert "SECRET" not in str(error.value)


@pytest.mark.parametrize(("name", "value"), [("HOOK", ""), ("HOOK", "SECRET"), ("HOOK_TOKEN", "a\r\nX-SECRET: b")])
def test_a_variable_that_cannot_be_sent_is_reported_before_the_run_and_the_scheduler(
    tmp_path: Path, hook: Site, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    app = world(tmp_path)
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as of_run:
        run_slot_once(app, "nightly", NOW)
    with pytest.raises(ConfigError) as of_scheduler:
        serve(app)
    assert "SECRET" not in str(of_run.value)
    assert str(of_scheduler.value) == str(of_run.value)
    assert hook.asked == []


def test_reading_needs_no_secret(tmp_path: Path, hook: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    app = world(tmp_path)
    signals(app, "run")
    before = contents(app)
    monkeypatch.delenv("HOOK")
    assert signals(app, "report", "--ticker", "ACME") == 0
    assert contents(app) == before


@pytest.mark.parametrize(
    ("error", "code"),
    [(None, 0), (KeyboardInterrupt(), 130), (ConfigError("c.yaml", "x"), 2), (LockedError("x"), 4), (ValueError(), 1)],
    ids=str,
)
def test_the_exit_code_of_a_notice_is_that_of_the_command(error: BaseException | None, code: int) -> None:
    assert notices.Notice.of("nightly", NOW, 1, RunStats(), "db", error).exit_code == code


def test_a_target_is_written_as_its_host(tmp_path: Path, hook: Site) -> None:
    app = world(tmp_path)
    assert app.config.notify is not None
    target = notices.target(app.config.notify, "c.yaml", {"HOOK": "https://h.example/SECRET", "HOOK_TOKEN": TOKEN})
    assert repr(target) == "https://h.example"
