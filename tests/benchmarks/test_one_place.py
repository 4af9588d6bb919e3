"""One place each: the flow finds what the proven model finds, and its plan keeps every rule."""

import numpy as np
import pytest

from benchmarks.instances import make
from benchmarks.joint.own import worth_of
from benchmarks.one_place import ask_one_place_each
from benchmarks.peers import ask_solver
from service.matching.engine.model import build_model
from service.matching.engine.search.flow import one_place_each
from service.matching.engine.settings import WEIGHED, Settings

SETTINGS = Settings(levels=WEIGHED)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_flow_is_worth_what_a_proof_on_the_full_model_is_worth(seed: int) -> None:
    town = ask_one_place_each(make(150, 90, seed))
    model = build_model(town, SETTINGS)
    proven = ask_solver("highs", model, 30, 0.0)
    assert proven.values is not None
    by_model = float(model.aims[0] @ proven.values + model.constant[0])
    assert worth_of(town, SETTINGS, one_place_each(town, SETTINGS))["value"] == pytest.approx(by_model)


def test_nobody_gets_a_second_place() -> None:
    town = ask_one_place_each(make(500, 300, 3))
    plan = one_place_each(town, SETTINGS)
    assert len(plan) > 100
    assert len(np.unique(plan.person)) == len(plan)
    assert not np.isin(plan.person, town.kept.person).any()
