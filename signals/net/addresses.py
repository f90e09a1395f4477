"""Where an address leads: onto the public network, or into one's own, where nothing fetched may send the program.

A name is looked up again when a connection is made, and may then answer differently: who connects asks `is_public` of
the peer as well.
"""

from __future__ import annotations

import socket
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit


def host_of(url: str) -> str:
    """Return the host of an http or https address in lower case; empty if the text is no such address."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def is_public(address: str) -> bool:
    """Tell whether a numeric address is one of the public network's."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found.sixtofour or found
    return found.is_global and not found.is_multicast


def leads_outside(host: str) -> bool:
    """Tell whether every address that a host has here is public; a name unknown here may be known to a proxy."""
    try:
        found = socket.getaddrinfo(host, None)
    except (OSError, UnicodeError):
        return True
    return all(is_public(str(entry[4][0])) for entry in found)
