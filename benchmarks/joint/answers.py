"""How fast and how right the explanations of a run are: `python -m benchmarks.joint.answers PEOPLE OPENINGS SEED`.

"Why not that place" is asked for pairs drawn at random and held against the whole run solved again with the wish, or,
with `--around 300`, against 300 people solved again without and with it, by a solver that is left to itself.
What every question looks up is prepared once per run and timed on its own.
a change is a session withdrawn from somebody, and its new plan is held against the whole run solved without it.
Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

import numpy as np
from scipy import sparse

from benchmarks.hindrances import blocks_of
from benchmarks.instances import Town, make_town
from service.matching.engine.explain import whatif
from service.matching.engine.explain.around import Block, Wish, people_around
from service.matching.engine.explain.standing import Standing, named_in
from service.matching.engine.explain.whynot import Cost, WhyNot, why_not
from service.matching.engine.search.block import reoptimise
from service.matching.engine.settings import WEIGHED, Settings
from service.matching.engine.solution import Solution
from service.matching.engine.solve import solve
from service.matching.engine.verify import check

LOOKED_UP: Final = (
    "placed", "left", "terms", "used", "attained", "without_counts", "shared", "room", "obstacles", "wanted_by", "held_by",
)  # fmt: skip
RANKINGS: Final = 20
FEW: Final = (5, 20)
"""How many changes are chosen together."""
NOTICED: Final = 0.01
"""Worths are whole or half points."""
JUDGING_S: Final = 240.0
REFERENCE_S: Final = 60.0
"""How long all judging may take, and one run that is solved again to judge an answer."""


class Stopwatch:
    """Seconds by the wall and of this process alone: on a busy machine they differ."""

    def __init__(self) -> None:
        self._took: list[tuple[float, float]] = []

    @contextmanager
    def running(self) -> Iterator[None]:
        """Take the time of what is done inside."""
        wall, own = time.perf_counter(), time.process_time()
        yield
        self._took.append((time.perf_counter() - wall, time.process_time() - own))

    def in_ms(self) -> dict[str, float]:
        """Median and 95th percentile of both."""
        wall, own = np.array(self._took).T * 1000
        return {
            "p50_ms": float(np.percentile(wall, 50)), "p95_ms": float(np.percentile(wall, 95)),
            "cpu_p50_ms": float(np.percentile(own, 50)), "cpu_p95_ms": float(np.percentile(own, 95)),
        }  # fmt: skip


def questions(standing: Standing, count: int, seed: int) -> Iterator[tuple[int, int]]:
    """Different (person, opening) that could be joined and are not: first a person, then one of their openings."""
    dice = np.random.default_rng(seed)
    columns = standing.model.variables.columns
    taken = standing.values[: len(columns)] > 0.5
    there = set(zip(columns.person[taken].tolist(), columns.opening[taken].tolist(), strict=True))
    asked: set[tuple[int, int]] = set()
    everyone = np.unique(columns.person)
    for _ in range(20 * count):
        person = int(dice.choice(everyone))
        mine = np.flatnonzero(columns.person == person)
        opening = int(columns.opening[dice.choice(mine)])
        if (person, opening) not in there | asked and len(asked) < count:
            asked.add((person, opening))
            yield person, opening


def prepare(town: Town, settings: Settings, solution: Solution) -> tuple[Standing, dict[str, float]]:
    """The run as it is asked about, with all that every question looks up."""
    watch = Stopwatch()
    with watch.running():
        standing = Standing.of(town.problem, settings, solution)
        for name in LOOKED_UP:
            getattr(standing, name)
        len(town.problem.pair_of)
    took = watch.in_ms()
    return standing, {"ms": took["p50_ms"], "cpu_ms": took["cpu_p50_ms"]}


def time_why_not(standing: Standing, count: int, seed: int) -> tuple[dict[str, Any], list[WhyNot]]:
    """Every question once, one after the other, as a reader of the page asks them."""
    watch, answers = Stopwatch(), []
    for person, opening in questions(standing, count, seed):
        with watch.running():
            answers.append(why_not(standing, person, opening))
    kinds = Counter(str(answer.cost) for answer in answers)
    return {"asked": len(answers), **watch.in_ms(), "kinds": dict(kinds)}, answers


def true_cost(standing: Standing, answer: WhyNot) -> Cost | None:
    """What the wish really costs: the whole run solved again with it; None where that was not proven in time."""
    columns, program = standing.model.variables.columns, standing.index.program
    wish = np.zeros(len(program))
    wish[np.flatnonzero((columns.person == answer.person) & (columns.opening == answer.opening))] = -1.0
    values, bound = program.with_rows(sparse.csc_array(wish[None, :]), np.array([-1.0])).solve(REFERENCE_S)
    if values is None:
        return Cost.IMPOSSIBLE if bound == np.inf or bound == -np.inf else None
    worth, before = float(program.worth @ values), float(program.worth @ standing.values)
    if bound > worth + NOTICED:
        return None
    others = np.arange(len(standing.problem.people)) != answer.person
    if standing.placed_in(values)[others].sum() < standing.placed[others].sum():
        return Cost.PLACE
    return Cost.FREE if worth >= before - NOTICED else Cost.POINTS


def cost_around(standing: Standing, answer: WhyNot, people: int) -> Cost | None:
    """The same within so many people around; None where that was not proven in time."""
    wish = Wish.of(standing, answer.person, answer.opening)
    start, wanted = np.array([answer.person]), named_in(standing.obstacles, wish.columns)
    base = Block.of(standing, people_around(standing, start, wanted, people), counts_hosts=False)
    worths, placed = [], []
    for block in (base, base.with_one_of(wish.opened)):
        values, bound = block.program.solve(REFERENCE_S)
        if values is None:
            return Cost.IMPOSSIBLE if block is not base and not np.isfinite(bound) else None
        worths.append(float(block.program.worth @ values))
        if bound > worths[-1] + NOTICED:
            return None
        whole = standing.values.copy()
        whole[block.free] = values
        placed.append(int(np.delete(standing.placed_in(whole), answer.person).sum()))
    if placed[1] < placed[0]:
        return Cost.PLACE
    return Cost.FREE if worths[1] >= worths[0] - NOTICED else Cost.POINTS


def judge_why_not(standing: Standing, answers: Sequence[WhyNot], count: int, around: int) -> dict[str, Any]:
    """How many of the first `count` answers, as far as there is time, name the class the reference confirms."""
    until, judged = time.monotonic() + JUDGING_S, []
    for answer in answers[:count]:
        if time.monotonic() < until:
            judged.append((answer.cost, cost_around(standing, answer, around) if around else true_cost(standing, answer)))
    known = [(said, true) for said, true in judged if true is not None]
    wrong = Counter(f"{said} instead of {true}" for said, true in known if said is not true)
    open_ = len(judged) - len(known)
    return {"judged": len(known), "not_proven": open_, "right": len(known) - wrong.total(), "wrong": dict(wrong)}


def time_changes(standing: Standing, count: int, seed: int, judged: int) -> dict[str, Any]:
    """One session is withdrawn from one person; who can be reached by that is decided anew."""
    dice = np.random.default_rng(seed)
    columns, program = standing.model.variables.columns, standing.index.program
    taken = np.flatnonzero(standing.values[: len(columns)] > 0.5)
    watch, short = Stopwatch(), []
    for place, column in enumerate(dice.choice(taken, min(count, len(taken)), replace=False).tolist()):
        with watch.running():
            found = reoptimise(standing.index, standing.values, int(columns.person[column]), [column], forbidden=[column])
        if found is None or check(standing.problem, standing.settings, standing.model.plan(found.values)):
            raise ValueError(f"a change left no plan that keeps the rules: column {column}")
        if place < judged:
            upper = program.upper.copy()
            upper[column] = 0.0
            _, bound = replace(program, upper=upper).solve(REFERENCE_S)
            constant = float(standing.model.constant[0])
            short.append((bound - float(program.worth @ found.values)) / (bound + constant))
    best = {"mean_gap": float(np.mean(short)), "judged": len(short)} if short else {}
    return {"changed": place + 1, **watch.in_ms(), **best}


def time_what_if(standing: Standing, town: Town) -> dict[str, Any]:
    """Ranking single changes and choosing the best few at once, against the bound of the best few there are."""
    left = standing.left
    blocks = blocks_of(town, left, whatif.places_left(standing) > 0)
    ranking, choosing, shares = Stopwatch(), Stopwatch(), []
    for _ in range(RANKINGS):
        with ranking.running():
            changes = (*whatif.rank_conditions(standing, blocks), *whatif.rank_openings(standing))
        with choosing.running():
            whatif.best_set(standing, changes, FEW[0])
    for most in FEW:
        best = whatif.refine(standing, changes, most)
        helped = whatif.best_set(standing, changes, most).people
        shares.append({"changes": most, "helped": helped, "bound": best.bound, "share": helped / max(best.bound, 1.0)})
    return {
        "left": len(left), "options": len(changes), "ranking": ranking.in_ms(), "choosing": choosing.in_ms(), "sets": shares,
    }  # fmt: skip


def main(argv: Sequence[str] | None = None) -> None:
    """Solve one run, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("people", "openings", "seed"):
        parser.add_argument(name, type=int)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--judged", type=int, default=0, help="how many answers are held against the whole run")
    parser.add_argument("--around", type=int, default=0, help="hold them against so many people around instead")
    asked = parser.parse_args(argv)
    town, settings = make_town(asked.people, asked.openings, asked.seed), Settings(levels=WEIGHED, seconds=asked.seconds)
    standing, prepared = prepare(town, settings, solve(town.problem, settings))
    why, answers = time_why_not(standing, asked.questions, asked.seed)
    found = {
        "proven": standing.is_proven, "prepared": prepared,
        "why_not": why | judge_why_not(standing, answers, asked.judged, asked.around),
        "what_if": time_what_if(standing, town),
        "changes": time_changes(standing, asked.questions, asked.seed, 0 if asked.around else asked.judged // 4),
    }  # fmt: skip
    print(json.dumps(found))


if __name__ == "__main__":
    main()
