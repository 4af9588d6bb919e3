"""One place for each person, and nothing but room to think of: a flow from people to slots, exact at any size.

It covers the room of slots, kept placements, 要確認 and forbidden pairs. Every line is one session and takes a whole
place in it, also for those who come every other week.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from service.matching.engine.model.columns import Columns, columns_of, half_left, left_demand, points_of
from service.matching.engine.problem import WEEKLY, Floats, Problem
from service.matching.engine.search.network import SINK, SOURCE, Knots, Network
from service.matching.engine.settings import Settings
from service.matching.engine.solution import Plan

PRECISION: Final = 100
"""Points are counted in hundredths: a flow knows whole numbers only."""


def one_place_each(problem: Problem, settings: Settings) -> Plan:
    """As many people as possible in one place each, then the most points; people with a kept placement stay as they are.

    ValueError says in words which rules of the run a flow cannot keep.
    """
    if rules := rules_beyond_room(problem):
        raise ValueError("一人一か所の割り当てでは、次の決まりを守れません: " + "、".join(rules))
    columns = _usable(problem, settings)
    if not len(columns):
        return Plan.empty()
    people, person = np.unique(columns.person, return_inverse=True)
    slots, slot = np.unique(columns.slot, return_inverse=True)
    room = np.minimum(half_left(problem, problem.slots.places)[slots] // WEEKLY, len(people))
    network = Network()
    at, place = network.add(len(people)), network.add(len(slots))
    network.join(SOURCE, at, 1)
    network.join(at[person], place[slot], 1, _gains(points_of(problem, columns), len(people)))
    network.join(place, SINK, room)
    _, chosen, _ = network.best(len(people))
    taken = columns.take(np.flatnonzero(chosen))
    return Plan(taken.person, taken.slot, taken.half)


def rules_beyond_room(problem: Problem) -> list[str]:
    """The rules of this run that a flow does not know, in words; none where it may be used."""
    rules, people, openings = problem.rules, problem.people, problem.openings
    asked = {
        "同時に受け入れられる手厚い支援の人数": (problem.slots.high_support >= 0).any() and people.high_support.any(),
        "場所ごとの空き": (openings.free >= 0).any(),
        "資源の量": openings.amounts.shape[1] > 0,
        "週に受け入れられる新しい人数": (problem.hosts.new_starts >= 0).any(),
        "担当者が紹介できる人数": bool(rules.new_per_coordinator),
        "半日ごとの同行": rules.accompany is not None,
        "会わせない組": bool(rules.apart),
        "世帯": bool(rules.households_together or rules.households_apart),
        "入れると決めた組": bool(rules.forced),
        "続けて通う日数": (problem.pairs.least_days > 1).any(),
    }
    return [name for name, binds in asked.items() if binds]


def _usable(problem: Problem, settings: Settings) -> Columns:
    columns = columns_of(problem, settings)
    often = np.minimum(left_demand(problem), WEEKLY)[columns.person]
    return columns.take((columns.half == often) & ~problem.has_place[columns.person])


def _gains(points: Floats, people: int) -> Knots:
    """Above zero throughout, and so far that one person more is worth any points of all the others."""
    gain = np.round(points * PRECISION).astype(np.int64)
    prize = int(gain.max(initial=0) - min(int(gain.min(initial=0)), 0)) * (people + 1) + 1
    return np.asarray(gain + prize, np.int64)
