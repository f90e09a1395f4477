"""``python -m signals``."""

from signals.cli import entry

entry()
