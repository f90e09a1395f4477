"""Results that can be made again, kept in files beside the database so that a run need not make them again."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of named results, each with the digest of what it was made from. It may be deleted at any time."""

    folder: Path

    def read(self, name: str) -> tuple[str, bytes] | None:
        """Return the digest and the bytes kept under a name, or None."""
        try:
            digest, _, data = (self.folder / name).read_bytes().partition(b"\n")
        except OSError:
            return None
        return digest.decode("ascii", "replace"), data

    def write(self, name: str, digest: str, data: bytes) -> None:
        """Keep bytes under a name, whole or not at all; a folder that cannot be written is no reason to fail."""
        try:
            self.folder.mkdir(exist_ok=True)
            handle, beside = tempfile.mkstemp(dir=self.folder)
            with os.fdopen(handle, "wb") as file:
                file.write(digest.encode() + b"\n" + data)
            Path(beside).replace(self.folder / name)
        except OSError:
            return
