"""A requests session that connects to public addresses or named hosts only, and waits within the budget of an item.

The address is checked before a redirect is followed, and again when the connection is opened, because the host name may
resolve differently the second time. Connections through a proxy are not checked; the proxy applies its own rules.

A timeout of requests bounds a single wait for a byte, so a server that sends a byte now and then in a header, in a line
of a chunk or in a trailer holds a request for ever. Here each wait for the socket is as long as what is left of the
budget, at most. Whatever http.client and urllib3 read, they read it from there.
"""

from __future__ import annotations

import http.client
import io
import socket
from collections.abc import Iterator, Set
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from signals.net.addresses import host_of, is_public, is_public_host, resolve
from signals.net.budget import Item


class PrivateAddressError(Exception):
    """A host on a private network that the configuration does not name."""


class PublicSession(requests.Session):
    """A session that connects only to public addresses and to `allowed_hosts`, and spends from the budget of `item`.

    One thread uses it at a time; `item` may be replaced between two requests.
    """

    def __init__(self, allowed_hosts: Set[str], item: Item) -> None:
        super().__init__()
        self.allowed_hosts = allowed_hosts
        self.item = item
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter(self))

    # Any: the signature is that of requests.
    def resolve_redirects(self, *_args: Any, **_kwargs: Any) -> Iterator[requests.Response]:
        """Yield nothing: requests would read the whole body of a redirect, however long, even if it is not followed."""
        return iter(())

    def check_address(self, url: str) -> None:
        """Raise `PrivateAddressError` if a URL's host is on a private network and not allowed."""
        host = host_of(url)
        if host not in self.allowed_hosts and not is_public_host(host, self.item.wait(self.item.limits.seconds)):
            raise PrivateAddressError(host)


def innermost(error: BaseException) -> BaseException:
    """Return the error that caused all others."""
    while (inner := error.__cause__ or error.__context__ or _reason(error)) is not None and inner is not error:
        error = inner
    return error


def root_cause(error: BaseException) -> str:
    """Return the text of the innermost error, without the URLs and object names that requests adds."""
    inner = innermost(error)
    return str(getattr(inner, "strerror", None) or type(inner).__name__)


def _reason(error: BaseException) -> BaseException | None:
    reason = getattr(error, "reason", None)
    return reason if isinstance(reason, BaseException) else None


class _Wire(io.RawIOBase):
    """What a socket receives, counted and waited for within the budget; under TLS as well."""

    def __init__(self, raw: io.RawIOBase, peer: socket.socket, item: Item) -> None:
        self._raw = raw
        self._peer = peer
        self._item = item
        self._timeout = peer.gettimeout() or item.limits.seconds

    def readable(self) -> bool:
        return True

    # Any: the buffer is that of io.
    def readinto(self, buffer: Any) -> int | None:
        self._peer.settimeout(self._item.wait(self._timeout))
        try:
            count: int | None = self._raw.readinto(buffer)
        except TimeoutError:
            self._item.check()
            raise
        self._item.spend(size=count or 0)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Adapter(HTTPAdapter):
    def __init__(self, session: PublicSession) -> None:
        self._session = session
        super().__init__()

    # Any: the signatures are those of requests.
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(self._session, is_checked=True)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> PoolManager:
        manager: PoolManager = super().proxy_manager_for(*args, **kwargs)
        if isinstance(manager, ProxyManager):  # one of SOCKS has connections of its own
            manager.pool_classes_by_scheme = _pools(self._session, is_checked=False)
        return manager


def _pools(session: PublicSession, is_checked: bool) -> dict[str, type[HTTPConnectionPool]]:
    class BoundedResponse(http.client.HTTPResponse):
        # Any: the arguments are those of http.client.
        def __init__(self, peer: socket.socket, *args: Any, **kwargs: Any) -> None:
            super().__init__(peer, *args, **kwargs)
            self.fp = io.BufferedReader(_Wire(self.fp.detach(), peer, session.item))

    def connected(connection: HTTPConnection) -> socket.socket:
        return _connected(connection, session, is_checked)

    class BoundedHTTPConnection(HTTPConnection):
        response_class = BoundedResponse

        def _new_conn(self) -> socket.socket:
            return connected(self)

    class BoundedHTTPSConnection(HTTPSConnection):
        response_class = BoundedResponse

        def _new_conn(self) -> socket.socket:
            return connected(self)

    class BoundedHTTPPool(HTTPConnectionPool):
        ConnectionCls = BoundedHTTPConnection

    class BoundedHTTPSPool(HTTPSConnectionPool):
        ConnectionCls = BoundedHTTPSConnection

    return {"http": BoundedHTTPPool, "https": BoundedHTTPSPool}


def _connected(connection: HTTPConnection, session: PublicSession, is_checked: bool) -> socket.socket:
    """Return a socket that is connected; its timeout, which also bounds a TLS handshake, is what is left."""
    host, item = connection.host.strip("[]"), session.item
    timeout = connection.timeout if isinstance(connection.timeout, int | float) else item.limits.seconds
    try:
        entries = resolve(host, connection.port or 0, item.wait(timeout))
    except TimeoutError as error:
        raise ConnectTimeoutError(connection, str(error)) from error
    except socket.gaierror as error:
        raise NameResolutionError(host, connection, error) from error
    failure: OSError = OSError("it has no address")
    for family, kind, protocol, _, address in entries:
        if is_checked and host.lower() not in session.allowed_hosts and not is_public(address[0]):
            raise PrivateAddressError(host)
        peer = socket.socket(family, kind, protocol)
        try:
            for option in connection.socket_options or ():
                peer.setsockopt(*option)
            peer.settimeout(item.wait(timeout))
            peer.connect(address)
        except OSError as error:
            peer.close()
            failure = error
        except BaseException:
            peer.close()
            raise
        else:
            peer.settimeout(item.wait(timeout))
            return peer
    if isinstance(failure, TimeoutError):
        raise ConnectTimeoutError(connection, f"no connection in {timeout:g} seconds") from failure
    raise NewConnectionError(connection, str(failure)) from failure
