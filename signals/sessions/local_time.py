"""Conversions between UTC and the local time of a zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import numpy as np

from signals.types import Times


def to_local(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return the naive local time of a naive UTC instant."""
    return instant.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def to_utc(local_times: Iterable[datetime], zone: ZoneInfo) -> Times:
    """Return naive local times in UTC, as ``datetime64[s]``; a local time that occurs twice is the earlier one."""
    seconds = [int(local.replace(tzinfo=zone).timestamp()) for local in local_times]
    return np.array(seconds, dtype="datetime64[s]")


def local_midnights(days: Times, zone: ZoneInfo) -> Times:
    """Return the UTC instants, as ``datetime64[s]``, at which local days begin."""
    return to_utc((datetime.combine(day, time.min) for day in days.tolist()), zone)
