"""Who did what to which row: written with the change itself, and chained so that tampering shows.

A row says names of fields, never their values; values of the few tables that show a history on
their page go to `FieldChange`, which can be erased with the person it speaks of.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Engine, event, insert, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session

from service.kernel.db import Base, Id, Identified

GENESIS = "0" * 64
Noticed = tuple[str, Any, dict[str, tuple[Any, Any]]]
"""create, change or remove; the row; and per field what was before and after."""


@dataclass(frozen=True)
class Signature:
    """What a transaction needs to sign its audit rows: who acts, when, and the town's secret."""

    actor_id: str
    actor_label: str
    at: datetime
    key: bytes


class AuditEntry(Base):
    """One line of the log; `mac` covers the line before it."""

    __tablename__ = "audit_entry"
    audited = False

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    actor_id: Mapped[str]
    actor_label: Mapped[str]
    action: Mapped[str]
    object_type: Mapped[str]
    object_id: Mapped[str] = mapped_column(index=True)
    fields: Mapped[list[str]]
    mac: Mapped[str]


class FieldChange(Identified, Base):
    """A value before and after, for the history on a page."""

    __tablename__ = "field_change"
    audited = False

    at: Mapped[datetime]
    actor_label: Mapped[str]
    object_type: Mapped[str]
    object_id: Mapped[str] = mapped_column(Id, index=True)
    subject_id: Mapped[str] = mapped_column(Id, index=True)
    field: Mapped[str]
    before: Mapped[Any] = mapped_column(nullable=True)
    after: Mapped[Any] = mapped_column(nullable=True)


def sign(session: Session, signature: Signature) -> None:
    """Tell a writing session who acts in it; without this it cannot commit an audited change."""
    session.info["signature"] = signature


def note(session: Session, action: str, object_type: str, object_id: str, fields: tuple[str, ...] = ()) -> None:
    """Record an act that changes no row of its own: a view, a print, an export, a sign-in."""
    _pending(session).append((action, object_type, object_id, fields))


@contextmanager
def attempt(session: Session) -> Iterator[None]:
    """Work that may be refused half-way: whatever it raises, neither its rows nor a record of them are left."""
    with session.begin_nested():
        changed = list(session.info.get("changed", ()))
        try:
            yield
        except BaseException:
            session.info["changed"] = changed
            raise


def verify_chain(session: Session, key: bytes) -> int | None:
    """The seq of the first row that does not fit the chain, or None when all of it holds."""
    mac = GENESIS
    expected = 1
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.seq)):
        mac = _mac(key, mac, _line(entry))
        if entry.seq != expected or not hmac.compare_digest(mac, entry.mac):
            return entry.seq
        expected += 1
    return None


def has_entries(engine: Engine) -> bool:
    """Whether a database has a log that somebody's key has signed."""
    with Session(engine) as session:
        known = inspect(session.connection()).has_table(AuditEntry.__tablename__)
        return known and session.scalars(select(AuditEntry.seq).limit(1)).first() is not None


def _line(entry: AuditEntry) -> str:
    # Told in any time zone, an instant comes back in UTC; the seal has to cover the same text both times.
    at = entry.at.astimezone(UTC).isoformat()
    parts: list[Any] = [entry.seq, at, entry.actor_id, entry.actor_label, entry.action]
    return json.dumps([*parts, entry.object_type, entry.object_id, entry.fields], ensure_ascii=False)


def _mac(key: bytes, previous: str, line: str) -> str:
    return hmac.new(key, f"{previous}|{line}".encode(), hashlib.sha256).hexdigest()


def _pending(session: Session) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return cast(list[tuple[str, str, str, tuple[str, ...]]], session.info.setdefault("acts", []))


# Noticed row by row, not in "before_flush": rows that go because their parent let go of them are not yet known there.
@event.listens_for(Base, "before_insert", propagate=True)
def _notice_new(_: object, __: object, row: Base) -> None:
    _notice("create", row)


@event.listens_for(Base, "before_update", propagate=True)
def _notice_changed(_: object, __: object, row: Base) -> None:
    _notice("change", row)


@event.listens_for(Base, "before_delete", propagate=True)
def _notice_removed(_: object, __: object, row: Base) -> None:
    _notice("remove", row)


def _notice(action: str, row: Base) -> None:
    session = object_session(row)
    if session and row.audited and (changes := {name: (before, after) for name, before, after in _changes(row, action)}):
        # The address is read at the end: a new row has none before it was flushed.
        session.info.setdefault("changed", []).append((action, row, changes))


def _changes(row: Base, action: str) -> Iterator[tuple[str, Any, Any]]:
    state = inspect(row)
    for column in state.mapper.column_attrs:
        history = state.attrs[column.key].history
        if column.key != "version" and (history.has_changes() or action == "remove"):
            before = next(iter(history.deleted or (action == "remove" and history.unchanged) or ()), None)
            after = history.added[0] if history.added and action != "remove" else None
            if (before is not None or after is not None) or action == "remove":
                yield column.key, before, after


def _one_per_row(changed: list[Noticed]) -> Iterator[Noticed]:
    """A row flushed several times is one change: from what it first was to what it is at the end."""
    of_row: dict[int, list[Noticed]] = {}
    for each in changed:
        of_row.setdefault(id(each[1]), []).append(each)
    for several in of_row.values():
        action = "remove" if several[-1][0] == "remove" else several[0][0]
        merged: dict[str, tuple[Any, Any]] = {}
        for _, _, changes in several:
            for name, (before, after) in changes.items():
                merged[name] = (merged[name][0] if name in merged else before, after)
        yield action, several[0][1], merged


@event.listens_for(Session, "before_commit")
def _write_entries(session: Session) -> None:
    session.flush()
    changed = session.info.pop("changed", [])
    acts = session.info.pop("acts", [])
    if not changed and not acts:
        return
    signature: Signature = session.info["signature"]
    values: list[dict[str, Any]] = []
    for action, row, changes in _one_per_row(changed):
        acts.append((action, row.__tablename__, row.id, tuple(changes)))
        if row.keeps_values:
            values.extend(_field_changes(signature, row, changes))
    # Rows, not objects: an import writes tens of thousands of these, and nobody reads them back in this session.
    if values:
        session.execute(insert(FieldChange), values)
    session.execute(insert(AuditEntry), list(_entries(session, signature, acts)))


def _field_changes(signature: Signature, row: Any, changes: dict[str, tuple[Any, Any]]) -> Iterator[dict[str, Any]]:
    for name, (before, after) in changes.items():
        if name != "id" and not name.endswith("_id"):
            yield {
                "at": signature.at,
                "actor_label": signature.actor_label,
                "object_type": row.__tablename__,
                "object_id": row.id,
                "subject_id": row.subject_id,
                "field": name,
                "before": _plain(before),
                "after": _plain(after),
            }


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)


def _entries(
    session: Session, signature: Signature, acts: list[tuple[str, str, str, tuple[str, ...]]]
) -> Iterator[dict[str, Any]]:
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).first()
    seq, mac = (last.seq, last.mac) if last else (0, GENESIS)
    for action, object_type, object_id, fields in acts:
        seq += 1
        row = {
            "seq": seq,
            "at": signature.at,
            "actor_id": signature.actor_id,
            "actor_label": signature.actor_label,
            "action": action,
            "object_type": object_type,
            "object_id": object_id,
            "fields": list(fields),
        }
        mac = _mac(signature.key, mac, _line(AuditEntry(**row)))
        yield row | {"mac": mac}
