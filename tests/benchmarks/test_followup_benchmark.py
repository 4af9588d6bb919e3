"""The benchmark of visiting plans: the same towns each time, peers that keep every rule, moves told in two, honest targets."""

import time
from dataclasses import replace
from random import Random

import pytest

from benchmarks.followup import compare, measure
from benchmarks.visiting import town
from benchmarks.visiting_figures import looked_at
from benchmarks.visiting_hand import by_hand, first_free_day, laid_out, nearest_to_due
from benchmarks.visiting_news import news
from benchmarks.visiting_pyvrp import by_pyvrp
from benchmarks.visiting_rolling import Office, rolling, travelled
from benchmarks.visiting_routing import by_routing
from benchmarks.visiting_targets import targets
from benchmarks.visiting_week import moves, pins_broken, replan
from service.followup.planner.instance import Promise
from service.followup.planner.plan import Visit
from service.followup.planner.solve import solve
from service.followup.planner.stop import Iterations
from service.followup.planner.verify import check


def test_the_same_seed_makes_the_same_town() -> None:
    assert town("50/2/4", 1).fingerprint == town("50/2/4", 1).fingerprint
    assert town("50/2/4", 1).fingerprint != town("50/2/4", 2).fingerprint


def test_the_peers_keep_every_rule() -> None:
    instance = town("50/2/4", 3)
    assert check(instance, by_hand(instance, first_free_day)) == []
    assert check(instance, by_hand(instance, nearest_to_due)) == []


@pytest.mark.parametrize("peer", [by_pyvrp, by_routing])
def test_a_solver_as_a_peer_says_nearly_every_visit_itself_and_beats_the_spreadsheet(peer) -> None:
    instance = town("50/2/4", 3)
    plan = looked_at(instance, peer(instance, 3, 1.0, time.process_time))
    visits = sum(task.location is not None for task in instance.tasks)
    assert plan.notes["kept"] >= 0.9 * visits
    assert plan.costs.total < by_hand(instance, nearest_to_due).costs.total


def test_a_peers_days_are_kept_where_they_keep_the_rules_and_mended_where_not() -> None:
    instance = town("50/2/4", 3)
    plan = solve(instance, seed=1, stop=Iterations(50))
    cells = [(each.staff * len(instance.days) + each.day, each.start_min, each.task) for each in plan.visits]
    assert laid_out(instance, cells).costs.travel == plan.costs.travel
    crowded = [(cells[0][0], at, task) for at, (_, _, task) in enumerate(cells)]
    mended = looked_at(instance, laid_out(instance, crowded))
    assert mended.notes["kept"] < mended.notes["told"]


def test_the_report_says_how_each_method_did_and_what_a_bad_week_changes() -> None:
    found = compare("50/2/4", 1, [0.2])
    assert set(found["methods"]) == {
        "first free day", "nearest to due", "first whole plan", "planner 0.2 s", "OR-Tools routing 0.2 s", "PyVRP 0.2 s",
    }  # fmt: skip
    assert min(row["ratio"] for row in found["methods"].values()) == 1.0
    assert found["best_to_bound"] >= 1.0
    assert replan("50/2/4", 1, 0.2)["pins_broken"] == 0


def test_a_move_is_forced_where_the_day_is_gone_and_free_where_it_is_not() -> None:
    instance = town("50/2/4", 1)
    plan = solve(instance, seed=1, stop=Iterations(50))
    held = plan.visits[0]
    other = next(day for day in sorted(instance.staff[held.staff].shifts) if day != held.day)
    moved = replace(plan, visits=(Visit(held.task, held.staff, other, held.start_min, 0), *plan.visits[1:]))
    now = {each.task: Promise(each.staff, each.day, each.start_min) for each in plan.visits}
    tasks = tuple(replace(task, current=now.get(at)) for at, task in enumerate(instance.tasks))
    shut = tuple(replace(task, closed=frozenset({held.day})) if at == held.task else task for at, task in enumerate(tasks))
    assert moves(replace(instance, tasks=tasks), plan) == (len(now), 0, 0)
    assert moves(replace(instance, tasks=tasks), moved) == (len(now), 0, 1)
    assert moves(replace(instance, tasks=shut), moved) == (len(now), 1, 0)
    pinned = tuple(replace(task, pin=now.get(at)) for at, task in enumerate(instance.tasks))
    assert pins_broken(replace(instance, tasks=pinned), plan) == 0
    assert pins_broken(replace(instance, tasks=pinned), moved) == 1


def test_what_is_lived_day_by_day_travels_what_the_whole_plan_travels() -> None:
    instance = town("50/2/4", 2)
    plan = solve(instance, seed=1, stop=Iterations(50))
    assert sum(travelled(instance, plan, day) for day in range(len(instance.days))) == plan.costs.travel


def test_every_morning_asks_only_what_is_known_and_nothing_that_is_done() -> None:
    whole = town("50/2/4", 2)
    office = Office(whole, news(whole, Random(4)))
    first, wanted = office.morning(0)
    assert all(office.news.comes_on[at] == 0 for at in wanted)
    office.evening(0, first, wanted, solve(first, seed=1, stop=Iterations(50)))
    second, later = office.morning(1)
    assert office.done
    assert not set(office.done) & set(later)
    assert any(task.pin for task in second.tasks)


def test_a_horizon_lived_day_by_day_keeps_every_promise() -> None:
    found = rolling("50/2/4", 1, 0.05, 0.3)
    assert found["mornings"] == 20
    assert found["pins_broken"] == 0
    assert found["cost_to_hindsight"] >= 0.99
    quiet = rolling("50/2/4", 1, 0.05, 0.3, is_quiet=True)
    assert quiet["moved_forced_percent"] == 0.0
    assert quiet["cost_to_hindsight"] < found["cost_to_hindsight"]


def test_a_target_is_missed_by_the_worst_and_silent_where_nothing_was_measured() -> None:
    report = measure([], [1], [0.1], [])
    assert {row["is_met"] for row in report["targets"]} == {"not measured"}
    week = {"pins_broken": 0, "moved_forced_percent": 2.0, "moved_free_percent": 1.5, "cost_to_scratch": 1.0}
    rows = [week | {"first_answer_seconds": 0.4}, week | {"first_answer_seconds": 0.6, "moved_forced_percent": 0.0}]
    told = {row["target"]: row["is_met"] for row in targets({"compared": [], "replanned": rows, "rolled": []})}
    assert told["bad week: first answer <= 0.5 s"] == "missed"
    assert told["bad week: moved, forced and free <= 3 %"] == "missed"
    assert told["bad week: moved freely <= 3 %"] == "met"
    assert told["bad week: promises broken 0"] == "met"
