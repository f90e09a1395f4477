"""What a news source and a price source must offer; the plug-in contracts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from signals.types.articles import Article, Document, Gone, Refusal, SourceFailure
from signals.types.bars import History
from signals.types.candidates import Candidate


class NewsSource(Protocol):
    """Where articles come from. One object per entry of `news:` in the configuration."""

    @property
    def name(self) -> str:
        """The source's name in the configuration."""
        ...

    def fetch(self, previous: Mapping[str, Document], now: datetime) -> Iterable[Document | Gone | SourceFailure]:
        """Yield what is new since `previous` (the last document of each origin, payloads left out).

        An item that cannot be fetched is yielded as a failure; the rest goes on.
        """
        ...

    def parse(self, document: Document) -> Sequence[Article | Refusal]:
        """Read one document; pure, no network, no clock.

        A refusal of the whole document is reported by every run until it is another one. A document of a built-in kind
        may be read in another process, so a source keeps nothing from its fetching for its parsing.

        Raises
        ------
        SourceError
            The document cannot be read; the others go on.
        """
        ...


class PriceSource(Protocol):
    """Where bars come from. One object per entry of `prices:` in the configuration."""

    @property
    def name(self) -> str:
        """The source's name in the configuration."""
        ...

    @property
    def interval(self) -> str:
        """The spacing of its bars: 1d, 1h, 5m ..."""
        ...

    @property
    def at_once(self) -> int:
        """From how many threads it may be asked at the same time."""
        ...

    def version(self, symbol: str) -> str | None:
        """Return a digest of the file behind `symbol`, or None for a source that is asked for spans."""
        ...

    def serves_from(self, now: datetime) -> date | None:
        """Return the first day that can be asked for, None if there is no such limit."""
        ...

    def history(self, symbol: str, first: date, last: date, now: datetime) -> History:
        """Return the bars of `first` to `last`, both included.

        Raises
        ------
        SourceError
            One of its kinds, never an empty answer in place of a failure.
        """
        ...


class ListingSearch(Protocol):
    """Where listings are searched for. One object per entry of `prices:` whose kind offers a search."""

    def search(self, text: str) -> Sequence[Candidate]:
        """Return what a ticker, a name or an ISIN may mean, the vendor's best answer first; empty if nothing.

        Raises
        ------
        UnavailableError
            The vendor did not answer with a list.
        """
        ...
