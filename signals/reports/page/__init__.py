"""Reports as web pages: one file each, with everything in it, that asks no network for anything.

Styles, script and data are inside the page, and its content security policy allows exactly these by their digests: no
headline can bring a script, a style or an address of its own to life. The script makes text nodes of the data and never
markup.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from signals.reports.format import plain
from signals.reports.json_csv import as_json


def document(title: str, body: str, script: str = "", data: Mapping[str, Any] | None = None) -> str:
    """Put a page together from the markup of its body, and a script of this folder with the data it draws."""
    style, code = _read("page.css"), _read(script) if script else ""
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
        parts.append(f'<script type="application/json" id="data">{embedded(data or {})}</script>')
        parts.append(f"<script>{code}</script>")
    return "\n".join([*parts, "</body>\n</html>\n"])


def embedded(data: Mapping[str, Any]) -> str:
    """Write data as JSON that cannot end the script element that it stands in."""
    text = json.dumps(data, default=as_json, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def packed(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> dict[str, Any]:
    """Write rows column by column, each text once: a tenth of the size, and the same numbers."""
    return {"rows": len(rows), "columns": {name: _column([row[name] for row in rows]) for name in columns}}


def _column(values: Sequence[Any]) -> dict[str, Any]:
    if all(value == values[0] and type(value) is type(values[0]) for value in values):
        return {"same": values[0] if values else None}
    if any(isinstance(value, float | int) for value in values):
        return {"each": values}
    words = list(dict.fromkeys(values))
    index = {word: n for n, word in enumerate(words)}
    return {"words": words, "of": [index[value] for value in values]}


def element(name: str, content: object = "", **attributes: str) -> str:
    """Write an element; the content is text."""
    given = "".join(f' {key.rstrip("_")}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{given}>{escape(plain(content))}</{name}>"


def _read(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
