"""Rules between lines of one person, and between people: times, pairs kept apart, households, days, pins."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from service.kernel.geo.distance import distance_km
from service.matching.engine.problem import WEEKLY, Problem
from service.matching.engine.rule import Rule
from service.matching.engine.verify.lines import Broken, Lines, Whole, of_pair


def times(problem: Problem, lines: Lines) -> Iterator[Broken]:
    """Nobody is in two places at once, nor still on the way between them."""
    twos = np.array(list(_same_day(lines)), np.int64).reshape(-1, 2)
    start, end = problem.slots.start[lines.slot], problem.slots.end[lines.slot]
    later = start[twos[:, 0]] > start[twos[:, 1]]
    twos[later] = twos[later, ::-1]
    first, then = twos[:, 0], twos[:, 1]
    wrong = end[first] + _minutes_between(problem, lines.opening[first], lines.opening[then]) > start[then]
    for one, other in twos[wrong & (lines.new[first] | lines.new[then])].tolist():
        person = int(lines.person[one])
        said = f"{problem.people.ids[person]} の同じ曜日の二つの枠が、重なるか近すぎます。"
        yield Broken(Rule.TIMES, said, (person,), int(lines.opening[one if lines.new[one] else other]))


def _same_day(lines: Lines) -> Iterator[tuple[int, int]]:
    """Every two lines of one person on one weekday."""
    key = np.where(lines.day >= 0, lines.person * 7 + lines.day, -1)
    _, name, count = np.unique(key, return_inverse=True, return_counts=True)
    several = np.flatnonzero((key >= 0) & (count[name] > 1))
    order = several[np.argsort(key[several], kind="stable")].tolist()
    for _, group in itertools.groupby(order, key=key.__getitem__):
        yield from itertools.combinations(group, 2)


def _minutes_between(problem: Problem, first: Whole, then: Whole) -> Whole:
    """From one opening to another: the set minutes, and more the further apart; within one opening none."""
    lat, lon, rules = problem.openings.lat, problem.openings.lon, problem.rules
    km = distance_km(lat[first], lon[first], lat[then], lon[then])
    gap = np.ceil(rules.gap_min + rules.gap_min_per_km * np.where(np.isnan(km), 0.0, km))
    return np.where(first == then, 0, gap).astype(np.int64)


def apart(problem: Problem, lines: Lines) -> Iterator[Broken]:
    """Two people who must not meet are not at one host on one day."""
    concerned = {person for two in problem.rules.apart for person in two}
    at: dict[int, dict[tuple[int, int], bool]] = {person: {} for person in concerned}
    for line in np.flatnonzero(np.isin(lines.person, list(concerned))).tolist():
        day = int(lines.day[line])
        spot = (int(lines.host[line]), day) if day >= 0 else (int(lines.opening[line]), day)
        mine = at[int(lines.person[line])]
        mine[spot] = mine.get(spot, False) or bool(lines.new[line])
    for one, other in problem.rules.apart:
        if any(at[one][spot] or at[other][spot] for spot in at[one].keys() & at[other].keys()):
            said = f"{problem.people.ids[one]} と {problem.people.ids[other]} が同じ曜日に同じ受け入れ先です。"
            yield Broken(Rule.APART, said, (one, other))


def households(problem: Problem, lines: Lines) -> Iterator[Broken]:
    """Households that stay together have the same openings; those that stay apart share none."""
    rules = problem.rules
    bound = np.flatnonzero(np.isin(problem.people.household, [*rules.households_together, *rules.households_apart]))
    if not len(bound):
        return
    openings: dict[int, set[int]] = {person: set() for person in bound.tolist()}
    for line in np.flatnonzero(np.isin(lines.person, bound)).tolist():
        openings[int(lines.person[line])].add(int(lines.opening[line]))
    members: dict[int, list[int]] = defaultdict(list)
    for person in bound.tolist():
        members[int(problem.people.household[person])].append(person)
    for household, people in members.items():
        places = [openings[person] for person in people]
        names = "・".join(problem.people.ids[person] for person in people)
        if household in rules.households_together and any(place != places[0] for place in places):
            yield Broken(Rule.HOUSEHOLD_TOGETHER, f"{names} の行き先が同じではありません。", tuple(people))
        if household in rules.households_apart and len(set().union(*places)) < sum(map(len, places)):
            yield Broken(Rule.HOUSEHOLD_APART, f"{names} の行き先が重なっています。", tuple(people))


def least_days(problem: Problem, lines: Lines) -> Iterator[Broken]:
    """Where a host asks for several days a week, a person comes on that many, once a day."""
    asking = lines.pair >= 0
    asking[asking] = problem.pairs.least_days[lines.pair[asking]] > 1
    kept: dict[int, set[int]] = defaultdict(set)
    weekly: dict[int, list[int]] = defaultdict(list)
    for line in np.flatnonzero(asking).tolist():
        pair, day = int(lines.pair[line]), int(lines.day[line])
        if not lines.new[line]:
            kept[pair].add(day)
        else:
            weekly[pair] += [day] if lines.half[line] == WEEKLY else []
    for pair, listed in weekly.items():
        least = int(problem.pairs.least_days[pair])
        added = [day for day in listed if day not in kept[pair]]
        twice = len(added) > len(set(added)) and least - len(kept[pair]) > 1
        if twice or len(kept[pair].union(added)) < least:
            yield of_pair(problem, Rule.LEAST_DAYS, int(problem.pairs.person[pair]), int(problem.pairs.opening[pair]))


def forced(problem: Problem, lines: Lines) -> Iterator[Broken]:
    """What somebody has decided beforehand holds."""
    if not problem.rules.forced:
        return
    there = set(zip(lines.person.tolist(), lines.opening.tolist(), strict=True))
    for person, opening in problem.rules.forced:
        if (person, opening) not in there:
            said = f"{problem.people.ids[person]} が {problem.openings.ids[opening]} に入っていません。"
            yield Broken(Rule.FORCED, said, (person,), opening)
