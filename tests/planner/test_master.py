"""Choosing among days: each task once, each day once, at the least cost; and what the prices ask for is worth having."""

from __future__ import annotations

from itertools import combinations
from random import Random

import numpy as np
import pytest

from service.followup.planner.choosing import choose
from service.followup.planner.master import look_for_more, put_together, unplanned_of, usable
from service.followup.planner.relaxed import Column, relax
from service.followup.planner.search import Search
from service.followup.planner.stop import Iterations
from tests.planner.questions import town
from tests.planner.test_board import board_of, counted

TASKS, CELLS = 5, 3


def columns_of(random: Random) -> list[Column]:
    """A dozen days, some of them rivals."""
    made = {}
    for _ in range(12):
        tasks = frozenset(random.sample(range(TASKS), random.randint(1, 3)))
        made[random.randrange(CELLS), tasks] = random.randrange(5, 90)
    return [Column(cell, tasks, tuple(sorted(tasks)), 0, 0, float(cost)) for (cell, tasks), cost in made.items()]


def least(columns: list[Column], unplanned: dict[int, float]) -> float:
    """The cheapest choice, by trying all."""
    best = float("inf")
    for count in range(CELLS + 1):
        for some in combinations(columns, count):
            tasks = [task for column in some for task in column.tasks]
            if len(set(tasks)) == len(tasks) and len({column.cell for column in some}) == count:
                left = sum(price for task, price in unplanned.items() if task not in tasks)
                best = min(best, left + sum(column.cost for column in some))
    return best


@pytest.mark.parametrize("seed", range(25))
def test_the_choice_is_the_cheapest_there_is(seed: int) -> None:
    random = Random(seed)
    columns, unplanned = columns_of(random), {task: float(random.randrange(20, 80)) for task in range(TASKS)}
    chosen = choose(columns, set(), unplanned, None)
    assert chosen is not None
    done = [task for column in chosen for task in column.tasks]
    assert len(set(done)) == len(done)
    assert len({column.cell for column in chosen}) == len(chosen)
    left = sum(price for task, price in unplanned.items() if task not in done)
    assert left + sum(column.cost for column in chosen) == pytest.approx(least(columns, unplanned))


@pytest.mark.parametrize("seed", range(25))
def test_the_choice_with_halves_is_never_dearer_and_its_prices_add_up_to_it(seed: int) -> None:
    random = Random(seed)
    columns, unplanned = columns_of(random), np.array([float(random.randrange(20, 80)) for _ in range(TASKS)])
    prices = relax(columns, unplanned, CELLS)
    assert prices is not None
    assert prices.total <= least(columns, dict(enumerate(unplanned.tolist()))) + 1e-6
    assert prices.total == pytest.approx(prices.tasks.sum() + prices.cells.sum())
    assert all(prices.reduced(column) >= -1e-6 for column in columns)


@pytest.mark.parametrize("seed", range(6))
def test_putting_days_together_never_costs_and_keeps_the_board_true(seed: int) -> None:
    board = board_of(town(seed, tasks=60, staff=3))
    search = Search(board, Random(seed), Iterations(40).begin(), None)
    search.run()
    before = search.best[3]
    put_together(search)
    assert search.best[3] <= before
    assert board.cost == pytest.approx(counted(board))
    assert all(called <= route.idle for called, route in zip(board.called, board.days, strict=True))


def test_putting_days_together_finds_what_little_searching_did_not() -> None:
    saved = 0.0
    for seed in range(8):
        board = board_of(town(seed, tasks=60, staff=3))
        search = Search(board, Random(seed), Iterations(5).begin(), None)
        search.run()
        before = search.best[3]
        put_together(search)
        saved += before - search.best[3]
    assert saved > 50


def test_days_asked_for_by_price_make_the_choice_with_halves_cheaper() -> None:
    board = board_of(town(2, tasks=60, staff=3))
    search = Search(board, Random(0), Iterations(5).begin(), None)
    search.run()
    columns = usable(search)
    before = relax(columns, unplanned_of(board), len(board.days))
    more, after = look_for_more(search, columns)
    assert before is not None
    assert after is not None
    assert len(more) > len(columns)
    assert after.total < before.total - 10
    assert all(board.routes.walk(column.cell, column.order) == column.travel for column in more)


def test_days_asked_for_by_price_leave_room_for_the_calls() -> None:
    for seed in range(4):
        board = board_of(town(seed, tasks=80, staff=2, days=6))
        search = Search(board, Random(seed), Iterations(5).begin(), None)
        search.run()
        more, _ = look_for_more(search, usable(search))
        assert all(column.idle >= board.called[column.cell] for column in more)
