"""Many processes at one queue: each job has its effect exactly once, on both databases."""

import threading
from collections import Counter
from datetime import timedelta

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from service.kernel.audit import verify_chain
from service.kernel.queue.claims import Claim, ClaimLost, finish, held, take
from service.kernel.queue.jobs import DONE, Job, enqueue
from service.migrations import migrate
from tests.cast import NOW, World
from tests.postgres import PostgresServer
from tests.queue.crowd import crowd_at_work, labels_of, write_household

PROCESSES, JOBS, ROUNDS = 3, 200, 20


def test_three_processes_do_two_hundred_jobs_once_each(world: World) -> None:
    """Seen red with the mutant that takes a job in two steps — find it in one transaction, mark it in the next."""
    with world.writing() as session:
        for number in range(JOBS):
            enqueue(session, "household", {"label": f"{number:03}"}, now=NOW)
    crowd_at_work(world.settings.data, PROCESSES)
    assert labels_of(world.town.database) == [f"{number:03}" for number in range(JOBS)]
    with world.reading() as session:
        jobs = session.scalars(select(Job)).all()
        assert {(job.state, job.attempts) for job in jobs} == {(DONE, 1)}
        assert len(Counter(job.worker for job in jobs)) == PROCESSES
        assert verify_chain(session, world.town.key) is None


def test_of_two_workers_that_computed_the_same_job_one_saves(world: World) -> None:
    """The first was silent for longer than its lease, and both come to the end at the same moment.

    Seen red with the mutant whose `held` looks for the address of the job alone.
    """
    for number in range(ROUNDS):
        first, second = taken_twice(world, f"{number:03}")
        assert lost_when_both_end(world, [first, second]) == ["甲"]
    assert labels_of(world.town.database) == [f"{number:03}" for number in range(ROUNDS)]


def taken_twice(world: World, label: str) -> list[Claim]:
    """甲 took the job and fell silent, so 乙 took it too."""
    lease, claims = timedelta(seconds=5), []
    with world.writing() as session:
        enqueue(session, "household", {"label": label}, now=NOW)
    for worker, at in (("甲", NOW), ("乙", NOW + 2 * lease)):
        with world.writing() as session:
            claim = take(session, worker, ("household",), at, lease)
            assert claim is not None
            claims.append(claim)
    return claims


def lost_when_both_end(world: World, claims: list[Claim]) -> list[str]:
    """Who found the job to be somebody else's when all try to end it at once."""
    start, lost = threading.Barrier(len(claims)), []

    def end(claim: Claim) -> None:
        start.wait(10)
        try:
            with world.writing() as session:
                held(session, claim)
                finish(session, claim, write_household(None, claim, None, None)(session), NOW)
        except ClaimLost:
            lost.append(claim.worker)

    at_once([threading.Thread(target=end, args=(claim,)) for claim in claims])
    return lost


def at_once(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_many_who_put_the_same_job_down_at_once_get_the_same_one(world: World) -> None:
    """Seen red with the mutant that takes no notice of the key."""
    start, answered = threading.Barrier(6), []

    def ask() -> None:
        start.wait(10)
        with world.writing() as session:
            answered.append(enqueue(session, "household", {}, now=NOW, key="solve-all").id)

    at_once([threading.Thread(target=ask) for _ in range(6)])
    assert len(answered) == 6
    assert len(set(answered)) == 1


def test_a_job_being_taken_is_passed_by_even_where_no_writer_waits_for_another(postgres_server: PostgresServer) -> None:
    """Plain sessions of PostgreSQL, without the turn that `Database.write` gives: the claim is safe by itself.

    Seen red with the mutant that takes without FOR UPDATE.
    """
    url = postgres_server.create_database()
    migrate(url)
    engine = create_engine(url)
    with Session(engine) as session, session.begin():
        for number in range(2):
            enqueue(session, "household", {"label": str(number)}, now=NOW)
    with Session(engine) as one, Session(engine) as other, one.begin(), other.begin():
        first, second = (take(session, "甲", ("household",), NOW) for session in (one, other))
        assert first is not None
        assert second is not None
        assert first.job_id != second.job_id
    engine.dispose()
    postgres_server.drop_database(url)
