"""The run that ends within a minute: one city with its peers, one prefecture with greedy."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.joint.bench import Outcome, Peer, compare, run_own

CITY: Final = (500, 300)
PREFECTURE: Final = (5_000, 3_000)
GREEDY_OF_CITY: Final = ("greedy by fit", "greedy scarce-first", "greedy, one place each first", "flow + repair")
SCARCE_FIRST: Final = "greedy scarce-first"
SEED: Final = 1
MINUTE_S: Final = 56.0
"""When the last peer has to end; what is left of a minute is for ending."""


@dataclass(frozen=True)
class Asked:
    """How large and how long; the tests ask for less."""

    city: tuple[int, int] = CITY
    prefecture: tuple[int, int] = PREFECTURE
    own_s: float = 10.0
    peer_s: float = 6.0
    cp_sat_s: float = 20.0


def run_quick(asked: Asked | None = None) -> dict[str, Any]:
    """{size: {gap, seconds, vs: {peer: {gap, seconds}}}}, gaps as fractions of our own valid bound."""
    asked, began = asked or Asked(), time.monotonic()
    own = run_own(*asked.city, SEED, asked.own_s, "--repeats", "3")
    first = compare(asked.city, SEED, own, GREEDY_OF_CITY, {"HiGHS": Peer("highs", asked.peer_s)})
    large = compare(asked.prefecture, SEED, run_own(*asked.prefecture, SEED, asked.own_s), (SCARCE_FIRST,))
    large.vs["greedy"] = large.vs.pop(SCARCE_FIRST)
    # The slow ones take what is left of the minute.
    cbc = compare(asked.city, SEED, own, (), {"CBC": Peer("cbc", asked.peer_s)})
    left = max(5.0, MINUTE_S - (time.monotonic() - began) - 3.0)
    cp_sat = compare(asked.city, SEED, own, (), {"CP-SAT": Peer("cp-sat", min(asked.cp_sat_s, left))})
    first.vs.update({**cbc.vs, **cp_sat.vs})
    return {each.size: in_short(each) for each in (first, large)}


def in_short(outcome: Outcome) -> dict[str, Any]:
    """Gap and seconds alone."""
    vs = {name: {"gap": line.gap, "seconds": line.seconds} for name, line in outcome.vs.items()}
    return {"gap": outcome.own["gap"], "seconds": outcome.own["seconds"], "vs": vs}
