"""The worker of several towns: each in its turn, and none waits for another's trouble."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from service.cli import main
from service.commands.worker import Habits, Worker
from service.kernel.clock import now_utc
from service.kernel.errors import DomainError
from service.kernel.queue.claims import Claim, take
from service.kernel.queue.jobs import Job, enqueue, find_job
from service.kernel.queue.working import Save
from service.settings import Settings, key_file, read_settings
from service.setup import open_ready
from service.web.actor import Town
from tests.queue.crowd import labels_of, write_household
from tests.towns import Ground

TOWNS = ({"code": "142042", "name": "鎌倉市"}, {"code": "149993", "name": "汐見市"}, {"code": "062090", "name": "長井市"})

NOWHERE = '[[town]]\ncode = "142051"\nname = "藤沢市"\nurl = "postgresql://nobody@127.0.0.1:1/nothing"\n\n'


@pytest.fixture(scope="module")
def three_towns(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of three towns, set up."""
    folder = tmp_path_factory.mktemp("three")
    settings = ground.prepare(folder, TOWNS)
    for entry in settings.entries:
        open_ready(settings, entry).database.close()
    return folder


@pytest.fixture
def settings(ground: Ground, three_towns: Path, tmp_path: Path) -> Iterator[Settings]:
    """Three towns of this test's own."""
    with ground.copied(three_towns, tmp_path / "data") as settings:
        yield settings


@pytest.fixture
def towns(settings: Settings) -> Iterator[list[Town]]:
    opened = [settings.open_town(entry) for entry in settings.entries]
    yield opened
    for town in opened:
        town.database.close()


def put_down(town: Town, *labels: str, kind: str = "household") -> list[str]:
    with town.database.write() as session:
        return [enqueue(session, kind, {"label": label}, now=now_utc()).id for label in labels]


def worker(settings: Settings, **does: Any) -> Worker:
    return Worker(settings, settings.entries, {"household": write_household} | does, Habits(once=True))


def test_towns_are_served_in_turn_however_long_ones_list_is(settings: Settings, towns: list[Town]) -> None:
    """Seen red with the mutant that always begins with the first town."""
    first, _, third = towns
    put_down(first, "一", "二", "三")
    put_down(third, "四")
    served: list[str] = []

    def noting(town: Town, claim: Claim, *rest: Any) -> Save:
        served.append(town.code)
        return write_household(town, claim, *rest)

    assert Worker(settings, settings.entries, {"household": noting}, Habits(once=True)).work() == 0
    assert served == [first.code, third.code, first.code, first.code]
    assert [labels_of(town.database) for town in towns] == [["一", "三", "二"], [], ["四"]]


def test_a_town_not_set_up_yet_is_passed_by_and_never_given_a_key(ground: Ground, tmp_path: Path) -> None:
    settings = ground.prepare(tmp_path, TOWNS)
    ready = open_ready(settings, settings.entries[2])
    put_down(ready, "一")
    assert worker(settings).work() == 0
    assert labels_of(ready.database) == ["一"]
    assert not key_file(settings.data, settings.entries[0].code).exists()
    ready.database.close()


def test_a_town_whose_database_does_not_answer_holds_up_no_other(settings: Settings, towns: list[Town]) -> None:
    text = (settings.data / "towns.toml").read_text("utf-8")
    (settings.data / "towns.toml").write_text(NOWHERE + text, "utf-8")
    key_file(settings.data, "142051").write_text("00" * 32)
    put_down(towns[1], "一")
    assert worker(read_settings(settings.data)).work() == 0
    assert labels_of(towns[1].database) == ["一"]


def test_working_once_says_by_its_end_whether_something_failed(settings: Settings, towns: list[Town]) -> None:
    def refused(*_: Any) -> Save:
        raise DomainError("大きすぎます。", "しぼってください。", "size", 422)

    job_id = put_down(towns[0], "一", kind="refused")[0]
    put_down(towns[1], "二")
    assert worker(settings, refused=refused).work() == 1
    with towns[0].database.read() as session:
        assert find_job(session, job_id).code == "size"
    assert labels_of(towns[1].database) == ["二"]


def test_a_worker_told_to_leave_takes_no_other_job(settings: Settings, towns: list[Town]) -> None:
    put_down(towns[0], "一", "二")
    leaving = threading.Event()

    def last_one(town: Town, claim: Claim, *rest: Any) -> Save:
        leaving.set()
        return write_household(town, claim, *rest)

    one = Worker(settings, settings.entries, {"household": last_one}, Habits(), leaving)
    assert one.work() == 0
    assert len(labels_of(towns[0].database)) == 1


def test_a_lease_is_as_long_as_the_worker_was_told(settings: Settings, towns: list[Town]) -> None:
    left: list[timedelta] = []

    def look(town: Town, claim: Claim, *_: Any) -> Save:
        with town.database.read() as session:
            job: Job = find_job(session, claim.job_id)
            left.append(job.lease_until - now_utc())
        return lambda session: ""

    put_down(towns[0], "一")
    habits = Habits(once=True, lease=timedelta(seconds=7))
    assert Worker(settings, settings.entries, {"household": look}, habits).work() == 0
    assert timedelta(seconds=4) < left[0] <= timedelta(seconds=7)


def test_the_command_ends_at_sigterm_and_when_its_parent_is_gone(settings: Settings, towns: list[Town]) -> None:
    for how, more in ((signal.SIGTERM, []), (None, ["--parent", "1"])):
        command = [sys.executable, "-m", "service", "worker", "--poll", "0.1", *more]
        process = subprocess.Popen(command, env=os.environ | {"TSUNAGI_DATA": str(settings.data)}, stdout=subprocess.PIPE)
        assert b"worker ready" in process.stdout.readline()
        if how is not None:
            process.send_signal(how)
        assert process.wait(30) == 0
        process.stdout.close()


def test_whoever_watches_sees_how_jobs_stand_and_which_town_needs_a_look(
    settings: Settings, towns: list[Town], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TSUNAGI_DATA", str(settings.data))
    put_down(towns[0], "一", "二")
    assert main(["jobs"]) == 0
    assert "待ち 2（いちばん古いもの" in capsys.readouterr().out
    with towns[0].database.write() as session:
        take(session, "甲", ["household"], now_utc())
        enqueue(session, "unheard-of", {}, now=now_utc() - timedelta(seconds=400))
    assert main(["jobs", "--json"]) == 1
    first, second, _ = json.loads(capsys.readouterr().out)
    assert (first["waiting"], first["running"], first["oldest"] >= 400) == (2, 1, True)
    assert second == {"code": towns[1].code, "name": towns[1].name, "answers": True, "waiting": 0, "oldest": 0,
                      "running": 0, "failed": 0}  # fmt: skip
    assert main(["jobs", "--late", "4000"]) == 0
    rows = (settings.data / "towns.toml").read_text("utf-8")
    (settings.data / "towns.toml").write_text(rows + NOWHERE, "utf-8")
    assert main(["jobs", "--late", "4000"]) == 1
    assert "藤沢市　データベースが答えません" in capsys.readouterr().out
