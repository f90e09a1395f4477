"""Addresses and sentences as they may be shown: without what may be a password or a key.

Whatever is printed, logged, stored, published or sent goes through here. An address keeps its scheme, host, port and
path; user info, query and fragment are left out, because nothing says which of them are secret. Nothing is parsed by a
library, because a password that is not encoded (``user:p@ss/word@host``) makes a library take it for another part.
"""

from __future__ import annotations

import hashlib
import re

HIDDEN = "…"
#: An address in a sentence. It ends at a blank, a quote, or a bracket.
_ADDRESS = re.compile(r"\b[A-Za-z][A-Za-z0-9+.-]{1,30}://[^\s\"'<>`]*")
_TRAILING = ".,;:!)]}"
#: The query of a path without its host, as the errors of HTTP libraries have it.
_PATH_QUERY = re.compile(r"(?<=[\w/.~-])\?[\w.%~+\[\]-]{1,100}=[^\s\"'<>`)]*")
# Names of pairs whose values are left out.
_NAMES = (
    r"(?:[\w.-]{0,40}(?:password|passwd|passphrase|passfile|secret|token|credentials?|api[_-]?key)|pwd|apikey|auth)"
)
_PAIR = re.compile(
    rf"(?<![\w.-])(?P<name>{_NAMES})(?P<is>\s{{0,3}}=\s{{0,3}}|(?:['\"]\s?:\s?))"
    r"(?:'(?:[^'\\]|\\.)*+'?|\"(?:[^\"\\]|\\.)*+\"?|[^\s&;,'\"]+)",
    re.IGNORECASE,
)
_HEADER = re.compile(r"\b(Authorization|Proxy-Authorization|Cookie)(['\"]?\s?[:=]\s?['\"]?)[^\r\n'\"]+", re.IGNORECASE)
#: An address as `address_key` gives it, which is safe already.
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,30}://[^\s@?#]*(?:\?…)?#[0-9a-f]{16}")
_PORT = re.compile(r"(?:\[[^\]]*\]|[^:\[\]]*)(?::\d{0,5})?")
_WEB = frozenset({"http", "https"})


def shown_address(address: str) -> str:
    """Return an address without user info, query and fragment; a text that is none as a sentence is shown."""
    scheme, mark, rest = address.partition("://")
    if not mark:
        return without_secrets(address)
    if _KEY.fullmatch(address):
        return address
    if scheme.startswith("sqlite"):
        return f"{scheme}{mark}{rest.partition('?')[0]}"
    end = min((n for n in (rest.find("?"), rest.find("#")) if n >= 0), default=len(rest))
    body, hidden = rest[:end], rest[end:]
    host, slash, path = body.partition("/")
    server = host.rpartition("@")[2]
    is_odd = not _PORT.fullmatch(server) or ("@" in path and _may_be_user_info(scheme, host))
    if is_odd and "@" in rest:
        # A password with a mark of addresses in it: what follows its last @ is all that is surely none of it.
        server, slash, path = rest.rpartition("@")[2].partition("/")
        path, mark_of_query, query = path.partition("?")
        hidden = mark_of_query + query
    elif not _PORT.fullmatch(server):
        return f"{scheme}{mark}{HIDDEN}"
    return f"{scheme}{mark}{server}{slash}{path.partition('#')[0]}" + (f"?{HIDDEN}" if hidden else "")


def _may_be_user_info(scheme: str, host: str) -> bool:
    """Return whether the @ in a path may end a password with a slash in it, and not belong to the path."""
    return scheme.lower() not in _WEB or ":" in host or "@" in host


def without_secrets(text: str) -> str:
    """Return a sentence whose addresses, queries and pairs of a name and a secret are shown without the secrets."""
    if "://" in text:
        text = _ADDRESS.sub(_shown_match, text)
    if "?" in text:
        text = _PATH_QUERY.sub(f"?{HIDDEN}", text)
    if "=" in text or ":" in text:
        text = _HEADER.sub(rf"\1\2{HIDDEN}", _PAIR.sub(rf"\g<name>\g<is>{HIDDEN}", text))
    return text


def _shown_match(match: re.Match[str]) -> str:
    written = match[0]
    address = written.rstrip(_TRAILING)
    return shown_address(address) + written[len(address) :] if "://" in address else written


def address_key(address: str) -> str:
    """Return what identifies an address where it is stored: as shown, and a digest if something is not shown."""
    if "://" not in address or (visible := shown_address(address)) == address:
        return address
    return f"{visible}#{hashlib.blake2b(address.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"
