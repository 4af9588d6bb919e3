"""Records as they are read: the last word about a tie, a person's and a host's history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from service.cases.access import visible_cases
from service.cases.models import Person, Placement, SupportCase
from service.followup.tasks.models import FollowUp
from service.followup.tasks.reading import Known
from service.followup.visits.models import Visit
from service.kernel.errors import NotFound
from service.resources.models import Opening
from service.web.actor import Actor, Town


def last_note(session: Session, known: Known) -> str:
    """What was last written down about the tie, or about the person where there is no placement."""
    about = (
        Visit.placement_id == known.row.placement_id if known.row.placement_id else Visit.person_id == known.row.person_id
    )
    query = select(Visit.note).where(about, Visit.note != "").order_by(Visit.done_on.desc(), Visit.recorded_at.desc())
    return session.scalars(query.limit(1)).first() or ""


def last_notes(session: Session, rows: Sequence[FollowUp]) -> Mapping[str, str]:
    """By follow-up, what `last_note` says of each; one question, however many they are."""
    word = (
        select(Visit.note)
        .where(
            Visit.person_id == FollowUp.person_id,
            or_(FollowUp.placement_id.is_(None), Visit.placement_id == FollowUp.placement_id),
            Visit.note != "",
        )
        .order_by(Visit.done_on.desc(), Visit.recorded_at.desc())
        .limit(1)
        .correlate(FollowUp)
        .scalar_subquery()
    )
    found = session.execute(select(FollowUp.id, word).where(FollowUp.id.in_([row.id for row in rows])))
    return {id_: said or "" for id_, said in found}


def visits_of_person(session: Session, person_id: str) -> Sequence[Visit]:
    """Every record about a person the filter has given, the newest day first."""
    query = select(Visit).where(Visit.person_id == person_id)
    return session.scalars(query.order_by(Visit.done_on.desc(), Visit.recorded_at.desc())).all()


def visits_at_host(session: Session, town: Town, actor: Actor, host_id: str) -> list[tuple[Visit, Person]]:
    """Records at a host, of the cases this person may read alone."""
    cases = visible_cases(town, actor).with_only_columns(SupportCase.id)
    query = (
        select(Visit, Person)
        .join(Person, Visit.person_id == Person.id)
        .join(Placement, Visit.placement_id == Placement.id)
        .join(Opening, Placement.opening_id == Opening.id)
        .where(Opening.host_id == host_id, Visit.case_id.in_(cases))
        .order_by(Visit.done_on.desc(), Visit.recorded_at.desc())
    )
    return [(visit, person) for visit, person in session.execute(query)]


def read_visit(session: Session, town: Town, actor: Actor, id_: str) -> Visit:
    """One record, where its case may be read; absent and forbidden are one answer."""
    cases = visible_cases(town, actor).with_only_columns(SupportCase.id)
    visit = session.scalars(select(Visit).where(Visit.id == id_, Visit.case_id.in_(cases))).one_or_none()
    if visit is None:
        raise NotFound()
    return visit
