"""What to take out together, so that putting it back can change something: neighbours, a week, a day, what is dear."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

import numpy as np

from service.followup.planner.board import Board

FEWEST: Final = 4
MOST: Final = 18
NEAR: Final = 60
"""Neighbours known of each task."""
PER_DAY: Final = 4.0
"""Minutes of way that count like one day between two due days."""
TRIES: Final = 12
TIGHT: Final = 45
"""Idle minutes of a day below which its calls may stand in a visit's way."""
LOOK_FOR_LEFT: Final = 100
"""Rounds after which what is left out is counted anew."""


class Ruin:
    """Chooses which tasks come out of a board; only those that may move."""

    def __init__(self, board: Board, random: Random) -> None:
        self.board, self.random = board, random
        ground = board.ground
        self.movable = [task for task, fixed in enumerate(ground.is_fixed) if not fixed]
        self.travelled = [task for task in self.movable if ground.place[task] >= 0 and board.choices.within[task]]
        self.places = np.array([ground.place[task] for task in self.travelled], dtype=np.int64)
        self.due = np.array([ground.prices.due[task] for task in self.travelled], dtype=np.float64)
        self.primary = np.array([ground.instance.tasks[task].primary for task in self.travelled], dtype=np.int64)
        self.near: dict[int, list[int]] = {}
        self.left: list[int] = []
        self.chosen = 0
        self.hands: tuple[Callable[[int], list[int]], ...] = (
            self._related, self._related, self._related, self._week, self._week, self._days, self._worst,
        )  # fmt: skip

    def choose(self) -> list[int]:
        """Some tasks, planned or not; with them, one or two of those left out, which may find their room now."""
        if self.chosen % LOOK_FOR_LEFT == 0:
            self.left = [task for task in self.movable if self.board.where[task] < 0 and self.board.choices.within[task]]
        self.chosen += 1
        most = self.random.randint(FEWEST, MOST)
        chosen = self.random.choice(self.hands)(most) if self.travelled else self._calls(most)
        return [*chosen, *self.random.sample(self.left, min(2, len(self.left)))]

    def take_out(self, tasks: list[int]) -> list[int]:
        """Take them out; answers what is out now: these, what else came out, and calls that stood in the way."""
        board, out = self.board, []
        for task in tasks:
            cell = board.where[task]
            if cell < 0:
                out.append(task)
                continue
            out += board.take(task)
            out += self._tight_calls(cell)
        return list(dict.fromkeys(out))

    def _tight_calls(self, cell: int) -> list[int]:
        """The calls of a day that has little room left may have to go elsewhere."""
        board = self.board
        if not board.calls[cell] or board.days[cell].idle - board.called[cell] > TIGHT:
            return []
        return [each for task in board.calls[cell] for each in board.take(task)]

    def _related(self, most: int) -> list[int]:
        seed = self.random.randrange(len(self.travelled))
        near = self._neighbours(seed)
        rank = self.random.random
        chosen = [task for task in near if rank() < 0.6][: most - 1]
        return [self.travelled[seed], *chosen]

    def _neighbours(self, seed: int) -> list[int]:
        """Same zone, near due; another primary's only where they are very near."""
        if seed not in self.near:
            ways = np.array(self.board.ground.travel[int(self.places[seed])])[self.places]
            far = ways + PER_DAY * np.abs(self.due - self.due[seed]) + 40.0 * (self.primary != self.primary[seed])
            far[seed] = np.inf
            order = np.argsort(far, kind="stable")[: min(NEAR, len(self.travelled) - 1)]
            self.near[seed] = [self.travelled[at] for at in order]
        return self.near[seed]

    def _week(self, most: int) -> list[int]:
        """One member's days around a day."""
        day, start = self._somebodys_day()
        if day is None:
            return self._related(most)
        reach = 3
        days = self.board.ground.days
        first = max(start, day - reach)
        found = [task for cell in range(first, min(start + days, day + reach + 1)) for task in self._all(cell)]
        self.random.shuffle(found)
        return found[:most] or self._related(most)

    def _days(self, most: int) -> list[int]:
        """Whole days of one member, one after the other."""
        day, start = self._somebodys_day()
        if day is None:
            return self._related(most)
        found: list[int] = []
        for cell in range(day, start + self.board.ground.days):
            found += self._all(cell)
            if len(found) >= most // 2:
                break
        return found[:MOST] or self._related(most)

    def _worst(self, most: int) -> list[int]:
        """The dearest of a handful, each with a neighbour."""
        pick = self.random.randrange
        sample = [pick(len(self.travelled)) for _ in range(TRIES * 3)]
        dear = sorted(dict.fromkeys(sample), key=lambda at: -self._dearness(self.travelled[at]))[: max(2, most // 3)]
        return [task for at in dear for task in (self.travelled[at], *self._neighbours(at)[:2])][:MOST]

    def _dearness(self, task: int) -> float:
        board, cell = self.board, self.board.where[task]
        if cell < 0:
            return board.prices[task]
        order = board.days[cell].order
        rest = board.routes.route(cell, tuple(each for each in order if each != task))
        saved = board.days[cell].travel - rest.travel if rest is not None else 0
        return board.standing[task] + board.weight * saved

    def _calls(self, most: int) -> list[int]:
        return self.random.sample(self.movable, min(most, len(self.movable)))

    def _somebodys_day(self) -> tuple[int | None, int]:
        """A cell where something stands that may move, and the first cell of that member."""
        for _ in range(TRIES):
            cell = self.board.where[self.random.choice(self.travelled)]
            if cell >= 0:
                return cell, cell - cell % self.board.ground.days
        return None, 0

    def _all(self, cell: int) -> list[int]:
        return [*self.board.tasks_of(cell), *self.board.calls[cell]]
