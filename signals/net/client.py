"""One GET request, within the budget of its item: the only way in which news and prices ask a server over requests."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from signals.errors import (
    OverBudgetError,
    RefusedError,
    SourceError,
    TooLargeError,
    UnavailableError,
    UnreadableError,
)
from signals.net.addresses import site_of
from signals.net.budget import Item
from signals.net.hosts import Hosts, retry_after
from signals.net.public_session import PrivateAddressError, PublicSession, innermost, root_cause

MAX_REDIRECTS = 5
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one request. `body` is read only if the status is 200.

    `location` is the URL to which it redirects, empty if it does not; `retry_after` are the seconds that it asks for.
    """

    status: int
    phrase: str
    headers: Mapping[str, str]
    body: bytes
    location: str
    retry_after: float


@dataclass(frozen=True, slots=True)
class Client:
    """A session with the hosts that it may ask.

    Parameters
    ----------
    timeout
        Seconds for each wait for the server.
    max_bytes
        The largest body, after decompression.
    answer_within
        Seconds for a whole answer; None leaves it to the budget of the item.
    """

    session: PublicSession
    hosts: Hosts
    timeout: float
    max_bytes: int
    answer_within: float | None = None

    def check_host(self, url: str) -> None:
        """Raise `LeftAloneError` if the host of a URL is left alone, before any time is spent on waiting for a turn."""
        self.hosts.begin(site_of(url), self.session.item)

    def get(
        self, url: str, headers: Mapping[str, str], params: Mapping[str, str] | None = None, first_bytes: int = 0
    ) -> Reply:
        """Return the answer to one GET request. Redirects are not followed.

        With `first_bytes`, so many bytes of the body suffice.

        Raises
        ------
        LeftAloneError
            The host is left alone.
        OverBudgetError
            The item, the source or the run has nothing left.
        UnavailableError
            The server could not be reached, or did not answer in time or to its end.
        RefusedError
            The host is on a private network and not allowed, or it redirects to what is no http address.
        TooLargeError, UnreadableError
            The body is too large or cannot be decompressed, or the URL cannot be requested.
        """
        item, host = self.session.item, site_of(url)
        before = self.hosts.begin(host, item)
        item.spend(requests=1)
        size = item.size
        item.expect_answer(self.answer_within)
        try:
            reply = self._reply(url, headers, params, first_bytes)
        except Exception as error:
            failure = _failure(item, url, error, self.timeout)
            if failure.why and not (item.within and item.within.excess()):  # else it is not the host that ended it
                silent, begun = failure.is_late and item.size == size, failure.is_late and item.size > size
                self.hosts.failed(host, before, failure.why, is_silent=silent, has_begun=begun)
            raise failure.error from None
        finally:
            item.expect_answer(None)
        self.hosts.judge(host, before, reply.status, reply.retry_after)
        return reply

    def follow(self, url: str, headers: Mapping[str, str], params: Mapping[str, str]) -> Reply:
        """Return the answer after at most `MAX_REDIRECTS` redirects; raises what `get` raises."""
        target, query = url, dict(params)
        for _ in range(MAX_REDIRECTS + 1):
            reply = self.get(target, headers, query)
            if not reply.location:
                return reply
            target, query = reply.location, {}
        raise self.too_many_redirects()

    def too_many_redirects(self) -> RefusedError:
        """Return the error of an item that is redirected for ever."""
        item = self.session.item
        return RefusedError(item.source, item.name, f"it redirects more than {MAX_REDIRECTS} times")

    def _reply(self, url: str, headers: Mapping[str, str], params: Mapping[str, str] | None, first_bytes: int) -> Reply:
        self.session.check_address(url)
        with self.session.get(
            url, headers=headers, params=params, timeout=self.timeout, stream=True, allow_redirects=False
        ) as response:
            location = self.session.get_redirect_target(response)
            target = "" if location is None else urljoin(url, location)
            if target and urlsplit(target).scheme not in ("http", "https"):
                item, problem = self.session.item, f"it redirects to {target!r}, which is not an http address"
                raise RefusedError(item.source, item.name, problem)
            is_ok = response.status_code == HTTPStatus.OK and not target
            body = self._body(response, first_bytes) if is_ok else b""
            pause = retry_after(response.headers, self.hosts.now())
            return Reply(response.status_code, response.reason or "", response.headers, body, target, pause)

    def _body(self, response: requests.Response, first_bytes: int) -> bytes:
        """Return the body, read in chunks so that a decompression bomb is abandoned early."""
        body, item = bytearray(), self.session.item
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            item.check()
            body += chunk
            if first_bytes and len(body) >= first_bytes:
                break
            if len(body) > self.max_bytes and not first_bytes:
                problem = f"the response is larger than {self.max_bytes:,} bytes; raise max_bytes if that is intended"
                raise TooLargeError(item.source, item.name, problem)
        return bytes(body)


class _Failure(NamedTuple):
    """A request that failed: the error of the item, and what the host did, empty if it answered."""

    error: SourceError
    why: str = ""
    is_late: bool = False


def _is_no_http(error: BaseException) -> bool:
    """Return whether an answer broke the protocol, other than by ending too early, which another try may mend."""
    too_early = http.client.IncompleteRead | http.client.RemoteDisconnected
    return isinstance(error, http.client.HTTPException) and not isinstance(error, too_early)


def _failure(item: Item, url: str, error: Exception, timeout: float) -> _Failure:
    source, name, cause = item.source, item.name, root_cause(error)
    if isinstance(error, OverBudgetError | UnavailableError):
        return _Failure(error, error.problem.partition(";")[0], is_late=True)
    if isinstance(error, SourceError):
        return _Failure(error)
    if isinstance(error, PrivateAddressError):
        problem = f"it leads to {url!r} on a private network; if that is intended, configure that address itself"
        return _Failure(RefusedError(source, name, problem))
    if isinstance(error, urllib3.exceptions.DecodeError):
        return _Failure(UnreadableError(source, name, "the response cannot be decompressed"))
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
        problem = f"the server did not answer within {timeout:g} seconds"
        late = UnavailableError(source, name, f"{problem}; check the address and the network")
        return _Failure(late, f"it did not answer within {timeout:g} seconds", is_late=True)
    if _is_no_http(innermost(error)):
        return _Failure(UnreadableError(source, name, f"what the server answers is not HTTP ({cause})"))
    if isinstance(error, requests.ConnectionError | urllib3.exceptions.HTTPError):
        problem = f"the server cannot be reached ({cause}); check the address and the network"
        return _Failure(UnavailableError(source, name, problem), f"it did not answer ({cause})")
    if isinstance(error, requests.RequestException | ValueError):
        return _Failure(UnreadableError(source, name, f"{url!r} cannot be requested ({cause})"))
    raise error
