"""Pages that die in the middle of anything lose nothing they said they had kept, and keep nothing twice or by half."""

import http.client
import random
import signal
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select, text

from service.accounts.models import User
from service.accounts.sessions import issue_token
from service.cases.course.models import ProgressNote
from service.kernel.audit import AuditEntry, verify_chain
from service.kernel.db import new_id
from tests.cast import World
from tests.processes.installation import Installation, answers, wait_for

WRITERS = 8
CUT = (OSError, http.client.HTTPException)


@dataclass
class Written:
    """What the writers sent, by the words of each note: kept for sure, or nobody knows."""

    kept: set[str] = field(default_factory=set)
    unknown: dict[str, str] = field(default_factory=dict)
    refused: list[int] = field(default_factory=list)


class Writer:
    """Somebody who writes one note after another until the pages are gone."""

    def __init__(self, world: World, port: int) -> None:
        with world.writing() as session:
            self.token = issue_token(session, session.get_one(User, world.ids["青木"]), datetime.now(UTC))
        self.path = f"/people/{world.ids['佐倉']}/course/notes"
        self.port = port

    def write_until_cut(self, written: Written) -> None:
        """Each note with words and a key of its own."""
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
                while True:
                    words, key = f"電話 {new_id()}", new_id()
                    written.unknown[words] = key
                    status = self.send(connection, words, key)
                    del written.unknown[words]
                    written.kept.add(words) if status == 303 else written.refused.append(status)
        except CUT:
            return

    def send(self, connection: http.client.HTTPConnection, words: str, key: str) -> int:
        """One note; the answer's status."""
        body = {"on": "2026-11-24", "method": "phone", "text": words, "_once": key, "_csrf_token": self.proof(connection)}
        headers = {"Cookie": f"tsunagi={self.token}; csrftoken={body['_csrf_token']}"}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("POST", self.path, urlencode(body), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    def proof(self, connection: http.client.HTTPConnection) -> str:
        """The token of a page of ours, asked for once; it outlives the process."""
        if not hasattr(self, "_proof"):
            connection.request("GET", "/sign-in")
            answer = connection.getresponse()
            answer.read()
            self._proof = answer.getheader("set-cookie", "").split("csrftoken=")[1].split(";")[0]
        return self._proof


@pytest.fixture
def machine(town_with_a_case: World) -> Iterator[Installation]:
    """The town's own data folder, served by processes that can be killed."""
    one = Installation({"A": town_with_a_case.settings.data}, [town_with_a_case.town.code])
    yield one
    one.close()


def one_life(machine: Installation, world: World, written: Written, seconds: float) -> float:
    """The pages start, eight write, some time after the first is kept the pages are killed; how long the start took, in seconds."""
    began = monotonic()
    serve = machine.start("A", "tsunagi serve --no-worker --port 0")
    wait_for(lambda: answers(machine, -1), machine)
    ready = monotonic() - began
    writers = [Writer(world, machine.webs[-1]) for _ in range(WRITERS)]
    threads = [threading.Thread(target=writer.write_until_cut, args=(written,)) for writer in writers]
    for thread in threads:
        thread.start()
    known = len(written.kept)
    wait_for(lambda: len(written.kept) > known, machine)
    threading.Event().wait(seconds)
    serve.send_signal(signal.SIGKILL)
    serve.wait()
    for thread in threads:
        thread.join()
    return ready


@pytest.mark.parametrize("kills", [2, pytest.param(200, marks=pytest.mark.deep)], ids=["small", "deep"])
def test_killed_pages_lose_nothing_they_had_confirmed(machine: Installation, town_with_a_case: World, kills: int) -> None:
    dice, written = random.Random(kills), Written()
    starts = [one_life(machine, town_with_a_case, written, dice.uniform(0.0, 2.0)) for _ in range(kills)]
    assert written.refused == []
    assert len(written.kept) > kills
    stored = notes_of(town_with_a_case)
    lost = written.kept - set(stored)
    said = f"confirmed {len(written.kept)}, unknown {len(written.unknown)}, stored {len(stored)}, lost {len(lost)}"
    print(f"kills {kills}, {said}, slowest start {max(starts):.1f} s")  # noqa: T201
    assert lost == set()
    assert len(stored) == len(set(stored))
    assert set(stored) - written.kept <= written.unknown.keys()
    assert_sound(town_with_a_case)


def test_what_nobody_knows_is_sent_again_and_kept_once(machine: Installation, town_with_a_case: World) -> None:
    written = Written()
    one_life(machine, town_with_a_case, written, 0.5)
    stored = set(notes_of(town_with_a_case))
    known = next(iter(written.kept))
    machine.start("A", "tsunagi serve --no-worker --port 0")
    wait_for(lambda: answers(machine, -1), machine)
    again = Writer(town_with_a_case, machine.webs[-1])
    with closing(http.client.HTTPConnection("127.0.0.1", again.port, timeout=30)) as connection:
        for words, key in written.unknown.items():
            assert again.send(connection, words, key) == 303
    assert sorted(notes_of(town_with_a_case)) == sorted(stored | written.unknown.keys())
    assert known in stored


def notes_of(world: World) -> list[str]:
    """The words of every note that is there."""
    with world.reading() as session:
        return list(session.scalars(select(ProgressNote.text).where(ProgressNote.text.startswith("電話 "))))


def assert_sound(world: World) -> None:
    """As many lines in the log as there are notes, an unbroken chain, a database that finds nothing wrong with itself."""
    with world.reading() as session:
        notes = session.scalar(select(func.count()).select_from(ProgressNote).where(ProgressNote.text.startswith("電話 ")))
        ids = select(ProgressNote.id).where(ProgressNote.text.startswith("電話 "))
        assert session.scalar(select(func.count()).where(AuditEntry.object_id.in_(ids))) == notes
        assert verify_chain(session, world.town.key) is None
        if not world.on_postgresql:
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
