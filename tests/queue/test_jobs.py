"""What a job goes through: put down with its cause, taken by one, held by a lease, ended with its result."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from service.cases.models import Household
from service.kernel.errors import NotFound
from service.kernel.queue.claims import (
    MOST_ATTEMPTS,
    PAUSES,
    SILENT,
    Claim,
    ClaimLost,
    finish,
    give_back,
    is_due,
    is_stop_asked,
    refuse,
    renew,
    take,
    try_again,
)
from service.kernel.queue.jobs import CANCELLED, DONE, FAILED, RUNNING, WAITING, Job, ask_to_stop, enqueue, find_job
from tests.cast import NOW, World

LEASE = timedelta(seconds=60)
LATER = NOW + LEASE + timedelta(seconds=1)
KINDS = ("household",)


def put_down(world: World, label: str = "一", key: str | None = None) -> str:
    with world.writing() as session:
        return enqueue(session, "household", {"label": label}, key=key, now=NOW).id


def taken(world: World, worker: str = "甲", at: datetime = NOW) -> Claim:
    with world.writing() as session:
        claim = take(session, worker, KINDS, at, LEASE)
    assert claim is not None
    return claim


def nothing_to_take(world: World, at: datetime = NOW) -> bool:
    with world.reading() as session:
        due = is_due(session, KINDS, at)
    with world.writing() as session:
        return take(session, "丙", KINDS, at, LEASE) is None and not due


def job(world: World, job_id: str) -> Job:
    with world.reading() as session:
        return find_job(session, job_id)


def test_a_job_is_there_only_if_its_cause_was_saved(world: World) -> None:
    with pytest.raises(ZeroDivisionError):
        put_down_and_fail(world)
    with world.reading() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 0
    assert nothing_to_take(world)


def put_down_and_fail(world: World) -> None:
    with world.writing() as session:
        session.add(Household(label="佐倉家", district="岡本"))
        enqueue(session, "household", {}, now=NOW, key="k")
        raise ZeroDivisionError


def test_the_oldest_job_is_taken_first_and_only_once(world: World) -> None:
    first, at = put_down(world, "一"), NOW + timedelta(seconds=2)
    with world.writing() as session:
        enqueue(session, "household", {"label": "二"}, now=NOW + timedelta(seconds=1))
    claim = taken(world, at=at)
    assert (claim.job_id, claim.argument, claim.attempt) == (first, {"label": "一"}, 1)
    assert taken(world, at=at).argument == {"label": "二"}
    assert nothing_to_take(world, NOW + timedelta(seconds=3))
    row = job(world, first)
    assert (row.state, row.worker, row.lease_until) == (RUNNING, "甲", at + LEASE)


def test_a_worker_takes_only_what_it_knows_how_to_do(world: World) -> None:
    with world.writing() as session:
        enqueue(session, "unheard-of", {}, now=NOW)
    assert nothing_to_take(world)


def test_a_job_of_the_future_waits(world: World) -> None:
    with world.writing() as session:
        enqueue(session, "household", {}, now=NOW + timedelta(minutes=1))
    assert nothing_to_take(world)
    assert not nothing_to_take(world, NOW + timedelta(minutes=2))


def test_while_a_job_with_the_key_is_open_it_is_answered_instead(world: World) -> None:
    first = put_down(world, "一", key="solve-all")
    assert put_down(world, "二", key="solve-all") == first
    claim = taken(world)
    assert put_down(world, "三", key="solve-all") == first
    with world.writing() as session:
        finish(session, claim, "", NOW)
    assert put_down(world, "四", key="solve-all") != first


def test_a_result_and_the_end_of_its_job_are_one(world: World) -> None:
    job_id, claim = put_down(world), taken(world)
    with pytest.raises(ZeroDivisionError):
        finish_and_fail(world, claim)
    assert job(world, job_id).state == RUNNING
    with world.reading() as session:
        assert session.scalars(select(Household)).all() == []
    with world.writing() as session:
        finish(session, claim, "結果", NOW)
    row = job(world, job_id)
    assert (row.state, row.result, row.finished_at, row.lease_until) == (DONE, "結果", NOW, None)
    assert nothing_to_take(world, LATER)


def finish_and_fail(world: World, claim: Claim) -> None:
    with world.writing() as session:
        session.add(Household(label="一", district=""))
        finish(session, claim, "", NOW)
        session.flush()
        raise ZeroDivisionError


def test_a_silent_workers_job_goes_to_another_and_it_can_end_it_no_more(world: World) -> None:
    job_id, old = put_down(world), taken(world, "甲")
    new = taken(world, "乙", at=LATER)
    assert (new.job_id, new.attempt) == (job_id, 2)
    for late_step in (
        lambda session: finish(session, old, "", LATER),
        lambda session: renew(session, old, LATER, LEASE, {}),
        lambda session: refuse(session, old, "x", "", LATER),
        lambda session: try_again(session, old, LATER),
        lambda session: give_back(session, old, LATER),
        lambda session: is_stop_asked(session, old),
    ):
        with pytest.raises(ClaimLost), world.writing() as session:
            late_step(session)
    with world.writing() as session:
        finish(session, new, "乙の結果", LATER)
    assert (job(world, job_id).state, job(world, job_id).result) == (DONE, "乙の結果")


def test_the_same_worker_after_a_silence_is_another_one_too(world: World) -> None:
    put_down(world)
    old = taken(world, "甲")
    taken(world, "甲", at=LATER)
    with pytest.raises(ClaimLost), world.writing() as session:
        finish(session, old, "", LATER)


def test_a_renewed_lease_keeps_the_job_and_its_progress(world: World) -> None:
    job_id, claim = put_down(world), taken(world)
    with world.writing() as session:
        renew(session, claim, NOW + LEASE, LEASE, {"stage": "LP", "gap": 0.1})
    assert nothing_to_take(world, LATER)
    assert job(world, job_id).progress == {"stage": "LP", "gap": 0.1}


def test_a_job_that_fails_waits_longer_each_time_and_then_rests(world: World) -> None:
    job_id, at = put_down(world), NOW
    for pause in PAUSES:
        claim = taken(world, at=at)
        with world.writing() as session:
            assert try_again(session, claim, at)
        assert nothing_to_take(world, at + pause - timedelta(milliseconds=1))
        at += pause
    claim = taken(world, at=at)
    assert claim.attempt == MOST_ATTEMPTS
    with world.writing() as session:
        assert not try_again(session, claim, at)
    row = job(world, job_id)
    assert (row.state, row.code, row.attempts) == (FAILED, "fault", MOST_ATTEMPTS)
    assert row.said
    assert nothing_to_take(world, at + timedelta(days=1))


def test_a_job_that_silences_every_worker_is_ended(world: World) -> None:
    job_id, at = put_down(world), NOW
    for _ in range(MOST_ATTEMPTS):
        taken(world, at=at)
        at += LEASE + timedelta(seconds=1)
    with world.writing() as session:
        assert take(session, "乙", KINDS, at, LEASE) is None
    assert (job(world, job_id).state, job(world, job_id).code) == (FAILED, SILENT)


def test_a_job_handed_back_does_not_lose_a_try(world: World) -> None:
    job_id = put_down(world)
    for _ in range(MOST_ATTEMPTS + 1):
        claim = taken(world)
        with world.writing() as session:
            give_back(session, claim, NOW)
    assert (job(world, job_id).state, job(world, job_id).attempts) == (WAITING, 0)
    with pytest.raises(ClaimLost), world.writing() as session:
        finish(session, claim, "", NOW)


def test_a_job_that_waits_is_cancelled_at_once(world: World) -> None:
    job_id = put_down(world, key="k")
    with world.writing() as session:
        ask_to_stop(session, job_id, NOW)
    assert job(world, job_id).state == CANCELLED
    assert nothing_to_take(world)
    assert put_down(world, key="k") != job_id


def test_a_job_at_work_hears_the_wish_to_stop(world: World) -> None:
    job_id, claim = put_down(world), taken(world)
    with world.reading() as session:
        assert not is_stop_asked(session, claim)
    with world.writing() as session:
        ask_to_stop(session, job_id, NOW)
    with world.reading() as session:
        assert is_stop_asked(session, claim)
    assert job(world, job_id).state == RUNNING


def test_a_job_whose_worker_died_after_the_wish_to_stop_is_not_begun_again(world: World) -> None:
    job_id = put_down(world)
    taken(world)
    with world.writing() as session:
        ask_to_stop(session, job_id, NOW)
    with world.writing() as session:
        assert take(session, "乙", KINDS, LATER, LEASE) is None
    assert job(world, job_id).state == CANCELLED


def test_to_stop_what_has_ended_changes_nothing(world: World) -> None:
    job_id, claim = put_down(world), taken(world)
    with world.writing() as session:
        finish(session, claim, "結果", NOW)
    with world.writing() as session:
        assert ask_to_stop(session, job_id, LATER).has_ended
    assert (job(world, job_id).state, job(world, job_id).stop_asked) == (DONE, False)


def test_a_job_nobody_put_down_is_not_found(world: World) -> None:
    for act in (lambda s: find_job(s, "x"), lambda s: ask_to_stop(s, "x", NOW)):
        with pytest.raises(NotFound), world.writing() as session:
            act(session)


def test_a_job_needs_nobody_to_sign_for_it(world: World) -> None:
    with world.town.database.write() as session:
        assert enqueue(session, "household", {}, now=NOW, key="k").id
