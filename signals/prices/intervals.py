"""The spacing of bars: ``1d``, ``1h``, ``5m`` ..."""

from __future__ import annotations

from collections.abc import Sequence

from signals.errors import ConfigError
from signals.types import PriceSpec

DAY = 86_400
_UNITS = {"m": 60, "h": 3_600, "d": DAY, "wk": 7 * DAY, "mo": 30 * DAY}


def interval_seconds(interval: str) -> int:
    """Return the length of an interval in seconds; raises ValueError on anything that is not one."""
    unit = interval.lstrip("0123456789")
    count = interval[: len(interval) - len(unit)]
    if unit not in _UNITS or not count or int(count) < 1:
        raise ValueError(f"{interval!r} is not an interval; write 1d, 1h, 30m, 5m ...")
    return int(count) * _UNITS[unit]


def check_interval(spec: PriceSpec, served: Sequence[str]) -> None:
    """Raise ConfigError unless the interval of an entry is among those that its kind serves."""
    if spec.interval not in served:
        problem = f"{spec.kind} does not serve {spec.interval}; write one of {', '.join(served)}"
        raise ConfigError(f"prices[{spec.name}].interval", problem)
