"""A process that reads, started when it is first needed, and ended when a task takes too long or too much."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from errno import ENOMEM
from threading import Timer
from types import TracebackType
from typing import Self

from signals.readers.tasks import End, Part, Request
from signals.types import Article, History, Refusal

START_SECONDS = 120
_KILLED = 9


class EndedError(Exception):
    """The process was ended over a task, or ended by itself; `reason` is a word, the text a sentence's middle.

    `by_itself` is false where somebody else may have ended it, which says nothing sure about the task.
    """

    def __init__(self, reason: str, problem: str, by_itself: bool = True) -> None:
        super().__init__(problem)
        self.reason = reason
        self.problem = problem
        self.by_itself = by_itself


class UnstartedError(Exception):
    """No process could be started, which says nothing about the task."""


class Worker:
    """One process for all tasks; it is asked from one thread."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._is_ready = False

    def __enter__(self) -> Self:
        """Return itself; nothing is started yet."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End the process."""
        self.close()

    @property
    def is_running(self) -> bool:
        """Whether there is a process to ask."""
        return self._process is not None and self._process.poll() is None

    def start(self, modules: Iterable[str] = ()) -> None:
        """Start the process unless it runs, without waiting for it; it imports some modules at once."""
        if self.is_running:
            return
        self.close()
        # The modules of this process are found by the other one too, however they were found.
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        line = [sys.executable, "-m", "signals.readers.child", *modules]
        pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
        try:
            self._process = subprocess.Popen(line, env=environment, stdin=pipe, stdout=pipe, stderr=nothing)  # noqa: S603 - ourselves
        except OSError as error:
            raise UnstartedError(error.strerror or str(error)) from None
        self._is_ready = False

    def ask(self, request: Request) -> Sequence[Article | Refusal | History]:
        """Return what a task gives.

        Raises
        ------
        EndedError
            It took longer or more memory than the request allows, or the process died of it.
        UnstartedError
            There is no process to ask.
        Exception
            What the task raised.
        """
        process = self._ready()
        late = _Deadline(process, request.seconds)
        try:
            items, end = _asked(process, request)
        except (EOFError, OSError, pickle.UnpicklingError):
            late.cancel()
            raise _why(self.close(), late.passed, request) from None
        except BaseException:
            late.cancel()
            self.close()
            raise
        if late.cancel() or _is_of_memory(end.error):
            self.close()
        if _is_of_memory(end.error):
            raise EndedError("too_large", f"takes more than {request.memory // 2**20:,} MB of memory to read")
        if end.error is not None:
            raise end.error
        return items

    def _ready(self) -> subprocess.Popen[bytes]:
        """Return the process as soon as it has started; that takes no time of a task."""
        self.start()
        process = self._process
        assert process is not None  # noqa: S101 - it was started
        if not self._is_ready:
            assert process.stdout is not None  # noqa: S101 - it is a pipe
            late = _Deadline(process, START_SECONDS)
            try:
                pickle.load(process.stdout)  # noqa: S301 - from the process that was started here
            except (EOFError, OSError, pickle.UnpicklingError):
                raise UnstartedError(f"it ended with code {self.close()}") from None
            finally:
                late.cancel()
            self._is_ready = True
        return process

    def close(self) -> int:
        """End the process, and return how it ended."""
        process, self._process = self._process, None
        if process is None:
            return 0
        if process.poll() is None:
            process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):  # what was not sent yet is not wanted any more
                    stream.close()
        return process.wait()


class _Deadline:
    """Ends a process after some seconds unless it is cancelled before."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self.passed = False
        self._process = process
        self._timer = Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def cancel(self) -> bool:
        """Stop the clock; returns whether the time had passed."""
        self._timer.cancel()
        self._timer.join()
        return self.passed

    def _end(self) -> None:
        self.passed = True
        self._process.kill()


def _asked(process: subprocess.Popen[bytes], request: Request) -> tuple[Sequence[Article | Refusal | History], End]:
    """Send a request and return the replies to it."""
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stdout is not None  # noqa: S101
    pickle.dump(request, process.stdin, pickle.HIGHEST_PROTOCOL)
    process.stdin.flush()
    items: list[Article | Refusal | History] = []
    while True:
        reply: Part | End = pickle.load(process.stdout)  # noqa: S301 - from the process that was started here
        if isinstance(reply, End):
            return items, reply
        items += reply.items


def _is_of_memory(error: Exception | None) -> bool:
    """Return whether an error says that there was no more memory; libraries in C say it in several ways."""
    return isinstance(error, MemoryError | SystemError) or (isinstance(error, OSError) and error.errno == ENOMEM)


def _why(code: int, late: bool, request: Request) -> EndedError:
    """Return why a process ended over a request."""
    if late or (hasattr(signal, "SIGALRM") and code == -signal.SIGALRM):
        return EndedError("too_slow", f"takes more than {request.seconds:,.0f} seconds to read")
    how = f"signal {-code}" if code < 0 else f"code {code}"
    problem = f"ended its reader ({how}), perhaps for the memory that it takes"
    return EndedError("reader_died", problem, by_itself=code not in (-_KILLED, 1))
