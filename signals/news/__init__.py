"""News: files, archives and feeds -> `Article` and `Refusal` values. One small module per kind of source."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from signals.errors import ConfigError
from signals.news.month_names import LANGUAGES
from signals.types import NewsSource, NewsSpec

Factory = Callable[[NewsSpec, Path], NewsSource]

#: The entry-point group in which other packages register their kinds.
GROUP = "signals.news"

#: The built-in kinds as ``module:class``. A class is imported when a source of its kind is opened.
KINDS: Mapping[str, str] = {
    "page": "signals.news.page:PageSource",
    "csv": "signals.news.archive:ArchiveSource",
    "json": "signals.news.archive:ArchiveSource",
    "jsonl": "signals.news.archive:ArchiveSource",
    "parquet": "signals.news.archive:ArchiveSource",
    "edgar": "signals.news.edgar:EdgarSource",
    "feed": "signals.news.feed:FeedSource",
    "yahoo": "signals.news.yahoo:YahooNewsSource",
}


def open_source(spec: NewsSpec, root: Path) -> NewsSource:
    """Return the source that an entry of `news:` describes.

    Parameters
    ----------
    spec
        The entry.
    root
        The folder that relative paths start from.

    Raises
    ------
    ConfigError
        The kind is unknown, or its source does not accept the entry.
    """
    where = f"news[{spec.name}]"
    try:
        codecs.lookup(spec.dialect.encoding)
    except LookupError:
        problem = f"{spec.dialect.encoding!r} is not an encoding; write utf-8, cp1251, latin-1 ..."
        raise ConfigError(f"{where}.encoding", problem) from None
    if "%Z" in (spec.dialect.date_format or ""):
        raise ConfigError(f"{where}.date_format", "%Z loses the zone; leave date_format out, or write %z for an offset")
    if spec.language is not None and spec.language not in LANGUAGES:
        problem = f"{spec.language!r} is not known; known languages: {', '.join(LANGUAGES)}"
        raise ConfigError(f"{where}.language", problem)
    kinds = {point.name: point for point in entry_points(group=GROUP)}
    kinds |= {kind: EntryPoint(kind, path, GROUP) for kind, path in KINDS.items()}
    if spec.kind not in kinds:
        raise ConfigError(f"{where}.kind", f"{spec.kind!r} is unknown; known kinds: {', '.join(sorted(kinds))}")
    factory: Factory = kinds[spec.kind].load()
    return factory(spec, root)
