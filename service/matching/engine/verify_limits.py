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
from service.matching.engine.verify_lines import Broken, Lines, Whole, limit_left


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
    _, opening, pair = lines.joins(problem)
    for number, name in enumerate(problem.resources):
        taken = np.bincount(opening, problem.pairs.uses[pair, number], len(problem.openings))
        limit = problem.openings.amounts[:, number]
        for place in np.flatnonzero((limit >= 0) & (taken > limit)).tolist():
            yield Broken(Rule.RESOURCES, f"{problem.openings.ids[place]} の「{name}」が足りません。", (), place)


def most_hosts(problem: Problem, lines: Lines) -> Iterator[Broken]:
    """Nobody goes to more openings than suits them."""
    kept = np.unique(np.column_stack([lines.person, lines.opening])[~lines.new], axis=0)[:, 0]
    person, _, _ = lines.joins(problem)
    left = limit_left(problem.people.most_hosts, np.bincount(kept, minlength=len(problem.people)))
    for who in np.flatnonzero(np.bincount(person, minlength=len(problem.people)) > left).tolist():
        yield Broken(Rule.MOST_HOSTS, f"{problem.people.ids[who]} の行き先が多すぎます。", (who,))


def new_starts(problem: Problem, lines: Lines) -> Iterator[Broken]:
    """No host begins with more new people a week than it can welcome."""
    _, opening, pair = lines.joins(problem)
    host = problem.openings.host[opening[problem.pairs.is_new[pair]]]
    for place in _more(host, problem.hosts.new_starts).tolist():
        yield Broken(Rule.NEW_STARTS, f"{problem.hosts.ids[place]} が新しく始める人が多すぎます。")


def coordinators(problem: Problem, lines: Lines) -> Iterator[Broken]:
    """No coordinator has more new introductions than there is time for."""
    person, _, pair = lines.joins(problem)
    who = Counter(problem.people.coordinator[person[problem.pairs.is_new[pair]]].tolist())
    for coordinator, most in problem.rules.new_per_coordinator.items():
        if who[coordinator] > most:
            name = problem.coordinators[coordinator] if coordinator < len(problem.coordinators) else f"{coordinator + 1}人目"
            yield Broken(Rule.COORDINATOR, f"コーディネーター {name} の新しい紹介が多すぎます。")


def accompany(problem: Problem, lines: Lines) -> Iterator[Broken]:
    """No half-day needs more supporters than can go along."""
    if problem.rules.accompany is None:
        return
    counted = lines.new & problem.people.accompanied[lines.person] & (lines.day >= 0)
    counted[counted] = problem.pairs.is_new[lines.pair[counted]]
    afternoon = problem.slots.start[lines.slot[counted]] >= NOON
    limit = problem.rules.accompany.ravel()
    half_days = np.bincount(lines.day[counted] * 2 + afternoon, minlength=len(limit))
    for cell in np.flatnonzero((limit >= 0) & (half_days > limit)).tolist():
        day, half = divmod(cell, 2)
        yield Broken(Rule.ACCOMPANY, f"{WEEKDAYS[day]}曜日の{('午前', '午後')[half]}の同行が多すぎます。")


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
    people = tuple(np.unique(lines.person[lines.new & (lines.opening == opening)]).tolist())
    return Broken(rule, f"{problem.openings.ids[opening]} に入れる人が多すぎます。", people, opening)
