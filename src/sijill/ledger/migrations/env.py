"""Run by Alembic; the connection is given by `sijill.ledger.upgrade`."""

from alembic import context

from sijill.ledger.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
