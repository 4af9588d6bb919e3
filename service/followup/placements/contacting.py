"""A talk with both sides after the start, and the words a host sends by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from service.cases.models import Placement
from service.followup.placements.gathering import take_in_hand
from service.followup.placements.ladder import ATTENDING
from service.followup.placements.models import FACES, ContactWithBoth
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError
from service.web.actor import Actor, Town

PERSON_SAYS: Final = {"want": "続けたい", "wavering": "迷う", "stop": "やめたい"}
HOST_SAYS: Final = {"can": "続けられる", "wavering": "迷う", "cannot": "難しい"}


@dataclass(frozen=True)
class Contact:
    """What was heard on a day from both sides."""

    done_on: date
    person_says: str
    host_says: str
    has_problem: bool = False
    person_face: int | None = None
    host_face: int | None = None
    note: str = ""
    adjustment: str = ""


def record_contact(
    session: Session, town: Town, actor: Actor, placement_id: str, contact: Contact, now: datetime
) -> ContactWithBoth:
    """Keep what both sides said, also late: the day it was done and the day it was written down are two things."""
    return keep_contact(session, actor, take_in_hand(session, town, actor, placement_id).placement, contact, now)


def keep_contact(session: Session, actor: Actor, placement: Placement, contact: Contact, now: datetime) -> ContactWithBoth:
    """The same for a placement whoever went there may write about: on the case, or sent by the plan."""
    if placement.step not in ATTENDING:
        raise DomainError("確認を記録できるのは、利用開始のあとです。", "いまの段を確かめてください。", "not-attending", 409)
    _check(contact, placement.started_on, day_in_japan(now))
    kept = ContactWithBoth(placement_id=placement.id, recorded_at=now, recorded_by=actor.label, **vars(contact))
    session.add(kept)
    session.flush()
    return kept


def _check(contact: Contact, started_on: date | None, today: date) -> None:
    if contact.done_on > today or (started_on and contact.done_on < started_on):
        raise DomainError("確認した日が合いません。", "利用開始の日から今日までの日を入れてください。", "done-on", 422)
    if contact.person_says not in PERSON_SAYS or contact.host_says not in HOST_SAYS:
        raise DomainError("答えが選ばれていません。", "本人と受け入れ先の答えを一つずつ選んでください。", "says", 422)
    if any(face is not None and face not in FACES for face in (contact.person_face, contact.host_face)):
        raise DomainError("顔の印を読めませんでした。", "五つの顔から選んでください。", "face", 422)
