"""What the pages of consent per host show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.consent import METHOD_LABELS, STATE_LABELS, state_of
from service.cases.models import Consent, Person, Placement, SupportCase
from service.cases.pages import Heading, heading_of
from service.cases.placements import LIVE
from service.cases.sharing import HOST_SHARE, share_with
from service.followup.sharing.card import labels_of
from service.followup.sharing.forms import ShareForm, WithdrawForm
from service.kernel.dates import format_wareki, format_wareki_short
from service.resources.models import Host, Opening


@dataclass(frozen=True)
class ShareRow:
    """One host and what it may know today."""

    host_id: str
    host: str
    look: str
    state: str
    items: str
    until: str


@dataclass(frozen=True)
class SharesView:
    """Every host the person has to do with, or has had."""

    heading: Heading
    rows: tuple[ShareRow, ...]
    may_change: bool


@dataclass(frozen=True)
class ShareView:
    """One host: what it may know, what was answered before, and the two forms."""

    heading: Heading
    host_id: str
    host: str
    look: str
    state: str
    items: tuple[str, ...]
    until: str
    answers: tuple[str, ...]
    may_change: bool
    is_shared: bool
    form: ShareForm
    withdraw: WithdrawForm
    once: str


def shares_view(session: Session, case: SupportCase, person: Person, today: date, *, may_change: bool) -> SharesView:
    """All hosts with a placement or an answer of this person, by name."""
    return SharesView(heading_of(case, person, today), share_rows(session, person, today), may_change)


def share_rows(session: Session, person: Person, today: date) -> tuple[ShareRow, ...]:
    """Every host of a person the filter has given, by name, and what it may know."""
    hosts = _hosts(session, person)
    return tuple(_row(person, host, today) for host in sorted(hosts, key=lambda host: (host.sort_key, host.id)))


def share_view(
    case: SupportCase, person: Person, host: Host, today: date, once: str, *, may_change: bool,
    form: ShareForm | None = None, withdraw: WithdrawForm | None = None,
) -> ShareView:  # fmt: skip
    """One host."""
    share, row = share_with(person.consents, host.id, today), _row(person, host, today)
    answers = [each for each in person.consents if each.scope == HOST_SHARE and each.host_id == host.id]
    return ShareView(
        heading=heading_of(case, person, today),
        host_id=host.id,
        host=host.name,
        look=row.look,
        state=row.state,
        items=labels_of(sorted(share.items)) if share else (),
        until=row.until,
        answers=tuple(_say(each) for each in reversed(answers)),
        may_change=may_change,
        is_shared=share is not None,
        form=form or ShareForm(data=_as_agreed(share.items if share else (), share.until if share else None, today)),
        withdraw=withdraw or WithdrawForm(),
        once=once,
    )


def _hosts(session: Session, person: Person) -> list[Host]:
    there = select(Opening.host_id).join(Placement, Placement.opening_id == Opening.id)
    placed = there.where(Placement.person_id == person.id, Placement.step.in_(LIVE))
    answered = [each.host_id for each in person.consents if each.scope == HOST_SHARE and each.host_id]
    return list(session.scalars(select(Host).where(Host.id.in_(placed) | Host.id.in_(answered))))


def _row(person: Person, host: Host, today: date) -> ShareRow:
    share = share_with(person.consents, host.id, today)
    if share is not None:
        until = f"{format_wareki_short(share.until)}まで" if share.until else "利用が終わるまで"
        return ShareRow(host.id, host.name, "ok", "伝えてよい", "・".join(labels_of(sorted(share.items))), until)
    state = state_of([each for each in person.consents if each.host_id == host.id], today, HOST_SHARE)
    if state == "not_asked":
        return ShareRow(host.id, host.name, "ask", "まだ聞いていません", "", "")
    words = {**STATE_LABELS, "given": "利用申込みの同意がありません", "expired": "期限が過ぎました"}
    return ShareRow(host.id, host.name, "no", words[state], "", "")


def _say(consent: Consent) -> str:
    day = format_wareki(consent.decided_on) if consent.decided_on else ""
    items = "・".join(labels_of(consent.items))
    parts = (
        day,
        STATE_LABELS[consent.state],
        METHOD_LABELS.get(consent.method, ""),
        consent.given_by,
        items,
        consent.reason,
    )
    return "　".join(part for part in (*parts, f"記録 {consent.recorded_by}") if part)


def _as_agreed(items: Sequence[str] | frozenset[str], until: date | None, today: date) -> dict[str, object]:
    found: dict[str, object] = {"decided_on": format_wareki_short(today)}
    if items:
        found["items"] = sorted(items)
    if until:
        found["until"] = format_wareki_short(until)
    return found
