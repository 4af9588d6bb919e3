"""How far choosing whole days is from choosing halves of them: the master's own gap, over the days a short search has seen."""

from __future__ import annotations

from random import Random
from typing import Final

from benchmarks.visiting_figures import unavoidable
from benchmarks.visiting_hand import table
from service.followup.planner.answer import answer
from service.followup.planner.choosing import choose
from service.followup.planner.construct import construct
from service.followup.planner.instance import Instance
from service.followup.planner.master import MOST_CHOSEN, is_routed, look_for_more, rivals_among, usable
from service.followup.planner.search import Search
from service.followup.planner.stop import Iterations

ROUNDS: Final = 1500
"""Below the first master of a search, so that nothing has been put together before."""


def whole_to_halves(instance: Instance, seed: int, rounds: int = ROUNDS) -> float:
    """The cheapest choice of days found over what it cost if days could be taken by halves, after what nobody can save."""
    board, pairs = table(instance)
    construct(board, lambda: False)
    search = Search(board, Random(seed), Iterations(rounds).begin(), None)
    search.run()
    floor = unavoidable(instance, answer(board, pairs, {}))
    board.thaw(search.best)
    columns, prices = look_for_more(search, usable(search))
    if prices is None:
        raise SystemExit("no choice of halves")
    held = {column for column in columns if column.tasks == frozenset(board.tasks_of(column.cell))}
    cheap = sorted(range(len(columns)), key=lambda at: (prices.reduced(columns[at]), at))[:MOST_CHOSEN]
    wanted = list(dict.fromkeys([*sorted(held, key=lambda each: each.cell), *(columns[at] for at in cheap)]))
    unplanned = {task: price for task, price in enumerate(board.prices) if is_routed(board, task)}
    chosen = choose(wanted, held, unplanned, None, rivals_among(board, wanted)) or list(held)
    left = unplanned.keys() - {task for column in chosen for task in column.tasks}
    cost = sum(column.cost for column in chosen) + sum(unplanned[task] for task in left)
    return (cost - floor) / (prices.total - floor)
