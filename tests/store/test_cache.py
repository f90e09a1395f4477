"""Results that can be computed again, in files beside the database."""

import logging
import random
from pathlib import Path

import pytest

from signals.store.cache import Cache


def test_a_result_is_read_back_with_the_digest_of_its_inputs(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    assert cache.read("panel") is None
    cache.write("panel", "digest", b"a\nb\0")
    assert cache.read("panel") == ("digest", b"a\nb\0")
    cache.write("panel", "other", b"")
    assert cache.read("panel") == ("other", b"")
    assert [path.name for path in cache.folder.iterdir()] == ["panel"]


def test_a_folder_that_cannot_be_made_fails_nothing(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    cache = Cache(tmp_path / "cache")
    cache.write("panel", "digest", b"data")
    assert cache.read("panel") is None


def test_a_damaged_result_is_none_and_no_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    cache, choice = Cache(tmp_path / "cache"), random.Random(1)
    cache.write("panel", "12 digest", bytes(range(256)) * 8)
    path = cache.folder / "panel"
    whole = path.read_bytes()
    for _ in range(300):
        at = choice.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << choice.randrange(8)]) + whole[at + 1 :])
        assert cache.read("panel") is None
    for end in {0, 1, 40, len(whole) // 2, len(whole) - 1}:
        path.write_bytes(whole[:end])
        assert cache.read("panel") is None
    path.write_bytes(whole)
    assert cache.read("panel") == ("12 digest", bytes(range(256)) * 8)
    path.rename(cache.folder / "other")
    assert cache.read("other") is None
    assert caplog.records == []


def test_a_result_of_another_form_is_none(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    (tmp_path / "panel").write_bytes(b"12 digest\n\x00\x01")
    assert cache.read("panel") is None
    (tmp_path / "panel").unlink()
    (tmp_path / "panel").mkdir()
    assert cache.read("panel") is None
