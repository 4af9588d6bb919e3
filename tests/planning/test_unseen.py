"""Visits of cases somebody may not see: hours that are taken, so that nobody is sent twice, and not a word of whose."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from service.followup.planner.solve import solve
from service.followup.planning.gathering import gather
from service.followup.tasks.models import CANCELLED, CONFIRMED, DONE, MISSED, PLANNED
from tests.cast import TODAY, World, open_case
from tests.feeds.planned import plan
from tests.planning.asking import FIRST, STOP, question, rows


@pytest.fixture
def hidden(busy: World) -> World:
    """石田's case is locked and 石井's; she is visited tomorrow at ten by 石井, with 青木."""
    with busy.writing() as session:
        busy.ids["石田"] = open_case(session, busy.ids["石井"], "石田 けい", locked=True).id
    busy.ids["訪問"] = _visit(busy)
    return busy


def _visit(world: World, **changed: Any) -> str:
    standing = {"on": FIRST, "start_min": 600, "staff_id": world.ids["石井"], "second_id": world.ids["青木"]}
    return plan(world, "石田", **(standing | changed))


def test_what_may_not_be_seen_takes_its_hours_of_both_who_go_and_names_nobody(hidden: World) -> None:
    gathered = question(hidden)
    assert hidden.ids["訪問"] not in {known.row.id for known in gathered.rows}
    for member in gathered.instance.staff:
        assert [(b.start_min, b.end_min, b.location) for b in member.shifts[0].blocks] == [(600, 645, None)]
    text = str(gathered.instance.to_json())
    assert not any(word in text for word in ("石田", hidden.ids["訪問"], hidden.ids["石田"]))
    taken = [visit for visit in solve(gathered.instance, seed=1, stop=STOP).visits if visit.day == 0]
    minutes = [gathered.instance.tasks[visit.task].minutes for visit in taken]
    assert all(v.start_min + m <= 600 or v.start_min >= 645 for v, m in zip(taken, minutes, strict=True))


def test_whoever_may_see_it_has_it_as_a_visit_and_not_twice(hidden: World) -> None:
    gathered = question(hidden, "石井")
    assert hidden.ids["訪問"] in {known.row.id for known in gathered.rows}
    assert not any(member.shifts[0].blocks for member in gathered.instance.staff)


@pytest.mark.parametrize(("state", "takes"), [(PLANNED, 1), (CONFIRMED, 1), (DONE, 0), (CANCELLED, 0), (MISSED, 1)])
def test_what_is_over_takes_no_hours(hidden: World, state: str, takes: int) -> None:
    _visit(hidden, state=state, key="state", on=FIRST + timedelta(days=1), second_id=None)
    blocks = {member.key: member.shifts[1].blocks for member in question(hidden).instance.staff}
    assert len(blocks[hidden.ids["石井"]]) == takes
    assert blocks[hidden.ids["青木"]] == ()


def test_in_a_town_where_each_sees_their_own_the_others_visits_are_hours(busy: World) -> None:
    with busy.writing() as session:
        busy.ids["石田"] = open_case(session, busy.ids["石井"], "石田 けい").id
    _visit(busy)
    town = replace(busy.town, case_access="assigned")
    with busy.reading() as session:
        gathered = gather(session, town, busy.actor("青木"), TODAY)
    assert [len(member.shifts[0].blocks) for member in gathered.instance.staff] == [1, 1]
    assert not any(member.shifts[0].blocks for member in question(busy).instance.staff)


def test_the_week_and_the_day_show_the_hours_alone(hidden: World) -> None:
    with hidden.visit() as aoki:
        week = aoki.get(f"/followup/week?from={FIRST}").text
        day = aoki.get(f"/followup/day?on={FIRST}&staff={hidden.ids['石井']}").text
    assert week.count("10:00–10:45 ほかの予定") == 2
    assert "10:00–10:45 ほかの予定" in day
    number = next(row.case_id for row in rows(hidden) if row.id == hidden.ids["訪問"])
    for text in (week, day):
        assert not any(word in text for word in ("石田", hidden.ids["訪問"], number))
    with hidden.visit("石井") as ishii:
        seen = ishii.get(f"/followup/week?from={FIRST}").text
    assert "石田 けい さん" in seen
    assert "ほかの予定</span>\n" not in seen.partition("<tbody>")[2]
