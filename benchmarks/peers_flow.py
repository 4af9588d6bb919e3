"""The flow peer: half units of time flow from people to sessions at least cost, then are made whole again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from benchmarks.peers_greedy import Filling, fit_of
from service.matching.engine.model import LinearModel
from service.matching.engine.model.columns import half_left, left_demand

Values = NDArray[np.float64]


def flow_and_repair(model: LinearModel) -> Values:
    """What flows most is taken first while every rule of the full model holds, and then whatever else still fits."""
    filling = Filling(model)
    flow = _flow_of(model)
    half = model.variables.columns.half
    carried = np.minimum(flow, half) - 0.5 * (half > flow)
    for column in np.lexsort((-half, -fit_of(model), -carried)).tolist():
        filling.take(column)
    return filling.values


def _flow_of(model: LinearModel) -> NDArray[np.int64]:
    """Half units on each column of the cheapest flow that knows loads, places and high support, and nothing else."""
    columns, problem = model.variables.columns, model.variables.problem
    people, slots = len(problem.people), len(problem.slots)
    source, sink = people + 2 * slots, people + 2 * slots + 1
    edges, of_column = np.unique(columns.person.astype(np.int64) * slots + columns.slot, return_inverse=True)
    person, slot = edges // slots, edges % slots
    width, worth = np.zeros(len(edges), np.int64), np.zeros(len(edges))
    np.maximum.at(width, of_column, columns.half)
    np.maximum.at(worth, of_column, fit_of(model) / 2)
    calm = problem.people.high_support[person] & (problem.slots.high_support[slot] >= 0)
    support = half_left(problem, problem.slots.high_support, high_support=True)
    left, bonus = left_demand(problem), _first_place(model)
    everyone, every_slot = np.arange(people), np.arange(slots)
    arcs = [
        (np.full(people, source), everyone, np.minimum(left, 1), -bonus),
        (np.full(people, source), everyone, np.maximum(left - 1, 0), np.zeros(people)),
        (person, people + slot + slots * calm, width, -worth),
        (people + slots + every_slot, people + every_slot, support, np.zeros(slots)),
        (people + every_slot, np.full(slots, sink), half_left(problem, problem.slots.places), np.zeros(slots)),
        (np.array([source]), np.array([sink]), np.array([int(left.sum())]), np.zeros(1)),
    ]
    tail, head, room, cost = (np.concatenate(parts) for parts in zip(*arcs, strict=True))
    network = SimpleMinCostFlow()
    made = network.add_arcs_with_capacity_and_unit_cost(tail, head, np.minimum(room, int(left.sum())), np.round(2 * cost))
    network.set_nodes_supplies(np.array([source, sink]), np.array([left.sum(), -left.sum()]))
    if network.solve() != network.OPTIMAL:
        return np.zeros(len(columns), np.int64)
    flows: NDArray[np.int64] = network.flows(made)[2 * people : 2 * people + len(edges)]
    return flows[of_column]


def _first_place(model: LinearModel) -> NDArray[np.float64]:
    """float64[people]: what it is worth that somebody without a place gets one."""
    placed = model.variables.placed_of
    bonus = np.zeros(len(placed))
    bonus[placed >= 0] = model.aims[0][placed[placed >= 0]]
    return bonus
