"""One thing fetched, and whether it is news.

The digest of a document begins with that of the settings it is read by: after `dayfirst` or `timezone` is corrected,
the same bytes are read again.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

from signals.types import Document, Keep, NewsSpec


def _settings(spec: NewsSpec) -> str:
    how = replace(
        spec, name="", path=None, url=None, urls=(), symbols=(), keep=Keep.BODY, max_bytes=0, timeout=0, delay=0,
        robots=True, user_agent=None, base_url=None,
    )  # fmt: skip
    return hashlib.blake2b(repr(how).encode(), digest_size=4).hexdigest()


def document(
    spec: NewsSpec,
    origin: str,
    payload: bytes,
    now: datetime,
    media_type: str = "",
    etag: str = "",
    last_modified: str = "",
) -> Document:
    """Make the document of what was fetched from `origin`."""
    digest = f"{_settings(spec)}-{hashlib.blake2b(payload, digest_size=16).hexdigest()}"
    return Document(spec.name, origin, payload, digest, now, media_type, etag, last_modified)


def read_alike(spec: NewsSpec, known: Document | None) -> bool:
    """Tell whether a document of last time was read by the settings of today."""
    return known is not None and known.digest.startswith(_settings(spec) + "-")
