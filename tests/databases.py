"""Databases that live as long as a test: on a PostgreSQL server, where one runs, each test has its own."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

SERVER = os.environ.get("SIGNALS_TEST_POSTGRESQL", "postgresql://127.0.0.1:5432/test")


@contextmanager
def postgresql() -> Iterator[str]:
    """Create an empty database and drop it afterwards; skip without a server."""
    psycopg = pytest.importorskip("psycopg", reason="psycopg, the extra postgresql, is not installed")
    try:
        server = psycopg.connect(SERVER, autocommit=True)
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        pytest.skip(f"no PostgreSQL server answers at {SERVER} (set SIGNALS_TEST_POSTGRESQL): {reason}")
    name = f"signals_{uuid.uuid4().hex[:12]}"
    with server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield f"{SERVER.rpartition('/')[0]}/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
