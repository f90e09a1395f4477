"""Local files as documents: a path or a glob, packed or not, unchanged files left out."""

from __future__ import annotations

import bz2
import glob
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, cast

from signals.news.documents import document
from signals.types import Document, NewsSpec, SourceFailure

_PACKED = (".gz", ".bz2", ".xz", ".zip")


def fetch(
    spec: NewsSpec, root: Path, known: Mapping[str, Document], now: datetime, endings: tuple[str, ...] = ()
) -> Iterator[Document | SourceFailure]:
    """Yield the files behind `spec.path` that are new or changed since `known`, in the order of their names.

    Parameters
    ----------
    spec
        The source; `max_bytes` bounds the size of a file after unpacking.
    root
        The folder that a relative path starts from.
    known
        The last document of each origin.
    now
        The time to note.
    endings
        Which files of a glob to take, packed or not; all if empty. A file named in full is always taken.
    """
    pattern = spec.path or ""
    whole = root / pattern
    if whole.is_file():
        paths = [whole]
    else:
        # Unlike Path.glob it takes a pattern that begins at the root of a disk.
        found = (root / name for name in glob.glob(pattern, root_dir=root, recursive=True))  # noqa: PTH207
        paths = sorted(p for p in found if p.is_file() and (not endings or ending(p) in endings))
    if not paths:
        problem = (
            f"{pattern} is a folder; write {pattern.rstrip('/')}/*" if whole.is_dir() else f"no file matches {pattern}"
        )
        yield SourceFailure(spec.name, pattern, "not_found", f"{problem}, or put a file there")
    for path in paths:
        origin = origin_of(path, root)
        payload = _payload(spec, path, origin)
        if isinstance(payload, SourceFailure):
            yield payload
            continue
        fetched = document(spec, origin, payload, now)
        if origin not in known or known[origin].digest != fetched.digest:
            yield fetched


def _payload(spec: NewsSpec, path: Path, origin: str) -> bytes | SourceFailure:
    try:
        with _open(path) as file:
            payload = file.read(spec.max_bytes + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError) as error:
        problem = f"{origin} is named {path.suffix} and cannot be unpacked ({error}); save it again"
        return SourceFailure(spec.name, origin, "unreadable", problem)
    except OSError as error:
        problem = (
            f"{origin} cannot be read ({error.strerror or error}); check that it is whole and that you may read it"
        )
        return SourceFailure(spec.name, origin, "unreadable", problem)
    if len(payload) > spec.max_bytes:
        problem = f"{origin} is larger than {spec.max_bytes:,} bytes; raise max_bytes if that is meant"
        return SourceFailure(spec.name, origin, "too_large", problem)
    return payload


def _open(path: Path) -> IO[bytes]:
    match path.suffix.lower():
        case ".gz":
            return cast("IO[bytes]", gzip.open(path))
        case ".bz2":
            return bz2.open(path)
        case ".xz":
            return lzma.open(path)
        case ".zip":
            return _only_member(path)
        case _:
            return path.open("rb")


def _only_member(path: Path) -> IO[bytes]:
    archive = zipfile.ZipFile(path)
    inside = [member for member in archive.infolist() if not member.is_dir()]
    if len(inside) != 1:
        raise zipfile.BadZipFile(f"it holds {len(inside)} files in place of one")
    if inside[0].flag_bits & 1:
        raise zipfile.BadZipFile("it is locked with a password")
    return archive.open(inside[0])


def origin_of(path: Path, root: Path) -> str:
    """Return a file's name relative to the configuration's folder, or in full where it lies outside."""
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


def short_name(spec: NewsSpec, origin: str) -> str:
    """Return what names a file among the source's own: its path after the fixed part of the glob."""
    parts = Path(spec.path or "").parts
    wild = next((i for i, part in enumerate(parts) if glob.has_magic(part)), len(parts) - 1)
    fixed, path = Path(*parts[:wild]), Path(origin)
    return path.relative_to(fixed).as_posix() if path.is_relative_to(fixed) else path.name


def ending(path: Path) -> str:
    """Return what a file's name says that it is, in lower case; the ending of a packed file is left out."""
    suffix = path.suffix.lower()
    return path.with_suffix("").suffix.lower() if suffix in _PACKED else suffix
