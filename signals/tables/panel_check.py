"""How far p-values can be trusted on a user's own closes: every stock-day as a placebo."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Unpack

import numpy as np
import pandas as pd

from signals.study.census import Census, sizes
from signals.study.leastsquares import Bools
from signals.tables.own_study import StudyOptions, check_names, read_market
from signals.types import Floats, Ints, Times, Window

_SIZES = ("at_10", "at_5", "at_1", "at_0.1")
Row = tuple[str | int | float, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PanelCheck:
    """The size and the power of the p-value on a user's own panel, in percent.

    Attributes
    ----------
    sizes
        A row per window (`event_window`): the share of placebos rejected at 10, 5, 1 and 0.1% (`at_10`, `at_5`, `at_1`,
        `at_0.1`), and their number `placebos`.
    years
        The same by calendar year of day zero (`year`).
    power
        A row per window and added move (`effect`, decimals): the share `detected` at 5%.
    """

    sizes: pd.DataFrame
    years: pd.DataFrame
    power: pd.DataFrame

    def __repr__(self) -> str:
        """Write a line per window."""
        lines = []
        for row in self.sizes.to_dict("records"):
            power = self.power[self.power["event_window"] == row["event_window"]]
            detected = ", ".join(
                f"{effect:+.1%} {share:.0f}%" for effect, share in zip(power["effect"], power["detected"], strict=True)
            )
            shares = " / ".join(f"{row[name]:.2f}" for name in _SIZES)
            lines.append(f"{row['event_window']}: {row['placebos']:,} placebos, rejected at 10/5/1/.1%: {shares}; "
                         f"detected at 5%: {detected}")  # fmt: skip
        return "\n".join(lines)


def calibrate(
    closes: pd.DataFrame,
    benchmark: str | None = None,
    effects: Iterable[float] = (0.01, 0.02, 0.03),
    seed: int = 0,
    placebos: int = 100_000,
    **options: Unpack[StudyOptions],
) -> PanelCheck:
    """Measure the size and the power of the p-value on closes of one's own, before any event is looked at.

    Parameters
    ----------
    closes, benchmark, options
        As `signals.event_study` takes them; `windows` are ``0..0`` and ``0..1`` by default.
    effects
        Moves that are added to the abnormal return of a placebo, in decimals.
    seed, placebos
        If there are more stock-days than `placebos`, so many are drawn by a generator with this seed. The same seed
        gives the same numbers.

    Raises
    ------
    ValueError
        One sentence that names the argument or the column, and what to do; or no stock-day can be measured.
    """
    check_names("calibrate", options, StudyOptions.__annotations__)
    moves = [float(effect) for effect in ([effects] if isinstance(effects, int | float) else effects)]
    if not moves or not np.isfinite(moves).all():
        raise ValueError(f"effects are {moves}; give moves in decimals, as in (0.01, 0.02)")
    if isinstance(placebos, bool) or not isinstance(placebos, int | np.integer) or placebos < 1:
        raise ValueError(f"placebos is {placebos!r}; give a whole number above 0")
    market, study = read_market(closes, benchmark, options)
    census, generator = Census(market.panel, study), np.random.default_rng(seed)
    size_rows: list[Row] = []
    year_rows: list[Row] = []
    power_rows: list[Row] = []
    for window in study.windows:
        row, column = _drawn(census, window, ~_touched(market.breaks, window), placebos, generator)
        tests, unit = census.tests(window, row, column)
        size_rows.append((str(window), *sizes(tests.p_value).tolist(), len(row)))
        year_rows += _by_year(window, _years(market.sessions, column), tests.p_value)
        for move in moves:
            p = census.p_with_effect(window, row, column, tests.z, unit, np.full(len(row), move))
            power_rows.append((str(window), move, float(100 * np.mean(p <= 0.05))))
    return PanelCheck(
        pd.DataFrame(size_rows, columns=["event_window", *_SIZES, "placebos"]),
        pd.DataFrame(year_rows, columns=["event_window", "year", *_SIZES, "placebos"]),
        pd.DataFrame(power_rows, columns=["event_window", "effect", "detected"]),
    )


def _drawn(
    census: Census, window: Window, usable: Bools, placebos: int, generator: np.random.Generator
) -> tuple[Ints, Ints]:
    """Draw placebos that have a p-value, in the order of instrument and session."""
    length = window.last - window.first + 1
    sessions = usable.shape[1]
    first = np.arange(sessions) + window.first
    inside = (first >= 0) & (first < sessions)
    has_z = np.zeros(usable.shape, bool)
    # The z of the calibration is fitted before the window's first session, so that it only says where returns exist.
    has_z[:, inside] = np.isfinite(census.calibration.placebos[length].z[:, first[inside]])
    cells = np.flatnonzero((has_z & usable).ravel())
    row, column = census.row[cells], census.column[cells]
    tests, _ = census.tests(window, row, column)
    cells = np.flatnonzero(np.isfinite(tests.p_value))
    if not len(cells):
        study = census.study
        least = study.min_observations + study.gap + length
        raise ValueError(f"closes have {sessions} sessions and no stock-day that can be measured in {window}; give at "
                         f"least {least} sessions, and several hundred for a useful answer")  # fmt: skip
    if len(cells) > placebos:
        cells = np.sort(generator.choice(cells, placebos, replace=False))
    return row[cells], column[cells]


def _touched(breaks: Bools, window: Window) -> Bools:
    """Return ``(N, T)`` whether the window of a day zero holds a unit break."""
    touched = np.zeros(breaks.shape, bool)
    for row, column in np.argwhere(breaks).tolist():
        touched[row, max(column - window.last, 0) : max(column - window.first + 1, 0)] = True
    return touched


def _years(sessions: Times, column: Ints) -> Ints:
    years: Ints = sessions[column].astype("datetime64[Y]").astype(np.int64) + 1970
    return years


def _by_year(window: Window, years: Ints, p: Floats) -> list[Row]:
    return [
        (str(window), year, *sizes(p[years == year]).tolist(), int((years == year).sum()))
        for year in np.unique(years).tolist()
    ]
