"""Fixtures that several test files share."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real news and prices beside the repository; they are not shipped, so tests that use them may be skipped."""
    path = Path(os.environ.get("SIGNALS_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not path.is_dir():
        pytest.skip("the real data folder ../shared/data is not here (set SIGNALS_SHARED_DATA to point at it)")
    return path
