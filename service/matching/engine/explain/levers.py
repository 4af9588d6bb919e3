"""What each person left lacks at openings that fit: where it is one thing alone, one more of it would do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np

from service.matching.engine.explain.changes import Change, Kind
from service.matching.engine.explain.standing import RULE_AT, Standing
from service.matching.engine.model.columns import Indices, half_left
from service.matching.engine.problem import FORTNIGHTLY, NONE, WEEKLY, Bools, Ints
from service.matching.engine.rule import Rule

KIND_OF: Final[Mapping[Rule, Kind]] = {
    Rule.FREE: Kind.PLACE,
    Rule.PLACES: Kind.PLACE,
    Rule.HIGH_SUPPORT: Kind.HIGH_SUPPORT,
    Rule.RESOURCES: Kind.RESOURCE,
    Rule.NEW_STARTS: Kind.NEW_START,
    Rule.COORDINATOR: Kind.COORDINATOR,
    Rule.ACCOMPANY: Kind.ACCOMPANY,
}
KINDS: Final = tuple(Kind)
IN_HALVES: Final = frozenset({Rule.PLACES, Rule.HIGH_SUPPORT})


def what_each_lacks(standing: Standing) -> Iterator[tuple[Kind, int, int]]:
    """(kind, thing, person) for each thing that alone keeps somebody left from a session of an opening that fits."""
    columns, left = standing.model.variables.columns, ~standing.placed
    mine = np.flatnonzero(left[columns.person] & (standing.problem.pairs.least_days[columns.pair] <= 1))
    part = standing.obstacles[mine]
    keys, things = _keys(standing, mine, part)
    column = np.repeat(mine, np.diff(part.indptr))
    each = np.unique(np.column_stack([column, keys, things]), axis=0)
    _, first, count = np.unique(each[:, 0], return_index=True, return_counts=True)
    alone = each[first[count == 1]]
    alone = alone[alone[:, 1] != NONE]
    found = np.unique(np.column_stack([alone[:, 1:], columns.person[alone[:, 0]]]), axis=0)
    for key, thing, person in (*found.tolist(), *_no_room_beside_kept(standing)):
        yield KINDS[key], thing, person


def rows_of(standing: Standing, change: Change) -> Indices:
    """The model's rows that one more of a thing would loosen; none where the model does not know the thing."""
    if change.kind not in KIND_OF.values():
        return np.zeros(0, np.intp)
    columns = standing.model.variables.columns
    theirs = np.flatnonzero(np.isin(columns.person, change.people))
    part = standing.obstacles[theirs]
    keys, things = _keys(standing, theirs, part)
    return np.unique(part.indices[(keys == KINDS.index(change.kind)) & (things == change.thing)]).astype(np.intp)


def counts_halves(standing: Standing, rows: Indices) -> Bools:
    """bool[rows]: one more person a week is two units; rows that sum halves of weeks, not those of whole weeks."""
    rules = np.array([standing.rule_of(row) in IN_HALVES for row in rows.tolist()], np.bool_)
    widest = np.array([standing.model.rows.data[slice(*standing.model.rows.indptr[row : row + 2])].max() for row in rows])
    return np.asarray(rules & (widest > 1))


def _keys(standing: Standing, columns: Indices, part: Any) -> tuple[Ints, Ints]:
    """Per obstacle of these columns, the kind of thing (its place in KINDS, −1 = none that could be had) and which."""
    problem, listed = standing.problem, standing.model.variables.columns
    column = np.repeat(columns, np.diff(part.indptr))
    kind_at = np.array(
        [KINDS.index(KIND_OF[rule]) if rule is not None and rule in KIND_OF else NONE for rule in RULE_AT], np.int32
    )
    kinds = kind_at[standing.model.rule[part.indices]]
    opening, person, slot = listed.opening[column], listed.person[column], listed.slot[column]
    things = opening.astype(np.int32)
    half_day = problem.slots.day[slot] * 2 + problem.half_day[slot]
    for kind, which in (
        (Kind.NEW_START, problem.openings.host[opening]),
        (Kind.COORDINATOR, problem.people.coordinator[person]),
        (Kind.ACCOMPANY, half_day),
    ):
        things = np.where(kinds == KINDS.index(kind), which, things).astype(np.int32)
    return kinds, np.where(kinds == NONE, part.indices, things).astype(np.int32)


def _no_room_beside_kept(standing: Standing) -> Iterator[tuple[int, int, int]]:
    """Sessions that fixed people fill: they are no decision of the run, and one more place would make them one."""
    problem, asked = standing.problem, standing.settings
    pairs, sessions = problem.pairs, problem.sessions
    person, opening = pairs.person[sessions.pair], pairs.opening[sessions.pair]
    demand = problem.people.demand[person]
    least = np.where(demand % 2 == 1, FORTNIGHTLY, WEEKLY)
    full = half_left(problem, problem.slots.places)[sessions.slot] < least
    may = full & ~standing.placed[person] & (demand > 0) & (pairs.least_days[sessions.pair] <= 1)
    may &= asked.include_ask | ~pairs.asks[sessions.pair]
    found = {*zip(opening[may].tolist(), person[may].tolist(), strict=True)}
    for place, who in sorted(found):
        if (who, place) not in problem.rules.forbidden:
            yield KINDS.index(Kind.PLACE), place, who
