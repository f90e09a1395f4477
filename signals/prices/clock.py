"""Wall clocks and UTC, by the name of a zone. A clock reading that happened twice is taken as the earlier one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from signals.types import Times


def utc(moments: Iterable[datetime], zone: ZoneInfo | None) -> Times:
    """Return ``datetime64[s]`` in UTC; `zone` is that of the moments which carry none."""
    aware = (moment if moment.tzinfo else moment.replace(tzinfo=zone) for moment in moments)
    return np.array([moment.astimezone(UTC).replace(tzinfo=None) for moment in aware], dtype="datetime64[s]")


def dates(starts: Times, zone: ZoneInfo) -> Times:
    """Return the date (``datetime64[D]``) that it was in `zone` at each of these UTC moments."""
    aware = (start.replace(tzinfo=UTC).astimezone(zone) for start in starts.tolist())
    return np.array([moment.date() for moment in aware], dtype="datetime64[D]")
