"""The house rules: who may import whom, and which door each heavy library has. docs/architecture.md says why."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "signals"

VALUES = {"types", "errors"}
ROOMS = ("news", "prices", "store", "reports", "sessions", "tickers", "stories", "study", "config", "demo")

MAY_IMPORT: dict[str, set[str]] = {
    "types": {"errors"},
    "errors": set(),
    "logs": set(),
    "net": VALUES,
    **dict.fromkeys(ROOMS, VALUES),
    # What is fetched, from whom, and where a notice is sent are held to one rule.
    "news": VALUES | {"net"},
    "prices": VALUES | {"net"},
    "config": VALUES | {"net"},
    "pipeline": VALUES | {"sessions", "tickers", "stories", "study", "store"},
    "app": VALUES | {"config", "news", "prices", "store", "pipeline", "answers"},
    "answers": VALUES | {"app", "pipeline", "sessions", "tickers", "store", "study"},
    "runs": VALUES | {"app", "config", "logs", "net", "pipeline", "store"},
    "doctor": VALUES | {"app", "pipeline", "store"},
    "cli": VALUES
    | {"answers", "app", "config", "demo", "doctor", "logs", "pipeline", "reports", "runs", "sessions", "store"},
    "__main__": {"cli"},
    "notebook": VALUES | {"answers", "app", "reports", "store", "study"},
    "__init__": {"notebook"},
}

DOORS = {
    "yfinance": {"net/yahoo_session.py"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "apscheduler": {"runs/scheduler.py"},
    "filelock": {"store"},
    "yaml": {"config"},
    "pydantic": {"config"},
    "feedparser": {"news"},
    "lxml": {"news"},
    "trafilatura": {"news"},
    "exchange_calendars": {"sessions"},
    "pandas": {"notebook.py", "prices"},
    "requests": {"net", "news", "prices", "runs/notices.py"},
    "tenacity": {"net", "news", "runs/notices.py"},
    "protego": {"net"},
    "matplotlib": {"notebook.py"},
    "click": {"cli"},
    "rich": {"cli", "reports"},
    "ahocorasick": {"tickers/matcher.py"},
    "numpy": {"notebook.py", "types", "study", "sessions", "prices", "pipeline", "store", "answers"},
}


def modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module == "signals")


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    inside = {name.split(".")[1] for name in imports(path) if name.startswith("signals.")}
    assert inside - {room(path), "__version__"} <= MAY_IMPORT[room(path)]


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_each_heavy_library_has_its_door(path: Path) -> None:
    where = {path.relative_to(PACKAGE).as_posix(), room(path)}
    for library in {name.split(".")[0] for name in imports(path)} & DOORS.keys():
        assert where & DOORS[library], f"{library} is not imported here but in {sorted(DOORS[library])}"


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; from signals.cli import main; main(['--help']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "pandas", "sqlalchemy", "pydantic", "rich", "lxml"} & set(done.stderr.split())


def test_who_reads_the_store_does_not_wait_for_what_writes_it() -> None:
    code = "import sys, signals.app, signals.answers.averages; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    slow = {"alembic", "pandas", "exchange_calendars", "yfinance", "lxml", "requests", "trafilatura", "apscheduler"}
    assert not slow & set(done.stdout.split())
