"""該当判断: the criteria, the decision, who decided, and what the referrer hears of it — in one write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from service.cases.course.flow import Status
from service.cases.course.moving import CaseMove, move_case
from service.cases.feedback.owing import OWED, Told, hearer_of, owe
from service.cases.models import Person, SupportCase
from service.cases.referrals.models import AdviceRecord, Referral, Screening
from service.kernel.errors import DomainError
from service.web.actor import Actor

JUSO, ORDINARY, ADVICE_ONLY = "juso", "ordinary", "advice_only"
RESULTS: Final = {JUSO: "重層案件として受ける", ORDINARY: "通常案件として返す", ADVICE_ONLY: "助言で終える"}
_STEPS: Final = {JUSO: "accept", ORDINARY: "return", ADVICE_ONLY: "advise"}


OWED_TOLD: Final = Told(OWED)


@dataclass(frozen=True)
class Judgement:
    """What somebody decided about a case that came in."""

    result: str
    decided_on: date
    decider: str
    is_complex: bool = False
    is_between: bool = False
    wants_resource: bool = False
    is_tried: bool = False
    override_reason: str = ""
    reason: str = ""
    returned_to: str = ""
    advice: str = ""
    told: Told = OWED_TOLD


def screen(
    session: Session, actor: Actor, case: SupportCase, principal: Person, referral: Referral | None, version: int,
    judgement: Judgement, now: datetime,
) -> Screening:  # fmt: skip
    """Decide about a case in 該当判断 that the filter has given; the referrer hears of it, or somebody says why not.

    Raises Conflict, Forbidden, StepRefused with all that is missing, or DomainError for an answer that says too little.
    """
    _check(judgement)
    row = Screening(
        case_id=case.id, decided_on=judgement.decided_on, decider=judgement.decider, is_complex=judgement.is_complex,
        is_between=judgement.is_between, wants_resource=judgement.wants_resource, is_tried=judgement.is_tried,
        result=judgement.result, override_reason=judgement.override_reason.strip(), reason=judgement.reason.strip(),
        returned_to=judgement.returned_to.strip(), at=now, recorded_by=actor.label,
    )  # fmt: skip
    case.expect(version)
    session.add(row)
    session.flush()
    move_case(session, actor, case, principal, case.version, _move(judgement), now)
    if judgement.result != JUSO:
        case.closed_on = judgement.decided_on
    if judgement.result == ADVICE_ONLY:
        session.add(_advice(case, referral, judgement, actor, now))
    if referral is not None and referral.withdrawn_on is None:
        owe(session, actor, case, hearer_of(referral), "screening", row.id, judgement.told, now)
    session.flush()
    return row


def begin_screening(session: Session, actor: Actor, case: SupportCase, principal: Person, now: datetime) -> None:
    """From 受付 to 該当判断, where it has not come that far."""
    if case.status == Status.REFERRED:
        move_case(session, actor, case, principal, case.version, CaseMove("screen"), now)


def _move(judgement: Judgement) -> CaseMove:
    note = judgement.reason if judgement.result != JUSO else judgement.override_reason
    return CaseMove(_STEPS[judgement.result], reason=judgement.result, note=note, facts={"decider": judgement.decider})


def _check(judgement: Judgement) -> None:
    if judgement.result not in RESULTS:
        raise DomainError("該当判断の結果が選ばれていません。", "三つから選んでください。", "result", 422)
    if not judgement.decider.strip():
        raise DomainError("だれが判断したかがありません。", "判断した人の名前を入れてください。", "decider", 422)
    if judgement.result == ORDINARY and not (judgement.reason.strip() and judgement.returned_to.strip()):
        raise DomainError("返す先とわけが要ります。", "どの機関に、なぜ返すかを書いてください。", "returned", 422)
    if judgement.result == ADVICE_ONLY and not judgement.advice.strip():
        raise DomainError("助言の内容がありません。", "伝えた助言を書いてください。", "advice", 422)


def _advice(case: SupportCase, referral: Referral | None, judgement: Judgement, actor: Actor, now: datetime) -> AdviceRecord:
    return AdviceRecord(
        case_id=case.id, on=judgement.decided_on, to_agency=referral.from_agency if referral else "",
        to_person=referral.from_person if referral else "", asked=referral.story if referral else "",
        advice=judgement.advice.strip(), recorded_at=now, recorded_by=actor.label,
    )  # fmt: skip
