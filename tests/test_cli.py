"""The command line as its user meets it: bad input gets one sentence and the right exit code, and loses nothing."""

import json
import os
import pkgutil
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
import yaml

import signals.cli
from signals import demo
from signals.cli import COMMANDS, commands, main
from tests.loopback import Answer, closed_port, site
from tests.worlds import write_demo

PAGE = """Simulated Newsroom: sign up today

Acme opens a plant in Utrecht

Published 04/03/2025, 09:30

AMSTERDAM - Acme (AMS:ACME) opened a plant on Tuesday.
"""

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """Run a command in a folder of its own; returns exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SIGNALS_CONFIG", raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return run


def config(folder: Path, **changes: object) -> None:
    """Write a world of one instrument with flat prices for two years, then change some of its keys."""
    (folder / "inbox").mkdir(exist_ok=True)
    (folder / "inbox" / "page.txt").write_text(PAGE, encoding="utf-8")

    def instrument(ticker: str, **more: object) -> dict[str, object]:
        return {"name": ticker.title(), "mic": "XAMS", "currency": "EUR", "symbols": {"local": ticker}, **more}

    pages = {"name": "pages", "kind": "page", "path": "inbox/*", "timezone": "Europe/Amsterdam", "dayfirst": True}
    settings: dict[str, object] = {
        "database": "sqlite:///signals.db",
        "instruments": {
            "ACME": instrument("ACME", benchmark="AEX", aliases=[{"text": "AMS:ACME", "scheme": "exchange"}]),
            "AEX": instrument("AEX", kind="index"),
        },
        "news": [pages],
        "prices": [{"name": "local", "kind": "csv", "path": "{symbol}.csv"}],
    }
    settings.update(changes)
    (folder / "config.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    for symbol, wobble in (("ACME", 3), ("AEX", 2)):
        prices(folder, symbol, wobble)


def prices(folder: Path, symbol: str, wobble: int, extra: str = "") -> None:
    from signals.sessions import clock
    from tests.worlds import NOW

    days = clock("XAMS", NOW.date().replace(year=2023), NOW.date().replace(year=2025, month=6)).sessions
    rows = [f"{day},{100 + (n * 7 % 13) * wobble / 10:.2f}" for n, day in enumerate(days)]
    (folder / f"{symbol}.csv").write_text("date,close\n" + "\n".join(rows) + "\n" + extra, encoding="utf-8")


# --- the table of commands ------------------------------------------------------------------------------------------


def python(code: str) -> str:
    """Run statements in an interpreter of their own and return what they print."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_holds_the_first_sentence_of_each_command_s_help(name: str) -> None:
    loaded = commands.load(name)
    assert loaded.name == name
    assert " ".join((loaded.help or "").split()).startswith(COMMANDS[name].help)
    assert COMMANDS[name].help.endswith(".")
    assert ". " not in COMMANDS[name].help


def test_every_command_of_the_package_is_in_the_table() -> None:
    modules = [import_module(f"signals.cli.{module.name}") for module in pkgutil.iter_modules(signals.cli.__path__)]
    defined = {value for module in modules for value in vars(module).values() if isinstance(value, click.Command)}
    groups = [command for command in defined if isinstance(command, click.Group)]
    inner = {command for group in groups for command in group.commands.values()}
    assert {command.name for command in defined - inner} == set(COMMANDS)


def test_help_lists_every_command_and_imports_none() -> None:
    code = "import sys; from signals.cli import main; main(['--help']); print('modules', *sys.modules)"
    text, _, modules = python(code).partition("modules ")
    assert {line.split()[0] for line in text.partition("Commands:")[2].splitlines() if line.strip()} == set(COMMANDS)
    assert not {entry.module for entry in COMMANDS.values()} & set(modules.split())


def test_a_command_imports_no_other_command() -> None:
    code = "import sys; from signals.cli import commands; commands.load('init'); print(*sys.modules)"
    assert {entry.module for entry in COMMANDS.values()} & set(python(code).split()) == {"signals.cli.init"}


def test_a_command_is_imported_with_the_settings_of_a_short_start() -> None:
    code = "import gc, os; from signals.cli import commands; commands.load('status'); print(gc.isenabled(), "
    assert python(code + "gc.get_freeze_count() > 0, gc.get_threshold()[0], os.environ['OPENBLAS_NUM_THREADS'])") == (
        "True True 20000 1\n"
    )


def test_a_misspelt_command_is_answered_with_the_nearest_one(command: Command) -> None:
    code, _, err = command("repotr")
    assert (code, "report" in err) == (2, True)


def test_a_shell_completes_commands_with_their_help() -> None:
    with click.Context(commands) as context:
        items = {item.value: item.help for item in commands.shell_complete(context, "re")}
    assert set(items) == {"rebuild", "report"}
    assert str(items["report"]).startswith("List every link")


# --- the usual way --------------------------------------------------------------------------------------------------


def test_a_saved_page_becomes_scored_links(command: Command, tmp_path: Path) -> None:
    config(tmp_path)
    assert command("run")[0] == 0
    code, out, _ = command("report", "--ticker", "ACME", "--format", "json")
    links = json.loads(out)["links"]
    assert code == 0
    assert {(link["day_zero"], link["status"]) for link in links} == {("2025-03-04", "scored")}
    code, out, _ = command("explain", links[0]["link_id"])
    assert code == 0
    assert ">>>AMS:ACME<<<" in out


def test_all_formats_give_the_same_numbers(command: Command, tmp_path: Path) -> None:
    config(tmp_path)
    command("run")
    links = json.loads(command("report", "--ticker", "ACME", "--format", "json")[1])["links"]
    head, *rows = command("report", "--ticker", "ACME", "--format", "csv")[1].splitlines()
    table = command("report", "--ticker", "ACME")[1]
    with sqlite3.connect(tmp_path / "signals.db") as db:
        stored = db.execute("SELECT link_id, car FROM v_links").fetchall()
    assert head.split(",") == list(links[0])
    assert sorted((link["link_id"], link["car"]) for link in links) == sorted(stored)
    assert len(rows) == len(links)
    assert all(f"{link['car']:+.2%}" in table for link in links)


def test_init_writes_a_configuration_and_never_over_one(command: Command, tmp_path: Path) -> None:
    assert command("init")[0] == 0
    assert command("status")[0] == 2
    code, _, err = command("init")
    assert (code, "exists already" in err) == (2, True)


def test_files_can_be_read_through_a_source(command: Command, tmp_path: Path) -> None:
    config(tmp_path)
    (tmp_path / "other.txt").write_text(PAGE.replace("Utrecht", "Delft"), encoding="utf-8")
    assert command("ingest", "other.txt", "--source", "pages")[0] == 0
    assert command("run", "--only", "refresh")[0] == 0
    assert command("run", "--only", "score")[0] == 0
    assert "Delft" in command("report", "--ticker", "ACME")[1]
    assert command("ingest", "other.txt", "--source", "nope")[0] == 2
    assert command("ingest", "missing.txt", "--source", "pages")[0] == 1


def test_a_report_goes_to_a_file_and_a_bad_path_is_an_error(command: Command, tmp_path: Path) -> None:
    config(tmp_path)
    command("run")
    assert command("report", "--ticker", "ACME", "--format", "csv", "--output", "out.csv")[0] == 0
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").startswith("link_id,")
    assert command("report", "--ticker", "ACME", "--output", "no/such/out.txt")[0] == 2


def test_the_demo_ends_with_the_results_beside_what_was_planted(command: Command, tmp_path: Path) -> None:
    code, out, _ = command("demo", "world")
    assert code == 0
    assert out.startswith("SIMULATED")
    assert out.index("planted beside found") < out.index("moves called a move") < out.index("false alarms")
    assert command("demo", "world")[0] == 0  # in the same folder


def test_a_report_as_of_an_instant_holds_what_the_store_had_then(command: Command, tmp_path: Path) -> None:
    config(tmp_path)
    command("run")
    code, out, _ = command("report", "--ticker", "ACME", "--as-of", "2020-01-01T00:00:00Z")
    assert code == 0
    assert "No links" in out


def test_a_reader_that_stops_early_is_no_error(tmp_path: Path) -> None:
    config(tmp_path)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-m", "signals", "run"], cwd=tmp_path, env=env, check=True, capture_output=True)
    piped = f'"{sys.executable}" -m signals report --ticker ACME --format csv | true'
    done = subprocess.run(piped, shell=True, cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.stderr == ""


# --- runs, the database, and the other formats ----------------------------------------------------------------------


def link_rows(folder: Path, store: str = "signals.db") -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / store) as db:
        return db.execute("SELECT link_id, status, car, p_value FROM v_links ORDER BY link_id").fetchall()


@pytest.mark.parametrize(
    "arguments", [("rebuild",), ("rebuild", "--since", "2025-01-01"), ("run", "--since", "2025-01-01")]
)
def test_deriving_again_gives_the_same_links(command: Command, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    config(tmp_path)
    command("run")
    before = link_rows(tmp_path)
    assert command(*arguments)[0] == 0
    assert link_rows(tmp_path) == before != []


def test_a_run_as_of_an_instant_prints_the_address_of_its_own_store(command: Command, tmp_path: Path) -> None:
    config(tmp_path)
    command("run")
    code, out, _ = command("run", "--as-of", "2025-04-01")
    store = tmp_path / "as-of-20250401T000000Z.db"
    assert (code, out) == (0, f"sqlite:///{store}\n")
    assert store.is_file()
    assert command("run", "--as-of", "2025-04-01")[:2] == (0, out)


def test_a_job_does_its_slot_once(command: Command, tmp_path: Path) -> None:
    config(tmp_path, schedule={"nightly": {"cron": "30 3 * * *", "timezone": "UTC"}})
    code, _, err = command("run", "--job", "weekly")
    assert (code, "known: nightly" in err) == (2, True)
    assert command("run", "--job", "nightly")[0] == 0
    code, _, err = command("run", "--job", "nightly")
    assert (code, "its last slot has been done" in err) == (0, True)
    assert len(link_rows(tmp_path)) > 0


def test_the_database_is_upgraded_checked_and_copied(command: Command, tmp_path: Path) -> None:
    config(tmp_path)
    store = tmp_path / "signals.db"
    assert command("db", "upgrade") == (0, f"{store}: upgraded\n", "")
    assert command("db", "upgrade") == (0, f"{store}: is up to date\n", "")
    command("run")
    code, out, _ = command("db", "check")
    assert (code, "sound" in out) == (0, True)
    code, out, _ = command("db", "copy", "sqlite:///copy.db")
    assert (code, f"copy.db: holds the rows of {store}" in out) == (0, True)
    assert link_rows(tmp_path, "copy.db") == link_rows(tmp_path) != []


def test_a_damaged_database_is_a_failed_check(command: Command, tmp_path: Path) -> None:
    config(tmp_path)
    command("run")
    with sqlite3.connect(tmp_path / "signals.db") as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("DELETE FROM articles")
    code, out, err = command("db", "check")
    assert (code, out) == (1, "")
    assert err.startswith(f"signals: {tmp_path / 'signals.db'}: ")


def test_publish_and_prune_print_what_they_did(command: Command, tmp_path: Path) -> None:
    config(tmp_path)
    command("run")
    code, out, _ = command("publish", "--output", "bi")
    assert (code, f"{Path('bi', 'signals.db')}" in out) == (0, True)
    code, out, _ = command("prune", "--before", "2020-01-01")
    assert code == 0
    assert {line.split()[0] for line in out.splitlines()} == {"0"}


def test_moves_have_the_same_rows_in_every_format(command: Command, tmp_path: Path) -> None:
    config(tmp_path)
    head, *lines = (tmp_path / "ACME.csv").read_text(encoding="utf-8").splitlines()
    higher = [
        f"{day},{float(close) * (1.2 if day >= '2025-03-04' else 1)}" for day, close in map(split_at_comma, lines)
    ]
    (tmp_path / "ACME.csv").write_text("\n".join([head, *higher]), encoding="utf-8")
    command("run")
    rows = json.loads(command("moves", "--format", "json")[1])["moves"]
    head, *lines = command("moves", "--format", "csv")[1].splitlines()
    assert [line.split(",")[0] for line in lines] == [row[head.split(",")[0]] for row in rows]
    table = command("moves")[1]
    assert "2025-03-04" in [row["session"] for row in rows]
    assert all(row["session"] in table for row in rows)


def split_at_comma(line: str) -> tuple[str, str]:
    first, _, second = line.partition(",")
    return first, second


def test_pages_are_written_for_links_tickers_and_one_explanation(command: Command, tmp_path: Path) -> None:
    config(tmp_path)
    command("run")
    link = json.loads(command("report", "--ticker", "ACME", "--format", "json")[1])["links"][0]["link_id"]
    for arguments in (["explain", link], ["report", "--ticker", "ACME"]):
        code, out, _ = command(*arguments, "--format", "html")
        assert (code, out.startswith("<!doctype html>")) == (0, True)
    code, out, _ = command("report", "--all", "--format", "html", "--output", "pages")
    assert (code, out) == (0, f"{Path('pages', 'index.html')}: 1 tickers\n")
    assert "ACME" in (tmp_path / "pages" / "index.html").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_made_is_one_sentence(command: Command, tmp_path: Path) -> None:
    config(tmp_path)
    command("run")
    (tmp_path / "file").write_text("")
    code, _, err = command("report", "--all", "--format", "html", "--output", "file/pages")
    assert (code, err.count("\n")) == (2, 1)
    assert command("init", "file/here")[0] == 2


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let a process that is started react to SIGINT, which a suite in the background of a shell ignores."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_run_exits_130_and_says_that_what_was_finished_stays(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/feed"
        config(tmp_path, news=[{"name": "wire", "kind": "feed", "url": address, "timeout": 60}])
        with subprocess.Popen(
            [sys.executable, "-m", "signals", "run"], cwd=tmp_path, env=env, stderr=subprocess.PIPE, text=True
        ) as process:
            connection, _ = server.accept()
            process.send_signal(signal.SIGINT)
            err = process.communicate()[1]
            connection.close()
    assert (process.returncode, "Stopped; what had been finished is kept" in err) == (130, True)


def test_a_schedule_without_a_job_is_one_sentence(command: Command, tmp_path: Path) -> None:
    config(tmp_path)
    code, _, err = command("schedule")
    assert (code, "there is no job" in err) == (2, True)


@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals are POSIX")
def test_a_terminal_gets_progress_and_colour(tmp_path: Path) -> None:
    import pty

    config(tmp_path)
    env = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    env |= {"PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm"}
    output_of = {}
    for name in ("run", "status"):
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            [sys.executable, "-m", "signals", name], cwd=tmp_path, env=env, stdout=theirs, stderr=theirs
        ) as process:
            os.close(theirs)
            output = b""
            while block := terminal_block(ours):
                output += block
        assert process.returncode == 0
        output_of[name] = output
        os.close(ours)
    assert b"\r\x1b[K" in output_of["run"]
    assert b"\x1b[1" in output_of["status"]


def terminal_block(terminal: int) -> bytes:
    """Read from a pseudo-terminal; nothing once its other end is closed."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


# --- bad input ------------------------------------------------------------------------------------------------------


def pages(tmp_path: Path, text: str | bytes) -> None:
    config(tmp_path)
    path = tmp_path / "inbox" / "bad.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("\ufeff", "empty"),
        (PAGE.replace("Published 04/03/2025, 09:30", ""), "no_date"),
        (PAGE.replace("09:30\n", "09:30\nPublished 05/03/2025, 10:00\n"), "two_dates"),
        (PAGE.replace("Acme", "Acmé").encode("latin-1"), "encoding"),
    ],
)
def test_a_page_that_cannot_be_read_is_refused_and_the_rest_goes_on(
    command: Command, tmp_path: Path, text: str | bytes, reason: str
) -> None:
    pages(tmp_path, text)
    code, _, err = command("run")
    assert (code, "1 refused" in err, "1 article;" in err) == (0, True, True)
    out = command("status")[1]
    assert f"pages: {reason.replace('_', ' ')}, for example" in out
    assert "bad.txt" in out


@pytest.mark.parametrize(
    ("extra", "reason"),
    [("2025-06-10,0\n", "non_positive"), ("2025-06-10,-3\n", "non_positive"), ("2031-01-02,100\n", "future")],
)
def test_an_impossible_price_is_rejected_and_listed(command: Command, tmp_path: Path, extra: str, reason: str) -> None:
    config(tmp_path)
    prices(tmp_path, "ACME", 3, extra)
    assert command("run")[0] == 0
    assert f"ACME from local: {reason.replace('_', ' ')}, for example" in command("status")[1]


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (lambda folder: prices(folder, "ACME", 3, "2025-03-04,55\n"), "2025-03-04"),
        (lambda folder: (folder / "ACME.csv").unlink(), "ACME.csv"),
        (lambda folder: (folder / "ACME.csv").write_text(""), "ACME.csv"),
        (lambda folder: (folder / "ACME.csv").write_text("date,price\n2025-01-02,1\n"), "close"),
        (lambda folder: (folder / "ACME.csv").write_bytes("date,close\n2025-01-02,1é\n".encode("latin-1")), "encoding"),
    ],
)
def test_prices_that_cannot_be_read_fail_their_source_and_the_run_goes_on(
    command: Command, tmp_path: Path, write: Callable[[Path], object], words: str
) -> None:
    config(tmp_path)
    write(tmp_path)
    code, _, err = command("run")
    assert code == 1
    assert words in err
    assert re.search(r"prices local +failed since", command("status")[1])
    assert "no bars" in command("report", "--ticker", "ACME")[1]


def test_a_missing_news_file_is_a_reported_failure(command: Command, tmp_path: Path) -> None:
    config(tmp_path)
    (tmp_path / "inbox" / "page.txt").unlink()
    code, _, err = command("run")
    assert code == 1
    assert "inbox" in err


def test_a_row_with_too_few_cells_is_refused_with_its_line(command: Command, tmp_path: Path) -> None:
    news = [{"name": "rows", "kind": "csv", "path": "rows.csv", "columns": {"published_at": "date", "title": "title"}}]
    config(tmp_path, news=news)
    rows = ["date,title", "2025-03-04 09:30Z,Acme grows", "2025-03-05", '2025-03-06 09:30Z,"Acme",again']
    (tmp_path / "rows.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    code, _, err = command("run")
    assert (code, "1 article; 2 refused" in err) == (0, True)
    (example,) = (line for line in command("status")[1].splitlines() if "for example" in line)
    assert "line 4" in example


def test_failures_beyond_the_tenth_are_counted(command: Command, tmp_path: Path) -> None:
    config(tmp_path, news=[{"name": f"pages-{n}", "kind": "page", "path": f"none-{n}/*"} for n in range(12)])
    code, _, err = command("run")
    assert (code, err.count("signals: failed: "), "and 2 more failures" in err) == (1, 10, True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"databse": "x"}, "databse: this key is unknown"),
        ({"news": [{"name": "x", "kind": "fax", "path": "x"}]}, "'fax'"),
        ({"news": [{"name": "x", "kind": "page", "path": "x", "timezone": "Mars/Base"}]}, "not a time zone"),
        ({"database": "sqlite:////no/such/folder/signals.db"}, "no folder"),
    ],
)
def test_a_configuration_that_cannot_be_used_exits_2(
    command: Command, tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    config(tmp_path, **changes)
    code, _, err = command("run")
    assert code == 2
    assert words in err
    assert err.count("\n") == 1


def test_an_unknown_market_exits_2_and_says_where_its_sessions_are_given(command: Command, tmp_path: Path) -> None:
    config(tmp_path, instruments={"X": {"name": "X", "mic": "XXXX", "currency": "EUR"}}, prices=[])
    code, _, err = command("run")
    assert (code, "XXXX" in err, "`markets:`" in err) == (2, True, True)


def test_an_unknown_ticker_or_link_exits_3(command: Command, tmp_path: Path) -> None:
    config(tmp_path)
    command("run")
    for form in ("table", "csv"):
        assert command("report", "--ticker", "NOPE", "--format", form)[0] == 3
    assert command("report", "--ticker", "'; DROP TABLE links; --")[0] == 3
    assert command("explain", "nope/\x1b[2J")[0] == 3
    assert command("report", "--ticker", "AEX")[0] == 0


def test_a_second_run_at_the_same_time_exits_4(command: Command, tmp_path: Path) -> None:
    from filelock import FileLock

    config(tmp_path)
    with FileLock(str(tmp_path / "signals.db") + ".lock"):
        code, _, err = command("run")
    assert (code, "Another run holds" in err) == (4, True)


def test_a_newer_database_is_refused_by_every_command(command: Command, tmp_path: Path) -> None:
    config(tmp_path)
    command("run")
    with sqlite3.connect(tmp_path / "signals.db") as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    for arguments in (["run"], ["report", "--ticker", "ACME"], ["status"], ["db", "upgrade"], ["db", "check"]):
        code, _, err = command(*arguments)
        assert (code, "newer signals" in err) == (2, True)


def test_bad_usage_exits_2_with_one_sentence(command: Command, tmp_path: Path) -> None:
    config(tmp_path)
    every = ["report", "--all", "--format", "html"]
    ticker = ["report", "--ticker", "ACME"]
    for arguments in (
        ["nope"],
        ["report"],
        every,
        ["report", "--ticker", "a\0b"],
        [*ticker, "--since", "soon"],
        [*ticker, "--as-of", "soon"],
    ):
        code, out, err = command(*arguments)
        assert (code, out, err.count("\n")) == (2, "", 1)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="a superuser may write anywhere")
def test_a_read_only_folder_is_one_sentence(command: Command, tmp_path: Path) -> None:
    config(tmp_path)
    tmp_path.chmod(0o555)
    try:
        code, _, err = command("run")
    finally:
        tmp_path.chmod(0o755)
    assert (code, "may write" in err) == (2, True)


# --- live sources ---------------------------------------------------------------------------------------------------

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Simulated wire</title>
<item><title>Acme expands</title><link>https://example.org/1</link><guid>1</guid>
<pubDate>Tue, 04 Mar 2025 09:30:00 +0100</pubDate><description>Acme (AMS:ACME) expands.</description></item>
</channel></rss>"""


def test_a_feed_is_requested_conditionally_and_not_read_twice(command: Command, tmp_path: Path) -> None:
    with site() as wire:
        wire.answers["/feed"] = Answer(FEED, headers={"ETag": '"1"', "Content-Type": "application/rss+xml"})
        config(tmp_path, news=[{"name": "wire", "kind": "feed", "url": wire.url + "/feed"}])
        assert command("run")[0] == 0
        assert "nothing new" in command("run")[2]
        assert "Acme expands" in command("report", "--ticker", "ACME")[1]
        requests = [headers for path, headers in wire.asked if path == "/feed"]
    assert requests[0]["User-Agent"].startswith("signals/")
    assert requests[1]["If-None-Match"] == '"1"'


def test_without_a_network_each_live_source_fails_and_stored_news_is_scored(command: Command, tmp_path: Path) -> None:
    nowhere = f"http://127.0.0.1:{closed_port()}"
    config(tmp_path)
    command("run", "--only", "ingest")
    settings = yaml.safe_load((tmp_path / "config.yaml").read_text(encoding="utf-8"))
    settings["news"].append({"name": "wire", "kind": "feed", "url": nowhere + "/feed", "timeout": 1})
    settings["prices"].append({"name": "moscow", "kind": "moex", "base_url": nowhere, "timeout": 1})
    settings["instruments"]["GAZP"] = {
        "name": "Gazprom",
        "mic": "MISX",
        "currency": "RUB",
        "symbols": {"moscow": "GAZP"},
    }
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    code, _, err = command("run")
    assert code == 1
    assert "wire: " in err
    assert "moscow: " in err
    assert "1 no move" in command("status")[1]  # the event of the stored article


def test_the_demo_world_is_not_written_over_a_configuration_of_one_s_own(command: Command, tmp_path: Path) -> None:
    config(tmp_path)
    assert command("demo", ".")[0] == 2


def test_the_demo_s_configuration_is_one_a_user_could_write(tmp_path: Path) -> None:
    world = write_demo(tmp_path)
    assert "SIMULATED" in world.config.read_text(encoding="utf-8").splitlines()[0]
    assert demo.MICS == ("MISX", "XNYS")


def test_the_doctor_has_nothing_to_do_or_lists_it(command: Command, tmp_path: Path) -> None:
    config(tmp_path)
    command("run")
    assert command("doctor")[:2] == (0, "Nothing to do.\n")
    prices(tmp_path, "ACME", 3, extra="2025-06-30,-1\n")
    command("run")
    code, out, _ = command("doctor")
    assert code == 1
    assert "ACME from local: 1 rejected as non_positive, such as 2025-06-30" in out
    assert "-> correct the source" in out
