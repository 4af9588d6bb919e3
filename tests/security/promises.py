"""What must hold after every line of a program, worked out from what was said and offered and not by our own rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service.cases.models import Person, Placement, PlacementMove
from service.followup.placements.models import Sounding
from service.host_face.agreed import agreed_placements
from service.host_face.home_pages import home_view
from service.host_face.own import Own
from service.kernel.audit import verify_chain
from service.kernel.clock import day_in_japan
from service.kernel.outbox.messages import OutboxMessage
from service.resources.models import Opening
from service.web.actor import Actor, Town

THERE = ("started", "settling", "stable")
KNOWN = ("visit", "trial", *THERE)
HELD = ("offered", "visit", "trial")
OVER = ("declined", "ended")


@dataclass(frozen=True)
class Told:
    """What one person agreed one host may know, and until when."""

    items: frozenset[str]
    until: date | None


@dataclass
class Book:
    """A second account beside the database: what each host offers in all, who applies, and what was agreed."""

    offered: dict[str, int]
    service: dict[str, bool] = field(default_factory=dict)
    shares: dict[tuple[str, str], Told] = field(default_factory=dict)
    starts: list[tuple[str, datetime]] = field(default_factory=list)

    def told(self, person_id: str, host_id: str, today: date) -> frozenset[str]:
        """The items this host may know of this person today."""
        said = self.shares.get((person_id, host_id))
        if said is None or not self.service.get(person_id) or (said.until is not None and said.until < today):
            return frozenset()
        return said.items


@dataclass(frozen=True)
class Seen:
    """The town as it stands."""

    placements: Sequence[Placement]
    openings: Mapping[str, Opening]
    people: Mapping[str, Person]
    today: date

    def host_of(self, row: Placement) -> str:
        return self.openings[row.opening_id].host_id


def broken(session: Session, town: Town, book: Book, hosts: Mapping[str, str], now: datetime) -> list[str]:
    """Every promise that does not hold, in words; nothing is as it should be."""
    rows = session.scalars(select(Placement).options(selectinload(Placement.sessions))).all()
    openings = {row.id: row for row in session.scalars(select(Opening).options(selectinload(Opening.slots)))}
    people = {row.id: row for row in session.scalars(select(Person))}
    seen = Seen(rows, openings, people, day_in_japan(now))
    found = [*_room(seen, book), *_ways(session, seen), *_quiet(session, seen), *_consent(seen, book, now)]
    for host_id, name in hosts.items():
        own = Own(host_id, name, Actor("-", name, frozenset()), seen.today)
        found += _told(session, seen, book, own, now)
    if (seq := verify_chain(session, town.key)) is not None:
        found.append(f"the audit chain does not hold at {seq}")
    return found


def is_there(row: Placement) -> bool:
    return row.step in THERE or (row.step == "on_hold" and row.before_hold in THERE)


def is_held(row: Placement, today: date) -> bool:
    return row.step in HELD and row.reserved_until is not None and row.reserved_until >= today


def _room(seen: Seen, book: Book) -> Iterator[str]:
    for id_, offered in book.offered.items():
        here = [row for row in seen.placements if row.opening_id == id_]
        there, held = sum(map(is_there, here)), sum(is_held(row, seen.today) for row in here)
        free = seen.openings[id_].free
        if there + held > offered:
            yield f"{there} there and {held} held where {offered} are offered"
        if free is None or free < 0 or free != offered - there:
            yield f"{free} free where {offered} are offered and {there} are there"
        for slot in seen.openings[id_].slots:
            if slot.free is not None:
                at = [row for row in here if any(time.weekday == slot.weekday for time in row.sessions)]
                taken, kept = sum(map(is_there, at)), sum(is_held(row, seen.today) for row in at)
                if slot.free != 1 - taken or taken + kept > 1:
                    yield f"{taken} there, {kept} held and {slot.free} free in a slot of one"


def _ways(session: Session, seen: Seen) -> Iterator[str]:
    moves = session.scalars(select(PlacementMove).order_by(PlacementMove.at, PlacementMove.id)).all()
    for row in seen.placements:
        at, before = "", ""
        for move in (each for each in moves if each.placement_id == row.id):
            if move.from_step != at:
                yield f"a move from {move.from_step!r} of a placement at {at!r}"
            at, before = move.to_step, at if move.to_step == "on_hold" else ""
        if (at, before) != (row.step, row.before_hold):
            yield f"at {row.step!r} (before: {row.before_hold!r}) where its moves lead to {at!r} ({before!r})"


def _quiet(session: Session, seen: Seen) -> Iterator[str]:
    over = {row.id for row in seen.placements if row.step in OVER}
    for placement_id in session.scalars(select(Sounding.placement_id).where(Sounding.state == "open")):
        if placement_id in over:
            yield "a question is open about a placement that is over"
    for about_id in session.scalars(select(OutboxMessage.about_id).where(OutboxMessage.state == "waiting")):
        if about_id in over:
            yield "a message waits about a placement that is over"


def _consent(seen: Seen, book: Book, now: datetime) -> Iterator[str]:
    for row in seen.placements:
        person, host = row.person_id, seen.host_of(row)
        if row.step in KNOWN and not (book.service.get(person) and (person, host) in book.shares):
            yield f"{row.step} goes on though the consent was taken back"
    for id_, at in book.starts:
        started = next(row for row in seen.placements if row.id == id_)
        if at == now and not book.told(started.person_id, seen.host_of(started), seen.today):
            yield "a start without a consent in force"


def _told(session: Session, seen: Seen, book: Book, own: Own, now: datetime) -> Iterator[str]:
    here = agreed_placements(session, own.host_id, own.today)
    text = repr((here, home_view(session, own, now, "once")))
    known: dict[str, frozenset[str]] = {}
    for row in seen.placements:
        if seen.host_of(row) == own.host_id and (row.step in KNOWN or row.before_hold in KNOWN):
            known[row.person_id] = book.told(row.person_id, own.host_id, own.today)
    for person in seen.people.values():
        facts = {"name": person.name, "kana": person.kana, "phone": person.phone, "emergency": person.contact_note}
        for item, fact in facts.items():
            if (fact in text) != (item in known.get(person.id, ())):
                yield f"{own.host_name} {'is' if fact in text else 'is not'} told {item} of {person.name}"
