"""Decisions that cannot hold together: which of them, none to be left out, and what kinds of rule stand in the way."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from service.matching.engine.model import LinearModel, build_model
from service.matching.engine.pins.concerned import Pins, concerned
from service.matching.engine.problem import NO_LIMIT, Floats, Problem
from service.matching.engine.rule import Rule
from service.matching.engine.settings import Level, Settings, Term
from service.matching.engine.solution import Plan

Member = TypeVar("Member")
Pair = tuple[int, int]
Relax = Callable[[Problem, Settings], tuple[Problem, Settings]]
MOST: Final = 20
MORE_DEMAND: Final = 1_000
ANY_AIM: Final = (Level("", {Term.POINTS: 1}),)


@dataclass(frozen=True)
class Conflict:
    """Forced pairs and kept placements, as (person, opening), that no plan can hold together under these rules."""

    forced: tuple[Pair, ...]
    kept: tuple[Pair, ...]
    rules: tuple[Rule, ...]

    @property
    def pairs(self) -> tuple[Pair, ...]:
        return (*self.forced, *self.kept)


class Contradiction(ValueError):
    """A run whose pins cannot hold together; `conflicts` says which."""

    def __init__(self, conflicts: tuple[Conflict, ...]) -> None:
        super().__init__(conflicts)
        self.conflicts = conflicts


def conflicts(problem: Problem, settings: Settings) -> tuple[Conflict, ...]:
    """The contradictions among what is forced and kept, each as small as can be; nothing where a plan can hold it all."""
    pins = concerned(problem)
    found: list[Conflict] = []
    forced, kept = list(pins.forced), list(pins.kept)
    while len(found) < MOST and _clash(pins, settings, forced, kept):
        conflict = _smallest(pins, settings, forced, kept)
        if not conflict.pairs:
            break
        found.append(conflict)
        forced = [pin for pin in forced if pin not in conflict.forced]
        if not conflict.forced:
            kept = [line for line in kept if pins.pair_of(line) not in conflict.kept]
    return tuple(found)


def pinned(problem: Problem, settings: Settings) -> Plan | None:
    """The smallest plan that holds what is forced and keeps bound households; None where no plan can."""
    pins = concerned(problem)
    model = build_model(pins.holding(pins.forced, pins.kept), replace(settings, levels=ANY_AIM))
    values = _fewest_lines(model)
    return None if values is None else model.plan(values)


def _smallest(pins: Pins, settings: Settings, forced: list[Pair], kept: list[int]) -> Conflict:
    """Without kept placements where the forced pairs alone already clash."""
    alone = _clash(pins, settings, forced, [])
    members: list[Pair | int] = [*forced] if alone else [*forced, *kept]
    mine, there = _parted(_minimal(members, lambda some: _clash(pins, settings, *_parted(some))))
    rules = _minimal(list(RELAXED), lambda some: _clash(pins, settings, mine, there, some))
    lines = tuple(dict.fromkeys(pins.pair_of(line) for line in there))
    return Conflict(tuple(mine), lines, tuple(rules) or (Rule.LINE,))


def _parted(members: Sequence[Pair | int]) -> tuple[list[Pair], list[int]]:
    return [each for each in members if isinstance(each, tuple)], [each for each in members if isinstance(each, int)]


def _minimal(members: list[Member], clash: Callable[[list[Member]], bool]) -> list[Member]:
    """A smallest part that still clashes (QuickXplain, Junker 2004); nothing when even none at all clashes."""

    def narrow(background: list[Member], changed: bool, rest: list[Member]) -> list[Member]:
        if changed and clash(background):
            return []
        if len(rest) == 1:
            return rest
        one, other = rest[: len(rest) // 2], rest[len(rest) // 2 :]
        second = narrow([*background, *one], bool(one), other)
        first = narrow([*background, *second], bool(second), one)
        return [*first, *second]

    return narrow([], True, members) if members else []


def _clash(
    pins: Pins, settings: Settings, forced: Sequence[Pair], kept: Sequence[int], rules: Collection[Rule] = tuple(Rule)
) -> bool:
    """No plan holds these pins under these rules."""
    problem, asked = pins.holding(forced, kept), replace(settings, levels=ANY_AIM)
    for rule, relax in RELAXED.items():
        if rule not in rules:
            problem, asked = relax(problem, asked)
    return _fewest_lines(build_model(problem, asked)) is None


def _fewest_lines(model: LinearModel) -> Floats | None:
    """The values of the smallest plan, or None where no plan keeps the rules."""
    if not len(model.upper):
        return None if (model.most < 0).any() else model.upper
    answer = milp(
        np.where(np.arange(len(model.upper)) < model.columns, 1.0, 0.0),
        constraints=LinearConstraint(model.rows, -np.inf, model.most) if len(model.most) else (),
        integrality=model.whole.astype(int),
        bounds=Bounds(model.lower, model.upper),
    )
    return None if answer.x is None else np.asarray(answer.x, np.float64)


def _of_rules(**changes: object) -> Relax:
    return lambda problem, settings: (replace(problem, rules=replace(problem.rules, **changes)), settings)  # type: ignore[arg-type]


def _no_limit(table: str, field: str) -> Relax:
    def relax(problem: Problem, settings: Settings) -> tuple[Problem, Settings]:
        rows = getattr(problem, table)
        return replace(problem, **{table: replace(rows, **{field: np.full_like(getattr(rows, field), NO_LIMIT)})}), settings

    return relax


def _more_demand(problem: Problem, settings: Settings) -> tuple[Problem, Settings]:
    return replace(problem, people=replace(problem.people, demand=problem.people.demand + MORE_DEMAND)), settings


def _no_length(problem: Problem, settings: Settings) -> tuple[Problem, Settings]:
    free = replace(problem.rules, gap_min=0, gap_min_per_km=0.0)
    return replace(problem, slots=replace(problem.slots, end=problem.slots.start), rules=free), settings


def _any_days(problem: Problem, settings: Settings) -> tuple[Problem, Settings]:
    return replace(problem, pairs=replace(problem.pairs, least_days=np.ones_like(problem.pairs.least_days))), settings


RELAXED: Final[dict[Rule, Relax]] = {
    Rule.DEMAND: _more_demand,
    Rule.TIMES: _no_length,
    Rule.PLACES: _no_limit("slots", "places"),
    Rule.HIGH_SUPPORT: _no_limit("slots", "high_support"),
    Rule.FREE: _no_limit("openings", "free"),
    Rule.RESOURCES: _no_limit("openings", "amounts"),
    Rule.MOST_HOSTS: _no_limit("people", "most_hosts"),
    Rule.NEW_STARTS: _no_limit("hosts", "new_starts"),
    Rule.COORDINATOR: _of_rules(new_per_coordinator={}),
    Rule.ACCOMPANY: _of_rules(accompany=None),
    Rule.APART: _of_rules(apart=()),
    Rule.HOUSEHOLD_TOGETHER: _of_rules(households_together=frozenset()),
    Rule.HOUSEHOLD_APART: _of_rules(households_apart=frozenset()),
    Rule.LEAST_DAYS: _any_days,
    Rule.FORBIDDEN: _of_rules(forbidden=frozenset()),
    Rule.ASK: lambda problem, settings: (problem, replace(settings, include_ask=True)),
}
"""The same run without one kind of rule."""
