"""`tsunagi serve` alone: it brings a worker, replaces one that dies, and takes it along when it ends."""

import http.client
import os
import re
import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from service.accounts.models import User
from service.accounts.sessions import issue_token
from service.kernel.clock import now_utc
from service.kernel.queue.jobs import enqueue, find_job
from service.matching.joint.asking import JointAsk
from service.matching.joint.service import start_run
from service.setup import signature
from tests.processes.installation import Installation, answers, is_alive, wait_for

WORKER = re.compile(r"worker ready.*worker=\S+-(\d+)-[0-9a-f]{8}")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Installation]:
    """One machine with an empty data folder and no server of databases."""
    (tmp_path / "A").mkdir()
    one = Installation({"A": tmp_path / "A"}, ["149993"])
    yield one
    one.close()


def workers(machine: Installation) -> list[int]:
    """Every worker that has said it is ready, in order."""
    colourless = re.sub(r"\x1b\[[0-9;]*m", "", machine.logs())
    return [int(pid) for pid in WORKER.findall(colourless)]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_worker_comes_with_the_pages_is_replaced_and_goes_with_them(machine: Installation, how: int) -> None:
    serve = machine.start("A", "tsunagi serve --port 0")
    wait_for(lambda: answers(machine, 0) and workers(machine), machine)
    os.kill(workers(machine)[0], signal.SIGKILL)
    wait_for(lambda: len(workers(machine)) == 2, machine)
    assert answers(machine, 0)
    wait_for_a_job(machine)
    serve.send_signal(how)
    serve.wait(60)
    wait_for(lambda: not any(is_alive(pid) for pid in workers(machine)), machine)


def wait_for_a_job(machine: Installation) -> None:
    """A job put down now is taken and ended; this one names a run that nobody asked for, so nothing comes of it."""
    town = machine.settings.open_town(machine.settings.entry())
    with town.database.write() as session:
        job_id = enqueue(session, "joint-run", {"run": "x"}, now=now_utc()).id

    def has_ended() -> bool:
        with town.database.read() as session:
            return find_job(session, job_id).has_ended

    wait_for(has_ended, machine)
    town.database.close()


def test_pages_without_a_worker_have_none(machine: Installation) -> None:
    machine.start("A", "tsunagi serve --no-worker --port 0")
    wait_for(lambda: answers(machine, 0), machine)
    threading.Event().wait(3)
    assert workers(machine) == []


def test_an_open_stream_ends_with_the_pages_and_nothing_is_said_of_it(machine: Installation) -> None:
    serve = machine.start("A", "tsunagi serve --demo --no-worker --port 0")
    wait_for(lambda: answers(machine, 0), machine)
    with followed(machine, *waiting_run(machine)) as stream:
        assert stream.readline().startswith(b"event: progress")
        before = machine.logs()
        serve.send_signal(signal.SIGTERM)
        assert serve.wait(4) in (0, -signal.SIGTERM)
        # The answer has its proper end: a stream that was cut would raise here.
        stream.read()
    assert machine.logs() == before


def waiting_run(machine: Installation) -> tuple[str, str]:
    """A run nobody works on, and the token of whoever asked for it."""
    town = machine.settings.open_town(machine.settings.entry())
    with closing(town.database), town.database.write(signature=signature(town, now_utc())) as session:
        user = session.scalars(select(User).where(User.login_name == "aoki")).one()
        run = start_run(session, town, user.as_actor(), JointAsk(), now_utc(), is_limited=False)
        return run.id, issue_token(session, user, now_utc())


@contextmanager
def followed(machine: Installation, run_id: str, token: str) -> Iterator[http.client.HTTPResponse]:
    """The events of a run, as a browser waits for them."""
    connection = http.client.HTTPConnection("127.0.0.1", machine.webs[0], timeout=30)
    with closing(connection):
        connection.request("GET", f"/joint/{run_id}/events", headers={"Cookie": f"tsunagi={token}"})
        answer = connection.getresponse()
        assert answer.status == 200
        yield answer
