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
_MARKS = "\u0300-\u036f"
_ODD = re.compile(f"[{_INVISIBLE}{_COMPATIBLE}{_MARKS}]")
_ASCII = bytes(range(0x80))
_REMOVED = re.compile(f"[{_INVISIBLE}]")
_WIDENED = re.compile(f"[{_COMPATIBLE}]")

# Each alternative begins with a letter of its own, which makes the search several times as fast.
_RUNS = r" [ \n\t\r]+|\n[ \t\r]\s*|\t[ \n\t\r]*|\r[ \n\t\r]*"
_SPACING = re.compile(_RUNS)
# Some characters beyond ASCII with all marks after them; not as many as there are, for `as_written` searches them.
_ODD_CHUNK = re.compile(_RUNS + r"|[^\x00-\x7f\s]{1,32}[^\x00-\x7f\s\w]*")

# What counts as alike, character by character.
_CONTROLS = tuple(map(chr, (0x0B, 0x0C, *range(0x1C, 0x20))))
_BLANKS = tuple(map(chr, (0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)))
_ALIKE = (
    *((chr(odd), "'") for odd in (0x2018, 0x2019, 0x02BC)),
    *((chr(odd), "-") for odd in (0x2010, 0x2011)),
    *((blank, " ") for blank in _CONTROLS + _BLANKS),
    *((chr(line), "\n") for line in (0x2028, 0x2029)),
)
_UNLIKE = re.compile(f"[{''.join(odd for odd, _ in _ALIKE)}]")


class Plain:
    """A text as `written` and as plain `text`."""

    def __init__(self, written: str) -> None:
        self.written = written
        self._chunks: list[str] = []
        self._plain_at: list[int] = []
        self._plain_to: list[int] = []
        self._written_at: list[int] = []
        self.text = written if _is_plain_line(written) else self._made_of(written)

    def _made_of(self, written: str) -> str:
        strange = _beyond_ascii(written)
        alike = _alike(written, strange)
        chunks = _chunks_to_change(alike, strange)
        return "".join(self._pieces(alike, chunks)) if chunks else alike

    def _pieces(self, alike: str, chunks: re.Pattern[str]) -> Iterator[str]:
        at = to = 0
        for match in chunks.finditer(alike):
            start = match.start()
            if at < start and alike[start] > "\x7f" and not alike[start - 1].isspace():
                start -= 1  # what a mark may be on
            chunk = alike[start : match.end()]
            made = _made_plain(chunk)
            if made == chunk:
                continue
            yield alike[at:start]
            yield made
            to += start - at
            self._chunks.append(chunk)
            self._plain_at.append(to)
            self._written_at.append(start)
            to += len(made)
            self._plain_to.append(to)
            at = match.end()
        yield alike[at:]

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


def _is_plain_line(text: str) -> bool:
    """Tell whether a text is plain as it is, as most headlines are: neither lines, controls, letters beyond ASCII."""
    return text.isascii() and text.isprintable() and "  " not in text


def _beyond_ascii(text: str) -> str:
    """Return the characters beyond ASCII, in a way that costs next to nothing where they are few."""
    if text.isascii():
        return ""
    return text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")


def _chunks_to_change(text: str, strange: str) -> re.Pattern[str] | None:
    """Return what may have to be changed in a text, whose characters beyond ASCII are `strange`; None for the usual."""
    if strange and (_ODD.search(strange) or not unicodedata.is_normalized("NFC", strange)):
        return _ODD_CHUNK
    # A search for two characters is slow where the first is frequent: one in place of three.
    runs = "\t" in text or "\r" in text or "  " in text.replace("\n\n", "\n").replace("\n", " ")
    return _SPACING if runs else None


def _made_plain(chunk: str) -> str:
    if chunk.isspace():
        if "\n" in chunk or chunk == "\r":
            return "\n"
        return " " if chunk == " " else "\t"
    usual = _WIDENED.sub(lambda match: unicodedata.normalize("NFKC", match[0]), _REMOVED.sub("", chunk))
    return unicodedata.normalize("NFC", usual)


def _alike(text: str, strange: str) -> str:
    if (strange and _UNLIKE.search(strange)) or any(blank in text for blank in _CONTROLS):
        for odd, usual in _ALIKE:
            text = text.replace(odd, usual)
    return text
