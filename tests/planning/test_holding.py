"""No plan that breaks a hard rule is offered: the check looks at it first, takes out what is wrong and says so."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from service.followup.planner.instance import Instance, Promise
from service.followup.planner.plan import Plan, Reason
from service.followup.planner.solve import solve
from service.followup.planner.stop import Stop
from service.followup.planner.verify import Rule, check
from service.followup.planning.gathering import Gathered
from service.followup.planning.holding import hold, untouched
from service.followup.planning.models import PlanRun
from service.followup.planning.running import Search, carry_out, changes_in, start_plan
from service.kernel.queue.claims import Claim
from tests.cast import NOW, World
from tests.planner.planted import both, question, task, told, visit, without
from tests.planning.asking import STOP

TOO_LATE = 1030
"""The minute a visit begins that cannot end within the day."""


def astray(plan: Plan) -> Plan:
    """The same plan with its first visit at the very end of the day: a fault planted."""
    return replace(plan, visits=(replace(plan.visits[0], start_min=TOO_LATE), *plan.visits[1:]))


def nobody_knows(plan: Plan) -> Plan:
    """The same plan with a member of staff there is not."""
    return replace(plan, visits=(replace(plan.visits[0], staff=99), *plan.visits[1:]))


def wrong(harm: Callable[[Plan], Plan]) -> Search:
    """A planner whose plans are harmed."""

    def search(gathered: Gathered, stop: Stop) -> Plan:
        return harm(solve(gathered.instance, seed=1, stop=stop))

    return search


def start(world: World, search: Search) -> PlanRun:
    with world.writing() as session:
        return start_plan(session, world.town, world.actor("青木"), NOW, STOP, search)


def test_a_plan_that_keeps_every_rule_is_held_as_it_is() -> None:
    asked = question()
    assert hold(asked, told(asked)).plan == told(asked)


@pytest.mark.parametrize(
    ("change", "rule", "out"),
    [
        (both(task(0, person=7), task(1, person=7), visit(1, position=0), visit(2, position=1), visit(0, staff=1, start_min=611, position=0)), Rule.AT_ONCE, {0, 1}),
        (visit(2, start_min=1021), Rule.SHIFT, {0, 1, 2}),
        (without(4), Rule.TWO, {3}),
        (both(visit(0, day=3), visit(1, position=0), visit(2, position=1)), Rule.CLOSED, {0}),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_taken_out_and_the_rest_keeps_all(
    change: Callable[[Instance, Plan], tuple[Instance, Plan]], rule: Rule, out: set[int]
) -> None:
    asked, plan = change(question(), told(question()))
    held = hold(asked, told(asked, plan.visits, plan.left))
    assert held.plan is not None
    assert held.rules == (rule,)
    assert set(held.refused) == out
    assert {each.task for each in held.plan.left if each.reason is Reason.REFUSED} == out
    assert check(asked, held.plan) == []


@pytest.mark.parametrize("change", [visit(5, start_min=605), visit(0, staff=9), without(5, 4)])
def test_a_plan_that_breaks_a_promise_or_knows_nobody_is_not_offered_at_all(
    change: Callable[[Instance, Plan], tuple[Instance, Plan]],
) -> None:
    asked, plan = change(question(), told(question()))
    assert hold(asked, plan).plan is None


def test_the_calendar_as_it_stands_moves_nothing() -> None:
    asked, _ = task(1, current=Promise(0, 1, 615))(question(), told(question()))
    assert {each.task for each in untouched(asked).visits} == {1, 4}


def test_a_fault_of_the_planner_is_said_counted_and_no_line_of_the_plan(busy: World) -> None:
    run = start(busy, wrong(astray))
    assert run.counts["refused"] >= 1
    refused = [change for change in changes_in(run) if change.reason == Reason.REFUSED]
    assert len(refused) == run.counts["refused"]
    assert all(change.after is None for change in refused)
    assert len(changes_in(run)) == 6
    with busy.visit() as aoki:
        shown = aoki.get(f"/followup/plan/{run.id}").text
        assert f"{run.counts['refused']}件を案から外しました" in shown
        assert "勤務の時間の外です" in shown
        assert "組んだあとの検査で守れない決まりが見つかったので、外しました" in aoki.get("/followup/unplanned").text


def test_a_plan_refused_whole_leaves_all_as_it_is_and_the_next_one_may_be_offered(busy: World) -> None:
    run = start(busy, wrong(nobody_knows))
    assert (run.counts["refused_plans"], run.counts.get("new", 0)) == (1, 0)
    with busy.visit() as aoki:
        shown = aoki.get(f"/followup/plan/{run.id}").text
    assert "組んだあとの検査に通らない案が1つあり、出していません" in shown
    assert "いまの予定のままでよい" not in shown
    save = carry_out(busy.town, Claim("-", "plan-visits", {"run": run.id}, "w", 1, 1), lambda _: None, lambda: True)
    with busy.writing() as session:
        save(session)
        kept = session.get_one(PlanRun, run.id)
        assert (kept.counts["refused_plans"], kept.counts["new"], kept.problem) == (1, 6, None)
