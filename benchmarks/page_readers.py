"""The readers of pages that `benchmarks.reading` compares: the package, trafilatura and newspaper4k."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import trafilatura

from signals.news import open_source, publishers
from signals.news.documents import make_document
from signals.types import Article, NewsSpec, Precision

SPEC = NewsSpec("pages", "page", path="*")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader gets from a page.

    Attributes
    ----------
    at
        The instant of publication, or its day from a reader that gives no more.
    refused
        Why the package refused the page; empty if it did not.
    """

    title: str = ""
    at: datetime | date | None = None
    body: str = ""
    authors: tuple[str, ...] = ()
    refused: str = ""


Reader = Callable[[str], Reading]


def read_signals(text: str) -> Reading:
    """Read a page as the package does."""
    document = make_document(SPEC, "page.html", text.encode(), datetime.now(UTC))
    (outcome,) = open_source(SPEC, Path()).parse(document)
    if not isinstance(outcome, Article):
        return Reading(refused=f"{outcome.reason}: {outcome.detail}")
    stamp = outcome.stamp
    at = stamp.wall.date() if stamp.precision is Precision.DAY else stamp.at
    return Reading(outcome.title, at, outcome.body, outcome.authors)


def undeclared(read: Reader) -> Reader:
    """Return a reader that knows no publisher's layout."""

    def general(text: str) -> Reading:
        declared, publishers.PUBLISHERS = publishers.PUBLISHERS, ()
        try:
            return read(text)
        finally:
            publishers.PUBLISHERS = declared

    return general


def read_trafilatura(fast: bool) -> Reader:
    """Return the reader of trafilatura, which gives the day of a page and no time."""

    def read(text: str) -> Reading:
        page = trafilatura.bare_extraction(text, fast=fast, include_comments=False, with_metadata=True)
        if page is None:
            return Reading()
        stated, author = getattr(page, "date", None), getattr(page, "author", None)
        at = date.fromisoformat(stated) if stated else None
        names = tuple(filter(None, (author or "").split("; ")))
        return Reading(getattr(page, "title", None) or "", at, getattr(page, "text", None) or "", names)

    return read


def read_newspaper(interpreter: str) -> Reader:
    """Return the reader of newspaper4k, which runs under another interpreter for as long as this process."""
    script = Path(__file__).with_name("newspaper_reader.py")
    process = subprocess.Popen([interpreter, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def read(text: str) -> Reading:
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(text) + "\n")
        process.stdin.flush()
        page = json.loads(process.stdout.readline())
        at = datetime.fromisoformat(page["at"]) if page.get("at") else None
        return Reading(page.get("title", ""), _instant(at), page.get("body", ""), tuple(page.get("authors", ())))

    return read


def _instant(at: datetime | None) -> datetime | date | None:
    """Return a time of newspaper4k; a midnight without a zone is a day, another time without a zone is in UTC."""
    if at is None or at.tzinfo:
        return at
    return at.date() if at.time() == time.min else at.replace(tzinfo=UTC)


def readers(newspaper: str | None) -> Mapping[str, Reader]:
    """Return the readers by name, the two of the package first; newspaper4k if its interpreter is given."""
    result: dict[str, Reader] = {
        "signals": read_signals,
        "undeclared": undeclared(read_signals),
        "fast": read_trafilatura(True),
        "full": read_trafilatura(False),
    }
    if newspaper:
        result["newspaper"] = read_newspaper(newspaper)
    return {name: _safe(name, reader) for name, reader in result.items()}


def _safe(name: str, reader: Reader) -> Reader:
    """Return a reader that has read nothing of a page on which it fails."""

    def read(text: str) -> Reading:
        try:
            return reader(text)
        except Exception as error:  # extractors fail on some pages
            print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
            return Reading()

    return read
