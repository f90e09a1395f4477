"""A notice of how a night ended, POSTed as JSON to one address; what cannot be sent is a warning and changes nothing.

The address and the headers may be secret. They come from the environment and are in no sentence: an address is shown
as its scheme and host.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Self
from urllib.parse import urlsplit

import requests
import tenacity

from signals import __version__
from signals.config import Notify
from signals.errors import ConfigError, SignalsError, sentence
from signals.net import public_session
from signals.net.addresses import host_of, is_public_host
from signals.store.run_log import Tally

log = logging.getLogger(__name__)

ATTEMPTS = 4
FIRST_PAUSE = 1.0  # seconds; doubled from try to try
MOST_FAILURES = 10
_QUERY = re.compile(r"(https?://)(?:[^\s/@]*@)?([^\s?#]*)[?#]\S*|(https?://)[^\s/@]*@")


@dataclass(frozen=True, slots=True)
class Notice:
    """How a night ended. `run_id` is None if it could not even begin; `text` says it all in one sentence."""

    job: str
    slot: str
    run_id: int | None
    state: str
    exit_code: int
    counts: Mapping[str, int]
    failures: tuple[str, ...]
    error: str | None
    store: str
    version: str
    text: str

    @classmethod
    def of(
        cls, job: str, slot: datetime, run_id: int | None, tally: Tally, store: str, error: BaseException | None = None
    ) -> Self:
        """Say how a night ended that did what the tally holds, or that an error ended."""
        code = _exit_code(tally, error)
        said = _without_queries(sentence(error)) if error else None
        failed = len(tally.failures)
        how = f"failed: {said}" if said else f"is done, {failed} failed" if failed else "is done"
        return cls(
            job,
            slot.isoformat(),
            run_id,
            "failed" if error else "done",
            code,
            tally.counts(),
            tuple(_without_queries(str(failure)) for failure in tally.failures[:MOST_FAILURES]),
            said,
            store.partition("?")[0],
            __version__,
            f"signals: {job} of {slot:%Y-%m-%d %H:%M} UTC {how}",
        )


@dataclass(frozen=True)
class Target:
    """Where notices go, with what is secret about it filled in."""

    url: str
    headers: Mapping[str, str]
    on: str
    timeout: float
    private: bool

    def __repr__(self) -> str:
        """Show the host alone."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


class _PassingError(Exception):
    """The server is busy or in trouble: it may take the notice in a moment."""


class _RefusedError(Exception):
    """The server answered that it does not take the notice."""


def target(notify: Notify, where: str, environment: Mapping[str, str]) -> Target:
    """Fill in what the configuration leaves to the environment, and see whether notices may be sent there.

    Raises
    ------
    ConfigError
        A variable is missing, its value cannot be sent, or the host is on a private network that is not allowed.
    """

    def value(key: str, name: str) -> str:
        found = environment.get(name, "").strip()
        if not found:
            raise ConfigError(where, f"{key}: the environment has no variable of the name given there; set it")
        if not (found.isprintable() and found.isascii()):
            raise ConfigError(where, f"{key}: the variable holds more than one line of plain ASCII text")
        return found

    url = notify.url or value("notify.url_from", notify.url_from or "")
    key = "notify.url" if notify.url else "notify.url_from"
    host = host_of(url)
    if not host or "@" in urlsplit(url).netloc:
        raise ConfigError(where, f"{key}: it is not an http or https address, or one with a name or password in it")
    if not notify.private and not is_public_host(host):
        raise ConfigError(where, f"{key}: {host} is on a private network; set notify.private: true if that is meant")
    headers = {header: value(f"notify.headers_from.{header}", name) for header, name in notify.headers_from.items()}
    return Target(url, headers, notify.on, notify.timeout, notify.private)


def send(to: Target, notice: Notice, sleep: Callable[[float], None] = time.sleep) -> None:
    """Send a notice if its end is one to tell of, four times at most; never raises for one that cannot be sent."""
    if to.on == "failure" and notice.exit_code == 0:
        return
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type((_PassingError, requests.ConnectionError, requests.Timeout)),
        stop=tenacity.stop_after_attempt(ATTEMPTS),
        wait=tenacity.wait_exponential(multiplier=FIRST_PAUSE),
        sleep=sleep,
        reraise=True,
    )
    try:
        retrying(_post, to, notice)
    except Exception as error:  # whatever it is, the night has ended as it has
        log.warning("the notice of the night could not be sent to %r: %s", to, _why(error))
    else:
        log.info("a notice of the night was sent to %r", to)


def _post(to: Target, notice: Notice) -> None:
    """Send once. Redirects are not followed, and nothing of the answer but its status is read."""
    named = frozenset({host_of(to.url)}) if to.private else frozenset()
    headers = {"User-Agent": f"signals/{__version__}", **to.headers}
    with (
        public_session.create_session(named) as session,
        session.post(
            to.url,
            json=asdict(notice),
            headers=headers,
            timeout=to.timeout,
            allow_redirects=False,
            stream=True,
            auth=_as_it_is,
        ) as response,
    ):
        status = response.status_code
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise _PassingError(f"it answers {status}, also after {ATTEMPTS} tries")
    if status >= HTTPStatus.MULTIPLE_CHOICES:
        onward = "; redirects are not followed, name the address itself" if status < HTTPStatus.BAD_REQUEST else ""
        raise _RefusedError(f"it answers {status}{onward}")


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep the headers: without an auth of ours, requests puts a ~/.netrc entry in the place of Authorization."""
    return request


def _why(error: Exception) -> str:
    """Say what went wrong without the texts of requests, in which whole addresses stand."""
    if isinstance(error, _PassingError | _RefusedError):
        return str(error)
    if isinstance(error, public_session.PrivateAddressError):
        return "it is on a private network; set notify.private: true if that is meant"
    return f"it cannot be reached ({public_session.root_cause(error)})"


def _exit_code(tally: Tally, error: BaseException | None) -> int:
    if error is None:
        return 1 if tally.failures else 0
    if isinstance(error, KeyboardInterrupt):
        return 130
    return error.exit_code if isinstance(error, SignalsError) else 1


def _without_queries(text: str) -> str:
    """Leave out of the addresses in a sentence what may be a key or a password."""
    return _QUERY.sub(lambda found: f"{found[1] or found[3]}{found[2] or ''}", text)
