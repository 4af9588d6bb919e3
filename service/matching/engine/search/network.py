"""Room as a flow: from a source through knots with limited ways between them; what finds no room stays behind at no gain."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Knots = NDArray[np.int64]
SOURCE, SINK = 0, 1
UNFINISHED: Final = "割り当ての計算が終わりませんでした。"


class Network:
    """Ways between knots, each with the most it carries and what one unit on it gains, in whole numbers."""

    def __init__(self) -> None:
        self.knots = 2
        self.ways: list[tuple[Knots, Knots, Knots, Knots]] = []

    def add(self, count: int) -> Knots:
        """So many new knots."""
        self.knots += count
        return np.arange(self.knots - count, self.knots)

    def join(self, tail: Any, head: Any, most: Any, gain: Any = 0) -> None:
        """Ways from each tail to its head."""
        parts = np.broadcast_arrays(*(np.asarray(part, np.int64) for part in (tail, head, most, gain)))
        self.ways.append((parts[0], parts[1], parts[2], parts[3]))

    def most_carried(self, supply: int) -> int:
        """How many of `supply` units can reach the sink."""
        from ortools.graph.python import max_flow

        flow = max_flow.SimpleMaxFlow()
        for tail, head, most, _ in self.ways:
            flow.add_arcs_with_capacity(tail, head, np.minimum(most, supply))
        if flow.solve(SOURCE, SINK) != flow.OPTIMAL:
            raise RuntimeError(UNFINISHED)
        return int(flow.optimal_flow())

    def most_gained(self, supply: int) -> int:
        """What `supply` units gain at most."""
        return sum(int(units @ gain) for units, (*_, gain) in zip(self.best(supply), self.ways, strict=True))

    def best(self, supply: int) -> list[Knots]:
        """How many units take each way, join by join, for the most gain; a unit that would gain nothing may stay behind."""
        from ortools.graph.python import min_cost_flow

        flow = min_cost_flow.SimpleMinCostFlow()
        joined = [
            flow.add_arcs_with_capacity_and_unit_cost(tail, head, np.minimum(most, supply), -gain)
            for tail, head, most, gain in self.ways
        ]
        flow.add_arc_with_capacity_and_unit_cost(SOURCE, SINK, supply, 0)
        flow.set_node_supply(SOURCE, supply)
        flow.set_node_supply(SINK, -supply)
        if flow.solve() != flow.OPTIMAL:
            raise RuntimeError(UNFINISHED)
        return [np.asarray(flow.flows(ways), np.int64) for ways in joined]
