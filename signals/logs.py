"""Log formatters: one line per event, as text or JSON, with the run and without control characters."""

from __future__ import annotations

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

from signals.redacting import without_secrets

current_run: ContextVar[int | None] = ContextVar("current_run", default=None)

# At DEBUG these write the addresses that they request, with the secrets in them.
_VERBOSE_LOGGERS = ("urllib3", "requests", "charset_normalizer", "yfinance", "peewee")


def configure(level: int, as_json: bool) -> None:
    """Send every event of at least `level` to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if as_json else TextLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _VERBOSE_LOGGERS:
        logging.getLogger(name).setLevel(max(level, logging.INFO))


class TextLines(logging.Formatter):
    """``2026-03-04T03:30:00.000Z INFO run 12 signals.runs.run: ...``; line ends and control characters are escaped."""

    def format(self, record: logging.LogRecord) -> str:
        """Return an event as one line."""
        run = current_run.get()
        label = "" if run is None else f" run {run}"
        trace = "" if record.exc_info is None else "\n" + self.formatException(record.exc_info)
        text = escape_controls(without_secrets(record.getMessage() + trace))
        return f"{_timestamp(record)} {record.levelname}{label} {record.name}: {text}"


class JsonLines(logging.Formatter):
    """One JSON object per line: at, level, run (null outside a run), logger, message, and trace after an exception."""

    def format(self, record: logging.LogRecord) -> str:
        """Return an event as one line."""
        entry = {
            "at": _timestamp(record),
            "level": record.levelname,
            "run": current_run.get(),
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        if record.exc_info is not None:
            entry["trace"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(entry)  # which escapes control characters and everything that is not ASCII


def _timestamp(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def escape_controls(text: str) -> str:
    """Return a text on one line with its control characters escaped, so that it cannot steer a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
