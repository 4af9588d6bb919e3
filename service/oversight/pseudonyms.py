"""From a line of the log to the number of the case it is about, and back: numbers, and nobody's name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from service.cases.access import is_current
from service.cases.models import Person, Placement, SupportCase
from service.cases.plans.models import Plan
from service.followup.tasks.models import FollowUp
from service.kernel.audit import AuditEntry
from service.kernel.db import Base
from service.matching.joint.models import JointLeft, JointLine
from service.meetings.models import AgendaItem


def numbers_of(session: Session, entries: Iterable[AuditEntry]) -> dict[str, str]:
    """The case number of whatever each line is about, by the id in the line; lines about no case are left out."""
    ids = defaultdict(set)
    for entry in entries:
        ids[entry.object_type].add(entry.object_id)
    found: dict[str, str] = {}
    for kind, wanted in ids.items():
        for query in _ways_to_a_case(kind):
            found |= dict(session.execute(query.where(_id_of(kind).in_(wanted))).all())
    return found


def looked_at_of(session: Session, household_id: str) -> set[str]:
    """Every id under which somebody may have looked at a household: its people, episodes, and what belongs to them."""
    people = session.scalars(select(Person.id).where(Person.household_id == household_id)).all()
    cases = session.scalars(select(SupportCase.id).where(SupportCase.household_id == household_id)).all()
    found = {*people, *cases}
    for model in _models().values():
        if (narrowed := _of_those(model, people, cases)) is not None:
            found |= set(session.scalars(select(model.id).where(narrowed)))
    in_placements = select(Placement.id).where(Placement.person_id.in_(people))
    for model in _models().values():
        if hasattr(model, "placement_id"):
            found |= set(session.scalars(select(model.id).where(model.placement_id.in_(in_placements))))
    found |= set(session.scalars(select(AgendaItem.meeting_id).where(AgendaItem.case_id.in_(cases))))
    for line in (JointLine, JointLeft):
        found |= set(session.scalars(select(line.run_id).where(line.person_id.in_(people))))
    return found


def _models() -> dict[str, Any]:
    return {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers if hasattr(mapper.class_, "id")}


def _model_of(kind: str) -> Any:
    # Plans are printed under a shorter name than their table's.
    return _models().get("support_plan" if kind == "plan" else kind)


def _of_those(model: Any, people: Sequence[str], cases: Sequence[str]) -> ColumnElement[bool] | None:
    narrowed = [
        getattr(model, name).in_(ids) for name, ids in (("case_id", cases), ("person_id", people)) if hasattr(model, name)
    ]
    return or_(*narrowed) if narrowed else None


def _id_of(kind: str) -> Any:
    # The log of a case is printed under the id of its person.
    return Person.id if kind == "progress_note" else _model_of(kind).id


def _ways_to_a_case(kind: str) -> list[Any]:
    """How a row of this table leads to its case: by itself, by its household, person, placement, plan or follow-up."""
    model = _model_of(kind)
    if model is None:
        return []
    if model is SupportCase:
        return [select(SupportCase.id, SupportCase.number)]
    if model is Person or kind == "progress_note":
        return [_current(select(Person.id, SupportCase.number), Person.household_id)]
    if kind == "household":
        return [_current(select(model.id, SupportCase.number), model.id)]
    if hasattr(model, "case_id"):
        return [select(model.id, SupportCase.number).join(SupportCase, SupportCase.id == model.case_id)]
    return _by_way_of(model)


def _by_way_of(model: Any) -> list[Any]:
    who = aliased(Person)
    start = select(model.id, SupportCase.number)
    if hasattr(model, "person_id"):
        return [_current(start.join(who, who.id == model.person_id), who.household_id)]
    if hasattr(model, "placement_id"):
        by_placement = start.join(Placement, Placement.id == model.placement_id).join(who, who.id == Placement.person_id)
        return [_current(by_placement, who.household_id)]
    for name, over in (("plan_id", Plan), ("follow_up_id", FollowUp)):
        if hasattr(model, name):
            joined = start.join(over, over.id == getattr(model, name))
            return [joined.join(SupportCase, SupportCase.id == over.case_id)]
    return []


def _current(query: Any, household_id: Any) -> Any:
    return query.join(SupportCase, SupportCase.household_id == household_id).where(is_current())
