"""Plots for notebooks; they need the extra `plot`, which is imported when the first is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from signals.answers.report import chart, report
from signals.notebook import Book
from signals.store.queries import LinkFilters
from signals.types import Floats, Ints

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NORMAL_95 = 1.96


def plot_average(book: Book, ticker: str, study: str | None = None, axes: Axes | None = None) -> Axes:
    """Draw the average path around a ticker's news with its 95% band; needs the extra `plot`."""
    answer = report(book.app, ticker, LinkFilters(study=study))
    drawn = chart(book.app, answer)
    name = study or next(iter(drawn.average))
    points = [(point.mean, point.half_band, point.events) for point in drawn.average[name]]
    mean, half, count = (np.array(column, dtype=float) for column in zip(*points, strict=True))
    return _path(
        _axes(axes), np.array(drawn.offsets), mean, half, f"{ticker}: {int(np.nanmax(count))} events, study {name}"
    )


def plot_paths(paths: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Draw the average of paths with its 95% band; needs the extra `plot`.

    Parameters
    ----------
    paths
        From `signals.car_paths`, or some of its rows. Events of one ticker and day zero count once. Where offset -1 is
        among them, the path is cumulated from the last close before day zero, forwards and backwards, as in
        `plot_average`.

    Raises
    ------
    ValueError
        The columns are not those of `signals.car_paths`, or no path has a number.
    """
    missing = sorted({"ticker", "day_zero", "offset", "car"} - set(paths.columns))
    if missing:
        raise ValueError(f"paths lack the column {missing[0]!r}; give what car_paths returns")
    once = paths.dropna(subset=["car"]).drop_duplicates(["ticker", "day_zero", "offset"])
    if once.empty:
        raise ValueError("no path has a number; see the column `reason` of the paths")
    table = once.pivot(index=["ticker", "day_zero"], columns="offset", values="car")
    if -1 in table.columns:
        table = table.sub(table[-1], axis=0)
    car, count = table.to_numpy(), table.notna().sum().to_numpy()
    half = np.full(len(count), np.nan)
    several = count > 1
    half[several] = NORMAL_95 * np.nanstd(car[:, several], axis=0, ddof=1) / np.sqrt(count[several])
    title = f"{count.max()} {'event' if count.max() == 1 else 'events'}"
    return _path(_axes(axes), table.columns.to_numpy(), np.nanmean(car, axis=0), half, title)


def _path(axes: Axes, offsets: Ints, mean: Floats, half: Floats, title: str) -> Axes:
    """Draw an average path, in decimals, and its band."""
    axes.axhline(0, color="0.7", linewidth=0.8)
    axes.fill_between(offsets, 100 * (mean - half), 100 * (mean + half), alpha=0.18, linewidth=0)
    axes.plot(offsets, 100 * mean, marker="o", markersize=3.5)
    axes.set_xlabel("sessions from day zero")
    axes.set_ylabel("cumulated abnormal return, %")
    axes.set_title(title)
    return axes


def plot_calibration(p_values: Iterable[float], axes: Axes | None = None) -> Axes:
    """Draw the share of p-values at or below each p beside the uniform and its 95% band; needs the extra `plot`."""
    finite = np.sort(np.array([p for p in p_values if p is not None and np.isfinite(p)], dtype=float))
    axes = _axes(axes)
    grid = np.linspace(0, 1, 101)
    half = 1.358 / np.sqrt(max(len(finite), 1))  # Kolmogorov's 95% quantile
    axes.fill_between(grid, np.clip(grid - half, 0, 1), np.clip(grid + half, 0, 1), alpha=0.18, linewidth=0)
    axes.plot(grid, grid, color="0.6", linewidth=0.8, linestyle="--")
    shares = np.arange(1, len(finite) + 1) / len(finite)
    axes.step(np.concatenate([[0], finite, [1]]), np.concatenate([[0], shares, [1]]), where="post")
    axes.set_xlabel("p")
    axes.set_ylabel("share of events at or below")
    axes.set_title(f"{len(finite)} p-values beside the uniform")
    return axes


def _axes(axes: Axes | None) -> Axes:
    if axes is not None:
        return axes
    from matplotlib import pyplot  # an extra, and slow to import

    return pyplot.subplots(figsize=(6, 4), layout="constrained")[1]
