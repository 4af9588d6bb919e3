"""会議の宿題: spoken of a week ahead to whoever took it on, on the day to the case's coordinator, and too late to the office."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from service.cases.models import SupportCase
from service.commands.nightly import do_step
from service.kernel.clock import day_in_japan
from service.kernel.outbox.messages import CANCELLED, OutboxMessage
from service.meetings.models import ActionItem, AgendaItem, Meeting
from service.meetings.reminding import Reach, remind_agencies
from service.resources.agencies.catalogue import add_agency
from service.resources.town_words import keep_town
from tests.cast import NOW, OTHERS, World, hire_staff, open_case

DAY = timedelta(days=1)
WHAT = "見学の日を決める"


def today() -> date:
    return day_in_japan(datetime.now(UTC))


def give(world: World, days: int, owner: str = "石井", kind: str = "juso", agency: str = "保健所") -> None:
    """A task of 青木's case, due so many days from today."""
    with world.writing("準備") as session:
        if "真鍋" not in world.ids:
            world.ids |= hire_staff(session, OTHERS)
            add_agency(
                session,
                {"name": "保健所", "kana": "", "kind": "health", "section": "", "fields": [], "email": "h@h.example"},
            )
        open_case(session, world.ids["青木"])
        case = session.scalars(select(SupportCase)).one()
        meeting = Meeting(
            kind=kind, name="十一月の会議", convenor="社協", on=today(), made_at=NOW, made_by="青木", status="held"
        )
        session.add(meeting)
        session.flush()
        item = AgendaItem(meeting_id=meeting.id, position=0, case_id=case.id, title="議題", purpose="share")
        session.add(item)
        session.flush()
        action = ActionItem(item_id=item.id, what=WHAT, owner=owner, agency=agency, due_on=today() + days * DAY)
        session.add(action)
        session.flush()
        world.ids |= {"宿題": action.id, "会議": meeting.id}


@pytest.mark.parametrize(
    ("days", "who"),
    [
        (8, set()),
        (7, {"石井"}),
        (1, {"石井"}),
        (0, {"石井", "青木"}),
        (-6, {"石井", "青木"}),
        (-7, {"石井", "青木", "北条", "真鍋"}),
    ],
)
def test_who_hears_of_a_task_depends_on_its_day(world: World, days: int, who: set[str]) -> None:
    give(world, days)
    seen = set()
    for name in ("石井", "青木", "北条", "真鍋", "遠野", "三好"):
        with world.visit(name) as somebody:
            page = somebody.get("/").text
        if WHAT in page:
            seen.add(name)
            assert f"/meetings/{world.ids['会議']}#h-items" in page
    assert seen == who


def test_a_task_of_a_closed_meeting_is_told_to_nobody_who_may_not_see_it(world: World) -> None:
    give(world, -7, kind="support")
    with world.visit("石井") as ishii:
        assert WHAT not in ishii.get("/").text
    with world.visit("真鍋") as manabe:
        assert WHAT in manabe.get("/").text


def test_what_is_done_is_reminded_of_no_more(world: World) -> None:
    give(world, 0)
    with world.writing() as session:
        session.get_one(ActionItem, world.ids["宿題"]).done_on = today()
    with world.visit("石井") as ishii:
        assert WHAT not in ishii.get("/").text


def letters(world: World) -> list[tuple[str, str]]:
    with world.reading() as session:
        rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at, OutboxMessage.id))
        return [(row.key.rpartition(":")[2], row.state) for row in rows]


def night(world: World, days: int) -> int:
    return do_step(world.town, remind_agencies, datetime.now(UTC) + days * DAY)


def test_an_agency_hears_three_times_and_each_time_once_and_of_nobody(world: World) -> None:
    give(world, 10)
    assert [night(world, days) for days in (2, 3, 3, 5, 10, 11, 17, 18, 40)] == [0, 1, 0, 0, 1, 0, 1, 0, 0]
    assert [stage for stage, _ in letters(world)] == ["ahead", "today", "late"]
    with world.reading() as session:
        for message in session.scalars(select(OutboxMessage)):
            assert message.body.startswith("保健所　御中")
            assert not any(word in message.body + message.subject for word in ("佐倉", WHAT, "石井", "R8-"))
    with world.visit() as aoki:
        assert "会議の宿題の期限" in aoki.get("/outbox").text


def test_a_task_that_was_done_takes_back_the_letter_that_waits(world: World) -> None:
    give(world, 0)
    assert night(world, 0) == 1
    with world.writing() as session:
        session.get_one(ActionItem, world.ids["宿題"]).done_on = today()
    assert night(world, 1) == 0
    assert letters(world) == [("today", CANCELLED)]


def test_an_agency_without_an_address_gets_no_letter(world: World) -> None:
    give(world, 0, agency="一覧にない機関")
    assert night(world, 0) == 0


def test_the_town_decides_how_far_ahead_and_how_late(world: World) -> None:
    with world.writing() as session:
        keep_town(session, world.actor("北条"), {"action_before_days": "2", "action_after_days": "1"}, NOW)
    give(world, 3)
    with world.visit("石井") as ishii:
        assert WHAT not in ishii.get("/").text
    assert Reach(2, 1).stage(today(), today() + DAY) == "late"
