"""Fixtures that several test files share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import postgresql

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real news and prices beside the repository; they are not shipped, so tests that use them may be skipped."""
    path = Path(os.environ.get("SIGNALS_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not path.is_dir():
        pytest.skip("the real data folder ../shared/data is not here (set SIGNALS_SHARED_DATA to point at it)")
    return path


@pytest.fixture
def postgresql_url() -> Iterator[str]:
    """An empty PostgreSQL database."""
    with postgresql() as url:
        yield url
