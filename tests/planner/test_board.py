"""The plan while it is being made: its cost is what it says, no day holds more than its minutes, and everything can be taken back."""

from __future__ import annotations

from random import Random

import pytest

from service.followup.planner.board import Board
from service.followup.planner.choices import Choices
from service.followup.planner.construct import construct
from service.followup.planner.ground import Ground
from service.followup.planner.instance import Instance
from service.followup.planner.master import usable
from service.followup.planner.pairs import Pairs
from service.followup.planner.routes import Routes
from service.followup.planner.ruin import Ruin
from service.followup.planner.search import Search
from service.followup.planner.stop import Iterations
from tests.planner.questions import town


def board_of(question: Instance) -> Board:
    """A first plan on the board."""
    ground = Ground(question)
    routes, choices = Routes(ground), Choices(ground)
    Pairs(ground, routes, choices).book()
    board = Board(ground, routes, choices)
    construct(board, lambda: False)
    return board


def counted(board: Board) -> float:
    """The cost of a board from where everything stands."""
    ground, total = board.ground, 0.0
    for cell, route in enumerate(board.days):
        total += board.weight * (route.travel - board.routes.bare[cell].travel)
    for task, cell in enumerate(board.where):
        if not ground.is_fixed[task]:
            total += board.prices[task] if cell < 0 else ground.prices.standing(task, *divmod(cell, ground.days))
    return total


@pytest.mark.parametrize("seed", range(6))
def test_the_board_costs_what_it_says_and_no_day_holds_more_than_its_minutes(seed: int) -> None:
    board = board_of(town(seed, tasks=70, staff=2, days=6))
    search = Search(board, Random(seed), Iterations(0).begin(), None)
    for rounds in range(150):
        search.pace = Iterations(rounds + 1).begin()
        board.thaw(search.best)
        search.run()
        assert board.cost == pytest.approx(counted(board))
        assert all(called <= route.idle for called, route in zip(board.called, board.days, strict=True))
        assert board.called == [sum(board.ground.minutes[task] for task in calls) for calls in board.calls]
    assert any(board.called)


@pytest.mark.parametrize("seed", range(6))
def test_what_was_taken_out_can_be_taken_back(seed: int) -> None:
    board = board_of(town(seed, tasks=50, staff=2))
    ruin = Ruin(board, Random(seed))
    for _ in range(60):
        before = (
            list(board.days),
            list(board.calls),
            list(board.called),
            list(board.where),
            list(board.standing),
            board.cost,
        )
        board.begin()
        out = ruin.take_out(ruin.choose())
        assert all(board.where[task] < 0 for task in out)
        for task in out[::2]:
            places = board.places(task)
            if places:
                board.put(task, places[0])
        board.take_back()
        assert before == (board.days, board.calls, board.called, board.where, board.standing, board.cost)


def test_only_days_that_leave_room_for_the_calls_are_put_together() -> None:
    dropped = 0
    for seed in range(4):
        board = board_of(town(seed, tasks=70, staff=2, days=6))
        search = Search(board, Random(seed), Iterations(300).begin(), None)
        search.run()
        columns = usable(search)
        assert all(column.idle >= board.called[column.cell] for column in columns)
        held = {(column.cell, column.tasks) for column in columns}
        assert all(
            (cell, frozenset(board.tasks_of(cell))) in held for cell in range(len(board.days)) if board.tasks_of(cell)
        )
        dropped += len(search.columns) - len(columns)
    assert dropped > 0
