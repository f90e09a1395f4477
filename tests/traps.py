"""Traps in a database: rows that it refuses, or drops without a word, as no input makes it do."""

from sqlalchemy import text

from signals.store import Store


def refuse(store: Store, table: str, condition: str) -> None:
    """Have a database raise at rows of a table that meet a condition on `NEW`."""
    _trap(store, table, condition, "SELECT RAISE(ABORT, 'a trap')", "RAISE EXCEPTION 'a trap'")


def drop(store: Store, table: str, condition: str) -> None:
    """Have a database drop new rows of a table that meet a condition on `NEW`, and say nothing."""
    _trap(store, table, condition, "SELECT RAISE(IGNORE)", "RETURN NULL")


def lift(store: Store, table: str) -> None:
    """Take a trap away."""
    with store.write() as db:
        db.execute(text("DROP TRIGGER trap" if store.is_sqlite else f"DROP TRIGGER trap ON {table}"))


def _trap(store: Store, table: str, condition: str, sqlite: str, postgresql: str) -> None:
    with store.write() as db:
        if store.is_sqlite:
            db.execute(text(f"CREATE TRIGGER trap BEFORE INSERT ON {table} WHEN {condition} BEGIN {sqlite}; END"))
            return
        body = f"BEGIN IF {condition} THEN {postgresql}; END IF; RETURN NEW; END"
        db.exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$".replace("%", "%%")
        )
        db.execute(text(f"CREATE TRIGGER trap BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION trap()"))
