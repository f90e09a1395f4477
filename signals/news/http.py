"""Polite GET requests: robots.txt, one request at a time per host, conditional requests, a budget for each item."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from signals import __version__
from signals.errors import (
    LeftAloneError,
    NotFoundError,
    OverBudgetError,
    RateLimitedError,
    RefusedError,
    SourceError,
    UnavailableError,
)
from signals.net.addresses import host_of, site_of
from signals.net.budget import Item, Limits
from signals.net.client import MAX_REDIRECTS, Client, Reply
from signals.net.politeness import HOST_LIMITER, HostLimiter, Robots
from signals.net.public_session import PublicSession
from signals.net.retry import retry
from signals.net.traffic import TRAFFIC, Traffic
from signals.news.documents import make_document, same_settings
from signals.redacting import address_key
from signals.types import Document, NewsSpec, SourceFailure

USER_AGENT = f"signals/{__version__} (reads news for its user)"
ATTEMPTS = 3
# An item, with its robots.txt, redirects and attempts, may take this many times the timeout of a single wait, and this
# many requests. Its bytes suffice for a second attempt at a body that was cut off.
_TIMEOUTS, _REQUESTS, _BODIES = 3, 40, 2
_FIRST_PAUSE = 1.0
_ROBOTS_BYTES = 512_000  # RFC 9309, section 2.5: parse at least 500 kibibytes
_MISSING = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


class _ForbiddenError(SourceError):
    """A URL that the host's robots.txt disallows."""

    reason = "robots"


class Fetcher:
    """Fetches the URLs of one source during one run.

    Parameters
    ----------
    spec
        The source; `timeout` bounds each wait for the server, `max_bytes` a response after decompression.
    now
        Instant to record as the time of the fetch.
    sleep
        Function that pauses between attempts and requests.
    limiter
        Limiter of the requests to each host.
    traffic
        The budget of the run, and the hosts that it leaves alone.
    clock
        Seconds of a monotonic clock.
    """

    def __init__(
        self,
        spec: NewsSpec,
        now: datetime,
        sleep: Callable[[float], None] = time.sleep,
        limiter: HostLimiter = HOST_LIMITER,
        traffic: Traffic = TRAFFIC,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._spec = spec
        self._now = now
        self._sleep = sleep
        self._limiter = limiter
        self._clock = clock
        self._hosts = traffic.hosts
        self._budget = traffic.source_budget()
        self._limits = Limits(_TIMEOUTS * spec.timeout, _BODIES * (spec.max_bytes + _ROBOTS_BYTES), _REQUESTS)
        self._agent = spec.user_agent or USER_AGENT
        self._product = self._agent.partition("/")[0]  # the name that a robots.txt uses
        self._allowed_hosts = frozenset(host_of(url) for url in (spec.url or "", *spec.urls))
        self._robots: dict[str, Robots] = {}

    def fetch(self, url: str, previous: Document | None) -> Iterator[Document | SourceFailure]:
        """Yield the document at a URL if it differs from `previous`, or the failure.

        The ETag and the date of `previous` make the request conditional.
        """
        item = Item(self._spec.name, url, self._limits, self._budget, self._clock)

        def pause(seconds: float) -> None:
            self._hosts.pause(site_of(url), item, seconds, self._sleep)

        try:
            with item:
                fetched = retry(lambda: self._document(item, previous), pause, ATTEMPTS, _FIRST_PAUSE)
        except SourceError as error:
            yield SourceFailure(self._spec.name, url, error.reason, error.problem)
            return
        if fetched and (previous is None or fetched.digest != previous.digest):
            yield fetched

    def _document(self, item: Item, previous: Document | None) -> Document | None:
        """Return the document at a URL after one attempt; None if the server answers that it has not changed."""
        conditions: dict[str, str] = {}
        # A document that was parsed with other settings must be parsed again, so its body is needed.
        if previous is not None and same_settings(self._spec, previous):
            conditions |= {"If-None-Match": previous.etag} if _is_sendable(previous.etag) else {}
            conditions |= {"If-Modified-Since": previous.last_modified} if _is_sendable(previous.last_modified) else {}
        reply = self._get(item, item.name, conditions)
        if reply.status == HTTPStatus.NOT_MODIFIED:
            return None
        if reply.status != HTTPStatus.OK:
            raise self._status_error(item.name, reply)
        headers = reply.headers
        return make_document(
            self._spec, address_key(item.name), reply.body, self._now,
            headers.get("content-type", ""), headers.get("etag", ""), headers.get("last-modified", ""),
        )  # fmt: skip

    def _status_error(self, url: str, reply: Reply) -> SourceError:
        name, status, seconds = self._spec.name, reply.status, reply.retry_after
        if status in _MISSING:
            return NotFoundError(name, url, f"the server has no such page ({status}); correct its address")
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            advice = f", and to come back in {seconds:,.0f} seconds" if seconds else "; increase `delay`"
            return RateLimitedError(name, url, f"the server asks for fewer requests (429){advice}", seconds)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return UnavailableError(name, url, f"the server has failed ({status}); the next run tries again", seconds)
        return RefusedError(name, url, f"the server answered {status} {reply.phrase}".rstrip())

    # --- one request with its redirects -----------------------------------------------------------------------------

    def _get(self, item: Item, url: str, conditions: Mapping[str, str], is_robots: bool = False) -> Reply:
        """Return the answer to a GET request after at most `MAX_REDIRECTS` redirects.

        With `is_robots`, the URL is that of a robots.txt: its beginning suffices, and no robots.txt is consulted.
        """
        target = url
        headers = {"User-Agent": self._agent, "Accept-Encoding": "gzip, deflate", **conditions}
        with PublicSession(self._allowed_hosts, item) as session:
            client = Client(session, self._hosts, self._spec.timeout, self._spec.max_bytes)
            for _ in range(MAX_REDIRECTS + 1):
                client.check_host(target)
                delay = self._spec.delay if is_robots else self._allowed_delay(item, target)
                with self._limiter.request(host_of(target), delay, lambda seconds: item.pause(seconds, self._sleep)):
                    reply = client.get(target, headers, first_bytes=_ROBOTS_BYTES if is_robots else 0)
                if not reply.location:
                    return reply
                target = reply.location
            raise client.too_many_redirects()

    # --- robots.txt -------------------------------------------------------------------------------------------------

    def _allowed_delay(self, item: Item, target: str) -> float:
        """Return the delay that is due after a request for `target`; raise if its robots.txt disallows it."""
        if not self._spec.robots:
            return self._spec.delay
        parts = urlsplit(target)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(item, f"{origin}/robots.txt")
        rules = self._robots[origin]
        if not rules.allows(target):
            problem = f"{origin}/robots.txt disallows {parts.path or '/'}; if it permits you more, set robots: false"
            raise _ForbiddenError(item.source, item.name, problem)
        return rules.delay(self._spec.delay)

    def _read_robots(self, item: Item, address: str) -> Robots:
        """Return the rules of a robots.txt by RFC 9309: one that is missing allows all, one that fails allows nothing.

        Raises
        ------
        UnavailableError, LeftAloneError, OverBudgetError
            The server cannot be reached, or answers with status 429 or one from 500 on.
        """
        try:
            reply = self._get(item, address, {}, is_robots=True)
        except (UnavailableError, LeftAloneError, OverBudgetError):
            raise
        except SourceError:
            return Robots("", self._product)
        if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR or reply.status == HTTPStatus.TOO_MANY_REQUESTS:
            problem = f"the server does not serve {address} ({reply.status}); the next run tries again"
            raise UnavailableError(item.source, item.name, problem, reply.retry_after)
        return Robots(reply.body.decode("utf-8", "replace"), self._product)


def _is_sendable(value: str) -> bool:
    """Return whether a header of a server can be sent back to it; some hold bytes that no header may have."""
    return bool(value) and value.isascii() and value.isprintable()
