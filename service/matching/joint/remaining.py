"""Those a plan leaves without a place: for each place that fits them, which rule stands in the way and who is there."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from service.matching.engine.problem import WEEKLY, Problem
from service.matching.engine.settings import Settings
from service.matching.engine.solution import Plan
from service.matching.engine.verify import check

MOST_PLACES: Final = 5


def left_of(problem: Problem, settings: Settings, plan: Plan) -> list[tuple[int, list[dict[str, Any]]]]:
    """(person, places that would fit), longest waiting first; what fits for certain before 要確認, then by points, up to five each."""
    placed = problem.has_place.copy()
    placed[plan.person] = True
    left = np.flatnonzero(~placed)
    order = left[np.argsort(-problem.people.waiting_days[left], kind="stable")]
    return [(person, _places(problem, settings, plan, person)) for person in order.tolist()]


def _places(problem: Problem, settings: Settings, plan: Plan, person: int) -> list[dict[str, Any]]:
    pairs = np.flatnonzero(problem.pairs.person == person)
    best = pairs[np.lexsort((-problem.pairs.points[pairs], problem.pairs.asks[pairs]))][:MOST_PLACES]
    return [_place(problem, settings, plan, pair) for pair in best.tolist()]


def _place(problem: Problem, settings: Settings, plan: Plan, pair: int) -> dict[str, Any]:
    """The fewest rules that putting the person there as well would break, and the others who are there."""
    opening = int(problem.pairs.opening[pair])
    slots = problem.sessions.slot[problem.sessions.pair == pair].tolist()
    broken = [_broken(problem, settings, plan, int(problem.pairs.person[pair]), slot) for slot in slots]
    there = {int(person) for person in plan.person[plan.opening(problem) == opening]}
    there |= {int(person) for person in problem.kept.person[problem.kept_opening == opening]}
    return {
        "opening": problem.openings.ids[opening],
        "rules": min(broken, key=len, default=[]),
        "there": [problem.people.ids[person] for person in sorted(there)],
    }


def _broken(problem: Problem, settings: Settings, plan: Plan, person: int, slot: int) -> list[str]:
    more = Plan(
        np.append(plan.person, np.int32(person)),
        np.append(plan.slot, np.int32(slot)),
        np.append(plan.half, np.int32(WEEKLY)),
    )
    return sorted({str(each.rule) for each in check(problem, settings, more)})
