"""A first whole plan: what has fewest days goes first, then what is due last; each to its cheapest place."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from service.followup.planner.board import NOT_YET, Board, Place
from service.followup.planner.choices import FOREVER

Held = tuple[int, int, int]
"""The cell, the minute and the task, as another plan has it."""


def construct(board: Board, is_late: Callable[[], bool]) -> None:
    """Put everything somewhere: first where the plan in force has it, then the rest; hurried once `is_late`."""
    keep_current(board)
    rest = [task for task, cell in enumerate(board.where) if cell == NOT_YET and not board.ground.is_fixed[task]]
    insert_all(board, sorted(rest, key=lambda task: hardness(board, task)), is_late)


def hardness(board: Board, task: int) -> tuple[bool, int, int, int]:
    """What travels before what is telephoned, fewest choices first, then latest."""
    prices = board.ground.prices
    return board.ground.place[task] < 0, len(board.choices.within[task]), -prices.late[task], task


def keep_current(board: Board) -> None:
    """Put back what the plan in force has and still can have."""
    ground = board.ground
    held = [
        (ground.cell(each.staff, each.day), each.start_min, task) for task, each in enumerate(ground.prices.current) if each
    ]
    begin_with(board, held)


def begin_with(board: Board, held: Iterable[Held]) -> None:
    """Tasks on cells where another plan had them: whole days in their order where that still works, else one by one."""
    ground, days = board.ground, dict[int, list[tuple[int, int]]]()
    for cell, start, task in sorted(held):
        if board.where[task] == NOT_YET and not ground.is_fixed[task]:
            days.setdefault(cell, []).append((start, task))
    for cell, rows in days.items():
        visits = [row for row in rows if ground.place[row[1]] >= 0 and can_stand(board, row[1], cell)]
        if visits and not board.tasks_of(cell):
            _lay_day(board, cell, visits)
        for _, task in rows:
            if board.where[task] == NOT_YET:
                put_at(board, task, cell)


def _lay_day(board: Board, cell: int, visits: list[tuple[int, int]]) -> None:
    ground = board.ground
    order = tuple(stop for _, stop in sorted([*visits, *((ground.start(stop), stop) for stop in ground.fixed[cell])]))
    route = board.routes.route(cell, order)
    if route is not None and not board.routes.shut[cell] and route.visits <= ground.instance.limits.most_visits:
        board.lay(cell, (route.travel, route.idle, order))


def can_stand(board: Board, task: int, cell: int) -> bool:
    """Whether a cell is one of the choices of a task, cheaper than leaving it out, and nobody else is there that day."""
    return board.leaves_alone(task, cell) and standing_on(board, task, cell) < board.prices[task]


def standing_on(board: Board, task: int, cell: int) -> float:
    """What a task costs on a cell, travel apart; infinite where it may not stand there."""
    choices = board.choices.within[task]
    if not any(each == cell for _, each in choices) and board.choices.late_from[task] < board.prices[task]:
        choices = board.choices.widen(task)
    return next((standing for standing, each in choices if each == cell), FOREVER)


def put_at(board: Board, task: int, cell: int) -> None:
    """Put a task on one cell if it fits there."""
    standing = standing_on(board, task, cell)
    place = board.place_on(task, standing, cell) if standing < board.prices[task] else None
    if place is not None and place[0] < board.prices[task]:
        board.put(task, place)


def insert_all(board: Board, tasks: Iterable[int], is_late: Callable[[], bool]) -> None:
    """Each to its cheapest place, in this order; to the first that can be had once it is late."""
    for task in tasks:
        place = first_place(board, task) if is_late() else cheapest(board, task)
        if place is not None:
            board.put(task, place)


def cheapest(board: Board, task: int) -> Place | None:
    """The cheapest place of a task, None where leaving it out is cheaper or there is none."""
    places = board.places(task)
    return places[0] if places else None


def first_place(board: Board, task: int) -> Place | None:
    """The first day with room in the order of what standing there costs."""
    for standing, cell in board.choices.within[task]:
        place = board.place_on(task, standing, cell)
        if place is not None and place[0] < board.prices[task]:
            return place
    return None
