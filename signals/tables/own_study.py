"""The arguments that the functions on a user's own tables share, read once: the market, the events and the study."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
import pandas as pd

from signals.errors import ConfigError
from signals.sessions import zone_of
from signals.tables.own_events import OwnEvents, own_events
from signals.tables.own_market import OwnMarket, Roles, own_market
from signals.tables.price_table import label_of
from signals.types import CONSTANT_MEAN, MARKET, Study, Window

_WINDOW = re.compile(r"\s*-?\d{1,4}\.\.-?\d{1,4}\s*")

# The bounds are those of the configuration.
_LIMITS = {"estimation": (20, 2_500), "gap": (0, 250), "min_observations": (10, 2_500)}
_LONGEST = 250  # sessions that a window may begin before or end after day zero


class MarketOptions(TypedDict, total=False):
    """How a table of closes is read, and what is measured of it: what `signals.event_study` says of these arguments."""

    factors: Iterable[str]
    model: str | None
    estimation: int
    gap: int
    min_observations: int
    market: str | None
    volume: pd.DataFrame | None
    confirmed_jumps: Iterable[tuple[object, object]]


class StudyOptions(MarketOptions, total=False):
    """The same, with the event windows."""

    windows: Iterable[str]


def check_names(function: str, options: MarketOptions, names: Iterable[str]) -> None:
    """Raise TypeError, as Python does, if a function is given an argument that it does not take."""
    unknown = sorted(set(options) - set(names))
    if unknown:
        raise TypeError(f"{function} takes no argument {unknown[0]!r}; it takes {', '.join(sorted(names))}")


@dataclass(frozen=True, slots=True, eq=False)
class OwnStudy:
    """Events of a user's own, on a market of the user's own, and how they are measured."""

    market: OwnMarket
    events: OwnEvents
    study: Study


def read_study(events: pd.DataFrame, closes: pd.DataFrame, benchmark: str | None, options: StudyOptions) -> OwnStudy:
    """Read the arguments of `signals.event_study`.

    Raises
    ------
    ValueError
        One sentence that names the argument, the column or the ticker, and what to do.
    """
    market, study = read_market(closes, benchmark, options)
    return OwnStudy(market, own_events(events, market, options.get("market")), study)


def read_market(closes: pd.DataFrame, benchmark: str | None, options: StudyOptions) -> tuple[OwnMarket, Study]:
    """Read the arguments that need no events."""
    factors = options.get("factors")
    factors = () if factors is None else (factors,) if isinstance(factors, str | int) else tuple(factors)
    roles = Roles(
        None if benchmark is None else _column("benchmark", benchmark),
        tuple(_column("a factor", name) for name in factors),
    )
    study, jumps = _study(roles, options), options.get("confirmed_jumps")
    zone = _zone(options.get("market"))
    return own_market(closes, roles, options.get("volume"), () if jumps is None else jumps, zone), study


def _column(role: str, name: object) -> str:
    """Return the name of a column; a table or a series in its place is refused."""
    if not isinstance(name, str | int | float | np.integer | np.floating):
        raise ValueError(f"{role} is a {type(name).__name__}; put its closes into a column of closes and give the name")
    return label_of(name)


def _zone(mic: object) -> str | None:
    """Return the zone of a market, None if no market is named."""
    if mic is None:
        return None
    try:
        return zone_of(str(mic))
    except ConfigError as error:
        raise ValueError(f"market: {error}") from None


def _study(roles: Roles, options: StudyOptions) -> Study:
    model = options.get("model") or (CONSTANT_MEAN if roles.benchmark is None else MARKET).name
    default = Study("study")
    study = Study(
        "study",
        model,
        estimation=_whole("estimation", options.get("estimation", default.estimation)),
        gap=_whole("gap", options.get("gap", default.gap)),
        min_observations=_whole("min_observations", options.get("min_observations", default.min_observations)),
        windows=_windows(options.get("windows", ("0..0", "0..1"))),
        factors=roles.factors,
    )
    for window in study.windows:
        check_first(str(window), window.first, study.gap)
    if study.needs_benchmark and roles.benchmark is None:
        raise ValueError(
            f"the model {model} needs a benchmark; name a column of closes, or choose constant-mean or raw"
        )
    if roles.factors and not study.return_model.takes_factors:
        raise ValueError(f"the model {model} takes no factors; name a benchmark and choose the model market")
    if study.min_observations > study.estimation:
        raise ValueError(f"min_observations is {study.min_observations} and estimation only {study.estimation}; lower "
                         "the one or raise the other, because the estimation window has to hold them")  # fmt: skip
    return study


def _whole(name: str, value: object) -> int:
    """Return an argument as a whole number within its bounds."""
    low, high = _LIMITS[name]
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer) or not low <= value <= high:
        raise ValueError(f"{name} is {value!r}; give a whole number of sessions from {low} to {high}")
    return int(value)


def _windows(texts: Iterable[str]) -> tuple[Window, ...]:
    texts = [texts] if isinstance(texts, str | Window) or not isinstance(texts, Iterable) else list(texts)
    windows = tuple(_window(str(text)) for text in texts)
    if not windows:
        raise ValueError("windows are empty; give at least one, as in windows=['0..0']")
    if len(set(windows)) < len(windows):
        raise ValueError(f"windows hold one twice: {', '.join(map(str, windows))}; give each once")
    return windows


def check_first(name: str, first: int, gap: int) -> None:
    """Raise ValueError if a span of sessions begins within the estimation window, which ends before the gap."""
    if first < -gap:
        raise ValueError(f"{name} begins {-first} sessions before day zero, within the estimation window; give a gap "
                         f"of at least {-first}, or begin later")  # fmt: skip


def _window(text: str) -> Window:
    if not _WINDOW.fullmatch(text):
        raise ValueError(f"a window is written first..last in sessions from day zero, as in 0..1, not {text!r}")
    window = Window.parse(text)
    if window.first < -_LONGEST or window.last > _LONGEST:
        raise ValueError(f"the window {text!r} reaches further than {_LONGEST} sessions from day zero; shorten it")
    return window
