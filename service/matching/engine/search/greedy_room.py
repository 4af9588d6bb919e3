"""What is still free while a greedy plan grows: one column is asked for, taken, or given back."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.matching.engine.model.columns import (
    UNLIMITED,
    Columns,
    half_left,
    is_at_kept,
    left_demand,
    meeting_point,
    minutes_between,
    no_limit_as_much,
)
from service.matching.engine.problem import FORTNIGHTLY, NONE, Bools, Problem


class Room:
    """Plain lists of what is left: Python reads them faster one by one than arrays."""

    def __init__(self, problem: Problem, columns: Columns) -> None:
        self.problem = problem
        self.person, self.slot, self.half = columns.person.tolist(), columns.slot.tolist(), columns.half.tolist()
        self.opening, self.pair = columns.opening.tolist(), columns.pair.tolist()
        self.host = problem.openings.host.tolist()
        self.demand = left_demand(problem).tolist()
        self.in_slot = half_left(problem, problem.slots.places).tolist()
        self.in_slot_high = half_left(problem, problem.slots.high_support, high_support=True).tolist()
        self.high = problem.people.high_support.tolist()
        self.free = no_limit_as_much(problem.openings.free).tolist()
        self.hosts = _hosts_left(problem).tolist()
        self.starts = no_limit_as_much(problem.hosts.new_starts).tolist()
        self.is_new = problem.pairs.is_new.tolist()
        self.coordinator = problem.people.coordinator.tolist()
        self.introductions = dict(problem.rules.new_per_coordinator)
        self.lines = is_at_kept(problem).astype(np.int32).tolist()
        self.taken: dict[int, list[int]] = defaultdict(list)
        self.fortnightly: set[int] = set()
        self._set_up_times()
        self._set_up_rare_rules()

    def _set_up_times(self) -> None:
        slots, rules = self.problem.slots, self.problem.rules
        self.at, self.day = slots.opening.tolist(), slots.day.tolist()
        self.start, self.end = slots.start.tolist(), slots.end.tolist()
        self.takes_time = bool(rules.gap_min or rules.gap_min_per_km)
        self.gaps: dict[tuple[int, int], int] = {}

    def _set_up_rare_rules(self) -> None:
        problem = self.problem
        people, slots = problem.people, problem.slots
        self.half_day = (slots.day * 2 + problem.half_day).tolist()
        self.supporters = None if problem.rules.accompany is None else _no_limits(problem.rules.accompany.ravel())
        self.accompanied = people.accompanied.tolist() if self.supporters is not None else [False] * len(people)
        self.spot = meeting_point(problem, np.arange(len(slots), dtype=np.int32)).tolist() if problem.rules.apart else []
        self.spots: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self.others: dict[int, list[int]] = defaultdict(list)
        for one, other in problem.rules.apart:
            self.others[one].append(other)
            self.others[other].append(one)
        self.apart_at: dict[tuple[int, int], int] = defaultdict(int)
        self.apart_home = _in_households(problem, problem.rules.households_apart)
        kept = zip(problem.kept.person.tolist(), problem.kept_opening.tolist(), strict=True)
        for person, opening in sorted(set(kept)):
            self.apart_at[self.apart_home.get(person, NONE), opening] += 1
        self.amounts = [_no_limits(row) for row in problem.openings.amounts]
        self.uses = problem.pairs.uses.tolist() if problem.resources else []

    def may_still(self, columns: Columns) -> Bools:
        """bool[columns]: not ruled out already by a count that has run out."""
        problem, person = self.problem, columns.person
        can = (np.array(self.demand)[person] >= columns.half) & (np.array(self.in_slot)[columns.slot] >= columns.half)
        begin = (np.array(self.free)[columns.opening] > 0) & (np.array(self.hosts)[person] > 0)
        busy = np.array([self.introductions.get(who, 1) < 1 for who in self.coordinator], np.bool_)
        welcome = (np.array(self.starts)[problem.openings.host[columns.opening]] > 0) & ~busy[person]
        begin &= welcome | ~problem.pairs.is_new[columns.pair]
        return can & (begin | (np.array(self.lines)[columns.pair] > 0))

    def fits(self, j: int) -> bool:
        """Whether one more column breaks nothing (the host's fewest days are looked after by who asks)."""
        person, slot, half = self.person[j], self.slot[j], self.half[j]
        if self.demand[person] < half or self.in_slot[slot] < half:
            return False
        if half == FORTNIGHTLY and person in self.fortnightly:
            return False
        if self.high[person] and self.in_slot_high[slot] < half:
            return False
        if not self.lines[self.pair[j]] and not self._may_begin(j):
            return False
        if self.accompanied[person] and not self._has_supporter(j):
            return False
        if person in self.others and any(self.spots[other][self.spot[self.slot[j]]] for other in self.others[person]):
            return False
        return person not in self.taken or not self._clashes(j)

    def _may_begin(self, j: int) -> bool:
        person, opening, pair = self.person[j], self.opening[j], self.pair[j]
        if self.free[opening] < 1 or self.hosts[person] < 1:
            return False
        if self.is_new[pair] and not self._may_introduce(person, self.host[opening]):
            return False
        if person in self.apart_home and self.apart_at[self.apart_home[person], opening]:
            return False
        return not self.uses or all(use <= left for use, left in zip(self.uses[pair], self.amounts[opening], strict=True))

    def _may_introduce(self, person: int, host: int) -> bool:
        return self.starts[host] >= 1 and self.introductions.get(self.coordinator[person], 1) >= 1

    def _has_supporter(self, j: int) -> bool:
        cell = self.half_day[self.slot[j]]
        return cell < 0 or not self.is_new[self.pair[j]] or self.supporters is None or self.supporters[cell] > 0

    def _clashes(self, j: int) -> bool:
        slot = self.slot[j]
        return any(self._cannot_do_both(self.slot[k], slot) for k in self.taken[self.person[j]])

    def _cannot_do_both(self, one: int, other: int) -> bool:
        if self.day[one] != self.day[other] or self.day[one] == NONE:
            return one == other
        if self.start[one] > self.start[other]:
            one, other = other, one
        between = self.start[other] - self.end[one]
        if between < 0 or one == other:
            return True
        first, then = self.at[one], self.at[other]
        if not self.takes_time or first == then:
            return False
        if (first, then) not in self.gaps:
            two = np.array([first, then], np.int32)
            self.gaps[first, then] = int(minutes_between(self.problem, two[:1], two[1:])[0])
        return bool(between < self.gaps[first, then])

    def take(self, j: int) -> None:
        """One more column: its room is gone."""
        self.taken[self.person[j]].append(j)
        if self.half[j] == FORTNIGHTLY:
            self.fortnightly.add(self.person[j])
        if not self.lines[self.pair[j]]:
            self._begin(j, 1)
        self.lines[self.pair[j]] += 1
        self._use(j, 1)

    def give_back(self, j: int) -> None:
        """One column less: its room is there again."""
        self.taken[self.person[j]].remove(j)
        if self.half[j] == FORTNIGHTLY:
            self.fortnightly.discard(self.person[j])
        self.lines[self.pair[j]] -= 1
        if not self.lines[self.pair[j]]:
            self._begin(j, -1)
        self._use(j, -1)

    def _begin(self, j: int, by: int) -> None:
        person, opening, pair = self.person[j], self.opening[j], self.pair[j]
        self.free[opening] -= by
        self.hosts[person] -= by
        if self.is_new[pair]:
            self.starts[self.host[opening]] -= by
            if self.coordinator[person] in self.introductions:
                self.introductions[self.coordinator[person]] -= by
        if person in self.apart_home:
            self.apart_at[self.apart_home[person], opening] += by
        if self.uses:
            self.amounts[opening] = [
                left - by * use for left, use in zip(self.amounts[opening], self.uses[pair], strict=True)
            ]

    def _use(self, j: int, by: int) -> None:
        person, slot, half = self.person[j], self.slot[j], self.half[j]
        self.demand[person] -= by * half
        self.in_slot[slot] -= by * half
        if self.high[person]:
            self.in_slot_high[slot] -= by * half
        if self.accompanied[person] and self.is_new[self.pair[j]] and self.supporters and self.half_day[slot] >= 0:
            self.supporters[self.half_day[slot]] -= by
        if person in self.others:
            self.spots[person][self.spot[self.slot[j]]] += by


def _hosts_left(problem: Problem) -> NDArray[Any]:
    kept = np.unique(np.column_stack([problem.kept.person, problem.kept_opening]), axis=0)[:, 0]
    return no_limit_as_much(problem.people.most_hosts) - np.bincount(kept, minlength=len(problem.people))


def _in_households(problem: Problem, households: frozenset[int]) -> dict[int, int]:
    bound = np.flatnonzero(np.isin(problem.people.household, list(households)))
    return dict(zip(bound.tolist(), problem.people.household[bound].tolist(), strict=True))


def _no_limits(limits: NDArray[Any]) -> list[int]:
    return [int(limit) if limit >= 0 else UNLIMITED for limit in limits.tolist()]
