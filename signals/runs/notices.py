"""A notice of how a run ended, POSTed as JSON to one address; a notice that cannot be sent is a warning and no more.

The address and the headers may be secret. They come from the environment and are in no message: an address is written
as its scheme and host.
"""

from __future__ import annotations

import logging
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
from signals.errors import ConfigError, OverBudgetError, SignalsError, sentence
from signals.net import public_session
from signals.net.addresses import host_of, is_public_host
from signals.net.budget import Item, Limits
from signals.redacting import without_secrets
from signals.runs.killed import KilledRun
from signals.store.run_log import RunStats

log = logging.getLogger(__name__)

ATTEMPTS = 4
# What one try may cost: so many waits of `timeout`, and so many bytes of an answer of which only the status is read.
_TIMEOUTS, _SIZE = 3, 1_000_000
FIRST_PAUSE = 1.0  # seconds; doubled from try to try
MOST_FAILURES = 10
KILLED = 137  # the exit code of a process that SIGKILL ended, as shells give it


@dataclass(frozen=True, slots=True)
class Notice:
    """How a run ended. `run_id` is None if it could not begin; `text` is the whole of it in one sentence."""

    job: str
    slot: str
    run_id: int | None
    state: str
    exit_code: int
    counts: Mapping[str, int]
    events_moved: int
    failures: tuple[str, ...]
    error: str | None
    store: str
    version: str
    text: str

    @classmethod
    def of(
        cls,
        job: str,
        slot: datetime,
        run_id: int | None,
        stats: RunStats,
        store: str,
        error: BaseException | None = None,
    ) -> Self:
        """Return the notice of a run with its stats, or of one that an error ended."""
        code = _exit_code(stats, error)
        problem = sentence(error) if error else None
        failed = len(stats.failures)
        done = f"is done, events called a move: {stats.events_moved}"
        how = f"failed: {problem}" if problem else f"{done}, {failed} failed" if failed else done
        return cls(
            job,
            slot.isoformat(),
            run_id,
            "failed" if error else "done",
            code,
            stats.counts(),
            stats.events_moved,
            tuple(str(failure) for failure in stats.failures[:MOST_FAILURES]),
            problem,
            store.partition("?")[0],
            __version__,
            f"signals: {job} of {slot:%Y-%m-%d %H:%M} UTC {how}",
        )

    @classmethod
    def of_killed(cls, run: KilledRun, store: str) -> Self:
        """Return the notice of a run that was killed, which the next start sends."""
        problem = without_secrets(str(run))
        text = f"signals: {run.job} of {run.slot:%Y-%m-%d %H:%M} UTC failed: {problem}"
        return cls(run.job, run.slot.isoformat(), run.run_id, "killed", KILLED, RunStats().counts(), 0, (), problem,
                   store.partition("?")[0], __version__, text)  # fmt: skip


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
    """Fill in what the configuration leaves to the environment, and check that notices may be sent there.

    Raises
    ------
    ConfigError
        A variable is missing, its value cannot be sent, or the host is on a private network that is not allowed.
    """

    def value(key: str, name: str) -> str:
        text = environment.get(name, "").strip()
        if not text:
            raise ConfigError(where, f"{key}: the environment has no variable of the name given there; set it")
        if not (text.isprintable() and text.isascii()):
            raise ConfigError(where, f"{key}: the variable holds more than one line of plain ASCII text")
        return text

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
    """Send a notice of an end that the target wants, four times at most; never raises for one that cannot be sent."""
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
    except Exception as error:  # whatever it is, the run has ended as it has
        log.warning("the notice of the run could not be sent to %r: %s", to, _why(error))
    else:
        log.info("a notice of the run was sent to %r", to)


def _post(to: Target, notice: Notice) -> None:
    """Send once, within a budget. Redirects are not followed, and nothing of the answer but its status is read."""
    private = frozenset({host_of(to.url)}) if to.private else frozenset()
    item = Item("notify", repr(to), Limits(_TIMEOUTS * to.timeout, _SIZE, requests=1))
    headers = {"User-Agent": f"signals/{__version__}", **to.headers}
    with (
        public_session.PublicSession(private, item) as session,
        item,
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
    """Return what went wrong without the texts of requests, in which whole addresses stand."""
    if isinstance(error, _PassingError | _RefusedError):
        return str(error)
    if isinstance(error, public_session.PrivateAddressError):
        return "it is on a private network; set notify.private: true if that is meant"
    if isinstance(error, OverBudgetError):
        return error.problem.partition(";")[0]
    return f"it cannot be reached ({public_session.root_cause(error)})"


def _exit_code(stats: RunStats, error: BaseException | None) -> int:
    if error is None:
        return 1 if stats.failures else 0
    if isinstance(error, KeyboardInterrupt):
        return 130
    return error.exit_code if isinstance(error, SignalsError) else 1
