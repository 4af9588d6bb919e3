"""The forms of a plan: goals, who does what, and the evaluation."""

from __future__ import annotations

from typing import Any, Final

from wtforms import Field, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from service.cases.forms import is_a_date
from service.cases.plans.drafting import CHANGES, KINDS, NEXT, RESULTS, TERMS, Draft, Judged, Task
from service.cases.plans.models import Plan
from service.kernel.dates import format_wareki_short, parse_date
from service.web.forms import Form, Posted, choices_of, said

GOALS: Final = 4
TASKS: Final = 8
"""So many lines are offered; what is left empty is not kept."""


class _Plan(Form):
    kind = SelectField("プランの種類", choices=choices_of(KINDS), default="participation")
    person_words = TextAreaField("本人の希望（本人のことばで）", [Length(max=600)])
    person_part = TextAreaField("本人がすること", [Length(max=400)])
    participation = TextAreaField("参加支援の内容（場所・曜日・整えること）", [Length(max=600)])
    monitoring_on = StringField("モニタリングの日", [is_a_date], description="空なら開始から3か月後")
    review_on = StringField("会議で見直す日", [is_a_date], description="空なら開始から6か月後")

    def validate_kind(self, field: Field) -> None:
        """A plan without a goal and a task is no plan yet, but may be kept as a draft."""
        if field.data not in KINDS:
            raise ValidationError("三つから選んでください。")

    def draft(self) -> Draft:
        """What was typed, without the empty lines."""
        goals = [
            (self[f"goal{at}_term"].data or "short", text) for at in range(GOALS) if (text := said(self[f"goal{at}_text"]))
        ]
        tasks = [
            Task(what, said(self[f"task{at}_agency"]), said(self[f"task{at}_who"]), self._day(f"task{at}_until"))
            for at in range(TASKS)
            if (what := said(self[f"task{at}_what"]))
        ]
        return Draft(
            kind=self.kind.data or "", goals=goals, tasks=tasks, person_words=said(self.person_words),
            person_part=said(self.person_part), participation=said(self.participation),
            monitoring_on=self._day("monitoring_on"), review_on=self._day("review_on"),
        )  # fmt: skip

    def _day(self, name: str) -> Any:
        return parse_date(said(self[name])) if said(self[name]) else None


def _with_lines() -> type[_Plan]:
    """The form with its lines: the names are goal0_text, task0_what …"""
    lines: dict[str, Any] = {}
    for at in range(GOALS):
        lines[f"goal{at}_term"] = SelectField(
            f"目標{at + 1} 期間", choices=choices_of(TERMS), default="short" if at < 2 else "long"
        )
        lines[f"goal{at}_text"] = StringField(f"目標{at + 1}", [Length(max=200)])
    for at in range(TASKS):
        lines[f"task{at}_what"] = StringField(f"支援{at + 1} 何を", [Length(max=200)])
        lines[f"task{at}_agency"] = StringField(f"支援{at + 1} 機関", [Length(max=80)])
        lines[f"task{at}_who"] = StringField(f"支援{at + 1} だれが", [Length(max=60)])
        lines[f"task{at}_until"] = StringField(f"支援{at + 1} いつまで", [is_a_date])
    return type("PlanForm", (_Plan,), lines)


PlanForm = _with_lines()


def plan_form(plan: Plan) -> _Plan:
    """The form as a plan is stored, also to begin a new version from it."""
    data: dict[str, Any] = {
        "kind": plan.kind, "person_words": plan.person_words, "person_part": plan.person_part,
        "participation": plan.participation, "monitoring_on": _say(plan.monitoring_on), "review_on": _say(plan.review_on),
    }  # fmt: skip
    for at, goal in enumerate(plan.goals[:GOALS]):
        data |= {f"goal{at}_term": goal.term, f"goal{at}_text": goal.text}
    for at, task in enumerate(plan.tasks[:TASKS]):
        data |= {f"task{at}_what": task.what, f"task{at}_agency": task.agency, f"task{at}_who": task.who,
                 f"task{at}_until": _say(task.until_on)}  # fmt: skip
    return PlanForm(data=data)


class EvaluationForm(Form):
    """評価シート, but for the goals, which are the plan's own."""

    on = StringField("評価した日", [InputRequired("日付を入れてください。"), is_a_date])
    changes = SelectMultipleField("見られた変化", choices=choices_of(CHANGES))
    changes_note = TextAreaField("変化の様子", [Length(max=600)])
    person_words = TextAreaField("本人のことば", [InputRequired("本人のことばを入れてください。"), Length(max=600)])
    remaining = TextAreaField("残っていること", [Length(max=600)])
    next_step = RadioField("次に", [InputRequired("三つから選んでください。")], choices=choices_of(NEXT))

    def judged(self, plan: Plan, posted: Posted) -> Judged:
        """What was judged; a result that is not in the list is none."""
        results = [
            (goal.id, posted.text(f"result-{goal.id}"), posted.text(f"note-{goal.id}")[:200].strip()) for goal in plan.goals
        ]
        return Judged(
            on=parse_date(said(self.on)), results=[each for each in results if each[1] in RESULTS],
            changes=self.changes.data or (), next_step=self.next_step.data or "", changes_note=said(self.changes_note),
            person_words=said(self.person_words), remaining=said(self.remaining),
        )  # fmt: skip


def _say(day: Any) -> str:
    return format_wareki_short(day) if day else ""
