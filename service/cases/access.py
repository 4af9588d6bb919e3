"""The only place that says which cases a person may see, and which they may change."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from service.accounts.models import User
from service.accounts.roles import CASE_STAFF, SECRETARIAT, SUPERVISOR, TEAM
from service.cases.course.flow import HOW_IT_ENDED, OVER
from service.cases.course.models import CaseMember
from service.cases.glass import opened_by
from service.cases.models import Household, Person, StandIn, SupportCase
from service.kernel.audit import note
from service.kernel.clock import now_utc
from service.kernel.dates import format_wareki
from service.kernel.errors import DomainError, Forbidden, NotFound
from service.web.actor import Actor, Town


def visible_cases(town: Town, actor: Actor) -> Select[SupportCase]:
    """The cases this person may read, as a query to narrow further.

    A supervisor reads what the town's staff reads, and what nobody of the staff is left to read; the rest, with a reason and
    for a while, after opening it (`glass.py`).
    """
    query = select(SupportCase)
    if not actor.roles & (CASE_STAFF | {SUPERVISOR}):
        return query.where(false())
    named = [SupportCase.assigned_id == actor.id, SupportCase.id.in_(_covered(actor))]
    if SUPERVISOR in actor.roles:
        named += [SupportCase.id.in_(opened_by(actor.id, now_utc())), _left_alone()]
    own = or_(*named)
    if town.case_access == "team":
        # An episode of long ago tells of whoever is protected today.
        newest = aliased(SupportCase)
        locked = select(newest.household_id).where(newest.locked, is_current(newest))
        return query.where(or_(SupportCase.household_id.not_in(locked), own))
    return query.where(own)


def cases_in_process(town: Town, actor: Actor) -> Select[SupportCase]:
    """The cases whose way this person may follow — sheets, decisions, meetings, what is owed — as a query to narrow further.

    The secretariat follows all of them but the locked ones; of the people themselves it reads only what a sheet says.
    """
    if SECRETARIAT not in actor.roles:
        return visible_cases(town, actor)
    newest = aliased(SupportCase)
    locked = select(newest.household_id).where(newest.locked, is_current(newest))
    return select(SupportCase).where(SupportCase.household_id.not_in(locked))


def cases_of_member(actor: Actor) -> Select[SupportCase]:
    """The cases somebody of another agency works on, but the locked ones; what is shared of them asks for consent besides."""
    mine = select(CaseMember.case_id).where(CaseMember.user_id == actor.id, CaseMember.until.is_(None))
    query = select(SupportCase).where(SupportCase.id.in_(mine), SupportCase.locked.is_(False))
    return query if TEAM in actor.roles else query.where(false())


def is_current(case: type[SupportCase] = SupportCase) -> ColumnElement[bool]:
    """Whether no later episode has followed a case: people are read, found and changed through this one."""
    later = aliased(SupportCase)
    return ~exists().where(later.earlier_id == case.id)


def read_person(session: Session, town: Town, actor: Actor, person_id: str) -> tuple[SupportCase, Person]:
    """A person with the case they belong to; looking is recorded. Absent and forbidden are one answer."""
    query = (
        visible_cases(town, actor)
        .join(Household, SupportCase.household_id == Household.id)
        .join(Person, Person.household_id == Household.id)
        .where(Person.id == person_id, is_current())
        .options(
            joinedload(SupportCase.assigned),
            selectinload(SupportCase.stand_ins),
            joinedload(SupportCase.household).selectinload(Household.people),
        )
    )
    case = session.scalars(query).first()
    if case is None:
        raise NotFound()
    note(session, "view", "person", person_id)
    return case, next(person for person in case.household.people if person.id == person_id)


def read_for_match(session: Session, town: Town, actor: Actor, person_id: str) -> tuple[SupportCase, Person]:
    """A person with the case and all that a match asks of them; looking is recorded. Absent and forbidden are one answer."""
    found = readable_people(session, town, actor, Person.id == person_id)
    if not found:
        raise NotFound()
    note(session, "view", "person", person_id)
    return found[-1]


def is_on_case(actor: Actor, case: SupportCase) -> bool:
    """Whether this person is assigned to the case or covering for whoever is."""
    covering = any(stand_in.user_id == actor.id for stand_in in case.stand_ins)
    return bool(actor.roles & CASE_STAFF) and (case.assigned_id == actor.id or covering)


def may_change(actor: Actor, case: SupportCase) -> bool:
    """Whether this person may work on the case: it is theirs, and it is not over."""
    return case.status not in OVER and is_on_case(actor, case)


def change_person(
    session: Session, town: Town, actor: Actor, person_id: str, *, although_over: bool = False
) -> tuple[SupportCase, Person]:
    """A person this actor may change; a colleague's case asks to be covered first, and one that is over is read only.

    `although_over` is for what goes on after the end: late records, contacts, what is taken back, and taking in again.
    """
    case, person = read_person(session, town, actor, person_id)
    if not actor.roles & CASE_STAFF:
        raise Forbidden()
    if not is_on_case(actor, case):
        raise DomainError(
            f"このケースの担当は{case.assigned.name}さんです。",
            "代わりに対応するときは、ケースの画面で「代わりに担当する」を押してください。",
            "not-assigned",
            403,
        )
    if not although_over:
        refuse_when_over(case)
    return case, person


def say_over(case: SupportCase) -> str:
    """Since when a case is over, and how it ended; nothing while it goes on."""
    if case.status not in OVER:
        return ""
    return (
        f"{format_wareki(case.closed_on)}に{HOW_IT_ENDED[case.status]}ケースです"
        if case.closed_on
        else f"{HOW_IT_ENDED[case.status]}ケースです"
    )


def refuse_when_over(case: SupportCase) -> None:
    """Raises DomainError where a case is over: it says since when, and offers the way back in."""
    if case.status in OVER:
        raise DomainError(
            f"{say_over(case)}。記録は読めますが、新しくは書き加えられません。",
            "支援を再開するときは、「終結」の画面で「もう一度受け付ける」を押してください。", "case-over",
        )  # fmt: skip


def list_cases(session: Session, town: Town, actor: Actor) -> Sequence[SupportCase]:
    """Every case this person may read in its newest episode, with its household, newest number first."""
    query = (
        visible_cases(town, actor)
        .where(is_current())
        .options(joinedload(SupportCase.household).selectinload(Household.people), joinedload(SupportCase.assigned))
    )
    return session.scalars(query.order_by(SupportCase.number.desc())).all()


def readable_people(
    session: Session, town: Town, actor: Actor, *narrowed: ColumnElement[bool]
) -> list[tuple[SupportCase, Person]]:
    """Every person of a case this person may read, with all that a match asks of them; narrowed as wanted."""
    query = (
        visible_cases(town, actor)
        .join(Household, SupportCase.household_id == Household.id)
        .join(Person, Person.household_id == Household.id)
        .add_columns(Person)
        .where(is_current(), *narrowed)
        .options(
            joinedload(SupportCase.assigned),
            joinedload(SupportCase.household),
            # Few rows at most: one question instead of three.
            joinedload(SupportCase.stand_ins),
            joinedload(Person.avoid_rules),
            selectinload(Person.needs),
            selectinload(Person.consents),
            selectinload(Person.travel_times),
        )
        .order_by(SupportCase.number, Person.position, Person.id)
        .execution_options(populate_existing=True)
    )
    return [(case, person) for case, person in session.execute(query).unique()]


@dataclass(frozen=True)
class OutOfSight:
    """How many people somebody may not read, by the reason: numbers, and nobody's name."""

    locked: int = 0
    not_assigned: int = 0


def out_of_sight(session: Session, town: Town, actor: Actor, *narrowed: ColumnElement[bool]) -> OutOfSight:
    """Those the support is about or who have told what they need, in the cases meant, that this person may not read."""
    visible = visible_cases(town, actor).with_only_columns(SupportCase.id)
    query = (
        select(SupportCase.locked, func.count(Person.id))
        .join(Person, Person.household_id == SupportCase.household_id)
        .where(SupportCase.id.not_in(visible), is_current(), or_(Person.principal, Person.needs.any()), *narrowed)
        .group_by(SupportCase.locked)
    )
    counts = dict(session.execute(query).all())
    return OutOfSight(counts.get(True, 0), counts.get(False, 0))


def _left_alone() -> ColumnElement[bool]:
    """Whether the coordinator of a case has left and nobody stands in; one that is locked stays so, and is opened with a reason."""
    staying = select(User.id).where(User.active)
    covered = select(StandIn.case_id).where(StandIn.user_id.in_(staying))
    newest = aliased(SupportCase)
    locked = select(newest.household_id).where(newest.locked, is_current(newest))
    return and_(
        SupportCase.assigned_id.not_in(staying), SupportCase.id.not_in(covered), SupportCase.household_id.not_in(locked)
    )


def _covered(actor: Actor) -> Select[str]:
    return select(StandIn.case_id).where(StandIn.user_id == actor.id)
