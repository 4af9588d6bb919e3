"""The database's history, and the one way to bring it up to date."""

import shutil
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url


def migration_config(url: str) -> Config:
    """Alembic's configuration for one town's database."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def is_up_to_date(url: str) -> bool:
    """Whether the database has every migration; an absent one has none."""
    engine = create_engine(url)
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    return current == ScriptDirectory.from_config(migration_config(url)).get_current_head()


def migrate(url: str) -> None:
    """Bring a database up to date; a SQLite file is copied aside first, for its DDL is not undone by a crash."""
    if is_up_to_date(url):
        return
    file = make_url(url).database
    if url.startswith("sqlite") and file and Path(file).stat().st_size > 0:
        shutil.copy2(file, f"{file}.before-migration")
    command.upgrade(migration_config(url), "head")
