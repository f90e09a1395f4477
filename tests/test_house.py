"""The rules for the whole package: imports, entry points, measures and words. docs/architecture.md says why.

Where the tree is not clean yet, a table holds the number of offences of today. A number may only become smaller, and a
package that is clean leaves its table.
"""

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "signals"

VALUES = {"types", "errors", "redacting", "durable"}
PACKAGES = ("news", "prices", "store", "reports", "sessions", "tickers", "stories", "study", "config", "demo")

MAY_IMPORT: dict[str, set[str]] = {
    "types": {"errors", "redacting"},
    "errors": {"redacting"},
    # What may be secret is left out of every error, value, log line and printed sentence.
    "redacting": set(),
    # Whatever writes a file lets it take its place in one step.
    "durable": set(),
    "logs": {"redacting"},
    "net": VALUES,
    **dict.fromkeys(PACKAGES, VALUES),
    # What is fetched, from whom, and where a notice is sent are held to one rule.
    "news": VALUES | {"net"},
    "prices": VALUES | {"net"},
    "config": VALUES | {"net"},
    "pipeline": VALUES | {"sessions", "tickers", "stories", "study", "store"},
    "app": VALUES | {"config", "news", "prices", "readers", "store", "pipeline"},
    # Opens sources of both kinds in another process.
    "readers": VALUES | {"news", "prices"},
    "answers": VALUES | {"app", "pipeline", "sessions", "tickers", "store", "study"},
    "runs": VALUES | {"app", "config", "logs", "net", "pipeline", "readers", "store"},
    "doctor": VALUES | {"app", "pipeline", "store"},
    # Searched in the vendors that the configuration names, on the markets that have sessions.
    "additions": VALUES | {"app", "config", "prices", "sessions"},
    "cli": VALUES
    | {"answers", "app", "config", "demo", "doctor", "logs", "pipeline", "reports", "runs", "sessions", "store"}
    | {"additions"},
    "__main__": {"cli"},
    "notebook": VALUES | {"answers", "app", "reports", "store"},
    # A user's own closes pass the checks of stored bars, and a time of day is anchored by the market's clock.
    "tables": VALUES | {"prices", "sessions", "study"},
    "plots": VALUES | {"answers", "notebook", "store"},
    "__init__": {"notebook", "plots", "tables"},
}

ENTRY_POINTS = {
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
    "pandas": {"notebook.py", "plots.py", "prices", "tables"},
    "requests": {"net", "runs/notices.py"},
    "tenacity": {"runs/notices.py"},
    "protego": {"net"},
    "matplotlib": {"plots.py"},
    "click": {"cli"},
    "rich": {"cli", "reports"},
    "ahocorasick": {"tickers/matcher.py"},
    "numpy": {"plots.py", "types", "study", "sessions", "prices", "tables", "pipeline", "store", "answers"},
}


# --- reading the source ---------------------------------------------------------------------------------------------


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def commented_lines(path: Path) -> frozenset[int]:
    """Return the lines of a file that hold a comment."""
    text = io.StringIO(path.read_text(encoding="utf-8"))
    return frozenset(t.start[0] for t in tokenize.generate_tokens(text.readline) if t.type == tokenize.COMMENT)


def has_reason(path: Path, node: ast.expr | ast.stmt | ast.arg) -> bool:
    """Return whether a comment is on a line of the node or on the line above it."""
    lines = range(node.lineno - 1, (node.end_lineno or node.lineno) + 1)
    return any(line in commented_lines(path) for line in lines)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module == "signals")


def package(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def position(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(PACKAGE)}:{getattr(node, 'lineno', 0)}"


DEFINING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)


def names(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each name that a file defines, with its position: variables, parameters, attributes, functions, classes."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, position(path, node)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr, position(path, node)
        elif isinstance(node, ast.arg):
            yield node.arg, position(path, node)
        elif isinstance(node, DEFINING) and node.name:
            yield node.name, position(path, node)
        elif isinstance(node, ast.alias) and node.asname:
            yield node.asname, position(path, node)


def excess(offences: dict[str, list[str]], allowed: dict[str, int]) -> dict[str, list[str]]:
    """Return the offences of the packages that have more of them than their table allows."""
    return {name: lines for name, lines in offences.items() if len(lines) > allowed.get(name, 0)}


# --- imports --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    inside = {name.split(".")[1] for name in imports(path) if name.startswith("signals.")}
    assert inside - {package(path), "__version__"} <= MAY_IMPORT[package(path)]


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_each_heavy_library_has_its_entry_point(path: Path) -> None:
    places = {path.relative_to(PACKAGE).as_posix(), package(path)}
    for library in {name.split(".")[0] for name in imports(path)} & ENTRY_POINTS.keys():
        assert places & ENTRY_POINTS[library], f"{library} is imported in {sorted(ENTRY_POINTS[library])} only"


def loaded_modules(code: str) -> set[str]:
    """Return the modules that an interpreter of its own has loaded after some statements."""
    code += "; import sys; print(*sys.modules, file=sys.stderr)"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr.split())


def test_help_imports_nothing_heavy() -> None:
    loaded = loaded_modules("from signals.cli import main; main(['--help'])")
    assert "click" in loaded
    assert not {"numpy", "pandas", "sqlalchemy", "pydantic", "rich", "lxml"} & loaded


def test_reading_the_store_imports_nothing_that_writes_it() -> None:
    slow = {"alembic", "pandas", "exchange_calendars", "yfinance", "lxml", "requests", "trafilatura", "apscheduler"}
    assert not slow & loaded_modules("import signals.app, signals.answers.report")


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def top_level_imports(body: list[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield the imports that run when a module is imported; those for type checkers do not run."""
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.unparse(node.test):
            yield from top_level_imports([*node.body, *node.orelse])
        elif isinstance(node, ast.Try):
            yield from top_level_imports([*node.body, *(line for h in node.handlers for line in h.body), *node.orelse])


def import_graph() -> dict[str, set[str]]:
    """Return which modules of the package each of them imports by name at its top."""
    everything = {module_name(path): path for path in modules()}
    graph: dict[str, set[str]] = {}
    for name, path in everything.items():
        targets: set[str] = set()
        for node in top_level_imports(tree(path).body):
            if isinstance(node, ast.Import):
                targets |= {alias.name for alias in node.names}
            else:
                inner = {f"{node.module}.{alias.name}" for alias in node.names}
                targets |= {target if target in everything else str(node.module) for target in inner}
        graph[name] = (targets & everything.keys()) - {name}
    return graph


def test_no_module_imports_itself_through_others() -> None:
    try:
        TopologicalSorter(import_graph()).prepare()
    except CycleError as error:
        pytest.fail(f"an import cycle: {' <- '.join(error.args[1])}")


#: Imports in functions today; 15 are to stay.
IMPORTS_IN_FUNCTIONS = 15
#: Those without a comment that gives the reason.
IMPORTS_WITHOUT_REASON = 0


def imports_in_functions(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield each import in a function and whether it has a reason; imports in consecutive lines share one."""
    functions = [n for n in ast.walk(tree(path)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    for node in (node for function in functions for node in ast.walk(function)):
        reason, imported = False, False
        for line in [*getattr(node, "body", []), *getattr(node, "orelse", [])] if isinstance(node, ast.stmt) else []:
            if isinstance(line, ast.Import | ast.ImportFrom):
                reason = has_reason(path, line) or (imported and reason)
                yield position(path, line), reason
            imported = isinstance(line, ast.Import | ast.ImportFrom)


def test_few_imports_are_in_functions_and_each_gives_its_reason() -> None:
    reasons = dict(line for path in modules() for line in imports_in_functions(path))
    assert len(reasons) <= IMPORTS_IN_FUNCTIONS, sorted(reasons)
    unexplained = [line for line, reason in reasons.items() if not reason]
    assert len(unexplained) <= IMPORTS_WITHOUT_REASON, unexplained


# --- measures -------------------------------------------------------------------------------------------------------

LONGEST_FUNCTION = 50
#: Longer functions of today.
LONG_FUNCTIONS = 0


def test_no_function_is_too_long() -> None:
    lengths = {
        f"{position(path, node)} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    long = {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION}
    assert len(long) <= LONG_FUNCTIONS, long


#: File names that several packages use, each with the one subject that they share.
SHARED_FILE_NAMES = {
    "averages": "averages: as computed and as rows",
    "articles": "articles of news: values, as parsed and as rows",
    "bars": "price bars: values, as checked and as rows",
    "contrast": "two groups of events compared: numbers, an answer and a report",
    "delimited": "delimited text, of archives and of prices",
    "error_rates": "error rates: the model, its rows, and what it is fitted on",
    "events": "events: values and rows",
    "files": "files as a source, of news and of prices",
    "instruments": "instruments: values and rows",
    "local_time": "local wall-clock times, of sessions and of prices",
    "markets": "markets: values, the table of their calendars, and the entries of the configuration",
    "moves": "moves: values, rows and a report",
    "status": "the state of runs and sources: rows, an answer and a report",
    "yahoo": "Yahoo as a source, of news and of prices",
}


def test_a_file_name_stands_once_or_for_one_subject() -> None:
    # A file of the command line has the name of its command.
    counts = Counter(path.stem for path in modules() if not path.stem.startswith("__") and package(path) != "cli")
    assert {name for name, n in counts.items() if n > 1} == SHARED_FILE_NAMES.keys()


#: Today's percentage of annotations that hold `Any`, by package; the goal is 1.
ANY_PERCENT: dict[str, float] = {}
#: Annotations with `Any` and without a comment that gives the reason.
ANY_WITHOUT_REASON: dict[str, int] = {}


def annotations(path: Path) -> Iterator[ast.expr]:
    """Yield the annotations of parameters, results and variables, and the types that aliases stand for."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
            yield node.returns
        elif isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            yield node.annotation
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript) and holds_any(node.value):
            yield node.value


def holds_any(annotation: ast.expr) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "Any" for node in ast.walk(annotation))


@pytest.mark.parametrize("name", ["pipeline", "answers", "store", "reports"])
def test_few_annotations_are_any_and_each_gives_its_reason(name: str) -> None:
    slots = [(path, node) for path in modules() if package(path) == name for node in annotations(path)]
    reasons = {
        f"{position(path, node)}:{node.col_offset}": has_reason(path, node) for path, node in slots if holds_any(node)
    }
    assert 100 * len(reasons) / len(slots) <= ANY_PERCENT.get(name, 1), list(reasons)
    unexplained = [line for line, reason in reasons.items() if not reason]
    assert len(unexplained) <= ANY_WITHOUT_REASON.get(name, 0), unexplained


# --- words ----------------------------------------------------------------------------------------------------------

VAGUE = {
    "found",
    "told",
    "said",
    "there",
    "listed",
    "kept",
    "known",
    "shown",
    "here",
    "made",
    "given",
    "taken",
    "wanted",
}

#: Today's vague names by package.
VAGUE_NAMES: dict[str, int] = {}

#: Words that the glossary of docs/architecture.md has replaced, as a whole name or as a part of one.
RETIRED = frozenset(
    re.findall(
        r"[a-z]+",
        """
        stroke strokes tally tallies ledger stamped placing placement fallen unsettled settle settles settled laid tape
        tapes taped stir lively furniture manners looks sightings lookout standings spellings shelf drawer leant inert
        insist pace witness door doors struck night nights tonight morning
        """,
    )
)

#: Today's names with a retired word by package.
RETIRED_NAMES: dict[str, int] = {}


def words(name: str) -> set[str]:
    """Return the words of a name in snake case or in capitals and small letters."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


@pytest.mark.parametrize(
    ("name", "parts"),
    [("drifts_found", {"drifts", "found"}), ("_MemoryShelf", {"memory", "shelf"}), ("HTTPTally2", {"http", "tally"})],
)
def test_a_name_is_made_of_its_words(name: str, parts: set[str]) -> None:
    assert words(name) == parts


def offences(is_offence: Callable[[str], bool]) -> dict[str, list[str]]:
    """Return the names, and the files, that offend by package."""
    lines = defaultdict[str, list[str]](list)
    for path in modules():
        lines[package(path)] += [f"{where} {name}" for name, where in names(path) if is_offence(name)]
        lines[package(path)] += [str(path.relative_to(PACKAGE))] if is_offence(path.stem) else []
    return lines


def test_no_name_is_vague() -> None:
    assert excess(offences(lambda name: name.strip("_") in VAGUE), VAGUE_NAMES) == {}


def test_no_name_has_a_retired_word() -> None:
    assert excess(offences(lambda name: bool(words(name) & RETIRED)), RETIRED_NAMES) == {}
