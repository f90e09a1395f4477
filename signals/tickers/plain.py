"""A text made plain for matching, with the way back to the offsets of the text as written.

Plain means: composed (NFC), so that an accented letter is one character however it was typed; letters and digits in
compatibility forms (full width, the ligature fi) as their usual ones (NFKC, for those alone: it would also make TM of a
trade mark and 2 of a footnote); no invisible characters (soft hyphens, zero-width and direction marks); one straight
apostrophe and one hyphen; a run of blanks as a tab, which parts the words beside it as a comma does, or as a line break
if it holds one.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator

_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_COMPATIBLE = "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\ufb00-\ufb06"
_RUNS = r"[^\S\n]+\n\s*|\n[^\S\n]\s*|[^\S\n]{2,}|[^\S \n\t]"
_SPACING = re.compile(_RUNS)
_BLANKS = ("  ", " \n", "\n ", *map(chr, (9, 11, 12, 13, 0x1C, 0x1D, 0x1E, 0x1F)))
_WIDE_BLANKS = tuple(map(chr, (0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)))
_ODD = re.compile(f"[{_INVISIBLE}{_COMPATIBLE}]")
_ODD_CHUNK = re.compile(_RUNS + r"|\S*[^\x00-\x7f\s]\S*")
_ALIKE = ((chr(0x2019), "'"), (chr(0x2018), "'"), (chr(0x02BC), "'"), (chr(0x2010), "-"), (chr(0x2011), "-"))
_REMOVED = re.compile(f"[{_INVISIBLE}]")
_WIDENED = re.compile(f"[{_COMPATIBLE}]")


class Plain:
    """A text as `written` and as plain `text`."""

    def __init__(self, written: str) -> None:
        self.written = written
        self._chunks: list[str] = []
        self._plain_at: list[int] = []
        self._plain_to: list[int] = []
        self._written_at: list[int] = []
        chunks = _chunks_to_change(written)
        self.text = _alike("".join(self._pieces(chunks)) if chunks else written)

    def _pieces(self, chunks: re.Pattern[str]) -> Iterator[str]:
        written, at, to = self.written, 0, 0
        for match in chunks.finditer(written):
            chunk = match[0]
            made = _made_plain(chunk)
            if made == chunk:
                continue
            yield written[at : match.start()]
            yield made
            to += match.start() - at
            self._chunks.append(chunk)
            self._plain_at.append(to)
            self._written_at.append(match.start())
            to += len(made)
            self._plain_to.append(to)
            at = match.end()
        yield written[at:]

    def as_written(self, at: int) -> int:
        """Return the offset into `written` of an offset into `text`, after any marks on the character before it."""
        n = bisect_right(self._plain_at, at) - 1
        if n < 0:
            return at
        chunk, beyond = self._chunks[n], at - self._plain_to[n]
        if beyond >= 0:
            return self._written_at[n] + len(chunk) + beyond
        rest = at - self._plain_at[n]
        lengths = range(len(chunk) + 1)
        within = bisect_right(lengths, rest, key=lambda length: len(_made_plain(chunk[:length]))) - 1
        return self._written_at[n] + within


def plain(text: str) -> str:
    """Return a text made plain."""
    return Plain(text).text


def _chunks_to_change(text: str) -> re.Pattern[str] | None:
    """Return what may have to be changed in a text; quickly None for the usual one."""
    if not text.isascii() and (not unicodedata.is_normalized("NFC", text) or _ODD.search(text)):
        return _ODD_CHUNK
    blanks = _BLANKS if text.isascii() else _BLANKS + _WIDE_BLANKS
    return _SPACING if any(blank in text for blank in blanks) else None


def _made_plain(chunk: str) -> str:
    if chunk.isspace():
        if "\n" in chunk or "\u2028" in chunk or "\u2029" in chunk:
            return "\n"
        return " " if len(chunk) == 1 and chunk != "\t" else "\t"
    usual = _WIDENED.sub(lambda match: unicodedata.normalize("NFKC", match[0]), _REMOVED.sub("", chunk))
    return unicodedata.normalize("NFC", usual)


def _alike(text: str) -> str:
    if not text.isascii():
        for odd, usual in _ALIKE:
            text = text.replace(odd, usual)
    return text
