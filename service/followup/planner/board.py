"""The plan while it is being made: one route per cell, telephone work beside it, and a way back to how it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from service.followup.planner.choices import Choices
from service.followup.planner.ground import Ground
from service.followup.planner.routes import Offer, Route, Routes

NOT_YET: Final = -1
Place = tuple[float, int, Offer | None]
"""What it adds, the cell, and the route it makes (None for telephone work)."""
Frozen = tuple[list[Route], list[tuple[int, ...]], list[int], float]


class Board:
    """Where everything stands now, and what that costs (fixed things apart, which cost the same in every plan)."""

    def __init__(self, ground: Ground, routes: Routes, choices: Choices) -> None:
        self.ground, self.routes, self.choices = ground, routes, choices
        self.days: list[Route] = list(routes.bare)
        self.calls: list[tuple[int, ...]] = [()] * len(self.days)
        """By cell, the telephone work that fills idle minutes."""
        self.called = [0] * len(self.days)
        self.where = [NOT_YET] * len(ground.is_fixed)
        self.weight = ground.instance.weights.travel
        self.prices = [ground.prices.unplanned(task) for task in range(len(self.where))]
        self.standing: list[float] = [0.0] * len(self.where)
        """What each task costs where it stands, travel apart."""
        self.cost = sum(price for task, price in enumerate(self.prices) if not ground.is_fixed[task])
        self.before: dict[int, tuple[Route, tuple[int, ...], int]] = {}
        """Cells as they were when the round began."""
        self.moved: dict[int, tuple[int, float]] = {}
        """Tasks likewise."""
        self.cost_before = self.cost
        self.skip = 0.0
        """How often a place is overlooked on purpose, so that putting back does not always end the same."""
        self.chance: Callable[[], float] = float

    def begin(self) -> None:
        """From here on everything can be taken back."""
        self.before, self.moved, self.cost_before = {}, {}, self.cost

    def take_back(self) -> None:
        """As it was when the round began."""
        for cell, (route, calls, called) in self.before.items():
            self.days[cell], self.calls[cell], self.called[cell] = route, calls, called
        for task, (cell, standing) in self.moved.items():
            self.where[task], self.standing[task] = cell, standing
        self.cost = self.cost_before

    def places(self, task: int, most: int = 1) -> list[Place]:
        """The cheapest places for a task, at most so many, cheaper than leaving it out; the first in order of cost."""
        best: list[Place] = []
        dear = self.prices[task]
        skip, chance = self.skip, self.chance
        for standing, cell in self.choices.within[task]:
            if standing >= dear:
                break
            if skip and chance() < skip:
                continue
            found = self.place_on(task, standing, cell)
            if found is not None and found[0] < dear:
                best.append(found)
                if len(best) >= most:
                    best.sort(key=_by_cost)
                    del best[most:]
                    dear = best[-1][0]
        best.sort(key=_by_cost)
        if (best[0][0] if best else dear) <= self.choices.late_from[task]:
            return best
        self.choices.widen(task)
        return self.places(task, most)

    def place_on(self, task: int, standing: float, cell: int) -> Place | None:
        """What putting a task on one cell adds, None where it does not fit."""
        if not self.leaves_alone(task, cell):
            return None
        route = self.days[cell]
        if self.ground.place[task] < 0:
            fits = self.called[cell] + self.ground.minutes[task] <= route.idle and not self.routes.shut[cell]
            return (standing, cell, None) if fits else None
        offer = self.routes.offer(cell, route, task)
        if offer is None or offer[1] < self.called[cell]:
            return None
        return standing + self.weight * (offer[0] - route.travel), cell, offer

    def leaves_alone(self, task: int, cell: int) -> bool:
        """Whether nobody else does anything about the same person that day."""
        mates = self.ground.mates[task]
        if not mates:
            return True
        where, days = self.where, self.ground.days
        others = (where[mate] for mate in mates if where[mate] not in (NOT_YET, cell))
        return all(other % days != cell % days for other in others) and self.ground.leaves_alone(task, cell)

    def put(self, task: int, place: Place) -> None:
        """A task at its place."""
        cost, cell, offer = place
        self._remember(task, cell)
        if offer is None:
            self.calls[cell] = (*self.calls[cell], task)
            self.called[cell] += self.ground.minutes[task]
            self.standing[task] = cost
        else:
            self.standing[task] = cost - self.weight * (offer[0] - self.days[cell].travel)
            self.days[cell] = self.routes.adopt(cell, offer)
        self.where[task] = cell
        self.cost += cost - self.prices[task]

    def take(self, task: int) -> list[int]:
        """Take a task out; answers all that came out (a day that is harder with less on it is emptied)."""
        cell = self.where[task]
        self._remember(task, cell)
        if self.ground.place[task] < 0:
            self.calls[cell] = tuple(each for each in self.calls[cell] if each != task)
            self.called[cell] -= self.ground.minutes[task]
            return self._out(task)
        order = self.days[cell].order
        route = self.routes.route(cell, tuple(each for each in order if each != task))
        return self._out(task) if self._swap(cell, route) else self.clear(cell)

    def clear(self, cell: int) -> list[int]:
        """Take out everything that travels and may move."""
        tasks = self.tasks_of(cell)
        for task in tasks:
            self._remember(task, cell)
        self._swap(cell, self.routes.bare[cell])
        return [each for task in tasks for each in self._out(task)]

    def lay(self, cell: int, offer: Offer) -> None:
        """A whole route onto a cell that is bare, its tasks with it."""
        self._swap(cell, self.routes.adopt(cell, offer))
        for task in self.tasks_of(cell):
            self._remember(task, cell)
            self.where[task] = cell
            self.standing[task] = self.ground.prices.standing(task, *divmod(cell, self.ground.days))
            self.cost += self.standing[task] - self.prices[task]

    def tasks_of(self, cell: int) -> list[int]:
        """The tasks that travel on a cell and may move, in order."""
        is_fixed = self.ground.is_fixed
        return [stop for stop in self.days[cell].order if stop < len(is_fixed) and not is_fixed[stop]]

    def freeze(self) -> Frozen:
        """The board as it is, to come back to."""
        return list(self.days), list(self.calls), list(self.where), self.cost

    def thaw(self, frozen: Frozen) -> None:
        """Back to a board kept."""
        days, calls, where, self.cost = frozen
        self.days, self.calls, self.where = list(days), list(calls), list(where)
        minutes, ground = self.ground.minutes, self.ground
        self.called = [sum(minutes[task] for task in row) for row in self.calls]
        for task, cell in enumerate(where):
            if cell >= 0:
                self.standing[task] = ground.prices.standing(task, *divmod(cell, ground.days))

    def _swap(self, cell: int, route: Route | None) -> bool:
        """Another route on a cell, unless it leaves too little room for what is called there."""
        if route is None or route.idle < self.called[cell]:
            return False
        self.cost += self.weight * (route.travel - self.days[cell].travel)
        self.days[cell] = route
        return True

    def _out(self, task: int) -> list[int]:
        self.cost += self.prices[task] - self.standing[task]
        self.where[task] = NOT_YET
        return [task]

    def _remember(self, task: int, cell: int) -> None:
        if cell not in self.before:
            self.before[cell] = (self.days[cell], self.calls[cell], self.called[cell])
        if task not in self.moved:
            self.moved[task] = (self.where[task], self.standing[task])


def _by_cost(place: Place) -> float:
    return place[0]
