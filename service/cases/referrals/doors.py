"""Doors handed to agencies: a link with which one つなぐシート is sent without signing in, and its その後 read afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.access import cases_in_process
from service.cases.models import SupportCase
from service.cases.referrals.desks import Desk, Desks
from service.cases.referrals.models import Referral
from service.cases.referrals.receiving import Sheet, receive
from service.kernel.errors import NotFound
from service.kernel.outbox.messages import OutboxMessage
from service.kernel.outbox.posting import post
from service.resources.agencies.models import Agency
from service.resources.doors import AgencyLink
from service.resources.letters import DOOR, KINDS, LINK
from service.resources.links import signed_agency_link
from service.web.actor import Actor, Town

BY_LINK: Final = "link"
READABLE: Final = timedelta(days=365)
"""So long after it was sent, what became of a sheet can be read by its door."""
LONGEST_LIST: Final = 100
LETTER: Final = (
    "いつもお世話になっております。\n\n気になる方がいらっしゃるときに、つなぐシートを送っていただける入り口です。"
    f"サインインは要りません。一つの入り口で、一枚送れます。\n\n{LINK}\n\n"
    "送ったあとは、同じ入り口で、その後のお知らせを読めます。このアドレスは、ほかの方に渡さないでください。\n"
)


@dataclass(frozen=True)
class Door:
    """A link that opens now, and whose desk it is."""

    link: AgencyLink
    agency: Agency

    @property
    def desks(self) -> Desks:
        """The one desk a sheet by this door comes from."""
        return Desks((Desk(self.agency.id, self.agency.name, self.agency.phone, self.agency.email),))

    @property
    def actor(self) -> Actor:
        """How whoever comes by it is called in the log; they have no account and no other page."""
        return Actor(self.link.id, f"{self.agency.name}（お渡ししたリンクから）", frozenset())


@dataclass(frozen=True)
class HandedOut:
    """A door as the staff see it, with the number of the case its sheet began where they may follow it."""

    link: AgencyLink
    agency: Agency
    referral_id: str
    number: str


def open_door(session: Session, town: Town, token: str, now: datetime, *, lock: bool = False) -> Door | None:
    """The door a token opens now; None for one never made, taken back, run out, or of a desk out of use."""
    link = signed_agency_link(session, town.key, token, lock=lock)
    if link is None or link.revoked_at is not None or link.expires_at <= now:
        return None
    agency = session.get_one(Agency, link.agency_id)
    return Door(link, agency) if agency.active else None


def send_by_door(session: Session, town: Town, door: Door, sheet: Sheet, now: datetime) -> Referral:
    """Take in the one sheet of a door; from now on the door shows what becomes of it."""
    row = receive(session, town, door.actor, sheet, now)
    door.link.about_id, door.link.used_at, door.link.expires_at = row.id, now, now + READABLE
    return row


def sheet_of(session: Session, door: Door) -> tuple[Referral, SupportCase]:
    """The sheet that was sent by a door; NotFound before."""
    query = select(Referral, SupportCase).join(SupportCase, Referral.case_id == SupportCase.id)
    found = session.execute(query.where(Referral.id == door.link.about_id)).first()
    if found is None:
        raise NotFound()
    return found[0], found[1]


def doors_handed_out(session: Session, town: Town, actor: Actor) -> Sequence[HandedOut]:
    """Every door of the town, the newest first."""
    cases = cases_in_process(town, actor).with_only_columns(SupportCase.id, SupportCase.number).subquery()
    query = (
        select(AgencyLink, Agency, Referral.id, cases.c.number)
        .join(Agency, AgencyLink.agency_id == Agency.id)
        .outerjoin(Referral, Referral.id == AgencyLink.about_id)
        .outerjoin(cases, cases.c.id == Referral.case_id)
        .order_by(AgencyLink.created_at.desc(), AgencyLink.id)
        .limit(LONGEST_LIST)
    )
    return [HandedOut(link, agency, id_ or "", number or "") for link, agency, id_, number in session.execute(query)]


def revoke_door(session: Session, door_id: str, now: datetime) -> None:
    """Shut a door: whoever holds it finds nothing any more. One that is shut already stays so."""
    link = session.get(AgencyLink, door_id)
    if link is None:
        raise NotFound()
    if link.revoked_at is None:
        link.revoked_at = now


def mail_door(session: Session, agency: Agency, once: str, by: str, now: datetime) -> OutboxMessage:
    """Post a letter with a door in it; the door is made as the letter leaves, and the letter names nobody."""
    return post(
        session, key=f"{DOOR}:{once}", kind=DOOR, to_type="agency", to_id=agency.id, subject=KINDS[DOOR],
        body=LETTER, by=by, now=now,
    )  # fmt: skip
