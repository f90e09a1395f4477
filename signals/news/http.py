"""Polite GET requests: robots.txt, one request at a time per host, conditional requests, bounds on time and size."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

import requests
import tenacity
import urllib3

from signals import __version__
from signals.errors import NotFoundError, RateLimitedError, SourceError, UnavailableError, UnreadableError
from signals.net import public_session
from signals.net.addresses import host_of
from signals.net.politeness import HOST_LIMITER, HostLimiter, Robots
from signals.news.documents import make_document, same_settings
from signals.redacting import address_key
from signals.types import Document, NewsSpec, SourceFailure

USER_AGENT = f"signals/{__version__} (reads news for its user)"
MAX_REDIRECTS = 5
ATTEMPTS = 3
# A whole request, redirects included, may take this many times the timeout of a single wait for the server.
_TOTAL_TIMEOUTS = 3
MAX_PAUSE = 30.0
_CHUNK = 65_536
_ROBOTS_BYTES = 512_000  # RFC 9309, section 2.5: parse at least 500 kibibytes
_MISSING = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


class _TooLargeError(UnreadableError):
    """A response larger than `max_bytes`."""

    reason = "too_large"


class _RefusedError(SourceError):
    """A refusal that another attempt would not change."""

    reason = "unavailable"


class _ForbiddenError(SourceError):
    """A URL that the host's robots.txt disallows."""

    reason = "robots"


class _BusyError(RateLimitedError):
    """A response with status 429; `retry_after` is in seconds, 0 if the server named none."""

    def __init__(self, source: str, item: str, problem: str, retry_after: float) -> None:
        super().__init__(source, item, problem)
        self.retry_after = retry_after


class _ServerError(UnavailableError):
    """A response with a status from 500 on; `retry_after` is in seconds, 0 if the server named none."""

    def __init__(self, source: str, item: str, problem: str, retry_after: float) -> None:
        super().__init__(source, item, problem)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class _Response:
    """The final response after redirects. `body` is read only if the status is 200."""

    status: int
    phrase: str
    headers: Mapping[str, str]
    body: bytes


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
    clock
        Seconds of a monotonic clock.
    """

    def __init__(
        self,
        spec: NewsSpec,
        now: datetime,
        sleep: Callable[[float], None] = time.sleep,
        limiter: HostLimiter = HOST_LIMITER,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._spec = spec
        self._now = now
        self._sleep = sleep
        self._limiter = limiter
        self._clock = clock
        self._agent = spec.user_agent or USER_AGENT
        self._product = self._agent.partition("/")[0]  # the name that a robots.txt uses
        self._allowed_hosts = frozenset(host_of(url) for url in (spec.url or "", *spec.urls))
        self._robots: dict[str, Robots] = {}

    def fetch(self, url: str, previous: Document | None) -> Iterator[Document | SourceFailure]:
        """Yield the document at a URL if it differs from `previous`, or the failure.

        The ETag and the date of `previous` make the request conditional.
        """
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(_is_retryable),
            stop=tenacity.stop_after_attempt(ATTEMPTS),
            wait=_pause,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            fetched = retrying(self._document, url, previous)
        except SourceError as error:
            yield SourceFailure(self._spec.name, url, error.reason, error.problem)
            return
        if fetched and (previous is None or fetched.digest != previous.digest):
            yield fetched

    def _document(self, url: str, previous: Document | None) -> Document | None:
        """Return the document at a URL after one attempt; None if the server answers that it has not changed."""
        conditions: dict[str, str] = {}
        # A document that was parsed with other settings must be parsed again, so its body is needed.
        if previous is not None and same_settings(self._spec, previous):
            conditions |= {"If-None-Match": previous.etag} if _is_sendable(previous.etag) else {}
            conditions |= {"If-Modified-Since": previous.last_modified} if _is_sendable(previous.last_modified) else {}
        response = self._get(url, conditions, self._spec.max_bytes)
        if response.status == HTTPStatus.NOT_MODIFIED:
            return None
        if response.status != HTTPStatus.OK:
            raise self._status_error(url, response)
        headers = response.headers
        return make_document(
            self._spec, address_key(url), response.body, self._now,
            headers.get("content-type", ""), headers.get("etag", ""), headers.get("last-modified", ""),
        )  # fmt: skip

    def _status_error(self, url: str, response: _Response) -> SourceError:
        name, status = self._spec.name, response.status
        if status in _MISSING:
            return NotFoundError(name, url, f"the server has no such page ({status}); correct its address")
        seconds = self._retry_after(response.headers.get("retry-after", ""))
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            advice = f", and to come back in {seconds:,.0f} seconds" if seconds else "; increase `delay`"
            return _BusyError(name, url, f"the server asks for fewer requests (429){advice}", seconds)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            problem = f"the server has failed ({status}); the next run tries again"
            return _ServerError(name, url, problem, seconds)
        return _RefusedError(name, url, f"the server answered {status} {response.phrase}".rstrip())

    def _retry_after(self, header: str) -> float:
        """Return the seconds that a Retry-After header asks for, as a number or as a date; 0 if it is neither."""
        if header.isdecimal():
            return float(header)
        try:
            return max((parsedate_to_datetime(header) - self._now).total_seconds(), 0.0)
        except (TypeError, ValueError):
            return 0.0

    # --- one request with its redirects -----------------------------------------------------------------------------

    def _get(self, url: str, conditions: Mapping[str, str], max_bytes: int, robots: bool = False) -> _Response:
        """Return the response to a GET request after at most `MAX_REDIRECTS` redirects.

        With `robots`, the URL is that of a robots.txt: its first `max_bytes` suffice, and no robots.txt is consulted.
        """
        target = url
        deadline = self._clock() + _TOTAL_TIMEOUTS * self._spec.timeout
        with public_session.create_session(self._allowed_hosts) as session:
            for _ in range(MAX_REDIRECTS + 1):
                delay = self._spec.delay if robots else self._allowed_delay(url, target)
                with self._limiter.request(host_of(target), delay, self._sleep):
                    response = self._request(session, url, target, conditions, max_bytes, deadline, robots)
                if isinstance(response, _Response):
                    return response
                target = response
        raise _RefusedError(self._spec.name, url, f"it redirects more than {MAX_REDIRECTS} times")

    def _request(
        self, session: requests.Session, url: str, target: str, conditions: Mapping[str, str], max_bytes: int,
        deadline: float, truncate: bool,
    ) -> _Response | str:  # fmt: skip
        """Send one request to `target`; return the response, or the URL to which it redirects."""
        name = self._spec.name
        headers = {"User-Agent": self._agent, "Accept-Encoding": "gzip, deflate", **conditions}
        try:
            public_session.check_address(target, self._allowed_hosts)
            with session.get(
                target, headers=headers, timeout=self._spec.timeout, stream=True, allow_redirects=False
            ) as response:
                location = session.get_redirect_target(response)
                if location is None:
                    is_ok = response.status_code == HTTPStatus.OK
                    body = self._body(url, response, max_bytes, deadline, truncate) if is_ok else b""
                    return _Response(response.status_code, response.reason or "", response.headers, body)
                next_url = urljoin(target, location)
        except public_session.PrivateAddressError:
            problem = f"it leads to {target!r} on a private network; if that is intended, configure that address itself"
            raise _RefusedError(name, url, problem) from None
        except urllib3.exceptions.DecodeError:
            raise UnreadableError(name, url, "the response cannot be decompressed") from None
        except (requests.ConnectionError, requests.Timeout, urllib3.exceptions.HTTPError) as error:
            problem = public_session.root_cause(error)
            problem = f"the server cannot be reached ({problem}); check the address and the network"
            raise UnavailableError(name, url, problem) from None
        except (requests.RequestException, ValueError) as error:
            problem = f"{target!r} cannot be requested ({public_session.root_cause(error)})"
            raise UnreadableError(name, url, problem) from None
        if urlsplit(next_url).scheme not in ("http", "https"):
            raise _RefusedError(name, url, f"it redirects to {next_url!r}, which is not an http address")
        return next_url

    def _body(self, url: str, response: requests.Response, max_bytes: int, deadline: float, truncate: bool) -> bytes:
        """Return the body, read in chunks so that a decompression bomb or a slow server is abandoned early."""
        body = bytearray()
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > max_bytes and truncate:
                break
            if len(body) > max_bytes:
                problem = f"the response is larger than {max_bytes:,} bytes; raise max_bytes if that is intended"
                raise _TooLargeError(self._spec.name, url, problem)
            if self._clock() > deadline:
                problem = f"the response took more than {_TOTAL_TIMEOUTS * self._spec.timeout:g} seconds"
                raise UnavailableError(self._spec.name, url, problem)
        return bytes(body)

    # --- robots.txt -------------------------------------------------------------------------------------------------

    def _allowed_delay(self, url: str, target: str) -> float:
        """Return the delay that is due after a request for `target`; raise if its robots.txt disallows it."""
        if not self._spec.robots:
            return self._spec.delay
        parts = urlsplit(target)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(url, f"{origin}/robots.txt")
        rules = self._robots[origin]
        if not rules.allows(target):
            problem = f"{origin}/robots.txt disallows {parts.path or '/'}"
            raise _ForbiddenError(self._spec.name, url, f"{problem}; if the host permits it to you, set robots: false")
        return rules.delay(self._spec.delay)

    def _read_robots(self, url: str, address: str) -> Robots:
        """Return the rules of a robots.txt by RFC 9309: one that is missing allows all, one that fails allows nothing.

        Raises
        ------
        UnavailableError
            The server cannot be reached, or answers with status 429 or one from 500 on.
        """
        try:
            response = self._get(address, {}, _ROBOTS_BYTES, robots=True)
        except UnavailableError as error:
            raise UnavailableError(self._spec.name, url, error.problem) from None
        except SourceError:
            return Robots("", self._product)
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR or response.status == HTTPStatus.TOO_MANY_REQUESTS:
            problem = f"the server does not serve {address} ({response.status}); the next run tries again"
            raise UnavailableError(self._spec.name, url, problem)
        return Robots(response.body.decode("utf-8", "replace"), self._product)


def _is_sendable(value: str) -> bool:
    """Return whether a header of a server can be sent back to it; some hold bytes that no header may have."""
    return bool(value) and value.isascii() and value.isprintable()


def _is_retryable(error: BaseException) -> bool:
    """Return whether a failure may pass within this run."""
    return isinstance(error, UnavailableError) and _requested_pause(error) <= MAX_PAUSE


def _pause(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    return min(max(_requested_pause(error), 2.0 ** (state.attempt_number - 1)), MAX_PAUSE)


def _requested_pause(error: BaseException | None) -> float:
    """Return the pause in seconds that the server asked for, 0 if it named none."""
    return error.retry_after if isinstance(error, (_BusyError, _ServerError)) else 0.0
