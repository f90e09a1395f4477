"""Tell public addresses from private ones: a fetched page or feed must not direct requests into a private network.

A host name is resolved again when a connection is opened, and may then resolve to another address. Code that connects
therefore calls `is_public` with the address that it connects to as well.
"""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

#: An address as `socket.getaddrinfo` gives it: family, type, protocol, canonical name, and what `connect` takes.
AddressInfo = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str, int] | tuple[str, int, int, int]]

_LOOKUP_SECONDS = 20.0


def host_of(url: str) -> str:
    """Return the host of an http or https URL in lower case; empty if the text is not such a URL."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def is_public(address: str) -> bool:
    """Return whether a numeric IP address belongs to the public network."""
    numeric = ip_address(address.partition("%")[0])
    if isinstance(numeric, IPv6Address):
        numeric = numeric.ipv4_mapped or numeric.sixtofour or numeric
    return numeric.is_global and not numeric.is_multicast


def site_of(url: str) -> str:
    """Return the host of a URL with its port, if that is not the usual one of the scheme; empty if it has none."""
    host = host_of(url)
    try:
        parts = urlsplit(url)
        usual = {"http": 80, "https": 443}.get(parts.scheme)
        return f"{host}:{parts.port}" if host and parts.port not in (None, usual) else host
    except ValueError:
        return host


def resolve(host: str, port: int, seconds: float) -> Sequence[AddressInfo]:
    """Return the addresses of a host.

    Nothing can end a look-up that hangs, so it runs in a thread that is left behind when it takes too long.

    Raises
    ------
    TimeoutError
        It took more than `seconds`.
    OSError, UnicodeError
        The host has no address.
    """
    answers: queue.SimpleQueue[Sequence[AddressInfo] | Exception] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))  # type: ignore[arg-type]  # (int, bytes) only without IPv6
        except Exception as error:  # it is raised in the thread that waits
            answers.put(error)

    threading.Thread(target=look_up, name="look-up", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError(f"its name was not resolved in {seconds:g} seconds") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def is_public_host(host: str, seconds: float = _LOOKUP_SECONDS) -> bool:
    """Return whether all addresses of a host are public.

    A host that cannot be resolved counts as public, because a proxy may be able to resolve it.
    """
    try:
        entries = resolve(host, 0, seconds)
    except (OSError, UnicodeError):
        return True
    return all(is_public(str(entry[4][0])) for entry in entries)
