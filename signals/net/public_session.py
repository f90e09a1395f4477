"""A requests session that connects to public addresses only, except for hosts that the configuration names.

The address is checked before a redirect is followed, and again once the connection is open, because the host name may
resolve differently the second time. Connections through a proxy are not checked; the proxy applies its own rules.
"""

from __future__ import annotations

import socket
from collections.abc import Set
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from signals.net.addresses import host_of, is_public, is_public_host


class PrivateAddressError(Exception):
    """A host on a private network that the configuration does not name."""


def check_address(url: str, allowed_hosts: Set[str]) -> None:
    """Raise `PrivateAddressError` if a URL's host is on a private network and not in `allowed_hosts`."""
    host = host_of(url)
    if host not in allowed_hosts and not is_public_host(host):
        raise PrivateAddressError(host)


def create_session(allowed_hosts: Set[str]) -> requests.Session:
    """Return a session that connects only to public addresses and to `allowed_hosts`."""
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter(allowed_hosts))
    return session


def root_cause(error: BaseException) -> str:
    """Return the text of the innermost error, without the URLs and object names that requests adds."""
    while (inner := error.__cause__ or error.__context__ or _reason(error)) is not None and inner is not error:
        error = inner
    text = getattr(error, "strerror", None) or type(error).__name__
    return str(text)


def _reason(error: BaseException) -> BaseException | None:
    reason = getattr(error, "reason", None)
    return reason if isinstance(reason, BaseException) else None


class _Adapter(HTTPAdapter):
    def __init__(self, allowed_hosts: Set[str]) -> None:
        self._allowed_hosts = allowed_hosts
        super().__init__()

    # Any: the signature is that of requests.
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(self._allowed_hosts)


def _pools(allowed_hosts: Set[str]) -> dict[str, type[HTTPConnectionPool]]:
    def check_peer(peer: socket.socket, host: str) -> socket.socket:
        if host.strip("[]").lower() not in allowed_hosts and not is_public(peer.getpeername()[0]):
            peer.close()
            raise PrivateAddressError(host)
        return peer

    class CheckedHTTPConnection(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return check_peer(super()._new_conn(), self.host)

    class CheckedHTTPSConnection(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return check_peer(super()._new_conn(), self.host)

    class CheckedHTTPPool(HTTPConnectionPool):
        ConnectionCls = CheckedHTTPConnection

    class CheckedHTTPSPool(HTTPSConnectionPool):
        ConnectionCls = CheckedHTTPSConnection

    return {"http": CheckedHTTPPool, "https": CheckedHTTPSPool}
