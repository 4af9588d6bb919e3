"""A disk without room, and one that fails: whoever saves is told so in words, whoever reads goes on, and nothing is lost."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any

import psycopg.errors
import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import OperationalError

from service.cases.course.models import ProgressNote
from service.kernel.audit import AuditEntry, verify_chain
from service.kernel.clock import now_utc
from service.kernel.db import new_id
from service.web.errors import is_full
from tests.cast import Visitor, World

ROOM = 12
"""Pages left when the disk fills: a few notes fit, then none does."""


@contextmanager
def with_room_for(world: World, pages: int) -> Iterator[None]:
    """The file of the town may grow by so many pages and no more, whoever opens it."""
    with world.reading() as session:
        most = session.scalar(text("PRAGMA page_count")) + pages

    def bound(connection: Any, _: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={most}")

    event.listen(world.town.database.writing, "connect", bound)
    world.town.database.writing.dispose()
    try:
        yield
    finally:
        event.remove(world.town.database.writing, "connect", bound)
        world.town.database.writing.dispose()


def write(visitor: Visitor, world: World, words: str) -> Any:
    """One note about 佐倉."""
    typed = {"on": "2026-11-24", "method": "phone", "text": words, "_once": new_id()}
    return visitor.submit(f"/people/{world.ids['佐倉']}/course/notes", typed)


@pytest.mark.parametrize("ground", ["sqlite"], indirect=True, scope="session")
def test_on_a_full_disk_saving_is_refused_in_words_reading_goes_on_and_nothing_is_lost(town_with_a_case: World) -> None:
    world, kept = town_with_a_case, list[str]()
    with world.visit() as aoki:
        aoki.get("/sign-in")
        with with_room_for(world, ROOM):
            for at in range(200):
                answer = write(aoki, world, f"電話 {at} " + "あ" * 2000)
                if answer.status_code != 303:
                    break
                kept.append(f"電話 {at} ")
            assert answer.status_code == 507
            assert "いっぱい" in answer.text
            assert "もう一度保存してください" in answer.text
            assert kept
            forget_the_last_minute(world)
            assert aoki.get("/hosts").status_code == 200
        assert write(aoki, world, "そのあと").status_code == 303
    with world.reading() as session:
        texts = session.scalars(select(ProgressNote.text).where(ProgressNote.text != "")).all()
        notes = session.scalars(select(ProgressNote.id).where(ProgressNote.text != "")).all()
        logged = session.scalar(select(func.count()).where(AuditEntry.object_id.in_(notes)))
        assert [text.split("あ")[0] for text in texts if text.startswith("電話")] == kept
        assert logged == len(texts) == len(kept) + 1
        assert verify_chain(session, world.town.key) is None


def forget_the_last_minute(world: World) -> None:
    """As if everybody had looked at something else for a while: their next page would be noted, if it could."""
    file = str(world.town.database.reading.url.database)
    seen = (now_utc() - timedelta(minutes=5)).isoformat(sep=" ").split("+")[0]
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE auth_session SET last_seen_at = ?", (seen,))


def test_what_a_database_calls_a_full_disk_is_known_and_another_trouble_is_not_taken_for_it() -> None:
    full = OperationalError("INSERT", {}, psycopg.errors.DiskFull("no space left"))
    other = OperationalError("INSERT", {}, psycopg.errors.AdminShutdown("going down"))
    assert is_full(full)
    assert not is_full(other)
    assert not is_full(ValueError("disk is full"))
