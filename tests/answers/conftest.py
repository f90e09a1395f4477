"""Empty stores, and runs on small worlds; the latter only for reading."""

import pytest

from signals.app import App
from tests.hourly import hourly_app, write_world
from tests.stores import empty_database, store
from tests.worlds import run

__all__ = ["empty_database", "hourly", "store"]


@pytest.fixture(scope="session")
def hourly(tmp_path_factory: pytest.TempPathFactory) -> App:
    """Return a program after a run on the world by the hour."""
    app = hourly_app(write_world(tmp_path_factory.mktemp("hourly-answers")))
    run(app)
    return app
