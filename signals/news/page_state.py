"""Read the prose in the state that a page hands to its scripts, as ``__NEXT_DATA__`` or ``window.STATE = {...}``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from signals.news.articles import RejectedError
from signals.news.markup import Element, parse_markup

_ASSIGNMENT = re.compile(r"\s*(?:window\.|self\.|var |let |const )?[\w$.\[\]\"']{1,60}\s*=\s*(?=[{\[])")
_LENGTH, _SPACES, _CONTAINED = 60, 6, 0.75
_MAX_DEPTH = 40
_SENTENCE = re.compile(r"[.!?…。！？][\"'”’»)\]]*(?:\s|<|\Z)")


def prose_of_scripts(root: Element) -> list[str]:
    """Return the paragraphs of the largest text in the page's JSON; empty if it has none."""
    best: list[str] = []
    for script in root.iter("script"):
        try:
            text = _prose(_state(script.text or "", (script.get("type") or "").lower()))
        except (ValueError, RecursionError, RejectedError):
            continue
        best = max(best, text, key=lambda lines: sum(map(len, lines)))
    return best


def _state(text: str, kind: str) -> object:
    """Return the JSON value in a script."""
    if kind == "application/json":
        return json.loads(text, strict=False)
    assignment = _ASSIGNMENT.match(text) if kind in ("", "text/javascript", "application/javascript") else None
    return json.JSONDecoder(strict=False).raw_decode(text, assignment.end())[0] if assignment else None


def _prose(value: object, depth: int = 0) -> list[str]:
    """Return the prose of the innermost value that holds most of it."""
    lines = list(dict.fromkeys(_strings(value)))
    total = sum(map(len, lines))
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts if depth < _MAX_DEPTH and total else ():
        inner = list(dict.fromkeys(_strings(part)))
        if sum(map(len, inner)) >= _CONTAINED * total:
            return _prose(part, depth + 1)
    return [parse_markup(line)[0] for line in lines]


def _strings(value: object, depth: int = 0) -> Iterator[str]:
    """Yield the strings in a value that have the form of sentences."""
    if isinstance(value, str):
        if len(value) >= _LENGTH and value.count(" ") >= _SPACES and _SENTENCE.search(value):
            yield value
    elif depth < _MAX_DEPTH:
        for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from _strings(part, depth + 1)
