"""One consistent copy of a database while everybody goes on writing, and the way back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine, func, inspect, select, text
from sqlalchemy.engine import URL, make_url

from service.keeping.facts import Facts, facts_of
from service.kernel.errors import DomainError

SQLITE, POSTGRESQL = "sqlite", "postgresql"
ENDINGS: Final = {SQLITE: ".sqlite3", POSTGRESQL: ".dump"}


def kind_of(url: str) -> str:
    """Which database an address speaks of."""
    return make_url(url).get_backend_name()


def copy_out(url: str, file: Path) -> Facts:
    """Write the database as it is at one moment to a new file; answers the facts of that moment."""
    return _vacuum(url, file) if kind_of(url) == SQLITE else _dump(make_url(url), file)


def pour_in(file: Path, url: str) -> None:
    """Fill an empty database from such a file."""
    if kind_of(url) == SQLITE:
        shutil.copyfile(file, str(make_url(url).database))
        return
    plain, environment = _for_tools(make_url(url))
    _run(
        "pg_restore", ["--no-owner", "--exit-on-error", "--single-transaction", f"--dbname={plain}", str(file)], environment
    )


def facts_at(url: str) -> Facts:
    """The facts of a database nobody writes to."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return facts_of(connection)
    finally:
        engine.dispose()


def faults_of(url: str) -> list[str]:
    """What the database itself finds broken: pages, indexes, rows that point to nothing. PostgreSQL checks as it restores."""
    if kind_of(url) != SQLITE:
        return []
    with closing(sqlite3.connect(f"file:{make_url(url).database}?mode=ro", uri=True)) as connection:
        broken = [row[0] for row in connection.execute("pragma integrity_check") if row[0] != "ok"]
        return broken + [
            f"{table} の行が、ない行を指しています" for table, *_ in connection.execute("pragma foreign_key_check")
        ]


def is_empty(url: str) -> bool:
    """Whether there is nothing yet that filling it would overwrite."""
    if kind_of(url) == SQLITE:
        file = Path(str(make_url(url).database))
        return not file.exists() or file.stat().st_size == 0
    engine = create_engine(url)
    try:
        return not inspect(engine).get_table_names()
    finally:
        engine.dispose()


def _vacuum(url: str, file: Path) -> Facts:
    with closing(sqlite3.connect(f"file:{make_url(url).database}?mode=ro", uri=True)) as connection:
        connection.execute("pragma busy_timeout=10000")
        connection.execute("vacuum into ?", (str(file),))
    # Asked of the copy: whatever was written since is not in it.
    return facts_at(f"sqlite:///{file}")


def _dump(url: URL, file: Path) -> Facts:
    engine = create_engine(url, isolation_level="REPEATABLE READ")
    plain, environment = _for_tools(url)
    try:
        with engine.connect() as connection:
            connection.execute(text("set transaction read only"))
            moment = connection.execute(select(func.pg_export_snapshot())).scalar_one()
            arguments = ["--format=custom", f"--snapshot={moment}", f"--file={file}", plain]
            _run("pg_dump", arguments, environment)
            return facts_of(connection)
    finally:
        engine.dispose()


def _for_tools(url: URL) -> tuple[str, dict[str, str]]:
    """The address without its password, which goes by the environment: everybody on a machine sees a command's words."""
    environment = dict(os.environ) | ({"PGPASSWORD": str(url.password)} if url.password else {})
    return url.set(drivername=POSTGRESQL, password=None).render_as_string(hide_password=False), environment


def _run(tool: str, arguments: list[str], environment: dict[str, str]) -> None:
    try:
        subprocess.run([tool, *arguments], env=environment, check=True, capture_output=True, text=True)  # noqa: S603 - addresses of our own settings
    except FileNotFoundError:
        raise DomainError(
            f"{tool} がありません。", "PostgreSQL の道具（postgresql-client）を入れてください。", "tool"
        ) from None
    except subprocess.CalledProcessError as failed:
        raise DomainError(f"{tool} が失敗しました。", str(failed.stderr).strip()[-500:], "tool") from None
