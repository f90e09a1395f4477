"""Packed files -> the bytes and the ending of what is in them: .gz, .bz2, .xz and .zip."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import PurePath

_DECOMPRESS: Mapping[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.decompress,
    ".bz2": bz2.decompress,
    ".xz": lzma.decompress,
}
#: The first bytes by which a packed file is recognised whose name does not say it.
_MARKS = {b"\x1f\x8b": ".gz", b"BZh": ".bz2", b"\xfd7zXZ": ".xz", b"PK\x03\x04": ".zip"}
#: The endings of files that hold more than their size says.
ENDINGS = frozenset({*_DECOMPRESS, ".zip", ".xlsx", ".xlsm", ".parquet"})
_DAMAGED = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError, RuntimeError)


def unpacked(payload: bytes, name: str) -> tuple[bytes, str]:
    """Return the bytes of a file and the ending, in small letters, of the name that they have unpacked.

    Raises
    ------
    ValueError
        The file is damaged, or a .zip holds no file or several.
    """
    path = PurePath(name)
    ending = path.suffix.lower()
    if payload.startswith(b"\xd0\xcf\x11\xe0"):
        raise ValueError("it is a file of an old Excel; save it as .xlsx or .csv")
    if ending not in (*_DECOMPRESS, ".zip", ".xlsx", ".xlsm"):
        ending = next((kind for mark, kind in _MARKS.items() if payload.startswith(mark)), ending)
    try:
        if ending in _DECOMPRESS:
            return unpacked(_DECOMPRESS[ending](payload), path.stem if path.suffix.lower() == ending else name)
        if ending == ".zip":
            return unpacked(*_member(payload))
    except _DAMAGED as error:
        raise ValueError(f"the {ending} file is damaged ({error}); fetch it again") from None
    return payload, ending


def _member(payload: bytes) -> tuple[bytes, str]:
    with zipfile.ZipFile(io.BytesIO(payload)) as archive:
        if "[Content_Types].xml" in archive.namelist():
            return payload, "sheet.xlsx"  # by another name
        names = [name for name in archive.namelist() if not name.endswith("/") and not name.startswith("__MACOSX/")]
        if len(names) != 1:
            held = ", ".join(names[:3]) or "nothing"
            raise ValueError(f"the .zip file holds {len(names)} files ({held}); unpack it, and name one file in `path`")
        return archive.read(names[0]), names[0]
