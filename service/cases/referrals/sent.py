"""その後: a sheet as whoever sent it sees it — how far it has come, what they were told, and nothing of the case beside that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.course.flow import Status
from service.cases.feedback.models import Feedback
from service.cases.feedback.owing import GIVEN, REFERRER
from service.cases.models import SupportCase
from service.cases.referrals.inbox import UNDECIDED, steps_of
from service.cases.referrals.models import Referral
from service.cases.referrals.receiving import ANSWER, QUESTION, STEP_KINDS
from service.kernel.dates import format_wareki, format_wareki_short
from service.kernel.db import new_id

SAID: Final = {
    Status.REFERRED: "受け付けました", Status.SCREENING: "どこで受けるかを相談しています", Status.ADVICE_ONLY: "助言でお返ししました",
    Status.ORDINARY: "担当の機関にお返ししました", Status.CLOSED: "支援を終えました",
}  # fmt: skip
GOING_ON: Final = "支援に向けて進めています"
"""All a つなぎ元 hears of the steps in between: how far a case has come is the person's own matter."""
WITHDRAWN: Final = "取り下げ"


@dataclass(frozen=True)
class Typed:
    """What came back from one of the two forms, with what was wrong with it."""

    answer: str = ""
    why: str = ""
    problem: str = ""


NOTHING_TYPED: Final = Typed()


@dataclass(frozen=True)
class SentView:
    """What became of a sheet; `action` is the address its forms begin with."""

    action: str
    version: int
    when: str
    about: str
    number: str
    state: str
    acknowledged: str
    told: tuple[tuple[str, str], ...]
    talk: tuple[tuple[str, str], ...]
    asked: bool
    """Whether the last word is a question of ours."""
    withdrawn: str
    may_withdraw: bool
    typed: Typed
    once: str


def sent_view(session: Session, row: Referral, case: SupportCase, action: str, typed: Typed = NOTHING_TYPED) -> SentView:
    """その後 of a sheet that belongs to whoever asks."""
    query = select(Feedback).where(Feedback.case_id == case.id, Feedback.to_role == REFERRER, Feedback.state == GIVEN)
    told = session.scalars(query.order_by(Feedback.settled_on, Feedback.id))
    talk = [each for each in steps_of(session, row.id) if each.kind in (QUESTION, ANSWER)]
    day = format_wareki(row.acknowledged_on) if row.acknowledged_on else ""
    return SentView(
        action=action, version=row.version, when=format_wareki(row.received_on), about=about_of(row), number=case.number,
        state=state_of(row, case),
        acknowledged=f"{day}に受け取りを確かめました" if day else "まだ受け取りの確認をしていません",
        told=tuple((format_wareki_short(each.settled_on or each.due_on), each.text) for each in told),
        talk=tuple((f"{STEP_KINDS[each.kind]}　{format_wareki_short(each.on)}", each.text) for each in talk),
        asked=bool(talk) and talk[-1].kind == QUESTION,
        withdrawn=f"{format_wareki(row.withdrawn_on)}　{row.withdrawn_why}" if row.withdrawn_on else "",
        may_withdraw=row.withdrawn_on is None and case.status in UNDECIDED, typed=typed, once=new_id(),
    )  # fmt: skip


def about_of(row: Referral) -> str:
    """Whom a sheet is about, without saying who."""
    return f"{row.age_band}の方" if row.age_band else "匿名の方" if row.is_anonymous else "お送りいただいた方"


def state_of(row: Referral, case: SupportCase) -> str:
    """How far it has come, in the few words a つなぎ元 hears."""
    return WITHDRAWN if row.withdrawn_on is not None else SAID.get(Status(case.status), GOING_ON)
