"""Who must not sit beside whom, and whether a household wants one place or several."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from service.cases.access import visible_cases
from service.cases.models import AvoidPair, Household, Person, SupportCase
from service.cases.people import find_people
from service.kernel.errors import DomainError, NotFound
from service.web.actor import Actor, Town

SEATINGS: Final = {"": "決めていない", "together": "同じ所がよい", "apart": "別々の所がよい"}
ELSEWHERE: Final = "ほかの担当のケースの人"
NOTE_LIMIT: Final = 400


def apart_lines(session: Session, town: Town, actor: Actor, person_id: str) -> Sequence[tuple[str, str]]:
    """(pair, words) of everybody this person must not meet; somebody whose case is closed to the reader has no name."""
    pairs = session.scalars(
        select(AvoidPair).where(or_(AvoidPair.first_id == person_id, AvoidPair.second_id == person_id))
    ).all()
    others = {pair.id: pair.second_id if pair.first_id == person_id else pair.first_id for pair in pairs}
    names = visible_names(session, town, actor, set(others.values()))
    return tuple((pair.id, _say(names.get(others[pair.id], ""), pair.note)) for pair in pairs)


def _say(name: str, note: str) -> str:
    """The note may tell of both, so it goes with the name."""
    return "・".join(part for part in (name, note) if part) if name else ELSEWHERE


def visible_names(session: Session, town: Town, actor: Actor, ids: set[str]) -> dict[str, str]:
    """The names of those among these people whose case the actor may read."""
    if not ids:
        return {}
    query = (
        visible_cases(town, actor)
        .join(Household, SupportCase.household_id == Household.id)
        .join(Person, Person.household_id == Household.id)
        .where(Person.id.in_(sorted(ids)))
        .options(joinedload(SupportCase.household).selectinload(Household.people))
    )
    return {p.id: p.name for case in session.scalars(query).unique() for p in case.household.people if p.id in ids}


def keep_apart(session: Session, town: Town, actor: Actor, person: Person, typed: str, note: str) -> None:
    """Keep two people from being at one place on one day; nothing is kept until it is clear who is meant."""
    found = [each for each in find_people(session, town, actor, typed) if each.person_id != person.id] if typed else []
    if len(found) != 1:
        said = "合う人が見つかりません" if not found else f"合う人が{len(found)}人います"
        raise DomainError(
            f"「{typed[:40]}」に{said}。", "一人に決まるまで、氏名を全部か、ケース番号を入れてください。", "apart", 422
        )
    first, second = sorted((person.id, found[0].person_id))
    if session.scalars(select(AvoidPair).where(AvoidPair.first_id == first, AvoidPair.second_id == second)).first() is None:
        session.add(AvoidPair(first_id=first, second_id=second, note=note[:NOTE_LIMIT]))


def stop_keeping_apart(session: Session, person: Person, pair_id: str) -> None:
    """Take a pair of this person back."""
    pair = session.get(AvoidPair, pair_id)
    if pair is None or person.id not in (pair.first_id, pair.second_id):
        raise NotFound()
    session.delete(pair)


def seat_household(household: Household, rule: str) -> None:
    """Say whether members go to one place, to several, or wherever it suits."""
    if rule not in SEATINGS:
        raise DomainError("世帯の席の決めかたを読めませんでした。", "三つのうちから選んでください。", "seating", 422)
    if household.seating != rule:
        household.seating = rule
