"""Fold a text to small base letters, ASCII digits and plain spaces, character by character, so that offsets stay."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_LETTERS = {
    "ı": "i",
    "ς": "σ",
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "−": "-",
    "‐": "-",
    "‑": "-",
    "،": ",",
    "、": ",",
    "。": ".",
}
_FULL_WIDTH = range(0xFF01, 0xFF5F)
_HANGUL = range(0xAC00, 0xD7A4)


def fold(text: str) -> str:
    """Return a text of the same length without case, accents and the digits of other scripts.

    Dashes of the length of a hyphen become hyphens, full-width forms ASCII, and any space a plain one.
    """
    lowered = text.lower() if text.isascii() else "".join(map(_fold, text))
    return lowered.translate(_SPACES)


_SPACES = dict.fromkeys(map(ord, "\t\n\r\v\f"), " ")


@lru_cache(maxsize=4096)
def _fold(character: str) -> str:
    if character.isspace():
        return " "
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    code = ord(character)
    if code in _FULL_WIDTH:
        return chr(code - 0xFEE0).lower()
    base = character if code in _HANGUL else unicodedata.normalize("NFD", character)[0]
    base = base.lower()[:1]
    return _LETTERS.get(base, base)
