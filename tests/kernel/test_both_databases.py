"""What a SQLite file gives by itself and PostgreSQL had to be taught: the same answers, in the same order, from both."""

import multiprocessing
from pathlib import Path

import pytest
from sqlalchemy import select, text

from service.cases.models import Need, SupportCase
from service.cases.people import find_people
from service.kernel.db import open_database
from service.kernel.kana import sort_key
from service.migrations import is_up_to_date, migrate
from service.resources.catalogue import Search, search_hosts
from service.resources.models import Host, Opening, OpeningSlot
from tests.cast import TODAY, World, add_host, open_case
from tests.postgres import PostgresServer
from tests.towns import Ground

# Readers


def test_a_reader_sees_one_moment_whatever_is_saved_meanwhile(town_with_a_case: World) -> None:
    """Seen red with READ COMMITTED for the reading door: its second query already sees the note."""
    host = town_with_a_case.ids["海の台所"]
    with town_with_a_case.reading() as session:
        assert session.scalar(select(Host.note).where(Host.id == host)) == ""
        with town_with_a_case.writing() as writer:
            writer.get_one(Host, host).note = "いま"
        assert session.scalar(select(Host.note).where(Host.id == host)) == ""
    with town_with_a_case.reading() as session:
        assert session.scalar(select(Host.note).where(Host.id == host)) == "いま"


# The same order, the same words


def test_hosts_come_in_the_order_of_the_kana_on_both(world: World) -> None:
    names = [
        "ん",
        "アトリエ",
        "あさひ",
        "がらく",
        "かぜ",
        "カフェB",
        "カフェa",
        "ABC",
        "abc",
        "亜",
        "𠮷野",
        "はーと",
        "ぱん",
        "ばん",
        "Ｚ",
    ]
    with world.writing() as session:
        for name in names:
            add_host(session, name)[0].sort_key = sort_key(name)
    with world.reading() as session:
        listed = [host.name for host in search_hosts(session, Search(), 1, TODAY).hosts]
    assert listed == sorted(names, key=lambda name: (sort_key(name), listed.index(name)))


def test_a_case_is_found_by_its_number_and_district_in_either_case_of_letters(world: World) -> None:
    with world.writing() as session:
        person = open_case(session, world.ids["青木"])
        session.scalars(select(SupportCase)).one().number = "R8-00aB"
    for typed in ("r8-00ab", "R8-00AB", "00aB"):
        with world.reading() as session:
            found = find_people(session, world.town, world.actor("青木"), typed)
            assert [line.person_id for line in found] == [person.id], typed


def test_slots_without_hours_come_before_those_with_hours(town_with_a_case: World) -> None:
    opening_id = town_with_a_case.ids["枠"]
    with town_with_a_case.writing() as session:
        opening = session.get_one(Opening, opening_id)
        session.add(OpeningSlot(opening_id=opening_id, host_id=opening.host_id, weekday=0))
    with town_with_a_case.reading() as session:
        opening = session.get_one(Opening, opening_id)
        session.refresh(opening, ["slots"])
        assert [(slot.weekday, slot.start_min) for slot in opening.slots] == [(0, None), (0, 780), (2, 780), (4, 780)]


@pytest.mark.parametrize("value", [None, True, 0, 2**53, 0.1, "", "一", [], [1, "二"], {"b": 1, "a": None}])
def test_a_value_of_any_kind_comes_back_as_it_was(town_with_a_case: World, value: object) -> None:
    with town_with_a_case.writing() as session:
        need = Need(person_id=town_with_a_case.ids["佐倉"], attribute="free", value=value, strength="wish")
        session.add(need)
    with town_with_a_case.reading() as session:
        back = session.get_one(Need, need.id).value
    assert (type(back), str(back)) == (type(value), str(value))


# A server's database


def run_migrate(url: str, start: "multiprocessing.synchronize.Barrier") -> None:
    """A machine that starts."""
    start.wait()
    migrate(url)


def test_machines_that_start_at_once_migrate_once(postgres_server: PostgresServer) -> None:
    """Seen red without the lock in env.py: both create the first table, and one fails."""
    url, spawning = postgres_server.create_database(), multiprocessing.get_context("spawn")
    start = spawning.Barrier(2)
    machines = [spawning.Process(target=run_migrate, args=(url, start)) for _ in range(2)]
    for machine in machines:
        machine.start()
    for machine in machines:
        machine.join()
    assert [machine.exitcode for machine in machines] == [0, 0]
    assert is_up_to_date(url)


def test_a_database_that_orders_texts_another_way_is_refused_with_the_way_to_make_it(
    postgres_server: PostgresServer,
) -> None:
    if not postgres_server.knows_other_orders():
        pytest.skip("this server knows no order but that of the code points: there is nothing to refuse")
    url = postgres_server.url("tsunagi_test_in_another_order")
    name = "tsunagi_test_in_another_order template template0 encoding 'UTF8' locale_provider icu icu_locale 'ja'"
    postgres_server.execute(f"create database {name}")
    with pytest.raises(SystemExit, match="createdb"):
        migrate(url)


def test_a_server_that_is_not_there_is_said_without_the_password(ground: Ground, tmp_path: Path) -> None:
    url = "postgresql://tsunagi:secret@127.0.0.1:1/tsunagi" if ground.server else f"sqlite:///{tmp_path}/none/x.sqlite3"
    with pytest.raises(SystemExit, match="つながりません") as said:
        migrate(url)
    assert "secret" not in str(said.value)


def test_no_process_opens_more_connections_than_it_may(postgres_server: PostgresServer) -> None:
    database = open_database(postgres_server.create_database(), 3)
    with database.read() as one, database.read() as two, database.read() as three:
        counted = [session.execute(text("select 1")).scalar() for session in (one, two, three)]
        busy = one.execute(text("select count(*) from pg_stat_activity where datname = current_database()")).scalar()
    database.close()
    assert (counted, busy) == ([1, 1, 1], 3)
