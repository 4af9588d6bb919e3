"""「もう一つあれば」: single changes ranked by how many of those left they could help, and the best few of them together.

A change is worth what it would do in the plan as it stands, an expectation (見込み) until the run is solved again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from service.matching.engine.explain.around import Block, people_around
from service.matching.engine.explain.changes import BestSet, Change, Kind, ranked
from service.matching.engine.explain.coverage import Chosen, Helps, choose_best, choose_greedily
from service.matching.engine.explain.levers import counts_halves, rows_of, what_each_lacks
from service.matching.engine.explain.relaxing import Blocks
from service.matching.engine.explain.standing import Standing
from service.matching.engine.model.columns import UNLIMITED, Indices, half_left, no_limit_as_much
from service.matching.engine.problem import Bools, Ints

MOST_DECIDED_ANEW = 80
ROWS_AT_ONCE = 32
"""So many rows of words fit into the processor's own memory."""
ONE = np.uint64(1)


def rank_openings(standing: Standing) -> tuple[Change, ...]:
    """One more of whatever alone is missing: a place, a start, a coordinator's or companion's time."""
    found: dict[tuple[Kind, int], set[int]] = defaultdict(set)
    for kind, thing, person in what_each_lacks(standing):
        found[kind, thing].add(person)
    return ranked(Change(kind, thing, tuple(sorted(people))) for (kind, thing), people in found.items())


def rank_conditions(standing: Standing, blocks: Blocks) -> tuple[Change, ...]:
    """One condition less, or one question asked, at an opening that has places left; 🔒 is never among them."""
    left, groups = places_left(standing), []
    for rows in np.array_split(np.arange(len(blocks.person)), max(len(blocks.person) // ROWS_AT_ONCE, 1)):
        rows = rows[~standing.placed[blocks.person[rows]]]
        groups.append(_one_missing(blocks, rows, left > 0))
    row, opening, bit, is_asked = np.concatenate(groups, axis=1)
    order = np.lexsort((row, bit, opening, is_asked))
    row, opening, bit, is_asked = (each[order] for each in (row, opening, bit, is_asked))
    first = np.flatnonzero(np.diff(np.stack([is_asked, opening, bit]), prepend=-1).any(axis=0))
    people, ends = blocks.person[row].tolist(), np.append(first, len(row))[1:].tolist()
    found = zip(first.tolist(), ends, is_asked[first].tolist(), opening[first].tolist(), bit[first].tolist(), strict=True)
    most, kinds = left.tolist(), (Kind.CONDITION, Kind.QUESTION)
    may_suggest = [code in blocks.suggestable for code in blocks.codes]
    return ranked(
        Change(
            kinds[asks],
            place,
            tuple(people[start:end]),
            min(most[place], end - start),
            blocks.codes[code],
            bool(asks) or may_suggest[code],
        )
        for start, end, asks, place, code in found
    )


def _one_missing(blocks: Blocks, rows: Indices, is_open: Bools) -> Ints:
    """int[4, found]: row, opening, the one bit that is violated or unknown, and whether it is unknown."""
    violated, unknown = blocks.violated[rows], blocks.unknown[rows]
    # At most one bit in a word and none in the other; a power of two shares no bit with the number before it.
    either = violated | unknown
    few = ((either & (either - ONE)) == 0) & (either != 0) & is_open
    at, opening = np.nonzero(few)
    words, asked = either[at, opening], unknown[at, opening] != 0
    alone = ((violated[at, opening] == 0) | ~asked) & (asked | ((words & blocks.bits(blocks.locked)) == 0))
    bit = np.bitwise_count(words - ONE).astype(np.intp)
    return np.stack([rows[at], opening, bit, asked])[:, alone]


def places_left(standing: Standing) -> Ints:
    """int32[openings]: how many more people each could take after the plan, every week."""
    problem, plan = standing.problem, standing.plan
    used = np.bincount(plan.slot, plan.half, len(problem.slots))
    weekly = np.maximum(half_left(problem, problem.slots.places) - used, 0) // 2
    in_slots = np.bincount(problem.slots.opening, weekly, len(problem.openings))
    there = np.unique(np.column_stack([plan.opening(problem), plan.person]), axis=0)[:, 0]
    free = no_limit_as_much(problem.openings.free) - np.bincount(there, minlength=len(problem.openings))
    return np.asarray(np.clip(np.minimum(free, in_slots), 0, UNLIMITED), np.int32)


def best_set(standing: Standing, changes: Sequence[Change], most: int) -> BestSet:
    """At most so many changes together, chosen at once: one after the other, each time the one that adds most."""
    return _best_set(standing, changes, choose_greedily(_helps(standing, changes), most))


def refine(standing: Standing, changes: Sequence[Change], most: int, seconds: float = 10.0) -> BestSet:
    """The same by a solver, with a proven bound; for the background."""
    return _best_set(standing, changes, choose_best(_helps(standing, changes), most, seconds))


def confirm(standing: Standing, change: Change) -> int | None:
    """How many more people of all have a place when the run around is solved again with the change; None = cannot tell.

    Room, starts, coordinators and companions can be tried in the model; conditions and new openings cannot.
    """
    rows = rows_of(standing, change)
    if not len(rows):
        return None
    slack = standing.slack.copy()
    slack[rows] += np.where(counts_halves(standing, rows), 2.0, 1.0)
    more, start = standing.with_slack(slack), np.array(change.people, np.intp)
    people = people_around(standing, start, rows, max(MOST_DECIDED_ANEW, len(start)))
    base = (
        standing.values
        if standing.is_proven
        else Block.of(standing, people, counts_hosts=False).best(standing.people_placed)
    )
    after = Block.of(more, people, counts_hosts=False).best(standing.people_placed)
    if base is None or after is None:
        return None
    return int(standing.placed_in(after).sum()) - int(standing.placed_in(base).sum())


def _helps(standing: Standing, changes: Sequence[Change]) -> Helps:
    number = np.full(len(standing.problem.people), -1, np.int32)
    number[standing.left] = np.arange(len(standing.left))
    counts = [len(change.people) for change in changes]
    person = np.concatenate([np.zeros(0, np.int32), *(np.array(change.people, np.int32) for change in changes)])
    places = np.array([change.places for change in changes], np.int32)
    option = np.repeat(np.arange(len(changes), dtype=np.int32), counts)
    return Helps(option, number[person], places, len(standing.left))


def _best_set(standing: Standing, changes: Sequence[Change], chosen: Chosen) -> BestSet:
    helped = tuple(tuple(standing.left[list(people)].tolist()) for people in chosen.helped)
    return BestSet(tuple(changes[option] for option in chosen.options), helped, chosen.bound, chosen.is_proven)
