"""緊急に開く: what a supervisor may not read, with a reason, for a while, and never unnoticed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from service.accounts.roles import COORDINATOR
from service.cases.access import list_cases
from service.cases.glass import BreakGlass
from service.cases.models import SupportCase
from service.kernel.audit import AuditEntry
from service.kernel.db import new_id
from service.oversight.glass import open_glass
from service.web.actor import Actor
from tests.cast import OTHERS, Visitor, World, hire_staff, open_case

REASON = "病院から電話があった"


@pytest.fixture
def locked(world: World) -> World:
    """黒木, locked, of 石井; 佐倉, open to the team, of 青木."""
    with world.writing("準備") as session:
        world.ids |= hire_staff(session, OTHERS)
        for name, whose, is_locked in (("佐倉 みお", "青木", False), ("黒木 なお", "石井", True)):
            person = open_case(session, world.ids[whose], name, locked=is_locked)
            person.address, person.phone = "汐見市岡本一丁目", "0467-9"
            case = session.scalars(select(SupportCase).where(SupportCase.household_id == person.household_id)).one()
            world.ids |= {name: person.id, f"{name}の番号": case.number}
    return world


def open_it(visitor: Visitor, number: str, reason: str = REASON) -> int:
    answer = visitor.submit("/break-glass", {"number": number, "reason": reason, "_once": new_id()})
    return int(answer.status_code)


def test_a_supervisor_reads_a_locked_case_after_saying_why_and_the_assigned_hears_of_it(locked: World) -> None:
    hojo, here = locked.visit("北条"), f"/people/{locked.ids['黒木 なお']}"
    assert hojo.get(here).status_code == 404
    assert open_it(hojo, locked.ids["黒木 なおの番号"]) == 303
    page = hojo.get(here)
    assert page.status_code == 200
    assert "0467-9" in page.text
    assert hojo.submit(f"{here}/lock", {"locked": "0", "_version": "1"}).status_code == 403
    ishii = locked.visit("石井")
    assert REASON in ishii.get("/").text
    assert REASON in ishii.get(f"{here}/seen").text
    assert REASON not in locked.visit("青木").get("/").text
    assert REASON in locked.visit("鏡").get("/audit").text


def test_ending_it_shuts_the_door_at_once(locked: World) -> None:
    hojo, here = locked.visit("北条"), f"/people/{locked.ids['黒木 なお']}"
    assert open_it(hojo, locked.ids["黒木 なおの番号"]) == 303
    with locked.reading() as session:
        glass_id = session.scalars(select(BreakGlass.id)).one()
    assert hojo.submit(f"/break-glass/{glass_id}/end").status_code == 303
    assert hojo.get(here).status_code == 404
    assert hojo.submit(f"/break-glass/{glass_id}/end").status_code == 404


def test_after_its_time_it_is_worth_nothing(locked: World) -> None:
    hojo, here, now = locked.visit("北条"), f"/people/{locked.ids['黒木 なお']}", datetime.now(UTC)
    with locked.writing("北条") as session:
        row = open_glass(
            session, locked.town, locked.actor("北条"), locked.ids["黒木 なおの番号"], REASON, now - timedelta(minutes=59)
        )
        assert row.until - row.opened_at == timedelta(minutes=60)
    assert hojo.get(here).status_code == 200
    with locked.writing("北条") as session:
        session.scalars(select(BreakGlass)).one().until = now - timedelta(seconds=1)
    assert hojo.get(here).status_code == 404


def test_how_long_it_lasts_is_the_towns_to_say(locked: World) -> None:
    hojo = locked.visit("北条")
    assert hojo.submit("/settings/access", {"minutes": "4", "_version": "0"}).status_code == 422
    assert hojo.submit("/settings/access", {"minutes": "15", "_version": "0"}).status_code == 303
    assert hojo.submit("/settings/access", {"minutes": "20", "_version": "0"}).status_code == 409
    open_it(hojo, locked.ids["黒木 なおの番号"])
    with locked.reading() as session:
        row = session.scalars(select(BreakGlass)).one()
        assert row.until - row.opened_at == timedelta(minutes=15)


@pytest.mark.parametrize(
    ("number", "reason", "status", "said"),
    [
        ("R8-999", REASON, 422, "そのケース番号はありません"),
        ("{locked}", "急", 422, "開くわけがありません"),
        ("{open}", REASON, 409, "いまも読めます"),
    ],
)
def test_what_is_not_opened_is_said_and_what_was_typed_stays(
    locked: World, number: str, reason: str, status: int, said: str
) -> None:
    numbers = {"locked": locked.ids["黒木 なおの番号"], "open": locked.ids["佐倉 みおの番号"]}
    form = {"number": number.format(**numbers), "reason": reason, "_once": new_id()}
    answer = locked.visit("北条").submit("/break-glass", form)
    assert answer.status_code == status
    assert said in answer.text
    assert form["number"] in answer.text
    assert reason in answer.text


def test_where_cases_are_the_assigneds_own_a_supervisor_opens_each(locked: World) -> None:
    town, hojo = replace(locked.town, case_access="assigned"), locked.actor("北条")
    with locked.writing("北条") as session:
        assert list_cases(session, town, hojo) == []
        open_glass(session, town, hojo, locked.ids["佐倉 みおの番号"], REASON, datetime.now(UTC))
        assert [case.number for case in list_cases(session, town, hojo)] == [locked.ids["佐倉 みおの番号"]]


def test_an_opening_is_worth_nothing_to_whoever_is_no_supervisor_any_more(locked: World) -> None:
    with locked.writing("北条") as session:
        open_glass(session, locked.town, locked.actor("北条"), locked.ids["黒木 なおの番号"], REASON, datetime.now(UTC))
        moved = Actor(locked.ids["北条"], "北条", frozenset({COORDINATOR}))
        assert locked.ids["黒木 なおの番号"] not in [case.number for case in list_cases(session, locked.town, moved)]


def test_opening_is_a_line_of_the_log_with_the_case_and_no_reason_in_it(locked: World) -> None:
    open_it(locked.visit("北条"), locked.ids["黒木 なおの番号"])
    with locked.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.object_type == "break_glass")).one()
        assert (entry.action, entry.actor_id) == ("create", locked.ids["北条"])
        assert REASON not in str(entry.fields)
