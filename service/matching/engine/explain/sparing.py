"""Whether a wish may come true with everybody else keeping a place: one place each, and choices shared out.

This leaves out more rules than it keeps, so a "no" is certain, and a "yes" says only whom to decide anew.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from service.matching.engine.explain.around import NOTICED, SECONDS, STAY, Wish
from service.matching.engine.explain.standing import Standing, named_in
from service.matching.engine.model.columns import Indices
from service.matching.engine.problem import Floats
from service.matching.engine.search.decided import still_open
from service.matching.engine.search.program import NEAR, Program


def who_would_move(standing: Standing, people: Indices, person: int, wish: Wish) -> Indices | None:
    """Those to be decided anew so that the wish might cost nobody a place; None where it costs one however they go."""
    columns, held = _one_place_each(standing, people, person, wish)
    program = _program(standing, people, person, columns, held)
    others = np.unique(standing.model.variables.columns.person[columns[held]])
    left = still_open(program)
    relaxed = None if left is None else left.program.relax(SECONDS)
    if left is None or relaxed is None:
        return None
    shares = left.whole(relaxed.values)
    if float((program.worth * shares).sum()) < len(others[others != person]) - NOTICED:
        return None
    fresh = columns[(shares > NEAR) & ~held]
    holders = named_in(standing.held, named_in(standing.obstacles, fresh))
    return np.unique(np.concatenate([standing.model.variables.columns.person[fresh], holders])).astype(np.intp)


def _one_place_each(standing: Standing, people: Indices, person: int, wish: Wish) -> tuple[Indices, Any]:
    """The columns somebody could have as their one place, and which of them are in the plan.

    Those with a kept placement need none; the person who wishes gets the place that is wished for.
    """
    listed = standing.model.variables.columns
    others = people[(people != person) & ~standing.problem.has_place[people]]
    mine = standing.index.by_person.of(others)
    columns = np.sort(np.concatenate([mine[mine < len(listed)], wish.columns])).astype(np.intp)
    return columns, standing.values[columns] > 0.5


def _program(standing: Standing, people: Indices, person: int, columns: Indices, held: Any) -> Program:
    """As many others as possible have a place in the room these people share, preferably where they are."""
    who = standing.model.variables.columns.person[columns]
    number, at = np.unique(who, return_inverse=True)
    one_each = sparse.csc_array((np.ones(len(at)), (at, np.arange(len(at)))), shape=(len(number), len(at)))
    wished = np.flatnonzero(who == person)
    wish = sparse.csc_array((-np.ones(len(wished)), (np.zeros(len(wished), int), wished)), shape=(1, len(at)))
    room, left = standing.room[:, columns], standing.room_left(people)
    worth: Floats = np.where(who == person, 0.0, 1.0 + np.where(held, STAY / max(len(number), 1), 0.0))
    rows = sparse.vstack([room, one_each, wish], format="csc")
    most = np.concatenate([left, np.ones(len(number)), [-1.0]])
    none, all_ = np.zeros(len(at)), np.ones(len(at))
    return Program(worth, rows, most, none, all_, all_ > 0)
