"""The part of a run that one change can reach, and the best that can be made of it while everybody else stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy import sparse

from service.matching.engine.explain.standing import Standing, named_in
from service.matching.engine.model.columns import Indices
from service.matching.engine.model.variables import complete
from service.matching.engine.problem import NONE, Floats
from service.matching.engine.search.decided import best_choice
from service.matching.engine.search.program import Program
from service.matching.engine.settings import Term

SECONDS: Final = 5.0
LARGE: Final = 3_000
ROUGHLY: Final = 1e-5
"""From so many unknowns on, this share of an aim may be missed."""
NOTICED: Final = 0.01
"""Differences below this are no difference; points and minutes come in halves."""
STAY: Final = NOTICED / 10
"""Worth of the whole plan staying as it is: it decides only between alternatives that are equally good."""


def people_around(standing: Standing, start: Indices, wanted: Indices, limit: int) -> Indices:
    """At most `limit` people, nearest first: `start`, who holds the `wanted` rows, and on along what each could do."""
    found = dict.fromkeys(start.tolist())
    ring = np.concatenate([named_in(standing.held, wanted), _next_to(standing, start)])
    while len(ring) and len(found) < limit:
        fresh = [person for person in dict.fromkeys(ring.tolist()) if person not in found][: limit - len(found)]
        found |= dict.fromkeys(fresh)
        ring = _next_to(standing, np.array(fresh, np.intp))
    return np.array(list(found), np.intp)


def _next_to(standing: Standing, people: Indices) -> Indices:
    """Who holds what these people could use, then who could use what they hold; those touching most of it first."""
    holders = named_in(standing.held, named_in(standing.wanted, people))
    seekers = named_in(standing.wanted_by, named_in(standing.held_by, people))
    return np.concatenate([holders, seekers])


@dataclass(frozen=True)
class Block:
    """Some people's decisions opened again, the `free` unknowns; everybody else's stand as in the plan."""

    standing: Standing
    free: Indices
    program: Program

    @classmethod
    def of(cls, standing: Standing, people: Indices, *, counts_hosts: bool = True) -> Block:
        """Free these people, and the loads of hosts that count them unless nobody asks how even these are."""
        index, v = standing.index, standing.model.variables
        mine = index.by_person.of(people)
        if counts_hosts:
            hosts = np.unique(standing.problem.openings.host[v.columns.opening[mine[mine < len(v.columns)]]])
            loads = v.first_load + np.flatnonzero(np.isin(v.load, hosts))
            free = np.sort(np.concatenate([mine, loads])).astype(np.intp)
        else:
            free = np.sort(mine[mine < v.first_at_host]).astype(np.intp)
        program, used = (index.program, standing.used) if counts_hosts else standing.without_counts
        return cls(standing, free, program.take(free, standing.values, used))

    def with_one_of(self, unknowns: Indices) -> Block:
        """The same where at least one of these unknowns is taken."""
        wish = -np.isin(self.free, unknowns).astype(np.float64)
        return self._with_row(wish, -1.0)

    def keeping(self, place: int, least: float) -> Block:
        """The same where the aim at this place keeps at least this value."""
        aim = self.standing.model.aims[place][self.free]
        mine = float((aim * self.standing.values[self.free]).sum())
        return self._with_row(-aim, self.standing.attained[place] - mine - least + NOTICED / 2)

    def best(self, aim: Floats) -> Floats | None:
        """Values of all unknowns, best for one aim and as near to the plan as that allows; None = not possible."""
        values = self.standing.values
        taken = values[self.free] > 0.5
        stay = np.where(taken, STAY / max(int(taken.sum()), 1), 0.0)
        program = replace(self.program, worth=aim[self.free] + stay)
        rough = ROUGHLY if len(self.free) > LARGE else 0.0
        found = best_choice(program, values[self.free], SECONDS, rough)
        if found is None:
            return None
        whole = values.copy()
        whole[self.free] = found
        return complete(self.standing.model.variables, whole[: self.standing.model.columns] > 0.5)

    def _with_row(self, coef: Floats, most: float) -> Block:
        program = self.program.with_rows(sparse.csr_array(coef[None, :]), np.array([most]))
        return replace(self, program=program)


@dataclass(frozen=True)
class Wish:
    """One pair to be joined: its columns, and the unknowns that say that it is open."""

    columns: Indices
    opened: Indices

    @classmethod
    def of(cls, standing: Standing, person: int, opening: int) -> Wish:
        v = standing.model.variables
        columns = standing.index.columns_of(person, opening).astype(np.intp)
        own = v.open_of[v.columns.pair[columns[:1]]]
        return cls(columns, own.astype(np.intp) if len(own) and own[0] != NONE else columns)


@dataclass(frozen=True)
class Compared:
    """Values of all unknowns without and with a wish, and the first aim that is worse with it; None = none is."""

    base: Floats
    wished: Floats
    aim: int | None


def compare(standing: Standing, people: Indices, opened: Indices) -> Compared | None:
    """The same people decided without and with one of `opened`, aim by aim until they differ; None = not possible."""
    return _compare_from(0, standing, people, opened, [*standing.attained])


def compare_sparing(standing: Standing, people: Indices, opened: Indices) -> Compared | None:
    """The same, as long as all that goes before points stays as it is in a proven plan; None where it cannot."""
    return _compare_from(points_come_at(standing), standing, people, opened, [*standing.attained])


def points_come_at(standing: Standing) -> int:
    """The place of the first aim that counts points; 0 without one."""
    return next((at for at, level in enumerate(standing.settings.levels) if Term.POINTS in level.weights), 0)


def _compare_from(first: int, standing: Standing, people: Indices, opened: Indices, kept: list[float]) -> Compared | None:
    aims, values, wished = standing.model.aims, standing.values, None
    for place in range(first, len(aims)):
        base, other = _blocks(standing, people, opened, kept[:place])
        wished = other.best(aims[place])
        if wished is None:
            return None
        if not standing.is_proven:
            values = _or(base.best(aims[place]), values)
            kept[place] = standing.attained[place] + gained(aims[place], standing.values, values)
        if standing.attained[place] + gained(aims[place], standing.values, wished) < kept[place] - NOTICED:
            return Compared(values, wished, place)
    return Compared(values, _or(wished, values), None)


def _blocks(standing: Standing, people: Indices, opened: Indices, kept: Sequence[float]) -> tuple[Block, Block]:
    """Without and with the wish, all aims before this one keeping what they have reached."""
    terms = {term for level in standing.settings.levels[: len(kept) + 1] for term in level.weights}
    base = Block.of(standing, people, counts_hosts=Term.EVENNESS in terms)
    for place, least in enumerate(kept):
        base = base.keeping(place, least)
    return base, base.with_one_of(opened)


def gained(aim: Floats, before: Floats, after: Floats) -> float:
    """What an aim has more of after than before."""
    differs = np.flatnonzero(before != after)
    return float((aim[differs] * (after[differs] - before[differs])).sum())


def _or(found: Floats | None, otherwise: Floats) -> Floats:
    return otherwise if found is None else found
