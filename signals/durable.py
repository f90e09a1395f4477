"""Files that take the place of an older one in one step, and are on the disk when they do.

A reader sees the old file or the new one, whole, also after a crash of the machine. A writer that is killed leaves a
draft beside the file, which the next one removes.
"""

from __future__ import annotations

import glob
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_DRAFT = re.compile(r"\.(\d+)\.part")
_ABANDONED = 24 * 3600.0  # seconds after which a draft is nobody's where processes cannot be asked for


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a draft to write, which takes the place of `path` when it is done and goes away if it is not.

    What is no regular file (``/dev/stdout``, a pipe) is written itself. A link stays one, and so do the permissions of
    the file that is replaced.

    Raises
    ------
    OSError
        The draft cannot be written, or cannot take its place.
    """
    if path.exists() and not path.is_file():
        yield path
        return
    target = path.resolve()
    _sweep(target)
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    draft.unlink(missing_ok=True)
    try:
        yield draft
        if target.exists():
            shutil.copymode(target, draft)
        synchronise(draft)
        draft.replace(target)
        synchronise(target.parent)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text in UTF-8 with its own line ends.

    Raises
    ------
    OSError
        It cannot be written; the file is as it was.
    """
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole, or not at all; raises OSError."""
    with replacing(path) as draft:
        draft.write_bytes(content)


def synchronise(path: Path) -> None:
    """Put a file, or the names in a folder, on the disk; a folder that cannot be opened has its names there."""
    is_folder = path.is_dir()
    try:
        number = os.open(path, os.O_RDONLY if is_folder else os.O_RDWR)
    except OSError:
        if is_folder:  # as on Windows
            return
        raise
    try:
        os.fsync(number)
    except OSError:
        if not is_folder:
            raise
    finally:
        os.close(number)


def _sweep(target: Path) -> None:
    """Remove the drafts of a file whose writers are gone."""
    beginning = f".{target.name}"
    for old in target.parent.glob(f"{glob.escape(beginning)}.*.part"):
        writer = _DRAFT.fullmatch(old.name.removeprefix(beginning))
        if writer and not _is_writing(int(writer[1]), old):
            with suppress(OSError):
                old.unlink()


def _is_writing(process: int, draft: Path) -> bool:
    """Return whether the writer of a draft may still run; on Windows nobody can be asked, so its age says it."""
    if os.name != "posix":
        return time.time() - draft.stat().st_mtime < _ABANDONED
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
