"""The search: take some out, put them back cheaper, walk on from a slightly dearer plan now and then, keep the best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log
from random import Random
from typing import Final

from service.followup.planner.board import Board, Frozen, Place
from service.followup.planner.construct import cheapest, hardness
from service.followup.planner.routes import Offer
from service.followup.planner.ruin import Ruin
from service.followup.planner.stop import Pace

TELL_EVERY: Final = 200
"""Rounds between two words to whoever watches."""
SKIPPED: Final = 0.03
"""How often a place is overlooked on purpose, so that putting back does not always end the same."""
REGRETS: Final = 0.5
"""Share of the rounds that put back first what would lose most by waiting."""
MOST_COLUMNS: Final = 60_000


@dataclass(frozen=True)
class Progress:
    """How far a search is: rounds done, the cost of the best plan so far and what it leaves out."""

    rounds: int
    cost: float
    left: int


Watch = Callable[[Progress], bool | None]
"""Told now and then; True means stop now."""
Columns = dict[tuple[int, frozenset[int]], Offer]
"""The shortest route seen for each set of tasks on a cell."""


class Search:
    """One search over one board."""

    def __init__(self, board: Board, random: Random, pace: Pace, watch: Watch | None) -> None:
        self.board, self.random, self.pace, self.watch = board, random, pace, watch
        self.ruin = Ruin(board, random)
        self.columns: Columns = {}
        self.rounds = 0
        self.is_stopped = False
        self.best: Frozen = board.freeze()
        board.chance, board.skip = random.random, SKIPPED
        for cell in range(len(board.days)):
            self._keep_route(cell)

    def run(self, put_together: Callable[[Search], None] | None = None) -> None:
        """Until the pace is over or whoever watches says so; the board is the best plan seen then."""
        while not self.pace.is_over(self.rounds) and not self.is_stopped and self.ruin.movable:
            self._round()
            self.rounds += 1
            if put_together is not None and self.pace.wants_master(self.rounds):
                put_together(self)
            if self.rounds % TELL_EVERY == 0:
                self.tell()
        self.board.thaw(self.best)

    def keep_if_best(self) -> None:
        """Remember the board if nothing cheaper was seen."""
        if self.board.cost < self.best[3] - 1e-6:
            self.best = self.board.freeze()

    def _round(self) -> None:
        board = self.board
        board.begin()
        out = self.ruin.take_out(self.ruin.choose())
        self._put_back(out)
        gap = board.cost - board.cost_before
        for cell in board.before:
            self._keep_route(cell)
        if gap >= -self.pace.heat(self.rounds) * log(1.0 - self.random.random()) + 1e-9:
            board.take_back()
            return
        self.keep_if_best()
        board.routes.sweep()

    def _put_back(self, out: list[int]) -> None:
        ruled = self.random.random()
        if ruled < REGRETS:
            self._by_regret(out)
            return
        if ruled < 0.6:
            self.random.shuffle(out)
        else:
            out.sort(key=lambda task: hardness(self.board, task))
        for task in out:
            place = cheapest(self.board, task)
            if place is not None:
                self.board.put(task, place)

    def _by_regret(self, out: list[int]) -> None:
        """First whatever would lose most by waiting; a task's places are asked again only when its day was taken."""
        board = self.board
        waiting = {task: board.places(task, 2) for task in out}
        while waiting:
            task = max(waiting, key=lambda each: (self._regret(each, waiting[each]), -each))
            places = waiting.pop(task)
            if not places:
                continue
            board.put(task, places[0])
            for other, held in waiting.items():
                if other in board.ground.mates[task] or any(place[1] == places[0][1] for place in held):
                    waiting[other] = board.places(other, 2)

    def _regret(self, task: int, places: list[Place]) -> float:
        if not places:
            return -1.0
        second = places[1][0] if len(places) > 1 else self.board.prices[task]
        return second - places[0][0]

    def _keep_route(self, cell: int) -> None:
        tasks = self.board.tasks_of(cell)
        if tasks and len(self.columns) < MOST_COLUMNS:
            route, key = self.board.days[cell], (cell, frozenset(tasks))
            known = self.columns.get(key)
            if known is None or route.travel < known[0]:
                self.columns[key] = (route.travel, route.idle, route.order)

    def tell(self) -> None:
        """A word to whoever watches, who may end the search."""
        if self.watch is not None:
            left = sum(1 for cell in self.best[2] if cell < 0) - sum(self.board.ground.is_fixed)
            self.is_stopped = bool(self.watch(Progress(self.rounds, self.best[3], left)))
