"""The process that reads for another one: tasks come on stdin, what was read goes to stdout, both pickled.

It ends with its stdin. Where there are limits and alarms, the system ends it by itself when a task takes too much: also
when the process that asked is gone.
"""

from __future__ import annotations

import math
import os
import pickle
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from signals import news, prices
from signals.errors import in_short
from signals.readers.tasks import DocumentTask, End, HistoryTask, Part, Ready, Request
from signals.types import Article, History, NewsSource, PriceSource, Refusal

if sys.platform != "win32":
    import resource

PART = 500  # articles that are sent together
GRACE = 5  # seconds by which the alarm is later than whoever asked
_STATM = Path("/proc/self/statm")


class Reader:
    """Does tasks one after the other; sources stay open, because one file of prices is asked for many symbols."""

    def __init__(self) -> None:
        self._news: dict[str, NewsSource] = {}
        self._prices: dict[str, PriceSource] = {}

    def do(self, task: DocumentTask | HistoryTask) -> Sequence[Article | Refusal | History]:
        """Return what a task gives."""
        key = repr((task.spec, task.root))
        if isinstance(task, DocumentTask):
            if key not in self._news:
                self._news[key] = news.open_source(task.spec, task.root)
            return list(self._news[key].parse(task.document))
        if key not in self._prices:
            self._prices[key] = prices.open_source(task.spec, task.root)
        return [self._prices[key].history(task.symbol, task.first, task.last, task.now)]


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Do the tasks of a stream until it ends."""
    reader = Reader()
    _send(Ready(), replies)
    while True:
        try:
            request: Request = pickle.load(requests)  # noqa: S301 - from the process that started this one
        except EOFError:
            return
        _limit(request)
        try:
            items = reader.do(request.task)
            for start in range(0, len(items), PART):
                _send(Part(items[start : start + PART]), replies)
            end = End()
        except Exception as error:  # it is whoever asked who says what it means
            end = End(_sendable(error))
        _limit(None)
        _send(end, replies)


def _send(reply: Ready | Part | End, replies: BinaryIO) -> None:
    pickle.dump(reply, replies, pickle.HIGHEST_PROTOCOL)
    replies.flush()


def _sendable(error: Exception) -> Exception:
    """Return an error that can be sent: itself, or one that says the same."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:  # what an error of a library does when it is copied is in no contract
        return RuntimeError(in_short(error))
    return error


def _limit(request: Request | None) -> None:
    """Bound the memory and the time of a task; without one, lift the bounds. Windows has neither."""
    if sys.platform == "win32":
        return
    signal.alarm(0 if request is None else math.ceil(request.seconds) + GRACE)
    # On Linux the bound of data counts what is really asked for; elsewhere the address space must do.
    kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    hard = resource.getrlimit(kind)[1]
    soft = hard if request is None else _used() + request.memory
    resource.setrlimit(kind, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _used() -> int:
    """Return the bytes of data that this process has; 0 where the system does not say."""
    return int(_STATM.read_text(encoding="ascii").split()[5]) * os.sysconf("SC_PAGE_SIZE") if _STATM.exists() else 0


def main() -> None:
    """Serve stdin and stdout; the modules that the arguments name are imported while there is nothing else to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked is told too, and ends this process
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no reply
    for module in sys.argv[1:]:
        import_module(module)
    serve(requests, replies)


if __name__ == "__main__":
    main()
