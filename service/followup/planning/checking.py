"""The calendar as it would be once some lines are taken, read by the check of plans: what would not fit, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from service.followup.planner.instance import Instance, Promise
from service.followup.planner.plan import Costs, Left, Plan, Reason, Visit
from service.followup.planner.verify import Rule, Violation, check, costs_of
from service.followup.planning.differing import Slot
from service.followup.planning.gathering import Gathered


@dataclass(frozen=True)
class Clash:
    """One rule that would not hold: of one follow-up, or of one day of one member of staff; `ids` are the lines it is about."""

    rule: Rule
    ids: tuple[str, ...]
    staff_id: str = ""
    on: date | None = None


def clashes_of(gathered: Gathered, lines: Mapping[str, Slot | None]) -> list[Clash]:
    """What would not hold if these follow-ups (by id) stood there, None is without a day, and everything else stayed.

    Days and follow-ups that none of the lines touches are not blamed: what is wrong there was wrong before.
    """
    instance = _as_agreed(gathered)
    plan = standing_plan(instance, lines)
    return list(dict.fromkeys(_touched(instance, plan, lines)))


def standing_plan(instance: Instance, lines: Mapping[str, Slot | None]) -> Plan:
    """The calendar as a plan: each task where its line says, else where it stands."""
    visits = [visit for at in range(len(instance.tasks)) for visit in _visits(instance, at, lines)]
    planned = {visit.task for visit in visits}
    left = tuple(Left(at, Reason.FULL, ()) for at in range(len(instance.tasks)) if at not in planned)
    plan = Plan(tuple(in_order(instance, visits)), left, Costs())
    return replace(plan, costs=costs_of(instance, plan))


def way_minutes(instance: Instance, plan: Plan) -> int:
    """The minutes of all ways of a plan, from the office and back."""
    plain = replace(instance, weights=replace(instance.weights, travel=1.0))
    return round(costs_of(plain, plan).travel)


def _as_agreed(gathered: Gathered) -> Instance:
    """The question with each window as it is written: a line of yesterday's plan may be nearer than a new one would be."""
    early = {known.row.id: known.row.early_on for known in gathered.rows}
    tasks = tuple(replace(task, early_on=early[task.key]) for task in gathered.instance.tasks)
    return replace(gathered.instance, tasks=tasks)


def _visits(instance: Instance, at: int, lines: Mapping[str, Slot | None]) -> Iterator[Visit]:
    task = instance.tasks[at]
    if task.key in lines:
        slot = lines[task.key]
        yield from _chosen(instance, at, slot) if slot is not None else ()
        return
    held = task.pin or task.current
    if held is not None and held.day in instance.staff[held.staff].shifts:
        yield from _pair(instance, at, held, task.second)


def _chosen(instance: Instance, at: int, slot: Slot) -> Iterator[Visit]:
    index = {each.key: number for number, each in enumerate(instance.staff)}
    held = Promise(index[slot.staff_id], instance.days.index(slot.on), slot.start_min)
    yield from _pair(instance, at, held, index.get(slot.second_id))


def _pair(instance: Instance, at: int, held: Promise, second: int | None) -> Iterator[Visit]:
    yield Visit(at, held.staff, held.day, held.start_min, 0)
    task = instance.tasks[at]
    if second is not None and second != held.staff and task.needs_two and task.location is not None:
        yield Visit(at, second, held.day, held.start_min, 0)


def in_order(instance: Instance, visits: list[Visit]) -> Iterator[Visit]:
    """With their places in the day: travelled ones by time, telephone and letters behind."""
    places: dict[tuple[int, int], int] = {}
    for visit in sorted(visits, key=lambda each: (instance.tasks[each.task].location is None, each.start_min, each.task)):
        position = places.get((visit.staff, visit.day), 0)
        places[visit.staff, visit.day] = position + 1
        yield replace(visit, position=position)


def _touched(instance: Instance, plan: Plan, lines: Mapping[str, Slot | None]) -> Iterator[Clash]:
    landed: dict[tuple[str | int, ...], list[str]] = {}
    for visit in plan.visits:
        key = instance.tasks[visit.task].key
        if key in lines:
            landed.setdefault(("day", visit.staff, visit.day), []).append(key)
            landed[("task", visit.task)] = [key]
    for violation in _broken(instance, plan):
        if violation.where in landed:
            ids, cell = tuple(landed[violation.where]), violation.where
            whose = (instance.staff[int(cell[1])].key, instance.days[int(cell[2])]) if cell[0] == "day" else ("", None)
            yield Clash(violation.rule, ids, *whose)


def _broken(instance: Instance, plan: Plan) -> list[Violation]:
    """What the check of plans says."""
    return check(instance, plan)
