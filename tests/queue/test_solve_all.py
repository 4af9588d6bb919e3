"""A run in every town, watched to its end: counts, gap and seconds of each, and a word where there was nothing."""

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from service.accounts.models import User
from service.accounts.sessions import open_session
from service.commands import solve_all
from service.commands.solve_all import LOGIN, Answer, Asked, as_json, ask_for_run, in_words, machine_account, stop, watch
from service.commands.worker import Habits, Worker, handlers
from service.kernel.audit import verify_chain
from service.kernel.clock import now_utc
from service.kernel.queue.claims import MOST_ATTEMPTS, PAUSES
from service.kernel.queue.jobs import CANCELLED, find_job
from service.kernel.queue.working import Handler, Save
from tests.cast import World
from tests.joint.cast import add_person, add_place, case_of


@pytest.fixture
def town(world: World) -> World:
    """Two people who have time, and one place."""
    with world.writing() as session:
        add_place(session, "海の台所")
        for name in ("佐倉", "葉山"):
            add_person(session, world, name)
    return world


def worked(world: World, handler: Handler | None = None) -> Asked:
    """The town's run, after a worker was there."""
    asked = ask_for_run(world.town, 5.0)
    does = {"joint-run": handler} if handler else handlers()
    Worker(world.settings, world.settings.entries, does, Habits(once=True)).work()
    return asked


def answer_of(asked: Asked) -> Answer:
    (answer,) = watch([asked])
    return answer


def test_a_town_that_was_solved_answers_people_places_gap_and_seconds(town: World) -> None:
    answer = answer_of(worked(town))
    assert (answer.state, answer.people, answer.placed, answer.attempts) == ("done", 2, 1, 1)
    assert (answer.gap, answer.problem, answer.has_failed) == (0.0, "", False)
    assert answer.seconds > 0
    told = json.loads(as_json([answer]))
    assert (told["failed"], told["towns"][0]["code"]) == (0, town.town.code)
    assert "2人中 1人に場所　残る差 0.00%" in next(in_words([answer]))
    assert "入れていない" not in next(in_words([answer]))
    with town.reading() as session:
        assert verify_chain(session, town.town.key) is None


@pytest.mark.parametrize(
    ("case_access", "left_out", "said"),
    [
        ("team", {"locked": 1, "not_assigned": 0}, "：非開示のケース 1人"),
        ("assigned", {"locked": 1, "not_assigned": 2}, "：担当だけが見るケース 2人、非開示のケース 1人"),
    ],
)
def test_it_says_how_many_people_it_may_not_read_and_why(
    town: World, case_access: str, left_out: dict[str, int], said: str
) -> None:
    with town.writing() as session:
        add_person(session, town, "森", locked=True)
        case_of(session, add_person(session, town, "原").id).status = "closed"
    asked = ask_for_run(replace(town.town, case_access=case_access), 5.0)
    Worker(town.settings, town.settings.entries, handlers(), Habits(once=True)).work()
    answer = answer_of(asked)
    (told,) = json.loads(as_json([answer]))["towns"]
    assert told["left_out"] == left_out
    assert next(in_words([answer])).endswith(f"計算に入れていない人{said}")
    assert "森" not in as_json([answer])


def test_a_town_without_anybody_is_no_failure(world: World) -> None:
    answer = answer_of(worked(world))
    assert (answer.state, answer.people, answer.has_failed) == ("nothing", 0, False)
    assert "対象なし" in next(in_words([answer]))


def test_a_town_whose_run_fails_every_time_is_one(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*_: Any) -> Save:
        raise ValueError("佐倉")

    monkeypatch.setattr("service.kernel.queue.claims.PAUSES", tuple(type(pause)() for pause in PAUSES))
    answer = answer_of(worked(town, faulty))
    assert (answer.state, answer.attempts, answer.has_failed, answer.gap) == ("failed", MOST_ATTEMPTS, True, None)
    assert "できませんでした" in next(in_words([answer]))
    assert json.loads(as_json([answer]))["failed"] == 1


def test_without_a_worker_it_says_that_one_may_be_missing(
    town: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(solve_all, "LONELY", 0.0)
    asked = ask_for_run(town.town, 5.0)
    looks = []

    def end_at_the_third_look(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 3:
            stop([asked])

    monkeypatch.setattr(solve_all, "_pause", end_at_the_third_look)
    assert answer_of(asked).state == CANCELLED
    assert "worker を動かすか" in capsys.readouterr().err
    with town.reading() as session:
        assert find_job(session, asked.job_id).state == CANCELLED


def test_the_commands_own_account_is_one_and_nobody_signs_in_with_it(world: World) -> None:
    for _ in range(2):
        with world.writing() as session:
            machine_account(session)
    with world.reading() as session:
        (user,) = session.scalars(select(User).where(User.login_name == LOGIN))
        assert not user.active
    with world.writing() as session:
        for password in ("", "x"):
            assert open_session(session, LOGIN, password, now_utc()) is None
