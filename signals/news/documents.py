"""Build documents from fetched bytes, with a digest that tells whether they are new.

The digest of a document begins with a digest of the settings that affect parsing: after `dayfirst` or `timezone` is
corrected, the same bytes are parsed again.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

from signals.types import Document, Keep, NewsSpec


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
