"""Ties a news article to the price move it may have caused, and says how sure it is.

An Article has Mentions; Mentions fall on an Event; a Study measures the Event's Move; a Link ties the Article to the
Move. ``docs/architecture.md`` is the map of the rooms, ``docs/python.md`` the guide to what notebooks use: `open` for a
store; `event_study`, `car_paths`, `average_tests` and `calibrate` for tables of one's own; `plot_average`,
`plot_paths` and `plot_calibration`. They are imported when they are first used, so that the command line starts at
once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from signals.notebook import Book as Book
    from signals.notebook import open_book as open  # noqa: A004 - read as signals.open
    from signals.plots import plot_average, plot_calibration, plot_paths
    from signals.tables import average_tests, calibrate, car_paths, event_study

__version__ = "0.1.0"
__all__ = ["Book", "__version__", "average_tests", "calibrate", "car_paths", "event_study", "open", "plot_average",
           "plot_calibration", "plot_paths"]  # fmt: skip

#: The module of each name that is imported when it is first used.
_MODULES = {"Book": "notebook", "open": "notebook", "average_tests": "tables", "calibrate": "tables",
            "car_paths": "tables", "event_study": "tables", "plot_average": "plots", "plot_calibration": "plots",
            "plot_paths": "plots"}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        module = import_module(f"signals.{_MODULES[name]}")  # start-up: the command line needs no pandas
        return getattr(module, "open_book" if name == "open" else name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
