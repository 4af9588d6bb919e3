"""What a copy of a town has to be equal to: its schema, how many rows each table has, and where the log ends."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from alembic.migration import MigrationContext
from sqlalchemy import Connection, func, inspect, select

from service.kernel.audit import GENESIS, AuditEntry


@dataclass(frozen=True)
class Head:
    """Where the log ends: how many entries, and the seal of the last."""

    seq: int
    mac: str


@dataclass(frozen=True)
class Facts:
    """A town at one moment, told in numbers; nothing of a person."""

    schema: str
    rows: dict[str, int]
    head: Head

    def as_json(self) -> dict[str, Any]:
        """To be written beside a copy."""
        return asdict(self)


def facts_from(stored: dict[str, Any]) -> Facts:
    """What `as_json` wrote."""
    return Facts(stored["schema"], stored["rows"], Head(**stored["head"]))


def facts_of(connection: Connection) -> Facts:
    """The facts of one moment: the connection has to see one (a SQLite file, or REPEATABLE READ)."""
    # Imported for its effect: every table of a town is known from here on.
    from service.tables import Base

    there = set(inspect(connection).get_table_names())
    tables = [table for table in Base.metadata.sorted_tables if table.name in there]
    counts = [select(func.count()).select_from(table).scalar_subquery().label(table.name) for table in tables]
    row = connection.execute(select(*counts)).one() if counts else ()
    schema = MigrationContext.configure(connection).get_current_revision() or ""
    return Facts(schema, dict(zip((table.name for table in tables), row, strict=True)), head_of(connection))


def head_of(connection: Connection) -> Head:
    """Where the log ends now; an empty one ends before its first entry."""
    query = select(AuditEntry.seq, AuditEntry.mac).order_by(AuditEntry.seq.desc()).limit(1)
    last = connection.execute(query).one_or_none()
    return Head(0, GENESIS) if last is None else Head(last.seq, last.mac)


def differences(wanted: Facts, found: Facts) -> list[str]:
    """Where the second is not the first, in words; empty when they are equal."""
    said = [] if wanted.schema == found.schema else [f"版が違います（{wanted.schema} のはずが {found.schema}）"]
    said += [
        f"{name} は {wanted.rows.get(name, 0)} 行のはずが {found.rows.get(name, 0)} 行です"
        for name in sorted({*wanted.rows, *found.rows})
        if wanted.rows.get(name, 0) != found.rows.get(name, 0)
    ]
    if wanted.head != found.head:
        said.append(f"操作の記録の終わりが違います（{wanted.head.seq}番目のはずが {found.head.seq}番目、または印が違う）")
    return said
