"""Sources of news: a file or a response is fetched as a Document, and a Document is read into Articles and Refusals.

A kind is one small file with a class that follows `signals.types.NewsSource`. Other packages add kinds through the
entry-point group ``signals.news``: a callable that takes a NewsSpec and the folder of the configuration.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

from signals.errors import ConfigError
from signals.types import NewsSource, NewsSpec

KINDS = {
    "page": "signals.news.page:Pages",
    "csv": "signals.news.archive:Archive",
    "feed": "signals.news.feed:Feed",
}


def open_source(spec: NewsSpec, root: Path) -> NewsSource:
    """Open the source that an entry of `news:` describes; relative paths start from `root`.

    Raises
    ------
    ConfigError
        The kind is not known, or lacks what it needs.
    """
    others = {point.name: point for point in entry_points(group="signals.news")}
    if spec.kind in KINDS:
        module, _, name = KINDS[spec.kind].partition(":")
        make: Callable[[NewsSpec, Path], NewsSource] = getattr(import_module(module), name)
    elif spec.kind in others:
        make = others[spec.kind].load()
    else:
        known = ", ".join(sorted([*KINDS, *others]))
        raise ConfigError(f"news[{spec.name}].kind", f"{spec.kind!r} is not a kind of news source; known: {known}")
    return make(spec, root)
