"""A first whole plan: what has fewest days goes first, then what is due last; each to its cheapest place."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from service.followup.planner.board import NOT_YET, Board, Place


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
    """Put back what the plan in force has and still can have, in the order it has it."""
    ground, held = board.ground, []
    for task, promise in enumerate(ground.prices.current):
        if promise is not None and not ground.is_fixed[task]:
            held.append((promise.day, promise.staff, ground.place[task] < 0, promise.start_min, task))
    for day, staff, _, _, task in sorted(held):
        put_at(board, task, ground.cell(staff, day))


def put_at(board: Board, task: int, cell: int) -> bool:
    """Put a task on one cell if it fits there; whether it did."""
    choices = board.choices.within[task]
    if not any(each == cell for _, each in choices) and board.choices.late_from[task] < board.prices[task]:
        choices = board.choices.widen(task)
    for standing, each in choices:
        if each == cell:
            place = board.place_on(task, standing, cell)
            if place is not None and place[0] < board.prices[task]:
                board.put(task, place)
                return True
    return False


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
