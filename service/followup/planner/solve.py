"""The planner's one verb: an instance in, a plan out; the same plan for the same seed and number of rounds."""

from __future__ import annotations

from random import Random
from typing import Final

from service.followup.planner.answer import answer
from service.followup.planner.board import NOT_YET, Board
from service.followup.planner.choices import Choices
from service.followup.planner.construct import construct, put_at
from service.followup.planner.ground import Ground
from service.followup.planner.instance import Instance
from service.followup.planner.master import put_together
from service.followup.planner.pairs import Pairs
from service.followup.planner.plan import Plan
from service.followup.planner.routes import Routes
from service.followup.planner.search import Search, Watch
from service.followup.planner.stop import Stop

WRITING: Final = 0.3
"""What writing the plan down takes, as a share of making the first one."""


def solve(instance: Instance, *, seed: int, stop: Stop, watch: Watch | None = None, warm: Plan | None = None) -> Plan:
    """The best plan found until `stop`; `watch` hears how far it is and may end it, `warm` is where to begin.

    What the plan in force has (`Task.current`) is kept first in any case; then `warm`, then the rest.
    """
    pace = stop.begin()
    ground = Ground(instance)
    routes, choices = Routes(ground), Choices(ground)
    pairs = Pairs(ground, routes, choices)
    pairs.book()
    board = Board(ground, routes, choices)
    if warm is not None:
        _begin_with(board, warm)
    construct(board, lambda: pace.is_over(0) and pace.seconds_left() is not None)
    pace.keep_back(WRITING)
    search = Search(board, Random(seed), pace, watch)
    search.run(put_together)
    return answer(board, pairs, {"rounds": search.rounds, "columns": len(search.columns)})


def _begin_with(board: Board, warm: Plan) -> None:
    """Everything where another plan had it, as far as it fits."""
    for visit in sorted(warm.visits, key=lambda each: (each.day, each.staff, each.position)):
        if board.where[visit.task] == NOT_YET and not board.ground.is_fixed[visit.task]:
            put_at(board, visit.task, board.ground.cell(visit.staff, visit.day))
