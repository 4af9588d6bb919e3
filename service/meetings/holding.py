"""Calling a meeting, seating people, their word for secrecy, and writing down that it was held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.roles import SECRETARIAT
from service.kernel.clock import day_in_japan
from service.kernel.dates import fiscal_year
from service.kernel.errors import DomainError, Missing, NotFound, Refused
from service.meetings.models import Meeting, Seat, SecrecyAcknowledgement
from service.meetings.reading import InHand
from service.meetings.rules import (
    CANCELLED,
    HELD,
    INVITED,
    KINDS,
    PLANNED,
    ROLES,
    SUPPORT,
    MeetingFact,
    for_calling,
    for_holding,
    for_inviting,
)
from service.resources.town_words import town_settings
from service.web.actor import Actor

METHODS: Final = {"paper": "書面", "screen": "画面"}


class MeetingRefused(Refused):
    """Something about a meeting that its rules do not allow, with everything that is missing."""

    area = "meeting"


def refuse(missing: Iterator[Missing]) -> None:
    """Go on only when nothing is missing."""
    if found := tuple(missing):
        raise MeetingRefused(found)


@dataclass(frozen=True)
class Call:
    """A meeting as somebody calls it."""

    kind: str
    name: str
    on: date
    convenor: str
    convenor_is_municipal: bool = False
    start_min: int | None = None
    end_min: int | None = None
    place: str = ""
    body: str = ""
    legal_basis: str = ""
    series_id: str | None = None


def call_meeting(session: Session, actor: Actor, call: Call, now: datetime) -> Meeting:
    """Plan one. Raises MeetingRefused for a 支援会議 that is not the municipality's, DomainError for an unknown kind."""
    if call.kind not in KINDS:
        raise DomainError("会議の種類が選ばれていません。", "選んでください。", "meeting-kind", 422)
    refuse(for_calling(MeetingFact(call.kind, PLANNED, call.convenor_is_municipal)))
    if call.kind == SUPPORT and SECRETARIAT not in actor.roles:
        raise DomainError("支援会議は、市の事務局が開きます。", "事務局に、開催を頼んでください。", "support-office", 403)
    window = timedelta(days=town_settings(session).number("guest_days"))
    meeting = Meeting(**vars(call), made_at=now, made_by=actor.label, window_until=call.on + window)
    session.add(meeting)
    session.flush()
    _seat_as_before(session, meeting)
    return meeting


def take_seat(
    session: Session,
    hand: InHand,
    name: str,
    agency: str,
    section: str,
    is_municipal: bool,
    role: str,
    user_id: str | None = None,
) -> Seat:
    """Give somebody a seat; the same person twice is one seat."""
    if role not in ROLES or not (name.strip() and agency.strip()):
        raise DomainError("名前と機関が要ります。", "両方を入れてください。", "seat", 422)
    same = [seat for seat in hand.seats if (seat.name, seat.agency) == (name.strip(), agency.strip())]
    if same:
        return same[0]
    seat = Seat(
        meeting_id=hand.meeting.id, name=name.strip(), agency=agency.strip(), section=section.strip(),
        is_municipal=is_municipal, role=role, user_id=user_id,
    )  # fmt: skip
    session.add(seat)
    session.flush()
    return seat


def leave_seat(session: Session, hand: InHand, seat_id: str) -> None:
    """Take a seat away again, before the meeting was held."""
    seat = next((each for each in hand.seats if each.id == seat_id), None)
    if seat is None:
        raise NotFound()
    if hand.meeting.status not in (PLANNED, INVITED):
        raise DomainError("開いた会議の出席者は消せません。", "欠席にしてください。", "held", 409)
    session.delete(seat)


def swear(session: Session, actor: Actor, hand: InHand, seat_id: str, method: str, now: datetime) -> None:
    """守秘: the word of one person for the fiscal year of the meeting; once a year is enough."""
    seat = next((each for each in hand.seats if each.id == seat_id), None)
    if seat is None or method not in METHODS:
        raise NotFound()
    if (seat.name, seat.agency) in hand.sworn:
        return
    session.add(SecrecyAcknowledgement(
        name=seat.name, agency=seat.agency, user_id=seat.user_id, fiscal_year=fiscal_year(hand.meeting.on),
        on=day_in_japan(now), method=method, recorded_at=now, recorded_by=actor.label,
    ))  # fmt: skip
    session.flush()


def invite(hand: InHand, version: int, today: date) -> None:
    """The invitations have gone out; guests may read from now on."""
    hand.meeting.expect(version)
    refuse(for_inviting(hand.facts))
    hand.meeting.status, hand.meeting.invited_on = INVITED, today


def hold(hand: InHand, version: int, attended: Mapping[str, str], today: date) -> None:
    """It was held: who came (seat id → yes or no). Raises Conflict, or MeetingRefused with all that is missing."""
    hand.meeting.expect(version)
    if hand.meeting.on > today:
        raise DomainError("まだ来ていない日の会議です。", "日付を確かめてください。", "future-meeting", 409)
    for seat in hand.seats:
        seat.attended = attended.get(seat.id, seat.attended) if attended.get(seat.id) in ("yes", "no") else seat.attended
    seats = tuple(
        type(fact)(fact.is_municipal, seat.attended, fact.has_sworn)
        for fact, seat in zip(hand.facts.seats, hand.seats, strict=True)
    )
    refuse(for_holding(MeetingFact(hand.meeting.kind, hand.meeting.status, hand.meeting.convenor_is_municipal, seats)))
    hand.meeting.status = HELD


def cancel(hand: InHand, version: int, why: str) -> None:
    """It is not held; the reason stays."""
    hand.meeting.expect(version)
    if hand.meeting.status not in (PLANNED, INVITED) or not why.strip():
        raise DomainError("取りやめるわけがないか、もう開いた会議です。", "わけを一言書いてください。", "cancel", 409)
    hand.meeting.status, hand.meeting.minutes = CANCELLED, why.strip()


def _seat_as_before(session: Session, meeting: Meeting) -> None:
    """Whoever sat in the last meeting of the series is asked again: nobody types a list twice."""
    if meeting.series_id is None:
        return
    query = select(Meeting).where(Meeting.series_id == meeting.series_id, Meeting.id != meeting.id)
    last = session.scalars(query.order_by(Meeting.on.desc(), Meeting.id).limit(1)).first()
    for seat in session.scalars(select(Seat).where(Seat.meeting_id == last.id)).all() if last else ():
        if seat.role != "guest":
            session.add(Seat(
                meeting_id=meeting.id, name=seat.name, agency=seat.agency, section=seat.section, role=seat.role,
                is_municipal=seat.is_municipal, user_id=seat.user_id,
            ))  # fmt: skip
    session.flush()
