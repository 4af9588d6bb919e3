"""Random programs of consent, ladder, hosts and time, stopped in the middle too: no promise is ever broken."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.security.mutants import MUTANTS, Plant
from tests.security.programs import Programs
from tests.security.yard import Yard, furnished_yard
from tests.towns import Ground

ENOUGH = {"offered", "visit", "trial", "started", "power-cut"}
"""Steps a run must have reached, or its promises were hardly put to the test."""


def how_long(programs: int, steps: int, *, fixed: bool = True) -> settings:
    """So many programs of so many lines; the same each time unless they are to look further."""
    return settings(
        max_examples=programs, stateful_step_count=steps, derandomize=fixed, deadline=None, database=None,
        phases=(Phase.generate,), print_blob=False, suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def yard(ground: Ground, migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    with furnished_yard(ground, migrated, tmp_path_factory.mktemp("yard")) as yard:
        yield yard


def run(yard: Yard, how: settings) -> None:
    run_state_machine_as_test(type("Here", (Programs,), {"yard": yard}), settings=how)


def test_no_program_breaks_a_promise(yard: Yard) -> None:
    run(yard, how_long(*((5, 20) if yard.ground.server else (20, 30))))
    if yard.ground.server is None:
        assert yard.reached.keys() >= ENOUGH, yard.reached


@pytest.mark.deep
def test_no_long_program_breaks_a_promise(yard: Yard) -> None:
    run(yard, how_long(*((50, 50) if yard.ground.server else (500, 50)), fixed=False))
    assert yard.reached.keys() >= ENOUGH, yard.reached


@pytest.mark.deep
@pytest.mark.parametrize("plant", MUTANTS, ids=lambda plant: plant.__name__)
def test_the_programs_find_each_fault_that_is_planted(yard: Yard, plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    if yard.ground.server is not None:
        pytest.skip("the rules are one for both databases")
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        run(yard, how_long(60, 40))
