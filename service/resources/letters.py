"""A message as it leaves: the address of this moment, and a link that is made now and kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from service.kernel.outbox.mailing import Letter
from service.kernel.outbox.messages import OutboxMessage
from service.resources.agencies.models import Agency
from service.resources.links import AGENCY_ROOM, OPENINGS, SOUNDING, VISIT, link_address, make_agency_link, make_link
from service.resources.models import Host

FRESH, ASKED, VISITING, DOOR, TASK = "fresh", "sounding", "visit", "refer", "task"
PURPOSES: Final[Mapping[str, str]] = {FRESH: OPENINGS, ASKED: SOUNDING, VISITING: VISIT}
KINDS: Final = {FRESH: "今月の確認", ASKED: "受け入れのご相談", VISITING: "訪問の日時のご相談", DOOR: "つなぐシートの入り口",
               TASK: "会議の宿題の期限"}  # fmt: skip
ABOUT_ONE: Final = frozenset({ASKED, VISITING})
"""Kinds whose link is about one row."""
NO_PAGE: Final = "（お返事は、電話かFAXでお願いします）"
LINK: Final = "{link}"


def write_letter(session: Session, town: Any, message: OutboxMessage, now: datetime) -> Letter:
    """A message to a host or an agency as mail; without an address nothing is made that would lead nowhere."""
    to = addressee(session, message)
    if to is None or not to.email:
        return Letter("", message.subject, message.body)
    return Letter(to.email, message.subject, finish_text(session, town, message, now))


def addressee(session: Session, message: OutboxMessage) -> Host | Agency | None:
    """Whom a message is for, as the catalogue or the directory knows them now."""
    if message.to_type == "host":
        return session.get(Host, message.to_id)
    return session.get(Agency, message.to_id) if message.to_type == "agency" else None


def finish_text(session: Session, town: Any, message: OutboxMessage, now: datetime) -> str:
    """The text with its link. It never held anything about a person, and neither does the link."""
    if LINK not in message.body:
        return message.body
    return message.body.replace(LINK, _link(session, town, message, now) or NO_PAGE)


def about(message: OutboxMessage) -> str:
    """The row a message's link is about: the last part of its key, where the kind has one of its own."""
    return message.key.rpartition(":")[2] if message.kind in ABOUT_ONE else ""


def _link(session: Session, town: Any, message: OutboxMessage, now: datetime) -> str:
    if message.kind == DOOR:
        if not town.refer_url:
            return ""
        door = make_agency_link(session, town.key, message.to_id, message.created_by, now)
        return link_address(town.refer_url, door, AGENCY_ROOM)
    if not town.host_url or message.kind not in PURPOSES:
        return ""
    token = make_link(
        session, town.key, message.to_id, PURPOSES[message.kind], message.created_by, now, about_id=about(message)
    )
    return link_address(town.host_url, token)
