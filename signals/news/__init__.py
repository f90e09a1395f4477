"""News: files, archives and feeds -> `Article` and `Refusal` values. One small file per kind of source."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

from signals.errors import ConfigError
from signals.types import NewsSource, NewsSpec

Factory = Callable[[NewsSpec, Path], NewsSource]


def _page(spec: NewsSpec, root: Path) -> NewsSource:
    from signals.news.page import PageSource

    return PageSource(spec, root)


def _archive(spec: NewsSpec, root: Path) -> NewsSource:
    from signals.news.archive import ArchiveSource

    return ArchiveSource(spec, root)


def _feed(spec: NewsSpec, root: Path) -> NewsSource:
    from signals.news.feed import FeedSource

    return FeedSource(spec, root)


def _yahoo(spec: NewsSpec, root: Path) -> NewsSource:
    from signals.news.yahoo import YahooNewsSource

    return YahooNewsSource(spec, root)


#: The kinds that come with the program. Others are found in the entry-point group ``signals.news``.
KINDS: dict[str, Factory] = {
    "page": _page, "csv": _archive, "jsonl": _archive, "parquet": _archive, "feed": _feed, "yahoo": _yahoo,
}  # fmt: skip


def open_source(spec: NewsSpec, root: Path) -> NewsSource:
    """Make the source that an entry of `news:` describes.

    Parameters
    ----------
    spec
        The entry.
    root
        The folder that relative paths start from.

    Raises
    ------
    ConfigError
        The kind is unknown, or the entry asks for what its kind cannot do.
    """
    where = f"news[{spec.name}]"
    try:
        codecs.lookup(spec.dialect.encoding)
    except LookupError:
        problem = f"{spec.dialect.encoding!r} is not an encoding; write utf-8, cp1251, latin-1 ..."
        raise ConfigError(f"{where}.encoding", problem) from None
    if "%Z" in (spec.dialect.date_format or ""):
        raise ConfigError(f"{where}.date_format", "%Z loses the zone; leave date_format out, or write %z for an offset")
    others = {point.name: point for point in entry_points(group="signals.news")}
    if spec.kind in KINDS:
        return KINDS[spec.kind](spec, root)
    if spec.kind in others:
        factory: Factory = others[spec.kind].load()
        return factory(spec, root)
    known = ", ".join(sorted(KINDS.keys() | others.keys()))
    raise ConfigError(f"{where}.kind", f"{spec.kind!r} is unknown; known kinds: {known}")
