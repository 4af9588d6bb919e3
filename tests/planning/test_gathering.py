"""What the planner is told: what is left over of today, the hours the host has told, and time to tell the host."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from service.followup.planner.instance import Task
from service.followup.planning.gathering import gather_now
from service.followup.planning.numbers import current_numbers
from service.followup.planning.places import Spot
from service.followup.planning.windows import closed_days, windows_of
from service.followup.policies import PLANNER
from service.followup.tasks.models import CONFIRMED, FollowUp
from service.kernel.clock import TOKYO
from service.kernel.slots import SlotText
from service.resources.models import Opening, OpeningSlot
from service.resources.policies import keep
from tests.cast import NOW, TODAY, World
from tests.planning.asking import question

TEN = datetime.combine(TODAY, datetime.min.time(), TOKYO) + timedelta(hours=10)
DAYS = tuple(date(2026, 12, day) for day in (7, 8, 9, 10, 11, 12, 19, 26))
"""月火水木金, then three Saturdays: the second, the third and the fourth and last."""


def stand(world: World, name: str, **values: Any) -> None:
    with world.writing() as session:
        row = session.get_one(FollowUp, world.ids[name])
        for key, value in values.items():
            setattr(row, key, value)


def task(world: World, name: str, **more: Any) -> Task | None:
    return next((task for task in question(world, **more).instance.tasks if task.key == world.ids[name]), None)


def test_what_was_to_be_done_today_and_was_not_is_planned_again(busy: World) -> None:
    stand(busy, "予定0", on=TODAY, start_min=560, minutes=30)
    stand(busy, "予定1", on=TODAY, start_min=600)
    stand(busy, "予定2", on=TODAY, start_min=None)
    with busy.reading() as session:
        asked = {each.key for each in gather_now(session, busy.town, busy.actor("青木"), TEN).instance.tasks}
    assert busy.ids["予定0"] in asked, "it should have ended at 9:50"
    assert not {busy.ids["予定1"], busy.ids["予定2"]} & asked, "these may still be done today"
    evening = {each.key for each in question(busy).instance.tasks}
    assert {busy.ids[f"予定{at}"] for at in range(3)} <= evening


def test_what_was_promised_for_today_is_nobodys_to_plan(busy: World) -> None:
    stand(busy, "予定0", on=TODAY, start_min=540, state=CONFIRMED, is_pinned=True)
    assert task(busy, "予定0") is None


def test_a_visit_waits_for_the_hours_of_both(busy: World) -> None:
    with busy.writing() as session:
        for slot in session.scalars(select(OpeningSlot).where(OpeningSlot.opening_id == busy.ids["枠"])):
            slot.start_min, slot.end_min = 840, 1020
    visit, call = task(busy, "予定1"), task(busy, "予定0")
    assert visit is not None
    assert call is not None
    assert visit.windows == (((840, 960),), (), ((840, 960),), (), (), (), ())
    assert call.windows == ()


@pytest.mark.parametrize(
    ("person", "weekly", "said"),
    [
        ([SlotText(0, 780, 960)], [], {0: ((780, 960),)}),
        ([], [SlotText(0, 780, 960)], {0: ((780, 960),)}),
        ([], [], {}),
        ([SlotText(0)], [SlotText(0, 540, 720), SlotText(0, 780, 960)], {0: ((540, 720), (780, 960))}),
        ([SlotText(0, 660, 840)], [SlotText(0, 540, 720), SlotText(0, 780, 960)], {0: ((660, 720), (780, 840))}),
        ([SlotText(0, 600, 700), SlotText(1, 600, 700)], [SlotText(0)], {0: ((600, 700),), 1: ((600, 700),)}),
        ([SlotText(0, 600, 700)], [SlotText(0, 780, 960)], {}),
    ],
    ids=[
        "person alone",
        "host alone",
        "neither",
        "no hours agreed",
        "two stretches",
        "a weekday the host is silent on",
        "none",
    ],
)
def test_hours_are_those_of_both_where_both_are_known(person: Any, weekly: Any, said: dict[int, Any]) -> None:
    found = windows_of(person, Spot(None, None, None, tuple(weekly)))
    assert {day: spans for day, spans in enumerate(found) if spans} == said
    assert bool(found) == bool(person or weekly), "nothing known is any hour; nothing in common is none"


@pytest.mark.parametrize(
    ("spot", "closed"),
    [
        (Spot(None, None, None), ()),
        (Spot(None, None, date(2026, 12, 9)), (0, 1, 2)),
        (Spot(None, None, None, (SlotText(5, nth=(2, -1)),)), (6,)),
        (Spot(None, None, None, (SlotText(5),)), ()),
        (Spot(None, None, None, (), ((DAYS[6], SlotText(5, nth=(3,))),)), (5, 7)),
        (None, ()),
    ],
    ids=["nothing told", "rests", "second and last", "every week", "dates", "no place"],
)
def test_days_on_which_nobody_can_come(spot: Spot | None, closed: tuple[int, ...]) -> None:
    assert closed_days(DAYS, spot) == frozenset(closed)


def test_the_weeks_of_an_opening_close_its_other_days(busy: World) -> None:
    with busy.writing() as session:
        for slot in session.scalars(select(OpeningSlot).where(OpeningSlot.opening_id == busy.ids["枠"])):
            slot.nth = [1]
    visit = task(busy, "予定1")
    assert visit is not None
    days = question(busy).instance.days
    came = [day for at, day in enumerate(days) if at not in visit.closed and day.weekday() in (0, 2, 4)]
    assert came
    assert all(day.day <= 7 for day in came)


def test_the_dates_of_an_opening_are_its_only_days(busy: World) -> None:
    with busy.writing() as session:
        opening = session.get_one(Opening, busy.ids["枠"])
        opening.dates = ["2026-12-07 13:00-15:00"]
        for slot in session.scalars(select(OpeningSlot).where(OpeningSlot.opening_id == opening.id)):
            session.delete(slot)
    visit = task(busy, "予定1")
    assert visit is not None
    assert visit.windows[0] == ((780, 900),)
    days = question(busy).instance.days
    assert [day for at, day in enumerate(days) if day.weekday() == 0 and at not in visit.closed] == [date(2026, 12, 7)]


def early_on(world: World, name: str) -> date:
    """The first day the planner may use."""
    found = task(world, name)
    assert found is not None
    return found.early_on


def test_a_host_is_told_some_open_days_before_where_the_due_day_leaves_them(busy: World) -> None:
    days = question(busy).instance.days
    fifth, later = days[4], {"early_on": TODAY, "due_on": days[7]}
    stand(busy, "予定1", **later)
    stand(busy, "予定3", early_on=TODAY, due_on=days[3])
    stand(busy, "予定4", **later)
    stand(busy, "予定5", **later, on=days[2], start_min=800)
    assert early_on(busy, "予定1") == fifth
    assert early_on(busy, "予定3") == days[3], "no later than its due day"
    assert early_on(busy, "予定4") == TODAY, "a call needs no host"
    assert early_on(busy, "予定5") == TODAY, "what has a day keeps it"
    with busy.writing() as session:
        keep(session, busy.actor("青木"), PLANNER, current_numbers(session).changed({"confirm_days": 0}).to_json(), NOW)
    assert early_on(busy, "予定1") == TODAY
