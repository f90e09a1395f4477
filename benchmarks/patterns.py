"""The compiled patterns of the package, each with the methods that are called on it and what it is given."""

from __future__ import annotations

import ast
import importlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import signals

PACKAGE = Path(signals.__file__).parent
METHODS = frozenset({"search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split"})
CALLS_OF_RE = METHODS | {"compile"}

#: The patterns that are given a window of a text and never more: the characters of the window.
WINDOWS: Mapping[str, int] = {
    "tickers.name_score._LAST": 40,
    "tickers.other_entities._CREDIT_WORD": 60,
    "tickers.relevance._QUOTED_BEFORE": 60,
    "tickers.tags._LAST_WORD": 20,
}
#: How the patterns of a table are applied that are called by a name of a loop.
OF_TABLES: Mapping[str, frozenset[str]] = {"prices.cells._WORDS": frozenset({"fullmatch"})}

#: Where patterns are built from what the configuration or the header of a file says, with the reason why they are safe.
BUILT: Mapping[str, str] = {
    "news/tag_cells.py": "a template of the configuration with one `.+`, on a tag",
    "prices/cells.py": "groups of thousands with the decimal mark of the dialect, on a cell of at most 100 characters",
    "prices/text_table.py": "the name of a column and digits, by fullmatch",
    "tickers/resolver.py": "a phrase of the configuration, without a repetition",
    "tickers/tags.py": "prefixes of exchanges and of the configuration, on a window before a colon",
}


@dataclass(frozen=True, slots=True)
class UsedPattern:
    """A pattern of a module, by `module.NAME`, how it is applied, and the length of the windows that it is given."""

    name: str
    pattern: re.Pattern[Any]
    methods: frozenset[str]
    window: int | None


def module_files() -> list[Path]:
    """Return the files of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def module_name(path: Path) -> str:
    """Return the dotted name of a file of the package."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def calls_of_re_in_functions() -> list[str]:
    """Return the files with a function that compiles or applies a pattern of its own, which no module holds."""
    places = []
    for path in module_files():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.Lambda)]
        for call in {call for f in functions for call in ast.walk(f) if isinstance(call, ast.Call)}:
            if isinstance(call.func, ast.Attribute) and _is_re(call.func.value) and call.func.attr in CALLS_OF_RE:
                places.append(path.relative_to(PACKAGE).as_posix())
    return sorted(places)


def _is_re(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "re"


def patterns() -> Iterator[UsedPattern]:
    """Yield every pattern that a module holds, by itself or in a table."""
    shared = _methods_by_name(module_files())
    seen: set[int] = set()
    for path in module_files():
        if path.stem == "__main__":
            continue
        name = module_name(path)
        methods = {**shared, **{k: v for k, v in _methods_by_name([path]).items() if k.startswith("_")}}
        for attribute, value in vars(importlib.import_module(name)).items():
            for place, pattern in _patterns_in(attribute, value, 0):
                if id(pattern) not in seen:
                    seen.add(id(pattern))
                    full = f"{name.removeprefix('signals.')}.{attribute}"
                    used = methods.get(attribute, frozenset()) if place == attribute else OF_TABLES.get(full, METHODS)
                    yield UsedPattern(full + place.removeprefix(attribute), pattern, used or METHODS, WINDOWS.get(full))


def _patterns_in(name: str, value: object, depth: int) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Yield the patterns of a value: itself, or what tables hold."""
    if isinstance(value, re.Pattern):
        yield name, value
    elif depth < 3 and isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _patterns_in(f"{name}[{key!r:.30}]", inner, depth + 1)
            yield from _patterns_in(f"{name}[{key!r:.30}]", key, depth + 1)
    elif depth < 3 and isinstance(value, tuple | list | frozenset | set):
        for n, inner in enumerate(value):
            yield from _patterns_in(f"{name}[{n}]", inner, depth + 1)


def _methods_by_name(paths: Iterable[Path]) -> dict[str, frozenset[str]]:
    """Return the methods that are called on each name in some files; a name that is handed on has all of them."""
    called = defaultdict[str, set[str]](set)
    for path in paths:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        owners = {id(n.value): n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                method = owners.get(id(node))
                called[node.id] |= {method} if method in METHODS else METHODS
    return {name: frozenset(used) for name, used in called.items()}
