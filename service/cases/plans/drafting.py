"""プラン: a draft is written and rewritten; what was agreed to is never changed, what is new is a new version."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.cases.models import SupportCase
from service.cases.plans.models import Evaluation, Plan, PlanGoal, PlanTask
from service.cases.plans.reading import ACTIVE, AGREED, DRAFT, ENDED, IN_REVIEW, plans_of
from service.kernel.calendar import add_months
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError
from service.resources.town_words import TownSettings, town_settings
from service.web.actor import Actor

KINDS: Final = {"coordination": "多機関協働", "participation": "参加支援", "outreach": "アウトリーチ"}
STATUSES: Final = {DRAFT: "案", IN_REVIEW: "会議中", AGREED: "決定", ACTIVE: "実施中", ENDED: "終了"}
TERMS: Final = {"short": "短期目標", "long": "長期目標"}
RESULTS: Final = {"reached": "できた", "partly": "一部できた", "not_reached": "まだ"}
NEXT: Final = {"close": "終結", "replan": "再プラン", "suspend": "中断"}
CHANGES: Final = {
    "isolation": "孤立の解消", "outings": "外出の増加", "rhythm": "生活リズム", "people": "人との関わり", "family": "家族関係",
    "doctor": "受診", "work": "就労・活動",
}  # fmt: skip
_WITH_CASE: Final = {"submit": (DRAFT, IN_REVIEW), "agree": (IN_REVIEW, AGREED), "redraft": (IN_REVIEW, DRAFT)}
"""What becomes of the plans of a case when it takes a step."""
_BEGINS: Final = {"start": (AGREED,), "replan": (AGREED, IN_REVIEW, DRAFT)}
"""Which plans begin with a step: at a replan the new version has been written for the meeting itself."""


@dataclass(frozen=True)
class Task:
    """役割分担: what, which agency and who, until when."""

    what: str
    agency: str = ""
    who: str = ""
    until_on: date | None = None


@dataclass(frozen=True)
class Draft:
    """What a plan says."""

    kind: str
    goals: Sequence[tuple[str, str]]
    """(term, text) pairs."""
    tasks: Sequence[Task]
    person_words: str = ""
    person_part: str = ""
    participation: str = ""
    monitoring_on: date | None = None
    review_on: date | None = None


def save_draft(session: Session, actor: Actor, case: SupportCase, draft: Draft, version: int | None, now: datetime) -> Plan:
    """Write the draft of one kind for a case in hand: the one there is, or a new version beside what was agreed.

    `version` is that of the draft the form was shown with, None for a new one. Raises Conflict when it moved meanwhile, and
    DomainError for an unknown kind.
    """
    if draft.kind not in KINDS:
        raise DomainError("プランの種類が選ばれていません。", "三つから選んでください。", "plan-kind", 422)
    plan = next((each for each in plans_of(session, case.id) if each.kind == draft.kind and each.status == DRAFT), None)
    if plan is None:
        plan = Plan(
            case_id=case.id, kind=draft.kind, seq=_next_seq(session, case.id, draft.kind), made_on=day_in_japan(now),
            made_at=now, made_by=actor.label, goals=[], tasks=[],
        )  # fmt: skip
        session.add(plan)
    else:
        plan.expect(version or 0)
    _write(plan, draft)
    session.flush()
    return plan


def follow_the_case(session: Session, case: SupportCase, step: str, today: date) -> None:
    """What the case's step means for its plans: reviewed, agreed, begun — and the one before ends."""
    plans = plans_of(session, case.id)
    if step in _WITH_CASE:
        before, after = _WITH_CASE[step]
        for plan in plans:
            if plan.status == before:
                plan.status = after
    if step in _BEGINS:
        _begin(plans, _BEGINS[step], today, town_settings(session))
    if step == "suspend":
        _end(plans, "suspended", today)


def end_plans(session: Session, case: SupportCase, ended_as: str, today: date) -> None:
    """Every plan of a case ends with it: achieved, closed or suspended."""
    _end(plans_of(session, case.id), ended_as, today)


@dataclass(frozen=True)
class Judged:
    """評価: the goals with their results (by id), what changed, what remains, what is next."""

    on: date
    results: Sequence[tuple[str, str, str]]
    changes: Sequence[str]
    next_step: str
    changes_note: str = ""
    person_words: str = ""
    remaining: str = ""


def evaluate(session: Session, actor: Actor, case: SupportCase, plan: Plan, judged: Judged, now: datetime) -> Evaluation:
    """The evaluation of a plan in hand. Raises DomainError for a day still to come or a next step there is not."""
    if judged.on > day_in_japan(now):
        raise DomainError("まだ来ていない日は入れられません。", "今日までの日を入れてください。", "future", 422)
    if judged.next_step not in NEXT:
        raise DomainError("次にどうするかが選ばれていません。", "三つから選んでください。", "next", 422)
    said = {id_: (result, note) for id_, result, note in judged.results}
    for goal in plan.goals:
        goal.result, goal.result_note = said.get(goal.id, (goal.result, goal.result_note))
    row = Evaluation(
        case_id=case.id, plan_id=plan.id, on=judged.on, changes=list(judged.changes), changes_note=judged.changes_note,
        person_words=judged.person_words, remaining=judged.remaining, next_step=judged.next_step, recorded_at=now,
        recorded_by=actor.label,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _next_seq(session: Session, case_id: str, kind: str) -> int:
    return (session.scalar(select(func.max(Plan.seq)).where(Plan.case_id == case_id, Plan.kind == kind)) or 0) + 1


def _write(plan: Plan, draft: Draft) -> None:
    plan.person_words, plan.person_part, plan.participation = draft.person_words, draft.person_part, draft.participation
    plan.monitoring_on, plan.review_on = draft.monitoring_on, draft.review_on
    plan.goals = [PlanGoal(term=term, position=at, text=text) for at, (term, text) in enumerate(draft.goals)]
    plan.tasks = [PlanTask(position=at, **vars(task)) for at, task in enumerate(draft.tasks)]


def _begin(plans: Sequence[Plan], ready: Collection[str], today: date, rules: TownSettings) -> None:
    """What is ready begins, and the one of its kind before it has been replaced."""
    for plan in plans:
        if plan.status in ready:
            for earlier in plans:
                if earlier.kind == plan.kind and earlier.status == ACTIVE:
                    earlier.status, earlier.ended_on, earlier.ended_as = ENDED, today, "replaced"
            plan.status, plan.started_on = ACTIVE, today
            plan.monitoring_on = plan.monitoring_on or add_months(today, rules.number("monitoring_months"))
            plan.review_on = plan.review_on or add_months(today, rules.number("plan_review_months"))


def _end(plans: Sequence[Plan], ended_as: str, today: date) -> None:
    for plan in plans:
        if plan.status != ENDED:
            plan.status, plan.ended_on, plan.ended_as = ENDED, today, ended_as
