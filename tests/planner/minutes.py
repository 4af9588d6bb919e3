"""A plan lived minute by minute: every state a member of staff can be in, and the reason a plan cannot be lived if there is one.

Another way to the rules than the check's: nothing is compared with gaps, each minute is waited, travelled or eaten through.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from service.followup.planner.instance import Instance, Shift, Task
from service.followup.planner.plan import Plan, Visit

Cell = tuple[int, int]
Event = tuple[int, int, int | None]
"""From, to, and where, or anywhere."""


def live(question: Instance, staff: int, shift: Shift, events: list[Event], *, eats: bool) -> bool:
    """Whether somebody can do all of a day at its minute, be home by its end, and have lunch where it is asked."""
    limits, home = question.limits, question.staff[staff].home
    rows = [*sorted(events, key=lambda event: event[:2]), (shift.end_min, shift.end_min, home)]
    stops = [place for _, _, place in rows]
    known: set[tuple[int, int, int, bool, bool]] = set()
    todo = [(shift.start_min, 0, home, False, not eats)]
    while todo:
        state = todo.pop()
        now, at, here, has_gone, has_eaten = state
        if at == len(rows):
            if has_eaten:
                return True
            continue
        start, end, place = rows[at]
        if state in known or now > start:
            continue
        known.add(state)
        there = next(stop for stop in stops[at:] if stop is not None)
        todo.append((now + 1, at, here, has_gone, has_eaten))
        if not has_gone and now + question.travel[here, there] <= start:
            todo.append((now + int(question.travel[here, there]), at, there, True, has_eaten))
        if not has_eaten and limits.lunch_from <= now and now + limits.lunch_min <= min(limits.lunch_to, start):
            todo.append((now + limits.lunch_min, at, here, has_gone, True))
        if now == start and (place is None or has_gone):
            todo.append((end, at + 1, here, has_gone and place is None, has_eaten))
    return False


def is_within_limits(question: Instance, staff: int, visits: int, events: list[Event]) -> bool:
    """The count of visits and the minutes of way of a day."""
    here, way = question.staff[staff].home, 0
    for _, _, place in [*sorted(events, key=lambda event: event[:2]), (0, 0, question.staff[staff].home)]:
        if place is not None:
            way, here = way + int(question.travel[here, place]), place
    return visits <= question.limits.most_visits and way <= question.limits.most_travel_min


class Life:
    """One plan of one question, lived."""

    def __init__(self, question: Instance, plan: Plan) -> None:
        self.question, self.plan = question, plan
        self.days: dict[Cell, list[Visit]] = defaultdict(list)
        for visit in plan.visits:
            self.days[visit.staff, visit.day].append(visit)

    def reason(self) -> str | None:
        """The first thing that cannot be; None where all can."""
        left = Counter(each.task for each in self.plan.left)
        for at, task in enumerate(self.question.tasks):
            rows = [visit for visit in self.plan.visits if visit.task == at]
            if left[at] + (1 if rows else 0) != 1:
                return f"task {at} is not planned or left once"
            if self.is_bound(task) and (wrong := self._promised(at, task, rows)):
                return f"promise {at}: {wrong}"
            if rows and not self.is_bound(task) and (wrong := self._planned(task, rows)):
                return f"task {at}: {wrong}"
        return next((f"day {cell}: {wrong}" for cell in self.days if (wrong := self._day(cell))), None)

    def is_bound(self, task: Task) -> bool:
        """Whether who promised is at work that day."""
        return task.pin is not None and task.pin.day in self.question.staff[task.pin.staff].shifts

    def _promised(self, at: int, task: Task, rows: list[Visit]) -> str | None:
        pin = task.pin
        assert pin is not None
        if (pin.staff, pin.day, pin.start_min) not in [(row.staff, row.day, row.start_min) for row in rows]:
            return "broken"
        others = [row for row in rows if row.staff != pin.staff]
        if not _pairs(task):
            return "more than one" if len(rows) > 1 else None
        if len(rows) > 2 or (len(rows) == 2 and len(others) != 1):
            return "not two"
        along = {task.second} if task.second not in (None, pin.staff) else {task.primary, *task.backups}
        if others:
            is_right = others[0].staff in along and (others[0].day, others[0].start_min) == (pin.day, pin.start_min)
            return None if is_right else "with another, or at another minute"
        could = [each for each in along - {pin.staff} if each is not None and self._could_join(at, each, pin.day)]
        return f"{could} could go along" if could else None

    def _planned(self, task: Task, rows: list[Visit]) -> str | None:
        going, may_go = [row.staff for row in rows], {task.primary, *task.backups}
        if _pairs(task):
            named = task.second
            if len(going) != 2 or len(set(going)) != 2 or len({(row.day, row.start_min) for row in rows}) != 1:
                return "not two at one minute"
            if named not in (None, *going) or set(going) - {*may_go, named}:
                return "not who should"
        elif len(going) != 1 or going[0] not in may_go:
            return "not one who may"
        day, start = rows[0].day, rows[0].start_min
        on = self.question.days[day]
        week = dict(enumerate(task.windows)).get(on.weekday(), ()) if task.windows else ((0, 10**6),)
        is_open = any(start >= first and last - start >= task.minutes for first, last in week)
        return None if on >= task.early_on and day not in task.closed and is_open else "a day or hour it may not be"

    def _day(self, cell: Cell) -> str | None:
        rows = sorted(self.days[cell], key=lambda row: row.position)
        if cell[1] not in self.question.staff[cell[0]].shifts:
            return "leave"
        tasks = self.question.tasks
        if [row.position for row in rows] != list(range(len(rows))) or rows != sorted(
            rows, key=lambda row: (tasks[row.task].location is None, row.start_min)
        ):
            return "not in order"
        before = [Visit(at, *cell, task.pin.start_min, 0) for at, task in self._own(cell) if task.pin]
        if not self._fits(cell, before, eats=False):
            return "added to a full day" if {row.task for row in rows} - {row.task for row in before} else None
        eats = bool(self.question.limits.lunch_min) and self._fits(cell, before, eats=True)
        return None if self._fits(cell, rows, eats=eats) else "cannot be lived"

    def _could_join(self, at: int, staff: int, day: int) -> bool:
        cell = (staff, day)
        if day not in self.question.staff[staff].shifts:
            return False
        own = [Visit(each, *cell, task.pin.start_min, 0) for each, task in self._own(cell) if task.pin]
        kept = [row for row in self.days.get(cell, ()) if self.is_bound(self.question.tasks[row.task])]
        eats = bool(self.question.limits.lunch_min) and self._fits(cell, own, eats=True)
        pin = self.question.tasks[at].pin
        return (
            pin is not None
            and self._fits(cell, own, eats=False)
            and self._fits(cell, [*kept, Visit(at, *cell, pin.start_min, 0)], eats=eats)
        )

    def _own(self, cell: Cell) -> list[tuple[int, Task]]:
        rows = enumerate(self.question.tasks)
        return [(at, task) for at, task in rows if task.pin and (task.pin.staff, task.pin.day) == cell]

    def _fits(self, cell: Cell, rows: list[Visit], *, eats: bool) -> bool:
        tasks, shift = self.question.tasks, self.question.staff[cell[0]].shifts[cell[1]]
        events = [(row.start_min, row.start_min + tasks[row.task].minutes, tasks[row.task].location) for row in rows]
        visits = sum(place is not None for _, _, place in events)
        events += [(block.start_min, block.end_min, block.location) for block in shift.blocks]
        return is_within_limits(self.question, cell[0], visits, events) and live(
            self.question, cell[0], shift, events, eats=eats
        )


def _pairs(task: Task) -> bool:
    return task.needs_two and task.location is not None
