"""What a member of a case sees of it: how far it is, the plan, what was decided and is to be done, and the places by name."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.course.flow import LABELS, nine_steps
from service.cases.course.log import DECISION, MOVE, entries_of, say_when
from service.cases.course.models import CaseMember, ProgressNote
from service.cases.models import Person, SupportCase
from service.cases.plans.reading import ACTIVE, AGREED, plans_of
from service.cases.ways import Way, ways_of
from service.kernel.dates import format_wareki, say_instant
from service.meetings.models import ActionItem, AgendaItem, Meeting
from service.meetings.rules import SUPPORT

HAND_OVER = "hand_over"


@dataclass(frozen=True)
class OwnCase:
    """A line of the list."""

    id: str
    number: str
    name: str
    status: str
    agency: str
    since: str


@dataclass(frozen=True)
class OwnCasesView:
    """The cases somebody works on."""

    cases: tuple[OwnCase, ...]


@dataclass(frozen=True)
class SharedView:
    """The shared parts of one case."""

    number: str
    name: str
    agency: str
    lead_agency: str
    status: str
    steps: tuple[tuple[str, str], ...]
    goals: tuple[str, ...]
    roles: tuple[tuple[str, str, str], ...]
    todo: tuple[tuple[str, str, str, str], ...]
    places: tuple[Way, ...]
    log: tuple[tuple[str, str, str], ...]


def own_case(case: SupportCase, member: CaseMember, person: Person) -> OwnCase:
    """A case in a line."""
    return OwnCase(case.id, case.number, person.name, LABELS[case.status], member.agency, say_instant(member.since))


def shared_view(session: Session, case: SupportCase, member: CaseMember, person: Person) -> SharedView:
    """What is shared of a case that the member may read; no assessment, no home, nobody else of the household."""
    plan = next((each for each in plans_of(session, case.id) if each.status in (ACTIVE, AGREED)), None)
    return SharedView(
        number=case.number, name=person.name, agency=member.agency, lead_agency=case.lead_agency,
        status=LABELS[case.status], steps=nine_steps(case.status),
        goals=tuple(goal.text for goal in plan.goals) if plan else (),
        roles=tuple(
            (task.what, task.agency, format_wareki(task.until_on) if task.until_on else "") for task in plan.tasks
        ) if plan else (),
        todo=_todo(session, case.id), places=ways_of(session, person.id),
        log=tuple((say_when(row), row.recorded_by, row.text) for row in entries_of(session, case.id) if _is_shared(row)),
    )  # fmt: skip


def _is_shared(row: ProgressNote) -> bool:
    """Steps, decisions of a 重層的支援会議, and what was marked to be handed over; a 支援会議 is its members' alone."""
    if row.kind == DECISION:
        return bool(row.facts.get("by") != SUPPORT)
    return row.kind == MOVE or HAND_OVER in row.flags


def _todo(session: Session, case_id: str) -> tuple[tuple[str, str, str, str], ...]:
    query = (
        select(ActionItem)
        .join(AgendaItem, AgendaItem.id == ActionItem.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(AgendaItem.case_id == case_id, Meeting.kind != SUPPORT)
        .order_by(ActionItem.done_on.is_not(None), ActionItem.due_on, ActionItem.id)
    )
    return tuple(
        (row.what, "　".join(filter(None, (row.agency, row.owner))), format_wareki(row.due_on),
         f"済み {format_wareki(row.done_on)}" if row.done_on else "これから")
        for row in session.scalars(query)
    )  # fmt: skip
