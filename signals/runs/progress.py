"""Where a run is, for its display and for whoever asks `signals status` meanwhile."""

from __future__ import annotations

import time
from threading import Event, Thread
from types import TracebackType
from typing import Self

from signals.app import App
from signals.pipeline import Progress
from signals.types import ProgressRow, Stage

PAUSE = 0.2  # seconds between two writings: thousands of items in a second are not worth a row each


class RunProgress:
    """Shows what a run does, and writes it beside the store.

    What changes again within the pause is written by a thread, so that the item at which a run hangs is there.
    """

    def __init__(self, app: App, run_id: int, display: Progress | None) -> None:
        self._app = app
        self._run_id = run_id
        self._display = display
        self._stage = ""
        self._waiting: ProgressRow | None = None
        self._written_at = 0.0
        self._ended = Event()
        self._writer = Thread(target=self._write_late, name="progress", daemon=True)

    def __enter__(self) -> Self:
        self._writer.start()
        return self

    def __exit__(self, _type: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None) -> None:
        self._ended.set()
        self._writer.join()

    def begin(self, stage: Stage) -> None:
        """Write that a stage has begun."""
        self._stage = stage.value
        self._write("begins", 0, 0)

    def __call__(self, what: str, done: int, of: int) -> None:
        """Show and write what is being done."""
        if self._display is not None:
            self._display(what, done, of)
        self._write(what, done, of)

    def _write(self, what: str, done: int, of: int) -> None:
        self._waiting = ProgressRow(self._run_id, self._stage, what, done, of, self._app.now())
        if time.monotonic() - self._written_at >= PAUSE:
            self._flush()

    def _flush(self) -> None:
        row, self._waiting = self._waiting, None
        if row is not None:
            self._app.store.presence.report(row)
            self._written_at = time.monotonic()

    def _write_late(self) -> None:
        while not self._ended.wait(PAUSE):
            self._flush()
