from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

import signals.news
from signals.errors import ConfigError
from signals.news.page import PageSource
from tests.news.newsroom import spec


@pytest.mark.parametrize("kind", sorted(signals.news.KINDS))
def test_every_kind_opens_under_its_name(kind: str) -> None:
    assert (
        signals.news.open_source(spec(kind, symbols=("1",), user_agent="Jane jane@meridian.example"), Path()).name
        == "test"
    )


def test_an_unknown_kind_is_an_error_that_lists_the_known_kinds() -> None:
    with pytest.raises(
        ConfigError,
        match=r"test\]\.kind: 'telex' is unknown; known kinds: csv, edgar, feed, json, jsonl, page, parquet, yahoo",
    ):
        signals.news.open_source(spec("telex"), Path())


@pytest.mark.parametrize("kind", ["page", "csv"])
def test_a_source_of_files_needs_a_path(kind: str) -> None:
    with pytest.raises(ConfigError, match=r"news\[test\]\.path: is missing"):
        signals.news.open_source(spec(kind, path=None), Path())


@pytest.mark.parametrize(
    ("kind", "key", "keys"),
    [
        ("page", "url", {"url": "https://meridian.example/a"}),
        ("feed", "urls", {"urls": ("https://meridian.example/a",)}),
    ],
)
def test_an_address_under_the_key_of_another_kind_is_an_error(kind: str, key: str, keys: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=rf"news\[test\]\.{key}: "):
        signals.news.open_source(spec(kind, **keys), Path())


class TelexSource(PageSource):
    """A source of another package."""


@pytest.fixture
def points(monkeypatch: pytest.MonkeyPatch) -> list[EntryPoint]:
    """Entry points of other packages."""
    installed: list[EntryPoint] = []
    monkeypatch.setattr(signals.news, "entry_points", lambda group: installed if group == "signals.news" else [])
    return installed


def test_a_kind_of_another_package_is_opened_by_its_entry_point(points: list[EntryPoint]) -> None:
    points.append(EntryPoint("telex", "tests.news.test_kinds:TelexSource", "signals.news"))
    assert isinstance(signals.news.open_source(spec("telex"), Path()), TelexSource)


def test_a_built_in_kind_takes_precedence_over_an_entry_point_of_its_name(points: list[EntryPoint]) -> None:
    points.append(EntryPoint("page", "tests.news.test_kinds:TelexSource", "signals.news"))
    assert type(signals.news.open_source(spec("page"), Path())) is PageSource
