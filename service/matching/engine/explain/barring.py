"""What stands between somebody without a place and each opening that fits: full places with who has them, or rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from service.matching.engine.explain.standing import Standing, named_in
from service.matching.engine.model.columns import Indices, half_left
from service.matching.engine.problem import FORTNIGHTLY, WEEKLY
from service.matching.engine.rule import Rule

SEATS: Final = frozenset({Rule.FREE, Rule.PLACES, Rule.RESOURCES, Rule.HIGH_SUPPORT})
"""Rules about room: somebody else has what is wanted."""


@dataclass(frozen=True)
class Barred:
    """One opening that fits: the fewest rules in the way (none = a place is there), and who takes what they leave.

    `kept` are those of the holders whose place is fixed.
    """

    opening: int
    rules: frozenset[Rule]
    holders: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()
    rows: tuple[int, ...] = ()

    @property
    def is_full(self) -> bool:
        """Only room is missing."""
        return bool(self.rules) and self.rules <= SEATS


def barred_openings(standing: Standing, person: int) -> tuple[Barred, ...]:
    """Each opening that fits the person, as the plan stands."""
    problem, columns = standing.problem, standing.model.variables.columns
    mine = standing.index.by_person.of([person])
    mine = mine[mine < len(columns)]
    by_opening = {opening: mine[columns.opening[mine] == opening] for opening in np.unique(columns.opening[mine]).tolist()}
    found = []
    for opening in problem.pairs.opening[problem.pairs.person == person].tolist():
        pair = problem.pair_of[person, opening]
        listed = by_opening.get(opening)
        found.append(_without_columns(standing, pair) if listed is None else _with_columns(standing, pair, listed))
    return tuple(found)


def _with_columns(standing: Standing, pair: int, columns: Indices) -> Barred:
    """The session with the fewest rules in its way; where the host asks for several days, as many days' sessions."""
    problem = standing.problem
    person, opening = int(problem.pairs.person[pair]), int(problem.pairs.opening[pair])
    days = _best_by_day(standing, columns)
    needed = max(int(problem.pairs.least_days[pair]), 1)
    best = sorted(days.values(), key=lambda rows: _weight(standing, rows))[:needed]
    rows = tuple(sorted({row for each in best for row in each}))
    rules = {rule for row in rows if (rule := standing.rule_of(row)) is not None}
    if len(best) < needed:
        rules.add(Rule.LEAST_DAYS)
    if not rules and int(problem.people.household[person]) in problem.rules.households_together:
        rules.add(Rule.HOUSEHOLD_TOGETHER)
    kept = _kept_at(standing, opening) if rules & SEATS else ()
    return Barred(opening, frozenset(rules), _holders(standing, rows, person), kept, rows)


def _best_by_day(standing: Standing, columns: Indices) -> dict[int, tuple[int, ...]]:
    """Per weekday, the rows in the way of the session that has fewest of them."""
    days: dict[int, tuple[int, ...]] = {}
    obstacles, columns_of_all = standing.obstacles, standing.model.variables.columns
    for column in columns.tolist():
        rows = tuple(obstacles.indices[obstacles.indptr[column] : obstacles.indptr[column + 1]].tolist())
        day = int(standing.problem.slots.day[columns_of_all.slot[column]])
        days[day] = min(days.get(day, rows), rows, key=lambda each: _weight(standing, each))
    return days


def _without_columns(standing: Standing, pair: int) -> Barred:
    """An opening that fits and still has nothing to decide: not asked, left out, or full of what is fixed."""
    problem, opening = standing.problem, int(standing.problem.pairs.opening[pair])
    person = int(problem.pairs.person[pair])
    if problem.pairs.asks[pair] and not standing.settings.include_ask:
        return Barred(opening, frozenset({Rule.ASK}))
    if (person, opening) in problem.rules.forbidden:
        return Barred(opening, frozenset({Rule.FORBIDDEN}))
    demand = int(problem.people.demand[person])
    slots = problem.sessions.slot[problem.sessions.pair == pair]
    if not demand or not len(slots):
        return Barred(opening, frozenset({Rule.LINE if demand else Rule.DEMAND}))
    least = FORTNIGHTLY if demand % 2 else WEEKLY
    has_room = (half_left(problem, problem.slots.places)[slots] >= least).any()
    rule = Rule.APART if has_room else Rule.PLACES
    return Barred(opening, frozenset({rule}), kept=() if has_room else _kept_at(standing, opening))


def _holders(standing: Standing, rows: tuple[int, ...], person: int) -> tuple[int, ...]:
    """Who takes of the rows about room by the plan; nobody is named for any other rule."""
    about_room = [row for row in rows if standing.rule_of(row) in SEATS]
    return tuple(sorted(set(named_in(standing.held, about_room).tolist()) - {person}))


def _kept_at(standing: Standing, opening: int) -> tuple[int, ...]:
    problem = standing.problem
    return tuple(np.unique(problem.kept.person[problem.kept_opening == opening]).tolist())


def _weight(standing: Standing, rows: tuple[int, ...]) -> tuple[int, int]:
    """Rules that are not about room weigh most: those rows cannot be had by somebody's leaving the place."""
    others = sum(standing.rule_of(row) not in SEATS for row in rows)
    return others, len(rows)
