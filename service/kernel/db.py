"""One database per municipality: engines, the row types, and what every table shares."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Engine, MetaData, String, create_engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
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

    def expect(self, version: int) -> None:
        """Refuse to go on when the row moved since that version was shown."""
        if self.version != version:
            raise Conflict()


@event.listens_for(Session, "before_flush")
def _count_versions(session: Session, *_: object) -> None:
    for row in session.dirty:
        if isinstance(row, Versioned) and session.is_modified(row):
            row.version += 1


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
        with Session(self.writing, expire_on_commit=False, info=info) as session, session.begin():
            yield session

    def close(self) -> None:
        """Let go of every connection."""
        self.writing.dispose()
        self.reading.dispose()


def open_database(url: str) -> Database:
    """Open a database by its SQLAlchemy address; a SQLite file gets its safety settings."""
    if not url.startswith("sqlite"):
        engine = create_engine(url, pool_size=32)
        return Database(engine, engine.execution_options(postgresql_readonly=True))
    return Database(_sqlite(url, "BEGIN IMMEDIATE", ()), _sqlite(url, "BEGIN", ("query_only=ON",)))


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
