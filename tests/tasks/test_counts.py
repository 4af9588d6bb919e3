"""The pages of follow-up ask the town as many questions for a dozen people as for two."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from service.cases.models import Person, Placement, PlacementSession, SupportCase
from service.followup.closing.models import AfterCare
from service.followup.planning.models import StaffTime
from service.followup.tasks.models import Attempt, FollowUp, Suggestion
from service.followup.visits.models import Adjustment, Visit
from tests.cast import NOW, TODAY, Visitor, World, open_case
from tests.feeds.planned import SOON, plan
from tests.host_face.conftest import agree, kitchen
from tests.planning.asking import TODAY_HERE
from tests.sql import counted_queries

__all__ = ["kitchen"]

FEW, MANY = 2, 12
PAGES = (
    "/", "/followup", "/followup?who=all", f"/followup/week?from={SOON.isoformat()}", f"/followup/day?on={SOON.isoformat()}",
    f"/followup/team-day?on={SOON.isoformat()}", "/followup/unplanned", "/followup/times", "/followup/after",
)  # fmt: skip
OFFLINE = "/followup/offline/today"


def grow(world: World, first: int, last: int) -> None:
    """People `first` to `last`, each with a place, a visit planned and one missed, tries, a record and what follows from it."""
    for number in range(first, last):
        name = f"人{number} 一"
        with world.writing() as session:
            person = open_case(session, world.ids["青木"], name)
            placement = Placement(
                person_id=person.id, opening_id=world.ids["枠"], step="started", since=TODAY, recorded_by="青木", started_on=TODAY,
                sessions=[PlacementSession(weekday=0, start_min=780, end_min=960)],
            )  # fmt: skip
            session.add(placement)
            session.flush()
            world.ids |= {name: person.id, f"{name}の利用": placement.id}
        _plan_and_record(world, name, number)


def _plan_and_record(world: World, name: str, number: int) -> None:
    placement_id, at = world.ids[f"{name}の利用"], 540 + 40 * number
    asked = plan(world, name, key=f"{number}:asked", placement_id=placement_id, start_min=at, host_answer="asked")
    missed = plan(world, name, key=f"{number}:missed", placement_id=placement_id, state="missed", on=None, start_min=None,
                  escalation=1, escalated_at=NOW)  # fmt: skip
    plan(world, name, key=f"{number}:today", placement_id=placement_id, on=TODAY_HERE, due_on=TODAY_HERE, start_min=at)
    with world.writing() as session:
        row = session.get_one(FollowUp, missed)
        of = {"case_id": row.case_id, "person_id": row.person_id}
        session.add_all([
            Attempt(follow_up_id=asked, client_id=name, at=NOW, channel="phone", result="no_answer", recorded_at=NOW, recorded_by="青木"),
            Suggestion(key=name, placement_id=placement_id, kind="insert", why="合わない", made_at=NOW, **of),
            Visit(placement_id=placement_id, client_id=name, kind="phone", done_on=TODAY, recorded_at=NOW, recorded_by="青木",
                  recorded_by_id=world.ids["青木"], note="よく話した", connected="yes", **of),
            Adjustment(placement_id=placement_id, what="席", who="店主", until_on=TODAY, made_at=NOW, made_by="青木"),
            AfterCare(closed_on=TODAY, contact_name="石井", is_agreed=True, offsets=["1m"], made_at=NOW, made_by="青木", **of),
            StaffTime(user_id=world.ids["青木"], kind="busy", start_at=NOW + timedelta(days=number), end_at=NOW + timedelta(days=number, hours=1)),
        ])  # fmt: skip
        session.get_one(SupportCase, row.case_id).status = "supporting"


def asked_by(visitor: Visitor, world: World, path: str) -> tuple[list[str], str]:
    """The questions of a second look, and the page."""
    visitor.get(path)
    with counted_queries(world) as seen:
        page = visitor.get(path)
    assert page.status_code == 200, path
    return seen, page.text


@pytest.mark.parametrize("name", ["青木", "北条"])
def test_a_dozen_people_ask_no_more_than_two(town_with_a_case: World, name: str) -> None:
    world = town_with_a_case
    grow(world, 0, FEW)
    with world.visit(name) as visitor:
        pages = (*PAGES, OFFLINE) if name == "青木" else PAGES
        few = {path: asked_by(visitor, world, path)[0] for path in pages}
        grow(world, FEW, MANY)
        many = {path: asked_by(visitor, world, path) for path in pages}
    grown = {path: (len(few[path]), len(many[path][0])) for path in pages if len(many[path][0]) > len(few[path])}
    assert grown == {}, _repeated(many, grown)
    if name == "青木":
        assert "人11" in many["/followup"][1]
    assert "人11" in many["/followup/after"][1]


def _repeated(many: dict[str, tuple[list[str], str]], grown: dict[str, tuple[int, int]]) -> str:
    """Of each page that grew the question it asks most often."""
    return "\n".join(f"{path}: {max(many[path][0], key=many[path][0].count)}" for path in grown)


def test_a_host_with_a_dozen_visits_asks_no_more_than_with_two(kitchen: World) -> None:
    agree(kitchen)
    grow(kitchen, 0, FEW)
    with kitchen.visit("店主") as host:
        few, _ = asked_by(host, kitchen, "/host")
        grow(kitchen, FEW, MANY)
        many, page = asked_by(host, kitchen, "/host")
    assert page.count("/host/visits/") == MANY
    assert len(many) <= len(few), max(many, key=many.count)
    with kitchen.reading() as session:
        assert len(session.scalars(select(Person)).all()) > MANY
