"""Whom a joint run is for: the people of cases the asker may read, narrowed by the filter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from service.cases.access import readable_people
from service.cases.consent import SERVICE, plan_is_stopped, state_of
from service.cases.course.flow import OVER, Status
from service.cases.models import Household, Person, SupportCase
from service.kernel.dates import age_on
from service.matching.joint.asking import OLDEST, PeopleFilter
from service.web.actor import Actor, Town

CLOSED = (*OVER, Status.SUSPENDED)
PARTS = 500
"""How many addresses one question to the database names at once."""


@dataclass(frozen=True)
class Chosen:
    """The people of a run with their cases, and how many of those the filter meant were left out, and why."""

    people: tuple[tuple[SupportCase, Person], ...]
    without_consent: int = 0
    not_assessed: int = 0
    placed: int = 0


def choose_people(
    session: Session, town: Town, actor: Actor, wanted: PeopleFilter, placed: Collection[str], today: date
) -> Chosen:
    """Those the filter means, who agreed to the service and have told something of what they need."""
    found = [each for each in _meant(session, town, actor, wanted) if _fits(*each, wanted, today)]
    return sort_out(found, today, placed if wanted.without_place and not wanted.people else ())


def sort_out(found: Sequence[tuple[SupportCase, Person]], today: date, placed: Collection[str] = ()) -> Chosen:
    """Of those meant, whose consent and needs are there, and who has no place yet."""
    agreed = [each for each in found if _has_agreed(each[1], today)]
    assessed = [each for each in agreed if each[1].needs]
    free = [each for each in assessed if each[1].id not in placed]
    # Nobody expects the consent of a member of the family whom the support is not about.
    silent = sum(person.principal for _, person in found) - sum(person.principal for _, person in agreed)
    return Chosen(tuple(free), silent, len(agreed) - len(assessed), len(assessed) - len(free))


def _has_agreed(person: Person, today: date) -> bool:
    return state_of(person.consents, today) == "given" and not plan_is_stopped(person.consents, today)


def chosen_person(case: SupportCase, person: Person, today: date) -> Chosen:
    """A run for one person who has been read already."""
    return sort_out([(case, person)] if case.status not in CLOSED else [], today)


def waiting_since(case: SupportCase, person: Person) -> date:
    """The day of the application; before there is one, the day the case was opened."""
    applied = [c.decided_on for c in person.consents if c.scope == SERVICE and c.state == "given" and c.decided_on]
    return min(applied, default=case.opened_on)


def _meant(session: Session, town: Town, actor: Actor, wanted: PeopleFilter) -> list[tuple[SupportCase, Person]]:
    base: list[ColumnElement[bool]] = [SupportCase.status.not_in(CLOSED)]
    if wanted.people:
        return list(people_by_id(session, town, actor, wanted.people, *base).values())
    if wanted.coordinator_ids:
        base.append(SupportCase.assigned_id.in_(wanted.coordinator_ids))
    if wanted.districts:
        base.append(Household.district.in_(wanted.districts))
    return readable_people(session, town, actor, *base)


def _fits(case: SupportCase, person: Person, wanted: PeopleFilter, today: date) -> bool:
    if wanted.people:
        return True
    if (today - waiting_since(case, person)).days < wanted.waiting_least:
        return False
    if (wanted.age_from, wanted.age_to) == (0, OLDEST):
        return True
    return person.birth_on is not None and wanted.age_from <= age_on(person.birth_on, today) <= wanted.age_to


def people_by_id(
    session: Session, town: Town, actor: Actor, ids: Iterable[str], *narrowed: ColumnElement[bool]
) -> dict[str, tuple[SupportCase, Person]]:
    """Of these people, those whose case the actor may read."""
    listed = sorted(set(ids))
    parts = [listed[start : start + PARTS] for start in range(0, len(listed), PARTS)]
    found = [each for part in parts for each in readable_people(session, town, actor, *narrowed, Person.id.in_(part))]
    return {person.id: (case, person) for case, person in found}
