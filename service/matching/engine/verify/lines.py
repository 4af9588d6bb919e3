"""A plan's lines next to the kept ones, and what can be wrong with a single line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.matching.engine.problem import FORTNIGHTLY, WEEKLY, Bools, Ints, Problem
from service.matching.engine.rule import SAID, Rule
from service.matching.engine.settings import Settings
from service.matching.engine.solution import Plan

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Broken:
    """One rule that does not hold, in words; `people` and `opening` are positions."""

    rule: Rule
    said: str
    people: tuple[int, ...] = ()
    opening: int | None = None

    def __str__(self) -> str:
        return f"{SAID[self.rule]}: {self.said}"


@dataclass(frozen=True)
class Lines:
    """Kept and planned lines together; `new` marks the planned ones, `pair` is −1 where no pair stands for a line."""

    person: Whole
    slot: Whole
    half: Whole
    new: Bools
    opening: Whole
    host: Whole
    day: Whole
    pair: Whole

    @classmethod
    def of(cls, problem: Problem, plan: Plan) -> Lines:
        """Every line of a plan whose positions are in range."""
        kept = problem.kept
        person = np.concatenate([kept.person, plan.person]).astype(np.int64)
        slot = np.concatenate([kept.slot, plan.slot]).astype(np.int64)
        half = np.concatenate([kept.half, plan.half]).astype(np.int64)
        new = np.repeat(np.array([False, True]), [len(kept), len(plan)])
        opening = problem.slots.opening[slot].astype(np.int64)
        host, day = problem.openings.host[opening].astype(np.int64), problem.slots.day[slot].astype(np.int64)
        return cls(person, slot, half, new, opening, host, day, pair_at(problem, person, opening))

    def joins(self, problem: Problem) -> tuple[Whole, Whole, Whole]:
        """(person, opening, pair) of every pair the plan begins: with a planned line and without a kept one."""
        count = max(len(problem.openings), 1)
        key = self.person * count + self.opening
        fresh, first = np.unique(key[self.new], return_index=True)
        begun = ~np.isin(fresh, key[~self.new])
        return fresh[begun] // count, fresh[begun] % count, self.pair[self.new][first][begun]


def broken_lines(problem: Problem, settings: Settings, plan: Plan) -> Iterable[Broken]:
    """Lines that no rule about several lines need look at any more."""
    outside = list(_out_of_range(problem, plan))
    if outside:
        return outside
    return [*_not_offered(problem, settings, plan), *_twice(problem, plan)]


def _out_of_range(problem: Problem, plan: Plan) -> Iterator[Broken]:
    fits = (plan.person >= 0) & (plan.person < len(problem.people)) & (plan.slot >= 0) & (plan.slot < len(problem.slots))
    fits &= (plan.half == WEEKLY) | (plan.half == FORTNIGHTLY)
    for line in np.flatnonzero(~fits).tolist():
        yield Broken(Rule.LINE, f"{line + 1}行目は、人・曜日の枠・頻度のどれかがありません。")


def _not_offered(problem: Problem, settings: Settings, plan: Plan) -> Iterator[Broken]:
    sessions, count = problem.sessions, max(len(problem.slots), 1)
    offered = problem.pairs.person[sessions.pair].astype(np.int64) * count + sessions.slot
    fits = is_listed(plan.person.astype(np.int64) * count + plan.slot, offered)
    opening = plan.opening(problem)
    pair = pair_at(problem, plan.person, opening)
    asks = np.zeros(len(plan), np.bool_)
    asks[pair >= 0] = problem.pairs.asks[pair[pair >= 0]] & (not settings.include_ask)
    keys = plan.person.astype(np.int64) * max(len(problem.openings), 1) + opening
    barred = is_listed(keys, _keys(problem, problem.rules.forbidden))
    for rule, wrong in ((Rule.LINE, ~fits), (Rule.ASK, asks), (Rule.FORBIDDEN, barred)):
        for line in np.flatnonzero(wrong).tolist():
            yield of_pair(problem, rule, int(plan.person[line]), int(opening[line]))


def _twice(problem: Problem, plan: Plan) -> Iterator[Broken]:
    person = np.concatenate([problem.kept.person, plan.person]).astype(np.int64)
    slot = np.concatenate([problem.kept.slot, plan.slot]).astype(np.int64)
    found, first, count = np.unique(person * max(len(problem.slots), 1) + slot, return_index=True, return_counts=True)
    planned = np.isin(found, (person * max(len(problem.slots), 1) + slot)[len(problem.kept) :])
    for line in first[(count > 1) & planned].tolist():
        yield of_pair(problem, Rule.TWICE, int(person[line]), int(problem.slots.opening[slot[line]]))


def allowed_pairs(problem: Problem, settings: Settings) -> Bools:
    """bool[pairs]: what may be proposed at all under these settings."""
    keys = problem.pairs.person.astype(np.int64) * max(len(problem.openings), 1) + problem.pairs.opening
    barred = is_listed(keys, _keys(problem, problem.rules.forbidden))
    return ~barred if settings.include_ask else ~barred & ~problem.pairs.asks


def pair_at(problem: Problem, person: NDArray[Any], opening: NDArray[Any]) -> Whole:
    """The position of the pair of each person and opening, −1 where there is none."""
    count = max(len(problem.openings), 1)
    keys = problem.pairs.person.astype(np.int64) * count + problem.pairs.opening
    order = np.argsort(keys, kind="stable")
    asked = np.asarray(person, np.int64) * count + opening
    if not len(keys):
        return np.full(len(asked), -1, np.int64)
    at = order[np.minimum(np.searchsorted(keys, asked, sorter=order), len(keys) - 1)]
    return np.where(keys[at] == asked, at, -1).astype(np.int64)


def is_listed(keys: Whole, listed: Whole) -> Bools:
    """bool[keys]: whether each is among the listed ones, of which there may be millions."""
    if not len(listed):
        return np.zeros(len(keys), np.bool_)
    ordered = np.sort(listed)
    return np.asarray(ordered[np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)] == keys)


def of_pair(problem: Problem, rule: Rule, person: int, opening: int) -> Broken:
    """A rule broken by one person at one opening."""
    said = f"{problem.people.ids[person]} を {problem.openings.ids[opening]} に入れています。"
    return Broken(rule, said, (person,), opening)


def _keys(problem: Problem, pins: Iterable[tuple[int, int]]) -> Whole:
    return np.array([person * max(len(problem.openings), 1) + opening for person, opening in pins], np.int64)


def limit_left(limit: Ints, used: NDArray[Any]) -> Whole:
    """What kept placements leave of a limit; no limit leaves as much as there can be."""
    most = np.where(limit < 0, np.iinfo(np.int64).max, limit.astype(np.int64))
    return np.maximum(np.where(limit < 0, most, most - used), 0)
