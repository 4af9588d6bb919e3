"""What a visiting plan is like, in figures that compare: each plan is looked at first by the check that knows no search."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import Final

from service.followup.planner.bounding import lower_bound
from service.followup.planner.instance import Instance, Weights
from service.followup.planner.plan import Plan
from service.followup.planner.verify import check

BY_OWN: Final = Weights(
    travel=0, backup=1, off_due=0, late_once=1, late_day=0, unplanned=0, unplanned_base=1, move=0, move_near=0, move_far=0
)
"""Prices that count one for each thing another does, that is late, or that is left."""


def unreachable(instance: Instance) -> set[int]:
    """Things without a single open day and hour of anybody's inside their window: no plan can help them."""
    found = set()
    for at, task in enumerate(instance.tasks):
        days = [
            day
            for day, on in enumerate(instance.days)
            if task.early_on <= on <= task.late_on
            and day not in task.closed
            and (not task.windows or any(end - start >= task.minutes for start, end in task.windows[on.weekday()]))
            and any(day in instance.staff[who].shifts for who in (task.primary, *task.backups))
        ]
        if not days:
            found.add(at)
    return found


def most_by_own(instance: Instance, plan: Plan) -> int:
    """How many things at most any plan lets their own coordinator do in time: proven, `plan` only helps to find the proof.

    Whatever is late may as well be left out, so that each counts one; a sum of whole numbers is a whole number.
    """
    counted = replace(instance, weights=BY_OWN)
    return len(instance.tasks) - ceil(lower_bound(counted, plan))


def figures(instance: Instance, plan: Plan) -> dict[str, float]:
    """What a plan is like: cost, travel, who goes, and how much is in time of what can be."""
    looked_at(instance, plan)
    hopeless = unreachable(instance)
    going = {visit.task: visit for visit in plan.visits}
    can = len(instance.tasks) - len(hopeless)
    in_time = sum(
        at not in hopeless and instance.days[visit.day] <= instance.tasks[at].late_on for at, visit in going.items()
    )
    own = sum(instance.tasks[at].primary == visit.staff for at, visit in going.items())
    return {
        "cost": plan.costs.total, "travel": plan.costs.travel, "continuity": 100 * own / max(1, len(going)),
        "on_time": 100 * in_time / max(1, can), "unreachable": len(hopeless), "left": len(plan.left), "planned": len(going),
        "with_reason": sum(bool(each.reason) for each in plan.left),
    }  # fmt: skip


def looked_at(instance: Instance, plan: Plan) -> Plan:
    """The plan itself; a fault in it ends the run."""
    if wrong := check(instance, plan):
        raise SystemExit(f"a plan is not valid: {wrong[:3]}")
    return plan


def unavoidable(instance: Instance, best: Plan) -> float:
    """What the best plan pays for things without a day in their window: for leaving them out, or for being late at all."""
    left, weights = {each.task for each in best.left}, instance.weights
    return sum(
        weights.unplanned * (1 + instance.tasks[at].priority) + weights.unplanned_base
        if at in left
        else weights.late_once * instance.tasks[at].priority
        for at in unreachable(instance)
    )
