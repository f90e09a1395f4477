"""Fixtures of the price sources' tests."""

import socket
from collections.abc import Iterator

import pytest


@pytest.fixture
def pauses() -> list[float]:
    """What a source slept, in order."""
    return []


@pytest.fixture
def closed_port() -> Iterator[str]:
    """A URL on which nothing listens; the port stays taken, so that nothing else comes to."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"
