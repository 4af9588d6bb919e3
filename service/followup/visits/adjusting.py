"""環境調整: what was agreed to be arranged, who may read it, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from service.cases.access import is_current, visible_cases
from service.cases.models import Person, Placement, SupportCase
from service.cases.placements import LIVE
from service.followup.visits.models import Adjustment
from service.followup.visits.recording import Arrangement
from service.kernel.audit import FieldChange, note
from service.kernel.errors import DomainError, NotFound
from service.resources.models import Host, Opening
from service.web.actor import Actor, Town

WAITS: Final = "open"
WORDS: Final = ("what", "who", "until_on")
"""What may be corrected while it waits."""
ENDINGS: Final = {"done": "調整した", "dropped": "取りやめた"}


@dataclass(frozen=True)
class Arranged:
    """One adjustment with whose it is and where."""

    row: Adjustment
    case: SupportCase
    person: Person
    host: Host

    @property
    def waits(self) -> bool:
        """Whether it is still to be done."""
        return self.row.state == WAITS

    def days_overdue(self, today: date) -> int:
        """Whole days past its day; 0 on the day itself and once it has ended."""
        return max(0, (today - self.row.until_on).days) if self.waits else 0


def list_adjustments(session: Session, town: Town, actor: Actor, *narrowed: ColumnElement[bool]) -> Sequence[Arranged]:
    """Every adjustment of the cases this person may read: what waits by its day, then what has ended, the newest first."""
    cases = visible_cases(town, actor).with_only_columns(SupportCase.id)
    query = (
        select(Adjustment, SupportCase, Person, Host)
        .join(Placement, Adjustment.placement_id == Placement.id)
        .join(Person, Placement.person_id == Person.id)
        .join(SupportCase, SupportCase.household_id == Person.household_id)
        .join(Opening, Placement.opening_id == Opening.id)
        .join(Host, Opening.host_id == Host.id)
        .where(SupportCase.id.in_(cases), is_current(), *narrowed)
        .options(joinedload(SupportCase.assigned), selectinload(SupportCase.stand_ins))
        .order_by(Adjustment.state != WAITS, Adjustment.ended_on.desc(), Adjustment.until_on, Adjustment.id)
    )
    return [Arranged(row, case, person, host) for row, case, person, host in session.execute(query).unique()]


def read_adjustment(session: Session, town: Town, actor: Actor, id_: str) -> Arranged:
    """One adjustment; looking is recorded. Absent and forbidden are one answer."""
    found = list_adjustments(session, town, actor, Adjustment.id == id_)
    if not found:
        raise NotFound()
    note(session, "view", "adjustment", id_)
    return found[0]


def places_to_arrange(session: Session, person_id: str) -> Sequence[tuple[str, str]]:
    """The live ties of a person the filter has given, each with the name of the host."""
    query = (
        select(Placement.id, Host.name)
        .join(Opening, Placement.opening_id == Opening.id)
        .join(Host, Opening.host_id == Host.id)
        .where(Placement.person_id == person_id, Placement.step.in_(LIVE))
        .order_by(Host.name, Placement.id)
    )
    return [(id_, name) for id_, name in session.execute(query)]


def arrange(session: Session, actor: Actor, placement_id: str, arrangement: Arrangement, now: datetime) -> Adjustment:
    """Something more to be arranged at a tie in hand."""
    row = Adjustment(placement_id=placement_id, made_at=now, made_by=actor.label, **vars(arrangement))
    session.add(row)
    return row


def end_adjustment(row: Adjustment, version: int, state: str, ended_on: date, outcome: str, today: date) -> None:
    """What came of it, once; DomainError when it has ended before or for a day to come, Conflict when somebody was first."""
    _expect_waiting(row, version)
    if ended_on > today:
        raise DomainError("まだ来ていない日です。", "実際に調整した日を入れてください。", "ended-on", 422)
    row.state, row.ended_on, row.outcome = state, ended_on, outcome


def correct_adjustment(row: Adjustment, version: int, arrangement: Arrangement) -> None:
    """Other words for one that waits; what was written before stays in the audit. DomainError, Conflict as in ending."""
    _expect_waiting(row, version)
    row.what, row.who, row.until_on = arrangement.what, arrangement.who, arrangement.until_on


def corrections_of(session: Session, adjustment_id: str) -> Sequence[tuple[datetime, str, Sequence[FieldChange]]]:
    """When its words were corrected, by whom, and what stood there before, the newest first; what it began with is none."""
    query = (
        select(FieldChange)
        .where(FieldChange.object_type == Adjustment.__tablename__, FieldChange.object_id == adjustment_id)
        .where(FieldChange.field.in_(WORDS))
        .order_by(FieldChange.at.desc(), FieldChange.id)
    )
    kept = [change for change in session.scalars(query) if change.before is not None]
    times = groupby(kept, key=lambda change: (change.at, change.actor_label))
    return [(at, who, tuple(changes)) for (at, who), changes in times]


def _expect_waiting(row: Adjustment, version: int) -> None:
    row.expect(version)
    if row.state != WAITS:
        raise DomainError(
            "この調整は、もう終わっています。", "開き直して、書かれていることを確かめてください。", "ended", 409
        )
