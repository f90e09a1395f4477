"""What a new machine gets: the locks, the set-up script and the wheel."""

import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import bootstrap
import signals
from signals.errors import OPTIONAL_LIBRARIES, missing_library

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ["requirements.lock", "requirements-test.lock"]

#: An install line that takes this project from a package index, where it is not and `signals` is another project.
FROM_INDEX = re.compile(
    r"\b(?:pip3?|pipx|uvx|uv|conda|poetry|pdm)\b[^\n`]*\b(?:install|add|tool|--from|--with|uvx)\b[^\n`]*?"
    r"""[\s"'](?:signals|news-price-links)(?:\[[\w,]+\])?(?:["'`\s=<>~);]|$)""",
    re.MULTILINE,
)
#: Pages that still hold such a line; the table may only become shorter.
INSTALL_LINES_TO_CORRECT: set[str] = set()


@pytest.fixture(scope="module")
def pyproject() -> Any:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pins(lock: str) -> list[tuple[str, str, str]]:
    """Return the name, version and marker of every entry."""
    found = re.findall(r"^(\S+?)==(\S+)(?: ; (.+?))? \\$", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)
    return [(name, version, marker) for name, version, marker in found]


def wanted(pyproject: Any, lock: str) -> list[Requirement]:
    project = pyproject["project"]
    groups = [project["dependencies"], pyproject["dependency-groups"]["build"]]
    extra = list(project["optional-dependencies"].values()) if lock == "requirements-test.lock" else []
    found = [Requirement(text) for group in groups + extra for text in group]
    return [requirement for requirement in found if requirement.name != project["name"]]  # its own extras are in there


# --- the locks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_a_version_within_the_bounds_of_every_dependency(pyproject: Any, lock: str) -> None:
    locked: dict[str, list[str]] = {}
    for name, version, _ in pins(lock):
        locked.setdefault(canonicalize_name(name), []).append(version)
    for requirement in wanted(pyproject, lock):
        versions = locked.get(canonicalize_name(requirement.name), [])
        assert versions, f"{lock} lacks {requirement.name}: lock again"
        assert all(version in requirement.specifier for version in versions), (
            f"{requirement}, but {lock} has {versions}"
        )


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_names_versions_and_hashes_and_no_address(lock: str) -> None:
    entry = re.compile(r"[a-z0-9-]+==[^\s/:@]+( ; [^/:@]+)? \\")
    digest = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    for before, line in zip(lines, [*lines[1:], ""], strict=True):
        if not before.lstrip().startswith("#"):
            assert entry.fullmatch(before) or digest.fullmatch(before), before
            assert bool(digest.fullmatch(line)) == before.endswith("\\"), f"no hash follows {before}"
        else:
            assert not re.search(r"://|index-url|find-links|(^|\s)/|[A-Z]:\\", before), before


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_each_package_once_for_any_one_machine(lock: str) -> None:
    here = [name for name, _, marker in pins(lock) if not marker or Marker(marker).evaluate()]
    assert len(here) == len(set(here))


def test_the_test_lock_holds_the_other_one_unchanged() -> None:
    assert set(pins("requirements.lock")) <= set(pins("requirements-test.lock"))


# --- install lines --------------------------------------------------------------------------------------------------


def text_files() -> Iterator[Path]:
    """Yield the text files of the repository, without what git ignores."""
    yield ROOT / ".ci" / "run"
    yield from (path for path in ROOT.iterdir() if path.suffix in {".md", ".py", ".toml", ".yaml"})
    for folder in ("signals", "tests", "docs", "benchmarks", "migrations"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".md", ".js", ".css", ".html", ".yaml", ".service", ".timer"}:
                yield path


def test_no_install_line_takes_the_project_from_an_index() -> None:
    texts = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in text_files()}
    del texts["tests/test_packaging.py"]  # whose examples are below
    assert {name for name, text in texts.items() if FROM_INDEX.search(text)} == INSTALL_LINES_TO_CORRECT


@pytest.mark.parametrize(
    ("line", "from_index"),
    [
        ("pip install signals", True),
        ("pip install 'signals[parquet]'", True),
        ('(`python -m pip install --upgrade "signals[plot]"`)', True),
        ("uv pip install news-price-links==1.0", True),
        ("uv add signals", True),
        ("pipx install signals", True),
        ("pip install '.[parquet]'", False),
        ("pip install pyarrow", False),
        ("uv run signals demo", False),
        ("pip install -e . and then `signals run`", False),
    ],
)
def test_an_install_line_from_an_index_is_recognised(line: str, from_index: bool) -> None:
    assert bool(FROM_INDEX.search(line)) is from_index


def test_the_optional_libraries_are_those_of_the_extras(pyproject: Any) -> None:
    extras = pyproject["project"]["optional-dependencies"]
    named = [Requirement(text) for extra, texts in extras.items() if extra != "test" for text in texts]
    written = {f"{r.name}[{','.join(sorted(r.extras))}]" if r.extras else r.name for r in named}
    assert written == set(OPTIONAL_LIBRARIES.values())


def test_a_missing_library_is_named_with_its_own_distribution() -> None:
    assert missing_library("this database", "psycopg") == (
        "this database needs psycopg, which is not installed; run `pip install 'psycopg[binary]'`"
    )


def test_the_distribution_of_an_unknown_module_is_not_guessed() -> None:
    assert "pip install" not in missing_library("this database", "MySQLdb")


def test_an_index_refuses_the_distribution_while_it_has_no_licence(pyproject: Any) -> None:
    project = pyproject["project"]
    licensed = "license" in project or any(line.startswith("License ::") for line in project["classifiers"])
    assert licensed or "Private :: Do Not Upload" in project["classifiers"]


def test_the_classifiers_exist(pyproject: Any) -> None:
    trove = pytest.importorskip(
        "trove_classifiers", reason="trove-classifiers, which hatchling brings, is not installed"
    )
    assert set(pyproject["project"]["classifiers"]) <= trove.classifiers | {"Private :: Do Not Upload"}


def test_the_package_and_the_project_name_the_same_version(pyproject: Any) -> None:
    assert pyproject["project"]["version"] == signals.__version__


# --- the set-up script ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 13), (2, 7, 18)])
def test_an_old_python_is_refused_in_one_sentence(version: tuple[int, ...]) -> None:
    sentence = bootstrap.too_old(version)
    assert sentence is not None
    assert f"This is Python {version[0]}.{version[1]} and signals needs 3.11 or newer" in sentence
    assert "\n" not in sentence


def test_the_oldest_python_that_will_do_is_the_projects_own(pyproject: Any) -> None:
    assert pyproject["project"]["requires-python"] == ">=" + ".".join(map(str, bootstrap.OLDEST))
    assert bootstrap.too_old(bootstrap.OLDEST) is None
    assert bootstrap.too_old(sys.version_info[:3]) is None


def test_a_debian_without_venv_is_told_which_package_to_install() -> None:
    assert "apt-get install python3-venv" in bootstrap.missing_module("ensurepip")


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("WARNING: Retrying after 'NewConnectionError(...)'\nERROR: No matching distribution found for x", "network"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "requirements.lock names"),
        (
            "Collecting x\nERROR: No matching distribution found for x==1.0\n",
            "No matching distribution found for x==1.0",
        ),
        ("", "delete .venv"),
    ],
)
def test_a_failed_installation_is_explained_in_one_sentence(output: str, sentence: str) -> None:
    said = bootstrap.why_pip_failed(output)
    assert sentence in said
    assert "\n" not in said


def test_an_installation_is_done_again_when_the_lock_changes_and_not_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pyproject.toml", *LOCKS, "python"):
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / "python")
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "stamp")
    assert not bootstrap.is_installed("demo")
    bootstrap.STAMP.write_text(bootstrap.stamp("demo"))
    assert bootstrap.is_installed("demo")
    assert not bootstrap.is_installed("test")
    bootstrap.STAMP.write_text(bootstrap.stamp("test"))
    assert bootstrap.is_installed("demo")
    (tmp_path / "requirements.lock").write_text("another")
    assert not bootstrap.is_installed("demo")


def test_without_a_command_it_says_what_it_can_do() -> None:
    said = subprocess.run([sys.executable, ROOT / "bootstrap.py"], capture_output=True, text=True, check=False)
    assert said.returncode == 2
    assert all(f"bootstrap.py {name}" in said.stdout for name in ("demo", "lint", "types", "fast", "docs", "test"))


def test_the_paths_that_the_script_names_exist() -> None:
    folders = [f"signals/{name}" for name in bootstrap.CORE]
    files = [word for _, command in bootstrap.DOCS for word in command if word.endswith(".py")]
    assert [path for path in (*bootstrap.SLOW, *folders, *files) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize(("arguments", "measured"), [([], True), (["tests/study"], False)])
def test_coverage_is_measured_where_the_whole_suite_runs(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], measured: bool
) -> None:
    commands: list[tuple[str, ...]] = []

    def run(*command: str) -> int:
        commands.append(command)
        return int(command[0] == "mypy")

    monkeypatch.setattr(bootstrap, "install", lambda profile: None)
    monkeypatch.setattr(bootstrap, "audit", lambda: 0)
    monkeypatch.setattr(bootstrap, "run", run)
    assert bootstrap.test(arguments) == 1
    assert ("pytest", "-n", "auto", *(["--cov", "--cov-report="] if measured else []), *arguments) in commands
    assert [command[0] for command in commands].count("coverage") == (2 if measured else 0)


def test_hooks_and_ci_run_commands_of_the_script() -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert re.findall(r"bootstrap\.py (\w+)", ci) == ["test"]
    assert re.findall(r"entry: (.+)", hooks) == [f"python3 bootstrap.py {name}" for name in ("lint", "types", "fast")]
    assert "http" not in hooks


# --- the wheel ------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(find_spec("hatchling") is None, reason="hatchling, which builds the wheel, is not installed")
def test_the_wheel_carries_the_migrations_and_the_configuration(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"signals/_config.yaml", "signals/py.typed"} <= set(names)
    for kept in (ROOT / "migrations").rglob("*.py"):
        assert f"signals/_migrations/{kept.relative_to(ROOT / 'migrations').as_posix()}" in names
    for module in [*(ROOT / "signals").rglob("*.py"), *(ROOT / "signals" / "sessions" / "dated").glob("*.csv")]:
        assert module.relative_to(ROOT).as_posix() in names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/")) or name.endswith(".pyc")]
