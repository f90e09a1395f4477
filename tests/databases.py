"""Databases that live as long as a test: on a PostgreSQL server, where one runs, each test has one of its own."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

SERVER = os.environ.get("SIGNALS_TEST_POSTGRESQL", "postgresql://127.0.0.1:5432/test")


@contextmanager
def postgresql() -> Iterator[str]:
    """Make an empty database and drop it afterwards; skips where no server runs."""
    psycopg = pytest.importorskip("psycopg", reason="psycopg, the extra postgresql, is not installed")
    try:
        server = psycopg.connect(SERVER, autocommit=True, connect_timeout=2)
    except psycopg.OperationalError as error:
        why = str(error).strip().splitlines()[0]
        pytest.skip(f"no PostgreSQL server answers at {SERVER} (set SIGNALS_TEST_POSTGRESQL): {why}")
    name = f"signals_{uuid.uuid4().hex[:12]}"
    with server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield SERVER.rsplit("/", 1)[0] + f"/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
