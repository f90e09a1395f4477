"""Wall clocks and UTC, by the name of a zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import numpy as np

from signals.types import Times


def wall(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return the naive local time of a naive UTC instant."""
    return instant.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def utc(walls: Iterable[datetime], zone: ZoneInfo) -> Times:
    """Return ``datetime64[s]`` in UTC of naive local times."""
    return np.array([int(wall.replace(tzinfo=zone).timestamp()) for wall in walls], dtype="datetime64[s]")


def midnights(days: Times, zone: ZoneInfo) -> Times:
    """Return ``datetime64[s]`` in UTC of the beginnings of local days."""
    return utc((datetime.combine(day, time.min) for day in days.tolist()), zone)
