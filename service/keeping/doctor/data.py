"""The data itself: what the service promises of it, asked again of all rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service.cases.consent import state_of
from service.cases.course.flow import OVER
from service.cases.models import Person, Placement, SupportCase
from service.cases.placements import DECLINED, live_placements
from service.followup.placements.ladder import Step
from service.followup.tasks.models import CONFIRMED, PLANNED, FollowUp
from service.keeping.copying import faults_of
from service.keeping.doctor.finding import Finding
from service.kernel.audit import verify_chain
from service.kernel.clock import day_in_japan
from service.kernel.outbox.messages import WAITING, OutboxMessage
from service.resources.models import Opening
from service.web.actor import Town

Look = Callable[[Session, Town, datetime], Iterator[Finding]]
LONGEST_ON_ITS_WAY: Final = timedelta(days=1)


def look_at_data(session: Session, town: Town, url: str, now: datetime) -> Iterator[Finding]:
    """Everything that must hold of one town, in one reading transaction."""
    for fault in faults_of(url):
        yield Finding("database", f"データベースがこわれています（{fault}）。", "止めて、控えから戻してください。")
    for look in LOOKS.values():
        yield from look(session, town, now)


def _log(session: Session, town: Town, _: datetime) -> Iterator[Finding]:
    broken = verify_chain(session, town.key)
    if broken is not None:
        yield Finding(
            "log",
            f"操作の記録が、{broken}番目からつながりません。",
            "止めて、控えとくらべてください。書きかえのおそれがあります。",
        )


def _promised(session: Session, _: Town, now: datetime) -> Iterator[Finding]:
    """No opening has promised more places than it has."""
    today = day_in_japan(now)
    reserved = Counter(each.opening_id for each in live_placements(session) if each.reserves(today))
    openings = session.scalars(select(Opening).where(Opening.free.is_not(None), Opening.id.in_(reserved)))
    for opening in openings:
        if (opening.free or 0) < reserved[opening.id]:
            yield Finding(
                "places", f"枠 {opening.id} は、空き{opening.free}に{reserved[opening.id]}人を約束しています。",
                "受け入れ先に確かめ、空きの数か提示を直してください。",
            )  # fmt: skip


def _led(session: Session, _: Town, __: datetime) -> Iterator[Finding]:
    """Every open case has a lead agency."""
    query = select(SupportCase.number).where(SupportCase.status.not_in(OVER), SupportCase.lead_agency == "")
    for number in session.scalars(query):
        yield Finding("lead", f"ケース {number} に、主担当の機関がありません。", "ケースの画面で決めてください。")


def _left_over(session: Session, _: Town, now: datetime) -> Iterator[Finding]:
    """What was planned for a placement ends with it."""
    query = (
        select(FollowUp.id)
        .join(Placement, FollowUp.placement_id == Placement.id)
        .where(Placement.step.in_((DECLINED, Step.ENDED)), FollowUp.state.in_((PLANNED, CONFIRMED)),
               FollowUp.raw_on > day_in_japan(now))
    )  # fmt: skip
    for id_ in session.scalars(query):
        yield Finding("followup", f"終わった紹介の予定 {id_} が残っています。", "フォローアップの画面で取りやめてください。")


def _without_consent(session: Session, _: Town, now: datetime) -> Iterator[Finding]:
    """Nobody who withdrew, or refused, or whose consent has had its last day, is on the way to a place."""
    moving = (Step.SOUNDED, Step.OFFERED, Step.VISIT, Step.TRIAL, Step.STARTED, Step.SETTLING, Step.STABLE)
    query = (
        select(Person)
        .where(Person.id.in_(select(Placement.person_id).where(Placement.step.in_(moving))))
        .options(selectinload(Person.consents))
    )
    for person in session.scalars(query):
        if state_of(person.consents, day_in_japan(now)) in ("refused", "withdrawn", "expired"):
            yield Finding(
                "consent",
                f"人 {person.id} は、同意がないのに紹介が進んでいます。",
                "ケースの画面で同意を確かめ、紹介を止めてください。",
            )


def _on_their_way(session: Session, _: Town, now: datetime) -> Iterator[Finding]:
    """No message waits for longer than a day."""
    query = select(OutboxMessage.id).where(
        OutboxMessage.state == WAITING, OutboxMessage.created_at < now - LONGEST_ON_ITS_WAY
    )
    waiting = len(session.scalars(query).all())
    if waiting:
        yield Finding(
            "outbox",
            f"一日より長く待っている知らせが{waiting}件あります。",
            "知らせの画面で、送るか、刷って渡してください。",
        )


LOOKS: Final[Mapping[str, Look]] = {
    "log": _log, "places": _promised, "lead": _led, "followup": _left_over, "consent": _without_consent, "outbox": _on_their_way,
}  # fmt: skip
