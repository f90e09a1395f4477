"""Read the prose in the state that a page hands to its scripts.

It stands in a script, as ``__NEXT_DATA__`` or ``window.STATE = {...}``, in pieces that scripts push to a stream, as
``self.__next_f.push([1, "7:[...]"])``, or in an attribute, as ``data-page="{...}"``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from signals.news.articles import RejectedError
from signals.news.markup import Element, parse_markup

_ASSIGNMENT = re.compile(
    r"\s*(?:window\.|self\.|var |let |const )?[\w$.\[\]\"']{1,60}\s*=\s*(?:(?=[{\[])|JSON\.parse\(\s*(?=\"))"
)
_PUSH = re.compile(r"\s*(?:\(?[\w$.=|\[\]() ]{1,80}\)?)\.push\(\s*(?=\[)")
# The characters of a state in an attribute, and of a line's number in a stream.
_MIN_STATE, _MAX_NUMBER = 300, 8
_LENGTH, _SPACES, _CONTAINED = 60, 6, 0.75
_MAX_DEPTH = 40
_SENTENCE = re.compile(r"[.!?…。！？][\"'”’»)\]]*(?:\s|<|\Z)")


def prose_of_scripts(root: Element) -> list[str]:
    """Return the paragraphs of the largest text in the page's JSON; empty if it has none."""
    best: list[str] = []
    pieces: list[str] = []
    for kind, text in _texts(root):
        try:
            value = _state(text, kind)
            pieces += _pieces(value) if kind == "pushed" else []
            lines = _prose(value) if kind != "pushed" else []
        except (ValueError, RecursionError, RejectedError):
            continue
        best = max(best, lines, key=_length)
    try:
        return max(best, _prose(list(_streamed("".join(pieces)))), key=_length)
    except RejectedError:
        return best


def _length(lines: list[str]) -> int:
    return sum(map(len, lines))


def _texts(root: Element) -> Iterator[tuple[str, str]]:
    """Yield the texts that may be state, each with its kind: json, script or pushed."""
    for script in root.iter("script"):
        kind, text = (script.get("type") or "").lower(), script.text or ""
        if kind == "application/json":
            yield "json", text
        elif kind in ("", "module", "text/javascript", "application/javascript"):
            pushed = _PUSH.match(text)
            yield ("pushed", text[pushed.end() :]) if pushed else ("script", text)
    for value in root.xpath("//body//@*[starts-with(name(), 'data-')]"):
        if len(value) >= _MIN_STATE and value.lstrip()[:1] in ("{", "["):
            yield "json", value


def _pieces(value: object) -> list[str]:
    """Return the pieces of a stream in the arguments of a push."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _streamed(text: str) -> Iterator[object]:
    """Yield the JSON values in a stream of React, one on each line behind its number."""
    for line in text.split("\n"):
        number, _, value = line.partition(":")
        if len(number) <= _MAX_NUMBER and value[:1] in ("{", "["):
            try:
                yield json.loads(value, strict=False)
            except (ValueError, RecursionError):
                continue


def _state(text: str, kind: str) -> object:
    """Return the JSON value in a text."""
    if kind == "json":
        return json.loads(text, strict=False)
    if kind == "pushed":
        return json.JSONDecoder(strict=False).raw_decode(text)[0]
    assignment = _ASSIGNMENT.match(text)
    value = json.JSONDecoder(strict=False).raw_decode(text, assignment.end())[0] if assignment else None
    return json.loads(value, strict=False) if isinstance(value, str) else value


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
