"""What is wrong with a plan, looked at minute by minute and task by task, without a line of the planner's."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise

from service.followup.planner.instance import Instance, Promise, Shift, Span, Task
from service.followup.planner.plan import Costs, Plan, Visit

Event = tuple[int, int, int | None]
"""From, to, and where, or anywhere."""


def faults(question: Instance, plan: Plan) -> list[tuple[object, ...]]:
    """Everything that is not as it must be; days that fixed things alone break are not blamed."""
    full = {tuple(cell) for cell in plan.notes["overfull"]}
    days: dict[tuple[int, int], list[Visit]] = {}
    for visit in plan.visits:
        days.setdefault((visit.staff, visit.day), []).append(visit)
    found: list[tuple[object, ...]] = [
        ("task", at, fault) for at in range(len(question.tasks)) for fault in _task(question, plan, at)
    ]
    found += [
        ("day", cell, fault) for cell, rows in days.items() if cell not in full for fault in _day(question, cell, rows)
    ]
    return found + ([] if _near(costs_of(question, plan), plan.costs) else [("costs", costs_of(question, plan), plan.costs)])


def kept_pin(question: Instance, task: Task) -> Promise | None:
    """The promise of a task, if who gave it is there."""
    return task.pin if task.pin is not None and task.pin.day in question.staff[task.pin.staff].shifts else None


def _task(question: Instance, plan: Plan, at: int) -> Iterator[str]:
    task, pin = question.tasks[at], kept_pin(question, question.tasks[at])
    visits = [visit for visit in plan.visits if visit.task == at]
    is_left = at in [left.task for left in plan.left]
    two = task.needs_two and task.location is not None and at not in plan.notes["alone"]
    if len(visits) != (0 if is_left else 2 if two else 1) or len({visit.staff for visit in visits}) != len(visits):
        yield "not exactly once"
    if len({(visit.day, visit.start_min) for visit in visits}) > 1:
        yield "the two come at different times"
    if pin is not None and pin not in [Promise(visit.staff, visit.day, visit.start_min) for visit in visits]:
        yield "a promise is broken"
    for visit in visits if pin is None else ():
        on = question.days[visit.day]
        if on < task.early_on or visit.day in task.closed:
            yield "a day it may not be"
        if visit.staff not in (task.primary, *task.backups, task.second):
            yield "somebody who may not go"
        hours = task.windows[on.weekday()] if task.windows and on.weekday() < len(task.windows) else ()
        if task.windows and not any(
            start <= visit.start_min and visit.start_min + task.minutes <= end for start, end in hours
        ):
            yield "outside its hours"


def _day(question: Instance, cell: tuple[int, int], visits: list[Visit]) -> Iterator[str]:
    shift = question.staff[cell[0]].shifts.get(cell[1])
    if shift is None:
        yield "on leave"
        return
    order = sorted(visits, key=lambda visit: (question.tasks[visit.task].location is None, visit.start_min))
    if [visit.position for visit in order] != list(range(len(visits))):
        yield "places in the day"
    events = sorted([*(_event(question, visit) for visit in visits), *((one.start_min, one.end_min, one.location) for one in shift.blocks)],
                    key=lambda event: event[:2])  # fmt: skip
    if any(later[0] < former[1] for former, later in pairwise(events)):
        yield "two things at once"
    if events[0][0] < shift.start_min or max(event[1] for event in events) > shift.end_min:
        yield "outside the shift"
    if sum(1 for visit in visits if question.tasks[visit.task].location is not None) > question.limits.most_visits:
        yield "too many visits"
    ways = _ways(question, cell[0], shift, events)
    if sum(way for way, _ in ways) > question.limits.most_travel_min:
        yield "too far in all"
    if any(way and not any(end - start >= way for start, end in gaps) for way, gaps in ways):
        yield "no time for a way"
    fixed = [_event(question, visit) for visit in visits if kept_pin(question, question.tasks[visit.task])]
    given = sorted(
        [*fixed, *((one.start_min, one.end_min, one.location) for one in shift.blocks)], key=lambda event: event[:2]
    )
    if _can_eat(question, _ways(question, cell[0], shift, given)) and not _can_eat(question, ways):
        yield "no lunch"


def _event(question: Instance, visit: Visit) -> Event:
    task = question.tasks[visit.task]
    return visit.start_min, visit.start_min + task.minutes, task.location


def _ways(question: Instance, staff: int, shift: Shift, events: list[Event]) -> list[tuple[int, list[Span]]]:
    """Each way of a day with the idle stretches in which it can be made."""
    home = question.staff[staff].home
    stops = [(0, shift.start_min, home), *(event for event in events if event[2] is not None), (shift.end_min, 1440, home)]
    ways = []
    for former, later in pairwise(stops):
        between = [event for event in events if event[2] is None and event[0] >= former[1] and event[1] <= later[0]]
        edges = [former[1], *(minute for event in between for minute in event[:2]), later[0]]
        ways.append((int(question.travel[former[2], later[2]]), list(zip(edges[::2], edges[1::2], strict=True))))
    return ways


def _can_eat(question: Instance, ways: list[tuple[int, list[Span]]]) -> bool:
    limits = question.limits
    for way, gaps in ways:
        for at, (start, end) in enumerate(gaps):
            for noon in range(max(start, limits.lunch_from), min(end, limits.lunch_to) - limits.lunch_min + 1):
                rest = [*gaps[:at], (start, noon), (noon + limits.lunch_min, end), *gaps[at + 1 :]]
                if limits.lunch_min and any(to - since >= way for since, to in rest):
                    return True
    return False


def costs_of(question: Instance, plan: Plan) -> Costs:
    """The five terms counted from the visits alone."""
    weights, travel, continuity, timeliness, moves = question.weights, 0, 0.0, 0.0, 0.0
    for who, staff in enumerate(question.staff):
        for day, shift in staff.shifts.items():
            events = [_event(question, visit) for visit in plan.visits if (visit.staff, visit.day) == (who, day)]
            places = [(one.start_min, one.location) for one in shift.blocks] + [(start, place) for start, _, place in events]
            stops = [
                staff.home,
                *(place for _, place in sorted(places, key=lambda stop: stop[0]) if place is not None),
                staff.home,
            ]
            travel += sum(int(question.travel[a, b]) for a, b in pairwise(stops))
    for at, task in enumerate(question.tasks):
        visits = [visit for visit in plan.visits if visit.task == at]
        if visits:
            day, going = visits[0].day, [visit.staff for visit in visits]
            continuity += 0.0 if task.primary in going else weights.backup
            timeliness += weights.off_due * abs(day - bisect_left(question.days, task.due_on))
            if question.days[day] > task.late_on:
                over = day - bisect_right(question.days, task.late_on) + 1
                timeliness += weights.late_once * task.priority + weights.late_day * over
            current = task.current or (None if kept_pin(question, task) else task.pin)
            if current is not None and not (current.day == day and current.staff in going):
                moves += weights.move * (weights.move_near if current.day < question.limits.near_days else weights.move_far)
    left = sum(weights.unplanned * (1 + question.tasks[each.task].priority) + weights.unplanned_base for each in plan.left)
    return Costs(weights.travel * travel, continuity, timeliness, left, moves)


def _near(one: Costs, other: Costs) -> bool:
    return all(abs(getattr(one, name) - getattr(other, name)) < 1e-6 for name in one.__dataclass_fields__)
