"""The session for Yahoo Finance through yfinance, for prices and news; the only module that imports yfinance."""

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
    "YFINANCE_RETRIES", "YFPricesMissingError", "YFRateLimitError", "YahooSession", "YfData", "configure_yfinance",
    "yf",
]  # fmt: skip

# Statuses for a stale cookie or too many requests, on which yfinance renews its cookie and tries once more.
YFINANCE_RETRIES = frozenset({401, 403, 429})


class YahooSession(requests.Session):  # type: ignore[type-arg]  # generic only in its response class
    """A curl_cffi session with a timeout and, for tests and mirrors, another base URL.

    Parameters
    ----------
    source
        The name that errors carry.
    base_url
        Server that receives ``https://HOST.yahoo.com/PATH`` as ``base_url/HOST.yahoo.com/PATH``; None for Yahoo itself.
    timeout
        Seconds for each request, including those that yfinance makes for itself.
    """

    def __init__(self, source: str, base_url: str | None, timeout: float) -> None:
        super().__init__(impersonate="chrome")
        self.source = source
        self._mirror = base_url.rstrip("/") if base_url else None
        self._timeout = timeout

    # Any: yfinance calls it with the arguments of curl_cffi, and types neither them nor the response.
    def request(self, method: Any, url: str, *args: Any, **kwargs: Any) -> Any:
        """Send one request and return the response."""
        parts = urlsplit(url)
        if self._mirror and (parts.hostname or "").endswith("yahoo.com"):
            url = f"{self._mirror}/{parts.hostname}{parts._replace(scheme='', netloc='').geturl()}"
        return super().request(method, url, *args, **{**kwargs, "timeout": self._timeout})


@cache
def configure_yfinance() -> None:
    """Make yfinance raise its errors, and store its cookies in a folder that is removed when the process exits."""
    yf.config.debug.hide_exceptions = False
    folder = tempfile.mkdtemp(prefix="signals-yahoo-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    yf.set_tz_cache_location(folder)
