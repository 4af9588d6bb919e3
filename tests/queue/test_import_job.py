"""A large file is taken in aside: share after share, once, whoever is killed on the way; it can be stopped and gone on with."""

import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from service.accounts.roles import IMPORT_CATALOGUE
from service.kernel.clock import now_utc
from service.kernel.queue import claims
from service.kernel.queue.claims import Claim, ClaimLost
from service.kernel.queue.jobs import Job, ask_to_stop
from service.kernel.queue.working import Minder, Outcome, Stopped
from service.resources import import_job
from service.resources.files import ImportBatch
from service.resources.import_job import AT_ONCE, IMPORTING, JOB, LARGE, carry_out, put_down
from service.resources.models import Host
from service.resources.uploads import keep_upload
from service.setup import signature
from tests.cast import NOW, World
from tests.resources.kodomo_rows import GOOD, csv_of

ROWS = 2 * AT_ONCE + 50


def large_file() -> bytes:
    """Good rows of their own, and one that cannot be read."""
    rows = [GOOD | {"ID": f"{at:04}", "名称": f"こども食堂 {at:04}"} for at in range(ROWS)]
    return csv_of([*rows, GOOD | {"ID": "9999", "名称": ""}])


@pytest.fixture
def waiting(world: World) -> World:
    with world.writing() as session:
        batch = keep_upload(session, "kodomo-shokudo", "a.csv", large_file(), world.actor("青木"), NOW)
        put_down(session, batch, NOW)
        world.ids["ファイル"] = batch.id
    return world


def claimed(world: World, worker: str = "一") -> Claim:
    with world.writing() as session:
        claim = claims.take(session, worker, [JOB], now_utc())
        assert claim
        return claim


def work(world: World, claim: Claim, stop_after: int = 10**9) -> list[dict[str, Any]]:
    """Do the job as a worker does; what it told."""
    told: list[dict[str, Any]] = []
    save = carry_out(world.town, claim, lambda progress: told.append(dict(progress)), lambda: len(told) > stop_after)
    with world.writing() as session:
        claims.finish(session, claim, save(session), now_utc())
    return told


def hosts(world: World) -> int:
    with world.reading() as session:
        return session.scalar(select(func.count(Host.id))) or 0


def batch(world: World) -> ImportBatch:
    with world.reading() as session:
        return session.get_one(ImportBatch, world.ids["ファイル"])


def test_every_good_row_is_written_once_and_the_bad_ones_are_listed(waiting: World) -> None:
    told = work(waiting, claimed(waiting))
    assert [(each["done"], each["of"]) for each in told] == [(0, ROWS), (AT_ONCE, ROWS), (2 * AT_ONCE, ROWS)]
    found = batch(waiting)
    assert (hosts(waiting), found.state, found.content) == (ROWS, "imported", b"")
    assert (found.outcome["new"], len(found.outcome["saved"]), len(found.outcome["rejected"])) == (ROWS, ROWS, 1)


def test_a_worker_that_dies_half_way_is_followed_by_one_that_goes_on(
    waiting: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = claimed(waiting)
    with monkeypatch.context() as dying:
        dying.setattr(import_job, "_write_some", dies_after_one(import_job._write_some))
        with pytest.raises(KeyboardInterrupt):
            work(waiting, first)
    assert hosts(waiting) == AT_ONCE
    with waiting.writing() as session:
        session.get_one(Job, first.job_id).lease_until = NOW
    told = work(waiting, claimed(waiting, "二"))
    assert told[0]["done"] == AT_ONCE
    assert (hosts(waiting), batch(waiting).outcome["new"]) == (ROWS, ROWS)
    with pytest.raises(ClaimLost):
        work(waiting, first)


def dies_after_one(write: Any) -> Any:
    calls = []

    def wrapped(*args: Any) -> Any:
        if calls:
            raise KeyboardInterrupt
        calls.append(1)
        return write(*args)

    return wrapped


def test_a_stop_keeps_what_is_written_and_says_so(waiting: World) -> None:
    claim = claimed(waiting)
    with waiting.writing() as session:
        ask_to_stop(session, claim.job_id, now_utc())
    with pytest.raises(Stopped):
        work(waiting, claim, stop_after=1)
    found = batch(waiting)
    assert (hosts(waiting), found.state, found.outcome["new"]) == (AT_ONCE, "stopped", AT_ONCE)
    with waiting.visit() as aoki:
        assert "ここまでの行は書き込みました" in aoki.get(f"/hosts/import/{waiting.ids['ファイル']}").text


def test_the_page_puts_a_large_file_down_and_shows_how_far_it_is(world: World) -> None:
    content = large_file()
    assert len(content) > LARGE / 3
    with world.writing() as session:
        id_ = keep_upload(session, "kodomo-shokudo", "a.csv", content + b"\n" * LARGE, world.actor("青木"), NOW).id
    world.ids["ファイル"] = id_
    with world.visit() as aoki:
        assert aoki.submit(f"/hosts/import/{id_}/confirm").status_code == 303
        assert "順番を待っています" in aoki.get(f"/hosts/import/{id_}").text
        aoki.submit(f"/hosts/import/{id_}/confirm")
        with world.reading() as session:
            assert [job.argument for job in session.scalars(select(Job).where(Job.kind == JOB))] == [{"batch": id_}]
        assert aoki.submit(f"/hosts/import/{id_}/cancel").status_code == 303
        assert "何も書き込んでいません" in aoki.get(f"/hosts/import/{id_}").text
    assert hosts(world) == 0
    assert IMPORT_CATALOGUE.allows(world.actor("青木"))


def test_a_worker_that_has_to_leave_hands_the_rest_to_the_next(waiting: World, monkeypatch: pytest.MonkeyPatch) -> None:
    leaving = threading.Event()
    write_some = import_job._write_some

    def told_to_leave(*args: Any) -> int:
        done = write_some(*args)
        leaving.set()
        assert wished.wait(30)
        return done

    claim = claimed(waiting)
    minder = Minder(waiting.town, claim, lambda: signature(waiting.town, now_utc()), leaving)
    wished = minder.work.wish
    with monkeypatch.context() as once:
        once.setattr(import_job, "_write_some", told_to_leave)
        assert minder.carry_out(carry_out) is Outcome.GIVEN_BACK
    found = batch(waiting)
    assert (hosts(waiting), found.state, bool(found.content)) == (AT_ONCE, IMPORTING, True)
    assert work(waiting, claimed(waiting, "二"))[0]["done"] == AT_ONCE
    assert (hosts(waiting), batch(waiting).state, batch(waiting).outcome["new"]) == (ROWS, "imported", ROWS)
