"""Files on disk -> Documents: globs, compression, and what has not changed since it was last read."""

from __future__ import annotations

import bz2
import glob
import gzip
import hashlib
import lzma
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from signals.types import Document, NewsSpec, SourceFailure

_OPENERS: Mapping[str, Callable[[Path], object]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}


def changed_files(
    spec: NewsSpec, root: Path, known: Mapping[str, Document], now: datetime
) -> Iterator[Document | SourceFailure]:
    """Yield the files behind `path` that are new or changed, in the order of their names.

    A file that cannot be read is yielded as a failure, and so is a pattern that no file fits.
    """
    pattern = str(root / str(spec.path))
    paths = sorted(Path(name) for name in glob.glob(pattern, recursive=True))  # noqa: PTH207 - absolute patterns too
    files = [path for path in paths if path.is_file()]
    if not files:
        what = "no such file" if not glob.has_magic(pattern) else "no file fits this pattern"
        detail = f"{spec.name}: {pattern}: {what}; correct `path` of news[{spec.name}]"
        yield SourceFailure(spec.name, pattern, "not_found", detail)
    for path in files:
        origin = path.as_posix()
        try:
            payload = _read(path, spec.max_bytes)
        except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError) as error:
            said = getattr(error, "strerror", None) or str(error)
            yield SourceFailure(spec.name, origin, "unreadable", f"{spec.name}: {origin}: cannot be read ({said})")
            continue
        digest = hashlib.blake2b(payload, digest_size=10).hexdigest()
        if origin not in known or known[origin].digest != digest:
            yield Document(spec.name, origin, payload, digest, now)


def _read(path: Path, most: int) -> bytes:
    opener = _OPENERS.get(path.suffix.lower())
    with path.open("rb") if opener is None else opener(path) as stream:  # type: ignore[attr-defined]  # file-like all
        payload: bytes = stream.read(most + 1)
    if len(payload) > most:
        raise ValueError(f"it holds more than {most} bytes; raise `max_bytes` if that is right")
    return payload
