"""One weighted aim to the proven end: a tight bound, a good plan near it, and a search among what lies between."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import numpy as np

from service.matching.engine.model import LinearModel
from service.matching.engine.problem import Floats
from service.matching.engine.search.cuts import openers
from service.matching.engine.search.program import Found, Program, Relaxed
from service.matching.engine.search.relaxation import Narrowed, narrow_margin, relax_tightly, rounded_down, whole_step
from service.matching.engine.solution import Step, Watch

FIRST_SHARE: Final = 0.3
"""Of the variables, so many are open in the search for a first good plan."""
TRIES: Final = 6


def solve_exactly(
    model: LinearModel, start: Floats | None, *, seconds: float, watch: Watch, aim: Floats | None = None
) -> Found | None:
    """The best plan for one aim, proven when time suffices; None when there is no plan, or none was found.

    `aim` is the first level's unless given; value and bound are without the level's constant,
    those of the steps told with it.
    """
    began = time.monotonic()
    worth = model.aims[0] if aim is None else aim
    program = Program(worth, model.rows.tocsc(), model.most, model.lower, model.upper, model.whole)
    told = _teller(model, watch, began, float(model.constant[0]) if aim is None else 0.0)
    before = None if start is None else Found(start, float(worth @ start), np.inf, False)
    tight = relax_tightly(program, openers(model), began + seconds)
    if tight is None:
        return _in_whole(program, before, began + seconds - time.monotonic())
    told("上限", before, tight.relaxed.bound)
    return _search(tight.program, tight.relaxed, before, began + seconds, told) or _in_whole(
        program, before, began + seconds - time.monotonic()
    )


def _search(program: Program, relaxed: Relaxed, best: Found | None, until: float, told: Told) -> Found | None:
    """Plans within a margin of the bound, the margin growing until no better plan can lie beyond it."""
    step = whole_step(program.worth)
    margin, bound = narrow_margin(program, relaxed, FIRST_SHARE), relaxed.bound
    for _ in range(TRIES):
        narrowed = Narrowed.by_prices(program, relaxed, margin)
        found = narrowed.solve(relaxed, program.worth, until - time.monotonic())
        if found is not None:
            bound = min(bound, found.bound)
            best = found if best is None or found.value >= best.value else best
        best = None if best is None else rounded_down(Found(best.values, best.value, bound, False), step)
        told("厳密解", best, bound)
        if (best is not None and best.is_proven) or time.monotonic() > until:
            break
        margin = _wider(margin, best, relaxed.bound, step)
    return best


def _wider(margin: float, best: Found | None, bound: float, step: float) -> float:
    """Just as far as a better plan can lie below the bound, or further when that was searched already."""
    needed = np.inf if best is None else bound - best.value - step / 2
    return needed if needed > margin else 4 * margin + 1


def _in_whole(program: Program, before: Found | None, seconds: float) -> Found | None:
    """Without prices to go by: the whole program at once."""
    values, bound = program.solve(seconds)
    if values is None:
        return before
    value = float(program.worth @ values)
    if before is not None and before.value > value:
        values, value = before.values, before.value
    return rounded_down(Found(values, value, max(bound, value), False), whole_step(program.worth))


Told = Callable[[str, Found | None, float], None]


def _teller(model: LinearModel, watch: Watch, began: float, constant: float) -> Told:
    def told(name: str, best: Found | None, bound: float) -> None:
        if best is not None:
            seconds, plan = time.monotonic() - began, model.plan(best.values)
            watch(Step(name, seconds, best.value + constant, bound + constant, plan))

    return told
