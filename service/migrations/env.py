"""Run by Alembic: connect and migrate."""

from alembic import context
from sqlalchemy import create_engine, func, select

from service.kernel.db import WRITERS
from service.tables import Base

engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "")
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            # Several machines may start at once: one migrates, the others find it done.
            connection.execute(select(func.pg_advisory_xact_lock(WRITERS)))
        context.run_migrations()
engine.dispose()
