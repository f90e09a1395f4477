"""A census of placebos: every session of every instrument of a panel as day zero of a study.

No session of a census has news that anyone chose. So 5% of the p-values should be at or below 5% (the size), and the
share after a move was added is how often such a move is detected (the power). `signals.calibrate` makes a census of a
user's own panel, `benchmarks/calibration.py` of the panels of docs/scoring.md.
"""

from __future__ import annotations

import numpy as np

from signals.study.calibration import CalibratedStudy, calibrate
from signals.study.models import Panel, sums_for
from signals.study.placebo import BLOCK_SESSIONS, Reference, Significance
from signals.study.score import Scores, score, tested
from signals.types import Floats, Ints, Study, Window

#: The levels at which sizes are stated.
LEVELS = (0.10, 0.05, 0.01, 0.001)


class Census:
    """The placebos of a panel under a study: ``(N T,)`` rows and columns, by instrument and session."""

    def __init__(self, panel: Panel, study: Study) -> None:
        self.panel, self.study = panel, study
        self.sums = sums_for(panel, study)
        self.calibration = calibrate(panel, self.sums, study)
        instruments, sessions = panel.ret.shape
        axes = np.meshgrid(np.arange(instruments), np.arange(sessions), indexing="ij")
        self.row, self.column = (x.ravel() for x in axes)
        self._references: dict[tuple[int, int, bool], Reference] = {}

    def score(self, window: Window, row: Ints | None = None, column: Ints | None = None) -> Scores:
        """Return the scores of all placebos, or of some."""
        row, column = (self.row, self.column) if row is None or column is None else (row, column)
        return score(self.panel, self.sums, self.study, window, row, column, self.calibration)

    def tests(self, window: Window, row: Ints, column: Ints) -> tuple[Significance, Floats]:
        """Return the significance of some placebos, and ``(E,)`` the CAR that a z of 1 is."""
        return tested(self.panel, CalibratedStudy(self.study, self.sums, self.calibration), window, row, column)

    def p_with_effect(self, window: Window, row: Ints, column: Ints, z: Floats, unit: Floats, effect: Floats) -> Floats:
        """Return the p-values of placebos with an effect added to their CARs, each ``(E,)``.

        Parameters
        ----------
        window
            The event window.
        row, column, z, unit
            The instrument and day zero of each placebo, its z, and the CAR that a z of 1 is.
        effect
            The added move, in decimals.
        """
        moved, p = z + effect / unit, np.empty(len(z))
        length, sessions = window.last - window.first + 1, self.panel.ret.shape[1]
        first = np.clip(column + window.first, 0, sessions - 1)
        group = 2 * (column // BLOCK_SESSIONS) + self.calibration.placebos[length].thin[row, first]
        for one in np.unique(group).tolist():
            members = group == one
            p[members] = self._reference(length, one // 2, one % 2 == 1).p_value(moved[members])
        return p

    def _reference(self, length: int, block: int, thin: bool) -> Reference:
        if (length, block, thin) not in self._references:
            reference = self.calibration.placebos[length].reference(block * BLOCK_SESSIONS, thin)
            self._references[length, block, thin] = reference
        return self._references[length, block, thin]


def sizes(p: Floats) -> Floats:
    """Return the percentage of p-values at or below each of `LEVELS`; NaN without any."""
    p = p[np.isfinite(p)]
    return np.array([100 * np.mean(p <= level) if len(p) else np.nan for level in LEVELS])
