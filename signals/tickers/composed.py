"""A text in composed form (NFC) for matching, with the way back to the offsets of the text as written."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from itertools import accumulate

# No character composes with white space, so that words can be composed one by one.
_CHUNK = re.compile(r"\S+|\s+")


class Composed:
    """A text as `written` and as `text`, where e with an accent is one character however it was typed."""

    def __init__(self, written: str) -> None:
        self.written = written
        self.text = unicodedata.normalize("NFC", written)
        self._chunks: list[str] = []
        if self.text != written:
            self._chunks = _CHUNK.findall(written)
            self._written_at = [0, *accumulate(map(len, self._chunks))]
            self._composed_at = [0, *accumulate(map(_composed_length, self._chunks))]

    def as_written(self, at: int) -> int:
        """Return the offset into `written` of an offset into `text`, after any marks on the character before it."""
        if not self._chunks:
            return at
        n = bisect_right(self._composed_at, at) - 1
        if n == len(self._chunks):
            return len(self.written)
        chunk, rest = self._chunks[n], at - self._composed_at[n]
        within = bisect_right(range(len(chunk) + 1), rest, key=lambda length: _composed_length(chunk[:length])) - 1
        return self._written_at[n] + within


def _composed_length(text: str) -> int:
    return len(unicodedata.normalize("NFC", text))
