"""One verb for every size: a greedy plan at once, then the engine that measurements say is right for the instance."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from service.matching.engine.model import LinearModel, build_model
from service.matching.engine.model.objective import most_of
from service.matching.engine.pins.conflict import Contradiction, conflicts
from service.matching.engine.problem import Floats, Problem
from service.matching.engine.search.exact import solve_in_order
from service.matching.engine.search.greedy import greedy
from service.matching.engine.search.program import Found
from service.matching.engine.settings import Settings
from service.matching.engine.solution import Attained, Plan, Solution, Step, Watch

MOST_FOR_PROOF: Final = 15_000
"""Columns up to which one sum is proven whole; more go through the sparse pipeline."""
NEAR: Final = 1e-9
"""Share of the bound below which value and bound are the same number."""
MOST_IN_ORDER: Final = 20_000
"""Columns up to which the aims are pursued one after the other."""
CEILING_SHARE: Final = 0.1
"""Of the time left, the ceiling of one aim may take so much."""


@dataclass
class Clock:
    """Tells the watcher what was reached, and keeps it for the record."""

    watch: Watch | None
    began: float = field(default_factory=time.monotonic)
    steps: list[Step] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def tell(self, step: Step) -> None:
        """Note a stage; whoever watches may end the run by raising."""
        self.steps.append(replace(step, plan=None))
        if self.watch is not None:
            self.watch(step)


def solve(problem: Problem, settings: Settings, *, watch: Watch | None = None, start: Plan | None = None) -> Solution:
    """The best plan within `settings.seconds`, each aim with a proven bound.

    Never refuses a legal problem: nobody placed is a plan. `start` is a plan to begin from (a re-run); where it
    breaks a rule it is left aside. Contradiction (a ValueError) names the pins that cannot hold together.
    """
    clock = Clock(watch)
    first = greedy(problem, settings)
    model = build_model(problem, settings)
    values = model.values(first)
    if _breaks(model, values) and (contradictions := conflicts(problem, settings)):
        raise Contradiction(contradictions)
    values = _better(model, values, model.values(start) if start else None)
    clock.tell(
        Step(
            "はじめの案",
            clock.seconds,
            _value(model, values),
            most_of(problem, settings, settings.levels[0]),
            model.plan(values),
        )
    )
    if len(settings.levels) == 1:
        return _weighed(model, values, clock)
    if model.columns <= MOST_IN_ORDER:
        return _in_order(model, values, clock)
    return _merged(problem, settings, model, values, clock)


def _in_order(model: LinearModel, values: Floats, clock: Clock) -> Solution:
    settings = model.variables.settings
    left = max(settings.seconds - clock.seconds, 0.1)

    def told(name: str, values: Floats, value: float, bound: float) -> None:
        clock.tell(Step(name, clock.seconds, value, bound, model.plan(values)))

    found = solve_in_order(model, values, seconds=left, told=told)
    plan = model.plan(found.values)
    return Solution(plan, found.attained, found.is_proven, "CP-SAT", clock.seconds, tuple(clock.steps))


def _weighed(model: LinearModel, values: Floats, clock: Clock) -> Solution:
    from service.matching.engine.search.large import improve
    from service.matching.engine.search.weighted import solve_exactly

    settings = model.variables.settings
    left = max(settings.seconds - clock.seconds, 0.1)
    is_small = model.columns <= MOST_FOR_PROOF
    began = clock.seconds

    def told(step: Step) -> None:
        # The engines count from their own start.
        clock.tell(replace(step, seconds=began + step.seconds))

    at_hand = Found(values, float(model.aims[0] @ values), np.inf, False)
    if not model.columns:
        # Nothing can be decided: what is kept is all there is.
        found = replace(at_hand, bound=at_hand.value, is_proven=True)
    elif is_small:
        found = solve_exactly(model, values, seconds=left, watch=told) or at_hand
    else:
        found = improve(model, values, seconds=left, seed=settings.seed, watch=told)
    reached = _value(model, found.values)
    attained = Attained(settings.levels[0].name, reached, max(found.bound + float(model.constant[0]), reached))
    name, is_proven = "HiGHS" if is_small else "列生成", found.is_proven or attained.gap < NEAR
    return Solution(model.plan(found.values), (attained,), is_proven, name, clock.seconds, tuple(clock.steps))


def _merged(problem: Problem, settings: Settings, model: LinearModel, values: Floats, clock: Clock) -> Solution:
    """Too large to pursue the aims one by one: one sum in their order, and how far each of them could go by itself."""
    from service.matching.engine.search.one_sum import one_sum

    bounds = [_ceiling(model, values, at, clock) for at in range(len(settings.levels))]
    whole = build_model(problem, replace(settings, levels=(one_sum(model),)))
    found = _weighed(whole, whole.values(model.plan(values)), clock)
    reached = model.values(found.plan)
    each = tuple(
        Attained(level.name, value, max(bound, value))
        for at, (level, bound) in enumerate(zip(settings.levels, bounds, strict=True))
        for value in [_value(model, reached, at)]
    )
    # An aim that can go no further by itself can go no further in any order.
    return replace(found, attained=(*each, *found.attained), is_proven=all(aim.gap < NEAR for aim in each))


def _ceiling(model: LinearModel, values: Floats, at: int, clock: Clock) -> float:
    """A bound of one aim by itself; where there is no time for it, the one that costs nothing."""
    from service.matching.engine.search.ceilings import ceiling, seconds_for

    problem, settings = model.variables.problem, model.variables.settings
    level = settings.levels[at]
    if seconds_for(level, model.columns) > CEILING_SHARE * max(settings.seconds - clock.seconds, 0.0):
        return most_of(problem, settings, level)
    bound = ceiling(problem, settings, model.variables.columns, level)
    clock.tell(Step(level.name, clock.seconds, _value(model, values, at), bound, model.plan(values)))
    return bound


def _better(model: LinearModel, one: Floats, other: Floats | None) -> Floats:
    if other is None or _breaks(model, other):
        return one
    return max(one, other, key=lambda values: tuple(np.round(model.aims @ values, 6).tolist()))


def _breaks(model: LinearModel, values: Floats) -> bool:
    return bool((model.rows @ values > model.most + 1e-6).any())


def _value(model: LinearModel, values: Floats, at: int = 0) -> float:
    return float(model.aims[at] @ values + model.constant[at])
