"""An event study without a store: a user's own tables of events and closes -> moves, paths, tests and a check of both.

The arithmetic is that of `signals.study`, which the nightly run uses too. This package reads the tables. An input that
cannot be measured rightly has a `reason` in its row, or is a ValueError of one sentence.
"""

from signals.tables.average_tests import average_tests
from signals.tables.car_paths import car_paths
from signals.tables.event_study import event_study
from signals.tables.panel_check import PanelCheck, calibrate

__all__ = ["PanelCheck", "average_tests", "calibrate", "car_paths", "event_study"]
