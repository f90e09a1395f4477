#!/usr/bin/env python3
"""Set up the project on a machine that has Python 3.11 or newer and nothing else, and run its checks.

    python3 bootstrap.py demo [DIR]          run the simulated market, print its report
    python3 bootstrap.py lint                ruff: rules and format
    python3 bootstrap.py types               mypy
    python3 bootstrap.py fast [PYTEST ...]   the tests without the slow ones
    python3 bootstrap.py docs                write the generated pages of docs/ anew and check the docs
    python3 bootstrap.py test [PYTEST ...]   everything: lint, types, all tests, coverage, known vulnerabilities

Each command first installs what it needs into .venv beside this file, from the versions and hashes of a lock file;
the second time nothing is installed. Further arguments go to `signals demo` or to pytest; with arguments, `test`
measures no coverage, because its floors are those of the whole suite. People, .pre-commit-config.yaml and .ci/run use
these commands.
"""

# Annotations are quoted and nothing here is newer than Python 3.6, so that an old Python reaches its one sentence.

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "bootstrap.stamp"
LOCKS = {"demo": "requirements.lock", "test": "requirements-test.lock"}  # the second holds the first
INSTALLED_BYTES = {"demo": 600_000_000, "test": 1_000_000_000}
OLDEST = (3, 11)

# Test files with whole runs, hostile giants or waiting in them: seven minutes of the suite's nine on one core.
SLOW = (
    "tests/news/test_fuzz.py",
    "tests/pipeline/test_invariance.py",
    "tests/pipeline/derive/test_intraday.py",
    "tests/pipeline/test_whole_runs.py",
    "tests/pipeline/test_postgresql.py",
    "tests/pipeline/derive/test_redaction.py",
    "tests/pipeline/test_refresh.py",
    "tests/runs/test_scheduler.py",
    "tests/store/test_migration.py",
    "tests/test_cli.py",
    "tests/test_kill.py",
    "tests/test_real_runs.py",
    "tests/test_trouble.py",
)

# Each check has a name and what follows `python -m`; further arguments go to the one called pytest.
LINT = (("ruff check", ("ruff", "check", ".")), ("ruff format", ("ruff", "format", "--check", ".")))
TYPES = (("mypy", ("mypy",)),)
FAST = (("pytest", ("pytest", "-n", "auto", *("--ignore=" + path for path in SLOW))),)
SUITE = (("pytest", ("pytest", "-n", "auto")),)
DOCS = (("docs", ("tests.generated_docs",)), ("pytest", ("pytest", "tests/test_docs.py", "tests/prices/test_docs.py")))

PACKAGE_FLOOR = 97  # percent of lines and branches
CORE_FLOOR = 97
CORE = ("answers", "pipeline", "sessions", "store", "stories", "study", "tickers")
COVERAGE = (
    ("pytest", ("pytest", "-n", "auto", "--cov", "--cov-report=")),
    ("coverage of signals", ("coverage", "report", f"--fail-under={PACKAGE_FLOOR}")),
    (
        "coverage of " + ", ".join(CORE),
        (
            "coverage",
            "report",
            "--include=" + ",".join(f"signals/{name}/*" for name in CORE),
            f"--fail-under={CORE_FLOOR}",
        ),
    ),
)


class Stop(Exception):  # noqa: N818 - it ends the program with a sentence, it is not an error class of a library
    """One sentence that says what is wrong and what to do."""


# --- what can go wrong ----------------------------------------------------------------------------------------------


def too_old(version: "tuple[int, ...]") -> "str | None":
    """Say that this Python is too old, or None."""
    if version[:2] >= OLDEST:
        return None
    have, want = (".".join(str(part) for part in v[:2]) for v in (version, OLDEST))
    return f"This is Python {have} and signals needs {want} or newer: run bootstrap.py with one, e.g. python{want}."


def missing_module(name: str) -> str:
    """Say how to get a standard module that this Python came without."""
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    return (
        f"This Python comes without its {name} module: on Debian and Ubuntu run `apt-get install python3-venv` "
        f"(or {package}), elsewhere install Python from python.org, then run this again."
    )


def why_pip_failed(output: str) -> str:
    """Turn what pip printed into one sentence."""
    text = output.lower()
    if "no space left on device" in text or "errno 28" in text or "not enough space on the disk" in text:
        return f"The disk is full: free about 1 GB where {VENV} and the temporary folder are and run this again."
    if "do not match the hashes" in text:
        return (
            "A package that was downloaded is not the one that requirements.lock names and was not installed: run this "
            "again, and if it stays so, your package index or proxy serves other files."
        )
    if any(sign in text for sign in ("newconnectionerror", "max retries", "timed out", "proxyerror", "sslerror")):
        return (
            "The package index could not be reached: check the network (behind a proxy, set HTTPS_PROXY; with an index "
            "of your own, PIP_INDEX_URL) and run this again."
        )
    if "permission denied" in text or "read-only file system" in text:
        return f"{VENV} cannot be written: run this as the user who owns {ROOT}."
    for line in reversed(output.splitlines()):
        if line.startswith("ERROR:"):
            return f"pip could not install for Python {sys.version.split()[0]} on {sys.platform}: {line[7:].strip()}"
    return "pip stopped without a word: run this again, and if it stays so, delete .venv first."


# --- set-up ---------------------------------------------------------------------------------------------------------


def digest() -> str:
    """Identify what an installation is made from, and where."""
    parts = [str(ROOT).encode(), *((ROOT / name).read_bytes() for name in ("pyproject.toml", *LOCKS.values()))]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def stamp(profile: str) -> str:
    """Say what .venv holds once an installation has come to its end."""
    return f"{profile} {digest()}\n"


def is_installed(profile: str) -> bool:
    """Tell whether .venv already holds `profile`, without starting anything."""
    if not (STAMP.is_file() and PYTHON.exists()):
        return False
    return STAMP.read_text(encoding="utf-8") in (stamp(profile), stamp("test"))


def environment() -> "dict[str, str]":
    """Return the caller's environment without what would lead an installation elsewhere."""
    variables = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    return dict(variables, PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1")


def make_venv() -> None:
    """Make .venv, or keep the one that is there if its Python is new enough and has pip."""
    probe = [str(PYTHON), "-c", f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"]
    if PYTHON.exists() and subprocess.run(probe, capture_output=True, env=environment()).returncode == 0:
        return
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise Stop(missing_module(module))
    say(f"making {VENV}")
    creation = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment(),
    )
    if creation.returncode != 0:
        last = (creation.stdout.strip().splitlines() or ["no reason was given"])[-1]
        raise Stop(f"{VENV} could not be made ({last}): check that {ROOT} can be written and the disk has room.")


def pip(*arguments: str) -> None:
    """Run pip in .venv, showing what it is busy with."""
    command = [str(PYTHON), "-m", "pip", "install", "--progress-bar", "off", *arguments]
    lines = []
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            lines.append(line)
            word, _, rest = line.strip().partition(" ")
            if word in ("Collecting", "Downloading", "Installing"):
                show_progress(f"{word} {rest}")
    show_progress("")
    if process.returncode != 0:
        raise Stop(why_pip_failed("".join(lines)))


def install(profile: str) -> None:
    """Bring .venv to what `profile` needs, from the lock alone."""
    if is_installed(profile):
        return
    free, needed = shutil.disk_usage(ROOT).free, INSTALLED_BYTES[profile]
    if free < needed and not STAMP.exists():
        raise Stop(f"{ROOT} has {free // 10**6} MB free and this needs about {needed // 10**6} MB: make room.")
    started = time.monotonic()
    make_venv()
    STAMP.unlink(missing_ok=True)
    say(f"installing {LOCKS[profile]} (the first time takes a minute or two)")
    pip("--only-binary", ":all:", "--require-hashes", "-r", LOCKS[profile])
    pip("--no-deps", "--no-build-isolation", "--editable", ".")
    STAMP.write_text(stamp(profile), encoding="utf-8")
    say(f"installed in {time.monotonic() - started:.0f} s")


# --- the commands ---------------------------------------------------------------------------------------------------


def demo(arguments: "list[str]") -> int:
    """Run the simulated market and newsroom."""
    install("demo")
    return run("signals", "demo", *arguments)


def lint(arguments: "list[str]") -> int:
    """Check rules and format."""
    return check(LINT, arguments)


def types(arguments: "list[str]") -> int:
    """Check the types."""
    return check(TYPES, arguments)


def fast(arguments: "list[str]") -> int:
    """Run the tests without the slow ones."""
    return check(FAST, arguments)


def docs(arguments: "list[str]") -> int:
    """Write the generated pages of the documentation and check all of it."""
    return check(DOCS, arguments)


def test(arguments: "list[str]") -> int:
    """Run every check."""
    codes = check(LINT + TYPES + (SUITE if arguments else COVERAGE), arguments), audit()
    return codes[0] or codes[1]


def check(checks: "tuple[tuple[str, tuple[str, ...]], ...]", arguments: "list[str]") -> int:
    """Run checks, also after one has failed, and return the first failure's exit code."""
    install("test")
    os.chdir(ROOT)
    codes = []
    for name, command in checks:
        say(f"{name} ...")
        started = time.monotonic()
        codes.append(run(*command, *(arguments if name == "pytest" else ())))
        say(f"{name}: {'failed' if codes[-1] else 'passed'} in {time.monotonic() - started:.0f} s")
    return next((code for code in codes if code), 0)


def audit() -> int:
    """Search the known vulnerabilities for the locked packages; skipped, with a message, without an index of them."""
    command = (
        "-m",
        "pip_audit",
        "--requirement",
        LOCKS["demo"],
        "--require-hashes",
        "--disable-pip",
        "--format",
        "json",
    )
    audited = subprocess.run([str(PYTHON), *command], env=environment(), capture_output=True, text=True)
    try:
        packages = [package for package in json.loads(audited.stdout)["dependencies"] if "vulns" in package]
    except (ValueError, KeyError):
        packages = []
    if not packages:
        say("pip-audit: skipped, no index of known vulnerabilities answers for these packages")
        return 0
    flaws = [(package["name"], package["version"], flaw["id"]) for package in packages for flaw in package["vulns"]]
    for name, version, flaw in flaws:
        say(f"pip-audit: {name} {version} has {flaw}: raise its version in pyproject.toml and lock again")
    say(f"pip-audit: {len(packages)} packages, {len(flaws)} known vulnerabilities")
    return int(bool(flaws))


def run(module: str, *arguments: str) -> int:
    """Run a module of .venv in the foreground."""
    return subprocess.run([str(PYTHON), "-m", module, *arguments], env=environment()).returncode


def say(line: str) -> None:
    """Print a line of progress; the streams of what is started keep their order."""
    print(f"bootstrap: {line}", file=sys.stderr, flush=True)


def show_progress(text: str) -> None:
    """Rewrite the last line of a terminal; a log file gets nothing of it."""
    if sys.stderr.isatty():
        width = shutil.get_terminal_size().columns - 1
        print("\r" + text[:width].ljust(width) + "\r", end="", file=sys.stderr, flush=True)


def main(arguments: "list[str]") -> int:
    """Run one command; 2 for anything that keeps it from starting."""
    commands = {"demo": demo, "lint": lint, "types": types, "fast": fast, "docs": docs, "test": test}
    try:
        problem = too_old(sys.version_info[:2])
        if problem:
            raise Stop(problem)
        if not arguments or arguments[0] not in commands:
            print((__doc__ or "").strip())
            return 0 if arguments in (["-h"], ["--help"]) else 2
        return commands[arguments[0]](arguments[1:])
    except (Stop, OSError) as problem_met:
        say(str(problem_met))
        return 2
    except KeyboardInterrupt:
        say("interrupted; run it again to go on")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
