"""A plan at once, without proof: people one after the other, or sessions by their fit; it keeps every rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Literal

import numpy as np

from service.matching.engine.model.columns import Columns, Indices, columns_of, points_of
from service.matching.engine.problem import WEEKLY, Floats, Problem
from service.matching.engine.search.greedy_room import Room
from service.matching.engine.settings import Settings, Term
from service.matching.engine.solution import Plan

Order = Literal["scarce", "fit"]


def greedy(problem: Problem, settings: Settings, *, by: Order = "scarce") -> Plan:
    """What is forced first, then either those with the fewest possible openings or the best fits first.

    Households that stay together go before single people, each as one. Pins that no plan can hold together are
    left out as far as need be, and the check of the plan says so.
    """
    columns = columns_of(problem, settings)
    worth = _worth(problem, settings, columns)
    grow = _Growing(problem, columns, worth)
    if not grow.pins():
        grow = _Growing(problem, columns, worth)
        grow.pins(_held_otherwise(problem, settings, columns))
    if by == "scarce":
        grow.everybody_once(_by_scarcity(problem, columns, worth))
    grow.fill()
    chosen = columns.take(np.array(sorted(j for mine in grow.room.taken.values() for j in mine), np.intp))
    return Plan(chosen.person, chosen.slot, chosen.half)


def _held_otherwise(problem: Problem, settings: Settings, columns: Columns) -> list[int]:
    """Columns that hold all pins, where taking them one by one has led nowhere; none where nothing can."""
    from service.matching.engine.pins.conflict import pinned

    plan = pinned(problem, settings)
    wanted = set() if plan is None else {*zip(plan.person.tolist(), plan.slot.tolist(), plan.half.tolist(), strict=True)}
    listed = zip(columns.person.tolist(), columns.slot.tolist(), columns.half.tolist(), strict=True) if wanted else ()
    return [j for j, column in enumerate(listed) if column in wanted]


def _worth(problem: Problem, settings: Settings, columns: Columns) -> Floats:
    """What each column adds to the aim that counts points; staying as it is decides between equals."""
    weights = next((level.weights for level in settings.levels if Term.POINTS in level.weights), {})
    slots = max(len(problem.slots), 1)
    held = np.isin(
        columns.person.astype(np.int64) * slots + columns.slot,
        problem.held.person.astype(np.int64) * slots + problem.held.slot,
    )
    minutes = np.maximum(problem.pairs.minutes, 0)[columns.pair] * columns.half / 2
    return np.asarray(
        weights.get(Term.POINTS, 1) * points_of(problem, columns)
        + weights.get(Term.KEPT, 1e-6) * held
        - weights.get(Term.TRAVEL, 1e-9) * minutes
    )


def _by_scarcity(problem: Problem, columns: Columns, worth: Floats) -> Indices:
    """Columns by person, those with the fewest possible openings and the longest waiting first; best columns first."""
    possible = np.zeros(len(problem.pairs), np.bool_)
    possible[columns.pair] = True
    pair_count = np.bincount(problem.pairs.person[possible], minlength=len(problem.people))
    order = np.lexsort((-problem.people.waiting_days, pair_count))
    rank = np.empty(len(order), np.intp)
    rank[order] = np.arange(len(order))
    return np.lexsort((-worth, rank[columns.person]))


class _Growing:
    """A plan under way."""

    def __init__(self, problem: Problem, columns: Columns, worth: Floats) -> None:
        self.problem, self.columns, self.room = problem, columns, Room(problem, columns)
        self.worth = worth
        self.day: list[int] = problem.slots.day.tolist()
        self.days = _days_still_asked(problem)
        self.together = _together(problem)
        self.there = set(zip(problem.kept.person.tolist(), problem.kept_opening.tolist(), strict=True))

    def pins(self, first: Sequence[int] = ()) -> bool:
        """Take these columns, then hold what is forced and bound; whether all of it is held."""
        for j in first:
            self.room.take(j)
        self.forced()
        self.households()
        held = all(opening in self._openings_of(person) for person, opening in self.problem.rules.forced)
        places = ([self._openings_of(person) for person in members] for members in set(self.together.values()))
        return held and all(place == each[0] for each in places for place in each)

    def forced(self) -> None:
        """Pairs decided beforehand, those with the fewest ways first; a household that stays together goes along."""
        pins = sorted(self.problem.rules.forced, key=lambda pin: len(self._columns_of(*pin)))
        for person, opening in pins:
            self._all_at(self.together.get(person, (person,)), opening)

    def households(self) -> None:
        """Households that stay together: where one is, all are; else where it suits its members best altogether."""
        for members in sorted(set(self.together.values())):
            begun = {opening for person in members for opening in self._openings_of(person)}
            for opening in sorted(begun):
                self._all_at(members, opening)
            for opening in [] if begun else self._common(members):
                if self._all_at(members, opening):
                    break

    def _openings_of(self, person: int) -> set[int]:
        kept = self.problem.kept_opening[self.problem.kept.person == person].tolist()
        return {*kept, *(self.room.opening[j] for j in self.room.taken.get(person, ()))}

    def _common(self, members: Sequence[int]) -> list[int]:
        """Openings all members could go to, the best for them together first."""
        best: list[dict[int, float]] = []
        for person in members:
            mine = np.flatnonzero(self.columns.person == person).tolist()
            best.append({})
            for j in mine:
                best[-1][self.room.opening[j]] = max(float(self.worth[j]), best[-1].get(self.room.opening[j], -np.inf))
        common = set.intersection(*map(set, best))
        return sorted(common, key=lambda opening: (-sum(mine[opening] for mine in best), opening))

    def _columns_of(self, person: int, opening: int) -> list[int]:
        pair = self.problem.pair_of.get((person, opening))
        return [] if pair is None else self._best_of_pair(pair)

    def everybody_once(self, order: Indices) -> None:
        """One place each, in this order of columns, which keeps those of one person together."""
        room, skip = self.room, self.problem.has_place.copy()
        skip[[*self.together, *room.taken]] = True
        mine = order[~skip[self.columns.person[order]]]
        ends = np.flatnonzero(np.diff(self.columns.person[mine], append=-1)) + 1
        listed, first = mine.tolist(), 0
        in_slot, slot_of, half_of = room.in_slot, room.slot, room.half
        for last in ends.tolist():
            for j in listed[first:last]:
                if in_slot[slot_of[j]] >= half_of[j] and room.fits(j) and self._take(j):
                    break
            first = last

    def fill(self) -> None:
        """Whatever still fits, the best first; households that stay together begin nothing more."""
        room = self.room
        demand, person_of, in_slot, slot_of, half_of = room.demand, room.person, room.in_slot, room.slot, room.half
        open_ = np.flatnonzero(room.may_still(self.columns))
        for j in open_[np.argsort(-self.worth[open_], kind="stable")].tolist():
            person, half = person_of[j], half_of[j]
            if demand[person] < half or in_slot[slot_of[j]] < half:
                continue
            if (person not in self.together or room.lines[room.pair[j]]) and room.fits(j):
                self._take(j)

    def _take(self, j: int) -> bool:
        """The column and, where the host asks for several days, those that make it enough; or nothing."""
        pair = self.room.pair[j]
        asked = self.days.get(pair)
        if asked is None:
            self.room.take(j)
            return True
        least, covered = asked
        if least > 1 and self._new_day(j, covered) in self._days_of(pair, covered):
            return False
        taken = [j]
        self.room.take(j)
        for k in self._best_of_pair(pair):
            days = self._days_of(pair, covered)
            if len(days) >= least:
                return True
            day = self._new_day(k, covered)
            if day is not None and day not in days and self.room.fits(k):
                self.room.take(k)
                taken.append(k)
        if len(self._days_of(pair, covered)) >= least:
            return True
        self._give_back(taken)
        return False

    def _new_day(self, j: int, covered: frozenset[int]) -> int | None:
        """The weekday a column adds: every week, and not covered by a kept placement."""
        day = self.day[self.room.slot[j]]
        return None if self.room.half[j] != WEEKLY or day in covered else day

    def _days_of(self, pair: int, covered: frozenset[int]) -> set[int | None]:
        mine = self.room.taken.get(int(self.problem.pairs.person[pair]), [])
        return {self._new_day(j, covered) for j in mine if self.room.pair[j] == pair} - {None}

    @cached_property
    def _by_pair(self) -> tuple[Indices, Indices]:
        """Columns sorted by pair, and where each pair's begin (one more at the end)."""
        pair = self.columns.pair
        order = np.argsort(pair, kind="stable")
        return order, np.searchsorted(pair[order], np.arange(len(self.problem.pairs) + 1))

    def _best_of_pair(self, pair: int) -> list[int]:
        order, first = self._by_pair
        return sorted(order[first[pair] : first[pair + 1]].tolist(), key=lambda j: -self.worth[j])

    def _all_at(self, members: Sequence[int], opening: int) -> bool:
        """Everybody of a household at one opening, or nobody."""
        before = {person: list(self.room.taken.get(person, ())) for person in members}
        if all(self._at(person, opening) for person in members):
            return True
        for person in members:
            self._give_back([j for j in self.room.taken.get(person, ()) if j not in before[person]])
        return False

    def _at(self, person: int, opening: int) -> bool:
        if (person, opening) in self.there:
            return True
        mine = self._columns_of(person, opening)
        begun = any(self.room.lines[self.room.pair[j]] for j in mine[:1])
        return begun or any(self.room.fits(j) and self._take(j) for j in mine)

    def _give_back(self, columns: Iterable[int]) -> None:
        for j in list(columns):
            self.room.give_back(j)


def _days_still_asked(problem: Problem) -> dict[int, tuple[int, frozenset[int]]]:
    """Per pair whose host asks for several days: how many are missing, and the days kept placements cover."""
    asking = np.flatnonzero(problem.pairs.least_days > 1)
    kept: dict[tuple[int, int], set[int]] = defaultdict(set)
    for person, slot in zip(problem.kept.person.tolist(), problem.kept.slot.tolist(), strict=True) if len(asking) else ():
        kept[person, int(problem.slots.opening[slot])].add(int(problem.slots.day[slot]))
    found = {}
    for pair in asking.tolist():
        days = kept.get((int(problem.pairs.person[pair]), int(problem.pairs.opening[pair])), set())
        if (least := int(problem.pairs.least_days[pair]) - len(days)) > 0:
            found[pair] = (least, frozenset(days))
    return found


def _together(problem: Problem) -> dict[int, tuple[int, ...]]:
    """The members of each person's household, where it stays together."""
    members: dict[int, list[int]] = defaultdict(list)
    for person in np.flatnonzero(np.isin(problem.people.household, list(problem.rules.households_together))).tolist():
        members[int(problem.people.household[person])].append(person)
    return {person: tuple(listed) for listed in members.values() for person in listed}
