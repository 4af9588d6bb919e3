"""The joint benchmark itself: the shape of its short answer, and that no plan counts unchecked."""

import numpy as np
import pytest

from benchmarks.instances import make
from benchmarks.joint import tables
from benchmarks.joint.bench import SETTINGS, Line, Outcome, compare, judge, run_own
from benchmarks.joint.own import BrokenPlan, worth_of
from benchmarks.joint.quick import Asked, run_quick
from benchmarks.peers import Answer
from service.matching.engine.model import build_model
from service.matching.engine.solution import Plan

TINY = Asked(city=(50, 40), prefecture=(60, 40), own_s=2.0, peer_s=5.0, cp_sat_s=5.0)


def test_the_short_answer_has_gap_and_seconds_of_ours_and_of_every_peer() -> None:
    found = run_quick(TINY)
    assert list(found) == ["50x40", "60x40"]
    for each in found.values():
        assert set(each) == {"gap", "seconds", "vs"}
        for line in (each, *each["vs"].values()):
            assert 0 <= line["gap"] < 1
            assert line["seconds"] > 0
    assert list(found["60x40"]["vs"]) == ["greedy"]
    assert {"greedy by fit", "greedy scarce-first", "flow + repair", "HiGHS", "CBC", "CP-SAT"} <= set(found["50x40"]["vs"])
    assert found["50x40"]["gap"] <= found["50x40"]["vs"]["greedy by fit"]["gap"]


def test_our_own_plan_of_a_town_is_proven_and_within_what_can_be_placed_at_all() -> None:
    own = run_own(50, 40, 5, 5.0, "--coverage")
    assert own["proven"]
    assert own["gap"] == 0
    assert own["placed"] <= own["most_placed"] + 1e-6
    assert own["steps"][-1]["value"] == own["value"]
    assert own["steps"][-1]["bound"] == own["bound"]
    told = [step["seconds"] for step in own["steps"]]
    assert told == sorted(told)


def test_a_plan_that_breaks_a_rule_does_not_count() -> None:
    problem = make(50, 40, 1)
    model = build_model(problem, SETTINGS)
    everything = Answer(np.ones(model.rows.shape[1]), np.inf, 1.0, "Optimal")
    line = judge(model, everything, bound=1e6, building=0.5)
    assert line.status.startswith("broken plan")
    assert judge(model, Answer(None, np.inf, 1.0, "killed"), 1e6, 0.5).status == "no plan: killed"
    assert line.placed == len(np.unique(problem.kept.person))
    assert line.seconds == 1.5
    with pytest.raises(BrokenPlan):
        worth_of(problem, SETTINGS, model.plan(everything.values))  # type: ignore[arg-type]


def test_nobody_placed_anew_is_worth_the_places_that_are_kept() -> None:
    problem = make(50, 40, 1)
    worth = worth_of(problem, SETTINGS, Plan.empty())
    assert worth["value"] == 20_000 * len(np.unique(problem.kept.person))


def test_the_gap_of_a_peer_is_the_share_of_our_bound_it_misses() -> None:
    own = {"bound": 2_000_000.0, "gap": 0.0, "seconds": 1.0, "value": 2e6, "placed": 5, "points": 1.0, "proven": True,
           "engine": "HiGHS", "peak_mb": 1.0, "steps": []}  # fmt: skip
    outcome = compare((50, 40), 1, own, ("greedy by fit",))
    line = outcome.vs["greedy by fit"]
    assert line.gap == pytest.approx((2_000_000 - line.value) / 2_000_000)


def test_the_tables_show_each_peer_once_and_the_worst_gap() -> None:
    own = {"gap": 0.0, "seconds": 2.0, "value": 1.0, "placed": 5.0, "points": 1.0, "proven": True, "engine": "HiGHS",
           "peak_mb": 1.0, "steps": [{"name": "はじめの案", "seconds": 0.1, "gap": 0.02}]}  # fmt: skip
    lines = [Line(gap, 3.0, 1.0, 4.0, 1.0, False, "時間まで", 0.0) for gap in (0.01, 0.03, 0.02)]
    many = [Outcome("50x40", seed, own, {"CBC": line}, {}) for seed, line in enumerate(lines)]
    shown = tables.seeds_table(many)
    assert "| CBC | 0/3 | 3.00 | 2.000 | 3.000 |" in shown
    assert "| つなぎ | 3/3 |" in shown
    assert "| はじめの案 | 0.1 | 2.000 |" in tables.curve_table(many[0])
