"""Conversions between UTC and the local time of a zone. A local time that occurs twice is the earlier one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from math import floor
from zoneinfo import ZoneInfo

import numpy as np

from signals.types import Times


def to_utc(times: Iterable[datetime], zone: ZoneInfo | None) -> Times:
    """Return ``datetime64[s]`` in UTC; `zone` is that of the times which carry none."""
    aware = (time if time.tzinfo else time.replace(tzinfo=zone) for time in times)
    return np.array([floor(time.timestamp()) for time in aware], dtype="datetime64[s]")


def local_dates(starts: Times, zone: ZoneInfo) -> Times:
    """Return the local date (``datetime64[D]``) of each UTC instant."""
    local = (start.replace(tzinfo=UTC).astimezone(zone) for start in starts.tolist())
    return np.array([time.date() for time in local], dtype="datetime64[D]")
