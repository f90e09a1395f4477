"""Log lines: one per event, as text or JSON, with the run that wrote it, and nothing that could steer a terminal."""

from __future__ import annotations

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

current_run: ContextVar[int | None] = ContextVar("current_run", default=None)

# These write the addresses that they ask, and what is secret in them, from DEBUG on.
_TALKATIVE = ("urllib3", "requests", "charset_normalizer", "yfinance", "peewee")


def configure(level: int, as_json: bool) -> None:
    """Send everything from a level on to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if as_json else TextLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(level, logging.INFO))


class TextLines(logging.Formatter):
    """``2026-03-04T03:30:00.000Z INFO run 12 signals.runs.run: ...``; line ends and control characters are escaped."""

    def format(self, record: logging.LogRecord) -> str:
        """Write an event as one line."""
        run = current_run.get()
        said = record.getMessage() + ("" if record.exc_info is None else "\n" + self.formatException(record.exc_info))
        where = "" if run is None else f" run {run}"
        return f"{_instant(record)} {record.levelname}{where} {record.name}: {inert(said)}"


class JsonLines(logging.Formatter):
    """One object per line: at, level, run (null outside of one), logger, message, and trace where something broke."""

    def format(self, record: logging.LogRecord) -> str:
        """Write an event as one line."""
        told = {
            "at": _instant(record),
            "level": record.levelname,
            "run": current_run.get(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info is not None:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told)  # which escapes every control character, and all that is not ASCII


def _instant(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def inert(text: str) -> str:
    """Return a text on one line in which nothing can steer a terminal: control characters are spelled out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
