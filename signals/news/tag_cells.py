"""Read the names of instruments in a cell: one name, a separated list, or a list as Python and JSON write it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from signals.news.record import MISSING
from signals.types import NewsSpec

_CODE_MARK = re.compile("[,;|]")
_MEMBER_MARK = re.compile(r"[,;|\s]+")

#: The keys under which vendors put the code of an instrument in an object, the most exact first.
CODE_KEYS = ("ticker", "symbol", "code", "tag", "name")
_LIST = re.compile(r"\s*(?:\[.*\]|\(\s*['\"].*\)|\{\s*['\"].*\})\s*\Z", re.DOTALL)
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_PAIR = re.compile(r"['\"](\w+)['\"]\s*:\s*(?:'([^']*)'|\"([^\"]*)\")")
# A code with its prefix and suffix, or with the words of Bloomberg behind it. A name has small letters or blanks.
_CODE = r"\s*[$^]?[\w./:=^-]{1,24}(?:\s[A-Z]{2})?(?:\s(?:Equity|Index|Comdty|Curncy))?\s*"
_CODES = re.compile(rf"(?:{_CODE})?(?:[,;|](?:{_CODE})?)+\Z")


def tag_names(cells: Iterable[str], spec: NewsSpec) -> list[str]:
    """Return the names in some cells, with `tag_separator`, `tag_template` and `tag_case` applied."""
    cells = list(cells)
    if spec.tag_template is None and spec.tag_case == "exact" and all(map(str.isalnum, cells)):
        return cells
    template = _template(spec.tag_template) if spec.tag_template else None
    names = []
    for name in (part.strip() for cell in cells for part in _split(cell, spec.tag_separator)):
        match = template.fullmatch(name) if template else None
        code = match["ticker"] if match else name
        names.append(code.upper() if spec.tag_case == "ignore" else code)
    return [name for name in names if name not in MISSING]


def _split(cell: str, separator: str | None) -> Iterator[str]:
    if _LIST.match(cell):
        yield from _list_members(cell.strip())
        return
    for part in cell.split(separator) if separator else [cell]:
        # What consists of codes alone is a list of codes, whatever stands between them.
        yield from _CODE_MARK.split(part) if _CODES.match(part) else [part]


def _list_members(cell: str) -> list[str]:
    """Return the members of a list in a cell: JSON, or the text that Python and numpy print."""
    try:
        members = json.loads(cell)
    except (ValueError, RecursionError):
        objects = [{name: a or b for name, a, b in _PAIR.findall(part)} for part in cell.split("}")]
        quoted = [code_of(each) for each in objects if each] or [a or b for a, b in _QUOTED.findall(cell)]
        return quoted or _MEMBER_MARK.split(cell[1:-1])
    return [code_of(member) for member in members] if isinstance(members, list) else [cell]


def code_of(value: object) -> str:
    """Return a text, or the code that an object holds; empty for anything else."""
    if isinstance(value, dict):
        return next((value[key] for key in CODE_KEYS if isinstance(value.get(key), str)), "")
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _template(text: str) -> re.Pattern[str]:
    before, _, after = text.partition("{ticker}")
    return re.compile(rf"{re.escape(before)}(?P<ticker>.+){re.escape(after)}", re.IGNORECASE)
