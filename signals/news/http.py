"""One polite GET: a name of our own, limits on time, size and redirects, and nothing fetched twice."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from urllib.parse import urljoin, urlsplit

import requests
import tenacity
import urllib3

from signals import __version__
from signals.errors import NotFoundError, RateLimitedError, SourceError, UnavailableError, UnreadableError
from signals.news.documents import document, read_alike
from signals.types import Document, NewsSpec, SourceFailure

USER_AGENT = f"signals/{__version__} (reads news for its user)"
MAX_REDIRECTS = 5
ATTEMPTS = 3
# A whole answer may take this many times the timeout of one wait for the server.
_PATIENCE = 3
_LONGEST_PAUSE = 30.0
_CHUNK = 65_536


class _TooLargeError(UnreadableError):
    """The answer is larger than the configuration allows."""

    reason = "too_large"


class _RefusedError(SourceError):
    """The server answered that it will not give this; asking again changes nothing."""

    reason = "unavailable"


class _BusyError(RateLimitedError):
    """The server asked us to slow down, perhaps saying for how many seconds."""

    def __init__(self, source: str, item: str, problem: str, seconds: float) -> None:
        super().__init__(source, item, problem)
        self.seconds = seconds


def fetch(
    spec: NewsSpec, known: Document | None, now: datetime, sleep: Callable[[float], None] = time.sleep
) -> Iterator[Document | SourceFailure]:
    """Yield what `spec.url` holds if it is new since `known`, or the failure.

    Parameters
    ----------
    spec
        The source; `timeout` bounds each wait for the server, `max_bytes` the answer after unpacking.
    known
        The document of last time; its ETag and date make the request a conditional one.
    now
        The time to note.
    sleep
        What to pause with between attempts.
    """
    url = spec.url or ""
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(UnavailableError),
        stop=tenacity.stop_after_attempt(ATTEMPTS),
        wait=_pause,
        sleep=sleep,
        reraise=True,
    )
    try:
        fetched = retrying(_get, spec, url, known, now)
    except SourceError as error:
        yield SourceFailure(spec.name, url, error.reason, error.problem)
        return
    if fetched and (known is None or fetched.digest != known.digest):
        yield fetched


def _pause(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.seconds if isinstance(error, _BusyError) else 0.0
    return min(max(asked, 2.0 ** (state.attempt_number - 1)), _LONGEST_PAUSE)


def _get(spec: NewsSpec, url: str, known: Document | None, now: datetime) -> Document | None:
    """Ask once, following redirects; None if nothing is new."""
    headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate"}
    # What was read by other settings has to be read again, so the server is asked for all of it.
    if known is not None and read_alike(spec, known):
        headers |= {"If-None-Match": known.etag} if known.etag else {}
        headers |= {"If-Modified-Since": known.last_modified} if known.last_modified else {}
    may_be_private = not _is_public(url)
    deadline = time.monotonic() + _PATIENCE * spec.timeout
    with requests.Session() as session:
        target = url
        for _ in range(MAX_REDIRECTS + 1):
            try:
                with session.get(
                    target, headers=headers, timeout=spec.timeout, stream=True, allow_redirects=False
                ) as response:
                    location = session.get_redirect_target(response)
                    if location is None:
                        return _answer(spec, url, response, now, deadline)
                    target = urljoin(target, location)
            except (requests.ConnectionError, requests.Timeout, urllib3.exceptions.HTTPError) as error:
                if isinstance(error, urllib3.exceptions.DecodeError):
                    raise UnreadableError(spec.name, url, "the answer cannot be unpacked") from None
                problem = f"the server cannot be reached ({_cause(error)}); check the address and the network"
                raise UnavailableError(spec.name, url, problem) from None
            except (requests.RequestException, ValueError) as error:
                raise UnreadableError(spec.name, url, f"{target!r} cannot be asked ({_cause(error)})") from None
            if urlsplit(target).scheme not in ("http", "https"):
                raise _RefusedError(spec.name, url, f"it redirects to {target!r}, which is not http; nothing was read")
            if not may_be_private and not _is_public(target):
                problem = f"it redirects to {target!r} on a private network; name that address yourself if it is meant"
                raise _RefusedError(spec.name, url, problem)
    raise _RefusedError(spec.name, url, f"it redirects more than {MAX_REDIRECTS} times")


def _answer(spec: NewsSpec, url: str, response: requests.Response, now: datetime, deadline: float) -> Document | None:
    status = response.status_code
    if status == requests.codes.not_modified:
        return None
    if status in (requests.codes.not_found, requests.codes.gone):
        raise NotFoundError(spec.name, url, f"the server has no such page ({status}); correct `url`")
    if status == requests.codes.too_many_requests:
        asked = response.headers.get("retry-after", "")
        problem = "the server asks us to slow down (429); ask it less often"
        raise _BusyError(spec.name, url, problem, float(asked) if asked.isdecimal() else 0.0)
    if status >= requests.codes.internal_server_error:
        raise UnavailableError(spec.name, url, f"the server is in trouble ({status}); it is asked again next time")
    if status != requests.codes.ok:
        raise _RefusedError(spec.name, url, f"the server answers {status} {response.reason or ''}".rstrip())
    payload = _body(spec, url, response, deadline)
    head = response.headers
    return document(
        spec, url, payload, now, head.get("content-type", ""), head.get("etag", ""), head.get("last-modified", "")
    )


def _body(spec: NewsSpec, url: str, response: requests.Response, deadline: float) -> bytes:
    """Read a body as it comes, so that neither a bomb nor a trickle is waited for."""
    body = bytearray()
    while chunk := response.raw.read1(_CHUNK, decode_content=True):
        body += chunk
        if len(body) > spec.max_bytes:
            problem = f"the answer is larger than {spec.max_bytes:,} bytes; raise max_bytes if that is meant"
            raise _TooLargeError(spec.name, url, problem)
        if time.monotonic() > deadline:
            raise UnavailableError(spec.name, url, f"the answer took more than {_PATIENCE * spec.timeout:g} seconds")
    return bytes(body)


def _is_public(url: str) -> bool:
    """Tell whether a host lies on the public network, as far as its name can be resolved here."""
    try:
        found = socket.getaddrinfo(urlsplit(url).hostname, None)
    except (OSError, UnicodeError, ValueError):
        return True  # the request itself will say so, unless a proxy knows the name
    addresses = (ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found)
    return all((getattr(address, "ipv4_mapped", None) or address).is_global for address in addresses)


def _cause(error: BaseException) -> str:
    """Name what lies under an error of requests, without its addresses and object names."""
    while (under := error.__cause__ or error.__context__ or _reason(error)) is not None and under is not error:
        error = under
    text = getattr(error, "strerror", None) or type(error).__name__
    return str(text)


def _reason(error: BaseException) -> BaseException | None:
    reason = getattr(error, "reason", None)
    return reason if isinstance(reason, BaseException) else None
