"""How Yahoo Finance is reached through yfinance, for prices and news alike; the only door of yfinance."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import warnings
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from curl_cffi import requests

with warnings.catch_warnings():  # yfinance resets the filters when it is imported
    import yfinance as yf
    from yfinance.data import YfData
    from yfinance.exceptions import YFPricesMissingError, YFRateLimitError

__all__ = [
    "YFINANCE_RETRIES", "YFPricesMissingError", "YFRateLimitError", "YahooSession", "YfData", "settle", "yf",
]  # fmt: skip

# Answered to a stale cookie or to too many requests; yfinance renews its cookie and asks once more.
YFINANCE_RETRIES = frozenset({401, 403, 429})


class YahooSession(requests.Session):  # type: ignore[type-arg]  # generic only in its response class
    """curl_cffi's session, for tests and mirrors sent to another server.

    Parameters
    ----------
    source
        The name that errors carry.
    base_url
        Where ``https://HOST.yahoo.com/PATH`` is asked as ``base_url/HOST.yahoo.com/PATH``; None for Yahoo itself.
    timeout
        Seconds for each request, yfinance's own included.
    """

    def __init__(self, source: str, base_url: str | None, timeout: float) -> None:
        super().__init__(impersonate="chrome")
        self.source = source
        self._mirror = base_url.rstrip("/") if base_url else None
        self._seconds = timeout

    def request(self, method: Any, url: str, *args: Any, **kwargs: Any) -> Any:
        """Send one request."""
        parts = urlsplit(url)
        if self._mirror and (parts.hostname or "").endswith("yahoo.com"):
            url = f"{self._mirror}/{parts.hostname}{parts._replace(scheme='', netloc='').geturl()}"
        return super().request(method, url, *args, **{**kwargs, "timeout": self._seconds})


@cache
def settle() -> None:
    """Let yfinance raise what goes wrong, and keep its cookies in a folder that goes with the process."""
    yf.config.debug.hide_exceptions = False
    folder = tempfile.mkdtemp(prefix="signals-yahoo-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    yf.set_tz_cache_location(folder)
