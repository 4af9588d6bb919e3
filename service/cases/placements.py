"""Who is where today: placements from candidate to the end, and what they hold of the places in town."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from itertools import chain
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from service.cases.models import (
    AvoidPair,
    LadderVersion,
    Need,
    Person,
    Placement,
    PlacementMove,
    PlacementSession,
    SupportCase,
)
from service.kernel.vocab import SEED_FOLDER
from service.resources.models import Host, Opening

CANDIDATE: Final = "candidate"
HOLDING: Final = frozenset({CANDIDATE, "sounded", "offered", "visit", "trial"})
"""Steps that hold one of the places the host counts as free."""
ATTENDING: Final = frozenset({"started", "settling", "stable"})
"""Steps the host no longer counts as free."""
DECLINED: Final = "declined"
SIDES: Final = {"person": "本人", "host": "受け入れ先", "coordinator": "担当"}
"""Who says that it does not go on."""
ON_HOLD: Final = "on_hold"
"""Resting: whoever attended keeps the place, whoever was on the way holds none."""
LIVE: Final = HOLDING | ATTENDING | {ON_HOLD}
RESERVING: Final = frozenset({"offered", "visit", "trial"})
"""Steps that hold a place against everybody else, until the reservation runs out."""


@dataclass(frozen=True)
class SessionTime:
    """A time of a placement: weekday 0=月 or None, minutes from midnight or None, half units (2 = every week)."""

    weekday: int | None
    start_min: int | None
    end_min: int | None
    half: int = 2


@dataclass(frozen=True)
class Standing:
    """One live placement as counts and clashes need it: ids, no name."""

    id: str
    person_id: str
    opening_id: str
    host_id: str
    household_id: str
    step: str
    since: date
    sessions: tuple[SessionTime, ...]
    reserved_until: date | None = None
    before_hold: str = ""
    started_on: date | None = None
    coordinator_id: str = ""

    @property
    def holds(self) -> bool:
        """Whether it takes one of the places still called free."""
        return self.step in HOLDING

    @property
    def attends(self) -> bool:
        """Whether the host no longer counts the place as free, also while the person rests."""
        return self.step in ATTENDING or (self.step == ON_HOLD and self.before_hold in ATTENDING)

    def reserves(self, today: date) -> bool:
        """Whether a place is held for the person today against everybody else."""
        return self.step in RESERVING and (self.reserved_until is None or self.reserved_until >= today)

    @property
    def weekdays(self) -> frozenset[int | None]:
        """The days on which the person is there."""
        return frozenset(each.weekday for each in self.sessions)


@dataclass(frozen=True)
class Entry:
    """The first line of a placement's log: when it was written, in which words, and how the pair stood then."""

    at: datetime
    note: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


def live_placements(session: Session, host_id: str | None = None) -> list[Standing]:
    """Everybody who is at a place, or on the way to one, of one host or of all; for counting, whoever's case it is."""
    # Not a join: a household with an earlier case as well is one person at one place all the same.
    assigned = (
        select(SupportCase.assigned_id)
        .where(SupportCase.household_id == Person.household_id)
        .order_by(SupportCase.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(Placement, Opening.host_id, Person.household_id, assigned)
        .join(Opening, Placement.opening_id == Opening.id)
        .join(Person, Placement.person_id == Person.id)
        .where(Placement.step.in_(LIVE))
        .options(selectinload(Placement.sessions))
        .order_by(Placement.id)
        .execution_options(populate_existing=True)
    )
    here = query if host_id is None else query.where(Opening.host_id == host_id)
    return [_standing(*row) for row in session.execute(here)]


def _standing(row: Placement, host_id: str, household_id: str, coordinator_id: str | None) -> Standing:
    times = tuple(SessionTime(each.weekday, each.start_min, each.end_min, each.half) for each in row.sessions)
    return Standing(
        row.id, row.person_id, row.opening_id, host_id, household_id, row.step, row.since, times,
        row.reserved_until, row.before_hold, row.started_on, coordinator_id or "",
    )  # fmt: skip


def people_with_need(session: Session, people: Collection[str], *kinds: Collection[str]) -> tuple[frozenset[str], ...]:
    """Of these people, for each kind of need (its attributes), those who have one of it as 必須; for counting."""
    if not people:
        return tuple(frozenset() for _ in kinds)
    query = select(Need.person_id, Need.attribute, Need.value).where(
        Need.person_id.in_(sorted(people)), Need.attribute.in_(sorted({*chain(*kinds)})), Need.strength.in_(("hard", "gate"))
    )
    needed = [(person, attribute) for person, attribute, value in session.execute(query) if value]
    return tuple(frozenset(person for person, attribute in needed if attribute in kind) for kind in kinds)


def everybody_in_touch(session: Session) -> list[tuple[date | None, list[tuple[str, object, str]]]]:
    """Birth date and needs (attribute, value, strength) of everybody whose case is open; no id, no name, for counting."""
    query = (
        select(Person)
        .join(SupportCase, SupportCase.household_id == Person.household_id)
        .where(SupportCase.status != "closed", Person.principal)
        .options(selectinload(Person.needs))
        .execution_options(populate_existing=True)
    )
    return [
        (person.birth_on, [(need.attribute, need.value, need.strength) for need in person.needs])
        for person in session.scalars(query).unique()
    ]


def avoid_pairs(session: Session, people: Collection[str]) -> list[tuple[str, str]]:
    """Who of these must not be together with whom, whoever's case the other is; ids, in one order."""
    ids = sorted(people)
    query = select(AvoidPair.first_id, AvoidPair.second_id).where(
        or_(AvoidPair.first_id.in_(ids), AvoidPair.second_id.in_(ids))
    )
    return sorted({(min(first, second), max(first, second)) for first, second in session.execute(query)})


def lock_for_placing(session: Session, person_id: str, opening_id: str) -> Opening | None:
    """Person, host and opening in the hands of this transaction alone until it ends; None where the opening has gone.

    Always in this order, so that two acceptances never wait for each other.
    """
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update()).all()
    host = select(Opening.host_id).where(Opening.id == opening_id).scalar_subquery()
    session.execute(select(Host.id).where(Host.id == host).with_for_update()).all()
    query = select(Opening).where(Opening.id == opening_id).with_for_update()
    return session.scalars(
        query.options(selectinload(Opening.slots)).execution_options(populate_existing=True)
    ).one_or_none()


def place_candidate(
    session: Session, person_id: str, opening_id: str, times: Iterable[SessionTime], *, since: date, recorded_by: str,
    origin: str = "", reason: str = "", entry: Entry | None = None,
) -> Placement:  # fmt: skip
    """A person proposed for an opening and accepted as candidate, with the deadline the town's ladder sets.

    `entry` opens the placement's log; without one the placement is of a time before there was a log.
    """
    ladder = session.scalars(select(LadderVersion).order_by(LadderVersion.seq.desc()).limit(1)).first()
    rule = _rule(ladder.body if ladder else _first_ladder())
    placement = Placement(
        person_id=person_id,
        opening_id=opening_id,
        step=CANDIDATE,
        since=since,
        origin=origin,
        reason=reason,
        recorded_by=recorded_by,
        ladder_version=ladder.seq if ladder else 0,
        deadline_on=_deadline(rule, since),
        sessions=[PlacementSession(**vars(each)) for each in times],
    )
    session.add(placement)
    session.flush()
    if entry is not None:
        session.add(_first_move(placement, str(rule["label"]), entry))
        session.flush()
    return placement


def _first_move(placement: Placement, label: str, entry: Entry) -> PlacementMove:
    return PlacementMove(
        placement_id=placement.id, at=entry.at, by=placement.recorded_by, from_step="", to_step=CANDIDATE,
        label=label, note=entry.note, facts=dict(entry.facts),
    )  # fmt: skip


def _rule(ladder: Mapping[str, Any]) -> Mapping[str, Any]:
    return next((step for step in ladder["steps"] if step["key"] == CANDIDATE), {"label": "候補"})


def _deadline(rule: Mapping[str, Any], since: date) -> date | None:
    days = rule.get("deadline_days")
    return None if days is None else since + timedelta(days=days)


@cache
def _first_ladder() -> Mapping[str, Any]:
    return tomllib.loads((SEED_FOLDER / "ladder.toml").read_text("utf-8"))


def standing_of(standings: Sequence[Standing], person_id: str) -> list[Standing]:
    """The live placements of one person."""
    return [each for each in standings if each.person_id == person_id]
