"""The database's history, and the one way to bring it up to date."""

import shutil
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, bindparam, create_engine, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.types import String


def migration_config(url: str) -> Config:
    """Alembic's configuration for one town's database."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def is_up_to_date(url: str) -> bool:
    """Whether the database has every migration; an absent one has none."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            _refuse_another_order(connection)
            current = MigrationContext.configure(connection).get_current_revision()
    except OperationalError as problem:
        where = engine.url.render_as_string()
        raise SystemExit(
            f"データベース（{where}）につながりません。動いているか、宛先が正しいかを確かめてください。"
        ) from problem
    finally:
        engine.dispose()
    return current == ScriptDirectory.from_config(migration_config(url)).get_current_head()


def migrate(url: str) -> None:
    """Bring a database up to date; a SQLite file is copied aside first, for its DDL is not undone by a crash."""
    if is_up_to_date(url):
        return
    file = make_url(url).database
    if make_url(url).get_backend_name() == "sqlite" and file and Path(file).stat().st_size > 0:
        shutil.copy2(file, f"{file}.before-migration")
    command.upgrade(migration_config(url), "head")


def _refuse_another_order(connection: Connection) -> None:
    """Texts are ordered by their code points, as in a SQLite file: `sort_key` is made for that and nothing else."""
    if connection.dialect.name != "postgresql":
        return
    probe = ("B", "a", "あ", "ア", "か", "が", "一", "ｱ", "𠮷")
    word = func.unnest(bindparam("words", list(probe), ARRAY(String))).column_valued("word")
    if list(connection.scalars(select(word).order_by(word))) != sorted(probe):
        raise SystemExit(
            f"データベース {connection.engine.url.database} は、文字の並べ方が決まりと違います。"
            "次のように作り直してください: createdb --template=template0 --encoding=UTF8 --locale=C 名前"
        )
