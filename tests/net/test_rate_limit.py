import threading

from signals.net.rate_limit import RateLimiter


class Clock:
    """A clock that advances only by sleeping."""

    def __init__(self) -> None:
        self.now = 100.0
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


def test_requests_begin_at_least_the_delay_apart() -> None:
    clock = Clock()
    limiter = RateLimiter(2.0, clock.sleep, lambda: clock.now)
    starts = []
    for _ in range(3):
        limiter.wait()
        starts.append(clock.now)
    assert starts == [100.0, 102.0, 104.0]


def test_a_late_request_does_not_wait() -> None:
    clock = Clock()
    limiter = RateLimiter(2.0, clock.sleep, lambda: clock.now)
    limiter.wait()
    clock.now += 10.0
    limiter.wait()
    assert clock.pauses == []


def test_requests_of_several_threads_share_the_limit() -> None:
    pauses: list[float] = []
    limiter = RateLimiter(1.0, pauses.append, lambda: 100.0)
    threads = [threading.Thread(target=limiter.wait) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(pauses) == [1.0, 2.0, 3.0, 4.0]
