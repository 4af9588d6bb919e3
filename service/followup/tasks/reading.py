"""Which follow-ups somebody may see and change: those of the cases they may see, and change as the case allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from service.accounts.roles import COORDINATOR
from service.cases.access import is_on_case, visible_cases
from service.cases.models import Person, Placement, SupportCase
from service.followup.tasks.models import FollowUp
from service.kernel.audit import note
from service.kernel.errors import DomainError, Forbidden, NotFound
from service.resources.models import Host
from service.web.actor import Actor, Town


@dataclass(frozen=True)
class Known:
    """One follow-up with whose it is and where."""

    row: FollowUp
    case: SupportCase
    person: Person
    host: Host | None
    placement: Placement | None

    def may_be_changed_by(self, actor: Actor) -> bool:
        """By whoever is on the case, and by whoever is planned to go."""
        return is_on_case(actor, self.case) or (
            COORDINATOR in actor.roles and actor.id in (self.row.staff_id, self.row.second_id)
        )


def visible_follow_ups(town: Town, actor: Actor) -> Select[FollowUp, SupportCase, Person, Host, Placement]:
    """The follow-ups this person may read, with whose they are, as a query to narrow further."""
    cases = visible_cases(town, actor).with_only_columns(SupportCase.id)
    return (
        select(FollowUp, SupportCase, Person, Host, Placement)
        .join(SupportCase, FollowUp.case_id == SupportCase.id)
        .join(Person, FollowUp.person_id == Person.id)
        .outerjoin(Host, FollowUp.host_id == Host.id)
        .outerjoin(Placement, FollowUp.placement_id == Placement.id)
        .where(FollowUp.case_id.in_(cases))
        .options(
            selectinload(FollowUp.attempts),
            joinedload(SupportCase.assigned),
            selectinload(SupportCase.stand_ins),
            selectinload(Placement.sessions),
        )
        .execution_options(populate_existing=True)
    )


def list_follow_ups(session: Session, town: Town, actor: Actor, *narrowed: ColumnElement[bool]) -> Sequence[Known]:
    """Every follow-up this person may read, narrowed as wanted, by day and place of the day."""
    query = visible_follow_ups(town, actor).where(*narrowed)
    order = (FollowUp.on.is_(None), FollowUp.on, FollowUp.start_min, FollowUp.position, FollowUp.due_on, FollowUp.key)
    rows = session.execute(query.order_by(*order)).unique()
    return [Known(row, case, person, host, placement) for row, case, person, host, placement in rows]


def read_follow_up(session: Session, town: Town, actor: Actor, id_: str) -> Known:
    """One follow-up; looking is recorded. Absent and forbidden are one answer."""
    found = list_follow_ups(session, town, actor, FollowUp.id == id_)
    if not found:
        raise NotFound()
    note(session, "view", "follow_up", id_)
    return found[0]


def change_follow_up(session: Session, town: Town, actor: Actor, id_: str) -> Known:
    """One follow-up this person may change; a colleague's case asks to be covered first."""
    known = read_follow_up(session, town, actor, id_)
    if COORDINATOR not in actor.roles:
        raise Forbidden()
    if not known.may_be_changed_by(actor):
        raise DomainError(
            f"このケースの担当は{known.case.assigned.name}さんです。",
            "代わりに対応するときは、ケースの画面で「代わりに担当する」を押してください。",
            "not-assigned",
            403,
        )
    return known
