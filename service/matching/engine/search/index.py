"""What a run looks up again and again: whose each variable is, and which variables a person has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.matching.engine.model import LinearModel
from service.matching.engine.model.columns import Indices
from service.matching.engine.model.variables import Variables
from service.matching.engine.problem import NONE, Floats, Ints
from service.matching.engine.search.program import Program


@dataclass(frozen=True)
class Groups:
    """Members of things: those of thing i are listed[starts[i]:starts[i + 1]]."""

    starts: Indices
    listed: Ints

    @classmethod
    def by(cls, key: Ints, count: int) -> Groups:
        """Positions grouped by their key; those with −1 are in no group."""
        order = np.argsort(key, kind="stable").astype(np.int32)
        order = order[int((key < 0).sum()) :]
        return cls(np.searchsorted(key[order], np.arange(count + 1)), order)

    def of(self, things: Any) -> Ints:
        """All members of these things, one thing after the other."""
        return self.listed[spread(self.starts, np.asarray(things, np.intp))]


def spread(starts: NDArray[Any], things: NDArray[Any]) -> Indices:
    """All positions from starts[i] up to starts[i + 1], for each i of `things`."""
    first, count = starts[things], starts[things + 1] - starts[things]
    ends = np.cumsum(count)
    return np.asarray(np.repeat(first - ends + count, count) + np.arange(int(count.sum())), np.intp)


@dataclass(frozen=True)
class Index:
    """A model made ready for one aim and for looking around in it; `owner` is the person of each variable or −1."""

    model: LinearModel
    program: Program
    owner: Ints
    by_person: Groups
    by_slot: Groups

    @classmethod
    def build(cls, model: LinearModel, aim: Floats | None = None) -> Index:
        """Once per run; `aim` is the first level's unless given."""
        v = model.variables
        owner = _owners(v)
        worth = model.aims[0] if aim is None else aim
        program = Program(worth, model.rows.tocsc(), model.most, model.lower, model.upper, model.whole)
        slots = Groups.by(v.columns.slot, len(v.problem.slots))
        return cls(model, program, owner, Groups.by(owner, len(v.problem.people)), slots)

    def with_most(self, most: Floats) -> Index:
        """The same where limits have changed."""
        return replace(self, program=replace(self.program, most=most))

    def columns_of(self, person: int, opening: int) -> Ints:
        """The columns of one pair."""
        mine = self.by_person.of([person])
        mine = mine[mine < self.model.columns]
        there = self.model.variables.columns.opening[mine] == opening
        return np.asarray(mine[there], np.int32)


def _owners(v: Variables) -> Ints:
    owner = np.full(v.count, NONE, np.int32)
    owner[: len(v.columns)] = v.columns.person
    pairs = np.flatnonzero(v.open_of >= 0)
    owner[v.open_of[pairs]] = v.problem.pairs.person[pairs]
    people = np.flatnonzero(v.placed_of >= 0)
    owner[v.placed_of[people]] = people
    owner[v.first_at_host : v.first_load] = v.at_host[0]
    return owner
