"""Files that take the place of an older one whole, and what a killed writer leaves."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from signals import durable


def test_a_file_takes_the_place_of_the_older_one_with_its_permissions(tmp_path: Path) -> None:
    path, link = tmp_path / "a.txt", tmp_path / "link"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    durable.write_text(link, "new\r\n é")
    assert path.read_bytes() == "new\r\n é".encode()
    assert (link.is_symlink(), path.stat().st_mode & 0o777) == (True, 0o640)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.txt", "link"]


def test_an_error_while_it_is_written_leaves_the_older_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def write() -> None:
        with durable.replacing(path) as draft:
            draft.write_text("ne")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write()
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.txt", "old")]


def test_the_drafts_of_killed_writers_go_and_those_of_others_stay(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    names = [f".a[1].txt.{ended.pid}.part", f".a[1].txt.{os.getppid()}.part", ".a[1].txt.x.part", ".b.txt.1.part"]
    for name in names:
        (tmp_path / name).touch()
    durable.write_text(tmp_path / "a[1].txt", "new")
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted([*names[1:], "a[1].txt"])


def test_what_is_no_regular_file_is_written_itself(tmp_path: Path) -> None:
    durable.write_text(Path(os.devnull), "text")
    assert not Path(os.devnull).is_file()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE)
    durable.write_text(pipe, "text")
    assert reader.communicate()[0] == b"text"
    assert pipe.is_fifo()
