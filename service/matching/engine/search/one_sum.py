"""The aims of a run as one sum: a step of an aim is worth more than what a few people's places bring to all later ones."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import numpy as np

from service.matching.engine.model import LinearModel
from service.matching.engine.model.columns import left_demand
from service.matching.engine.problem import Floats
from service.matching.engine.search.relaxation import whole_step
from service.matching.engine.settings import Level, Term

MOVED: Final = 3
"""What so many people's places bring to the next aim does not make up for one step of an aim."""
FINEST: Final = 1_000
"""Of what one person's place can bring, a smaller part than this is no step: such aims would crowd out the later ones."""
RANGE: Final = 1e10
"""How often the last aim's step fits into the first one's: further apart, sums of doubles and HiGHS lose the small one."""
LARGEST: Final = 1e6
"""What one person's place is worth at most: HiGHS's tolerances are absolute, and are to lie far below the last step."""
NAME: Final = "目ざすことの重み付きの合計"
WITHOUT_EVENNESS: Final = "目ざすことの重み付きの合計（受け入れ先のかたよりを除く）"


@dataclass(frozen=True)
class _Rung:
    """One aim on the ladder: its place among the levels, its least step, and what one person's place brings at most."""

    level: int
    step: float
    change: float


def one_sum(model: LinearModel) -> Level:
    """The levels of the model's settings in their order, without evenness: its loads belong to nobody.

    The first aim's step always holds its own against MOVED people's places in the next; where all of them would lie
    further apart than RANGE, the later ones move together.
    """
    levels = model.variables.settings.levels
    rungs = [_rung(model, at) for at, level in enumerate(levels) if set(level.weights) - {Term.EVENNESS}]
    weights: defaultdict[Term, float] = defaultdict(float)
    for rung, scale in zip(rungs, _scales(rungs) if rungs else (), strict=True):
        for term, weight in levels[rung.level].weights.items():
            weights[term] += scale * weight
    weights.pop(Term.EVENNESS, None)
    is_whole = all(Term.EVENNESS not in level.weights for level in levels)
    return Level(NAME if is_whole else WITHOUT_EVENNESS, dict(weights))


def _rung(model: LinearModel, at: int) -> _Rung:
    v = model.variables
    worth = np.abs(model.aims[at, : v.first_at_host])
    columns = v.columns
    weeks = (left_demand(v.problem)[columns.person] + 1) // 2
    change = float((worth[: len(columns)] * weeks).max(initial=0.0) + worth[len(columns) :].max(initial=0.0))
    return _Rung(at, max(whole_step(worth), change / FINEST), change)


def _scales(rungs: list[_Rung]) -> Floats:
    """float64[rungs]: what a unit of each aim is worth in the sum."""
    step = np.array([rung.step for rung in rungs])
    count = np.maximum(np.array([rung.change for rung in rungs]) / step, 1.0)
    apart = MOVED * count[1:]
    apart[1:] **= min(1.0, np.log(max(RANGE / apart[:1].prod(), 1.0)) / max(np.log(apart[1:].prod()), 1e-9))
    worth = np.append(np.cumprod(apart[::-1])[::-1], 1.0)
    return np.asarray(worth / step * (LARGEST / (worth[0] * count[0])), np.float64)
