"""How often, and after what pauses, a vendor is asked again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import tenacity

from signals.errors import UnavailableError

Answer = TypeVar("Answer")


def insist(ask: Callable[[], Answer], sleep: Callable[[float], None]) -> Answer:
    """Ask up to four times, pausing 2, 4 and 8 seconds, while the vendor cannot be reached or asks us to slow down.

    Raises
    ------
    SourceError
        The last one; what is not an `UnavailableError` at once.
    """
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(UnavailableError),
        stop=tenacity.stop_after_attempt(4),
        wait=tenacity.wait_exponential(multiplier=2),
        sleep=sleep,
        reraise=True,
    )
    return retrying(ask)
