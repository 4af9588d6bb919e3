"""The routes seen so far, and better ones looked for, put together anew: each task once, each day once."""

from __future__ import annotations

from typing import Final

import numpy as np

from service.followup.planner.board import NOT_YET, Board
from service.followup.planner.choosing import choose
from service.followup.planner.construct import cheapest, hardness
from service.followup.planner.pricing import Pricing
from service.followup.planner.relaxed import Column, Floats, Prices, relax
from service.followup.planner.search import Search

MOST_CHOSEN: Final = 5_000
LEAST_SECONDS: Final = 4.0
"""With less left, searching on is worth more."""
LOOKS: Final = 4
"""Rounds of looking for better days, where rounds are counted and not seconds."""
FOR_LOOKING: Final = 0.35
"""Of the seconds left."""
FOR_CHOOSING: Final = 0.4


def put_together(search: Search) -> None:
    """Replace the board by the best choice among all routes known, if that is cheaper."""
    left = search.pace.seconds_left()
    if left is not None and left < LEAST_SECONDS:
        return
    board = search.board
    board.thaw(search.best)
    columns, prices = look_for_more(search, usable(search))
    if prices is None or search.is_stopped:
        return
    held = {column for column in columns if column.tasks == frozenset(board.tasks_of(column.cell))}
    order = sorted((prices.reduced(column), at) for at, column in enumerate(columns))
    wanted = list(
        dict.fromkeys([*sorted(held, key=lambda each: each.cell), *(columns[at] for _, at in order[:MOST_CHOSEN])])
    )
    left = search.pace.seconds_left()
    if left is not None and left < LEAST_SECONDS / 2:
        return
    unplanned = {task: price for task, price in enumerate(board.prices) if is_routed(board, task)}
    seconds = None if left is None else left * FOR_CHOOSING
    chosen = choose(wanted, held, unplanned, seconds, rivals_among(board, wanted))
    if chosen is not None:
        apply(board, chosen)
        search.keep_if_best()


def look_for_more(search: Search, columns: list[Column]) -> tuple[list[Column], Prices | None]:
    """The columns with those that the prices of the relaxed choice ask for, and the last prices."""
    board, known = search.board, {(column.cell, column.tasks) for column in columns}
    pricing, left = Pricing(board), search.pace.seconds_left()
    prices = relax(columns, unplanned_of(board), len(board.days))
    for _ in range(LOOKS if left is None else 100):
        found = [
            column
            for cell, shut in enumerate(board.routes.shut)
            if not shut and prices is not None
            for column in pricing.better(cell, prices)
            if (column.cell, column.tasks) not in known
        ]
        if not found:
            break
        columns = [*columns, *found]
        known |= {(column.cell, column.tasks) for column in found}
        search.columns.update({(each.cell, each.tasks): (each.travel, each.idle, each.order) for each in found})
        prices = relax(columns, unplanned_of(board), len(board.days))
        search.tell()
        now = search.pace.seconds_left()
        if search.is_stopped or (left is not None and now is not None and now < left * (1 - FOR_LOOKING)):
            break
    return columns, prices


def usable(search: Search) -> list[Column]:
    """The routes seen that leave room for the calls of the best plan."""
    board = search.board
    weight, bare, standing = board.weight, board.routes.bare, board.ground.prices.standing
    columns = []
    for (cell, tasks), (travel, idle, order) in search.columns.items():
        if idle >= board.called[cell]:
            staff, day = divmod(cell, board.ground.days)
            cost = weight * (travel - bare[cell].travel) + sum(standing(task, staff, day) for task in tasks)
            columns.append(Column(cell, tasks, order, travel, idle, cost))
    return columns


def unplanned_of(board: Board) -> Floats:
    """By task, what leaving it out costs; nothing where routes do not decide about it."""
    return np.array([price if is_routed(board, task) else 0.0 for task, price in enumerate(board.prices)])


def is_routed(board: Board, task: int) -> bool:
    """Whether the routes decide about a task: it travels and is not fixed."""
    return not board.ground.is_fixed[task] and board.ground.place[task] >= 0


def rivals_among(board: Board, columns: list[Column]) -> list[list[int]]:
    """Columns of which one at most may be chosen: one day of whoever it is, with something about the same person."""
    ground, found = board.ground, dict[tuple[int, int], list[int]]()
    for at, column in enumerate(columns):
        people = {ground.instance.tasks[task].person for task in column.tasks if ground.mates[task]}
        for person in people - {None}:
            found.setdefault((person or 0, column.cell % ground.days), []).append(at)
    return list(found.values())


def apply(board: Board, chosen: list[Column]) -> None:
    """The chosen days onto the board; what none of them holds goes where it is cheapest."""
    board.begin()
    wanted = {column.cell: column for column in chosen}
    for cell, route in enumerate(board.days):
        if board.tasks_of(cell) and (cell not in wanted or wanted[cell].order != route.order):
            board.clear(cell)
    for cell, column in wanted.items():
        if board.days[cell].order != column.order:
            _hang_up(board, column)
            board.lay(cell, (column.travel, column.idle, column.order))
    out = [task for task, cell in enumerate(board.where) if cell == NOT_YET and not board.ground.is_fixed[task]]
    for task in sorted(out, key=lambda task: hardness(board, task)):
        place = cheapest(board, task)
        if place is not None:
            board.put(task, place)


def _hang_up(board: Board, column: Column) -> None:
    """Take out the calls of others, that day, to whoever a column is about."""
    ground, where = board.ground, board.where
    for mate in {mate for task in column.tasks for mate in ground.mates[task]}:
        is_call = where[mate] != NOT_YET and ground.place[mate] < 0
        if is_call and where[mate] != column.cell and where[mate] % ground.days == column.cell % ground.days:
            board.take(mate)
