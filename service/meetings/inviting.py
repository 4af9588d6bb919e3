"""Inviting whoever handed a case over: a seat of their own, and an answer in one tap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.cases.referrals.models import Referral
from service.kernel.errors import DomainError, NotFound
from service.meetings.holding import take_seat
from service.meetings.models import Meeting, Seat
from service.meetings.reading import InHand
from service.meetings.rules import INVITED, PLANNED
from service.web.actor import Actor

REPLIES: Final[Mapping[str, str]] = {"yes": "出席します", "no": "欠席します", "proxy": "代理が出ます"}


def referrers_to_invite(session: Session, hand: InHand) -> Sequence[Referral]:
    """Of the cases on the agenda, the sheets whose sender has their own pages and no seat yet; one for each sender."""
    if hand.meeting.status not in (PLANNED, INVITED):
        return []
    seated = {seat.user_id for seat in hand.seats}
    cases = [item.case_id for item in hand.items if item.case_id]
    query = select(Referral).join(User, Referral.referrer_id == User.id)
    query = query.where(Referral.case_id.in_(cases), Referral.withdrawn_on.is_(None), User.active)
    rows = session.scalars(query.order_by(Referral.received_at, Referral.id))
    return list({row.referrer_id: row for row in rows if row.referrer_id not in seated}.values())


def seat_referrers(session: Session, hand: InHand) -> None:
    """Give each of them a seat; DomainError when there is nobody to invite."""
    rows = referrers_to_invite(session, hand)
    if not rows:
        raise DomainError(
            "招くつなぎ元がいません。", "議題に入れたケースのつなぎ元は、もう出席者に入っています。", "nobody", 409
        )
    for row in rows:
        seat = take_seat(session, hand, row.from_person, row.from_agency, "", False, "member", row.referrer_id)
        seat.user_id = row.referrer_id


def invitations_of(session: Session, actor: Actor, today: date) -> Sequence[tuple[Seat, Meeting]]:
    """The meetings to come that somebody was invited to, the next first."""
    query = select(Seat, Meeting).join(Meeting, Seat.meeting_id == Meeting.id).where(Seat.user_id == actor.id)
    query = query.where(Meeting.status == INVITED, Meeting.on >= today)
    return [(seat, meeting) for seat, meeting in session.execute(query.order_by(Meeting.on, Meeting.start_min, Seat.id))]


def reply(session: Session, actor: Actor, seat_id: str, version: int, answer: str, today: date, now: datetime) -> None:
    """Answer an invitation, or answer differently. Raises NotFound for one that is not theirs, Conflict for an older page."""
    seat = next((seat for seat, _ in invitations_of(session, actor, today) if seat.id == seat_id), None)
    if seat is None or answer not in REPLIES:
        raise NotFound()
    seat.expect(version)
    seat.reply, seat.replied_at = answer, now
