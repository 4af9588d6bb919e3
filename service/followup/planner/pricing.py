"""New days worth having: for each cell, the sets of tasks whose worth is above what their way and their day cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from service.followup.planner.board import Board
from service.followup.planner.relaxed import Column, Prices
from service.followup.planner.routes import Route

MOST_PER_CELL: Final = 8
MOST_LOOKED_AT: Final = 400
"""Sets looked at for one cell in one go."""
ENOUGH: Final = 0.01


@dataclass
class _Look:
    """One cell being looked at: what each task there would earn, the most first."""

    cell: int
    earn: list[tuple[float, int]]
    found: list[tuple[float, tuple[int, ...], Route]]
    looked: int = 0


class Pricing:
    """Looks for better days under changing prices."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.at: list[list[tuple[float, int]]] = [[] for _ in board.days]
        """By cell, the tasks that travel and may stand there, with what standing there costs."""
        for task, choices in enumerate(board.choices.within):
            if board.ground.place[task] >= 0:
                for standing, cell in choices:
                    if standing < board.prices[task]:
                        self.at[cell].append((standing, task))

    def better(self, cell: int, prices: Prices) -> list[Column]:
        """Days of one cell that earn more than they cost, the best first."""
        worth = prices.tasks
        earn = sorted(((float(worth[task]) - standing, task) for standing, task in self.at[cell]), reverse=True)
        look = _Look(cell, [each for each in earn if each[0] > 0], [])
        self._grow(look, self.board.routes.bare[cell], (), float(prices.cells[cell]), 0)
        look.found.sort(key=lambda each: each[0])
        standing = {task: cost for cost, task in self.at[cell]}
        return [self._column(cell, tasks, route, standing) for _, tasks, route in look.found[:MOST_PER_CELL]]

    def _grow(self, look: _Look, route: Route, tasks: tuple[int, ...], earned: float, first: int) -> None:
        """Every set that begins with these tasks and may still earn something."""
        board, bare = self.board, self.board.routes.bare[look.cell]
        room = board.ground.instance.limits.most_visits - route.visits
        if room <= 0:
            return
        for at in range(first, len(look.earn)):
            hope = earned + sum(each[0] for each in look.earn[at : at + room])
            if hope - board.weight * (route.travel - bare.travel) < ENOUGH or look.looked >= MOST_LOOKED_AT:
                return
            worth, task = look.earn[at]
            look.looked += 1
            offer = board.routes.offer(look.cell, route, task)
            if offer is None or offer[1] < board.called[look.cell]:
                continue
            more = (*tasks, task)
            now = earned + worth - board.weight * (offer[0] - bare.travel)
            longer = board.routes.adopt(look.cell, offer)
            if now > ENOUGH:
                look.found.append((-now, more, longer))
            self._grow(look, longer, more, earned + worth, at + 1)

    def _column(self, cell: int, tasks: tuple[int, ...], route: Route, standing: dict[int, float]) -> Column:
        cost = self.board.weight * (route.travel - self.board.routes.bare[cell].travel) + sum(
            standing[task] for task in tasks
        )
        return Column(cell, frozenset(tasks), route.order, route.travel, route.idle, cost)
