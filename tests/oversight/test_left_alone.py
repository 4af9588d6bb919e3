"""A case whose coordinator has left: where only the assigned read a case, a supervisor finds it in every list, and nobody else."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from service.accounts.models import User
from service.cases.access import list_cases
from service.cases.models import StandIn, SupportCase
from service.cases.placements import place_candidate
from service.followup.closing.models import AfterCare
from service.followup.closing.pages_after import _rows
from service.followup.placements.board import BoardAsk, read_board
from service.followup.tasks.models import FollowUp
from service.followup.tasks.reading import visible_follow_ups
from tests.cast import NOW, TODAY, World, add_host, open_case


@pytest.fixture
def left(world: World) -> World:
    """青木 had 佐倉 (a candidate, a follow-up that is late, a contact after the closing) and the locked 黒木, and has left."""
    with world.writing("準備") as session:
        opening = add_host(session)[1]
        person = open_case(session, world.ids["青木"])
        hidden = open_case(session, world.ids["青木"], "黒木 なお", locked=True)
        case, shut = (
            session.scalars(select(SupportCase).where(SupportCase.household_id == each.household_id)).one()
            for each in (person, hidden)
        )
        place_candidate(session, person.id, opening.id, [], since=TODAY, recorded_by="青木", reason="本がお好き")
        session.add(FollowUp(key="k", case_id=case.id, person_id=person.id, rule="visit", sequence=1, kind="visit", raw_on=TODAY,
                             due_on=TODAY, early_on=TODAY, late_on=TODAY, minutes=30, created_at=NOW))  # fmt: skip
        session.add(
            AfterCare(
                case_id=case.id,
                person_id=person.id,
                closed_on=TODAY,
                contact_name="大野",
                is_agreed=True,
                made_at=NOW,
                made_by="青木",
            )
        )
        session.get_one(User, world.ids["青木"]).active = False
        world.ids |= {"佐倉のケース": case.id, "黒木のケース": shut.id}
    world.town = replace(world.town, case_access="assigned")
    return world


def seen(world: World, name: str) -> dict[str, list[str]]:
    """The cases by each list in which somebody finds them."""
    town, actor = world.town, world.actor(name)
    with world.writing(name) as session:
        return {
            "cases": [case.id for case in list_cases(session, town, actor)],
            "board": [row.person_id for row in read_board(session, town, actor, BoardAsk(), TODAY).rows],
            "followup": [row[1].id for row in session.execute(visible_follow_ups(town, actor))],
            "after": [case.id for _, _, case in _rows(session, town, actor)],
        }


def test_a_supervisor_finds_it_in_every_list_and_a_colleague_in_none(left: World) -> None:
    mine = left.ids["佐倉のケース"]
    found = seen(left, "北条")
    assert (found["cases"], found["followup"], found["after"]) == ([mine], [mine], [mine])
    assert len(found["board"]) == 1
    assert seen(left, "石井") == {"cases": [], "board": [], "followup": [], "after": []}


def test_who_is_still_there_or_stands_in_keeps_it_to_themselves(left: World) -> None:
    with left.writing("石井") as session:
        case = left.ids["佐倉のケース"]
        session.add(StandIn(case_id=case, user_id=left.ids["石井"], since=NOW, reason="引き継ぎ"))
    assert seen(left, "北条")["cases"] == []
    assert seen(left, "石井")["cases"] == [case]


def test_one_whose_stand_in_has_left_too_is_seen_again(left: World) -> None:
    with left.writing("石井") as session:
        session.add(StandIn(case_id=left.ids["佐倉のケース"], user_id=left.ids["石井"], since=NOW, reason="引き継ぎ"))
        session.get_one(User, left.ids["石井"]).active = False
    assert seen(left, "北条")["cases"] == [left.ids["佐倉のケース"]]


def test_a_locked_one_stays_locked_where_the_team_reads_everything_else_too(left: World) -> None:
    assert left.ids["黒木のケース"] not in seen(left, "北条")["cases"]
    left.town = replace(left.town, case_access="team")
    assert left.ids["黒木のケース"] not in seen(left, "北条")["cases"]
