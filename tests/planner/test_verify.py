"""The check of a plan, rule by rule: for each a plan that breaks it and nothing else, and plans that break none."""

from __future__ import annotations

import ast
from dataclasses import fields, replace
from pathlib import Path

import pytest

from service.followup.planner import verify
from service.followup.planner.instance import Block, Instance, Promise
from service.followup.planner.plan import Costs, Plan, Reason, Visit
from service.followup.planner.verify import Rule, check, costs_of
from service.followup.planner.verify.violation import SAID
from tests.planner.planted import (
    BETWEEN,
    LEFT,
    TO_ANYWHERE,
    Change,
    also_left,
    both,
    dearer,
    limit,
    more,
    question,
    shift,
    task,
    tells,
    told,
    visit,
    without,
)
from tests.planner.questions import open_days
from tests.planner.test_promises import with_task

AT_ONCE = task(1, pin=Promise(1, 2, 610))
"""A second promise in the middle of the first: that day nothing can keep its rules."""
FULL_DAY = both(AT_ONCE, visit(1, staff=1, day=2, start_min=610), visit(2, position=1))
PROMISED_PAIR = task(4, needs_two=True, backups=(1, 2), primary=1)
ALONE = {"needs_two": True, "backups": (1, 2), "primary": 1}
MOVED_UP = both(visit(1, position=0), visit(2, position=1))
MET = both(task(0, person=7), task(1, person=7), MOVED_UP)
"""Two about one person on Tuesday, the second from 10:15 to 10:45; the first is another member's then."""
NO_NOON = {"lunch_from": 690, "lunch_to": 745}

BROKEN: dict[str, tuple[Rule, Change]] = {
    "a task that was not asked": (Rule.KNOWN, visit(0, task=99)),
    "a task left that was not asked": (Rule.KNOWN, also_left(99)),
    "a member there is not": (Rule.KNOWN, visit(0, staff=9)),
    "a day behind the horizon": (Rule.KNOWN, visit(0, day=5)),
    "a day before the horizon": (Rule.KNOWN, visit(0, day=-1)),
    "neither planned nor left": (Rule.ONCE, without(2)),
    "planned and left": (Rule.ONCE, also_left(2)),
    "left twice": (Rule.ONCE, also_left(5)),
    "planned twice": (Rule.ONCE, more(Visit(1, 0, 3, 600, 0))),
    "two where one goes": (Rule.ONCE, more(Visit(1, 1, 3, 600, 0))),
    "three where two go": (Rule.ONCE, more(Visit(3, 2, 4, 600, 0))),
    "twice by the same where two go": (Rule.ONCE, both(FULL_DAY, task(4, **ALONE | {"backups": ()}), visit(1, position=2), more(Visit(4, 1, 2, 600, 1)))),
    "a promise five minutes later": (Rule.PROMISE, visit(5, start_min=605)),
    "a promise on another day": (Rule.PROMISE, visit(5, day=1)),
    "a promise kept by another": (Rule.PROMISE, visit(5, staff=0)),
    "a promise left": (Rule.PROMISE, without(5, 4)),
    "neither in charge nor a backup": (Rule.WHO, both(visit(1, staff=2, position=0), visit(2, position=1))),
    "with the named second somebody strange": (Rule.WHO, visit(3, staff=3)),
    "a second named where one goes": (Rule.WHO, both(task(1, second=2), visit(1, staff=2, position=0), visit(2, position=1))),
    "along to a promise somebody strange": (Rule.WHO, both(PROMISED_PAIR, more(Visit(4, 3, 2, 600, 0)))),
    "one where two go": (Rule.TWO, without(4)),
    "one to a promise though another is free": (Rule.TWO, PROMISED_PAIR),
    "one to a promise though there is just time for the way": (Rule.TWO, both(PROMISED_PAIR, shift(2, 2, Block(510, 580)))),
    "one to a promise though lunch just has room": (Rule.TWO, both(PROMISED_PAIR, shift(2, 2, Block(650, 690), Block(740, 1030)))),
    "one to a promise though the other has only what may move": (Rule.TWO, both(PROMISED_PAIR, task(1, backups=(2,)), visit(1, staff=2, day=2, start_min=600, position=0), visit(2, position=1))),
    "one to a promise though the named one is free": (Rule.TWO, task(4, **ALONE | {"second": 3})),
    "one to a promise of who was to go along": (Rule.TWO, task(4, **ALONE | {"second": 1, "primary": 0, "backups": ()})),
    "the second a quarter of an hour later": (Rule.TOGETHER, visit(4, start_min=615)),
    "the second on another day": (Rule.TOGETHER, visit(4, day=3)),
    "another than the named second": (Rule.SECOND, visit(4, staff=2)),
    "along to a promise another than the named": (Rule.SECOND, both(task(4, **ALONE | {"second": 3}), more(Visit(4, 2, 2, 600, 0)))),
    "before its first day": (Rule.EARLY, both(visit(0, staff=1, day=0), visit(1, position=0), visit(2, position=1))),
    "on a closed day": (Rule.CLOSED, both(visit(0, day=3), visit(1, position=0), visit(2, position=1))),
    "over the end of its hours": (Rule.HOURS, both(visit(0, day=2, start_min=661), visit(1, position=0), visit(2, position=1))),
    "on a weekday without hours": (Rule.HOURS, task(0, windows=(((540, 720),), (), ((540, 720),)))),
    "on a weekday behind the hours known": (Rule.HOURS, task(0, windows=(((540, 720),),))),
    "over two stretches": (Rule.HOURS, task(0, windows=(((540, 570), (570, 720)),) * 5)),
    "a call out of its hours": (Rule.HOURS, task(2, windows=(((540, 694),),) * 5)),
    "at the hour somebody else is with the same person": (Rule.AT_ONCE, both(MET, visit(0, staff=1, start_min=611, position=0))),
    "at the hour of a promise to the same person": (Rule.AT_ONCE, both(task(1, person=7), task(4, person=7), visit(1, day=2, start_min=629, position=0), visit(2, position=1))),
    "left because its days are closed, which they are not": (Rule.REASON, tells(left=(replace(LEFT[0], reason=Reason.CLOSED),))),
    "on leave": (Rule.LEAVE, both(visit(1, day=0, position=0), visit(2, position=1))),
    "one more on a day that is too full": (Rule.OVERFULL, both(FULL_DAY, task(2, backups=(1,)), visit(2, staff=1, day=2, start_min=900, position=2))),
    "a call during a visit": (Rule.OVERLAP, visit(2, start_min=620)),
    "a call during a meeting": (Rule.OVERLAP, shift(0, 1, Block(690, 700))),
    "a call behind the shift": (Rule.SHIFT, visit(2, start_min=1021)),
    "a call before the shift": (Rule.SHIFT, visit(2, start_min=494)),
    "one visit too many": (Rule.VISITS, limit(most_visits=1)),
    "a minute of way too many": (Rule.TRAVEL, limit(most_travel_min=2 * TO_ANYWHERE + BETWEEN - 1)),
    "a minute of way missing between two": (Rule.WAY, visit(1, start_min=609)),
    "a minute of way missing from home": (Rule.WAY, both(visit(0, start_min=529), task(0, windows=()))),
    "a minute of way missing to home": (Rule.WAY, both(visit(3, start_min=971), visit(4, start_min=971))),
    "a way cut by a call": (Rule.WAY, both(task(2, minutes=3), visit(2, start_min=606))),
    "a way cut by a meeting": (Rule.WAY, both(shift(0, 1, Block(520, 539)), task(2, backups=()))),
    "no lunch beside a call": (Rule.LUNCH, both(limit(**NO_NOON), visit(2, start_min=686))),
    "no lunch beside a way": (Rule.LUNCH, both(limit(**NO_NOON), visit(2, day=3, position=0), visit(1, start_min=680))),
    "places counted from one": (Rule.POSITION, visit(5, position=1)),
    "one place twice": (Rule.POSITION, visit(1, position=0)),
    "the later before the earlier": (Rule.POSITION, both(visit(0, position=1), visit(1, position=0))),
    "a call before the travelled": (Rule.POSITION, both(visit(1, position=2), visit(2, position=1))),
    **{f"another sum of {each.name}": (Rule.COSTS, dearer(each.name)) for each in fields(Costs)},
    "a promise said to be dropped": (Rule.TOLD, tells(notes={"dropped_pins": [4]})),
    "a promise not said to be dropped": (Rule.TOLD, both(shift(1, 2), visit(5, day=3), tells(notes={"dropped_pins": []}))),
    "a day said to be too full": (Rule.TOLD, tells(notes={"overfull": [[0, 1]]})),
    "a full day not said to be": (Rule.TOLD, both(FULL_DAY, tells(notes={"overfull": []}))),
    "one said to go alone": (Rule.TOLD, tells(notes={"alone": [4]})),
    "a bound above the plan": (Rule.BOUND, tells(bound=1e6)),
}  # fmt: skip

FINE: dict[str, Change] = {
    "the plan itself": both(),
    "a day planned from the other end": lambda asked, plan: (asked, told(asked, plan.visits[::-1])),
    "late, which has its price": task(0, due_on=open_days(1)[0], late_on=open_days(1)[0]),
    "a promise on a closed day": task(4, closed=frozenset({2})),
    "a promise before its first day": task(4, early_on=open_days(5)[4]),
    "a promise outside its hours": task(4, windows=(((900, 960),),) * 5),
    "a promise of somebody strange": task(4, backups=()),
    "a promise of somebody away, kept by another": both(shift(1, 2), visit(5, staff=0)),
    "a promise of somebody away, left": both(shift(1, 2), without(5, 4)),
    "a promise of two, both there": both(PROMISED_PAIR, more(Visit(4, 2, 2, 600, 0))),
    "a promise of two, the others away": both(PROMISED_PAIR, shift(2, 2)),
    "a promise of two, the other in a meeting": both(PROMISED_PAIR, shift(2, 2, Block(610, 640))),
    "a promise of two, the other with no time for the way": both(PROMISED_PAIR, shift(2, 2, Block(510, 581))),
    "a promise of two, the other promised elsewhere": both(
        PROMISED_PAIR, task(1, pin=Promise(2, 2, 620)), visit(1, staff=2, day=2, start_min=620, position=0), visit(2, position=1)
    ),
    "a promise of two, the other without lunch": both(PROMISED_PAIR, shift(2, 2, Block(630, 690), Block(740, 1030))),
    "a promised call of two": both(task(2, needs_two=True, backups=(1,), pin=Promise(0, 1, 680))),
    "a day too full from the start": FULL_DAY,
    "a full day told": both(FULL_DAY, tells(notes={"overfull": [[1, 2]], "dropped_pins": [], "alone": []})),
    "meetings that leave no lunch": shift(0, 1, Block(680, 680), Block(695, 830)),
    "lunch in the last minutes it may take": both(limit(**NO_NOON), visit(2, start_min=685)),
    "a lunch of no minutes": both(limit(lunch_min=0, lunch_from=690, lunch_to=700), visit(2, start_min=688)),
    "as many visits as may be, and an appointment": both(limit(most_visits=2), shift(0, 1, Block(900, 930, 3))),
    "as many minutes of way as may be": limit(most_travel_min=2 * TO_ANYWHERE + BETWEEN),
    "the first and last minute of a shift": both(visit(0, start_min=530), task(0, windows=()), visit(3, start_min=970), visit(4, start_min=970)),
    "with the same person, one from the minute the other ends": both(MET, visit(0, staff=1, start_min=645, position=0)),
    "at one hour with two people": both(task(0, person=7), task(1, person=8), MOVED_UP, visit(0, staff=1, start_min=611, position=0)),
    "two promises to one person at one hour": both(
        task(1, person=7, pin=Promise(2, 2, 610)), task(4, person=7), visit(1, staff=2, day=2, start_min=610, position=0), visit(2, position=1)
    ),
    "the last minute of its hours": both(visit(0, day=2, start_min=660), visit(1, position=0), visit(2, position=1)),
    "a bound the plan just reaches": lambda asked, plan: (asked, replace(plan, bound=plan.costs.total)),
}  # fmt: skip


def rules(asked: Instance, plan: Plan) -> list[Rule]:
    """The rules broken, each as often as it is."""
    return [each.rule for each in check(asked, plan)]


@pytest.mark.parametrize("named", BROKEN)
def test_what_breaks_one_rule_is_found_and_blamed_for_nothing_else(named: str) -> None:
    rule, change = BROKEN[named]
    asked, plan = change(question(), told(question()))
    if rule not in (Rule.COSTS, Rule.TOLD, Rule.BOUND, Rule.KNOWN):
        plan = told(asked, plan.visits, plan.left)
    assert set(rules(asked, plan)) == {rule}


@pytest.mark.parametrize("named", FINE)
def test_what_breaks_no_rule_is_not_blamed(named: str) -> None:
    asked, plan = FINE[named](question(), told(question()))
    plan = told(asked, plan.visits, plan.left, notes=plan.notes, bound=plan.bound)
    assert check(asked, plan) == []


def test_every_rule_is_broken_once_and_has_its_words() -> None:
    assert {rule for rule, _ in BROKEN.values()} == set(Rule) == set(SAID)


def test_a_violation_says_where_in_keys_and_dates() -> None:
    asked, plan = both(visit(2, start_min=620), without(3))(question(), told(question()))
    found = {each.rule: each for each in check(asked, plan)}
    assert found[Rule.OVERLAP].where == ("day", 0, 1)
    assert found[Rule.OVERLAP].words == "職員 s0 の 2026-12-01: 同じ時間に二つのことが入っています。"
    assert found[Rule.TWO].where == ("task", 3)
    assert found[Rule.TWO].words == "予定 pair: 二人で行く訪問に、二人目がいません。"


def test_the_five_terms_are_added_up_by_hand() -> None:
    """Monday (0) is the office's; due on Wednesday (2), late after Wednesday; a move within ten days weighs double."""
    days = open_days(5)
    asked = with_task(question(), 1, late_on=days[2], priority=2, current=Promise(0, 1, 615))
    _, plan = both(visit(1, staff=1, day=4, start_min=700), visit(2, position=1))(asked, told(asked))
    costs = costs_of(asked, plan)
    assert costs.travel == 40 + 40 + (20 + 10 + 20) + 40  # s0 on days 1 and 4, s1 on days 4 and 2
    assert costs.continuity == 90 + 90  # "plain" and "promised" by a backup
    assert costs.timeliness == 4 * (1 + 2 + 1 + 2 + 0) + 100 * 2 + 20 * 2
    assert costs.unplanned == 600 * 2 + 200
    assert costs.moves == 30 * 2


def test_a_promise_of_somebody_away_is_a_plan_in_force_that_may_be_left_for_its_price() -> None:
    asked, plan = both(shift(1, 2), visit(5, staff=0))(question(), told(question()))
    assert costs_of(asked, plan).moves == 30 * 2


def test_of_promises_at_one_minute_the_ways_are_added_up_in_the_order_told() -> None:
    pins = {1: 600, 4: 600, 0: 650}
    asked, plan = both(
        *(
            task(at, location=2 if at == 1 else 1, minutes=20 + 10 * at, pin=Promise(1, 2, start))
            for at, start in pins.items()
        )
    )(question(), told(question()))
    for order, between in (((1, 4, 0), 10 + 0), ((4, 1, 0), 10 + 10)):
        day = tuple(Visit(at, 1, 2, pins[at], position) for position, at in enumerate(order))
        for rows in (day, day[::-1]):
            assert costs_of(asked, replace(plan, visits=rows)).travel == 20 + between + 20


def test_the_check_reads_the_question_and_the_answer_and_nothing_else_of_the_house() -> None:
    files = list(Path(str(verify.__file__)).parent.glob("*.py"))
    known = {
        node.module or ""
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
    }
    planner = "service.followup.planner"
    inside = {name for name in known if name.startswith("service") and not name.startswith(f"{planner}.verify.")}
    assert len(files) >= 2
    assert inside == {f"{planner}.instance", f"{planner}.plan"}
