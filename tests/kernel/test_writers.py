"""Several who write at once, in one process and in several, on either database: nothing is lost and nothing is hidden."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select, text

from service.cases.models import Person
from service.kernel.audit import AuditEntry, verify_chain
from service.kernel.errors import Conflict
from service.resources.models import CatalogueState, Host, HostPerson, Opening
from service.settings import read_settings
from service.setup import ready_town, signature
from tests.cast import NOW, World

WRITERS, EDITS = 8, 20
EACH = 25


def test_eight_writers_that_read_before_they_write_lose_nothing(town_with_a_case: World) -> None:
    """Seen red without `_wait_for_the_other_writers`: most writers are then told of a Conflict, and the sum falls short."""

    def edit() -> None:
        for _ in range(EDITS):
            with town_with_a_case.writing() as session:
                opening = session.get_one(Opening, town_with_a_case.ids["枠"])
                opening.waiting += 1

    with ThreadPoolExecutor(WRITERS) as pool:
        for done in [pool.submit(edit) for _ in range(WRITERS)]:
            done.result()
    with town_with_a_case.reading() as session:
        opening = session.get_one(Opening, town_with_a_case.ids["枠"])
        assert (opening.waiting, opening.version) == (WRITERS * EDITS, 1 + WRITERS * EDITS)
        assert verify_chain(session, town_with_a_case.town.key) is None


def test_no_move_of_the_catalogue_is_lost_between_writers(town_with_a_case: World) -> None:
    def moved() -> int:
        with town_with_a_case.reading() as session:
            return session.get_one(CatalogueState, 1).version

    def name_a_regular(number: int) -> None:
        with town_with_a_case.writing() as session:
            session.add(HostPerson(host_id=town_with_a_case.ids["海の台所"], name=f"常連{number}"))

    before = moved()
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(name_a_regular, range(WRITERS * 4)))
    assert moved() == before + WRITERS * 4


def test_of_two_who_save_the_same_form_at_once_one_is_shown_what_the_other_wrote(town_with_a_case: World) -> None:
    visitors = [town_with_a_case.visit() for _ in range(2)]
    for visitor in visitors:
        visitor.get("/sign-in")
    start, path = Barrier(2), f"/people/{town_with_a_case.ids['佐倉']}/edit"

    def save(phone: int) -> int:
        start.wait()
        typed = {"name": "佐倉 みお", "phone": f"0467-{phone}", "_version": "1"}
        return int(visitors[phone].submit(path, typed).status_code)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(save, range(2))) == [303, 409]
    with town_with_a_case.reading() as session:
        assert session.get_one(Person, town_with_a_case.ids["佐倉"]).version == 2


def test_a_row_that_moved_after_it_was_read_is_not_overwritten_even_by_who_did_not_ask(town_with_a_case: World) -> None:
    """Seen red without `version_id_col`: the UPDATE then goes by the address alone and hides what was saved between."""
    person = town_with_a_case.ids["佐倉"]
    with pytest.raises(Conflict):
        save_over_another(town_with_a_case, person)
    with town_with_a_case.reading() as session:
        assert session.get_one(Person, person).phone == ""


def save_over_another(world: World, person: str) -> None:
    """A row is read, moves, and is saved as it was read."""
    with world.writing() as session:
        row = session.get_one(Person, person)
        session.execute(text("update person set phone = '9', version = version + 1 where id = :id"), {"id": person})
        row.phone = "1"


def append(folder: Path, start: "multiprocessing.synchronize.Barrier", number: int) -> None:
    """A process of its own that changes a host again and again."""
    town = ready_town(read_settings(folder), None)
    start.wait()
    for each in range(EACH):
        with town.database.write(signature=signature(town, NOW)) as session:
            session.scalars(select(Host)).one().note = f"{number}-{each}"
    town.database.close()


def test_two_processes_append_to_one_chain(town_with_a_case: World) -> None:
    """Seen red without the lock: both reach for the same `seq`, and one of them fails."""
    with town_with_a_case.reading() as session:
        before = len(session.scalars(select(AuditEntry.seq)).all())
    town_with_a_case.close()
    spawning = multiprocessing.get_context("spawn")
    start = spawning.Barrier(2)
    processes = [spawning.Process(target=append, args=(town_with_a_case.settings.data, start, each)) for each in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    with town_with_a_case.reading() as session:
        assert verify_chain(session, town_with_a_case.town.key) is None
        assert list(session.scalars(select(AuditEntry.seq).order_by(AuditEntry.seq))) == list(
            range(1, before + 2 * EACH + 1)
        )
