"""Ties a news article to the price move it may have caused, and says how sure it is.

An Article has Mentions; Mentions fall on an Event; a Study measures the Event's Move; a Link ties the Article to the
Move. ``docs/architecture.md`` is the map of the rooms, ``docs/python.md`` the guide to what notebooks use: `open`,
`event_study`, `plot_average` and `plot_calibration`. They are imported when they are first used, so that the command
line starts at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from signals.notebook import Book as Book
    from signals.notebook import event_study, plot_average, plot_calibration
    from signals.notebook import open_book as open  # noqa: A004 - read as signals.open

__version__ = "0.1.0"
__all__ = ["Book", "__version__", "event_study", "open", "plot_average", "plot_calibration"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from signals import notebook  # start-up: the command line needs no pandas

        return getattr(notebook, "open_book" if name == "open" else name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
