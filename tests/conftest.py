"""Fixtures that several test files share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from signals.app import App
from signals.net.traffic import TRAFFIC
from tests.databases import postgresql
from tests.worlds import app_at, run, write_demo

# How long an example takes says how busy the machine is, and nothing else. The suite says the same of the same code
# each time; `python -m benchmarks.fuzz` searches with new examples.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")

ROOT = Path(__file__).resolve().parent.parent

# Files of long tests, which begin first: at the end of the suite one worker would wait for the other.
FIRST = (
    "test_real_runs.py", "test_kill.py", "test_trouble.py", "test_cli.py", "test_nights.py", "test_invariance.py",
    "test_whole_runs.py", "test_migration.py", "test_secrets.py", "test_isolation.py", "test_bounded.py",
    "test_ends_of_runs.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest tests first; the others stay in their order."""
    items.sort(key=lambda item: FIRST.index(item.path.name) if item.path.name in FIRST else len(FIRST))


@pytest.fixture(autouse=True)
def new_traffic() -> None:
    """Leave no host alone that an earlier test had on the same port."""
    TRAFFIC.begin()


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


@pytest.fixture(scope="session")
def demo_app(tmp_path_factory: pytest.TempPathFactory) -> App:
    """The simulated market and newsroom after a run; only for reading."""
    app = app_at(write_demo(tmp_path_factory.mktemp("demo-world")).config)
    run(app)
    return app
