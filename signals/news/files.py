"""Fetch local files: a path or a glob, compressed or not, without those that have not changed."""

from __future__ import annotations

import bz2
import glob
import gzip
import lzma
import os
import stat
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import dropwhile
from pathlib import Path
from typing import IO, cast

from signals.news.documents import make_document
from signals.types import Document, NewsSpec, SourceFailure

_COMPRESSED = (".gz", ".bz2", ".xz", ".zip")


def fetch(
    spec: NewsSpec, root: Path, previous: Mapping[str, Document], now: datetime, suffixes: Sequence[str] = ()
) -> Iterator[Document | SourceFailure]:
    """Yield the files of `spec.path` that are new or differ from `previous`, in the order of their names.

    Parameters
    ----------
    spec
        The source; `max_bytes` bounds the size of a file after decompression.
    root
        The folder that a relative path starts from.
    previous
        The last document of each origin.
    now
        Instant to record as the time of the fetch.
    suffixes
        Suffixes of the files of a glob to fetch, compressed or not; all files if empty. They do not apply to a path
        without wildcards.
    """
    pattern = spec.path or ""
    paths = _matching(root, pattern, suffixes)
    if not paths:
        is_folder = (root / pattern).is_dir()
        problem = f"{pattern} is a folder; write {pattern.rstrip('/')}/*" if is_folder else f"no file matches {pattern}"
        yield SourceFailure(spec.name, pattern, "not_found", f"{problem}, or put a file there")
    for path in paths:
        origin = origin_of(path, root)
        if problem := _no_file(path):
            yield SourceFailure(spec.name, origin, "unreadable", f"{origin} {problem}; put a file in its place")
            continue
        payload = _payload(spec, path, origin)
        if isinstance(payload, SourceFailure):
            yield payload
            continue
        fetched = make_document(spec, origin, payload, now)
        if origin not in previous or previous[origin].digest != fetched.digest:
            yield fetched


def _matching(root: Path, pattern: str, suffixes: Sequence[str]) -> list[Path]:
    """Return what a path or a glob names, but for folders; one that is named as files are is among them."""
    if (root / pattern).is_file():
        return [root / pattern]
    names_files = "." in Path(pattern).name
    paths = {*_expanded(root, Path(pattern).parts)} if pattern else set()
    return sorted(
        path for path in paths if (names_files or not path.is_dir()) and (not suffixes or suffix(path) in suffixes)
    )


def _expanded(folder: Path, parts: Sequence[str]) -> Iterator[Path]:
    """Yield what the parts of a glob match below a folder."""
    if "**" not in parts:
        # Unlike Path.glob, glob.glob accepts an absolute pattern.
        yield from (folder / name for name in glob.glob(str(Path(*parts)), root_dir=folder))  # noqa: PTH207
        return
    place = parts.index("**")
    rest = list(dropwhile("**".__eq__, parts[place:]))
    for above in _expanded(folder, parts[:place]) if place else (folder,):
        for below in _folders(above):
            yield from _expanded(below, rest or ("*",))


def _folders(top: Path) -> Iterator[Path]:
    """Yield a folder and all below it, each once, however many links lead to it or around in a circle."""
    seen = {os.path.realpath(top)}
    for folder, below, _ in os.walk(top, followlinks=True):
        yield Path(folder)
        fresh = []
        for name in sorted(below):
            real = os.path.realpath(Path(folder, name))
            if not name.startswith(".") and real not in seen:
                seen.add(real)
                fresh.append(name)
        below[:] = fresh


def _no_file(path: Path) -> str:
    """Return why a path is none that can be read as a file; empty if it is one."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return "is a link to a file that is not there" if path.is_symlink() else "is not there any more"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if stat.S_ISDIR(mode):
        return "is a folder"
    return "" if stat.S_ISREG(mode) else "is a pipe, a socket or a device"


def _payload(spec: NewsSpec, path: Path, origin: str) -> bytes | SourceFailure:
    try:
        with _open(path) as file:
            payload = file.read(spec.max_bytes + 1)
    except Exception as error:  # what a decompressor raises of damaged bytes is in no contract
        if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
            problem = f"cannot be read ({error.strerror or error}); check that it is complete and readable for you"
        else:
            problem = f"is named {path.suffix} and cannot be decompressed ({error}); save it again"
        return SourceFailure(spec.name, origin, "unreadable", f"{origin} {problem}")
    if len(payload) > spec.max_bytes:
        problem = f"{origin} is larger than {spec.max_bytes:,} bytes; raise max_bytes if that is intended"
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
            return _open_only_member(path)
        case _:
            return path.open("rb")


def _open_only_member(path: Path) -> IO[bytes]:
    archive = zipfile.ZipFile(path)
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) != 1:
        raise zipfile.BadZipFile(f"it holds {len(members)} files in place of one")
    if members[0].flag_bits & 1:
        raise zipfile.BadZipFile("it is encrypted")
    return archive.open(members[0])


def origin_of(path: Path, root: Path) -> str:
    """Return the path of a file relative to the configuration's folder, or its full path outside of it.

    Bytes of a name that are no UTF-8 are written as escapes, because no database stores them.
    """
    name = (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def short_name(spec: NewsSpec, origin: str) -> str:
    """Return the name that identifies a file within its source: its path below the fixed part of the glob."""
    parts = Path(spec.path or "").parts
    wild = next((i for i, part in enumerate(parts) if glob.has_magic(part)), len(parts) - 1)
    fixed, path = Path(*parts[:wild]), Path(origin)
    return path.relative_to(fixed).as_posix() if path.is_relative_to(fixed) else path.name


def suffix(path: Path) -> str:
    """Return the suffix of a file name in lower case; that of a compression is left out."""
    outer = path.suffix.lower()
    return path.with_suffix("").suffix.lower() if outer in _COMPRESSED else outer
