"""The session for Yahoo Finance through yfinance, for prices and news; the only module that imports yfinance.

curl bounds a whole transfer by its timeout, from the look-up of the name to the last trailer. What is left to do here
is to count, to bound the body as it is unpacked, and to leave hosts alone.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from curl_cffi import requests
from curl_cffi.curl import CURL_WRITEFUNC_ERROR

from signals.errors import LeftAloneError, TooLargeError
from signals.net.addresses import site_of
from signals.net.budget import Item, Limits
from signals.net.hosts import retry_after
from signals.net.traffic import TRAFFIC, Traffic

with warnings.catch_warnings():  # yfinance resets the filters when it is imported
    import yfinance as yf
    from yfinance.data import YfData
    from yfinance.exceptions import YFPricesMissingError, YFRateLimitError

__all__ = [
    "YFINANCE_RETRIES", "YFPricesMissingError", "YFRateLimitError", "YahooSession", "YfData", "configure_yfinance",
    "yf",
]  # fmt: skip

# Statuses for a stale cookie or too many requests, on which yfinance renews its cookie and tries once more.
YFINANCE_RETRIES = frozenset({401, 403, 429})


# What one symbol may cost: its chart or its news, with Yahoo's cookies, and with attempts.
_TIMEOUTS, _SIZE, _REQUESTS, _BODY_SIZE = 6, 50_000_000, 40, 10_000_000
_MAX_REDIRECTS = 5
# yfinance does without the cookies if their pages do not answer, so they are not waited for as long.
_COOKIE_SHARE = 0.25
_COOKIE_HOSTS = frozenset({"fc.yahoo.com", "guce.yahoo.com", "consent.yahoo.com"})


class YahooSession(requests.Session):  # type: ignore[type-arg]  # generic only in its response class
    """A curl_cffi session within the budget of a symbol and, for tests and mirrors, with another base URL.

    Parameters
    ----------
    source
        The name that errors carry.
    base_url
        Server that receives ``https://HOST.yahoo.com/PATH`` as ``base_url/HOST.yahoo.com/PATH``; None for Yahoo itself.
    timeout
        Seconds for each request, including those that yfinance makes for itself.
    sleep
        Function that pauses between attempts and requests.
    traffic
        The budget of the run, and the hosts that it leaves alone.
    """

    def __init__(
        self, source: str, base_url: str | None, timeout: float, sleep: Callable[[float], None] = time.sleep,
        traffic: Traffic = TRAFFIC,
    ) -> None:  # fmt: skip
        super().__init__(impersonate="chrome")
        self._sleep = sleep
        self.source = source
        self._mirror = base_url.rstrip("/") if base_url else None
        self._timeout = timeout
        self._hosts = traffic.hosts
        self._budget = traffic.source_budget()
        self._threads = threading.local()

    @contextmanager
    def asking(self, symbol: str) -> Iterator[Item]:
        """Let this thread ask for one symbol, within its budget."""
        limits = Limits(_TIMEOUTS * self._timeout, _SIZE, _REQUESTS)
        with Item(self.source, symbol, limits, self._budget) as self._threads.item:
            self._threads.host = ""
            yield self._threads.item

    @property
    def item(self) -> Item:
        """What this thread asks for."""
        item: Item = self._threads.item
        return item

    def check_host(self, url: str) -> None:
        """Raise what `request` raises if a host is left alone, before any time is spent on waiting for a turn."""
        self._begin(url)

    def _begin(self, url: str) -> float:
        try:
            return self._hosts.begin(self._mirrored(url)[1], self.item)
        except LeftAloneError as error:
            if _has_data(url):
                raise
            raise TimeoutError(error.problem) from None

    def _mirrored(self, url: str) -> tuple[str, str]:
        """Return the URL that is requested, and the host that may be left alone: on a mirror each of Yahoo's."""
        parts, host = urlsplit(url), site_of(url)
        if not (self._mirror and host.endswith("yahoo.com")):
            return url, host
        url = f"{self._mirror}/{parts.hostname}{parts._replace(scheme='', netloc='').geturl()}"
        return url, f"{site_of(url)}/{host}"

    def pause(self, seconds: float) -> None:
        """Sleep between two requests of this thread; raise `LeftAloneError` if the host of the last is left alone."""
        self._hosts.pause(self._threads.host, self.item, seconds, self._sleep)

    # Any: yfinance calls it with the arguments of curl_cffi, and types neither them nor the response.
    def request(self, method: Any, url: str, *args: Any, **kwargs: Any) -> Any:
        """Send one request and return the response.

        Raises
        ------
        LeftAloneError, TimeoutError
            The host is left alone. It is a TimeoutError for cookies and the crumb, which yfinance goes without.
        OverBudgetError
            The symbol, the source or the run has nothing left.
        TooLargeError
            The response is larger than any chart.
        """
        has_data, before = _has_data(url), self._begin(url)
        item, (url, host) = self.item, self._mirrored(url)
        self._threads.host = host if has_data else ""
        item.spend(requests=1)
        seconds = item.wait(self._timeout if has_data else self._timeout * _COOKIE_SHARE)
        body = _Body(item)
        bounds = {"timeout": seconds, "content_callback": body.receive, "max_redirects": _MAX_REDIRECTS}
        if not self._mirror:
            bounds["allow_redirects"] = "safe"  # not onto a private network
        try:
            response = super().request(method, url, *args, **{**kwargs, **bounds})
        except requests.exceptions.RequestException as error:
            body.check()
            if not (item.within and item.within.excess()):  # else the run has ended, not this host
                is_late = isinstance(error, requests.exceptions.Timeout)
                why = f"it did not answer within {seconds:g} seconds" if is_late else "it did not answer"
                silent, begun = is_late and not body.parts, is_late and bool(body.parts)
                self._hosts.failed(host, before, why, is_silent=silent, has_begun=begun)
            item.check()
            raise
        response.content = bytes(body.parts)
        self._hosts.judge(host, before, response.status_code, retry_after(response.headers, self._hosts.now()))
        return response


class _Body:
    """The body of a response as curl unpacks it, counted; curl ends the transfer when it is too long."""

    def __init__(self, item: Item) -> None:
        self.parts = bytearray()
        self._item = item

    def receive(self, part: bytes) -> int:
        """Take a part; return how much of it was taken, as curl asks."""
        self.parts.extend(part)
        self._item.add(len(part), 0)
        return CURL_WRITEFUNC_ERROR if len(self.parts) > _BODY_SIZE or self._item.excess() else len(part)

    def check(self) -> None:
        """Raise `TooLargeError` if the body is larger than any chart."""
        if len(self.parts) > _BODY_SIZE:
            problem = f"Yahoo's answer is larger than {_BODY_SIZE:,} bytes; run again later"
            raise TooLargeError(self._item.source, self._item.name, problem)


def _has_data(url: str) -> bool:
    """Return whether a URL is more than a cookie or a crumb, which yfinance goes without."""
    return site_of(url) not in _COOKIE_HOSTS and not url.endswith("/getcrumb")


@cache
def configure_yfinance() -> None:
    """Make yfinance raise its errors, and store its cookies in a folder that is removed when the process exits."""
    yf.config.debug.hide_exceptions = False
    folder = tempfile.mkdtemp(prefix="signals-yahoo-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    yf.set_tz_cache_location(folder)
