from collections.abc import Callable

import pytest

from signals.errors import LeftAloneError, NotFoundError, RateLimitedError, SourceError, UnavailableError
from signals.net.retry import retry


def failing(*errors: SourceError) -> Callable[[], int]:
    """Return a request that raises the errors in order and then returns their number."""
    remaining = list(errors)

    def request() -> int:
        if remaining:
            raise remaining.pop(0)
        return len(errors)

    return request


@pytest.mark.parametrize("kind", [UnavailableError, RateLimitedError])
def test_a_request_is_repeated_with_growing_pauses_until_it_succeeds(kind: type[SourceError]) -> None:
    pauses: list[float] = []
    assert retry(failing(*[kind("vendor", "CLD", "busy")] * 3), pauses.append, attempts=4) == 3
    assert pauses == [2, 4, 8]


def test_a_server_gets_the_pause_that_it_asks_for_unless_that_is_too_long() -> None:
    pauses: list[float] = []
    assert retry(failing(RateLimitedError("vendor", "CLD", "busy", 7.0)), pauses.append) == 1
    with pytest.raises(RateLimitedError):
        retry(failing(RateLimitedError("vendor", "CLD", "busy", 3_600.0)), pauses.append)
    assert pauses == [7]


def test_what_is_left_alone_after_its_tries_fails_for_what_it_did() -> None:
    errors = [UnavailableError("vendor", "CLD", "down"), LeftAloneError("vendor", "CLD", "left alone")]
    with pytest.raises(UnavailableError, match="down"):
        retry(failing(*errors), lambda _: None)
    with pytest.raises(LeftAloneError):
        retry(failing(errors[1]), lambda _: None)


@pytest.mark.parametrize("attempts", [1, 3])
def test_the_error_of_the_last_attempt_is_raised(attempts: int) -> None:
    pauses: list[float] = []
    errors = [UnavailableError("vendor", "CLD", f"attempt {n}") for n in range(1, 9)]
    with pytest.raises(UnavailableError, match=f"attempt {attempts}"):
        retry(failing(*errors), pauses.append, attempts)
    assert len(pauses) == attempts - 1


def test_an_error_that_will_not_pass_is_raised_at_once() -> None:
    pauses: list[float] = []
    with pytest.raises(NotFoundError):
        retry(failing(NotFoundError("vendor", "CLD", "unknown")), pauses.append)
    assert pauses == []
