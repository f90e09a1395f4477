"""Results that can be computed again, in files beside the database."""

from pathlib import Path

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
