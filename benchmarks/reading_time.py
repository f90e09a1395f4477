"""Compare the parsing of whole pages with ``trafilatura.extract`` alone, on the same pages and one core.

    python -m benchmarks.reading_time [FOLDER]

Parsing yields the title, the instant with its zone, the URL, the publisher, the instruments and the text; extraction
yields the text alone. The pages are those of ``tests/news/publishers`` and, if a folder is given, the ``*.html`` and
``*.html.gz`` in it. Each page is parsed twice: by the layouts of its declared publisher, and without any declared
publisher. The exit code is 1 if either takes more than 1.5 times as long as trafilatura.
"""

from __future__ import annotations

import gzip
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import trafilatura

from signals.news import open_source, publishers
from signals.news.documents import make_document
from signals.types import Document, NewsSpec

TARGET = 1.5
ROUNDS = 5
RECORDED = Path(__file__).resolve().parent.parent / "tests" / "news" / "publishers"
SPEC = NewsSpec("pages", "page", path="*")


def pages(folders: Sequence[Path]) -> list[bytes]:
    """Return the HTML pages in some folders."""
    paths = [path for folder in folders for path in sorted(folder.glob("*.html*"))]
    return [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in paths]


def seconds(works: Sequence[Callable[[], object]]) -> list[float]:
    """Return the lowest processor time of each function over some rounds, called in turns."""
    best = [float("inf")] * len(works)
    for _ in range(ROUNDS):
        for n, work in enumerate(works):
            began = time.process_time()
            work()
            best[n] = min(best[n], time.process_time() - began)
    return best


def main() -> int:
    """Run the benchmark and return the exit code."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    payloads = pages([RECORDED, *map(Path, sys.argv[1:])])
    texts = [payload.decode("utf-8") for payload in payloads]
    documents = [make_document(SPEC, f"{n}.html", payload, datetime.now(UTC)) for n, payload in enumerate(payloads)]
    source = open_source(SPEC, Path())

    def read(some: Sequence[Document]) -> None:
        for each in some:
            source.parse(each)

    def undeclared(some: Sequence[Document]) -> None:
        declared, publishers.PUBLISHERS = publishers.PUBLISHERS, ()
        try:
            read(some)
        finally:
            publishers.PUBLISHERS = declared

    alone, general, layouts = seconds(
        [lambda: [trafilatura.extract(text) for text in texts], lambda: undeclared(documents), lambda: read(documents)]
    )
    print(f"{len(texts)} pages, {sum(map(len, payloads)) / 1e6:.1f} MB, best of {ROUNDS} rounds on one core")
    print(f"trafilatura.extract alone     {len(texts) / alone:8.1f} pages/s")
    for name, took in (("read, publisher not declared", general), ("read, by declared layouts", layouts)):
        print(f"{name:<30}{len(texts) / took:8.1f} pages/s, {took / alone:.2f} times as long (at most {TARGET})")
    return int(max(general, layouts) / alone > TARGET)


if __name__ == "__main__":
    sys.exit(main())
