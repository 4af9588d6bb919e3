"""OR-Tools routing as a peer: one vehicle for every day of every member, all days on one long clock.

Said exactly: hours by weekday, who may go and at what price, day against due, lunch as a break that floats, five visits,
minutes of way, appointments. Not said: telephone calls, visits of two, and that a lunch does not cut a way in two.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from benchmarks.visiting_hand import laid_out, teams
from service.followup.planner.choices import Choices
from service.followup.planner.construct import Held
from service.followup.planner.ground import Ground
from service.followup.planner.instance import Instance
from service.followup.planner.plan import Plan
from service.followup.planner.routes import Routes

DAY: Final = 1440
NEVER: Final = 10_000
"""What standing on a cell that is no choice costs; the vehicles allowed rule it out already."""
WALL: Final = 8
"""Its own limit counts the clock on the wall: so many times the seconds asked for, and ours ends it before."""


def by_routing(instance: Instance, seed: int, seconds: float, clock: Callable[[], float]) -> Plan:
    """What routing finds within so many seconds of `clock`, building its model included, laid out on our table.

    It knows no seed. Where it has nothing by then, the table is filled without it (`notes["told"]` is 0).
    """
    began, held, groups = clock(), list[Held](), teams(instance)
    for done, team in enumerate(groups, start=1):
        question = _Question(instance, team)
        if question.stops:
            held += question.solve(began + seconds * done / len(groups), seconds, clock)
    return laid_out(instance, held)


class _Question:
    def __init__(self, instance: Instance, team: Collection[int]) -> None:
        self.instance, self.ground = instance, Ground(instance)
        self.routes, self.choices = Routes(self.ground), Choices(self.ground)
        ground = self.ground
        shifts = [(ground.cell(who, day), day) for who in sorted(team) for day in sorted(instance.staff[who].shifts)]
        self.cells = [cell for cell, _ in shifts if not self.routes.shut[cell]]
        self.vehicle = {cell: at for at, cell in enumerate(self.cells)}
        self.stops = [
            task
            for task in range(len(ground.is_fixed))
            if ground.place[task] >= 0 and not ground.is_fixed[task] and instance.tasks[task].primary in team
            if self._within(task)
        ]
        self.held = [(stop, cell) for cell in self.cells for stop in ground.fixed[cell] if ground.place[stop] >= 0]
        homes = sorted({ground.home[cell] for cell in self.cells})
        self.places = [*homes, *(ground.place[stop] for stop in self.stops), *(ground.place[stop] for stop, _ in self.held)]
        self.first = len(homes)
        ends = [homes.index(ground.home[cell]) for cell in self.cells]
        self.index = pywrapcp.RoutingIndexManager(len(self.places), len(self.cells), ends, ends)
        self.model = pywrapcp.RoutingModel(self.index)

    def solve(self, until: float, seconds: float, clock: Callable[[], float]) -> list[Held]:
        """Cells, places in the day and tasks of the best it found."""
        self._add_ways()
        self._add_prices()
        self._add_hours()
        for node, stop in enumerate(self.stops, start=self.first):
            self.model.AddDisjunction([self.index.NodeToIndex(node)], int(self.ground.prices.unplanned(stop)))
        asked = pywrapcp.DefaultRoutingSearchParameters()
        asked.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
        asked.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        asked.time_limit.seconds = max(1, int(WALL * seconds))
        self.model.AddSearchMonitor(self.model.solver().CustomLimit(lambda: clock() >= until))
        found = self.model.SolveWithParameters(asked)
        return list(self._read(found)) if found else []

    def _within(self, task: int) -> list[tuple[float, int]]:
        price = self.ground.prices.unplanned(task)
        return [
            (standing, cell) for standing, cell in self.choices.within[task] if standing < price and cell in self.vehicle
        ]

    def _add_ways(self) -> None:
        ways = self.instance.travel[self.places][:, self.places]
        way = self.model.RegisterTransitMatrix(ways.tolist())
        self.model.SetArcCostEvaluatorOfAllVehicles(way)
        self.model.AddDimension(way, 0, self.instance.limits.most_travel_min, True, "way")
        counted = [int(self.first <= at < self.first + len(self.stops)) for at in range(len(self.places))]
        count = self.model.RegisterUnaryTransitVector(counted)
        self.model.AddDimension(count, 0, self.instance.limits.most_visits, True, "visits")
        takes = [0] * self.first + [self.ground.minutes[stop] for stop in self._all()]
        clock = self.model.RegisterTransitMatrix((ways + [[each] for each in takes]).tolist())
        horizon = (self.ground.days + 1) * DAY
        self.model.AddDimension(clock, horizon, horizon, False, "clock")

    def _add_prices(self) -> None:
        """Who goes and on which day: a length of its own for every vehicle, paid minute by minute."""
        rows = [[0] * self.first + [NEVER] * len(self.stops) + [0] * len(self.held) for _ in self.cells]
        solver = self.model.solver()
        for node, stop in enumerate(self.stops, start=self.first):
            vehicles = []
            for standing, cell in self._within(stop):
                rows[self.vehicle[cell]][node] = int(standing)
                vehicles.append(self.vehicle[cell])
            self.model.VehicleVar(self.index.NodeToIndex(node)).SetValues([-1, *vehicles])
        lengths = [self.model.RegisterUnaryTransitVector(row) for row in rows]
        self.model.AddDimensionWithVehicleTransits(lengths, 0, NEVER * len(self.places), True, "price")
        self.model.GetDimensionOrDie("price").SetSpanCostCoefficientForAllVehicles(1)
        for node, (_, cell) in enumerate(self.held, start=self.first + len(self.stops)):
            solver.Add(self.model.VehicleVar(self.index.NodeToIndex(node)) == self.vehicle[cell])

    def _add_hours(self) -> None:
        clock, ground = self.model.GetDimensionOrDie("clock"), self.ground
        takes = [0] * self.first + [ground.minutes[stop] for stop in self._all()]
        self.stays = [takes[self.index.IndexToNode(at)] for at in range(self.model.Size())]
        for node, stop in enumerate(self.stops, start=self.first):
            days = sorted({cell % ground.days for _, cell in self._within(stop)})
            minutes = [
                minute
                for day in days
                for first, last in ground.spans[stop][ground.weekday[day]]
                for minute in range(day * DAY + first, day * DAY + min(last, DAY - 1) + 1)
            ]
            clock.CumulVar(self.index.NodeToIndex(node)).SetValues(minutes)
        for node, (stop, cell) in enumerate(self.held, start=self.first + len(self.stops)):
            clock.CumulVar(self.index.NodeToIndex(node)).SetValue(cell % ground.days * DAY + ground.start(stop))
        for cell, vehicle in self.vehicle.items():
            self._add_day(clock, cell, vehicle)

    def _add_day(self, clock: Any, cell: int, vehicle: int) -> None:
        ground, solver, limits = self.ground, self.model.solver(), self.instance.limits
        midnight = cell % ground.days * DAY
        for end in (self.model.Start(vehicle), self.model.End(vehicle)):
            clock.CumulVar(end).SetRange(midnight + ground.begin[cell], midnight + ground.end[cell])
        breaks = [
            solver.FixedDurationIntervalVar(start, start, ground.minutes[stop], False, "")
            for stop in ground.fixed[cell]
            if ground.place[stop] < 0
            for start in (midnight + ground.start(stop),)
        ]
        if self.routes.lunches[cell]:
            last = limits.lunch_to - limits.lunch_min
            noon = midnight + limits.lunch_from
            breaks.append(solver.FixedDurationIntervalVar(noon, midnight + last, limits.lunch_min, False, "lunch"))
        clock.SetBreakIntervalsOfVehicle(breaks, vehicle, self.stays)

    def _all(self) -> list[int]:
        return [*self.stops, *(stop for stop, _ in self.held)]

    def _read(self, found: Any) -> list[Held]:
        held: list[Held] = []
        for cell, vehicle in self.vehicle.items():
            at = self.model.Start(vehicle)
            while not self.model.IsEnd(at):
                node = self.index.IndexToNode(at)
                if self.first <= node < self.first + len(self.stops):
                    start = found.Min(self.model.GetDimensionOrDie("clock").CumulVar(at))
                    held.append((cell, start - cell % self.ground.days * DAY, self.stops[node - self.first]))
                at = found.Value(self.model.NextVar(at))
        return held
