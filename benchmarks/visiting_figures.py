"""What a visiting plan is like, in figures that compare: each plan is looked at first by the check that knows no search."""

from __future__ import annotations

from collections.abc import Sequence

from service.followup.planner.instance import Instance, Task
from service.followup.planner.plan import Plan
from service.followup.planner.verify import check


def unreachable(instance: Instance) -> set[int]:
    """Things without a single open day and hour of anybody's inside their window: no plan can help them."""
    tasks = enumerate(instance.tasks)
    return {at for at, task in tasks if not _has_a_day(instance, task, (task.primary, *task.backups))}


def without_own(instance: Instance) -> set[int]:
    """Things without one such day of their own coordinator's: somebody else goes, or they are late, or left."""
    return {at for at, task in enumerate(instance.tasks) if not _has_a_day(instance, task, (task.primary,))}


def _has_a_day(instance: Instance, task: Task, members: Sequence[int]) -> bool:
    return any(
        task.early_on <= on <= task.late_on
        and day not in task.closed
        and (not task.windows or any(end - start >= task.minutes for start, end in task.windows[on.weekday()]))
        and any(day in instance.staff[who].shifts for who in members)
        for day, on in enumerate(instance.days)
    )


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
    could = len(going.keys() - without_own(instance))
    return {
        "cost": plan.costs.total, "travel": plan.costs.travel, "continuity": 100 * own / max(1, len(going)),
        "continuity_bound": 100 * could / max(1, len(going)),
        "on_time": 100 * in_time / max(1, can), "unreachable": len(hopeless), "left": len(plan.left),
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
