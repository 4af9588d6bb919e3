"""One place each: where everybody gets at most one weekly session, the best plan is a flow, and exact at any size.

python -m benchmarks.one_place PEOPLE OPENINGS SEED [--bound]   prints one JSON object
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from benchmarks.instances import make
from benchmarks.joint.own import relaxed_bound, worth_of
from service.matching.engine.columns import columns_of, half_left, points_of
from service.matching.engine.objective import TERMS
from service.matching.engine.problem import NO_LIMIT, WEEKLY, Hosts, Problem, Rules
from service.matching.engine.settings import WEIGHED, Settings, Term
from service.matching.engine.solution import Plan
from service.matching.engine.variables import Variables


def ask_one_place_each(problem: Problem) -> Problem:
    """The same town where those without a fixed place want one weekly session, and only places and support are short."""
    people = problem.people
    kept = np.bincount(problem.kept.person, problem.kept.half, len(people)).astype(np.int32)
    demand = np.where(problem.has_place, kept, WEEKLY).astype(np.int32)
    free_of_limits = Hosts(problem.hosts.ids, np.full(len(problem.hosts), NO_LIMIT, np.int32))
    held = replace(problem.held, half=np.full(len(problem.held), WEEKLY, np.int32))
    return replace(problem, people=replace(people, demand=demand), hosts=free_of_limits, held=held, rules=Rules())


def by_flow(problem: Problem, settings: Settings) -> Plan:
    """The best plan of a town that asks one place each: a unit of flow is a person in a session."""
    columns = columns_of(problem, settings)
    people, slots = len(problem.people), len(problem.slots)
    calm = problem.people.high_support[columns.person] & (problem.slots.high_support[columns.slot] != NO_LIMIT)
    room = half_left(problem, problem.slots.places) // WEEKLY
    support = half_left(problem, problem.slots.high_support, high_support=True) // WEEKLY
    sink, every_slot, everyone = people + 2 * slots, np.arange(slots), np.unique(columns.person)
    arcs = [
        (columns.person, people + columns.slot + slots * calm, np.ones(len(columns)), -_worth(problem, settings)),
        (people + slots + every_slot, people + every_slot, np.minimum(support, people), np.zeros(slots)),
        (people + every_slot, np.full(slots, sink), np.minimum(room, people), np.zeros(slots)),
        (everyone, np.full(len(everyone), sink), np.ones(len(everyone)), np.zeros(len(everyone))),
    ]
    tail, head, most, cost = (np.concatenate(parts) for parts in zip(*arcs, strict=True))
    network = SimpleMinCostFlow()
    made = network.add_arcs_with_capacity_and_unit_cost(
        tail, head, most.astype(np.int64), np.round(2 * cost).astype(np.int64)
    )
    network.set_nodes_supplies(np.append(everyone, sink), np.append(np.ones(len(everyone), np.int64), -len(everyone)))
    if network.solve() != network.OPTIMAL:
        raise ValueError("the flow has no solution, though nobody placed is one")
    chosen = columns.take(np.flatnonzero(network.flows(made)[: len(columns)]))
    return Plan(chosen.person, chosen.slot, chosen.half)


def _worth(problem: Problem, settings: Settings) -> NDArray[np.float64]:
    """float64[columns]: a place for somebody, its points, and staying where one is."""
    variables, weights = Variables.build(problem, settings), settings.levels[0].weights
    stays = TERMS[Term.KEPT](variables)[: len(variables.columns)]
    return weights[Term.PLACED] + weights[Term.POINTS] * points_of(problem, variables.columns) + weights[Term.KEPT] * stays


def main(argv: Sequence[str] | None = None) -> None:
    """Solve one town by flow; `--bound` also says what its linear relaxation could be worth."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("people", "openings", "seed"):
        parser.add_argument(name, type=int)
    parser.add_argument("--bound", action="store_true")
    asked = parser.parse_args(argv)
    settings = Settings(levels=WEIGHED)
    problem = ask_one_place_each(make(asked.people, asked.openings, asked.seed))
    start = time.perf_counter()
    plan = by_flow(problem, settings)
    found = {"seconds": time.perf_counter() - start, **worth_of(problem, settings, plan)}
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if asked.bound:
        found["bound"] = relaxed_bound(problem, settings)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
