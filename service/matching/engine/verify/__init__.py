"""Checks a plan by the rules as they are written in docs/matching-model.md, and counts what it attains.

It knows no model and no solver: a second reading of the same rules, so that an error in one shows.
Kept placements may stand beyond a limit (a host has less room than before); a plan may then add nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np

from service.matching.engine.problem import Bools, Floats, Problem
from service.matching.engine.settings import Settings, Term
from service.matching.engine.solution import Plan
from service.matching.engine.verify import bonds, limits
from service.matching.engine.verify.lines import Broken, Lines, allowed_pairs, broken_lines

CHECKS: Final[tuple[Callable[[Problem, Lines], Iterable[Broken]], ...]] = (
    limits.demand,
    limits.fortnightly,
    limits.places,
    limits.high_support,
    limits.free,
    limits.resources,
    limits.most_hosts,
    limits.new_starts,
    limits.coordinators,
    limits.accompany,
    bonds.times,
    bonds.apart,
    bonds.households,
    bonds.least_days,
    bonds.forced,
)


def check(problem: Problem, settings: Settings, plan: Plan) -> tuple[Broken, ...]:
    """Every rule the plan breaks, with whom it concerns; nothing when the plan may be shown."""
    wrong = tuple(broken_lines(problem, settings, plan))
    if wrong:
        return wrong
    lines = Lines.of(problem, plan)
    return tuple(broken for each in CHECKS for broken in each(problem, lines))


def attained(problem: Problem, settings: Settings, plan: Plan) -> dict[Term, float]:
    """What a plan that keeps the rules is worth, term by term."""
    lines = Lines.of(problem, plan)
    half = lines.half[lines.new] / 2
    pair = lines.pair[lines.new]
    minutes = problem.pairs.minutes[pair]
    return {
        Term.PLACED: float(len(np.unique(lines.person))),
        Term.PRIORITY: float(_priorities(problem, settings)[_newly_placed(problem, lines)].sum()),
        Term.POINTS: float((problem.pairs.points[pair] * half).sum()),
        Term.EVENNESS: -_pairs_at_hosts(problem, lines),
        Term.KEPT: float(_stays(problem, lines)),
        Term.TRAVEL: -float((np.where(minutes > 0, minutes, 0) * half).sum()),
    }


def _newly_placed(problem: Problem, lines: Lines) -> Bools:
    placed = np.zeros(len(problem.people), np.bool_)
    placed[lines.person[lines.new]] = True
    placed[lines.person[~lines.new]] = False
    return placed


def _priorities(problem: Problem, settings: Settings) -> Floats:
    """Days of waiting, and scarcity: the fewer openings could take somebody, the more."""
    options = np.bincount(problem.pairs.person[allowed_pairs(problem, settings)], minlength=len(problem.people)).tolist()
    days = problem.people.waiting_days.tolist()
    scarce = [round(settings.scarcity_days / count) if count else 0 for count in options]
    return np.array([waited + more for waited, more in zip(days, scarce, strict=True)], np.float64)


def _pairs_at_hosts(problem: Problem, lines: Lines) -> float:
    """How many twos of people are at the same host: small where people are spread."""
    people_at = np.unique(np.column_stack([lines.host, lines.person]), axis=0)[:, 0]
    there = np.bincount(people_at, minlength=len(problem.hosts)).astype(np.int64)
    return float((there * (there - 1) // 2).sum())


def _stays(problem: Problem, lines: Lines) -> int:
    held = set(zip(problem.held.person.tolist(), problem.held.slot.tolist(), strict=True))
    planned = zip(lines.person[lines.new].tolist(), lines.slot[lines.new].tolist(), strict=True)
    return sum(line in held for line in planned)
