"""Run by alembic. The caller passes its open connection, so that an upgrade is one transaction with its views."""

from alembic import context

from signals.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
