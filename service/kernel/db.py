"""One database per municipality: engines, the row types, and what every table shares."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Connection, DateTime, Engine, MetaData, String, create_engine, event, func, select
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import TypeDecorator

from service.kernel.errors import Conflict

_NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant; a value without a time zone is refused rather than guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table of a municipality."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: JSON, list[str]: JSON, Any: JSON}  # noqa: RUF012

    audited = True
    """Whether a change to a row of this table writes an audit entry."""
    keeps_values = False
    """Whether before and after values are kept for the history shown on the page."""


def new_id() -> str:
    """128 random bits: an address nobody can guess or count."""
    return secrets.token_hex(16)


Id = String(32)


class Identified:
    """A row with an unguessable address."""

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)


class Versioned(Identified):
    """A row people edit: a second writer is told, never silently overwritten."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 — asked of the class
        """The UPDATE itself asks for the version that was read; which one follows is said below."""
        return {"version_id_col": cls.version, "version_id_generator": False}

    def expect(self, version: int) -> None:
        """Refuse to go on when the row moved since that version was shown."""
        if self.version != version:
            raise Conflict()


@event.listens_for(Session, "before_flush")
def _count_versions(session: Session, *_: object) -> None:
    for row in session.dirty:
        if isinstance(row, Versioned) and session.is_modified(row):
            row.version += 1


CONNECTIONS = 16
"""As many as one process opens to one town's PostgreSQL, unless TSUNAGI_CONNECTIONS says another number."""
WRITERS = int.from_bytes(b"tsunagi")
"""The number of the advisory lock that a writer in PostgreSQL holds until its transaction ends."""
# A machine that vanishes in the middle of its transaction does not keep the others waiting for ever.
_QUEUE = select(
    func.set_config("lock_timeout", "10s", True),
    func.set_config("idle_in_transaction_session_timeout", "5min", True),
    func.pg_advisory_xact_lock(WRITERS),
)


@dataclass(frozen=True)
class Database:
    """The two doors to one municipality's data: reading never waits for a writer."""

    writing: Engine
    reading: Engine

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A read-only transaction."""
        with Session(self.reading, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self, **info: Any) -> Iterator[Session]:
        """A writing transaction: everything inside is saved together or not at all."""
        try:
            with Session(self.writing, expire_on_commit=False, info=info) as session, session.begin():
                yield session
        except StaleDataError as moved:
            raise Conflict() from moved

    def close(self) -> None:
        """Let go of every connection."""
        self.writing.dispose()
        self.reading.dispose()


def open_database(url: str, connections: int = CONNECTIONS) -> Database:
    """Open a database by its SQLAlchemy address: a SQLite file, or PostgreSQL with so many connections at most."""
    if make_url(url).get_backend_name() == "sqlite":
        return Database(_sqlite(url, "BEGIN IMMEDIATE", ()), _sqlite(url, "BEGIN", ("query_only=ON",)))
    return _postgresql(url, connections)


def _sqlite(url: str, begin: str, pragmas: tuple[str, ...]) -> Engine:
    # The pool is as large as the thread pool of the web process, or requests would queue here.
    engine = create_engine(url, pool_size=32, max_overflow=8)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", *pragmas):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgresql(url: str, connections: int) -> Database:
    # A server has a hundred connections for every town and process together: few are kept, more are opened when needed.
    kept = max(1, connections // 4)
    engine = create_engine(url, pool_size=kept, max_overflow=connections - kept, pool_pre_ping=True)
    writing = engine.execution_options(isolation_level="READ COMMITTED")
    event.listen(writing, "begin", _wait_for_the_other_writers)
    # Both doors promise what they do on SQLite: a reader sees one moment, a writer everything saved before it.
    return Database(writing, engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True))


def _wait_for_the_other_writers(connection: Connection) -> None:
    connection.execute(_QUEUE)
