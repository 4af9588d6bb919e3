"""What the page of a case's plans shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.access import may_change
from service.cases.caseloads import agency_hints, duties_of_cases
from service.cases.models import Need, Person, SupportCase
from service.cases.pages import Heading, heading_of, need_lines
from service.cases.plans.drafting import CHANGES, KINDS, NEXT, RESULTS, STATUSES, TERMS
from service.cases.plans.forms import GOALS, TASKS, EvaluationForm, PlanForm, plan_form
from service.cases.plans.models import Evaluation, Plan
from service.cases.plans.reading import ACTIVE, DRAFT, plans_of
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki, format_wareki_short
from service.resources.vocabulary import current_vocabulary
from service.web.call import Call

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PlanBlock:
    """One version of a plan as it reads."""

    id: str
    title: str
    is_draft: bool
    is_active: bool
    goals: Pairs
    tasks: tuple[tuple[str, str, str], ...]
    facts: Pairs
    goal_ids: tuple[tuple[str, str], ...]
    evaluations: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PlansView:
    """The plans of a case, with the draft to write in."""

    heading: Heading
    may_change: bool
    shows_draft: bool
    """Where one may be written; and once more, with its words, where one was refused."""
    is_agreed: bool
    plans: tuple[PlanBlock, ...]
    form: Any
    goal_lines: tuple[tuple[Any, Any], ...]
    task_lines: tuple[tuple[Any, Any, Any, Any], ...]
    needs: tuple[str, ...]
    results: Pairs
    evaluation_form: EvaluationForm
    evaluated_id: str
    version: int
    once: str
    problem: str
    agencies: Pairs
    """Who may be given a role, with what each carries already."""


@dataclass(frozen=True)
class Typed:
    """What came back from a form."""

    form: Any = None
    evaluation: EvaluationForm | None = None
    plan_id: str = ""
    problem: str = ""


def plans_view(call: Call, case: SupportCase, person: Person, is_agreed: bool, typed: Typed, once: str) -> PlansView:
    """Everything the page shows: what was agreed, the draft, the person's conditions to copy from."""
    today, plans = day_in_japan(call.now), plans_of(call.session, case.id)
    draft = next((plan for plan in plans if plan.status == DRAFT), None)
    form = typed.form or _form(draft, plans)
    return PlansView(
        heading=heading_of(case, person, today), may_change=may_change(call.actor, case),
        shows_draft=(may_change(call.actor, case) and is_agreed) or typed.form is not None, is_agreed=is_agreed,
        plans=tuple(_block(call.session, plan) for plan in plans), form=form,
        goal_lines=tuple((form[f"goal{at}_term"], form[f"goal{at}_text"]) for at in range(GOALS)),
        task_lines=tuple(
            (form[f"task{at}_what"], form[f"task{at}_agency"], form[f"task{at}_who"], form[f"task{at}_until"])
            for at in range(TASKS)
        ),
        needs=_needs(call.session, person), results=tuple(RESULTS.items()),
        evaluation_form=typed.evaluation or EvaluationForm(data={"on": format_wareki_short(today)}, prefix="e-"),
        evaluated_id=typed.plan_id, version=draft.version if draft else 0, once=once, problem=typed.problem,
        agencies=agency_hints(call.session, duties_of_cases(call.session, call.town, call.actor, today)),
    )  # fmt: skip


def _form(draft: Plan | None, plans: list[Plan]) -> Any:
    """The draft there is; else a new version begins with what the last plan said; else nothing."""
    latest = draft or next(iter(plans), None)
    return plan_form(latest) if latest is not None else PlanForm()


def _needs(session: Session, person: Person) -> tuple[str, ...]:
    """The conditions and wishes of the assessment: nobody types them again."""
    rows = session.scalars(select(Need).where(Need.person_id == person.id)).all()
    lines = need_lines(current_vocabulary(session), rows)
    return tuple("　".join(filter(None, (line.label, line.said, f"「{line.why}」" if line.why else ""))) for line in lines)


def _block(session: Session, plan: Plan) -> PlanBlock:
    days = (
        ("モニタリング", plan.monitoring_on),
        ("見直しの会議", plan.review_on),
        ("開始", plan.started_on),
        ("終了", plan.ended_on),
    )
    said = (("本人の希望", plan.person_words), ("本人がすること", plan.person_part), ("参加支援", plan.participation))
    return PlanBlock(
        plan.id, f"{KINDS[plan.kind]}　第{plan.seq}版（{STATUSES[plan.status]}）", plan.status == DRAFT, plan.status == ACTIVE,
        tuple((TERMS[goal.term], "　".join(filter(None, (goal.text, RESULTS.get(goal.result, ""), goal.result_note)))) for goal in plan.goals),
        tuple((task.what, "　".join(filter(None, (task.agency, task.who))), format_wareki_short(task.until_on) if task.until_on else "") for task in plan.tasks),
        (*((label, text) for label, text in said if text), *((label, format_wareki(day)) for label, day in days if day)),
        tuple((goal.id, goal.text) for goal in plan.goals), _evaluations(session, plan),
    )  # fmt: skip


def _evaluations(session: Session, plan: Plan) -> tuple[tuple[str, str], ...]:
    query = select(Evaluation).where(Evaluation.plan_id == plan.id).order_by(Evaluation.on.desc(), Evaluation.id)
    return tuple(
        (
            f"{format_wareki(row.on)}の評価　次は{NEXT[row.next_step]}",
            "　".join(
                filter(
                    None,
                    (
                        "・".join(CHANGES[each] for each in row.changes if each in CHANGES),
                        row.changes_note,
                        f"「{row.person_words}」" if row.person_words else "",
                        row.remaining,
                    ),
                )
            ),
        )
        for row in session.scalars(query)
    )
