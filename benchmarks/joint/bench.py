"""One size, one seed: our engine and its peers, every plan checked, every gap to our own valid bound."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from benchmarks.instances import densities, make
from benchmarks.joint.own import BrokenPlan, worth_of
from benchmarks.peers import GREEDY, Answer, ask_greedy, ask_solver
from service.matching.engine.model import LinearModel, build_model
from service.matching.engine.settings import WEIGHED, Settings
from service.matching.engine.solution import Plan

SETTINGS: Final = Settings(levels=WEIGHED)
FENCE_S: Final = 120.0
"""How much longer than asked our own process may live, greedy start and checks included."""


@dataclass(frozen=True)
class Peer:
    """A solver with its limits: `gap` None leaves its own stopping rule."""

    solver: str
    seconds: float
    gap: float | None = None


@dataclass(frozen=True)
class Line:
    """One row of a table; `gap` is a fraction of our own bound. Without a plan that counts nobody is placed anew."""

    gap: float
    seconds: float
    value: float
    placed: float
    points: float
    proven: bool
    status: str
    peak_mb: float


@dataclass(frozen=True)
class Outcome:
    """One size and seed: ours, the others, how dense the town is, how busy the machine was."""

    size: str
    seed: int
    own: Mapping[str, Any]
    vs: dict[str, Line]
    densities: Mapping[str, float]
    load: tuple[float, float, float] = field(default_factory=os.getloadavg)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def run_own(people: int, openings: int, seed: int, seconds: float, *options: str) -> dict[str, Any]:
    """Our engine in a process of its own, with a fence of time."""
    asked = (str(people), str(openings), str(seed), "--seconds", str(seconds), *options)
    return run_alone("benchmarks.joint.own", *asked, fence_s=seconds * 3 + FENCE_S)


def run_alone(module: str, *options: str, fence_s: float) -> dict[str, Any]:
    """What a module prints as JSON, run in a process of its own."""
    done = subprocess.run([sys.executable, "-m", module, *options], capture_output=True, text=True, timeout=fence_s)
    if done.returncode:
        raise BrokenPlan(done.stderr[-2_000:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def compare(size: tuple[int, int], seed: int, own: Mapping[str, Any], greedy: Iterable[str] = GREEDY,
            peers: Mapping[str, Peer] | None = None) -> Outcome:  # fmt: skip
    """Ask every peer about the same town; the seconds of solvers include building the model, as ours do."""
    problem = make(*size, seed)
    start = time.perf_counter()
    model = build_model(problem, SETTINGS)
    building = time.perf_counter() - start
    answers = {name: ask_greedy(name, model) for name in greedy}
    for name, peer in (peers or {}).items():
        answers[name] = ask_solver(peer.solver, model, peer.seconds, peer.gap)
    lines = {name: judge(model, answer, float(own["bound"]), building) for name, answer in answers.items()}
    return Outcome(f"{size[0]}x{size[1]}", seed, own, lines, densities(problem))


def judge(model: LinearModel, answer: Answer, bound: float, building: float) -> Line:
    """A peer's line; a plan that breaks a rule by the independent check counts as no plan."""
    problem, plan, status = model.variables.problem, Plan.empty(), f"no plan: {answer.status}"
    if answer.values is not None:
        plan, status = model.plan(answer.values), answer.status
    try:
        worth = worth_of(problem, SETTINGS, plan)
    except BrokenPlan as broken:
        worth, status = worth_of(problem, SETTINGS, Plan.empty()), f"broken plan: {broken}"
    value = worth["value"]
    is_proven = answer.values is not None and answer.bound + float(model.constant[0]) <= value * (1 + 1e-9)
    gap = max(0.0, (bound - value) / bound) if bound > 0 else 0.0
    return Line(gap, answer.seconds + building, value, worth["placed"], worth["points"], is_proven, status, answer.peak_mb)
