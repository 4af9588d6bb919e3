"""What the database promises: no lost update, no write while reading, no acknowledged row lost, no guessed instant."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, OperationalError, StatementError
from sqlalchemy.orm import Session

from service.cases.models import Person
from service.kernel.audit import AuditEntry, note
from service.kernel.db import new_id
from service.kernel.errors import Conflict
from service.resources.models import Host, Opening, OpeningSlot
from service.web.once import OnceKey
from tests.cast import NOW, World

THREADS, ROUNDS = 6, 15


def test_writers_that_read_first_and_write_then_lose_nothing(town_with_a_case: World) -> None:
    """Each thread reads the free places, waits, and writes one less or more; every step must count.

    Seen red with the mutant `_sqlite(url, "BEGIN", ())` for the writing engine: the readers share a snapshot and
    all but one fail with "database is locked" (SQLITE_BUSY_SNAPSHOT), so the sum falls short of the rounds.
    """
    opening, failures = town_with_a_case.ids["枠"], []

    def work() -> None:
        for _ in range(ROUNDS):
            try:
                with town_with_a_case.writing() as session:
                    row = session.get_one(Opening, opening)
                    seen = row.waiting
                    threading.Event().wait(0.001)
                    row.waiting = seen + 1
            except OperationalError as problem:
                failures.append(problem)

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with town_with_a_case.reading() as session:
        row = session.get_one(Opening, opening)
        assert failures == []
        assert row.waiting == THREADS * ROUNDS
        assert row.version == 1 + THREADS * ROUNDS


def test_a_reader_never_waits_for_a_writer_and_sees_one_moment(town_with_a_case: World) -> None:
    opening = town_with_a_case.ids["枠"]
    with town_with_a_case.writing() as writer:
        writer.get_one(Opening, opening).waiting = 7
        writer.flush()
        with town_with_a_case.reading() as reader:
            assert reader.get_one(Opening, opening).waiting == 0


def test_a_reading_session_cannot_write(town_with_a_case: World) -> None:
    for statement in ("delete from person", "update person set name = 'x'", "drop table person"):
        with town_with_a_case.reading() as session, pytest.raises(DBAPIError, match=r"read-?only"):
            session.execute(text(statement))


def test_a_row_added_in_a_reading_session_is_refused(town_with_a_case: World) -> None:
    with town_with_a_case.reading() as session:
        session.add(OnceKey(key="k", actor_id="-", at=NOW, location="/"))
        with pytest.raises(DBAPIError, match=r"read-?only"):
            session.flush()


def test_every_connection_has_the_safe_settings(world: World) -> None:
    safe = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    for door in (world.town.database.reading, world.town.database.writing):
        with door.connect() as connection:
            if not world.on_postgresql:
                assert {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in safe} == safe
            elif door is world.town.database.writing:
                assert shown(connection, "lock_timeout", "idle_in_transaction_session_timeout") == ["10s", "5min"]
                assert shown(connection, "transaction_isolation") == ["read committed"]
            else:
                assert shown(connection, "transaction_isolation") == ["repeatable read"]


def test_only_the_reading_door_is_read_only(world: World) -> None:
    asked, yes, no = ("show transaction_read_only", "on", "off") if world.on_postgresql else ("PRAGMA query_only", 1, 0)
    with world.town.database.reading.connect() as connection:
        assert connection.execute(text(asked)).scalar() == yes
    with world.town.database.writing.connect() as connection:
        assert connection.execute(text(asked)).scalar() == no


def test_an_instant_without_a_time_zone_is_refused(world: World) -> None:
    with pytest.raises(StatementError, match="time zone"), world.writing() as session:
        session.add(OnceKey(key="k", actor_id="-", at=datetime(2026, 11, 24), location="/"))


def test_an_instant_comes_back_as_the_same_instant_in_utc(world: World) -> None:
    in_japan = datetime(2026, 11, 24, 0, 30, tzinfo=timezone(timedelta(hours=9)))
    with world.writing() as session:
        session.add(OnceKey(key="k", actor_id="-", at=in_japan, location="/"))
    with world.reading() as session:
        at = session.get_one(OnceKey, "k").at
    assert at == in_japan
    assert at.tzinfo is UTC


def test_a_row_that_moved_is_not_overwritten(town_with_a_case: World) -> None:
    person = town_with_a_case.ids["佐倉"]
    with town_with_a_case.reading() as session:
        shown = session.get_one(Person, person).version
    with town_with_a_case.writing("石井") as session:
        session.get_one(Person, person).phone = "1"
    with town_with_a_case.writing() as session, pytest.raises(Conflict):
        session.get_one(Person, person).expect(shown)


def test_the_version_moves_by_one_for_each_saved_change_and_only_then(town_with_a_case: World) -> None:
    host = town_with_a_case.ids["海の台所"]
    for phone, version in (("1", 2), ("2", 3), ("2", 3)):
        with town_with_a_case.writing() as session:
            session.get_one(Host, host).phone = phone
        with town_with_a_case.reading() as session:
            assert session.get_one(Host, host).version == version


def test_a_changed_list_below_a_row_moves_its_version_too(town_with_a_case: World) -> None:
    with town_with_a_case.writing() as session:
        opening = session.get_one(Opening, town_with_a_case.ids["枠"])
        session.refresh(opening, ["slots"])
        slot = OpeningSlot(opening_id=opening.id, host_id=opening.host_id, weekday=5, start_min=600, end_min=720)
        opening.slots.append(slot)
    with town_with_a_case.reading() as session:
        assert session.get_one(Opening, town_with_a_case.ids["枠"]).version == 2


def test_a_transaction_that_fails_half_way_leaves_nothing(town_with_a_case: World) -> None:
    with pytest.raises(ZeroDivisionError):
        save_and_fail(town_with_a_case)
    with town_with_a_case.reading() as session:
        assert session.get_one(Person, town_with_a_case.ids["佐倉"]).phone == ""
        assert last_act(session) != "view"


def test_addresses_of_rows_cannot_be_counted_or_guessed() -> None:
    ids = {new_id() for _ in range(500)}
    assert len(ids) == 500
    assert all(len(id) == 32 for id in ids)
    # Were they in order of making, sorting would change nothing.
    listed = [new_id() for _ in range(20)]
    assert listed != sorted(listed)


def shown(connection: Connection, *settings: str) -> list[str]:
    """What PostgreSQL has these settings at."""
    return [str(connection.execute(text(f"show {name}")).scalar()) for name in settings]


def save_and_fail(world: World) -> None:
    """A handler whose own fault comes after its work."""
    with world.writing() as session:
        session.get_one(Person, world.ids["佐倉"]).phone = "1"
        session.flush()
        note(session, "view", "person", "x")
        raise ZeroDivisionError


def last_act(session: Session) -> str:
    return session.query(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1).one().action
