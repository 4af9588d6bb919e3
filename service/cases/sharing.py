"""What one host may be told of a person: item by item, until a day, and until the person says otherwise."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.consent import SERVICE, last_answer, state_of
from service.cases.models import Consent, Person
from service.web.actor import Actor

HOST_SHARE: Final = "host_share"
ITEMS: Final = {
    "name": "名前",
    "kana": "よみ",
    "age": "年代",
    "gender": "性別",
    "days": "来る曜日・時間",
    "conditions": "配慮してほしいこと（条件のことばで）",
    "agreed": "活動の中身と、決めたこと",
    "phone": "本人の電話",
    "emergency": "緊急のときの連絡先",
}
"""The only facts that ever reach a host; whatever is not here is not told."""


@dataclass(frozen=True)
class Share:
    """A consent in force: to this host, these items, until that day at the latest."""

    host_id: str
    items: frozenset[str]
    until: date | None


def share_with(consents: Iterable[Consent], host_id: str, today: date) -> Share | None:
    """What this host may know today; None when nothing is agreed, it was withdrawn, or its day has passed.

    It stands on the application: whoever withdraws that has withdrawn this.
    """
    consents = list(consents)
    last = last_answer((c for c in consents if c.host_id == host_id), HOST_SHARE)
    if last is None or last.state != "given" or state_of(consents, today, SERVICE) != "given":
        return None
    if last.until is not None and last.until < today:
        return None
    return Share(host_id, frozenset(last.items) & ITEMS.keys(), last.until)


def consents_of(session: Session, people: Collection[str]) -> dict[str, list[Consent]]:
    """Every answer of these people, read in the transaction that asks; for the check before a host is shown anything."""
    found: dict[str, list[Consent]] = {person: [] for person in people}
    query = select(Consent).where(Consent.person_id.in_(sorted(people))).execution_options(populate_existing=True)
    for consent in session.scalars(query):
        found[consent.person_id].append(consent)
    return found


def record_share(
    session: Session, actor: Actor, person: Person, host_id: str, state: str, now: datetime, *, decided_on: date,
    items: Sequence[str] = (), until: date | None = None, method: str = "paper", given_by: str = "本人", reason: str = "",
) -> Consent:  # fmt: skip
    """Write down what the person said about one host; nothing earlier is changed."""
    consent = Consent(
        person_id=person.id, scope=HOST_SHARE, state=state, method=method, given_by=given_by, reason=reason,
        decided_on=decided_on, recorded_at=now, recorded_by=actor.label, host_id=host_id,
        items=[item for item in ITEMS if item in items], until=until,
    )  # fmt: skip
    session.add(consent)
    session.flush()
    return consent
