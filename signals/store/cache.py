"""Results of expensive computations, in files beside the database, so that a run need not compute them again.

A file is a line with its form, a checksum and the digest of what the result was made from, and then the result. One
that is torn, of another form or not what was written is no result.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

from signals import durable

log = logging.getLogger(__name__)

_FORM = "signals-cache-1"
_LONGEST_LINE = 300


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of named results, each with the digest of what it was made from. It may be deleted at any time."""

    folder: Path

    def read(self, name: str) -> tuple[str, bytes] | None:
        """Return the digest and the bytes kept under a name; None if there are none, or they are not as written."""
        try:
            line, _, data = (self.folder / name).read_bytes().partition(b"\n")
        except FileNotFoundError:
            return None
        except OSError as error:
            log.debug("%s cannot be read (%s) and is computed anew", self.folder / name, error)
            return None
        form, checksum, digest = (*line[:_LONGEST_LINE].decode("ascii", "replace").split(" ", 2), "", "", "")[:3]
        if form != _FORM or checksum != _checksum(name, digest, data):
            log.debug("%s is damaged or of another version and is computed anew", self.folder / name)
            return None
        return digest, data

    def write(self, name: str, digest: str, data: bytes) -> None:
        """Keep bytes under a name, whole or not at all; a folder that cannot be written is no reason to fail."""
        try:
            self.folder.mkdir(exist_ok=True)
            line = f"{_FORM} {_checksum(name, digest, data)} {digest}\n"
            durable.write_bytes(self.folder / name, line.encode() + data)
        except OSError as error:
            log.debug("%s cannot be written (%s)", self.folder / name, error)


def _checksum(name: str, digest: str, data: bytes) -> str:
    """Return the checksum of a result with its name and digest, so that no file passes for another."""
    return hashlib.blake2b(f"{name}\0{digest}\0".encode() + data, digest_size=16).hexdigest()
