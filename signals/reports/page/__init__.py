"""Reports as web pages: one file each, with everything in it, that asks no network for anything.

Styles, script and data are inside the page, and its content security policy allows exactly these by their digests: no
headline can bring a script, a style or an address of its own to life. The script makes text nodes of the data and never
markup.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files

from signals.reports.format import plain
from signals.reports.json_csv import encoded, values_of
from signals.types import Verdict, Word


def document(title: str, body: str, script: str = "", data: object = None) -> str:
    """Return a page: the markup of its body, and a script of this folder with the data that it draws."""
    style, code = _read("page.css") + label_rules(Verdict), _read(script) if script else ""
    policy = f"default-src 'none'; style-src '{_digest(style)}'; base-uri 'none'; form-action 'none'"
    if code:
        policy += f"; script-src '{_digest(code)}'"
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{escape(plain(title))}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}",
    ]
    if code:
        parts.append(f'<script type="application/json" id="data">{embedded(data)}</script>')
        parts.append(f"<script>{code}</script>")
    return "\n".join([*parts, "</body>\n</html>\n"])


def element(name: str, content: object = "", **attributes: str) -> str:
    """Return the markup of an element; the content is text."""
    pairs = "".join(f' {key.rstrip("_")}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{pairs}>{escape(plain(content))}</{name}>"


def _read(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


# --- labels ---------------------------------------------------------------------------------------------------------


def label_rules(words: Iterable[Word]) -> str:
    """Return the CSS rules that give each word its colour on light and dark pages."""
    colours = ((word.value, word.label.light, word.label.dark) for word in words)
    return "".join(f".v-{value} {{ color: light-dark({light}, {dark}); }}\n" for value, light, dark in colours)


@dataclass(frozen=True, slots=True)
class Mark:
    """A verdict as the script draws it: its stored word, its text, its meaning and the shape of its marker."""

    word: str
    text: str
    meaning: str
    shape: str


def marks(words: Iterable[Word]) -> list[Mark]:
    """Return the marks of words, in the order in which people read them."""
    return [Mark(word.value, word.text, word.label.meaning, word.label.shape) for word in words]


# --- data -----------------------------------------------------------------------------------------------------------


def embedded(data: object) -> str:
    """Return data as JSON that cannot end the script element that it stands in."""
    text = encoded(data)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


@dataclass(frozen=True, slots=True)
class Same:
    """A column with one value for all rows."""

    same: object


@dataclass(frozen=True, slots=True)
class Each:
    """A column with a value for each row."""

    each: Sequence[object]


@dataclass(frozen=True, slots=True)
class Words:
    """A column with each text once, and for each row the number of its text."""

    words: Sequence[object]
    of: Sequence[int]


@dataclass(frozen=True, slots=True)
class Packed:
    """Rows column by column, as the script unpacks them."""

    rows: int
    columns: Mapping[str, Same | Each | Words]


def packed(rows: Sequence[object], columns: Sequence[str], **computed: Sequence[object]) -> Packed:
    """Return rows column by column, each text once: a tenth of the size, and the same numbers.

    `computed` holds the values of columns that the rows do not have.
    """
    by_column: Iterator[Sequence[object]] = zip(*map(values_of(columns), rows), strict=True)
    values = {**(dict(zip(columns, by_column, strict=True)) if rows else dict.fromkeys(columns, ())), **computed}
    return Packed(len(rows), {name: _column(cells) for name, cells in values.items()})


def _column(values: Sequence[object]) -> Same | Each | Words:
    if not values:
        return Same(None)
    first = values[0]
    if all(value == first and type(value) is type(first) for value in values):
        return Same(first)
    if any(isinstance(value, float | int) for value in values):
        return Each(values)
    words = list(dict.fromkeys(values))
    number_of = {word: n for n, word in enumerate(words)}
    return Words(words, [number_of[value] for value in values])
