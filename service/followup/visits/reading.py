"""Records as they are read: the last word about a tie, a person's and a host's history."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.access import visible_cases
from service.cases.models import Person, Placement, SupportCase
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
