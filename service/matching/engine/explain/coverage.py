"""A few changes that together help as many people as possible: each change helps some of them, up to its places."""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from service.matching.engine.model.columns import Indices
from service.matching.engine.problem import Ints
from service.matching.engine.search.index import Groups

SECONDS: Final = 10.0
NEAR: Final = 1e-6


@dataclass(frozen=True)
class Helps:
    """Entry k says that change option[k] could help person[k] (positions 0 … people − 1); `places` int32[options]."""

    option: Ints
    person: Ints
    places: Ints
    people: int

    @cached_property
    def of(self) -> Groups:
        """Entries by option."""
        return Groups.by(self.option, len(self.places))

    def helped(self, option: int) -> Ints:
        """Whom a change could help."""
        return self.person[self.of.of([option])]

    @cached_property
    def alone(self) -> Ints:
        """int32[options]: how many people each change alone would help."""
        return np.minimum(np.bincount(self.option, minlength=len(self.places)), self.places).astype(np.int32)


@dataclass(frozen=True)
class Chosen:
    """Changes in the order chosen, whom each would help, and how many any set of as many changes could help at most."""

    options: tuple[int, ...]
    helped: tuple[tuple[int, ...], ...]
    bound: int
    is_proven: bool = False

    @property
    def people(self) -> int:
        """How many people in all."""
        return sum(map(len, self.helped))


def choose_greedily(helps: Helps, most: int) -> Chosen:
    """One change after the other, each time the one that helps most of those not yet helped.

    What a change is worth only shrinks as others are chosen, so a value is counted anew only where it leads the list.
    """
    state = _Matching(helps)
    heap = [(-int(worth), option) for option, worth in enumerate(helps.alone.tolist()) if worth]
    heapq.heapify(heap)
    while heap and len(state.chosen) < most:
        _, option = heapq.heappop(heap)
        worth = state.worth(option)
        if not worth:
            continue
        if heap and worth < -heap[0][0]:
            heapq.heappush(heap, (-worth, option))
        else:
            state.choose(option)
    best = np.sort(helps.alone)[::-1][:most]
    bound = min(int(best.sum()), len(np.unique(helps.person)))
    return Chosen(tuple(state.chosen), state.groups(), bound)


class _Matching:
    """Whom the chosen changes help: people move from one to another where that lets one more be helped."""

    def __init__(self, helps: Helps) -> None:
        self.helps = helps
        self.chosen: list[int] = []
        self.by: dict[int, int] = {}
        self.free = dict[int, int]()
        starts, listed = helps.of.starts.tolist(), helps.person[helps.of.listed].tolist()
        self.listed = [listed[first:last] for first, last in itertools.pairwise(starts)]
        self.could: dict[int, int] = {}

    def worth(self, option: int) -> int:
        """How many more this change would help, as far as can be seen without moving more than one person on."""
        unhelped = sum(person not in self.by for person in self.listed[option])
        return min(unhelped, int(self.helps.places[option])) or int(self._way(option) is not None)

    def choose(self, option: int) -> None:
        """Take the change; those whom fewest of the other chosen changes could help go first, others move on for them."""
        self.chosen.append(option)
        for person in self.listed[option]:
            self.could[person] = self.could.get(person, 0) + 1
        self.free[option] = int(self.helps.places[option])
        for person in sorted(self.listed[option], key=lambda each: self.could[each]):
            if person not in self.by and self.free[option]:
                self.by[person] = option
                self.free[option] -= 1
        for other in self.chosen:
            while self.free[other] and (way := self._way(other)) is not None:
                self.by |= way
                self.free[other] -= 1

    def _way(self, option: int) -> dict[int, int] | None:
        """Who would go where so that a free place of this change lets one more be helped; None = it cannot."""
        came: dict[int, tuple[int, int] | None] = {option: None}
        for here in (queue := [option]):
            for person in self.listed[here]:
                held = self.by.get(person)
                if held is None:
                    return self._steps(person, here, came)
                if held not in came:
                    came[held] = (person, here)
                    queue.append(held)
        return None

    def _steps(self, person: int, here: int, came: dict[int, tuple[int, int] | None]) -> dict[int, int]:
        """The first person goes `here`, and everybody on the way back goes one on."""
        steps = {person: here}
        while (before := came[here]) is not None:
            moved, here = before
            steps[moved] = here
        return steps

    def groups(self) -> tuple[tuple[int, ...], ...]:
        """Whom each chosen change helps."""
        return tuple(tuple(sorted(person for person, by in self.by.items() if by == option)) for option in self.chosen)


def choose_best(helps: Helps, most: int, seconds: float = SECONDS) -> Chosen:
    """The best set of at most so many changes within the time, with a bound that no set passes; greedy if time is short."""
    first = choose_greedily(helps, most)
    count, entries = len(helps.places), len(helps.option)
    if not entries:
        return Chosen((), (), 0, True)
    done = milp(
        np.concatenate([np.zeros(count), -np.ones(entries)]),
        constraints=LinearConstraint(_rules(helps), -np.inf, _limits(helps, most)),
        integrality=np.concatenate([np.ones(count), np.zeros(entries)]),
        bounds=Bounds(0, 1),
        options={"time_limit": seconds},
    )
    bound = first.bound if done.mip_dual_bound is None else int(np.floor(-done.mip_dual_bound + NEAR))
    bound = min(bound, first.bound)
    if done.x is None or round(-done.fun) <= first.people:
        return Chosen(first.options, first.helped, max(bound, first.people), bound <= first.people)
    # With the changes chosen, the rest is a flow, whose best solutions are whole.
    taken = done.x[count:] > 0.5
    options = np.unique(helps.option[taken]).tolist()
    helped = tuple(tuple(helps.person[taken & (helps.option == option)].tolist()) for option in options)
    found = sorted(zip(options, helped, strict=True), key=lambda each: -len(each[1]))
    people = sum(map(len, helped))
    return Chosen(tuple(o for o, _ in found), tuple(h for _, h in found), max(bound, people), bound <= people)


def _rules(helps: Helps) -> sparse.csr_array:
    """At most so many changes; each helps up to its places, only if chosen; nobody is helped twice."""
    count, entries = len(helps.places), len(helps.option)
    every, ones = np.arange(entries), np.ones(entries)
    budget = sparse.csr_array((np.ones(count), (np.zeros(count, int), np.arange(count))), shape=(1, count + entries))
    places = sparse.hstack(
        [
            -sparse.diags_array(helps.places.astype(float)),
            sparse.csr_array((ones, (helps.option, every)), shape=(count, entries)),
        ]
    )
    chosen = sparse.hstack(
        [sparse.csr_array((-ones, (every, helps.option)), shape=(entries, count)), sparse.eye_array(entries)]
    )
    once = sparse.hstack(
        [
            sparse.csr_array((helps.people, count)),
            sparse.csr_array((ones, (helps.person, every)), shape=(helps.people, entries)),
        ]
    )
    return sparse.csr_array(sparse.vstack([budget, places, chosen, once]))


def _limits(helps: Helps, most: int) -> Indices:
    count, entries = len(helps.places), len(helps.option)
    return np.concatenate([[most], np.zeros(count + entries), np.ones(helps.people)])
