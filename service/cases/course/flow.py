"""The course of a case as one table: every step there is, who may take it, and what has to be there first.

Source: domain.md's way of a case from the first sheet to the end (nine steps, with and without consent).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from service.accounts.roles import CASE_STAFF, SECRETARIAT, TEAM
from service.cases.course.guards import (
    CaseFacts,
    Guard,
    acknowledged,
    assessed,
    chose_why,
    criteria,
    decided,
    drafted,
    plan_consent,
    review_soon,
    said_why,
    service_consent,
    told_more,
)
from service.kernel.errors import Missing


class Status(StrEnum):
    """How far a case has come."""

    REFERRED = "referred"
    SCREENING = "screening"
    ADVICE_ONLY = "advice_only"
    ORDINARY = "ordinary"
    INTENT_CHECK = "intent_check"
    NO_CONSENT = "no_consent_track"
    APPLIED = "applied"
    ASSESSING = "assessing"
    PLANNING = "planning"
    IN_REVIEW = "in_review"
    PLAN_AGREED = "plan_agreed"
    SUPPORTING = "supporting"
    SUSPENDED = "suspended"
    CLOSED = "closed"


LABELS: Final[Mapping[str, str]] = {
    Status.REFERRED: "受付",
    Status.SCREENING: "該当判断",
    Status.ADVICE_ONLY: "助言のみ",
    Status.ORDINARY: "通常案件",
    Status.INTENT_CHECK: "意向確認",
    Status.NO_CONSENT: "同意なしの支援",
    Status.APPLIED: "申込み",
    Status.ASSESSING: "アセスメント",
    Status.PLANNING: "プラン作成",
    Status.IN_REVIEW: "会議にかける",
    Status.PLAN_AGREED: "プラン決定",
    Status.SUPPORTING: "支援中",
    Status.SUSPENDED: "中断",
    Status.CLOSED: "終結",
}
HOW_IT_ENDED: Final[Mapping[str, str]] = {
    Status.ADVICE_ONLY: "助言で終えた", Status.ORDINARY: "通常案件として返した", Status.CLOSED: "終結した",
}  # fmt: skip
OVER: Final = frozenset(HOW_IT_ENDED)
"""Nothing is done in these any more; what comes later is a new episode."""
NINE: Final = ("受付", "該当判断", "意向確認", "申込み・同意", "アセスメント", "プラン", "会議", "支援", "終結")
PLACE: Final[Mapping[str, int]] = {
    Status.REFERRED: 0, Status.SCREENING: 1, Status.ADVICE_ONLY: 1, Status.ORDINARY: 1, Status.INTENT_CHECK: 2,
    Status.NO_CONSENT: 2, Status.APPLIED: 3, Status.ASSESSING: 4, Status.PLANNING: 5, Status.IN_REVIEW: 6,
    Status.PLAN_AGREED: 6, Status.SUPPORTING: 7, Status.SUSPENDED: 7, Status.CLOSED: 8,
}  # fmt: skip
"""Where each status stands among the nine steps the town shows."""
SUSPEND_REASONS: Final[Mapping[str, str]] = {
    "lost": "連絡が途絶えた", "hospital": "入院", "moved": "転出", "declined": "辞退", "died": "死亡", "other": "その他",
}  # fmt: skip
NO_CONSENT_REASONS: Final[Mapping[str, str]] = {
    "refused": "断られた", "unreachable": "会えない・連絡がつかない", "cannot_ask": "まだ尋ねられない",
}  # fmt: skip
END_REASONS: Final[Mapping[str, str]] = {
    "tied": "合う機関につながり、落ち着いている", "elsewhere": "ほかの支援が始まった", "moved": "転出", "died": "死亡",
    "lost": "会えず、連絡もつかないまま", "other": "その他",
}  # fmt: skip
"""Why the way without consent ends: tied to somebody else, or nobody left to reach."""


@dataclass(frozen=True)
class CaseStep:
    """One step there is: from where to where, who may take it, what has to be there, and what it is called."""

    key: str
    before: tuple[Status, ...]
    after: Status
    label: str
    who: frozenset[str]
    guards: tuple[Guard, ...] = ()


_C, _CS, _CL, _CLS, _S = (
    frozenset(roles) for roles in (
        CASE_STAFF, CASE_STAFF | {SECRETARIAT}, CASE_STAFF | {TEAM}, CASE_STAFF | {TEAM, SECRETARIAT}, {SECRETARIAT},
    )
)  # fmt: skip
STEPS: Final = (
    CaseStep("screen", (Status.REFERRED,), Status.SCREENING, "該当判断に進む", _CS, (acknowledged,)),
    CaseStep("advise", (Status.SCREENING,), Status.ADVICE_ONLY, "助言で終える", _CS),
    CaseStep("return", (Status.SCREENING,), Status.ORDINARY, "通常案件として返す", _CS, (said_why,)),
    CaseStep("accept", (Status.SCREENING,), Status.INTENT_CHECK, "重層案件として受ける", _CS, (criteria,)),
    CaseStep("no_consent", (Status.INTENT_CHECK,), Status.NO_CONSENT, "同意なしの支援に移る", _CL, (said_why, review_soon)),
    CaseStep("review_without", (Status.NO_CONSENT,), Status.NO_CONSENT, "見直して続ける", _CLS, (review_soon,)),
    CaseStep(
        "stop_without", (Status.NO_CONSENT,), Status.SUSPENDED, "同意のないまま中断する", _CS, (chose_why, told_more, review_soon),
    ),
    CaseStep("end_without", (Status.NO_CONSENT,), Status.CLOSED, "同意のないまま終結する", _CS, (chose_why, told_more)),
    CaseStep("apply", (Status.INTENT_CHECK, Status.NO_CONSENT), Status.APPLIED, "申込みを受ける", _C, (service_consent,)),
    CaseStep("assess", (Status.APPLIED,), Status.ASSESSING, "アセスメントを始める", _C, (service_consent,)),
    CaseStep("plan", (Status.ASSESSING,), Status.PLANNING, "プランを作る", _C, (service_consent, assessed)),
    CaseStep("submit", (Status.PLANNING,), Status.IN_REVIEW, "会議にかける", _C, (service_consent, drafted)),
    CaseStep("agree", (Status.IN_REVIEW,), Status.PLAN_AGREED, "プランが決まった", _CS, (service_consent, decided("approve"))),
    CaseStep("redraft", (Status.IN_REVIEW,), Status.PLANNING, "プランを直す", _CS, (decided("revise", "reject"),)),
    CaseStep("start", (Status.PLAN_AGREED,), Status.SUPPORTING, "支援を始める", _C, (service_consent, plan_consent)),
    CaseStep("review", (Status.SUPPORTING,), Status.IN_REVIEW, "会議にかける", _CL, (service_consent, said_why)),
    CaseStep(
        "replan", (Status.IN_REVIEW,), Status.SUPPORTING, "新しいプランで続ける", _CS,
        (service_consent, decided("replan"), plan_consent),
    ),
    CaseStep("suspend", (Status.IN_REVIEW,), Status.SUSPENDED, "中断する", _CS, (decided("suspend"), said_why, review_soon)),
    CaseStep("resume", (Status.SUSPENDED,), Status.SCREENING, "もう一度、該当判断から始める", _CS, (said_why,)),
)  # fmt: skip
"""Every step but three: a case begins with its sheet, ends after consent in `followup.closing`, and comes back there as a new one."""


def nine_steps(status: str) -> tuple[tuple[str, str], ...]:
    """The nine steps with how far a case has come: done, now or next."""
    at = PLACE.get(status, 0)
    return tuple((label, "done" if i < at else "now" if i == at else "next") for i, label in enumerate(NINE))


def steps_from(status: str) -> tuple[CaseStep, ...]:
    """Every step from here, in the order of the table."""
    return tuple(step for step in STEPS if status in step.before)


def step_of(key: str, status: str) -> CaseStep | None:
    """The step of that name from here, None where there is none."""
    return next((step for step in steps_from(status) if step.key == key), None)


def missing_for(step: CaseStep, facts: CaseFacts) -> tuple[Missing, ...]:
    """Everything that is missing for a step, all at once."""
    return tuple(missing for guard in step.guards for missing in guard(facts))
