"""Every rule of the model binds where it must, lets pass what is allowed, and says what the validator says."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from service.matching.engine import verify
from service.matching.engine.model import RULES, build_model, constraints, objective
from service.matching.engine.problem import Problem
from service.matching.engine.settings import Settings
from service.matching.engine.solution import Plan
from tests.engine.cases import CASES, Case
from tests.engine.towns import plan_of

ASKED = Settings()
LINKS = {constraints.open_pairs, constraints.placed_people, objective.count_at_hosts, objective.count_load}
"""Rows that tie unknowns to each other; test_links.py looks after them."""
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule.__name__)


def broken_rules(problem: Problem, plan: Plan) -> set[str]:
    """The model's rules whose rows the plan exceeds."""
    model = build_model(problem, ASKED)
    assert int(model.chosen(plan).sum()) == len(plan), "a line of this plan has no column"
    exceeded = model.rows @ model.values(plan) > model.most + 1e-9
    return {RULES[place].__name__ for place in model.rule[exceeded].tolist()}


@each_case
def test_the_rule_stops_a_plan_that_breaks_it_and_no_other_rule_does(case: Case) -> None:
    assert broken_rules(case.problem, plan_of(case.problem, *case.broken)) == {case.rule.__name__}


@each_case
def test_the_rule_lets_the_plan_pass_that_just_keeps_it(case: Case) -> None:
    assert broken_rules(case.problem, plan_of(case.problem, *case.kept)) == set()


@each_case
def test_the_rule_and_the_validator_agree_on_every_part_of_both_plans(case: Case) -> None:
    lines = tuple(dict.fromkeys((*case.broken, *case.kept)))
    for count in range(len(lines) + 1):
        for some in itertools.combinations(lines, count):
            plan = plan_of(case.problem, *some)
            assert bool(broken_rules(case.problem, plan)) == bool(verify.check(case.problem, ASKED, plan)), some


def test_every_rule_of_the_model_has_its_case() -> None:
    assert {case.rule for case in CASES} | LINKS == set(RULES)
    assert len(CASES) + len(LINKS) == len(RULES)


@each_case
def test_the_validator_names_the_rule_and_whom_it_concerns(case: Case) -> None:
    (broken,) = verify.check(case.problem, ASKED, plan_of(case.problem, *case.broken))
    assert broken.rule == case.named
    assert len(str(broken)) > len(broken.said) > 5
    named = {case.problem.people.ids[person] for person in broken.people}
    assert named <= set(case.problem.people.ids)
    assert named
    assert np.all(np.array(broken.people) >= 0)
