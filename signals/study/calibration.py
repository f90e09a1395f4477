"""A panel's own placebos for one study: every window of every instrument, scaled by the volatility known before it.

Made once for a panel and a study, and carried on by the sessions of each night: what was there keeps every bit.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from signals.study.leastsquares import Bools, Sums
from signals.study.models import Panel, abnormal, cut, fit_events
from signals.study.placebo import NORMAL, Placebos
from signals.study.volatility import Averages, Evidence, Terms, expected_size, mixture_weights, volatility_terms
from signals.types import Floats, Study

ROWS = 32  # instruments at a time: bounds the memory, not the result


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """What the windows of a panel looked like up to its last session, and what the next session needs to go on.

    Attributes
    ----------
    placebos, evidence
        By the length K of a window.
    averages, terms
        The running averages after the last session, and the terms of the sessions whose windows were then still open.
    """

    placebos: Mapping[int, Placebos]
    evidence: Mapping[int, Evidence]
    averages: Averages
    terms: Terms

    @property
    def sessions(self) -> int:
        """How many sessions of the panel are in it."""
        return int(self.placebos[1].z.shape[1])

    def to_bytes(self) -> bytes:
        """Write it down, to go on from another night."""
        arrays: dict[str, np.ndarray] = {f"averages {n}": a for n, a in self.averages._asdict().items()}
        arrays |= {f"terms {n}": a for n, a in self.terms._asdict().items()}
        for k, one in self.placebos.items():
            arrays |= {f"{k} volatility": one.volatility, f"{k} z": one.z, f"{k} gap": np.array(one.gap)}
            arrays |= {f"{k} {name}": a for name, a in self.evidence[k]._asdict().items()}
        file = io.BytesIO()
        np.savez(file, **arrays)  # type: ignore[arg-type]  # numpy's stubs read the names as its own options
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Calibration:
        """Read what `to_bytes` wrote."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            lengths = sorted(int(name.split()[0]) for name in arrays if name.endswith(" gap"))
            return cls(
                {k: Placebos(k, int(arrays[f"{k} gap"]), arrays[f"{k} volatility"], arrays[f"{k} z"]) for k in lengths},
                {k: Evidence(*(arrays[f"{k} {name}"] for name in Evidence._fields)) for k in lengths},
                Averages(*(arrays[f"averages {name}"] for name in Averages._fields)),
                Terms(*(arrays[f"terms {name}"] for name in Terms._fields)),
            )


def calibrate(panel: Panel, sums: Sums, study: Study, earlier: Calibration | None = None) -> Calibration:
    """Scale every window of a panel, for each length among the study's windows.

    Parameters
    ----------
    panel, sums
        Of the same returns; `sums` from `signals.study.models.sums_for`.
    study
        How to measure.
    earlier
        The calibration of the same study and rows on the panel's first sessions, to go on from. It costs the new
        sessions only, and gives the same bits as one calibration of all of them. Of the old sessions the panel needs
        those that a window of the last ``gap + K`` is estimated on.
    """
    instruments = len(panel.ret)
    lengths = sorted({1} | {window.last - window.first + 1 for window in study.windows})
    lag = study.gap + max(lengths)  # a window that begins so long before a session ended before its gap
    if earlier is None:
        nothing = np.empty((instruments, 0))
        earlier = Calibration(
            {k: Placebos(k, study.gap, nothing, nothing) for k in lengths},
            {k: Evidence.none() for k in lengths},
            Averages.none(instruments),
            Terms.none(lag, instruments),
        )
    known = earlier.sessions
    again = max(known - lag, 0)  # windows that begin from here on may not have been complete
    u, fitted = standardised(panel, sums, study, lengths, again)
    new, averages = volatility_terms(u[1][:, known - again :].T, earlier.averages)
    terms = Terms(*(np.concatenate(pair) for pair in zip(earlier.terms, new, strict=True)))  # from known - lag on
    placebos, evidence = {}, {}
    for k in lengths:
        size = np.full(terms.mean.shape, np.nan)
        size[again - known + lag :] = np.abs(u[k]).T
        ended = slice(lag - study.gap - k, len(size) - study.gap - k)
        weights, evidence[k] = mixture_weights(Terms(*(x[ended] for x in terms)), size[ended], earlier.evidence[k])
        before = earlier.placebos[k]
        now = NORMAL * expected_size(new, weights).T
        volatility = np.concatenate([before.volatility, now], axis=1)
        z = np.where(fitted, u[k] / volatility[:, again:], np.nan)
        placebos[k] = Placebos(k, study.gap, volatility, np.concatenate([before.z[:, :again], z], axis=1))
    kept = slice(len(terms.mean) - lag, None)
    return Calibration(placebos, evidence, averages, Terms(*(x[kept].copy() for x in terms)))


def standardised(
    panel: Panel, sums: Sums, study: Study, lengths: Iterable[int], start: int
) -> tuple[dict[int, Floats], Bools]:
    """Return CAR / kappa of every window that begins at column `start` or later, and where there is a fit.

    Returns
    -------
    dict
        By length, ``(N, T - start)``; NaN where the window is not complete. Where there is no fit yet the abnormal
        return is measured with alpha 0 and beta 1.
    fitted
        ``(N, T - start)``.
    """
    instruments, sessions = panel.ret.shape
    design = panel.design(study)
    young = design.unfitted
    shape = (instruments, sessions - start)
    found, fitted = {k: np.empty(shape) for k in lengths}, np.empty(shape, bool)
    for top in range(0, instruments, ROWS):
        rows = np.arange(top, min(top + ROWS, instruments))
        row, column = (x.ravel() for x in np.meshgrid(rows, np.arange(start, sessions), indexing="ij"))
        model = fit_events(sums, study, row, column)
        fine = np.isfinite(model.s2)
        fitted[rows] = fine.reshape(len(rows), -1)
        for k, values in found.items():
            moved = abnormal(design.y, design.factors, model, row, column, k)
            simple = cut(young, row, column, k).sum(axis=1) / np.sqrt(k)
            values[rows] = np.where(fine, moved.car / moved.kappa, simple).reshape(len(rows), -1)
    return found, fitted
