"""New days worth having: for each cell, the sets of tasks whose worth is above what their way and their day cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from service.followup.planner.board import Board
from service.followup.planner.choices import Choices
from service.followup.planner.ground import Ground
from service.followup.planner.relaxed import Column, Prices
from service.followup.planner.routes import Route

MOST_PER_CELL: Final = 8
MOST_LOOKED_AT: Final = 400
"""Sets looked at for one cell in one go."""
ENOUGH: Final = 0.01


@dataclass
class Look:
    """One cell being looked at: what each task there would earn, the most first, and the days found so far."""

    cell: int
    earn: list[tuple[float, int]]
    found: list[tuple[float, tuple[int, ...], Route]] = field(default_factory=list)
    looked: int = 0
    missed: float = 0.0
    """What a day not looked at any more could earn at most."""


class Pricing:
    """Looks for better days under changing prices, each a route that can be done beside the calls of its day."""

    most_looked_at = MOST_LOOKED_AT

    def __init__(self, board: Board) -> None:
        self.board = board
        self.weight = board.weight
        self.room = board.ground.instance.limits.most_visits
        self.at = standing_by_cell(board.ground, board.choices, board.prices)
        """By cell, the tasks that travel and may stand there, with what standing there costs."""

    def better(self, cell: int, prices: Prices) -> list[Column]:
        """Days of one cell that earn more than they cost, the best first."""
        look = self.look(cell, prices)
        standing = {task: cost for cost, task in self.at[cell]}
        return [self._column(cell, tasks, route, standing) for _, tasks, route in look.found[:MOST_PER_CELL]]

    def look(self, cell: int, prices: Prices) -> Look:
        """All that was found on one cell, the best first."""
        worth = prices.tasks
        earn = sorted(((float(worth[task]) - standing, task) for standing, task in self.at[cell]), reverse=True)
        look = Look(cell, [each for each in earn if each[0] > 0])
        self._grow(look, self.bare(cell), (), float(prices.cells[cell]), 0)
        look.found.sort(key=lambda each: each[0])
        return look

    def bare(self, cell: int) -> Route:
        """The day a cell begins with."""
        return self.board.routes.bare[cell]

    def longer(self, cell: int, route: Route, task: int) -> Route | None:
        """A day with one more task, None where it cannot be done."""
        offer = self.board.routes.offer(cell, route, task)
        return None if offer is None or offer[1] < self.board.called[cell] else self.board.routes.adopt(cell, offer)

    def _grow(self, look: Look, route: Route, tasks: tuple[int, ...], earned: float, first: int) -> None:
        """Every set that begins with these tasks and may still earn something."""
        bare, room = self.fixed_travel(look.cell), self.room - route.visits
        for at in range(first, len(look.earn) if room > 0 else 0):
            hope = earned + sum(each[0] for each in look.earn[at : at + room]) - self.weight * (route.travel - bare)
            if hope < ENOUGH:
                return
            if look.looked >= self.most_looked_at:
                look.missed = max(look.missed, hope)
                return
            worth, task = look.earn[at]
            look.looked += 1
            longer = self.longer(look.cell, route, task)
            if longer is None:
                continue
            now = earned + worth - self.weight * (longer.travel - bare)
            if now > ENOUGH:
                look.found.append((-now, (*tasks, task), longer))
            self._grow(look, longer, (*tasks, task), earned + worth, at + 1)

    def fixed_travel(self, cell: int) -> int:
        """The ways of a day with nothing but what is fixed; what a column costs is counted from there."""
        return self.board.routes.bare[cell].travel

    def _column(self, cell: int, tasks: tuple[int, ...], route: Route, standing: dict[int, float]) -> Column:
        cost = self.weight * (route.travel - self.fixed_travel(cell)) + sum(standing[task] for task in tasks)
        return Column(cell, frozenset(tasks), route.order, route.travel, route.idle, cost)


def standing_by_cell(ground: Ground, choices: Choices, unplanned: list[float]) -> list[list[tuple[float, int]]]:
    """By cell, what travels and may stand there for less than being left out: its price there, and the task."""
    cells: list[list[tuple[float, int]]] = [[] for _ in ground.begin]
    for task, rows in enumerate(choices.within):
        if ground.place[task] >= 0:
            for standing, cell in rows:
                if standing < unplanned[task]:
                    cells[cell].append((standing, task))
    return cells
