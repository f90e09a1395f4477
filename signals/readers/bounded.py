"""Sources whose documents and files are read by another process, within bounds that grow with their size."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from signals.errors import GivenUpError, SourceError, UnavailableError
from signals.news import KINDS
from signals.prices import KINDS as PRICE_KINDS
from signals.readers.tasks import DocumentTask, HistoryTask, Request
from signals.readers.worker import EndedError, UnstartedError, Worker
from signals.types import (
    Article,
    Document,
    Gone,
    History,
    NewsSource,
    NewsSpec,
    PriceSource,
    PriceSpec,
    Refusal,
    SourceFailure,
)

#: What is smaller is read in this process, unless it comes from a network or the other process runs already: to start
#: it costs more than to read some small files.
SMALL = 128_000
SECONDS, SECONDS_PER_MB = 60.0, 10.0
MEMORY, MEMORY_PER_BYTE = 2 * 2**30, 20
_NEXT = "it is tried again when it or the program changes; please report it, or split it"

# Its replies are JSON of some kilobytes, and to import its library takes longer than a run.
_NOT_WORTH = frozenset({"yahoo"})
log = logging.getLogger(__name__)


@runtime_checkable
class OfFiles(PriceSource, Protocol):
    """A `PriceSource` that knows the file of a symbol."""

    def path(self, symbol: str) -> str:
        """Return its path."""
        ...

    def size(self, symbol: str) -> int:
        """Return the bytes of the files of a symbol."""
        ...

    def is_packed(self, symbol: str) -> bool:
        """Return whether it may hold more than its size says."""
        ...


def request(task: DocumentTask | HistoryTask, size: int) -> Request:
    """Return a task with the bounds for so many bytes."""
    return Request(task, SECONDS + SECONDS_PER_MB * size / 1e6, MEMORY + MEMORY_PER_BYTE * size)


def bounded_news(source: NewsSource, spec: NewsSpec, root: Path, worker: Worker) -> NewsSource:
    """Return a source of a built-in kind with its parsing bounded; a plug-in's as it is, which may keep a state."""
    return BoundedNews(source, spec, root, worker) if spec.kind in KINDS else source


def bounded_prices(source: PriceSource, spec: PriceSpec, root: Path, worker: Worker) -> PriceSource:
    """Return a source of files with its reading bounded; any other one as it is."""
    if spec.kind in PRICE_KINDS and isinstance(source, OfFiles):
        return BoundedFiles(source, spec, root, worker)
    return source


class BoundedNews:
    """A `NewsSource` that parses in another process what is large or comes from a network."""

    def __init__(self, source: NewsSource, spec: NewsSpec, root: Path, worker: Worker) -> None:
        self._source = source
        self._spec = spec
        self._root = root
        self._worker = worker
        asks = bool(spec.url or spec.urls or spec.symbols)
        self._starts = asks and spec.kind not in _NOT_WORTH

    @property
    def name(self) -> str:
        """The source's name in the configuration."""
        return self._source.name

    def fetch(self, previous: Mapping[str, Document], now: datetime) -> Iterable[Document | Gone | SourceFailure]:
        """Yield what is new; the process that will read it starts while a network is waited for."""
        if self._starts:
            with suppress(UnstartedError):
                self._worker.start([KINDS[self._spec.kind].partition(":")[0]])
        yield from self._source.fetch(previous, now)

    def parse(self, document: Document) -> Sequence[Article | Refusal]:
        """Read one document.

        Raises
        ------
        GivenUpError
            It took too much time or memory.
        """
        if len(document.payload) < SMALL and not (self._starts and self._worker.is_running):
            return self._source.parse(document)
        task = DocumentTask(self._spec, self._root, document)
        try:
            items = self._worker.ask(request(task, len(document.payload)))
        except EndedError as error:
            raise _given_up(self.name, document.origin, error) from None
        except UnstartedError as error:
            log.warning("%s is read without bounds: no process could be started (%s)", document.origin, error)
            return self._source.parse(document)
        return [item for item in items if not isinstance(item, History)]


class BoundedFiles:
    """A `PriceSource` over files that reads large ones in another process."""

    def __init__(self, source: OfFiles, spec: PriceSpec, root: Path, worker: Worker) -> None:
        self._source = source
        self._spec = spec
        self._root = root
        self._worker = worker

    @property
    def name(self) -> str:
        """The source's name in the configuration."""
        return self._source.name

    @property
    def interval(self) -> str:
        """The spacing of its bars."""
        return self._source.interval

    @property
    def at_once(self) -> int:
        """From how many threads it may be asked at the same time."""
        return self._source.at_once

    def version(self, symbol: str) -> str | None:
        """Return a digest of the files of `symbol` and of the entry."""
        return self._source.version(symbol)

    def serves_from(self, now: datetime) -> date | None:
        """Return the first day that can be asked for."""
        return self._source.serves_from(now)

    def history(self, symbol: str, first: date, last: date, now: datetime) -> History:
        """Return the bars of `first` to `last`, both included.

        Raises
        ------
        GivenUpError
            The file took too much time or memory.
        SourceError
            As the source of files raises it.
        """
        size = self._source.size(symbol)
        if size < SMALL and not self._source.is_packed(symbol):
            return self._source.history(symbol, first, last, now)
        task = HistoryTask(self._spec, self._root, symbol, first, last, now)
        try:
            (history,) = self._worker.ask(request(task, size))
        except EndedError as error:
            raise _given_up(self.name, self._source.path(symbol), error) from None
        except UnstartedError as error:
            log.warning("%s is read without bounds: no process could be started (%s)", symbol, error)
            return self._source.history(symbol, first, last, now)
        assert isinstance(history, History)  # noqa: S101 - what this task gives
        return history


def _given_up(source: str, item: str, error: EndedError) -> SourceError:
    if error.by_itself:
        return GivenUpError(source, item, f"it {error.problem}; {_NEXT}", error.reason)
    return UnavailableError(source, item, f"it {error.problem}; the next run tries again")
