"""What is sent between the process that asks and the one that reads: tasks with their bounds, and replies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from signals.types import Article, Document, History, NewsSpec, PriceSpec, Refusal


@dataclass(frozen=True, slots=True)
class DocumentTask:
    """Parse a document as the source of an entry does."""

    spec: NewsSpec
    root: Path
    document: Document


@dataclass(frozen=True, slots=True)
class HistoryTask:
    """Read the bars of a symbol from the files of an entry."""

    spec: PriceSpec
    root: Path
    symbol: str
    first: date
    last: date
    now: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """A task with its bounds: seconds, and bytes of memory beyond what the process has."""

    task: DocumentTask | HistoryTask
    seconds: float
    memory: int


@dataclass(frozen=True, slots=True)
class Ready:
    """The first reply of all: the process has started."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some of what a task gives."""

    items: Sequence[Article | Refusal | History]


@dataclass(frozen=True, slots=True)
class End:
    """The end of a task: whole, or with the error that it raised."""

    error: Exception | None = None
