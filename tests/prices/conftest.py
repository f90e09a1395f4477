"""Fixtures of the price sources' tests."""

import socket
from collections.abc import Iterator

import pytest


@pytest.fixture
def pauses() -> list[float]:
    """The seconds that a source slept, in order."""
    return []


@pytest.fixture
def closed_port() -> Iterator[str]:
    """A URL on which nothing listens; the port stays bound, so that no other program uses it."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
