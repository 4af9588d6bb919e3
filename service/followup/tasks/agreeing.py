"""A host agrees to a visit, or says which other times would suit it better; about whom is never said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.followup.rhythms.rule import AT_HOST
from service.followup.tasks.models import CONFIRMED, PLANNED, FollowUp
from service.followup.tasks.reading import Known
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError, NotFound
from service.kernel.outbox.posting import post
from service.kernel.slots import DAY_MIN
from service.resources.freshness import BY_MAIL, way_to
from service.resources.letters import KINDS, VISITING
from service.web.actor import Actor, Town

ASKED, AGREED, OTHER = "asked", "yes", "other"
MOST_OFFERS: Final = 2
FARTHEST: Final = timedelta(days=92)
MAIL: Final = (
    "{host} 様\n\nいつもありがとうございます。訪問の日時について、ご都合をうかがいます。\n"
    "次のページで「この日時でよい」か、ほかのご都合をお知らせください。\n\n{link}\n"
)


def ask_host(session: Session, town: Town, actor: Actor, known: Known, version: int, now: datetime) -> None:
    """Ask the host whether the planned time suits it: by mail where it has one, else a text to copy or print."""
    row, host = known.row, known.host
    row.expect(version)
    if host is None or row.kind not in AT_HOST or row.state != PLANNED or row.on is None or row.start_min is None:
        raise DomainError(
            "受け入れ先に聞ける日時が、まだありません。", "先に、訪問の日と始まる時刻を決めてください。", "no-time", 409
        )
    row.host_answer, row.host_offers = ASKED, []
    # The last part of the key is what the message's link is about; another day is another message.
    post(
        session, key=f"{VISITING}:{row.on}:{row.start_min}:{row.id}", kind=VISITING, to_type="host", to_id=host.id,
        subject=KINDS[VISITING], body=MAIL.replace("{host}", host.name), by=actor.label, now=now,
        about_id=row.placement_id or row.id, by_machine=way_to(host, town) == BY_MAIL,
    )  # fmt: skip


def visits_of_host(session: Session, host_id: str, today: date) -> Sequence[FollowUp]:
    """Visits this host was asked about or has agreed to, from today on; planned ones it does not know of stay ours."""
    query = select(FollowUp).where(
        FollowUp.host_id == host_id,
        FollowUp.on >= today,
        (FollowUp.state == CONFIRMED) | ((FollowUp.state == PLANNED) & (FollowUp.host_answer != "")),
    )
    return session.scalars(query.order_by(FollowUp.on, FollowUp.start_min, FollowUp.id)).all()


def visit_at(session: Session, host_id: str, id_: str, today: date, *, lock: bool = False) -> FollowUp:
    """One of them; another host's, a cancelled one and one nobody asked about do not exist."""
    query = select(FollowUp).where(FollowUp.id == id_, FollowUp.host_id == host_id)
    row = session.scalars((query.with_for_update() if lock else query).execution_options(populate_existing=True)).first()
    if row is None or row not in visits_of_host(session, host_id, today):
        raise NotFound()
    return row


def host_agrees(session: Session, host_id: str, id_: str, version: int, by: str, now: datetime) -> None:
    """The time suits the host: from now on it is promised, and no plan moves it."""
    row = _asked(session, host_id, id_, version, now)
    row.host_answer, row.host_offers = AGREED, []
    _promise(row, by, now)


def host_offers(
    session: Session, host_id: str, id_: str, version: int, offers: Sequence[tuple[date, int]], now: datetime
) -> None:
    """The host would rather have one of these times (day, minutes from midnight); staff decides."""
    row = _asked(session, host_id, id_, version, now)
    today = day_in_japan(now)
    if not 1 <= len(offers) <= MOST_OFFERS:
        raise DomainError("ほかのご都合が入っていません。", "日にちと時刻を、一つか二つ入れてください。", "offers", 422)
    for day, start_min in offers:
        if not (today < day <= today + FARTHEST and 0 <= start_min < DAY_MIN):
            raise DomainError("その日時では伺えません。", "明日から3か月以内の日にちと時刻を入れてください。", "offers", 422)
    row.host_answer, row.host_offers = OTHER, [[day.isoformat(), start_min] for day, start_min in offers]


def take_offer(known: Known, version: int, number: int, actor: Actor, now: datetime) -> None:
    """Promise one of the times the host has offered."""
    row = known.row
    row.expect(version)
    if row.state != PLANNED or row.host_answer != OTHER or not 0 <= number < len(row.host_offers):
        raise DomainError("その日時は、もう選べません。", "いまの予定を確かめてください。", "no-offer", 409)
    day, start_min = row.host_offers[number]
    row.earlier = [row.staff_id, row.on.isoformat() if row.on else None, row.start_min]
    row.on, row.start_min, row.is_edited = date.fromisoformat(day), start_min, True
    row.host_answer, row.host_offers = AGREED, []
    _promise(row, actor.label, now)


def _asked(session: Session, host_id: str, id_: str, version: int, now: datetime) -> FollowUp:
    row = visit_at(session, host_id, id_, day_in_japan(now), lock=True)
    row.expect(version)
    if row.state != PLANNED:
        raise DomainError("お返事はいただいています。", "変えたいときは、担当者にお電話ください。", "answered", 409)
    return row


def _promise(row: FollowUp, by: str, now: datetime) -> None:
    row.state, row.is_pinned, row.confirmed_at, row.confirmed_by = CONFIRMED, True, now, by
