"""A plan laid beside its question: who goes to what, what stands on each day, and what stood there before any plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from service.followup.planner.instance import Instance, Promise
from service.followup.planner.plan import Plan, Visit
from service.followup.planner.verify.day import Day, Stop, in_order

Cell = tuple[int, int]
"""Staff and day."""


class Reading:
    """One instance and one plan whose indices all lie within it."""

    def __init__(self, instance: Instance, plan: Plan) -> None:
        self.instance, self.plan = instance, plan
        self.left = Counter(each.task for each in plan.left)
        self.visits: list[list[Visit]] = [[] for _ in instance.tasks]
        """By task."""
        self.cells: dict[Cell, list[Visit]] = {}
        for visit in plan.visits:
            self.visits[visit.task].append(visit)
            self.cells.setdefault((visit.staff, visit.day), []).append(visit)

    @cached_property
    def promises(self) -> list[Promise | None]:
        """By task, the promise that binds: one whose giver is away that day is only a wish."""
        pins = [task.pin for task in self.instance.tasks]
        return [pin if pin is not None and pin.day in self.instance.staff[pin.staff].shifts else None for pin in pins]

    @cached_property
    def promised(self) -> dict[Cell, list[int]]:
        """The tasks promised on each day of each member."""
        found: dict[Cell, list[int]] = {}
        for at, pin in enumerate(self.promises):
            if pin is not None:
                found.setdefault((pin.staff, pin.day), []).append(at)
        return found

    @cached_property
    def about(self) -> dict[int, list[Visit]]:
        """The visits to each person, whoever makes them."""
        found: dict[int, list[Visit]] = {}
        for visit in self.plan.visits:
            person = self.instance.tasks[visit.task].person
            if person is not None:
                found.setdefault(person, []).append(visit)
        return found

    def day(self, cell: Cell) -> Day | None:
        """As the plan has it; None on leave."""
        order = sorted(self.cells.get(cell, ()), key=lambda visit: visit.position)
        return self._made(cell, (self.stop(visit) for visit in order))

    def before(self, cell: Cell) -> Day | None:
        """With nothing on it but what no plan may move: hours given away, and promises at their minute."""
        return self._made(cell, (self._promised_stop(task) for task in self.promised.get(cell, ())))

    def fixed(self, cell: Cell, more: int) -> Day | None:
        """What no plan may move, those who go along to promised visits, and one more promised visit."""
        kept = [self.stop(visit) for visit in self.cells.get(cell, ()) if self.promises[visit.task] is not None]
        return self._made(cell, [*kept, self._promised_stop(more)])

    def stop(self, visit: Visit) -> Stop:
        """A visit as minutes of a day."""
        return self._stop(visit.task, visit.start_min)

    def two_go(self, task: int) -> bool:
        """Two go only where somebody travels."""
        one = self.instance.tasks[task]
        return one.needs_two and one.location is not None

    def may_go(self, task: int) -> tuple[int, ...]:
        """The primary, the backups, and where two go the one named to go along."""
        one = self.instance.tasks[task]
        named = (one.second,) if one.second is not None and self.two_go(task) else ()
        return one.primary, *one.backups, *named

    def _promised_stop(self, task: int) -> Stop:
        pin = self.promises[task]
        assert pin is not None, "only promised tasks are asked for"
        return self._stop(task, pin.start_min)

    def _stop(self, task: int, start_min: int) -> Stop:
        one = self.instance.tasks[task]
        return Stop(start_min, start_min + one.minutes, one.location, task)

    def _made(self, cell: Cell, stops: Iterable[Stop]) -> Day | None:
        shift = self.instance.staff[cell[0]].shifts.get(cell[1])
        if shift is None:
            return None
        blocks = (Stop(one.start_min, one.end_min, one.location, None) for one in shift.blocks)
        return Day(self.instance, cell[0], shift, in_order([*stops, *blocks]))
