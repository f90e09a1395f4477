"""The dates of daily bars: what a stamp with a time of day means, and whether dates fall on a market's days.

A date is taken as it is written. A stamp with an offset, or in seconds since 1970, is an instant, and its date depends
on a zone; what all stamps of a file have in common says which. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from signals.types import Ints, Listing, Times

_MOST = 0.9  # part of the stamps of a file; the last one may be of an open session, with the time of the request
_FEW = 10  # bars from which on the days of the week are judged
#: Zones whose markets trade, or traded until lately, from Sunday to Thursday.
_SUNDAY_WEEKS = (
    "Asia/Jerusalem", "Asia/Riyadh", "Asia/Kuwait", "Asia/Qatar", "Asia/Bahrain", "Asia/Muscat", "Asia/Dubai",
    "Asia/Amman", "Asia/Baghdad", "Asia/Dhaka", "Asia/Kathmandu", "Africa/Cairo",
)  # fmt: skip
_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_EVENING = 16 * 3_600 + 2_700  # from here on an opening may be that of the next session, as Chicago's at 17:00
_MIDNIGHTS = (0, 86_399)  # seconds of the day, of bars stamped at their first and at their last


def session_dates(times: Sequence[datetime], zone: ZoneInfo | None, listing: Listing | None) -> Times:
    """Return the date of each daily bar with its time of day as written, which shows the spacing, ``datetime64[s]``.

    Parameters
    ----------
    times
        The stamps as written, with their offsets where they have one.
    zone
        The zone that the source is configured with.
    listing
        The instrument; without it dates are as written unless `zone` says otherwise, and no weekday is wrong.

    Raises
    ------
    ValueError
        However they are read, the dates fall on days on which the market rests.
    """
    written = _seconds([at.replace(tzinfo=None) if at.tzinfo else at for at in times])
    market = ZoneInfo(listing.zone) if listing else None
    first: Times | None = None
    for dates in _readings(times, written, zone, market):
        if listing is None or not listing.weekdays_only or _wrong_days(dates, listing.zone) is None:
            return np.asarray(dates.astype("datetime64[s]") + (written - _days(written)))
        first = dates if first is None else first
    if first is None or listing is None:
        return written
    present, missing = _wrong_days(first, listing.zone) or ("", "")
    raise ValueError(
        f"the bars fall on {present} and leave out most {missing}, and a market in {listing.zone} does not: the dates "
        "are those of another zone; export the stamps with their time and offset, set `timezone` to the zone in which "
        "they are dates, or correct `mic`"
    )


def _readings(
    times: Sequence[datetime], written: Times, zone: ZoneInfo | None, market: ZoneInfo | None
) -> Iterator[Times]:
    """Yield the readings of stamps as dates, the one with the best evidence first."""
    has_offset = any(at.tzinfo for at in times)
    clocks = _clocks(written)
    if not has_offset or not (zone or market) or np.isin(clocks, _MIDNIGHTS).mean() >= _MOST:
        yield _days(written)
    if not has_offset and not clocks.any():
        return
    for place in dict.fromkeys(filter(None, (zone, market))):
        if not has_offset and zone is None:
            local = written
        else:
            aware = (at if at.tzinfo else at.replace(tzinfo=zone or place) for at in times)
            local = _seconds([at.astimezone(place).replace(tzinfo=None) for at in aware])
            yield _days(_at_midnight(local))
        if (_clocks(local) >= _EVENING).all():
            yield _days(local) + 1


def _at_midnight(local: Times) -> Times:
    """Move stamps that miss midnight by the hour of summer time to the midnight that they mean."""
    clocks = _clocks(local)
    is_early, is_midnight = clocks == 82_800, clocks == 0
    if not is_midnight.any() or (is_early | is_midnight).mean() < _MOST:
        return local
    return np.asarray(local + 3_600 * is_early)


def _seconds(times: Sequence[datetime]) -> Times:
    return np.array(times, dtype="datetime64[s]")


def _days(times: Times) -> Times:
    return times.astype("datetime64[D]")


def _clocks(times: Times) -> Ints:
    """Return the time of day of each stamp in seconds."""
    return (times - _days(times)).astype(np.int64)


def _wrong_days(dates: Times, zone: str) -> tuple[str, str] | None:
    """Return the day of rest on which bars fall and the trading day that lacks them; None where the week is right."""
    if len(dates) < _FEW:
        return None  # too few to judge
    counts = np.bincount((np.unique(dates).astype(np.int64) + 3) % 7, minlength=7)  # 1970-01-01 was a Thursday
    rest, work = ((5,), (0, 1, 2, 3)) if zone in _SUNDAY_WEEKS else ((5, 6), (0, 1, 2, 3, 4))
    typical = float(np.median(counts[list(work)]))
    present = [day for day in rest if counts[day] >= 0.5 * typical > 0]
    missing = [day for day in work if counts[day] <= 0.25 * typical]
    return (_DAYS[present[-1]], _DAYS[missing[0]]) if present and missing else None
