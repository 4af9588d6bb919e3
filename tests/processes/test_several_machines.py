"""Two web processes, two workers, one PostgreSQL: a worker is killed at its work, and the work is done once."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import NullPool, column, create_engine, func, select, table, text

from service.accounts.models import User
from service.accounts.sessions import issue_token
from service.kernel.audit import AuditEntry, verify_chain
from service.kernel.clock import now_utc
from service.kernel.queue.jobs import DONE, RUNNING, Job, find_job
from service.matching.joint import models as joint
from service.matching.joint.asking import JointAsk
from service.matching.joint.models import JointLeft, JointLine, JointRun
from service.matching.joint.service import start_run
from service.setup import signature
from service.web.actor import Town
from tests.postgres import PostgresServer
from tests.processes.installation import COMMANDS, Installation, installed, is_alive, wait_for

DEMO, HOST = "149993", "demo.example.lg.jp"


@pytest.fixture(scope="module")
def machines(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The example of the operations guide, running."""
    with installed(postgres_server, tmp_path_factory.mktemp("machines"), DEMO) as one:
        yield one


@pytest.fixture
def town(machines: Installation) -> Iterator[Town]:
    opened = machines.settings.open_town(machines.settings.entry(DEMO))
    yield opened
    opened.database.close()


def test_the_example_has_two_pages_two_workers_and_one_setup(machines: Installation) -> None:
    assert [command.split()[1] for command in COMMANDS] == ["setup", "serve", "worker", "serve", "worker"]
    assert all(process.poll() is None for process in machines.processes[2:])


def test_a_run_whose_worker_is_killed_is_done_once_by_the_other_while_pages_answer(
    machines: Installation, town: Town
) -> None:
    run_id, job_id, token = ask(town)
    with pages_watched(machines, token) as statuses:
        killed = kill_whoever_works_on(job_id, machines, town)
        ended = wait_for(lambda: ended_job(town, job_id), machines)
    machines.start("A", "tsunagi worker --lease 10")
    assert (ended.state, ended.attempts) == (DONE, 2)
    assert ended.worker.split("-")[-2] != str(killed)
    with town.database.read() as session:
        run = session.get_one(JointRun, run_id)
        lines = session.scalars(select(JointLine.person_id).where(JointLine.run_id == run_id)).all()
        left = session.scalars(select(JointLeft.person_id).where(JointLeft.run_id == run_id)).all()
        assert run.state == joint.DONE
        assert len(set(lines)) == run.counts["placed"]
        assert len([*set(lines), *left]) == run.counts["people"] > 0
        assert len(left) == len(set(left))
        noted = select(func.count()).where(AuditEntry.action == "joint-run").group_by(AuditEntry.object_id)
        assert set(session.scalars(noted)) == {1}
        assert verify_chain(session, town.key) is None
    assert len(statuses) > 10
    assert set(statuses) == {200}


def test_a_database_that_goes_away_in_the_middle_of_a_run_costs_time_and_nothing_else(
    machines: Installation, town: Town, postgres_server: PostgresServer
) -> None:
    run_id, job_id, token = ask(town)
    at_work(job_id, machines, town)
    with database_away(postgres_server, town):
        threading.Event().wait(12)
    ended = wait_for(lambda: ended_job(town, job_id), machines)
    # The worker at work saves its result late, or the other has begun anew: either way it is there once.
    assert (ended.state, ended.result) == (DONE, run_id)
    assert ended.attempts in (1, 2)
    with town.database.read() as session:
        assert session.get_one(JointRun, run_id).state == joint.DONE
        assert verify_chain(session, town.key) is None
    assert machines.get(0, "/people", HOST, token)[0] == 200


def test_two_runs_over_the_same_places_do_not_disturb_each_other(machines: Installation, town: Town) -> None:
    jobs = [ask(town)[1] for _ in range(2)]
    ended = [wait_for(lambda job_id=job_id: ended_job(town, job_id), machines) for job_id in jobs]
    assert [job.state for job in ended] == [DONE, DONE]
    assert len({job.result for job in ended}) == 2


@contextmanager
def database_away(server: PostgresServer, town: Town) -> Iterator[None]:
    """Nobody reaches this town's database, and whoever is in the middle of something is thrown out."""
    name = town.database.writing.url.database
    engine = create_engine(server.url("postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"alter database {name} allow_connections false"))
        connection.execute(select(func.pg_terminate_backend(column("pid"))).select_from(table("pg_stat_activity")).where(column("datname") == name))  # fmt: skip
        try:
            yield
        finally:
            connection.execute(text(f"alter database {name} allow_connections true"))


def ask(town: Town) -> tuple[str, str, str]:
    """青木 asks for a run over everybody: the run, its job, and a session to look at pages with."""
    now = now_utc()
    with town.database.write(signature=signature(town, now)) as session:
        aoki = session.scalars(select(User).where(User.login_name == "aoki")).one()
        run = start_run(session, town, aoki.as_actor(), JointAsk(), now)
        assert run.job_id is not None
        return run.id, run.job_id, issue_token(session, aoki, now)


def job_of(town: Town, job_id: str) -> Job:
    with town.database.read() as session:
        return find_job(session, job_id)


def ended_job(town: Town, job_id: str) -> Job | None:
    job = job_of(town, job_id)
    return job if job.has_ended else None


def at_work(job_id: str, machines: Installation, town: Town) -> Job:
    """The job, once its worker has said how far it is."""
    found: Job = wait_for(lambda: (job := job_of(town, job_id)).state == RUNNING and job.progress and job, machines)
    return found


def kill_whoever_works_on(job_id: str, machines: Installation, town: Town) -> int:
    """SIGKILL to the worker that holds the job, as soon as it has said how far it is."""
    pid = int(at_work(job_id, machines, town).worker.split("-")[-2])
    children = children_of(pid)
    machines.worker_with(pid).send_signal(signal.SIGKILL)
    machines.worker_with(pid).wait(10)
    assert job_of(town, job_id).state == RUNNING
    wait_for(lambda: not any(is_alive(child) for child in children), machines)
    return pid


def children_of(pid: int) -> list[int]:
    """The processes a worker has started: its solver."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for each in lists for child in each.read_text().split()]


class pages_watched:  # noqa: N801 — reads as a sentence after `with`
    """Both web processes are asked for a signed-in page again and again, until the end of the block."""

    def __init__(self, machines: Installation, token: str) -> None:
        self.machines, self.token = machines, token
        self.statuses: list[int] = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.look)

    def look(self) -> None:
        while not self.over.wait(0.1):
            for web in range(len(self.machines.webs)):
                self.statuses.append(self.machines.get(web, "/people", HOST, self.token)[0])

    def __enter__(self) -> list[int]:
        self.thread.start()
        return self.statuses

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()
