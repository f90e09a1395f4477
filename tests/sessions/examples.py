"""Stamps, dates and a clock that several tests of the market clock share."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from signals.sessions import Clock, clock, day_zero
from signals.types import Anchor, Precision, Stamp, Times, ZoneBasis


def stamp(wall: str, zone: str, basis: ZoneBasis = ZoneBasis.STATED, precision: Precision = Precision.MINUTE) -> Stamp:
    naive = datetime.fromisoformat(wall)
    return Stamp(wall, naive.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC), naive, precision, zone, basis)


def days(*texts: str) -> Times:
    return np.array(texts, dtype="datetime64[D]")


def moscow_2015() -> Clock:
    return clock("MISX", date(2015, 1, 1), date(2015, 3, 31))


def anchored(market: Clock, wall: str) -> tuple[str, Anchor]:
    zero = day_zero(market, stamp(wall, market.zone))
    assert zero is not None
    return zero.session.isoformat(), zero.anchor
