"""PyVRP as a peer: every day of every member is a vehicle, every day a visit may stand on is one client of its group.

Said exactly: hours by weekday, who may go and at what price, day against due, five visits, minutes of way, appointments.
Not said: a lunch that floats (the length of the day is cut by it), telephone calls, visits of two.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final

import pyvrp
from pyvrp import Client, ClientGroup, Location, ProblemData, VehicleType

from benchmarks.visiting_hand import laid_out, teams
from service.followup.planner.choices import Choices
from service.followup.planner.construct import Held
from service.followup.planner.ground import Ground
from service.followup.planner.instance import Instance
from service.followup.planner.plan import Plan
from service.followup.planner.routes import Routes

SLOT: Final = 2000
"""Minutes from one cell's midnight to the next's: every cell has a time of its own, so a client's hours name its cell."""


def by_pyvrp(instance: Instance, seed: int, seconds: float, clock: Callable[[], float]) -> Plan:
    """What PyVRP finds within so many seconds of `clock`, building its model included, laid out on our table."""
    began, held, groups = clock(), list[Held](), teams(instance)
    for done, team in enumerate(groups, start=1):
        question = _Question(instance, team)
        if question.clients:
            stop = _Until(clock, began + seconds * done / len(groups))
            result = pyvrp.solve(question.data(), stop, seed=seed, collect_stats=False, display=False)
            held += question.held(result.best)
    return laid_out(instance, held)


class _Until:
    """PyVRP asks this between its rounds."""

    def __init__(self, clock: Callable[[], float], until: float) -> None:
        self.clock, self.until = clock, until

    def __call__(self, best_cost: float) -> bool:
        return self.clock() >= self.until


class _Question:
    def __init__(self, instance: Instance, team: Collection[int]) -> None:
        self.instance, self.ground = instance, Ground(instance)
        self.cells = [self.ground.cell(who, day) for who in sorted(team) for day in sorted(instance.staff[who].shifts)]
        self.known = frozenset(self.cells)
        self.routes, self.choices = Routes(self.ground), Choices(self.ground)
        self.clients: list[Client] = []
        self.tasks: list[tuple[int, int]] = []
        """By client: the task and its cell; -1 for an appointment."""
        self.groups: list[ClientGroup] = []
        for task in range(len(self.ground.is_fixed)):
            if self.ground.place[task] >= 0 and not self.ground.is_fixed[task] and instance.tasks[task].primary in team:
                self._add_task(task)
        self._add_appointments()

    def data(self) -> ProblemData:
        """Locations, clients and cells; ways are distance and duration alike."""
        ways: Any = self.instance.travel.astype("int64")
        places = [Location(0, 0) for _ in range(len(ways))]
        homes = sorted(set(self.ground.home))
        cells = [self._vehicle(cell, homes) for cell in self.cells]
        depots = [pyvrp.Depot(home) for home in homes]
        return ProblemData(places, self.clients, depots, cells, [ways], [ways], self.groups)

    def held(self, best: pyvrp.Solution) -> list[Held]:
        """Where its best solution has each visit."""
        found: list[Held] = []
        for route in best.routes():
            for at, activity in enumerate(each for each in route if each.is_client()):
                task, cell = self.tasks[activity.idx]
                if task >= 0:
                    found.append((cell, at, task))
        return found

    def _add_task(self, task: int) -> None:
        ground, price = self.ground, self.ground.prices.unplanned(task)
        within = [
            (standing, cell) for standing, cell in self.choices.within[task] if cell in self.known and standing < price
        ]
        chances = [
            (standing, cell, span)
            for standing, cell in within
            for span in ground.spans[task][ground.weekday[cell % ground.days]]
        ]
        group, members = len(self.groups), list(range(len(self.clients), len(self.clients) + len(chances)))
        if not members:
            return
        self.groups.append(ClientGroup(members, required=False))
        for standing, cell, (first, last) in chances:
            self.tasks.append((task, cell))
            self.clients.append(self._client(task, cell, (first, last), prize=int(price - standing), group=group))

    def _client(self, stop: int, cell: int, span: tuple[int, int], prize: int, group: int | None) -> Client:
        ground = self.ground
        first, last = max(span[0], ground.begin[cell]), min(span[1], ground.end[cell])
        return Client(
            ground.place[stop], delivery=[int(group is not None)], service_duration=ground.minutes[stop],
            tw_early=cell * SLOT + first, tw_late=cell * SLOT + max(first, last), prize=prize, required=group is None, group=group,
        )  # fmt: skip

    def _add_appointments(self) -> None:
        for cell in self.cells:
            for stop in self.ground.fixed[cell]:
                if self.ground.place[stop] >= 0 and not self.routes.shut[cell]:
                    start = self.ground.start(stop)
                    self.tasks.append((-1, cell))
                    self.clients.append(self._client(stop, cell, (start, start), prize=0, group=None))

    def _vehicle(self, cell: int, homes: list[int]) -> VehicleType:
        ground, limits = self.ground, self.instance.limits
        begin = ground.begin[cell]
        for stop in ground.fixed[cell]:
            if ground.place[stop] < 0 and ground.start(stop) - begin <= limits.lunch_min:
                begin = ground.start(stop) + ground.minutes[stop]
        lunch = limits.lunch_min if self.routes.lunches[cell] else 0
        return VehicleType(
            capacity=[limits.most_visits], start_depot=homes.index(ground.home[cell]), end_depot=homes.index(ground.home[cell]),
            tw_early=cell * SLOT + begin, tw_late=cell * SLOT + ground.end[cell],
            shift_duration=max(0, ground.end[cell] - begin - lunch), max_distance=limits.most_travel_min,
        )  # fmt: skip
