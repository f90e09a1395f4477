"""The demo's world, and a program that has done one night on it."""

import pytest

from signals.app import App
from signals.demo import World
from tests.worlds import app_at, run, write_demo


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return write_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def told(world: World) -> App:
    app = app_at(world.config)
    run(app)
    return app
