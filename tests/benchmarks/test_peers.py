"""The peers of the joint benchmark: all solve the same full model, and every plan keeps every rule."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from benchmarks.instances import make
from benchmarks.peers import GREEDY, ask_greedy, ask_solver, run_solver, write_matrix
from benchmarks.peers_solvers import SOLVERS
from service.matching.engine.model import LinearModel, build_model
from service.matching.engine.settings import WEIGHED, Settings
from service.matching.engine.verify import check

SETTINGS = Settings(levels=WEIGHED)
SECONDS = 20.0


@pytest.fixture(scope="module")
def model() -> LinearModel:
    return build_model(make(50, 40, 3), SETTINGS)


def broken(model: LinearModel, values: np.ndarray) -> tuple[object, ...]:
    return check(model.variables.problem, SETTINGS, model.plan(values))


def write_small_matrix(seed: int, file: Path) -> tuple[np.ndarray, float]:
    """A random model of ten yes-or-no unknowns: its worths, and the most it can be worth, found by trying everything."""
    dice = np.random.default_rng(seed)
    rows = dice.integers(-1, 4, (6, 10)).astype(float)
    most, worth = dice.integers(2, 8, 6).astype(float), dice.integers(-4, 30, 10) / 2
    write_matrix(file, rows, most, worth, (np.zeros(10), np.ones(10)), np.ones(10, bool))
    every = np.array(list(itertools.product((0.0, 1.0), repeat=10)))
    allowed = (every @ rows.T <= most).all(axis=1)
    return worth, float((every[allowed] @ worth).max())


@pytest.mark.parametrize("name", SOLVERS)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_solver_finds_what_trying_everything_finds(name: str, seed: int, tmp_path: Path) -> None:
    worth, best = write_small_matrix(seed, tmp_path / "matrix.npz")
    found = run_solver(name, tmp_path / "matrix.npz", SECONDS, 0.0)
    assert found.values is not None, found.status
    assert worth @ found.values == best
    assert found.bound == pytest.approx(best)


@pytest.mark.parametrize("name", GREEDY)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_greedy_plan_keeps_every_rule_and_counts_what_the_model_counts(name: str, seed: int) -> None:
    model = build_model(make(120, 80, seed), SETTINGS)
    values = ask_greedy(name, model).values
    assert values is not None
    assert broken(model, values) == ()
    assert values[: model.columns].sum() > 0
    again = type(model).values(model, model.plan(values))
    np.testing.assert_allclose(model.aims[0] @ again, model.aims[0] @ values)


@pytest.mark.parametrize("name", SOLVERS)
def test_a_solver_in_its_own_process_proves_a_town_and_keeps_every_rule(name: str, model: LinearModel) -> None:
    found = ask_solver(name, model, SECONDS, 0.0)
    assert found.values is not None, found.status
    assert broken(model, found.values) == ()
    worth = float(model.aims[0] @ found.values)
    assert found.bound == pytest.approx(worth)
    for greedy in GREEDY:
        plan = ask_greedy(greedy, model).values
        assert plan is not None
        assert model.aims[0] @ plan <= worth + 1e-6


def test_the_greedy_that_gives_everybody_one_place_first_places_no_fewer_than_by_fit() -> None:
    model = build_model(make(300, 180, 1), SETTINGS)
    placed = model.variables.placed_of[model.variables.placed_of >= 0]
    first, fit = (ask_greedy(name, model).values for name in ("greedy, one place each first", "greedy by fit"))
    assert first is not None
    assert fit is not None
    assert first[placed].sum() > fit[placed].sum()


def test_a_solver_that_cannot_run_is_said_to_have_died_and_gives_no_plan(model: LinearModel) -> None:
    found = ask_solver("nobody", model, SECONDS)
    assert found.values is None
    assert "died" in found.status
