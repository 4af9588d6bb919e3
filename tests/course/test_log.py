"""The log keeps the order of its writing, also where the clock shows one instant twice."""

from sqlalchemy import select

from service.cases.course.log import Entry, entries_of, last_decision, write
from service.cases.course.moving import note_decision
from service.cases.models import SupportCase
from service.kernel.clock import day_in_japan
from tests.cast import NOW, World


def test_of_decisions_of_one_instant_the_one_written_last_holds(town_with_a_case: World) -> None:
    with town_with_a_case.writing() as session:
        case, actor = session.scalars(select(SupportCase)).one(), town_with_a_case.actor("青木")
        for turn in range(12):
            said = ("approve", "return")[turn % 2]
            note_decision(session, actor, case, said, f"{turn}", {"by": "juso"}, NOW)
            last = last_decision(session, case.id)
            assert last is not None
            assert last.text == f"{turn}"


def test_the_entries_of_one_instant_are_read_newest_first(town_with_a_case: World) -> None:
    with town_with_a_case.writing() as session:
        case, actor = session.scalars(select(SupportCase)).one(), town_with_a_case.actor("青木")
        for turn in range(12):
            write(session, actor, case, Entry(day_in_japan(NOW), f"{turn}"), NOW)
        assert [row.text for row in entries_of(session, case.id)] == [f"{turn}" for turn in reversed(range(12))]
