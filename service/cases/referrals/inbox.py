"""The sheets that came in: the ones to be decided with their age in days, and one in hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from service.cases.access import cases_in_process
from service.cases.course.flow import Status
from service.cases.models import Household, Person, SupportCase
from service.cases.referrals.models import Referral, ReferralStep, Screening
from service.kernel.audit import note
from service.kernel.errors import NotFound
from service.kernel.kana import fold_text
from service.web.actor import Actor, Town

UNDECIDED = (Status.REFERRED.value, Status.SCREENING.value)
LONGEST_LIST = 200


@dataclass(frozen=True)
class Arrived:
    """One sheet with its case and whom it is about."""

    referral: Referral
    case: SupportCase
    principal: Person


def arrived(session: Session, town: Town, actor: Actor, *, typed: str = "", is_open: bool = True) -> Sequence[Arrived]:
    """The sheets this person may see, urgent and oldest first; decided ones newest first."""
    query = _sheets(town, actor)
    if is_open:
        query = query.where(SupportCase.status.in_(UNDECIDED))
        query = query.order_by(Referral.is_urgent.desc(), Referral.received_at, Referral.id)
    else:
        query = query.order_by(Referral.received_at.desc(), Referral.id)
    if typed:
        folded = fold_text(typed)
        found = Person.search_text.contains(folded, autoescape=True) | SupportCase.number.icontains(typed, autoescape=True)
        query = query.where(found | Referral.from_agency.icontains(typed, autoescape=True))
    rows = session.execute(query.limit(LONGEST_LIST)).unique().all()
    return [Arrived(*row) for row in rows]


def sheet_in_hand(session: Session, town: Town, actor: Actor, referral_id: str) -> Arrived:
    """One sheet; looking is recorded. Absent and forbidden are one answer."""
    row = session.execute(_sheets(town, actor).where(Referral.id == referral_id)).unique().first()
    if row is None:
        raise NotFound()
    found = Arrived(*row)
    note(session, "view", "referral", referral_id)
    return found


def steps_of(session: Session, referral_id: str) -> list[ReferralStep]:
    """What was done about a sheet the filter has given, oldest first."""
    query = select(ReferralStep).where(ReferralStep.referral_id == referral_id)
    return list(session.scalars(query.order_by(ReferralStep.on, ReferralStep.recorded_at, ReferralStep.id)))


def screenings_of(session: Session, case_id: str) -> list[Screening]:
    """The decisions about a case the filter has given, newest first."""
    query = select(Screening).where(Screening.case_id == case_id)
    return list(session.scalars(query.order_by(Screening.at.desc(), Screening.id)))


def _sheets(town: Town, actor: Actor) -> Select[Referral, SupportCase, Person]:
    return (
        cases_in_process(town, actor)
        .join(Referral, Referral.case_id == SupportCase.id)
        .join(Household, SupportCase.household_id == Household.id)
        .join(Person, (Person.household_id == Household.id) & Person.principal)
        .with_only_columns(Referral, SupportCase, Person)
        .options(joinedload(SupportCase.assigned))
    )
