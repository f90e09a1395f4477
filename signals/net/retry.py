"""Repeated requests to a vendor that is temporarily unavailable."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import tenacity

from signals.errors import UnavailableError

Result = TypeVar("Result")


def retry(request: Callable[[], Result], sleep: Callable[[float], None], attempts: int = 4) -> Result:
    """Return the result of `request`, called again after 2, 4, 8, ... seconds while it raises `UnavailableError`.

    Raises
    ------
    UnavailableError
        From the last of `attempts` calls. Any other error is raised at once.
    """
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(UnavailableError),
        stop=tenacity.stop_after_attempt(attempts),
        wait=tenacity.wait_exponential(multiplier=2),
        sleep=sleep,
        reraise=True,
    )
    return retrying(request)
