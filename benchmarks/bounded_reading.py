"""What reading in a process of its own costs: the same documents parsed here and there, in turns, on this machine.

    python -m benchmarks.bounded_reading

The documents are feeds and archives of 400 items (130 to 170 kB). Printed are the seconds of wall time of each, the
ratio, what it takes until the process answers for the first time, and a single question with its answer. The exit code
is 1 if a kind takes more than 1.75 times as long there.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from signals.news import open_source
from signals.news.documents import make_document
from signals.readers.bounded import request
from signals.readers.tasks import DocumentTask, Request
from signals.readers.worker import Worker
from signals.types import Document, NewsSpec

TARGET = 1.75  # of parsing alone, the smaller part of what an article costs: storing and tagging come after it
ROUNDS = 5
ITEMS = 400
NOW = datetime(2026, 3, 4, 3, 30, tzinfo=UTC)
TEXT = "The company opened a plant and said that it would hire people there. " * 4


def feed(n: int) -> bytes:
    """Return a feed that differs from others."""
    items = "".join(
        f"<item><title>Acme opens plant {n}.{i}</title><guid>{n}.{i}</guid><description>{TEXT}</description>"
        "<pubDate>Mon, 02 Feb 2026 09:15:00 +0000</pubDate></item>"
        for i in range(ITEMS)
    )
    return f"<rss version='2.0'><channel><title>Wire</title>{items}</channel></rss>".encode()


def archive(n: int) -> bytes:
    """Return an archive that differs from others."""
    rows = "".join(f"2026-02-02T10:00:00Z,Acme opens plant {n}.{i},{TEXT}\n" for i in range(ITEMS))
    return f"published_at,title,body\n{rows}".encode()


def in_turns(works: Sequence[Callable[[], object]]) -> list[float]:
    """Return the lowest wall time of each function over some rounds, called in turns."""
    best = [float("inf")] * len(works)
    for _ in range(ROUNDS):
        for n, work in enumerate(works):
            began = time.perf_counter()
            work()
            best[n] = min(best[n], time.perf_counter() - began)
    return best


def measure(worker: Worker, spec: NewsSpec, payloads: Sequence[bytes]) -> float:
    """Print the times of documents of a kind, and return their ratio."""
    documents = [make_document(spec, f"{n}", payload, NOW) for n, payload in enumerate(payloads)]
    source = open_source(spec, Path())

    def here() -> None:
        for document in documents:
            source.parse(document)

    def there() -> None:
        for document in documents:
            worker.ask(task_of(spec, document))

    own, other = in_turns([here, there])
    size = sum(map(len, payloads)) / len(payloads) / 1e3
    print(
        f"{spec.kind:5} {len(payloads):3} of {size:4.0f} kB: here {own:.3f} s, there {other:.3f} s, {other / own:.2f}"
    )
    return other / own


def task_of(spec: NewsSpec, document: Document) -> Request:
    """Return the request for a document."""
    return request(DocumentTask(spec, Path(), document), len(document.payload))


def main() -> int:
    """Run the benchmark and return the exit code."""
    rows = NewsSpec("rows", "csv", path="*")
    kinds = [
        (NewsSpec("feeds", "feed", path="*"), [feed(n) for n in range(6)]),
        (rows, [archive(n) for n in range(6)]),
    ]
    with Worker() as worker:
        began = time.perf_counter()
        worker.ask(task_of(rows, make_document(rows, "x", archive(0), NOW)))
        print(f"the first answer after {time.perf_counter() - began:.2f} s")
        empty = task_of(rows, make_document(rows, "x", b"", NOW))
        print(f"a question and its answer take {in_turns([lambda: worker.ask(empty)])[0] * 1e3:.2f} ms")
        ratios = [measure(worker, spec, payloads) for spec, payloads in kinds]
    return int(max(ratios) > TARGET)


if __name__ == "__main__":
    sys.exit(main())
