"""What no plan can be cheaper than: a proof by prices, with ways made as short as any order could be.

Everything left out of the proof can only make a plan dearer: hours and lunch where three meet on a day, calls beside
visits, and that a visit of two needs two. A price for each task and each day is found by column generation; the bound holds for any prices.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import floyd_warshall

from service.followup.planner.board import Board
from service.followup.planner.choices import Choices
from service.followup.planner.ground import Ground
from service.followup.planner.instance import Instance
from service.followup.planner.pairs import needs_pair
from service.followup.planner.plan import Plan
from service.followup.planner.pricing import ENOUGH, MOST_PER_CELL, Pricing
from service.followup.planner.relaxed import Column, Prices, relax
from service.followup.planner.routes import Route, Routes

ROUNDS: Final = 40
NEAR_ENOUGH: Final = 0.0005
"""Of the total: closer than that to the relaxed choice, the proof is not worth another round."""
SAFETY: Final = 1e-6
NO_WAY: Final = 1e-4
"""Instead of no minutes: what finds shortest ways takes nought for a missing one."""
MOST_IN_ANY_ORDER: Final = 7
"""Stops whose shortest round is looked for; one more is taken to lie on the way."""
FIRST_LOOK: Final = 200
LAST_LOOK: Final = 4_000
"""Sets looked at for one cell: few while the prices are still wild, then more and more."""


def lower_bound(instance: Instance, plan: Plan, rounds: int = ROUNDS, most_looked_at: int = LAST_LOOK) -> float:
    """A cost in minutes that no plan of the instance can be below; `plan` only helps to find good prices.

    Fewer rounds, or fewer sets looked at for a cell, make the bound lower, never false.
    """
    ground = Ground(replace(instance, travel=_shortest_ways(instance.travel)))
    routes, real = Routes(ground), Routes(Ground(instance))
    routes.lunches[:], routes.shut[:] = real.lunches, real.shut
    board = Board(ground, routes, Choices(ground))
    for task in range(len(ground.is_fixed)):
        if board.choices.late_from[task] < board.prices[task]:
            board.choices.widen(task)
    proof = _Proof(board)
    return proof.constant() + max(0.0, proof.best(plan, rounds, most_looked_at)) - SAFETY


class _Proof(Pricing):
    """Days as sets of places with their shortest round, which no real order beats."""

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        ground = board.ground
        self.together: dict[tuple[int, int, int], bool] = {}
        self.rounds: dict[tuple[int, int, frozenset[int]], int] = {}
        self.routed = [
            not ground.is_fixed[task] and ground.place[task] >= 0 and not needs_pair(ground, task) for task in self._all()
        ]
        self.unplanned = np.array([price if self.routed[task] else 0.0 for task, price in enumerate(board.prices)])
        for cell, rows in enumerate(self.at):
            self.at[cell] = [row for row in rows if self.routed[row[1]] and not board.routes.shut[cell]]
        self.bares = [self._bare(cell) for cell in range(len(self.at))]

    def constant(self) -> float:
        """What every plan pays: the ways to what is fixed, and the least each thing costs that routes do not decide."""
        board, ground = self.board, self.board.ground
        total = board.weight * sum(route.travel for route in self.bares)
        for task in self._all():
            pin = ground.instance.tasks[task].pin
            if ground.is_fixed[task] and pin is not None:
                going = board.choices.may_go(task) if needs_pair(ground, task) else ()
                total += sum(ground.prices.terms(task, (pin.staff, *going), pin.day))
            elif not self.routed[task]:
                total += self._least(task)
        return total

    def best(self, plan: Plan, rounds: int, most_looked_at: int) -> float:
        """The best bound over the rounds of pricing, for what routes decide."""
        columns = self._begin_with(plan)
        known = {(column.cell, column.tasks) for column in columns}
        best = 0.0
        for number in range(rounds):
            self.most_looked_at = min(FIRST_LOOK * 2**number, most_looked_at)
            prices = relax(columns, self.unplanned, len(self.at))
            if prices is None:
                break
            found, bound = self._price_all(prices)
            best = max(best, bound)
            fresh = [column for column in found if (column.cell, column.tasks) not in known]
            if (not fresh and self.most_looked_at == most_looked_at) or prices.total - best <= NEAR_ENOUGH * prices.total:
                break
            columns += fresh
            known |= {(column.cell, column.tasks) for column in fresh}
        return best

    def bare(self, cell: int) -> Route:
        """The day with what is fixed, by its shortest round."""
        return self.bares[cell]

    def fixed_travel(self, cell: int) -> int:
        """The shortest round through what is fixed."""
        return self.bares[cell].travel

    def longer(self, cell: int, route: Route, task: int) -> Route | None:
        """One more task, as long as its minutes and the shortest round fit the shift."""
        ground = self.board.ground
        order = (*route.order, task)
        travel = self._round(cell, order) if route.visits < MOST_IN_ANY_ORDER else route.travel
        idle = route.idle - ground.minutes[task] - (travel - route.travel)
        if idle < 0 or travel > ground.instance.limits.most_travel_min:
            return None
        if not all(self._agree(cell, other, task) for other in (task, *route.order) if other < len(ground.is_fixed)):
            return None
        return Route(order, travel, idle, route.visits + 1)

    def _agree(self, cell: int, one: int, other: int) -> bool:
        """Whether two tasks (or one, twice named) fit the day beside what is fixed, in some order."""
        key = (cell, one, other)
        if key not in self.together:
            orders = {self.board.routes.bare[cell].order}
            for task in {one, other} - set(self.board.routes.bare[cell].order):
                orders = {(*order[:at], task, *order[at:]) for order in orders for at in range(len(order) + 1)}
            self.together[key] = any(self.board.routes.walk(cell, order) >= 0 for order in orders)
        return self.together[key]

    def _price_all(self, prices: Prices) -> tuple[list[Column], float]:
        """Better days of all cells, and the bound these prices prove."""
        found: list[Column] = []
        bound = float(np.minimum(prices.tasks, self.unplanned).sum()) + float(prices.cells.sum())
        for cell, rows in enumerate(self.at):
            look = self.look(cell, prices)
            standing = {task: cost for cost, task in rows}
            found += [self._column(cell, tasks, route, standing) for _, tasks, route in look.found[:MOST_PER_CELL]]
            most = max(look.missed, -look.found[0][0] if look.found else 0.0)
            bound -= max(ENOUGH, most)
        return found, bound

    def _begin_with(self, plan: Plan) -> list[Column]:
        """The days of a plan, and every task alone."""
        days: dict[int, list[int]] = {}
        for visit in plan.visits:
            if self.routed[visit.task]:
                days.setdefault(self.board.ground.cell(visit.staff, visit.day), []).append(visit.task)
        sets = [(cell, tuple(sorted(tasks))) for cell, tasks in days.items()]
        sets += [
            (cell, (task,))
            for cell, rows in enumerate(self.at)
            for _, task in rows
            if self.longer(cell, self.bare(cell), task)
        ]
        columns = []
        for cell, tasks in dict.fromkeys(sets):
            standing = {task: cost for cost, task in self.at[cell]}
            if all(task in standing for task in tasks):
                route = Route(tasks, self._round(cell, (*self.bares[cell].order, *tasks)), 0, 0)
                columns.append(self._column(cell, tasks, route, standing))
        return columns

    def _bare(self, cell: int) -> Route:
        """What is fixed by its shortest round, with the minutes the shift has beside it."""
        ground, order = self.board.ground, self.board.routes.bare[cell].order
        travel = self._round(cell, order)
        lunch = ground.instance.limits.lunch_min if self.board.routes.lunches[cell] else 0
        busy = travel + lunch + sum(ground.minutes[stop] for stop in order)
        return Route(order, travel, ground.end[cell] - ground.begin[cell] - busy, ground.visits(order))

    def _round(self, cell: int, order: tuple[int, ...]) -> int:
        """The shortest round from home through all these places and back, in any order."""
        ground = self.board.ground
        home = ground.home[cell]
        return self._rest(home, home, frozenset(ground.place[stop] for stop in order if ground.place[stop] >= 0))

    def _rest(self, home: int, here: int, places: frozenset[int]) -> int:
        if not places:
            return self.board.ground.travel[here][home]
        key = (home, here, places)
        if key not in self.rounds:
            self.rounds[key] = min(
                self.board.ground.travel[here][there] + self._rest(home, there, places - {there}) for there in places
            )
        return self.rounds[key]

    def _least(self, task: int) -> float:
        board = self.board
        terms, ground = board.ground.prices.terms, board.ground
        if not needs_pair(ground, task):
            return min((standing for standing, _ in board.choices.within[task]), default=board.prices[task])
        going = (*board.choices.may_go(task), *range(len(ground.instance.staff)))
        days = board.choices.may_begin(task, range(ground.prices.early[task], ground.days))
        return min([board.prices[task], *(sum(terms(task, going, day)) for day in days)])

    def _all(self) -> range:
        return range(len(self.board.ground.is_fixed))


def _shortest_ways(travel: NDArray[np.int32]) -> NDArray[np.int32]:
    """Minutes between places by any detour, so that one more place never makes a round shorter."""
    if not travel.size:
        return travel
    ways: NDArray[np.int32] = np.floor(floyd_warshall(travel + NO_WAY)).astype(np.int32)
    return ways
