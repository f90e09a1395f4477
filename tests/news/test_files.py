import bz2
import gzip
import lzma
import os
import socket
import sys
import zipfile
from pathlib import Path

import pytest

from signals.news import files
from signals.types import Document, SourceFailure
from tests.news.newsroom import NOW, spec


def fetch(root: Path, path: str, *suffixes: str, max_bytes: int = 1_000_000) -> list[Document | SourceFailure]:
    return list(files.fetch(spec("page", path=path, max_bytes=max_bytes), root, {}, NOW, suffixes))


def write_zip(path: Path, *names: str, encrypted: bool = False) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.mkdir("folder")
        for name in names:
            archive.writestr(name, b"text")
    if encrypted:
        # The flag in the central directory, which is what a reader looks at first.
        payload = bytearray(path.read_bytes())
        payload[payload.rindex(b"PK\1\2") + 8] |= 1
        path.write_bytes(payload)


def test_files_are_fetched_in_the_order_of_their_names_and_decompressed(tmp_path: Path) -> None:
    (tmp_path / "e.txt").write_bytes(b"text")
    (tmp_path / "d.txt.gz").write_bytes(gzip.compress(b"text"))
    (tmp_path / "c.txt.bz2").write_bytes(bz2.compress(b"text"))
    (tmp_path / "b.TXT.XZ").write_bytes(lzma.compress(b"text"))
    write_zip(tmp_path / "a.txt.zip", "folder/a.txt")
    (tmp_path / "a.pdf").write_bytes(b"other")
    fetched = fetch(tmp_path, "*", ".txt")
    assert [(d.origin, d.payload) for d in fetched if isinstance(d, Document)] == [
        (name, b"text") for name in ("a.txt.zip", "b.TXT.XZ", "c.txt.bz2", "d.txt.gz", "e.txt")
    ]


@pytest.mark.parametrize("path", ["{}/*.txt", "{}/a.txt", "**/a.txt"])
def test_a_path_may_be_absolute_or_search_all_folders(tmp_path: Path, path: str) -> None:
    (tmp_path / "a.txt").write_bytes(b"text")
    (fetched,) = fetch(tmp_path, path.format(tmp_path))
    assert isinstance(fetched, Document)
    assert fetched.origin == "a.txt"


def test_a_file_outside_the_root_has_its_full_path_as_origin(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"text")
    (tmp_path / "root").mkdir()
    (fetched,) = fetch(tmp_path / "root", str(tmp_path / "a.txt"))
    assert isinstance(fetched, Document)
    assert fetched.origin == (tmp_path / "a.txt").as_posix()


def test_each_file_that_cannot_be_read_is_a_failure_with_its_problem(tmp_path: Path) -> None:
    for suffix in ("gz", "bz2", "xz", "zip"):
        (tmp_path / f"damaged.{suffix}").write_bytes(b"no archive at all")
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b"text" * 1_000)[:20])
    write_zip(tmp_path / "two.zip", "a.txt", "b.txt")
    write_zip(tmp_path / "locked.zip", "a.txt", encrypted=True)
    (tmp_path / "large.txt").write_bytes(b"x" * 1_001)
    failures = {f.item: f for f in fetch(tmp_path, "*", max_bytes=1_000) if isinstance(f, SourceFailure)}
    assert {name: failure.reason for name, failure in failures.items()} == {
        **dict.fromkeys(["damaged.gz", "damaged.bz2", "damaged.xz", "damaged.zip", "cut.gz"], "unreadable"),
        "two.zip": "unreadable", "locked.zip": "unreadable", "large.txt": "too_large",
    }  # fmt: skip
    assert "holds 2 files in place of one" in failures["two.zip"].detail
    assert "is encrypted" in failures["locked.zip"].detail
    assert "check that it is complete" in failures["damaged.bz2"].detail
    assert "larger than 1,000 bytes" in failures["large.txt"].detail


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such a name of a file")
def test_a_name_that_is_no_utf_8_is_written_with_escapes(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"b\xcf\xf0.txt")).write_bytes(b"b")
    (tmp_path / "c.txt").write_bytes(b"c")
    assert [d.origin for d in fetch(tmp_path, "*") if isinstance(d, Document)] == ["b\\xcf\\xf0.txt", "c.txt"]


def test_a_zip_whose_member_has_an_impossible_name_is_a_failure(tmp_path: Path) -> None:
    write_zip(tmp_path / "a.zip", "\N{LATIN SMALL LETTER E WITH ACUTE}" * 2)
    name = "\N{LATIN SMALL LETTER E WITH ACUTE}".encode() * 2
    (tmp_path / "a.zip").write_bytes((tmp_path / "a.zip").read_bytes().replace(name, b"\xff\xfe\xff\xfe"))
    (failure,) = fetch(tmp_path, "*.zip")
    assert isinstance(failure, SourceFailure)
    assert (failure.reason, failure.item) == ("unreadable", "a.zip")


@pytest.mark.skipif(sys.platform == "win32", reason="links, pipes and sockets are POSIX")
def test_what_is_no_file_is_named_and_the_files_beside_it_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"a")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "nowhere.csv").symlink_to("gone")
    (tmp_path / "circle.csv").symlink_to("circle.csv")
    (tmp_path / "device.csv").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.csv")
    with socket.socket(socket.AF_UNIX) as here:
        here.bind(os.path.relpath(tmp_path / "socket.csv"))
        items = fetch(tmp_path, "*.csv")
    assert [d.origin for d in items if isinstance(d, Document)] == ["a.csv"]
    assert {f.item: f.detail.partition(";")[0].removeprefix(f.item) for f in items if isinstance(f, SourceFailure)} == {
        "circle.csv": " cannot be read (Too many levels of symbolic links)",
        "device.csv": " is a pipe, a socket or a device",
        "folder.csv": " is a folder",
        "nowhere.csv": " is a link to a file that is not there",
        "pipe.csv": " is a pipe, a socket or a device",
        "socket.csv": " is a pipe, a socket or a device",
    }


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_folder_is_searched_once_however_many_links_lead_around_in_it(tmp_path: Path) -> None:
    (tmp_path / "inbox" / "deep").mkdir(parents=True)
    for name in ("inbox/a.txt", "inbox/deep/b.txt"):
        (tmp_path / name).write_bytes(b"x")
    for n in range(3):
        (tmp_path / "inbox" / "deep" / f"around{n}").symlink_to(tmp_path / "inbox")
    (tmp_path / "other").symlink_to("inbox")
    for pattern in ("inbox/**/*.txt", "inbox/**", str(tmp_path / "inbox" / "**" / "*.txt"), "inbox/**/**/*.txt"):
        origins = [d.origin for d in fetch(tmp_path, pattern) if isinstance(d, Document)]
        assert origins == ["inbox/a.txt", "inbox/deep/b.txt"], pattern
    assert [d.origin for d in fetch(tmp_path, "**/b.txt") if isinstance(d, Document)] == ["inbox/deep/b.txt"]


@pytest.mark.parametrize(
    ("path", "origin", "name"),
    [
        ("inbox/*.txt", "inbox/a.txt", "a.txt"),
        ("inbox/**/*.txt", "inbox/old/a.txt", "old/a.txt"),
        ("inbox/a.txt", "inbox/a.txt", "a.txt"),
        ("*", "a.txt", "a.txt"),
        ("inbox/*.txt", "elsewhere/a.txt", "a.txt"),
    ],
)
def test_the_short_name_is_the_path_below_the_fixed_part_of_the_glob(path: str, origin: str, name: str) -> None:
    assert files.short_name(spec("page", path=path), origin) == name


@pytest.mark.parametrize(
    ("name", "suffix"), [("a.TXT", ".txt"), ("a.csv.gz", ".csv"), ("a.gz", ""), ("a", ""), ("a.tar.xz", ".tar")]
)
def test_the_suffix_of_a_file_leaves_out_its_compression(name: str, suffix: str) -> None:
    assert files.suffix(Path(name)) == suffix
