"""Schema changes: a database to a newer or older schema, with the views on top. The only entry point of alembic."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, inspect, text

from signals.store import settings
from signals.store.engine import database_name, migrations, one_sentence, revisions, views_digest
from signals.store.views import VIEWS


def migrate(engine: Engine, revision: str) -> None:
    """Bring a database to a schema, newer or older than its own, in one transaction; the newest has the views."""
    current, head = revisions(engine)
    with (
        one_sentence(database_name(str(engine.url))),
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        for name in inspect(connection).get_view_names():
            if name.startswith("v_"):  # also those that only another version of this program has
                connection.execute(text(f"DROP VIEW {name}"))
        if current == head and revision != head:
            settings.remove(connection, settings.VIEWS)
        if revision != current:
            towards = command.downgrade if current is not None and revision < current else command.upgrade
            towards(_alembic(connection), revision)
        if revision == head:
            for view in VIEWS:
                connection.execute(text(f"CREATE VIEW {view.name} AS\n{view.sql()}"))
            settings.put(connection, settings.VIEWS, views_digest())


def _alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
