"""Finding people and opening a case for a household."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from service.cases.access import is_current, visible_cases
from service.cases.models import Household, Person, StandIn, SupportCase
from service.kernel.dates import DateProblem, fiscal_year, format_wareki, parse_date
from service.kernel.kana import fold_text
from service.resources.places import Places
from service.web.actor import Actor, Town

FOUND_LIMIT = 100


@dataclass(frozen=True)
class FoundPerson:
    """A line of the people list; a locked case shows no district."""

    person_id: str
    name: str
    kana: str
    relation: str
    case_number: str
    status: str
    assigned: str
    district: str
    locked: bool


def find_people(session: Session, town: Town, actor: Actor, typed: str, *, mine: bool = False) -> list[FoundPerson]:
    """People by kana, kanji, half-width, case number, birth date or the phone's last four; all when nothing is typed."""
    query = (
        visible_cases(town, actor)
        .join(Household, SupportCase.household_id == Household.id)
        .join(Person, Person.household_id == Household.id)
        .where(is_current())
        .options(joinedload(SupportCase.assigned), joinedload(SupportCase.household).selectinload(Household.people))
    )
    if mine:
        query = query.where(SupportCase.assigned_id == actor.id)
    if typed:
        query = query.where(or_(*_conditions(typed)))
    cases = session.scalars(query.order_by(SupportCase.number.desc()).distinct().limit(FOUND_LIMIT)).all()
    return [
        _line(case, person) for case in cases for person in case.household.people if not typed or _fits(person, case, typed)
    ]


def _conditions(typed: str) -> list[ColumnElement[bool]]:
    folded = fold_text(typed)
    conditions: list[ColumnElement[bool]] = [
        Person.search_text.contains(folded, autoescape=True),
        SupportCase.number.icontains(typed, autoescape=True),
        Household.district.icontains(typed, autoescape=True),
    ]
    if len(folded) == 4 and folded.isdigit():
        conditions.append(Person.phone.endswith(folded))
    if (born := _born(typed)) is not None:
        conditions.append(Person.birth_on == born)
    return conditions


def _fits(person: Person, case: SupportCase, typed: str) -> bool:
    """Of a household that was found, the members meant: the ones with the name, or all for a number."""
    folded = fold_text(typed)
    named = [
        p for p in case.household.people if folded in p.search_text or p.phone.endswith(folded) or p.birth_on == _born(typed)
    ]
    return person in named or (not named and person.principal)


def _born(typed: str) -> date | None:
    try:
        return parse_date(typed)
    except DateProblem:
        return None


def _line(case: SupportCase, person: Person) -> FoundPerson:
    return FoundPerson(
        person_id=person.id,
        name=person.name,
        kana=person.kana,
        relation=person.relation,
        case_number=case.number,
        status=case.status,
        assigned=case.assigned.name,
        district="非開示" if case.locked else case.household.district,
        locked=case.locked,
    )


@dataclass(frozen=True)
class PersonDraft:
    """What is typed about a person."""

    name: str
    kana: str
    birth_on: date | None
    gender: str | None
    address: str
    phone: str
    contact_note: str
    relation: str = "本人"


def open_case(session: Session, actor: Actor, draft: PersonDraft, lead_agency: str, now: datetime, today: date) -> Person:
    """Open a case for a new household of one, assigned to whoever opens it."""
    household = Household(label=f"{draft.name.split()[0]}さんの世帯")
    session.add(household)
    session.flush()
    person = Person(household_id=household.id, principal=True, name=draft.name)
    session.add(person)
    write_person(person, draft)
    number = next_number(session, today)
    session.add(
        SupportCase(number=number, household_id=household.id, opened_on=today, lead_agency=lead_agency, assigned_id=actor.id)
    )
    session.flush()
    return person


def write_person(person: Person, draft: PersonDraft) -> None:
    """Put what was typed into the row, with the key that finds it; a moved home loses its old coordinates."""
    if draft.address != person.address:
        person.lat = person.lon = None
        person.coordinate_level = person.coordinate_source = ""
    for name, value in vars(draft).items():
        if getattr(person, name) != value:
            setattr(person, name, value)
    key = fold_text(f"{draft.name}{draft.kana}")
    if person.search_text != key:
        person.search_text = key


def locate_home(person: Person, places: Places) -> None:
    """Find the home on the offline town table; an address it does not know leaves travel unknown."""
    spot = places.locate(person.address) if person.lat is None else None
    if spot is not None:
        person.lat, person.lon = spot.lat, spot.lon
        person.coordinate_level, person.coordinate_source = spot.level, spot.source


def next_number(session: Session, today: date) -> str:
    """The next case number of the fiscal year: R8-001; the highest given so far and one."""
    year = f"R{fiscal_year(today) - 2018}-"
    given = session.scalars(select(SupportCase.number).where(SupportCase.number.startswith(year)))
    highest = max((int(tail) for number in given if (tail := number.removeprefix(year)).isdecimal()), default=0)
    return f"{year}{highest + 1:03d}"


def earlier_episode(session: Session, case: SupportCase) -> str:
    """The episode before a case the filter has given: its number and when it was closed."""
    row = session.get(SupportCase, case.earlier_id) if case.earlier_id else None
    return "" if row is None else f"{row.number}{f'（{format_wareki(row.closed_on)} 終結）' if row.closed_on else ''}"


def stand_in(session: Session, actor: Actor, case: SupportCase, reason: str, now: datetime) -> None:
    """Cover for the assigned coordinator, with the reason on record."""
    if all(row.user_id != actor.id for row in case.stand_ins):
        session.add(StandIn(case_id=case.id, user_id=actor.id, since=now, reason=reason))


def load_person(session: Session, person: Person) -> Person:
    """The person with everything a page about them shows."""
    query = (
        select(Person)
        .where(Person.id == person.id)
        .options(
            selectinload(Person.needs),
            selectinload(Person.consents),
            selectinload(Person.avoid_rules),
            selectinload(Person.travel_times),
        )
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).one()
