"""What is wrong with a plan, rule by rule: a second reading of the question, without a line of the planner's.

It knows the question and the answer as data and nothing else, so that an error of the planner cannot hide in both.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from service.followup.planner.instance import Instance
from service.followup.planner.plan import Plan
from service.followup.planner.verify.days import broken_on
from service.followup.planner.verify.reading import Cell, Reading
from service.followup.planner.verify.tasks import TASK_RULES
from service.followup.planner.verify.violation import SAID, Rule, Violation
from service.followup.planner.verify.whole import PLAN_RULES, costs_of

__all__ = ["Rule", "Violation", "check", "costs_of"]


def check(instance: Instance, plan: Plan) -> list[Violation]:
    """Every rule a plan breaks, and where; nothing when it may be shown. What names nobody is looked at no further."""
    unknown = [Violation(Rule.KNOWN, where, f"{where}: {SAID[Rule.KNOWN]}") for where in _unknown(instance, plan)]
    if unknown:
        return unknown
    reading = Reading(instance, plan)
    return [*_of_tasks(reading), *_of_days(reading), *_of_the_plan(reading)]


def _unknown(instance: Instance, plan: Plan) -> Iterator[tuple[str, int]]:
    """Indices that stand for nothing in the question."""
    counts = {"task": len(instance.tasks), "staff": len(instance.staff), "day": len(instance.days)}
    told = chain(
        (("task", visit.task) for visit in plan.visits),
        (("task", left.task) for left in plan.left),
        (("staff", visit.staff) for visit in plan.visits),
        (("day", visit.day) for visit in plan.visits),
    )
    return (each for each in dict.fromkeys(told) if not 0 <= each[1] < counts[each[0]])


def _of_tasks(reading: Reading) -> Iterator[Violation]:
    for at, task in enumerate(reading.instance.tasks):
        for rule, is_broken in TASK_RULES.items():
            if is_broken(reading, at):
                yield Violation(rule, ("task", at), f"予定 {task.key}: {SAID[rule]}")


def _of_days(reading: Reading) -> Iterator[Violation]:
    for cell in sorted(reading.cells):
        for rule in broken_on(reading, cell):
            yield Violation(rule, ("day", *cell), f"{_named(reading, cell)}: {SAID[rule]}")


def _of_the_plan(reading: Reading) -> Iterator[Violation]:
    for rule, broken in PLAN_RULES.items():
        for about in broken(reading):
            yield Violation(rule, ("plan", about), f"案の {about}: {SAID[rule]}")


def _named(reading: Reading, cell: Cell) -> str:
    staff, day = cell
    return f"職員 {reading.instance.staff[staff].key} の {reading.instance.days[day]:%Y-%m-%d}"
