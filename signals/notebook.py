"""The Python API for notebooks: what `import signals` offers. Tables come back as data frames with proper types.

>>> import signals
>>> book = signals.open("config.yaml")
>>> book.links(ticker="GAZP", since="2015-01-01")
>>> signals.event_study(events, closes, benchmark="IMOEX")
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from signals.answers.contrast import contrast, group_of
from signals.answers.explain import explain
from signals.answers.report import chart, report
from signals.answers.unusual import unusual
from signals.app import App, open_app
from signals.reports.explanation import explanation_lines
from signals.store import queries
from signals.store.queries import LinkFilters
from signals.store.views import EVENTS, INSTRUMENTS, LINKS, MOVES, View
from signals.study.calibration import calibrate
from signals.study.score import Panel, Scores, score, sums_for
from signals.types import CONSTANT_MEAN, MARKET, RAW, Contrast, Ints, Reason, Study, Window

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DTYPES: dict[str, Any] = {"text": "object", "integer": "Int64", "real": "float64", "date": "datetime64[ns]"}


@dataclass(frozen=True, eq=False)
class Book:
    """An open store, for reading."""

    app: App

    def links(
        self,
        ticker: str | None = None,
        since: str | date | None = None,
        until: str | date | None = None,
        study: str | None = None,
        window: str | None = None,
        min_relevance: float | None = None,
    ) -> pd.DataFrame:
        """Return rows of v_links, newest first; `since` and `until` are days zero."""
        filters = LinkFilters(
            ticker=ticker,
            since=_day(since),
            until=_day(until),
            study=study,
            window=window,
            min_relevance=min_relevance,
        )
        self.app.require_schema()
        with self.app.store.read() as db:
            return framed(queries.links(db, filters), LINKS)

    def moves(
        self, ticker: str | None = None, since: str | date | None = None, unexplained: bool = False
    ) -> pd.DataFrame:
        """Return rows of v_moves: unusual sessions, with news or without."""
        return framed(unusual(self.app, ticker, _day(since), unexplained).sessions, MOVES)

    def events(self, ticker: str | None = None) -> pd.DataFrame:
        """Return rows of v_events, the unit of inference: a row per event, study and window."""
        return self._view(EVENTS, ticker)

    def instruments(self, ticker: str | None = None) -> pd.DataFrame:
        """Return rows of v_instruments: coverage and base rates."""
        return self._view(INSTRUMENTS, ticker)

    def contrast(
        self,
        first: Mapping[str, str | date],
        second: Mapping[str, str | date],
        study: str | None = None,
        window: str | None = None,
        period: str = "month",
    ) -> Contrast:
        """Compare two groups of events, each named by ticker, source, tag, since and until."""
        return contrast(self.app, group_of(first), group_of(second), study, window, period)

    def explain(self, link_id: str) -> str:
        """Return the derivation of a link as text; the beginning of an id explains all links under it."""
        return "\n".join(line for line, _ in explanation_lines(explain(self.app, link_id)))

    def _view(self, view: View, ticker: str | None) -> pd.DataFrame:
        self.app.require_schema()
        where = "1 = 1" if ticker is None else "ticker = :ticker"
        with self.app.store.read() as db:
            return framed(
                queries.select_view(db, view, view.row, where, **({"ticker": ticker} if ticker else {})), view
            )


def open_book(config: str | Path = "config.yaml", database: str | None = None) -> Book:
    """Open the store of a configuration, or another one by its URL.

    Raises
    ------
    ConfigError, StoreError
        One sentence that names the file or the key and what to do.
    """
    book = Book(open_app(Path(config), database))
    book.app.require_schema()
    return book


def framed(rows: Sequence[object], view: View) -> pd.DataFrame:
    """Put rows of a view into a data frame: instants in UTC, sessions as dates, counts as nullable integers."""
    frame = pd.DataFrame(
        [[getattr(row, name) for name in view.names] for row in rows], columns=list(view.names), dtype="object"
    )
    for name in view.names:
        kind = view.kind(name)
        if kind == "instant":
            frame[name] = pd.to_datetime(frame[name], utc=True).astype("datetime64[ns, UTC]")
        else:
            frame[name] = frame[name].astype(_DTYPES[kind])
    return frame


def _day(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


# --- a study without a database -------------------------------------------------------------------------------------


def event_study(
    events: pd.DataFrame,
    closes: pd.DataFrame,
    benchmark: str | None = None,
    model: str | None = None,
    windows: Iterable[str] = ("0..0", "0..1"),
    estimation: int = 250,
    gap: int = 10,
    min_observations: int = 120,
) -> pd.DataFrame:
    """Measure events on prices of one's own, as the nightly run measures them.

    Parameters
    ----------
    events
        A row per event, with the columns `ticker` and `day_zero`: the first session able to react. A day without a
        session counts as the next one.
    closes
        Total-return prices: sessions ascending as the index, a column per instrument; NaN where it did not trade. All
        columns but the benchmark are what an event is compared with, so more instruments make a better p-value.
    benchmark
        The column of the benchmark.
    model
        A name of `signals.types.RETURN_MODELS`; if None, ``market`` with a benchmark and ``constant-mean`` without.
    windows, estimation, gap, min_observations
        As in the configuration: sessions from day zero, both ends included.

    Returns
    -------
    DataFrame
        A row per event and window under the names of v_events, in the order of the events. What could not be measured
        has a `reason` and NaN.

    Raises
    ------
    ValueError
        A column is missing, or the index is not ascending.
    """
    _check_frames(events, closes, benchmark)
    study = Study("study", model or (MARKET if benchmark else CONSTANT_MEAN).name, estimation, gap, min_observations,
                  tuple(Window.parse(text) for text in windows))  # fmt: skip
    if study.needs_benchmark and benchmark is None:
        raise ValueError(f"the model {study.model} needs a benchmark")
    return _measured(events, closes, benchmark, study)


def _measured(events: pd.DataFrame, closes: pd.DataFrame, benchmark: str | None, study: Study) -> pd.DataFrame:
    """Return a row per event and window, in the order of the events."""
    panel, rows = _panel(closes, benchmark)
    sessions = pd.DatetimeIndex(closes.index)
    instrument = np.array([rows[ticker] for ticker in events["ticker"]], dtype=np.int64)
    day_zero = sessions.searchsorted(pd.DatetimeIndex(events["day_zero"])).astype(np.int64)
    sums = sums_for(panel, study)
    calibration = calibrate(panel, sums, study)
    parts = []
    for window in study.windows:
        scores = score(panel, sums, study, window, instrument, day_zero, calibration)
        parts.append(_scored(events, sessions, day_zero, study, window, scores))
    table = pd.concat(parts).reset_index(names="event")
    return table.sort_values("event", kind="stable").drop(columns="event").reset_index(drop=True)


def _check_frames(events: pd.DataFrame, closes: pd.DataFrame, benchmark: str | None) -> None:
    """Raise ValueError if a column is missing, or the index of closes is not ascending."""
    missing = {"ticker", "day_zero"} - set(events.columns)
    if missing:
        raise ValueError(f"events lack the column {sorted(missing)[0]!r}; they need ticker and day_zero")
    if not closes.index.is_monotonic_increasing or not closes.index.is_unique:
        raise ValueError("the index of closes must be ascending sessions, each once")
    unknown = sorted({*events["ticker"], *([benchmark] if benchmark else [])} - set(closes.columns))
    if unknown:
        raise ValueError(f"closes have no column {unknown[0]!r}")


def _panel(closes: pd.DataFrame, benchmark: str | None) -> tuple[Panel, dict[str, int]]:
    """Lay out returns; one across a missing session is missing."""
    returns = closes.pct_change(fill_method=None)
    names = [str(name) for name in closes.columns if name != benchmark]
    ret = np.ascontiguousarray(returns[names].to_numpy(float).T)
    market = returns[benchmark].to_numpy(float) if benchmark else np.full(len(returns), np.nan)
    nothing = np.full_like(ret, np.nan)
    return Panel(ret, np.broadcast_to(market, ret.shape).copy(), nothing, nothing), {n: i for i, n in enumerate(names)}


_COLUMNS = {"ret": "ret", "benchmark_ret": "benchmark_ret", "car": "car", "bhar": "bhar", "volatility": "sigma",
            "kappa": "kappa", "t_stat": "t_stat", "z": "z", "p_value": "p_value", "p_method": "p_method",
            "p_rank": "p_rank", "minimum_detectable": "minimum_detectable", "alpha": "alpha", "beta": "beta",
            "n": "n_estimation", "n_reference": "n_reference"}  # fmt: skip


def _scored(
    events: pd.DataFrame, sessions: pd.DatetimeIndex, day_zero: Ints, study: Study, window: Window, scores: Scores
) -> pd.DataFrame:
    inside = day_zero < len(sessions)
    frame = pd.DataFrame({"ticker": events["ticker"].to_numpy()}, index=range(len(events)))
    frame["day_zero"] = pd.Series(sessions).reindex(np.where(inside, day_zero, -1)).to_numpy()
    frame["model"], frame["event_window"] = study.model_name, str(window)
    for field, name in _COLUMNS.items():
        frame[name] = getattr(scores, field)
    reasons = [Reason.DEGENERATE, Reason.SHORT_HISTORY, Reason.NO_BARS, Reason.WINDOW_OPEN]
    ends_later = day_zero + window.last >= len(sessions)
    short = scores.n < study.min_observations if study.return_model is not RAW else np.zeros(len(events), bool)
    chosen = np.select([ends_later, ~scores.has_bars, short, ~np.isfinite(scores.p_value)], reasons[::-1], default="")
    frame["reason"] = [str(reason) for reason in chosen]
    return frame


# --- pictures -------------------------------------------------------------------------------------------------------


def plot_average(book: Book, ticker: str, study: str | None = None, axes: Axes | None = None) -> Axes:
    """Draw the average path around a ticker's news with its 95% band; needs the extra `plot`."""
    answer = report(book.app, ticker, LinkFilters(study=study))
    drawn = chart(book.app, answer)
    name = study or next(iter(drawn.average))
    points = [(point.mean, point.half_band, point.events) for point in drawn.average[name]]
    mean, half, count = (np.array(column, dtype=float) for column in zip(*points, strict=True))
    axes = _axes(axes)
    axes.axhline(0, color="0.7", linewidth=0.8)
    axes.fill_between(drawn.offsets, 100 * (mean - half), 100 * (mean + half), alpha=0.18, linewidth=0)
    axes.plot(drawn.offsets, 100 * mean, marker="o", markersize=3.5)
    axes.set_xlabel("sessions from day zero")
    axes.set_ylabel("cumulated abnormal return, %")
    axes.set_title(f"{ticker}: {int(np.nanmax(count))} events, study {name}")
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
