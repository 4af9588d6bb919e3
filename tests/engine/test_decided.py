"""A small program without what its limits and prices decide: protects that the best choice is never among what is left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from scipy import sparse

from service.matching.engine.search.decided import best_choice, still_open
from service.matching.engine.search.program import Program

SECONDS = 10.0
seeds = st.integers(0, 2**32)
many = settings(max_examples=150, deadline=None, derandomize=True, database=None, phases=(Phase.generate,))


def made_up(seed: int, unknowns: int = 14, limits: int = 12) -> Program:
    """Limits of both signs, some of them tight, worths far apart; the last unknown is a share."""
    dice = np.random.default_rng(seed)
    coef = dice.integers(-2, 4, (limits, unknowns)) * (dice.random((limits, unknowns)) < 0.4)
    most = dice.integers(-1, 5, limits).astype(float)
    worth = np.round(dice.normal(0, 60, unknowns), 1)
    whole = np.arange(unknowns) < unknowns - 1
    return Program(worth, sparse.csc_array(coef.astype(float)), most, np.zeros(unknowns), np.ones(unknowns), whole)


@many
@given(seeds, st.booleans())
def test_the_best_choice_is_worth_what_a_solver_alone_would_find(seed: int, near: bool) -> None:
    program = made_up(seed)
    values, _ = program.solve(SECONDS)
    start = values if near and values is not None else np.zeros(len(program))
    found = best_choice(program, start, SECONDS)
    assert (found is None) == (values is None)
    if found is not None and values is not None:
        assert program.allows(found)
        assert program.worth @ found == pytest.approx(program.worth @ values, abs=1e-6)


@many
@given(seeds)
def test_what_limits_decide_every_allowed_choice_does(seed: int) -> None:
    """Tried on all whole choices of a program without shares."""
    program = made_up(seed, unknowns=9)
    program = replace(program, whole=np.ones(len(program), bool))
    allowed = [values for values in _every_choice(len(program)) if program.allows(values)]
    left = still_open(program)
    if left is None:
        assert not allowed
        return
    fixed = np.setdiff1d(np.arange(len(program)), left.at)
    assert all((values[fixed] == left.decided[fixed]).all() for values in allowed)


def _every_choice(unknowns: int) -> list[np.ndarray]:
    return [np.array([float(number >> bit & 1) for bit in range(unknowns)]) for number in range(2**unknowns)]


def test_a_solver_is_asked_only_what_prices_leave_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three for two places each, a hundred times over, and one knot: only the knot needs a solver."""
    asked: list[int] = []
    solve = Program.solve

    def counted(self: Program, *args: float, **options: float) -> object:
        asked.append(len(self))
        return solve(self, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Program, "solve", counted)
    easy = sparse.block_diag([np.ones((1, 3))] * 100)
    knot = np.array([[1.0, 1, 0], [0, 1, 1], [1, 0, 1]])
    rows = sparse.csc_array(sparse.block_diag([easy, knot]))
    worth = np.concatenate([np.tile([900.0, 500, 100], 100), [10, 10, 10]])
    most = np.concatenate([np.full(100, 2.0), np.ones(3)])
    program = Program(worth, rows, most, np.zeros(303), np.ones(303), np.ones(303, bool))
    found = best_choice(program, np.zeros(303), SECONDS)
    assert found is not None
    assert worth @ found == 100 * 1400 + 10
    assert asked == [3]
