"""Build documents from fetched bytes, with a digest that tells whether they are new.

The digest of a document begins with a digest of the settings that affect parsing: after `dayfirst` or `timezone` is
corrected, the same bytes are parsed again.
"""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import replace
from datetime import datetime

from signals.types import Document, Keep, NewsSpec

# UTF-32 comes before UTF-16, whose byte order mark is the beginning of that of UTF-32.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


def marked_encoding(payload: bytes) -> str | None:
    """Return the encoding that the byte order mark of a text names, which no setting overrules; None without a mark."""
    return next((name for mark, name in _BYTE_ORDER_MARKS if payload.startswith(mark)), None)


def make_document(
    spec: NewsSpec,
    origin: str,
    payload: bytes,
    now: datetime,
    media_type: str = "",
    etag: str = "",
    last_modified: str = "",
) -> Document:
    """Return the document of a payload that was fetched from `origin`."""
    digest = f"{_settings_digest(spec)}-{hashlib.blake2b(payload, digest_size=16).hexdigest()}"
    return Document(spec.name, origin, payload, digest, now, media_type, etag, last_modified)


def same_settings(spec: NewsSpec, previous: Document) -> bool:
    """Return whether a previous document was parsed with the settings of `spec`."""
    return previous.digest.startswith(_settings_digest(spec) + "-")


def _settings_digest(spec: NewsSpec) -> str:
    """Return a digest of the settings that affect parsing."""
    settings = replace(
        spec, name="", path=None, url=None, urls=(), symbols=(), keep=Keep.BODY, max_bytes=0, timeout=0, delay=0,
        robots=True, user_agent=None, base_url=None,
    )  # fmt: skip
    return hashlib.blake2b(repr(settings).encode(), digest_size=4).hexdigest()
