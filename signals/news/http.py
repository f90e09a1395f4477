"""Polite GETs: a name of our own, one request at a time, limits on time, size and redirects, nothing fetched twice."""

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
from signals.net.politeness import HOSTS, Hosts, Robots
from signals.news.documents import document, read_alike
from signals.types import Document, NewsSpec, SourceFailure

USER_AGENT = f"signals/{__version__} (reads news for its user)"
MAX_REDIRECTS = 5
ATTEMPTS = 3
# A whole answer may take this many times the timeout of one wait for the server.
_PATIENCE = 3
LONGEST_PAUSE = 30.0
_CHUNK = 65_536
_ROBOTS_BYTES = 512_000  # what RFC 9309 wants read at least
_MISSING = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


class _TooLargeError(UnreadableError):
    """The answer is larger than the configuration allows."""

    reason = "too_large"


class _RefusedError(SourceError):
    """The server answered that it will not give this; asking again changes nothing."""

    reason = "unavailable"


class _ForbiddenError(SourceError):
    """The host's robots.txt asks programs to leave this alone."""

    reason = "robots"


class _BusyError(RateLimitedError):
    """The server asked us to slow down, perhaps saying for how many seconds."""

    def __init__(self, source: str, item: str, problem: str, seconds: float) -> None:
        super().__init__(source, item, problem)
        self.seconds = seconds


class _TroubledError(UnavailableError):
    """The server has failed, perhaps saying for how many seconds."""

    def __init__(self, source: str, item: str, problem: str, seconds: float) -> None:
        super().__init__(source, item, problem)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class _Answer:
    """A server's last word after its redirects. `body` is read only where the status is 200."""

    status: int
    phrase: str
    headers: Mapping[str, str]
    body: bytes


class Visitor:
    """Asks for the addresses of one source, for one night.

    Parameters
    ----------
    spec
        The source; `timeout` bounds each wait for the server, `max_bytes` an answer after unpacking.
    now
        The time to note.
    sleep
        What to pause with.
    hosts
        Whose turns to wait for.
    """

    def __init__(
        self, spec: NewsSpec, now: datetime, sleep: Callable[[float], None] = time.sleep, hosts: Hosts = HOSTS
    ) -> None:
        self._spec = spec
        self._now = now
        self._sleep = sleep
        self._hosts = hosts
        self._agent = spec.user_agent or USER_AGENT
        self._token = self._agent.partition("/")[0]  # what a robots.txt would call it
        self._named = frozenset(host_of(url) for url in (spec.url or "", *spec.urls))
        self._robots: dict[str, Robots] = {}

    def fetch(self, url: str, known: Document | None) -> Iterator[Document | SourceFailure]:
        """Yield what an address holds if it is new since `known`, or the failure.

        The ETag and the date of `known` make the request a conditional one.
        """
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(_is_worth_asking_again),
            stop=tenacity.stop_after_attempt(ATTEMPTS),
            wait=_pause,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            fetched = retrying(self._document, url, known)
        except SourceError as error:
            yield SourceFailure(self._spec.name, url, error.reason, error.problem)
            return
        if fetched and (known is None or fetched.digest != known.digest):
            yield fetched

    def _document(self, url: str, known: Document | None) -> Document | None:
        """Ask once; None if nothing is new."""
        conditions: dict[str, str] = {}
        # What was read by other settings has to be read again, so the server is asked for all of it.
        if known is not None and read_alike(self._spec, known):
            conditions |= {"If-None-Match": known.etag} if known.etag else {}
            conditions |= {"If-Modified-Since": known.last_modified} if known.last_modified else {}
        answer = self._ask(url, conditions, self._spec.max_bytes)
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return None
        if answer.status != HTTPStatus.OK:
            raise self._refusal(url, answer)
        head = answer.headers
        return document(
            self._spec, url, answer.body, self._now,
            head.get("content-type", ""), head.get("etag", ""), head.get("last-modified", ""),
        )  # fmt: skip

    def _refusal(self, url: str, answer: _Answer) -> SourceError:
        name, status = self._spec.name, answer.status
        if status in _MISSING:
            return NotFoundError(name, url, f"the server has no such page ({status}); correct its address")
        wish = self._seconds(answer.headers.get("retry-after", ""))
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            until = f", and to come back in {wish:,.0f} seconds" if wish else "; ask it less often"
            return _BusyError(name, url, f"the server asks us to slow down (429){until}", wish)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return _TroubledError(name, url, f"the server is in trouble ({status}); it is asked again next time", wish)
        return _RefusedError(name, url, f"the server answers {status} {answer.phrase}".rstrip())

    def _seconds(self, wish: str) -> float:
        """Read a Retry-After: seconds, or the time when to come back."""
        if wish.isdecimal():
            return float(wish)
        try:
            return max((parsedate_to_datetime(wish) - self._now).total_seconds(), 0.0)
        except (TypeError, ValueError):
            return 0.0

    # --- one request, with its redirects ----------------------------------------------------------------------------

    def _ask(self, url: str, conditions: Mapping[str, str], most: int, cut: bool = False) -> _Answer:
        """Ask for an address and follow its redirects as far as they may lead.

        With `cut`, the beginning of an answer of more than `most` bytes will do, and robots.txt is not asked about.
        """
        target = url
        deadline = time.monotonic() + _PATIENCE * self._spec.timeout
        with public_session.session(self._named) as session:
            for _ in range(MAX_REDIRECTS + 1):
                delay = self._spec.delay if cut else self._allowed_delay(url, target)
                with self._hosts.turn(host_of(target), delay, self._sleep):
                    answer = self._once(session, url, target, conditions, most, deadline, cut)
                if isinstance(answer, _Answer):
                    return answer
                target = answer
        raise _RefusedError(self._spec.name, url, f"it redirects more than {MAX_REDIRECTS} times")

    def _once(
        self, session: requests.Session, url: str, target: str, conditions: Mapping[str, str], most: int,
        deadline: float, cut: bool,
    ) -> _Answer | str:  # fmt: skip
        """Send one request; returns the answer, or the address to which it redirects."""
        name = self._spec.name
        headers = {"User-Agent": self._agent, "Accept-Encoding": "gzip, deflate", **conditions}
        try:
            public_session.check(target, self._named)
            with session.get(
                target, headers=headers, timeout=self._spec.timeout, stream=True, allow_redirects=False
            ) as response:
                location = session.get_redirect_target(response)
                if location is None:
                    found = response.status_code == HTTPStatus.OK
                    body = self._body(url, response, most, deadline, cut) if found else b""
                    return _Answer(response.status_code, response.reason or "", response.headers, body)
                onward = urljoin(target, location)
        except public_session.PrivateAddressError:
            problem = f"it leads to {target!r} on a private network; name that address yourself if it is meant"
            raise _RefusedError(name, url, problem) from None
        except urllib3.exceptions.DecodeError:
            raise UnreadableError(name, url, "the answer cannot be unpacked") from None
        except (requests.ConnectionError, requests.Timeout, urllib3.exceptions.HTTPError) as error:
            problem = f"the server cannot be reached ({public_session.cause(error)}); check the address and the network"
            raise UnavailableError(name, url, problem) from None
        except (requests.RequestException, ValueError) as error:
            raise UnreadableError(name, url, f"{target!r} cannot be asked ({public_session.cause(error)})") from None
        if urlsplit(onward).scheme not in ("http", "https"):
            raise _RefusedError(name, url, f"it redirects to {onward!r}, which is not http; nothing was read")
        return onward

    def _body(self, url: str, response: requests.Response, most: int, deadline: float, cut: bool) -> bytes:
        """Read a body as it comes, so that neither a bomb nor a trickle is waited for."""
        body = bytearray()
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > most and cut:
                break
            if len(body) > most:
                problem = f"the answer is larger than {most:,} bytes; raise max_bytes if that is meant"
                raise _TooLargeError(self._spec.name, url, problem)
            if time.monotonic() > deadline:
                problem = f"the answer took more than {_PATIENCE * self._spec.timeout:g} seconds"
                raise UnavailableError(self._spec.name, url, problem)
        return bytes(body)

    # --- robots.txt -------------------------------------------------------------------------------------------------

    def _allowed_delay(self, url: str, target: str) -> float:
        """Return the pause that is due after asking for `target`; raises if its host wants it left alone."""
        if not self._spec.robots:
            return self._spec.delay
        parts = urlsplit(target)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(url, f"{origin}/robots.txt")
        rules = self._robots[origin]
        if not rules.allows(target):
            problem = f"{origin}/robots.txt asks programs to leave {parts.path or '/'} alone"
            raise _ForbiddenError(self._spec.name, url, f"{problem}; if the host allows it to you, set robots: false")
        return rules.delay(self._spec.delay)

    def _read_robots(self, url: str, address: str) -> Robots:
        """Read a robots.txt as RFC 9309 says: one that is not there allows all, one that cannot be read nothing."""
        try:
            answer = self._ask(address, {}, _ROBOTS_BYTES, cut=True)
        except UnavailableError as error:
            raise UnavailableError(self._spec.name, url, error.problem) from None
        except SourceError:
            return Robots("", self._token)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            problem = f"the server is in trouble with {address} ({answer.status}); it is asked again next time"
            raise UnavailableError(self._spec.name, url, problem)
        return Robots(answer.body.decode("utf-8", "replace"), self._token)


def _is_worth_asking_again(error: BaseException) -> bool:
    """Tell whether a failure may pass within this night."""
    return isinstance(error, UnavailableError) and _wish(error) <= LONGEST_PAUSE


def _pause(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    return min(max(_wish(error), 2.0 ** (state.attempt_number - 1)), LONGEST_PAUSE)


def _wish(error: BaseException | None) -> float:
    """Return for how many seconds a server wants to be left alone, as far as it said."""
    return error.seconds if isinstance(error, (_BusyError, _TroubledError)) else 0.0
