"""A session of requests that reaches one's own network only under the names that the configuration gives.

An address is looked at when a redirect names it and once more when the connection stands, because a name may be
answered differently the second time. A proxy has rules of its own and is not looked at.
"""

from __future__ import annotations

import socket
from collections.abc import Set
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from signals.net.addresses import host_of, is_public, leads_outside


class PrivateAddressError(Exception):
    """A host that nobody named is on a private network."""


def check(url: str, named: Set[str]) -> None:
    """Raise `PrivateAddressError` for an address on a private network whose host is not one of the named ones."""
    host = host_of(url)
    if host not in named and not leads_outside(host):
        raise PrivateAddressError(host)


def session(named: Set[str]) -> requests.Session:
    """Make a session whose connections end on the public network, or at a named host."""
    made = requests.Session()
    for scheme in ("http://", "https://"):
        made.mount(scheme, _Adapter(named))
    return made


def cause(error: BaseException) -> str:
    """Name what lies under an error of requests, without its addresses and object names."""
    while (under := error.__cause__ or error.__context__ or _reason(error)) is not None and under is not error:
        error = under
    text = getattr(error, "strerror", None) or type(error).__name__
    return str(text)


def _reason(error: BaseException) -> BaseException | None:
    reason = getattr(error, "reason", None)
    return reason if isinstance(reason, BaseException) else None


class _Adapter(HTTPAdapter):
    def __init__(self, named: Set[str]) -> None:
        self._named = named
        super().__init__()

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(*args, **more)
        self.poolmanager.pool_classes_by_scheme = _pools(self._named)


def _pools(named: Set[str]) -> dict[str, Any]:
    def checked(peer: socket.socket, host: str) -> socket.socket:
        if host.strip("[]").lower() not in named and not is_public(peer.getpeername()[0]):
            peer.close()
            raise PrivateAddressError(host)
        return peer

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return checked(super()._new_conn(), self.host)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return checked(super()._new_conn(), self.host)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
