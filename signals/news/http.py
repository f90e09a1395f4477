"""One polite GET: identified, conditional, with timeouts, and with caps on size, time and redirects."""

from __future__ import annotations

import hashlib
import ipaddress
import socket
import time
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urljoin, urlsplit

import requests
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from signals import __version__
from signals.errors import NotFoundError, RateLimitedError, UnavailableError, UnreadableError
from signals.types import Document, NewsSpec

USER_AGENT = f"signals/{__version__} (news reader; one request at a time)"
ACCEPT = "application/rss+xml, application/atom+xml, text/html;q=0.8, */*;q=0.5"
REDIRECTS = 5
TRIES = 3


def get(
    spec: NewsSpec, url: str, known: Document | None, now: datetime, sleep: Callable[[float], None] = time.sleep
) -> Document | None:
    """Fetch a URL; None if it has not changed since `known`.

    Raises
    ------
    NotFoundError, RateLimitedError, UnavailableError, UnreadableError
        With one sentence. Failures that may pass are tried again first.
    """
    tries = Retrying(
        retry=retry_if_exception_type(UnavailableError),
        stop=stop_after_attempt(TRIES),
        wait=wait_exponential(multiplier=1, max=20),
        sleep=sleep,
        reraise=True,
    )
    return tries(_once, spec, url, known, now)


def _once(spec: NewsSpec, url: str, known: Document | None, now: datetime) -> Document | None:
    headers = {
        "User-Agent": USER_AGENT,
        "Accept": "application/rss+xml, application/atom+xml, text/html;q=0.8, */*;q=0.5",
    }
    if known is not None and known.etag:
        headers["If-None-Match"] = known.etag
    if known is not None and known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    try:
        with requests.Session() as session:
            response = _follow(session, spec, url, headers)
            if response.status_code == 304:
                return None
            _check_status(spec, url, response)
            payload = _body(spec, url, response)
    except requests.RequestException as error:
        raise UnavailableError(
            spec.name, url, f"cannot be reached ({_cause(error)}); it is tried again next time"
        ) from None
    digest = hashlib.blake2b(payload, digest_size=10).hexdigest()
    if known is not None and known.digest == digest:
        return None
    said = [response.headers.get(name, "") for name in ("Content-Type", "ETag", "Last-Modified")]
    return Document(spec.name, url, payload, digest, now, *said)


def _follow(session: requests.Session, spec: NewsSpec, url: str, headers: dict[str, str]) -> requests.Response:
    """Follow redirects to http(s) and public addresses only; a host that the configuration names may be private."""
    own = urlsplit(url).hostname
    for _ in range(REDIRECTS + 1):
        response = session.get(
            url, headers=headers, timeout=(min(spec.timeout, 10), spec.timeout), stream=True, allow_redirects=False
        )
        if not response.is_redirect:
            return response
        response.close()
        url = urljoin(url, response.headers["Location"])
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            raise UnreadableError(spec.name, url, f"redirects to {parts.scheme}:, which is not followed")
        if parts.hostname != own and not _is_public(parts.hostname or ""):
            raise UnreadableError(spec.name, url, "redirects to a private address, which is not followed")
    raise UnreadableError(spec.name, url, f"redirects more than {REDIRECTS} times")


def _is_public(host: str) -> bool:
    try:
        found = socket.getaddrinfo(host, None)
    except OSError:
        return True  # it does not resolve: the request will say so
    return all(ipaddress.ip_address(entry[4][0]).is_global for entry in found)


def _check_status(spec: NewsSpec, url: str, response: requests.Response) -> None:
    status = response.status_code
    if status in (404, 410):
        raise NotFoundError(spec.name, url, f"answers {status}; correct `url` of news[{spec.name}]")
    if status == 429:
        raise RateLimitedError(spec.name, url, "asks to slow down (429); it is tried again next time")
    if status >= 500:
        raise UnavailableError(spec.name, url, f"answers {status}; it is tried again next time")
    if status >= 400:
        raise UnreadableError(spec.name, url, f"answers {status}; it may not want to be read by a program")


def _body(spec: NewsSpec, url: str, response: requests.Response) -> bytes:
    """Read the decompressed body up to the cap, and no longer than five timeouts."""
    payload = bytearray()
    deadline = time.monotonic() + 5 * spec.timeout
    for chunk in response.iter_content(65_536):
        payload += chunk
        if len(payload) > spec.max_bytes:
            raise UnreadableError(spec.name, url, f"is larger than {spec.max_bytes} bytes (`max_bytes`)")
        if time.monotonic() > deadline:
            raise UnavailableError(spec.name, url, "sends too slowly; it is tried again next time")
    return bytes(payload)


def _cause(error: requests.RequestException) -> str:
    kinds = {
        requests.exceptions.ConnectTimeout: "no connection in time",
        requests.exceptions.ReadTimeout: "no answer in time",
        requests.exceptions.SSLError: "its certificate does not verify",
        requests.exceptions.ConnectionError: "no connection",
        requests.exceptions.ChunkedEncodingError: "the answer broke off",
        requests.exceptions.ContentDecodingError: "the answer does not decompress",
    }
    return next((words for kind, words in kinds.items() if isinstance(error, kind)), type(error).__name__)
