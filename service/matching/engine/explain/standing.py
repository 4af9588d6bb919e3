"""A solved run as explanations look at it: what each rule has left, who takes of it, and who would need something of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
from scipy import sparse

from service.matching.engine.model import RULES, LinearModel, bonds, build_model, constraints, objective
from service.matching.engine.model.columns import Indices
from service.matching.engine.model.objective import TERMS
from service.matching.engine.model.rows import Rows
from service.matching.engine.model.variables import Variables
from service.matching.engine.problem import NONE, Bools, Floats, Problem
from service.matching.engine.rule import Rule
from service.matching.engine.search.index import Index, spread
from service.matching.engine.search.program import NEAR, Program
from service.matching.engine.settings import Settings, Term
from service.matching.engine.solution import Plan, Solution

RULE_OF: Final[Mapping[Callable[[Variables], Rows], Rule]] = {
    constraints.within_demand: Rule.DEMAND,
    constraints.one_frequency_per_session: Rule.TWICE,
    constraints.one_fortnightly_session: Rule.FORTNIGHTLY,
    constraints.no_clashing_sessions: Rule.TIMES,
    constraints.within_slot: Rule.PLACES,
    constraints.within_high_support: Rule.HIGH_SUPPORT,
    constraints.within_free_places: Rule.FREE,
    constraints.within_resources: Rule.RESOURCES,
    constraints.within_most_hosts: Rule.MOST_HOSTS,
    constraints.within_new_starts: Rule.NEW_STARTS,
    constraints.within_coordinator: Rule.COORDINATOR,
    constraints.within_accompaniment: Rule.ACCOMPANY,
    bonds.keep_apart: Rule.APART,
    bonds.household_together: Rule.HOUSEHOLD_TOGETHER,
    bonds.household_apart: Rule.HOUSEHOLD_APART,
    bonds.enough_days: Rule.LEAST_DAYS,
    bonds.forced_pairs: Rule.FORCED,
}
RULE_AT: Final = tuple(RULE_OF.get(rule) for rule in RULES)
"""The kind of rule of each place in RULES; None for rows that only tie unknowns to each other."""
CALLS_FOR_MORE: Final = frozenset({Rule.LEAST_DAYS, Rule.HOUSEHOLD_TOGETHER, Rule.FORCED})
LEAVES_LESS: Final = tuple(place for place, rule in enumerate(RULE_AT) if rule is not None and rule not in CALLS_FOR_MORE)
OF_ONE_PERSON: Final = frozenset(
    {Rule.DEMAND, Rule.TWICE, Rule.FORTNIGHTLY, Rule.TIMES, Rule.MOST_HOSTS, Rule.LEAST_DAYS, Rule.HOUSEHOLD_TOGETHER}
)
SHARED: Final = tuple(place for place in LEAVES_LESS if RULE_AT[place] not in OF_ONE_PERSON)
"""Rules about room that one person takes from another."""
COUNTS: Final = tuple(RULES.index(rule) for rule in (objective.count_at_hosts, objective.count_load))


@dataclass(frozen=True)
class Standing:
    """`values` float64[V] is the plan in the model's unknowns, `slack` float64[R] what each row has left."""

    index: Index
    plan: Plan
    is_proven: bool
    values: Floats
    slack: Floats

    @classmethod
    def of(cls, problem: Problem, settings: Settings, solution: Solution) -> Standing:
        """Put a solution back into its model."""
        return cls.within(build_model(problem, settings), solution.plan, is_proven=solution.is_proven)

    @classmethod
    def within(cls, model: LinearModel, plan: Plan, *, is_proven: bool) -> Standing:
        """Put a plan into the model it was made from; `is_proven` = no other plan is better on any aim."""
        values = model.values(plan)
        return cls(Index.build(model), plan, is_proven, values, model.most - model.rows @ values)

    @property
    def model(self) -> LinearModel:
        return self.index.model

    @property
    def problem(self) -> Problem:
        return self.model.variables.problem

    @property
    def settings(self) -> Settings:
        return self.model.variables.settings

    @cached_property
    def terms(self) -> Mapping[Term, Floats]:
        """What each unknown adds to each thing the aims count."""
        counted = {term for level in self.settings.levels for term in level.weights}
        return {term: TERMS[term](self.model.variables) for term in Term if term in counted}

    @cached_property
    def placed(self) -> Bools:
        """bool[people]: has a place, kept or by the plan."""
        return self.placed_in(self.values)

    @cached_property
    def left(self) -> Indices:
        """People without a place."""
        return np.flatnonzero(~self.placed)

    def placed_in(self, values: Floats) -> Bools:
        """bool[people]: has a place under these values."""
        found = self.problem.has_place.copy()
        found[self.model.variables.columns.person[values[: self.model.columns] > 0.5]] = True
        return found

    @cached_property
    def people_placed(self) -> Floats:
        """float64[V]: one for each unknown that says that somebody has a place."""
        v = self.model.variables
        counted = np.zeros(v.count)
        counted[v.placed_of[v.placed_of != NONE]] = 1.0
        return counted

    def with_slack(self, slack: Floats) -> Standing:
        """The same plan under limits that leave this much."""
        return replace(self, index=self.index.with_most(self.model.most - self.slack + slack), slack=slack)

    def rule_of(self, row: int) -> Rule | None:
        """The kind of rule a row comes from."""
        return RULE_AT[int(self.model.rule[row])]

    @cached_property
    def without_counts(self) -> tuple[Program, Floats]:
        """The run without the rows that count people at hosts, for where nobody asks how even these are; and its `used`."""
        kept = ~np.isin(self.model.rule, COUNTS)
        program = self.index.program
        if kept.all():
            return program, self.used
        return replace(program, rows=program.rows.tocsr()[kept].tocsc(), most=program.most[kept]), self.used[kept]

    @cached_property
    def used(self) -> Floats:
        """float64[R]: what the plan takes of each row."""
        return self.model.most - self.slack

    @cached_property
    def attained(self) -> tuple[float, ...]:
        """What the plan is worth to each aim."""
        return tuple(float((aim * self.values).sum()) for aim in self.model.aims)

    @cached_property
    def shared(self) -> Indices:
        """The rows of room that one person takes from another."""
        return np.flatnonzero(np.isin(self.model.rule, SHARED))

    @cached_property
    def room(self) -> Any:
        """CSC [shared rows, columns]: what each column takes of them, by itself and by opening its pair."""
        v, rows = self.model.variables, self.model.rows[self.shared].tocsc()
        own = v.open_of[v.columns.pair]
        opened = rows[:, np.maximum(own, 0)] * (own >= 0)[None, :]
        return (rows[:, : len(own)] + opened).tocsc()

    def room_left(self, people: Indices) -> Floats:
        """What there is for these people of each shared row while all others stay."""
        mine = self.index.by_person.of(people)
        taken = mine[self.values[mine] > 0.5]
        given = self.index.program.rows[:, taken] @ np.ones(len(taken))
        return np.asarray(self.slack[self.shared] + given[self.shared], np.float64)

    @cached_property
    def obstacles(self) -> Any:
        """CSR [columns, R]: the rows with too little left for a column that is not taken."""
        v, rows = self.model.variables, self.model.rows
        row = np.repeat(np.arange(len(self.slack)), np.diff(rows.indptr))
        needed = (rows.data > self.slack[row] + NEAR) & (self.values[rows.indices] < 0.5)
        needed &= np.isin(self.model.rule, LEAVES_LESS)[row]
        full = _marks(rows.indices[needed], row[needed], (v.count, len(self.slack)))
        own = v.open_of[v.columns.pair]
        several = np.flatnonzero(own >= 0)
        return (full[: len(own)] + _marks(several, own[several], (len(own), v.count)) @ full).tocsr()

    @cached_property
    def wanted(self) -> Any:
        """CSR [people, R]: the rows with too little left that somebody would need something of."""
        person = self.model.variables.columns.person
        return _marks(person, np.arange(len(person)), (len(self.problem.people), len(person))) @ self.obstacles

    @cached_property
    def wanted_by(self) -> Any:
        """`wanted`, by row."""
        return self.wanted.T.tocsr()

    @cached_property
    def held(self) -> Any:
        """CSR [R, people]: who takes something of each row by the plan."""
        rows = self.model.rows
        row = np.repeat(np.arange(len(self.slack)), np.diff(rows.indptr))
        owner = self.index.owner[rows.indices]
        taken = (self.values[rows.indices] > 0.5) & (rows.data > 0) & (owner != NONE)
        taken &= np.isin(self.model.rule, LEAVES_LESS)[row]
        return _marks(row[taken], owner[taken], (len(self.slack), len(self.problem.people)))

    @cached_property
    def held_by(self) -> Any:
        """`held`, by person."""
        return self.held.T.tocsr()


def named_in(matrix: Any, rows: Any) -> Indices:
    """What any of these rows of a matrix names, most often named first."""
    names, count = np.unique(matrix.indices[spread(matrix.indptr, np.asarray(rows, np.intp))], return_counts=True)
    return np.asarray(names[np.argsort(-count, kind="stable")], np.intp)


def _marks(row: Any, column: Any, shape: tuple[int, int]) -> Any:
    return sparse.csr_array((np.ones(len(row), np.int32), (row, column)), shape=shape)
