"""Calibration of a panel for one study: the z of every window of every instrument, by the volatility known before it.

A calibration is computed once for a panel and a study, and later continued by new sessions only. Continuing it leaves
every earlier number bit-identical.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from signals.study.leastsquares import Bools, Sums
from signals.study.models import Panel, abnormal, cut, fit_events
from signals.study.placebo import NORMAL_SCALE, Placebos
from signals.study.thin_trading import thinly_traded
from signals.study.volatility import Averages, NormalEquations, Terms, expected_size, mixture_weights, volatility_terms
from signals.types import Floats, Study

_BY_SESSION = ("volatility", "z", "thin")
ROWS = 32  # instruments at a time: bounds the memory, not the result


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """The placebo windows of a panel up to its last session, and the state that later sessions continue from.

    Attributes
    ----------
    placebos, equations
        By the length K of a window.
    averages, terms
        The running averages after the last session, and the terms of the sessions whose windows were then incomplete.
    """

    placebos: Mapping[int, Placebos]
    equations: Mapping[int, NormalEquations]
    averages: Averages
    terms: Terms

    @property
    def sessions(self) -> int:
        """The number of sessions of the panel that are calibrated."""
        return int(self.placebos[1].z.shape[1])

    def to_bytes(self) -> bytes:
        """Return the calibration as a NumPy archive, from which `from_bytes` restores it."""
        arrays: dict[str, np.ndarray] = {f"averages {n}": a for n, a in self.averages._asdict().items()}
        arrays |= {f"terms {n}": a for n, a in self.terms._asdict().items()}
        for k, one in self.placebos.items():
            arrays |= {f"{k} volatility": one.volatility, f"{k} z": one.z, f"{k} gap": np.array(one.gap)}
            arrays[f"{k} thin"] = one.thin
            arrays |= {f"{k} {name}": a for name, a in self.equations[k]._asdict().items()}
        file = io.BytesIO()
        np.savez(file, **arrays)  # type: ignore[arg-type]  # numpy's stubs read the names as its own options
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Calibration:
        """Read a calibration that `to_bytes` returned."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            lengths = sorted(int(name.split()[0]) for name in arrays if name.endswith(" gap"))
            return cls(
                {
                    k: Placebos(k, int(arrays[f"{k} gap"]), *(arrays[f"{k} {name}"] for name in _BY_SESSION))
                    for k in lengths
                },
                {k: NormalEquations(*(arrays[f"{k} {name}"] for name in NormalEquations._fields)) for k in lengths},
                Averages(*(arrays[f"averages {name}"] for name in Averages._fields)),
                Terms(*(arrays[f"terms {name}"] for name in Terms._fields)),
            )


class CalibratedStudy(NamedTuple):
    """A study with the prefix sums and the placebos of a panel."""

    study: Study
    sums: Sums
    calibration: Calibration


def calibrate(panel: Panel, sums: Sums, study: Study, earlier: Calibration | None = None) -> Calibration:
    """Compute the z of every window of a panel, for each length among the study's windows.

    Parameters
    ----------
    panel, sums
        Of the same returns; `sums` from `signals.study.models.sums_for`.
    study
        The model, estimation window, gap and event windows.
    earlier
        A calibration of the same study and rows on the panel's first sessions, to continue. The cost is that of the new
        sessions only, and the result is bit-identical to one calibration of all sessions. Of the earlier sessions the
        panel needs those that the estimation windows of the last ``gap + K`` sessions cover.
    """
    instruments = len(panel.ret)
    lengths = sorted({1} | {window.last - window.first + 1 for window in study.windows})
    lag = study.gap + max(lengths)  # windows that begin this long before a session end before the session's gap
    if earlier is None:
        earlier = _empty(instruments, lengths, study.gap, lag)
    calibrated = earlier.sessions
    start = max(calibrated - lag, 0)  # windows that begin from here on may have been incomplete
    u, fitted = standardised(panel, sums, study, lengths, start)
    new, averages = volatility_terms(u[1][:, calibrated - start :].T, earlier.averages)
    terms = Terms(*(np.concatenate(pair) for pair in zip(earlier.terms, new, strict=True)))  # from calibrated - lag on
    placebos, equations = {}, {}
    thin = thinly_traded(panel.ret, study.estimation, calibrated)
    thin = np.concatenate([earlier.placebos[1].thin, thin], axis=1)
    for k in lengths:
        size = np.full(terms.mean.shape, np.nan)
        size[start - calibrated + lag :] = np.abs(u[k]).T
        ended = slice(lag - study.gap - k, len(size) - study.gap - k)
        weights, equations[k] = mixture_weights(Terms(*(x[ended] for x in terms)), size[ended], earlier.equations[k])
        before = earlier.placebos[k]
        volatility = np.concatenate([before.volatility, NORMAL_SCALE * expected_size(new, weights).T], axis=1)
        z = np.where(fitted, u[k] / volatility[:, start:], np.nan)
        placebos[k] = Placebos(k, study.gap, volatility, np.concatenate([before.z[:, :start], z], axis=1), thin)
    incomplete = slice(len(terms.mean) - lag, None)
    return Calibration(placebos, equations, averages, Terms(*(x[incomplete].copy() for x in terms)))


def _empty(instruments: int, lengths: Iterable[int], gap: int, lag: int) -> Calibration:
    """Return the calibration of no session."""
    empty, no_session = np.empty((instruments, 0)), np.empty((instruments, 0), bool)
    return Calibration(
        {k: Placebos(k, gap, empty, empty, no_session) for k in lengths},
        {k: NormalEquations.zero() for k in lengths},
        Averages.initial(instruments),
        Terms.missing(lag, instruments),
    )


def standardised(
    panel: Panel, sums: Sums, study: Study, lengths: Iterable[int], start: int
) -> tuple[dict[int, Floats], Bools]:
    """Return CAR / kappa of every window that begins at column `start` or later, and where a fit exists.

    Returns
    -------
    dict
        By length, ``(N, T - start)``; NaN where the window is incomplete. Without a fit the abnormal return is that of
        alpha 0 and beta 1, and kappa is ``sqrt(K)``.
    fitted
        ``(N, T - start)``.
    """
    instruments, sessions = panel.ret.shape
    design = panel.design(study)
    unit_beta = design.unit_beta_abnormal
    shape = (instruments, sessions - start)
    u, fitted = {k: np.empty(shape) for k in lengths}, np.empty(shape, bool)
    for top in range(0, instruments, ROWS):
        rows = np.arange(top, min(top + ROWS, instruments))
        row, column = (x.ravel() for x in np.meshgrid(rows, np.arange(start, sessions), indexing="ij"))
        model = fit_events(sums, study, row, column)
        has_fit = np.isfinite(model.s2)
        fitted[rows] = has_fit.reshape(len(rows), -1)
        for k, values in u.items():
            windows = abnormal(design.y, design.factors, model, row, column, k)
            without_fit = cut(unit_beta, row, column, k).sum(axis=1) / np.sqrt(k)
            values[rows] = np.where(has_fit, windows.car / windows.kappa, without_fit).reshape(len(rows), -1)
    return u, fitted
