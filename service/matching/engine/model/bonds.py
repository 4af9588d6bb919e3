"""What binds a person's places and several people to each other: one function, one sentence, as rows of the model."""

from __future__ import annotations

import itertools
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from service.matching.engine.model.columns import is_at_kept, join, meeting_point
from service.matching.engine.model.rows import Rows, no_two
from service.matching.engine.model.variables import Variables
from service.matching.engine.problem import FORTNIGHTLY, Problem


def keep_apart(v: Variables) -> Rows:
    """Two people who must not meet are never at the same host on the same day."""
    columns, apart = v.columns, v.problem.rules.apart
    if not apart:
        return Rows.none()
    one, other = np.array(apart, np.int32).T
    (at, mine), (there, theirs) = join(one, columns.person), join(other, columns.person)
    here = np.column_stack([at, meeting_point(v.problem, columns.slot[mine])])
    elsewhere = np.column_stack([there, meeting_point(v.problem, columns.slot[theirs])])
    _, key = np.unique(np.concatenate([here, elsewhere]), axis=0, return_inverse=True)
    first, second = join(key[: len(here)], key[len(here) :])
    return no_two(mine[first], theirs[second])


def household_together(v: Variables) -> Rows:
    """A household that wants to stay together has its places at the same openings."""
    rows = [Rows.none()]
    for one, other in _members(v.problem, v.problem.rules.households_together):
        mine, theirs = _openings(v, one), _openings(v, other)
        for opening in sorted({*mine, *theirs}):
            rows += [_follows(mine.get(opening), theirs.get(opening)), _follows(theirs.get(opening), mine.get(opening))]
    return Rows.together(*rows)


def household_apart(v: Variables) -> Rows:
    """A household that wants to be apart never shares an opening."""
    rows = [Rows.none()]
    for one, other in _members(v.problem, v.problem.rules.households_apart):
        mine, theirs = _openings(v, one), _openings(v, other)
        for opening in sorted(mine.keys() & theirs.keys()):
            (a, always), (b, also) = mine[opening], theirs[opening]
            rows.append(_row([*a, *b], [1.0] * (len(a) + len(b)), 1.0 - always - also))
    return Rows.together(*rows)


def enough_days(v: Variables) -> Rows:
    """Where a host asks for several days a week, a person comes on that many, once a day."""
    problem, columns, rows = v.problem, v.columns, [Rows.none()]
    asking = problem.pairs.least_days > 1
    for pair in np.unique(columns.pair[asking[columns.pair]]).tolist():
        mine = np.flatnonzero(columns.pair == pair)
        days = _kept_days(problem, pair)
        least = int(problem.pairs.least_days[pair]) - len(days)
        rows += _at_least_days(v, mine, days, least)
    return Rows.together(*rows)


def _at_least_days(v: Variables, mine: NDArray[np.intp], days: set[int], least: int) -> list[Rows]:
    if least <= 0:
        return []
    per_day = _weekly_by_day(v, mine, days)
    day_of = {j: day for day, listed in per_day.items() for j in listed}
    rows = []
    for j in mine.tolist():
        # A session every week is one of the days itself; any other calls for all of them.
        others = [k for day, listed in per_day.items() for k in listed if day != day_of.get(j)]
        rows.append(_row([j, *others], [float(least - (j in day_of)), *[-1.0] * len(others)], 0.0))
    crowded = [listed for listed in per_day.values() if len(listed) > 1]
    return rows + [_row(listed, [1.0] * len(listed), 1.0) for listed in crowded if least > 1]


def _weekly_by_day(v: Variables, mine: NDArray[np.intp], days: set[int]) -> dict[int, list[int]]:
    """Columns of every week by their weekday; days that a kept placement covers bring nothing new."""
    per_day: dict[int, list[int]] = defaultdict(list)
    for j in mine.tolist():
        day = int(v.problem.slots.day[v.columns.slot[j]])
        if v.columns.half[j] != FORTNIGHTLY and day not in days:
            per_day[day].append(j)
    return per_day


def forced_pairs(v: Variables) -> Rows:
    """What somebody has decided beforehand holds."""
    rows = [Rows.none()]
    for person, opening in v.problem.rules.forced:
        variables, always = _openings(v, person).get(opening, ((), 0))
        if not always:
            rows.append(_row(list(variables), [-1.0] * len(variables), -1.0))
    return Rows.together(*rows)


def _members(problem: Problem, households: frozenset[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for household in sorted(households):
        found += itertools.combinations(np.flatnonzero(problem.people.household == household).tolist(), 2)
    return found


Opened = tuple[tuple[int, ...], int]
"""The variables whose sum says that a person is at an opening, and 1 where a kept placement says so already."""


def _openings(v: Variables, person: int) -> dict[int, Opened]:
    problem, opened = v.problem, v.opened
    kept = set(problem.kept_opening[problem.kept.person == person].tolist())
    found: dict[int, Opened] = dict.fromkeys(kept, ((), 1))
    mine = np.flatnonzero(problem.pairs.person[opened.thing] == person)
    for at in mine.tolist():
        opening = int(problem.pairs.opening[opened.thing[at]])
        if opening not in kept:
            found[opening] = ((*found.get(opening, ((), 0))[0], int(opened.variable[at])), 0)
    return found


def _follows(one: Opened | None, other: Opened | None) -> Rows:
    """Where the one is, the other is."""
    (mine, always), (theirs, also) = one or ((), 0), other or ((), 0)
    return _row([*mine, *theirs], [1.0] * len(mine) + [-1.0] * len(theirs), float(also - always))


def _row(variables: list[int], coef: list[float], most: float) -> Rows:
    return Rows(
        np.zeros(len(variables), np.int32), np.array(variables, np.int32), np.array(coef, np.float64), np.array([most])
    )


def _kept_days(problem: Problem, pair: int) -> set[int]:
    if not is_at_kept(problem)[pair]:
        return set()
    here = (problem.kept.person == problem.pairs.person[pair]) & (problem.kept_opening == problem.pairs.opening[pair])
    return set(problem.slots.day[problem.kept.slot[here]].tolist())
