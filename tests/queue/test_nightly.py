"""The night's work: once a night whatever the number of workers, and only what has had its time goes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from service.accounts.models import AuthSession, SignInBrake
from service.commands.nightly import JOB, STEPS, carry_out, do_step, is_due, night_of, put_down_for_tonight
from service.commands.worker import Habits, Worker, handlers
from service.kernel.audit import verify_chain
from service.kernel.queue.claims import Claim
from service.kernel.queue.jobs import DONE, WAITING, Job
from service.resources.files import ImportBatch
from service.web.once import OnceKey
from tests.cast import NOW, World

MONTH = timedelta(days=31)


@pytest.mark.parametrize(
    ("now", "struck"),
    [
        ("2026-11-24T16:59", "2026-11-23T17:00"),
        ("2026-11-24T17:00", "2026-11-24T17:00"),
        ("2026-11-24T23:00", "2026-11-24T17:00"),
    ],
)
def test_the_night_begins_at_two_in_japan(now: str, struck: str) -> None:
    read = lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC)  # noqa: E731
    assert night_of(read(now)) == read(struck)


def test_it_is_put_down_once_a_night_by_whoever_comes_first(world: World) -> None:
    def come(_: int) -> bool:
        with world.writing() as session:
            return put_down_for_tonight(session, NOW)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(come, range(8))) == 1
    with world.writing() as session:
        session.scalars(select(Job)).one().end(DONE, NOW)
    with world.writing() as session:
        assert not put_down_for_tonight(session, NOW + timedelta(hours=1))
        assert put_down_for_tonight(session, NOW + timedelta(days=1))


def test_a_worker_thinks_of_it_by_itself_and_does_it(world: World) -> None:
    worker = Worker(world.settings, world.settings.entries, handlers(), Habits(once=True))
    assert worker.work() == 0
    with world.reading() as session:
        assert [(job.kind, job.state) for job in session.scalars(select(Job))] == [(JOB, DONE)]
        assert not is_due(session, datetime.now(UTC))


def test_what_has_had_its_time_goes_and_the_rest_stays(world: World) -> None:
    with world.writing() as session:
        for at, state in ((NOW - MONTH, DONE), (NOW, DONE), (NOW - MONTH, WAITING)):
            session.add(
                Job(
                    kind="x",
                    argument={},
                    state=state,
                    run_after=at,
                    created_at=at,
                    finished_at=at if state == DONE else None,
                )
            )
        for key, at in (("a", NOW - timedelta(hours=10)), ("b", NOW)):
            session.add(AuthSession(id=key, user_id=world.ids["青木"], created_at=at, last_seen_at=at))
        for key, at in (("a", NOW - MONTH), ("b", NOW)):
            session.add(SignInBrake(name_hash=key, failures=3, blocked_until=at))
            session.add(OnceKey(key=key, actor_id="x", at=at, location="/"))
            session.add(ImportBatch(kind="own", filename=key, digest=key, content=b"x", read_at=at, read_by="青木"))
    for name, step in STEPS.items():
        do_step(world.town, step, NOW)
        assert do_step(world.town, step, NOW) == 0, name
    with world.reading() as session:
        assert session.scalar(select(func.count(Job.id))) == 2
        assert session.scalars(select(AuthSession.id)).all() == ["b"]
        assert session.scalars(select(OnceKey.key)).all() == ["b"]
        assert {row.filename: row.content for row in session.scalars(select(ImportBatch))} == {"a": b"", "b": b"x"}
        assert session.scalars(select(SignInBrake.name_hash)).all() == ["b"]
        assert verify_chain(session, world.town.key) is None


def test_its_progress_is_counts(world: World) -> None:
    told: list[object] = []
    carry_out(world.town, Claim("j", JOB, {}, "w", 1, 1), told.append, lambda: False)
    assert told[-1] == dict.fromkeys(STEPS, 0)
