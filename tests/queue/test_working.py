"""One job in the care of a worker: progress, wishes to stop, refusals, faults, a database that goes away."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from service.cases.models import Household
from service.kernel.audit import AuditEntry, Signature
from service.kernel.clock import now_utc
from service.kernel.errors import DomainError
from service.kernel.queue import working
from service.kernel.queue.claims import Claim, take
from service.kernel.queue.jobs import CANCELLED, DONE, FAILED, RUNNING, WAITING, Job, ask_to_stop, enqueue, find_job
from service.kernel.queue.working import Handler, Minder, Outcome, Save, Stopped
from tests.cast import World
from tests.queue.crowd import labels_of, write_household

LEASE = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks come often enough for a test."""
    monkeypatch.setattr(working, "LOOK", 0.05)
    monkeypatch.setattr(working, "GRACE", 2.0)


def minder(world: World, leaving: threading.Event | None = None, lease: timedelta = LEASE) -> Minder:
    """A job put down and taken."""
    with world.writing() as session:
        enqueue(session, "any", {"label": "一"}, now=now_utc())
    with world.writing() as session:
        claim = take(session, "甲", ("any",), now_utc(), lease)
    assert claim is not None
    return Minder(world.town, claim, lambda: sign(world), leaving or threading.Event(), lease)


def sign(world: World) -> Signature:
    return Signature("-", "（コマンド）", now_utc(), world.town.key)


def job(world: World, minder: Minder) -> Job:
    with world.reading() as session:
        return find_job(session, minder.claim.job_id)


def stop(world: World, minder: Minder) -> None:
    with world.writing() as session:
        ask_to_stop(session, minder.claim.job_id, now_utc())


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(200):
        if condition():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it did not come about in ten seconds")


def aside(minder: Minder, handler: Handler) -> tuple[threading.Thread, list[Outcome]]:
    outcomes: list[Outcome] = []
    thread = threading.Thread(target=lambda: outcomes.append(minder.carry_out(handler)))
    thread.start()
    return thread, outcomes


def until_stopped(town: Any, claim: Claim, tell: Any, is_stopped: Callable[[], bool]) -> Save:
    """A handler that would go on for ever."""
    tell({"stage": "途中"})
    while not is_stopped():
        threading.Event().wait(0.02)
    raise Stopped


def test_what_a_job_found_is_saved_in_the_workers_name_and_its_address_kept(world: World) -> None:
    one = minder(world)
    assert one.carry_out(write_household) == Outcome.DONE
    row = job(world, one)
    with world.reading() as session:
        assert (row.state, session.get_one(Household, row.result).label) == (DONE, "一")
        assert session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first().actor_label == "（コマンド）"


def test_progress_is_seen_while_the_job_runs_and_a_wish_to_stop_ends_it(world: World) -> None:
    one = minder(world)
    thread, outcomes = aside(one, until_stopped)
    wait_for(lambda: job(world, one).progress == {"stage": "途中"})
    assert job(world, one).state == RUNNING
    stop(world, one)
    thread.join(30)
    assert outcomes == [Outcome.CANCELLED]
    assert job(world, one).state == CANCELLED
    assert labels_of(world.town.database) == []


def test_a_handler_that_has_something_when_it_is_stopped_may_keep_it(world: World) -> None:
    def best_so_far(town: Any, claim: Claim, tell: Any, is_stopped: Callable[[], bool]) -> Save:
        with pytest.raises(Stopped):
            until_stopped(town, claim, tell, is_stopped)
        return write_household(town, claim, tell, is_stopped)

    one = minder(world)
    thread, outcomes = aside(one, best_so_far)
    stop(world, one)
    thread.join(30)
    assert outcomes == [Outcome.DONE]
    assert labels_of(world.town.database) == ["一"]


def test_the_claim_is_renewed_for_as_long_as_the_work_goes_on(world: World) -> None:
    one = minder(world, lease=timedelta(seconds=4))
    thread, outcomes = aside(one, until_stopped)
    threading.Event().wait(5)
    with world.writing() as session:
        assert take(session, "乙", ("any",), now_utc()) is None
    stop(world, one)
    thread.join(30)
    assert outcomes == [Outcome.CANCELLED]


def test_a_process_that_has_to_stop_hands_its_job_back(world: World) -> None:
    leaving = threading.Event()
    one = minder(world, leaving)
    thread, outcomes = aside(one, until_stopped)
    leaving.set()
    thread.join(30)
    assert outcomes == [Outcome.GIVEN_BACK]
    assert (job(world, one).state, job(world, one).attempts) == (WAITING, 0)


def test_a_process_that_has_to_stop_does_not_wait_for_a_deaf_handler(world: World) -> None:
    leaving, over = threading.Event(), threading.Event()

    def deaf(*_: Any) -> Save:
        over.wait(20)
        return lambda session: ""

    one = minder(world, leaving)
    thread, outcomes = aside(one, deaf)
    leaving.set()
    thread.join(30)
    over.set()
    assert outcomes == [Outcome.GIVEN_BACK]


def test_a_refusal_is_kept_in_its_words_and_not_tried_again(world: World) -> None:
    def refused(*_: Any) -> Save:
        raise DomainError("大きすぎます。", "しぼってください。", "size", 422)

    one = minder(world)
    assert one.carry_out(refused) == Outcome.REFUSED
    row = job(world, one)
    assert (row.state, row.code, row.said, row.attempts) == (FAILED, "size", "大きすぎます。しぼってください。", 1)


def test_what_may_not_be_saved_any_more_leaves_nothing_half_written(world: World) -> None:
    """The settings were changed during the run: the save itself finds that out, after it has written something."""

    def outdated(town: Any, claim: Claim, *_: Any) -> Save:
        def save(session: Session) -> str:
            session.add(Household(label="半分", district=""))
            session.flush()
            raise DomainError("設定が変わりました。", "もう一度始めてください。", "outdated")

        return save

    one = minder(world)
    assert one.carry_out(outdated) == Outcome.REFUSED
    assert job(world, one).code == "outdated"
    assert labels_of(world.town.database) == []


def test_a_fault_is_tried_again_later_and_says_nothing_about_people(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    def faulty(*_: Any) -> Save:
        raise ValueError("佐倉 みお")

    one = minder(world)
    assert one.carry_out(faulty) == Outcome.AGAIN
    row = job(world, one)
    assert (row.state, row.attempts, row.said) == (WAITING, 1, "")
    log = capsys.readouterr().out
    assert "ValueError" in log
    assert "佐倉" not in log


def test_a_fault_while_saving_leaves_nothing_and_is_tried_again(world: World) -> None:
    def faulty(town: Any, claim: Claim, *rest: Any) -> Save:
        def save(session: Session) -> str:
            write_household(town, claim, *rest)(session)
            raise ZeroDivisionError

        return save

    one = minder(world)
    assert one.carry_out(faulty) == Outcome.AGAIN
    assert labels_of(world.town.database) == []


def test_a_result_waits_for_a_database_that_is_away_and_is_saved_once(world: World) -> None:
    tries = []

    def unlucky(town: Any, claim: Claim, *rest: Any) -> Save:
        def save(session: Session) -> str:
            tries.append(claim.ticket)
            address = write_household(town, claim, *rest)(session)
            if len(tries) < 3:
                raise OperationalError("server closed the connection unexpectedly", None, Exception())
            return address

        return save

    one = minder(world)
    assert one.carry_out(unlucky) == Outcome.DONE
    assert len(tries) == 3
    assert labels_of(world.town.database) == ["一"]


def test_a_worker_that_was_silent_for_too_long_saves_nothing(world: World) -> None:
    """Seen red with the mutant whose `_finish` does not ask whether the claim holds."""

    def slow(town: Any, claim: Claim, *rest: Any) -> Save:
        with world.writing() as session:
            find_job(session, claim.job_id).lease_until = now_utc() - timedelta(seconds=1)
        with world.writing() as session:
            assert take(session, "乙", ("any",), now_utc()) is not None
        return write_household(town, claim, *rest)

    one = minder(world)
    assert one.carry_out(slow) == Outcome.LOST
    assert labels_of(world.town.database) == []
    assert (job(world, one).state, job(world, one).worker) == (RUNNING, "乙")


def test_a_handler_whose_claim_is_lost_is_told_to_stop(world: World) -> None:
    one = minder(world)
    thread, outcomes = aside(one, until_stopped)
    with world.writing() as session:
        find_job(session, one.claim.job_id).worker = "乙"
    thread.join(30)
    assert outcomes == [Outcome.LOST]
