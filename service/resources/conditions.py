"""What is known about a place's conditions: host, site and opening, the nearer level over the farther."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.kernel.errors import NotFound
from service.kernel.vocab import Attribute, check_value
from service.resources.models import Condition, Host, Opening, Site
from service.web.actor import Actor
from service.web.answers import plain_value

INTERESTS: Final = "interests"


class Answer(Protocol):
    """What both a stored condition and a row of a bare query have."""

    @property
    def site_id(self) -> str | None: ...
    @property
    def opening_id(self) -> str | None: ...
    @property
    def attribute(self) -> str: ...
    @property
    def value(self) -> Any: ...
    @property
    def negotiable(self) -> bool: ...


A = TypeVar("A", bound=Answer)


@dataclass(frozen=True)
class Level:
    """Where an answer belongs: the host itself, one of its sites, or one opening."""

    site_id: str | None = None
    opening_id: str | None = None

    def holds(self, condition: Answer) -> bool:
        """Whether the answer stands exactly on this level."""
        return (condition.site_id, condition.opening_id) == (self.site_id, self.opening_id)


HOST_LEVEL: Final = Level()


def levels_of(site_id: str | None, opening_id: str | None) -> tuple[Level, ...]:
    """The levels that speak for an opening, the farthest first."""
    levels = [HOST_LEVEL]
    if site_id:
        levels.append(Level(site_id=site_id))
    if opening_id:
        levels.append(Level(opening_id=opening_id))
    return tuple(levels)


def nearest_answers(conditions: Iterable[A], site_id: str | None, opening_id: str | None) -> dict[str, A]:
    """The answer in force for each attribute: the opening's over the site's over the host's."""
    ranks = {level: rank for rank, level in enumerate(levels_of(site_id, opening_id))}
    found: dict[str, tuple[int, A]] = {}
    for condition in conditions:
        rank = ranks.get(Level(condition.site_id, condition.opening_id))
        if rank is not None and rank >= found.get(condition.attribute, (-1, None))[0]:
            found[condition.attribute] = rank, condition
    return {attribute: condition for attribute, (_, condition) in found.items()}


def effective_conditions(conditions: Iterable[Answer], site_id: str | None, opening_id: str | None) -> dict[str, Any]:
    """Attribute to value in force; a null at a nearer level means unknown again and is left out."""
    answers = nearest_answers(conditions, site_id, opening_id)
    return {attribute: answer.value for attribute, answer in answers.items() if answer.value is not None}


def with_activities(values: Mapping[str, Any], tags: Sequence[str]) -> dict[str, Any]:
    """The values with an opening's activity tags counted among what can be done there."""
    said = dict.fromkeys([*tags, *values.get(INTERESTS, ())])
    return dict(values) | ({INTERESTS: list(said)} if said else {})


def negotiable_keys(conditions: Iterable[Answer], site_id: str | None, opening_id: str | None) -> frozenset[str]:
    """The attributes marked 相談可, by the same rule of the nearer level."""
    answers = nearest_answers(conditions, site_id, opening_id)
    return frozenset(attribute for attribute, answer in answers.items() if answer.negotiable)


@dataclass(frozen=True)
class Told:
    """Who answered, who wrote it down, and on which day."""

    answered_by: str
    recorded_by: str
    on: date


def write_answer(
    session: Session, host_id: str, level: Level, attribute: str, value: Any, negotiable: bool, told: Told,
    known: Mapping[str, Condition],
) -> bool:  # fmt: skip
    """Keep one answer on its level, or nothing when it says what is known already."""
    condition = known.get(attribute)
    if condition is None:
        condition = Condition(host_id=host_id, site_id=level.site_id, opening_id=level.opening_id, attribute=attribute)
        session.add(condition)
    elif (condition.value, condition.negotiable) == (value, negotiable):
        return False
    condition.value, condition.negotiable = value, negotiable
    condition.answered_on, condition.answered_by, condition.recorded_by = told.on, told.answered_by, told.recorded_by
    return True


def record_answer(
    session: Session, host_id: str, opening_id: str | None, attribute: Attribute, value: Any,
    answered_by: str, actor: Actor, today: date,
) -> bool:  # fmt: skip
    """Write what was said on the telephone to the host card; False when it was known already. VocabularyError."""
    stored = plain_value(check_value(attribute.host, value, attribute.label))
    level = Level(opening_id=opening_id)
    rows = session.scalars(select(Condition).where(Condition.host_id == host_id, Condition.attribute == attribute.key)).all()
    belongs(session, host_id, level)
    known = {row.attribute: row for row in rows if level.holds(row)}
    negotiable = known[attribute.key].negotiable if known else _inherited_mark(rows, attribute.key)
    told = Told(answered_by, actor.label, today)
    return write_answer(session, host_id, level, attribute.key, stored, negotiable, told, known)


def belongs(session: Session, host_id: str, level: Level) -> None:
    """Refuse a site or opening of another host as if it did not exist."""
    table: Any
    table, key = (Opening, level.opening_id) if level.opening_id else (Site, level.site_id)
    if key and session.scalar(select(table.id).where(table.id == key, table.host_id == host_id)) is None:
        raise NotFound()
    if session.get(Host, host_id) is None:
        raise NotFound()


def _inherited_mark(rows: Sequence[Condition], attribute: str) -> bool:
    return any(row.negotiable for row in rows if HOST_LEVEL.holds(row) and row.attribute == attribute)
