"""Normalise a text for matching, and map offsets of the normalised text back to the source text.

A normalised text is composed (NFC), so that an accented letter is one character however it was typed. Letters and
digits in compatibility forms (full width, the ligature fi) take their usual form (NFKC, for these characters alone,
because NFKC would also turn a trade mark sign into TM and a superscript 2 into 2). It holds no invisible characters
(soft hyphens, zero-width and direction marks), one form of apostrophe and one of hyphen. A run of blanks becomes a tab,
which separates the words beside it as a comma does, or a line break if the run holds one.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator

_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_COMPATIBILITY = "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\ufb00-\ufb06"
_COMBINING = "\u0300-\u036f"
_SPECIAL_CHARACTER = re.compile(f"[{_INVISIBLE}{_COMPATIBILITY}{_COMBINING}]")
_INVISIBLE_CHARACTER = re.compile(f"[{_INVISIBLE}]")
_COMPATIBILITY_CHARACTER = re.compile(f"[{_COMPATIBILITY}]")
_ASCII = bytes(range(0x80))

# Each alternative begins with a different letter, which makes the search several times as fast.
_BLANK_RUNS = r" [ \n\t\r]+|\n[ \t\r]\s*|\t[ \n\t\r]*|\r[ \n\t\r]*"
_BLANK_RUN = re.compile(_BLANK_RUNS)
# Characters beyond ASCII with the marks after them. At most 32 of each, because `source_offset` searches within the
# chunk, and because composing costs the square of a run of marks. More marks than any script puts on a letter are
# composed in parts.
_SPECIAL_CHUNK = re.compile(_BLANK_RUNS + r"|[^\x00-\x7f\s]{1,32}[^\x00-\x7f\s\w]{0,32}")

# Replacements of one character by one character.
_CONTROLS = tuple(map(chr, (0x0B, 0x0C, *range(0x1C, 0x20))))
_BLANKS = tuple(map(chr, (0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)))
_REPLACEMENTS = (
    *((chr(quote), "'") for quote in (0xB4, 0x2018, 0x2019, 0x201B, 0x02BC, 0x2032)),
    *((chr(hyphen), "-") for hyphen in (0x2010, 0x2011)),
    *((blank, " ") for blank in _CONTROLS + _BLANKS),
    *((chr(line), "\n") for line in (0x2028, 0x2029)),
)
_REPLACED = re.compile(f"[{''.join(character for character, _ in _REPLACEMENTS)}]")


class NormalisedText:
    """A `source` text and its normalised form, `text`."""

    def __init__(self, source: str) -> None:
        self.source = source
        # The chunks whose length may have changed: their source text, and where they start and end.
        self._chunks: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._source_starts: list[int] = []
        self.text = source if _is_normalised(source) else self._normalise(source)

    def _normalise(self, source: str) -> str:
        non_ascii = _non_ascii(source)
        replaced = _replace_characters(source, non_ascii)
        pattern = _chunk_pattern(replaced, non_ascii)
        return "".join(self._parts(replaced, pattern)) if pattern else replaced

    def _parts(self, text: str, pattern: re.Pattern[str]) -> Iterator[str]:
        """Yield the parts of the normalised text, and record the chunks that change."""
        done = length = 0
        for match in pattern.finditer(text):
            start = match.start()
            if done < start and text[start] > "\x7f" and not text[start - 1].isspace():
                start -= 1  # the base character of a mark
            chunk = text[start : match.end()]
            normalised = _normalised_chunk(chunk)
            if normalised == chunk:
                continue
            yield text[done:start]
            yield normalised
            length += start - done
            self._chunks.append(chunk)
            self._starts.append(length)
            self._source_starts.append(start)
            length += len(normalised)
            self._ends.append(length)
            done = match.end()
        yield text[done:]

    def source_offset(self, offset: int) -> int:
        """Return the offset into `source` of an offset into `text`, after any marks on the character before it."""
        n = bisect_right(self._starts, offset) - 1
        if n < 0:
            return offset
        chunk, beyond = self._chunks[n], offset - self._ends[n]
        if beyond >= 0:
            return self._source_starts[n] + len(chunk) + beyond
        rest = offset - self._starts[n]
        lengths = range(len(chunk) + 1)
        within = bisect_right(lengths, rest, key=lambda length: len(_normalised_chunk(chunk[:length]))) - 1
        return self._source_starts[n] + within


def normalise(text: str) -> str:
    """Return the normalised form of a text."""
    return NormalisedText(text).text


def _is_normalised(text: str) -> bool:
    """Return whether a text is one line of printable ASCII with single blanks, as most headlines are."""
    return text.isascii() and text.isprintable() and "  " not in text


def _non_ascii(text: str) -> str:
    """Return the characters beyond ASCII. By way of bytes, which is fast where they are few."""
    if text.isascii():
        return ""
    return text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")


def _chunk_pattern(text: str, non_ascii: str) -> re.Pattern[str] | None:
    """Return the pattern of the chunks that may change, None if none can; `non_ascii` are the text's characters."""
    if non_ascii and (_SPECIAL_CHARACTER.search(non_ascii) or not unicodedata.is_normalized("NFC", non_ascii)):
        return _SPECIAL_CHUNK
    # Replacing line breaks first is faster than a search for " \n" and "\n ", because single blanks are frequent.
    has_runs = "\t" in text or "\r" in text or "  " in text.replace("\n\n", "\n").replace("\n", " ")
    return _BLANK_RUN if has_runs else None


def _normalised_chunk(chunk: str) -> str:
    if chunk.isspace():
        if "\n" in chunk or chunk == "\r":
            return "\n"
        return " " if chunk == " " else "\t"
    visible = _INVISIBLE_CHARACTER.sub("", chunk)
    usual = _COMPATIBILITY_CHARACTER.sub(lambda match: unicodedata.normalize("NFKC", match[0]), visible)
    return unicodedata.normalize("NFC", usual)


def _replace_characters(text: str, non_ascii: str) -> str:
    if (non_ascii and _REPLACED.search(non_ascii)) or any(control in text for control in _CONTROLS):
        for character, replacement in _REPLACEMENTS:
            text = text.replace(character, replacement)
    return text
