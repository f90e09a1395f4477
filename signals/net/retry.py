"""Repeated requests to a server that is temporarily unavailable."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from signals.errors import LeftAloneError, UnavailableError

Result = TypeVar("Result")

#: The longest pause in seconds between two attempts. A server that asks for more is not asked again for this item.
MAX_PAUSE = 30.0
ATTEMPTS = 4


def retry(
    request: Callable[[], Result], sleep: Callable[[float], None], attempts: int = ATTEMPTS, first_pause: float = 2.0
) -> Result:
    """Return the result of `request`, called again while it raises `UnavailableError`.

    The pauses double from `first_pause` on; a server that asks for a longer one gets it, up to `MAX_PAUSE`. `sleep` may
    raise `LeftAloneError` in place of a pause that leads to nothing.

    Raises
    ------
    UnavailableError
        From the last of `attempts` calls, or from the last before its host was left alone. Any other error is raised
        at once.
    """
    failure: UnavailableError | None = None
    for number in range(attempts):
        try:
            if failure:
                sleep(min(max(failure.retry_after, first_pause * 2.0 ** (number - 1)), MAX_PAUSE))
            return request()
        except LeftAloneError:
            if failure is None:
                raise
            break  # the failure says why the host is left alone now
        except UnavailableError as error:
            failure = error
            if error.retry_after > MAX_PAUSE:
                break
    raise failure or ValueError(f"attempts: {attempts} is less than one")
