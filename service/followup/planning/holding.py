"""Nothing is offered that the check of plans refuses: what breaks a rule is taken out and says so, or all stays as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from service.followup.planner.instance import Instance
from service.followup.planner.plan import Left, Plan, Reason
from service.followup.planner.verify import Rule, Violation, check, costs_of
from service.followup.planner.verify.reading import Reading
from service.followup.planning.checking import in_order, standing_plan


@dataclass(frozen=True)
class Held:
    """What may be offered of a plan, the tasks taken out of it, and the rules it broke; without a plan none of it may."""

    plan: Plan | None
    refused: tuple[int, ...] = ()
    rules: tuple[Rule, ...] = ()


def hold(instance: Instance, plan: Plan) -> Held:
    """A plan without what breaks a rule; where a rule is broken by no task that may be taken out, there is none."""
    rules: dict[Rule, None] = {}
    refused: set[int] = set()
    while broken := check(instance, plan):
        rules |= dict.fromkeys(each.rule for each in broken)
        guilty = set() if Rule.KNOWN in rules else {task for each in broken for task in _guilty(instance, plan, each)}
        if not guilty:
            return Held(None, (), tuple(rules))
        refused |= guilty
        plan = _without(instance, plan, refused)
    return Held(plan, tuple(sorted(refused)), tuple(rules))


def untouched(instance: Instance) -> Plan:
    """The calendar as it stands, for want of a plan that may be offered: nothing without a day gets one."""
    plan = standing_plan(instance, {})
    left = tuple(Left(each.task, Reason.REFUSED, ()) for each in plan.left)
    return replace(plan, left=left, notes={"dropped_pins": _fallen(instance)})


def _guilty(instance: Instance, plan: Plan, violation: Violation) -> Iterator[int]:
    """The tasks a breach can be mended by leaving out: promises never are."""
    promises = Reading(instance, plan).promises
    kind, *where = violation.where
    if kind == "task":
        found = [int(where[0])]
    elif kind == "day":
        found = [visit.task for visit in plan.visits if [visit.staff, visit.day] == where]
    else:
        found = []
    yield from (task for task in found if promises[task] is None)


def _without(instance: Instance, plan: Plan, refused: set[int]) -> Plan:
    visits = [visit for visit in plan.visits if visit.task not in refused]
    left = [each for each in plan.left if each.task not in refused]
    left += [Left(task, Reason.REFUSED, ()) for task in sorted(refused)]
    rest = replace(plan, visits=tuple(in_order(instance, visits)), left=tuple(left), bound=None)
    return replace(rest, costs=costs_of(instance, rest))


def _fallen(instance: Instance) -> list[int]:
    """Promises of somebody who is away on that day."""
    pins = [(at, task.pin) for at, task in enumerate(instance.tasks)]
    return [at for at, pin in pins if pin is not None and pin.day not in instance.staff[pin.staff].shifts]
