"""Publication instants -> day zero and its anchor rule.

Day zero is the first session that closes strictly after the instant: news published at the close itself can no longer
be traded in that session.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC
from zoneinfo import ZoneInfo

import numpy as np

from signals.sessions.local_time import local_midnights
from signals.sessions.market_clock import Clock
from signals.types import Anchor, DayZero, Ints, Precision, Stamp, ZoneBasis

#: The codes that `reacting_sessions` returns are positions in this tuple.
ANCHORS = tuple(Anchor)


def reacting_sessions(clock: Clock, instants: Ints) -> tuple[Ints, Ints]:
    """Return the first session that can react to each publication instant, and the anchor rule.

    Parameters
    ----------
    clock
        The market's clock.
    instants
        Seconds since 1970-01-01 UTC, shape ``(N,)``.

    Returns
    -------
    index, anchor
        Shape ``(N,)``: positions in ``clock.sessions`` of the first session that closes after the instant, and in
        `ANCHORS` of the rule. Both are -1 where the instant lies outside the clock.

    Notes
    -----
    ``in_session``: from the open until before the close. ``pre_open``: on the local date of that session.
    ``after_close``: on the local date of the session before. ``non_session``: on a local date without a session.
    """
    at = np.asarray(instants, dtype=np.int64).astype("datetime64[s]")
    index = np.searchsorted(clock.closes, at, side="right").astype(np.int64)
    begin = local_midnights(np.array([clock.first], dtype="datetime64[D]"), ZoneInfo(clock.zone))
    covered = (index < len(clock.sessions)) & (at >= begin)
    anchor = np.full(len(at), -1, dtype=np.int64)
    i, t = index[covered], at[covered]
    before = np.maximum(i - 1, 0)
    anchor[covered] = np.select(
        [t >= clock.opens[i], t >= clock.begins[i], (i > 0) & (t >= clock.begins[before]) & (t < clock.ends[before])],
        [ANCHORS.index(rule) for rule in (Anchor.IN_SESSION, Anchor.PRE_OPEN, Anchor.AFTER_CLOSE)],
        ANCHORS.index(Anchor.NON_SESSION),
    )
    return np.where(covered, index, -1), anchor


def day_zeros(clock: Clock, stamps: Sequence[Stamp], plausible_zones: Iterable[str] = ()) -> list[DayZero | None]:
    """Return day zero for each publication stamp.

    Parameters
    ----------
    clock
        The market's clock; build it to well after the last stamp.
    stamps
        When the articles were published. A stamp with the precision of a day takes the first session on or after it.
    plausible_zones
        Other zones that the wall-clock time of a stamp without a stated zone may have been written in.

    Returns
    -------
    list of DayZero or None
        None for a stamp outside the clock. ``sensitive`` is set where a plausible zone, or another reading of the
        stamp, gives another session or a time outside the clock, and for every stamp with the precision of a day.
    """
    index, anchor = _assign(clock, stamps)
    sensitive = np.array([stamp.precision is Precision.DAY for stamp in stamps], dtype=bool)
    unstated = np.array([n for n, stamp in enumerate(stamps) if stamp.basis is not ZoneBasis.STATED], dtype=np.int64)
    for name in plausible_zones:
        zone = ZoneInfo(name)
        instants = [int(stamps[n].wall.replace(tzinfo=zone).timestamp()) for n in unstated]
        alternative, _ = reacting_sessions(clock, np.array(instants, dtype=np.int64))
        sensitive[unstated] |= alternative != index[unstated]
    owners = np.array([n for n, stamp in enumerate(stamps) for _ in stamp.others], dtype=np.int64)
    others, _ = _assign(clock, [other for stamp in stamps for other in stamp.others])
    np.logical_or.at(sensitive, owners, others != index[owners])
    return [
        _day_zero(clock, i, ANCHORS[a], bool(s)) if i >= 0 else None
        for i, a, s in zip(index.tolist(), anchor.tolist(), sensitive.tolist(), strict=True)
    ]


def _assign(clock: Clock, stamps: Sequence[Stamp]) -> tuple[Ints, Ints]:
    """Return the session and the anchor rule of each stamp as `reacting_sessions` does; days have their own rule."""
    index, anchor = reacting_sessions(clock, np.array([int(stamp.at.timestamp()) for stamp in stamps], dtype=np.int64))
    day_only = [n for n, stamp in enumerate(stamps) if stamp.precision is Precision.DAY]
    if day_only:
        dates = np.array([stamps[n].wall.date() for n in day_only], dtype="datetime64[D]")
        on_or_after = np.searchsorted(clock.sessions, dates)
        covered = (on_or_after < len(clock.sessions)) & (dates >= np.datetime64(clock.first))
        index[day_only] = np.where(covered, on_or_after, -1)
        anchor[day_only] = ANCHORS.index(Anchor.DAY_ONLY)
    return index, anchor


def day_zero(clock: Clock, stamp: Stamp, plausible_zones: Iterable[str] = ()) -> DayZero | None:
    """Return day zero for one stamp; see `day_zeros`."""
    return day_zeros(clock, [stamp], plausible_zones)[0]


def _day_zero(clock: Clock, index: int, anchor: Anchor, sensitive: bool) -> DayZero:
    opens_at, closes_at = (column[index].item().replace(tzinfo=UTC) for column in (clock.opens, clock.closes))
    return DayZero(clock.sessions[index].item(), anchor, opens_at, closes_at, sensitive)
