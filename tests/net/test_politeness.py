import threading

import pytest

from signals.net.politeness import MAX_CRAWL_DELAY, HostLimiter, Robots


def test_requests_to_one_host_are_separated_by_the_delay() -> None:
    now, pauses = [100.0], list[float]()
    limiter = HostLimiter(clock=lambda: now[0])
    with limiter.request("a.example", 5.0, pauses.append):
        now[0] = 103.0
    now[0] = 104.0
    with limiter.request("a.example", 5.0, pauses.append):
        pass
    assert pauses == [4.0]


def test_the_first_request_and_requests_to_other_hosts_do_not_wait() -> None:
    pauses: list[float] = []
    limiter = HostLimiter(clock=lambda: 100.0)
    for host in ("a.example", "b.example"):
        with limiter.request(host, 5.0, pauses.append):
            pass
    assert pauses == []


def test_a_failed_request_counts_as_a_request() -> None:
    pauses: list[float] = []
    limiter = HostLimiter(clock=lambda: 100.0)
    with pytest.raises(ValueError, match="broken"), limiter.request("a.example", 5.0, pauses.append):
        raise ValueError("broken")
    with limiter.request("a.example", 5.0, pauses.append):
        pass
    assert pauses == [5.0]


def test_a_host_receives_one_request_at_a_time() -> None:
    limiter, order = HostLimiter(), list[str]()

    def second() -> None:
        with limiter.request("a.example", 0.0, lambda _: None):
            order.append("second begins")

    thread = threading.Thread(target=second)
    with limiter.request("a.example", 0.0, lambda _: None):
        thread.start()
        thread.join(0.05)  # only a limiter without a lock lets it end here
        order.append("first ends")
    thread.join()
    assert order == ["first ends", "second begins"]


def test_robots_rules_are_those_of_the_agent_or_of_all() -> None:
    robots = "User-agent: signals\nDisallow: /a\n\nUser-agent: *\nDisallow: /b\n"
    for agent, allowed in (("signals", [False, True]), ("other", [True, False])):
        assert [Robots(robots, agent).allows(f"https://a.example/{path}") for path in ("a", "b")] == allowed


def test_an_empty_robots_txt_allows_all_pages_and_asks_for_no_delay() -> None:
    robots = Robots("", "signals")
    assert robots.allows("https://a.example/a")
    assert robots.delay(1.5) == 1.5


@pytest.mark.parametrize(("crawl_delay", "delay"), [("1", 2.0), ("7", 7.0), ("86400", MAX_CRAWL_DELAY)])
def test_a_crawl_delay_is_bounded_from_both_sides(crawl_delay: str, delay: float) -> None:
    assert Robots(f"User-agent: *\nCrawl-delay: {crawl_delay}\n", "signals").delay(2.0) == delay
