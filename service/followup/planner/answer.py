"""The finished board as a plan: visits with their hours and places in the day, the five terms, and what is left and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from service.followup.planner.board import Board
from service.followup.planner.calls import Calls
from service.followup.planner.pairs import Pairs
from service.followup.planner.plan import Costs, Left, Plan, Visit
from service.followup.planner.reasons import Reasons
from service.followup.planner.routes import ground_travel


def answer(board: Board, pairs: Pairs, notes: Mapping[str, Any]) -> Plan:
    """The plan of a board."""
    calls = Calls(board)
    calls.settle()
    visits = tuple(visit for cell in range(len(board.days)) for visit in _visits_of(board, calls, cell))
    planned = {visit.task for visit in visits}
    missing = [task for task in range(len(board.where)) if task not in planned]
    reasons = Reasons(board, pairs, calls)
    left = tuple(Left(task, *reasons.of(task)) for task in missing)
    return Plan(visits, left, costs(board, visits, missing), None, {**notes, **_told(board, pairs)})


def costs(board: Board, visits: tuple[Visit, ...], left: list[int]) -> Costs:
    """The five terms of what is planned and left."""
    ground, planned = board.ground, dict[int, tuple[tuple[int, ...], int]]()
    for visit in visits:
        planned[visit.task] = ((*planned.get(visit.task, ((), 0))[0], visit.staff), visit.day)
    travel = sum(ground_travel(ground, cell, day.order) for cell, day in enumerate(board.days) if day.order)
    return ground.prices.total(travel, planned, left)


def _visits_of(board: Board, calls: Calls, cell: int) -> Iterator[Visit]:
    ground = board.ground
    staff, day = divmod(cell, ground.days)
    order = board.days[cell].order
    if not order and not board.calls[cell]:
        return
    layout = calls.layout(cell)
    starts = layout.starts if layout else {}
    tasks = [stop for stop in order if stop < len(ground.is_fixed)]
    travelled = [(starts[task] if task in starts else ground.start(task), task) for task in tasks if ground.place[task] >= 0]
    called = [(ground.start(task), task) for task in tasks if ground.place[task] < 0]
    called += [(calls.starts[task], task) for task in board.calls[cell]]
    for position, (start, task) in enumerate([*travelled, *sorted(called)]):
        yield Visit(task, staff, day, start, position)


def _told(board: Board, pairs: Pairs) -> dict[str, Any]:
    """What whoever reads the plan has to know: promises that fell, days that were too full from the start, visits of one."""
    ground = board.ground
    full = [list(divmod(cell, ground.days)) for cell, shut in enumerate(board.routes.shut) if shut and ground.fixed[cell]]
    return {"dropped_pins": list(ground.dropped), "overfull": full, "alone": list(pairs.alone)}
