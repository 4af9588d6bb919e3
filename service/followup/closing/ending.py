"""終結: one write of it all — the case, the places, what was planned, and what was agreed for afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from service.cases.access import refuse_when_over
from service.cases.course.flow import Status
from service.cases.course.log import MOVE, Entry, write
from service.cases.feedback.owing import GIVEN, NOT_NEEDED, OWED, Told, owe_referrers
from service.cases.models import Person, SupportCase
from service.cases.plans.drafting import end_plans
from service.followup.closing.checklist import ClosingRefused, bonds_of, grounds_of, missing_of
from service.followup.closing.keeping import Agreed, answer_of, report_due
from service.followup.closing.models import AfterCare
from service.followup.placements.gathering import take_in_hand
from service.followup.placements.ladder import Step
from service.followup.placements.moving import Move, carry_out
from service.followup.rhythms.keeping import CLOSED, cancel_open, keep_case
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki_short
from service.kernel.errors import Missing
from service.web.actor import Actor, Town

STAYS: Final = {"stays": "これからも通う（支援の外で）", "leaves": "通うのも終わる"}
REPORTS: Final = {"done": "もう報告した", "due": "これから報告する", "none": "報告は要らない"}


@dataclass(frozen=True)
class Closing:
    """What people have to say for a closing; days as days, everything else in words."""

    decided_on: date
    decision: str
    evaluated_on: date
    evaluation: str
    person_wish: str
    host_wish: str
    stays: str
    report: str
    report_on: date | None
    report_why: str
    is_agreed: bool
    consent_method: str
    agreed: Agreed
    note: str = ""
    in_order: tuple[tuple[str, str], ...] = ()
    """Of 多機関協働 alone: issues, outlook and roles, in words; there is no host to ask then."""


def missing_for_closing(session: Session, case: SupportCase, person: Person, closing: Closing, today: date) -> list[Missing]:
    """Everything that stands in the way, all at once."""
    missing = list(missing_of(grounds_of(session, case, person)))
    if not (closing.agreed.contact_name and closing.agreed.contact_agency and closing.agreed.contact_phone):
        missing.append(Missing("contact", "終結後の担当が決まっていません。", "名前・機関・電話の三つを入れてください。"))
    if max(closing.decided_on, closing.evaluated_on, closing.report_on or closing.decided_on) > today:
        missing.append(Missing("day", "まだ来ていない日が入っています。", "今日までの日を入れてください。"))
    return missing


def close_case(
    session: Session, town: Town, actor: Actor, case: SupportCase, person: Person, version: int, closing: Closing,
    now: datetime,
) -> AfterCare:  # fmt: skip
    """Close a case this actor may change; nothing is deleted.

    Raises Conflict when the case changed meanwhile, and ClosingRefused with all that is missing.
    """
    case.expect(version)
    refuse_when_over(case)
    today = day_in_japan(now)
    if missing := missing_for_closing(session, case, person, closing, today):
        raise ClosingRefused(missing)
    care = _care(session, case, person, actor, closing, now)
    for bond in bonds_of(session, [person.id]):
        hand = take_in_hand(session, town, actor, bond.placement.id)
        carry_out(session, actor.label, hand, Move(Step.ENDED, f"終結。{STAYS[closing.stays]}", reason="closed"), now)
    session.add(care)
    answer = {"state": "given" if closing.is_agreed else "refused", "method": closing.consent_method, "reason": ""}
    session.add(answer_of(person, actor, answer, closing.decided_on, now))
    _tell(session, actor, case, person, care, closing, now)
    case.status, case.closed_on = Status.CLOSED.value, closing.decided_on
    cancel_open(session, CLOSED, now, case_id=case.id)
    session.flush()
    keep_case(session, case, now)
    return care


def _tell(
    session: Session, actor: Actor, case: SupportCase, person: Person, care: AfterCare, closing: Closing, now: datetime
) -> None:
    """The log hears of the last step, the plans end with it, and the つなぎ元 hears of it or somebody says why not."""
    said = f"終結　{closing.decision}"
    entry = Entry(closing.decided_on, said, MOVE, from_status=case.status, to_status=Status.CLOSED, person_id=person.id)
    write(session, actor, case, entry, now)
    end_plans(session, case, "closed", closing.decided_on)
    told = {
        "done": Told(GIVEN, said), "due": Told(OWED), "none": Told(NOT_NEEDED, reason=closing.report_why or "報告は要らない"),
    }[closing.report]  # fmt: skip
    session.flush()
    owe_referrers(session, actor, case, "closing", care.id, told, now)


def _care(session: Session, case: SupportCase, person: Person, actor: Actor, closing: Closing, now: datetime) -> AfterCare:
    agreed = closing.agreed
    return AfterCare(
        case_id=case.id, person_id=person.id, closed_on=closing.decided_on, contact_name=agreed.contact_name,
        contact_agency=agreed.contact_agency, contact_phone=agreed.contact_phone, is_agreed=closing.is_agreed,
        offsets=list(agreed.offsets) if closing.is_agreed else [], how=agreed.how,
        checked=_checked(session, case, person, closing, day_in_japan(now)), note=closing.note, made_at=now,
        made_by=actor.label,
    )  # fmt: skip


def _of_host(closing: Closing) -> tuple[str, str]:
    return "受け入れ先の意向", f"{closing.host_wish}　{STAYS[closing.stays]}"


def _checked(session: Session, case: SupportCase, person: Person, closing: Closing, today: date) -> dict[str, Any]:
    """The checklist as it was ticked, with what each tick rests on, in the order of the page."""
    lines = [[ground.label, ground.said] for ground in grounds_of(session, case, person)]
    lines += [
        ["目標の評価", f"{format_wareki_short(closing.evaluated_on)}　{closing.evaluation}"],
        ["本人の意向", closing.person_wish],
        *([label, words] for label, words in closing.in_order or (_of_host(closing),)),
        ["会議の決定", f"{format_wareki_short(closing.decided_on)}　{closing.decision}"],
    ]
    report = {
        "state": closing.report, "on": closing.report_on.isoformat() if closing.report_on else "", "why": closing.report_why,
        "due_on": report_due(session, closing.decided_on, today).isoformat(),
    }  # fmt: skip
    return {"lines": lines, "report": report}
