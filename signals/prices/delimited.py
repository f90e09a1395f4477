"""Delimited text in a declared dialect: bytes -> the rows of a `Table`.

Pure. A file that cannot be read is a ValueError with the sentence.
"""

from __future__ import annotations

import codecs
import csv
import io
import re

from signals.prices.header import Names, arrange, header_position
from signals.prices.text_table import Line, Table
from signals.types import CsvDialect

_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[ \t]*(\r\n|\r|\n|$)', re.IGNORECASE)
_PAGE = re.compile(r"\s*<(!doctype html|html)\b", re.IGNORECASE)

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_DELIMITERS = ",;\t|"


def read(payload: bytes, dialect: CsvDialect, names: Names) -> Table:
    """Split a file into rows of cells under its header.

    A first line ``sep=;`` and a delimiter without which the header is one cell come before that of the dialect.

    Parameters
    ----------
    payload
        The bytes of the file.
    names
        The names by which its header is recognised.

    Raises
    ------
    ValueError
        The file is empty, or not text in the declared encoding.
    """
    text = decoded(payload, dialect.encoding)
    delimiter = dialect.delimiter
    named = _SEPARATOR_LINE.match(text)
    if named:
        delimiter = named[1]
        text = named[2] + text[named.end() :]  # the lines after it keep their numbers
    if _PAGE.match(text):
        raise ValueError("it is a web page and no data; download it again, signed in if the vendor asks for it")
    rows = _split(text, delimiter)
    if not dialect.header:
        return Table((), tuple(rows[1:] if len(rows) > 1 and _is_header(rows[0][1]) else rows))
    if all(len(row) == 1 and " " in row[0] and not any(map(str.isdigit, row[0])) for _, row in rows):
        raise ValueError(f"the vendor answered without bars ({rows[0][1][0].strip()[:200]}); ask it again")
    if header_position(rows, names) is None:
        for other in _DELIMITERS:
            attempt = _split(text, other) if other != delimiter and other in text else []
            if attempt and header_position(attempt, names) is not None:
                rows = attempt
                break
    return arrange(rows, names)


def decoded(payload: bytes, encoding: str) -> str:
    """Return the text of a file; a byte order mark comes before the encoding. Raises ValueError if it is no text."""
    for mark, name in _MARKS.items():
        if payload.startswith(mark):
            encoding = name
    try:
        text = payload.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError(
            f"byte {error.start} is not {encoding} text; set `encoding` to that of the file, such as cp1251"
        ) from None
    if text[:200].count("\0") > 1:
        raise ValueError(f"it is not {encoding} text; set `encoding` to that of the file, such as utf-16-le")
    return text


def _split(text: str, delimiter: str) -> list[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num} is not delimited text ({error})") from None
    if not rows:
        raise ValueError("the file is empty; export it again")
    return rows


def _is_header(cells: list[str]) -> bool:
    """Return whether the first row of a file that is to have no header is one all the same."""
    return all(cell.strip() and not any(map(str.isdigit, cell)) for cell in cells)
