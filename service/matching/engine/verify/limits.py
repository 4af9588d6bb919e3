"""Rules that are a count against a limit: no plan adds more than kept placements leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.kernel.dates import WEEKDAYS
from service.matching.engine.problem import FORTNIGHTLY, NOON, Ints, Problem
from service.matching.engine.rule import Rule
from service.matching.engine.verify.lines import Broken, Lines, Whole, limit_left


def demand(problem: Problem, lines: Lines) -> Iterator[Broken]:
    """Nobody gets more than today's load."""
    count = len(problem.people)
    for person in _above(
        lines.person, lines.half, lines.new, limit_left(problem.people.demand, _kept(lines, lines.person, count))
    ):
        yield Broken(Rule.DEMAND, f"{problem.people.ids[person]} の合計が、今の量を超えます。", (person,))


def fortnightly(problem: Problem, lines: Lines) -> Iterator[Broken]:
    """Every other week only for the odd half unit of a load, and once."""
    rare = lines.person[lines.new & (lines.half == FORTNIGHTLY)]
    times = np.bincount(rare, minlength=len(problem.people))
    for person in np.flatnonzero(times > problem.people.demand % 2).tolist():
        yield Broken(Rule.FORTNIGHTLY, f"{problem.people.ids[person]} の隔週が、半端の分より多くなっています。", (person,))


def places(problem: Problem, lines: Lines) -> Iterator[Broken]:
    """No session takes more people than it has places."""
    yield from _slots(problem, lines, problem.slots.places, np.ones(len(lines.person), np.bool_), Rule.PLACES)


def high_support(problem: Problem, lines: Lines) -> Iterator[Broken]:
    """No session takes more people with high support needs than the host can manage at once."""
    yield from _slots(
        problem, lines, problem.slots.high_support, problem.people.high_support[lines.person], Rule.HIGH_SUPPORT
    )


def free(problem: Problem, lines: Lines) -> Iterator[Broken]:
    """No opening takes more newcomers than it has free places."""
    _, opening, _ = lines.joins(problem)
    for place in _more(opening, problem.openings.free).tolist():
        yield _at(problem, Rule.FREE, place, lines)


def resources(problem: Problem, lines: Lines) -> Iterator[Broken]:
    """Newcomers together need no more of a resource than the opening has."""
    person, opening, pair = lines.joins(problem)
    for number, name in enumerate(problem.resources):
        uses, limit = problem.pairs.uses[pair, number], problem.openings.amounts[:, number]
        taken = np.bincount(opening, uses, len(problem.openings))
        for place in np.flatnonzero((limit >= 0) & (taken > limit)).tolist():
            people = _people(person[(opening == place) & (uses > 0)])
            yield Broken(Rule.RESOURCES, f"{problem.openings.ids[place]} の「{name}」が足りません。", people, place)


def most_hosts(problem: Problem, lines: Lines) -> Iterator[Broken]:
    """Nobody goes to more openings than suits them."""
    kept = np.unique(np.column_stack([lines.person, lines.opening])[~lines.new], axis=0)[:, 0]
    person, _, _ = lines.joins(problem)
    left = limit_left(problem.people.most_hosts, np.bincount(kept, minlength=len(problem.people)))
    for who in np.flatnonzero(np.bincount(person, minlength=len(problem.people)) > left).tolist():
        yield Broken(Rule.MOST_HOSTS, f"{problem.people.ids[who]} の行き先が多すぎます。", (who,))


def new_starts(problem: Problem, lines: Lines) -> Iterator[Broken]:
    """No host begins with more new people a week than it can welcome."""
    person, opening = _introduced(problem, lines)
    host = problem.openings.host[opening]
    for place in _more(host, problem.hosts.new_starts).tolist():
        said = f"{problem.hosts.ids[place]} が新しく始める人が多すぎます。"
        yield Broken(Rule.NEW_STARTS, said, _people(person[host == place]))


def coordinators(problem: Problem, lines: Lines) -> Iterator[Broken]:
    """No coordinator has more new introductions than there is time for."""
    person, _ = _introduced(problem, lines)
    who = problem.people.coordinator[person]
    count = Counter(who.tolist())
    for coordinator, most in problem.rules.new_per_coordinator.items():
        if count[coordinator] > most:
            name = problem.coordinators[coordinator] if coordinator < len(problem.coordinators) else f"{coordinator + 1}人目"
            said = f"コーディネーター {name} の新しい紹介が多すぎます。"
            yield Broken(Rule.COORDINATOR, said, _people(person[who == coordinator]))


def _introduced(problem: Problem, lines: Lines) -> tuple[Whole, Whole]:
    """(person, opening) of everybody the plan brings to a place that is new to them."""
    person, opening, pair = lines.joins(problem)
    fresh = problem.pairs.is_new[pair]
    return person[fresh], opening[fresh]


def accompany(problem: Problem, lines: Lines) -> Iterator[Broken]:
    """No half-day needs more supporters than can go along."""
    if problem.rules.accompany is None:
        return
    counted = lines.new & problem.people.accompanied[lines.person] & (lines.day >= 0)
    counted[counted] = problem.pairs.is_new[lines.pair[counted]]
    half_day = lines.day[counted] * 2 + (problem.slots.start[lines.slot[counted]] >= NOON)
    for cell in _more(half_day, problem.rules.accompany.ravel()).tolist():
        day, half = divmod(cell, 2)
        said = f"{WEEKDAYS[day]}曜日の{('午前', '午後')[half]}の同行が多すぎます。"
        yield Broken(Rule.ACCOMPANY, said, _people(lines.person[counted][half_day == cell]))


def _slots(problem: Problem, lines: Lines, limit: Ints, counted: NDArray[np.bool_], rule: Rule) -> Iterator[Broken]:
    half = lines.half * counted
    twice = np.where(limit < 0, limit, 2 * limit)
    left = limit_left(twice, np.bincount(lines.slot[~lines.new], half[~lines.new], len(problem.slots)).astype(np.int64))
    for slot in _above(lines.slot, half, lines.new, left):
        yield _at(problem, rule, int(problem.slots.opening[slot]), lines)


def _kept(lines: Lines, key: Whole, count: int) -> Whole:
    return np.bincount(key[~lines.new], lines.half[~lines.new], count).astype(np.int64)


def _above(key: Whole, amount: Whole, new: NDArray[np.bool_], left: Whole) -> list[int]:
    """Keys to which the plan adds more than is left."""
    added = np.bincount(key[new], amount[new], len(left)).astype(np.int64)
    return [int(each) for each in np.flatnonzero(added > left)]


def _more(key: NDArray[Any], limit: Ints) -> NDArray[np.intp]:
    """Keys that occur more often than their limit."""
    return np.flatnonzero((limit >= 0) & (np.bincount(key, minlength=len(limit)) > limit))


def _at(problem: Problem, rule: Rule, opening: int, lines: Lines) -> Broken:
    people = _people(lines.person[lines.new & (lines.opening == opening)])
    return Broken(rule, f"{problem.openings.ids[opening]} に入れる人が多すぎます。", people, opening)


def _people(person: Whole) -> tuple[int, ...]:
    return tuple(np.unique(person).tolist())
