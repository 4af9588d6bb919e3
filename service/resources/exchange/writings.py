"""When each part of the catalogue was last written here, and by whom — an edit of a page, or what a file brought."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.kernel.audit import FieldChange
from service.resources.exchange.checks import instant, passage, refused
from service.resources.exchange.registers import SLOTS, Register
from service.resources.exchange.sealing import canonical
from service.resources.files import ExchangedItem
from service.resources.models import OpeningSlot

NEVER: Final = datetime.min.replace(tzinfo=UTC)
WATCHED: Final = ("host", "site", "opening", "opening_slot", "condition")


@dataclass(frozen=True)
class Writing:
    """What stands in one part, since when and by whom; `over` = the newest writing of the other side its writer knew."""

    value: Any
    at: datetime = NEVER
    by: str = ""
    over: datetime = NEVER

    def wins_over(self, other: Writing) -> bool:
        """The later one; of two at one moment, the same one on both sides."""
        return (self.at, canonical(self.value)) > (other.at, canonical(other.value))

    @classmethod
    def of(cls, said: Any) -> Writing:
        """As a file says it; DomainError for another shape."""
        if not isinstance(said, list) or not 2 <= len(said) <= 4:
            raise refused("内容")
        value, at, over, by = (*said, "", "")[:4]
        return cls(value, instant(at), passage(300)(by), instant(over) if over else NEVER)

    def as_json(self) -> list[Any]:
        """As a file says it."""
        over = "" if self.over == NEVER else self.over.isoformat()
        return [self.value, self.at.isoformat(), *([over, self.by] if self.by else [over] if over else [])]


@dataclass(frozen=True)
class Known:
    """What is remembered of one part."""

    at: datetime = NEVER
    by: str = ""
    theirs: datetime = NEVER
    seen_at: datetime = NEVER
    lost: tuple[Any, ...] = ()
    mark: str = ""
    """A digest of what stood here then."""
    rows: tuple[str, ...] = ()
    """Of weekly hours: the rows that stood here then, so that one taken away is missed."""

    @classmethod
    def of(cls, item: ExchangedItem | None, name: str) -> Known:
        """As it is kept; nothing is known of what never was in a file."""
        kept = item.parts.get(name) if item else None
        if kept is None:
            return cls()
        instants = {key: datetime.fromisoformat(kept[key]) for key in ("at", "theirs", "seen_at")}
        return cls(by=kept["by"], lost=tuple(kept["lost"]), mark=kept["mark"], rows=tuple(kept["rows"]), **instants)

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "at": self.at.isoformat(), "by": self.by, "theirs": self.theirs.isoformat(), "seen_at": self.seen_at.isoformat(),
            "lost": list(self.lost), "mark": self.mark, "rows": list(self.rows),
        }  # fmt: skip


class Clock:
    """The last writings of every watched row of a town, read once from the history of fields."""

    def __init__(self, session: Session) -> None:
        self._changes: dict[str, list[tuple[datetime, str, str]]] = {}
        self._gone: dict[str, list[tuple[datetime, str, str]]] = {}
        self._slots_there = set(session.scalars(select(OpeningSlot.id)))
        query = (
            select(FieldChange.object_type, FieldChange.object_id, FieldChange.subject_id, FieldChange.at,
                   FieldChange.field, FieldChange.actor_label)
            .where(FieldChange.object_type.in_(WATCHED))
            .order_by(FieldChange.at, FieldChange.id)
        )  # fmt: skip
        for table, row_id, subject, at, field, by in session.execute(query):
            self._changes.setdefault(row_id, []).append((at, field, by))
            if table == "opening_slot" and row_id not in self._slots_there:
                self._gone.setdefault(subject, []).append((at, row_id, by))
        self.items = {(each.kind, each.item_id): each for each in session.scalars(select(ExchangedItem))}
        self._claimed = {row for each in self.items.values() for row in each.parts.get(SLOTS, {}).get("rows", ())}

    def known(self, kind: str, item_id: str, name: str) -> Known:
        """What is remembered of one part."""
        return Known.of(self.items.get((kind, item_id)), name)

    def writing(self, kind: str, item_id: str, register: Register, row: Any) -> Writing:
        """What stands in one part here, by whom and since when."""
        known = self.known(kind, item_id, register.name)
        value = register.value_of(row)
        edits = self._hours_edits(row, known) if register.name == SLOTS else self._edits(row.id, register.columns)
        last = max(edits, default=(NEVER, ""))
        # An edit may have waited for the file to be read and still carry the time at which it was sent.
        if last[0] > known.seen_at or (known.mark and known.mark != mark_of(value)):
            return Writing(value, max(last[0], known.at), last[1], known.theirs)
        return Writing(value, known.at, known.by, known.theirs)

    def _edits(self, row_id: str, columns: Iterable[str] | None = None) -> Iterator[tuple[datetime, str]]:
        return ((at, by) for at, field, by in self._changes.get(row_id, ()) if columns is None or field in columns)

    def _hours_edits(self, opening: Any, known: Known) -> Iterator[tuple[datetime, str]]:
        for slot in opening.slots:
            yield from self._edits(slot.id)
        for at, row_id, by in self._gone.get(opening.host_id, ()):
            # Whose hours they were is kept nowhere once they are gone, unless a file has been here meanwhile.
            if row_id in known.rows or row_id not in self._claimed:
                yield at, by


def mark_of(value: Any) -> str:
    """A short digest of what stands in a part."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()[:16]


def remember(session: Session, clock: Clock, kind: str, item_id: str, parts: Mapping[str, Known]) -> None:
    """Keep what is now known of some parts of one thing."""
    item = clock.items.get((kind, item_id))
    if item is None:
        item = clock.items[kind, item_id] = ExchangedItem(kind=kind, item_id=item_id, parts={})
        session.add(item)
    item.parts = {**item.parts, **{name: known.as_json() for name, known in parts.items()}}
