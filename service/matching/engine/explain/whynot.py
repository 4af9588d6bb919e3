"""「なぜそこでないのか」: what it would cost to put somebody at an opening, and whom it would move."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from service.matching.engine.explain.around import (
    NOTICED,
    Compared,
    Wish,
    compare,
    compare_sparing,
    gained,
    people_around,
    points_come_at,
)
from service.matching.engine.explain.sparing import who_would_move
from service.matching.engine.explain.standing import Standing, named_in
from service.matching.engine.model.columns import Indices
from service.matching.engine.pins.conflict import conflicts
from service.matching.engine.problem import Bools, Floats
from service.matching.engine.rule import Rule
from service.matching.engine.settings import Term

FIRST, WIDER, WIDEST = 40, 120, 300
SPARING: Final = (40, 80)
"""How many people are decided anew, tried one after the other until nobody has to lose a place."""


class Cost(StrEnum):
    """What the wish costs."""

    THERE = "there"
    FREE = "free"
    POINTS = "points"
    PLACE = "place"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True)
class Move:
    """One other person who would be elsewhere: openings before and after; no opening = no place."""

    person: int
    before: tuple[int, ...]
    after: tuple[int, ...]


@dataclass(frozen=True)
class WhyNot:
    """The answer for one person and opening.

    `costs` holds what the alternative has less than the plan of each thing counted (below zero: more of it);
    `lost` is how many others lose their place; `aim` the first aim, by position, that is worse. Where it is
    impossible, `rules` forbid it, and `kept` and `forced` are the (person, opening) that would have to give way.
    """

    person: int
    opening: int
    cost: Cost
    costs: dict[Term, float]
    moves: tuple[Move, ...] = ()
    lost: int = 0
    aim: int | None = None
    rules: tuple[Rule, ...] = ()
    kept: tuple[tuple[int, int], ...] = ()
    forced: tuple[tuple[int, int], ...] = ()
    looked_at: int = 0

    @property
    def displaced(self) -> tuple[Move, ...]:
        """Those who would have no place any more."""
        return tuple(move for move in self.moves if move.before and not move.after)


def why_not(standing: Standing, person: int, opening: int) -> WhyNot:
    """Put the person there, decide those around anew, and compare with the same people decided without the wish."""
    if opening in _places(standing, standing.values, person):
        return WhyNot(person, opening, Cost.THERE, {})
    wish = Wish.of(standing, person, opening)
    if (spared := _look_sparing(standing, person, opening, wish)) is not None:
        return spared
    answer = _look(standing, person, opening, wish, FIRST) if len(wish.columns) else None
    if answer is None and ((barred := _impossible(standing, person, opening)).rules or not len(wish.columns)):
        return barred
    if answer is None:
        wider = (_look(standing, person, opening, wish, limit) for limit in (WIDER, WIDEST))
        answer = next((found for found in wider if found is not None), None)
    if answer is not None and _is_in_doubt(standing, answer):
        answer = _look_for_another_way(standing, answer, wish)
    return answer or WhyNot(person, opening, Cost.IMPOSSIBLE, {}, looked_at=WIDEST)


def _look_for_another_way(standing: Standing, answer: WhyNot, wish: Wish) -> WhyNot:
    """Somebody would lose a place: whether, with more people decided anew, nobody has to."""
    people = _people(standing, answer.person, wish, WIDEST)
    if len(people) <= answer.looked_at:
        return answer
    moving = who_would_move(standing, people, answer.person, wish)
    if moving is None:
        return replace(answer, looked_at=len(people))
    around = np.concatenate([people[:FIRST], moving[~np.isin(moving, people[:FIRST])]])
    found = compare(standing, around, wish.opened)
    if found is None:
        return replace(answer, looked_at=len(people))
    return answer_of(standing, answer.person, answer.opening, found, len(people))


def _look_sparing(standing: Standing, person: int, opening: int, wish: Wish) -> WhyNot | None:
    """Most wishes cost points alone; in a proven plan that is one question instead of one per aim."""
    if not (standing.is_proven and points_come_at(standing) and len(wish.columns)):
        return None
    for limit in SPARING:
        people = _people(standing, person, wish, limit)
        if (found := compare_sparing(standing, people, wish.opened)) is not None:
            return answer_of(standing, person, opening, found, len(people))
        if len(people) < limit:
            break
    return None


def _look(standing: Standing, person: int, opening: int, wish: Wish, limit: int) -> WhyNot | None:
    people = _people(standing, person, wish, limit)
    found = compare(standing, people, wish.opened)
    return None if found is None else answer_of(standing, person, opening, found, len(people))


def answer_of(standing: Standing, person: int, opening: int, found: Compared, looked_at: int = 0) -> WhyNot:
    """What a comparison says about a wish."""
    costs = {term: gained(worth, found.wished, found.base) for term, worth in standing.terms.items()}
    costs = {term: value if abs(value) > NOTICED else 0.0 for term, value in costs.items()}
    lost = max(_lost(standing, found, person), 0)
    cost = Cost.PLACE if lost else Cost.FREE if found.aim is None else Cost.POINTS
    moves = _moves(standing, found, person)
    return WhyNot(person, opening, cost, costs, moves, lost, found.aim, looked_at=looked_at)


def _people(standing: Standing, person: int, wish: Wish, limit: int) -> Indices:
    return people_around(standing, np.array([person]), named_in(standing.obstacles, wish.columns), limit)


def _is_in_doubt(standing: Standing, answer: WhyNot) -> bool:
    """Whether a wider look could spare everybody's place.

    Where the most people that can be placed are, and the wish is for somebody who is not, another must go.
    """
    must = standing.is_proven and _counts_people_first(standing) and not standing.placed[answer.person]
    return answer.cost is Cost.PLACE and not must


def _counts_people_first(standing: Standing) -> bool:
    return set(standing.settings.levels[0].weights) == {Term.PLACED}


def _impossible(standing: Standing, person: int, opening: int) -> WhyNot:
    """Which rules forbid it, and which decided places would have to be opened again."""
    problem, nothing = standing.problem, WhyNot(person, opening, Cost.IMPOSSIBLE, {})
    if (person, opening) not in problem.pair_of:
        return replace(nothing, rules=(Rule.LINE,))
    rules = replace(problem.rules, forced=(*problem.rules.forced, (person, opening)))
    found = conflicts(problem.under(rules), standing.settings)
    if not found:
        return nothing
    mine = next((each for each in found if (person, opening) in each.forced), found[0])
    if Rule.APART in mine.rules:
        # Whoever is fixed there would be known as the person to be avoided.
        return replace(nothing, rules=mine.rules)
    others = tuple(pair for pair in mine.forced if pair != (person, opening))
    return replace(nothing, rules=mine.rules, kept=mine.kept, forced=others)


def _lost(standing: Standing, found: Compared, person: int) -> int:
    """How many fewer of the others have a place."""
    before, after = standing.placed_in(found.base), standing.placed_in(found.wished)
    return int(before.sum()) - int(before[person]) - (int(after.sum()) - int(after[person]))


def _moves(standing: Standing, found: Compared, person: int) -> tuple[Move, ...]:
    columns = standing.model.variables.columns
    differs: Bools = (found.base > 0.5) != (found.wished > 0.5)
    people = np.unique(columns.person[differs[: len(columns)]]).tolist()
    moves = (
        Move(each, _places(standing, found.base, each), _places(standing, found.wished, each))
        for each in people
        if each != person
    )
    return tuple(move for move in moves if move.before != move.after)


def _places(standing: Standing, values: Floats, person: int) -> tuple[int, ...]:
    """The openings somebody has, kept or planned."""
    problem, columns = standing.problem, standing.model.variables.columns
    mine = standing.index.by_person.of([person])
    mine = mine[mine < len(columns)]
    planned = columns.opening[mine[values[mine] > 0.5]].tolist()
    kept = problem.kept_opening[problem.kept.person == person].tolist()
    return tuple(sorted({*planned, *kept}))
