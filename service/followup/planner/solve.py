"""The planner's one verb: an instance in, a plan out; the same plan for the same seed and number of rounds."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Final

from service.followup.planner.answer import answer
from service.followup.planner.board import Board
from service.followup.planner.bounding import lower_bound
from service.followup.planner.choices import Choices
from service.followup.planner.construct import begin_with, construct
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


def solve(
    instance: Instance, *, seed: int, stop: Stop, watch: Watch | None = None, warm: Plan | None = None, prove: bool = False
) -> Plan:
    """The best plan found until `stop`; `watch` hears how far it is and may end it, `warm` is where to begin.

    It begins with `warm`, then with what the plan in force has (`Task.current`), and finds places for the rest.
    With `prove` a lower bound of the cost is proven afterwards, which takes its own time.
    """
    pace = stop.begin()
    ground = Ground(instance)
    routes, choices = Routes(ground), Choices(ground)
    pairs = Pairs(ground, routes, choices)
    pairs.book()
    board = Board(ground, routes, choices)
    if warm is not None:
        begin_with(board, [(ground.cell(each.staff, each.day), each.start_min, each.task) for each in warm.visits])
    construct(board, lambda: pace.is_over(0) and pace.seconds_left() is not None)
    pace.keep_back(WRITING)
    search = Search(board, Random(seed), pace, watch)
    search.run(put_together)
    plan = answer(board, pairs, {"rounds": search.rounds, "columns": len(search.columns)})
    return replace(plan, bound=lower_bound(instance, plan)) if prove else plan
