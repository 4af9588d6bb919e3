"""Once a month every host is asked whether anything has changed: by mail with a link where it has one, else on a FAX list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service.kernel.clock import day_in_japan
from service.kernel.outbox.messages import OutboxMessage
from service.kernel.outbox.posting import post
from service.resources.letters import FRESH
from service.resources.models import Host, Opening
from service.web.actor import Town

BY_MAIL, BY_FAX, BY_PHONE = "mail", "fax", "phone"
WAYS: Final = {BY_MAIL: "メール", BY_FAX: "FAX", BY_PHONE: "電話"}
SUBJECT: Final = "今月の受け入れの確認"
BODY: Final = (
    "{host} 様\n\nいつもありがとうございます。今月の受け入れに、変わりはありませんか。\n"
    "次のページで「変更なし」を押すか、空き・曜日・お休みを直してください。\n\n{link}\n\n"
    "お返事は、電話でも結構です。\n"
)
"""`{host}` is filled in when it is put down, `{link}` when it leaves."""


@dataclass(frozen=True)
class Due:
    """One host that has not said anything this month, and how it is best asked."""

    host: Host
    way: str
    confirmed_on: date | None
    asked: OutboxMessage | None


def due_hosts(session: Session, town: Town, today: date) -> list[Due]:
    """Hosts with something on offer of which a part was last confirmed before this month; longest ago first."""
    query = (
        select(Host)
        .where(Host.status.in_(("active", "assessed")))
        .options(selectinload(Host.openings).selectinload(Opening.slots))
        .order_by(Host.sort_key, Host.id)
    )
    of_month = select(OutboxMessage).where(OutboxMessage.kind == FRESH, OutboxMessage.key.endswith(_month(today)))
    asked = {message.to_id: message for message in session.scalars(of_month)}
    found = [
        Due(host, way_to(host, town), _oldest(offered), asked.get(host.id))
        for host in session.scalars(query)
        if (offered := on_offer(host)) and _is_due(offered, today)
    ]
    return sorted(found, key=lambda due: (due.confirmed_on is not None, due.confirmed_on or today))


def ask_this_month(session: Session, town: Town, by: str, now: datetime) -> tuple[int, int]:
    """Put a message down for each due host that can be reached by mail; (asked now, left for FAX or telephone)."""
    today = day_in_japan(now)
    due = due_hosts(session, town, today)
    by_mail = [each for each in due if each.way == BY_MAIL]
    for each in by_mail:
        post(
            session, key=f"{FRESH}:{each.host.id}:{_month(today)}", kind=FRESH, to_type="host", to_id=each.host.id,
            subject=SUBJECT, body=BODY.replace("{host}", each.host.name), by=by, now=now,
        )  # fmt: skip
    return sum(each.asked is None for each in by_mail), len(due) - len(by_mail)


def way_to(host: Host, town: Town) -> str:
    """Mail needs an address, a server and pages that can be reached from outside; FAX a number."""
    if host.email and town.mail and town.host_url:
        return BY_MAIL
    return BY_FAX if host.fax else BY_PHONE


def on_offer(host: Host) -> Sequence[Opening]:
    """What the host offers, paused or not."""
    return [opening for opening in host.openings if opening.status != "ended"]


def _is_due(offered: Sequence[Opening], today: date) -> bool:
    return any(each.confirmed_on is None or each.confirmed_on < today.replace(day=1) for each in offered)


def _oldest(offered: Sequence[Opening]) -> date | None:
    known = [each.confirmed_on for each in offered]
    return None if None in known else min(day for day in known if day)


def _month(today: date) -> str:
    return f"{today:%Y-%m}"
