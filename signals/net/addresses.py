"""Tell public addresses from private ones: a fetched page or feed must not direct requests into a private network.

A host name is resolved again when a connection is opened, and may then resolve to another address. Code that connects
therefore calls `is_public` with the address of the connected peer as well.
"""

from __future__ import annotations

import socket
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit


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


def is_public_host(host: str) -> bool:
    """Return whether all addresses of a host are public.

    A host that cannot be resolved counts as public, because a proxy may be able to resolve it.
    """
    try:
        entries = socket.getaddrinfo(host, None)
    except (OSError, UnicodeError):
        return True
    return all(is_public(str(entry[4][0])) for entry in entries)
