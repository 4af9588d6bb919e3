"""`tsunagi joint`: a run of any size, the same answer when it is solved again, and its instance as a file."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from service.cli import main
from service.kernel.audit import AuditEntry
from service.kernel.errors import DomainError
from service.matching.engine.stored.file import read
from service.matching.joint.asking import Pin, PinKind
from service.matching.joint.models import JointRun
from service.matching.joint.replaying import kept_run, replay
from tests.cast import World
from tests.joint.cast import add_person, add_place, ask_for_run, run_again, run_now, view


@pytest.fixture
def town(world: World) -> World:
    with world.writing() as session:
        for name in ("海の台所", "丘の畑"):
            world.ids[name] = add_place(session, name).id
        for name in ("佐倉", "森", "今"):
            add_person(session, world, name)
    return world


@pytest.fixture
def command(town: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The same town as a command finds it."""
    monkeypatch.setenv("TSUNAGI_DATA", str(town.settings.data))
    return town


def test_a_run_solved_again_gives_the_same_plan(town: World) -> None:
    run_id = run_now(town)
    with town.reading() as session:
        again = replay(kept_run(session, run_id))
    assert again.is_equal
    assert (again.is_instance_equal, again.is_plan_equal, again.is_proven) == (True, True, True)


def test_a_rerun_with_pins_is_solved_again_from_where_it_began(town: World) -> None:
    first = run_now(town)
    left = view(town, first).left[0].person_id
    again = run_again(town, first, (Pin(PinKind.FORCED, left, town.ids["海の台所"]),))
    with town.reading() as session:
        assert replay(kept_run(session, again)).is_equal


def test_an_instance_that_was_touched_is_noticed(town: World) -> None:
    run_id = run_now(town)
    with town.writing() as session:
        run = session.get_one(JointRun, run_id)
        run.instance = {**run.instance, "people": run.instance["people"][:2]}
    with town.reading() as session:
        again = replay(kept_run(session, run_id))
    assert (again.is_instance_equal, again.is_equal) == (False, False)


def test_a_run_without_a_result_cannot_be_solved_again(town: World) -> None:
    with town.reading() as session, pytest.raises(DomainError, match="まだ結果が"):
        kept_run(session, ask_for_run(town))


def test_the_command_replays_and_answers_with_its_exit_code(command: World, capsys: pytest.CaptureFixture[str]) -> None:
    run_id = run_now(command)
    assert main(["joint", "replay", run_id, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["equal"] is True
    assert main(["joint", "replay", run_id]) == 0
    assert "同じ案になりました" in capsys.readouterr().out
    with command.reading() as session:
        acts = [(entry.action, entry.object_id) for entry in session.scalars(select(AuditEntry))]
    assert acts.count(("replay", run_id)) == 2


def test_the_exported_instance_reads_back_and_names_nobody(
    command: World, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    run_id = run_now(command)
    assert main(["joint", "export", run_id]) == 0
    out = capsys.readouterr().out
    assert not any(name in out for name in ("佐倉", "森", "海の台所"))
    file = tmp_path / "run.json"
    file.write_text(out, "utf-8")
    assert len(read(file).people) == 3


def test_the_command_runs_the_whole_town_in_a_coordinators_name(command: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["joint", "run", "--as", "aoki", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["state"], answer["counts"]["placed"], answer["proven"]) == ("done", 2, True)
    assert main(["joint", "replay", answer["run"]]) == 0


@pytest.mark.parametrize("typed", [["run"], ["run", "--as", "hojo"], ["replay"], ["replay", "0" * 32], ["export", "x"]])
def test_what_cannot_be_done_is_said_in_japanese(
    command: World, typed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["joint", *typed]) == 1
    assert "。" in capsys.readouterr().err
