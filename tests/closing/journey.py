"""佐倉's way to the closing in the days of the scenario, over HTTP, with the clock set to each day."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from service.cases.models import Person, Placement, PlacementSession, SupportCase
from service.followup.rhythms.keeping import keep_all
from service.followup.tasks.models import FollowUp
from service.kernel.db import new_id
from tests.cast import Visitor, World

START, CLOSED = date(2026, 6, 22), date(2026, 12, 22)
TYPED = {
    "evaluated_on": "R8.12.22", "evaluation": "週2回通えた", "person_wish": "このまま通いたい", "host_wish": "来てもらえて助かる",
    "stays": "stays", "decided_on": "R8.12.22", "decision": "終結を決定", "report": "due", "consent": "given",
    "consent_method": "oral", "contact_name": "石井", "contact_agency": "地域包括", "contact_phone": "0467-11",
    "offsets": "1か月・3か月・6か月・12か月",
}  # fmt: skip


def at(day: date) -> datetime:
    """Noon in Japan of a day."""
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def set_clock(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """What the service takes for now."""
    monkeypatch.setattr("service.web.call.now_utc", lambda: at(day))


def begin(world: World) -> None:
    """利用開始 at 海の台所 on Mondays and Wednesdays, the plan from the same day."""
    with world.writing() as session:
        case = session.scalars(select(SupportCase)).one()
        case.status, case.plan_start_on = "supporting", START
        placement = Placement(
            person_id=world.ids["佐倉"], opening_id=world.ids["枠"], step="settling", since=START, started_on=START,
            recorded_by="青木", sessions=[PlacementSession(weekday=day, start_min=780, end_min=960) for day in (0, 2)],
        )  # fmt: skip
        session.add(placement)
        session.flush()
        world.ids |= {"利用": placement.id, "ケース": case.id}
    keep(world, START)


def keep(world: World, day: date) -> None:
    """The night's step."""
    with world.writing() as session:
        keep_all(session, at(day))


def told(world: World, *states: str) -> list[tuple[str, str, str]]:
    """(rule, computed day, day it moved to) of the follow-ups in these states, by day."""
    with world.reading() as session:
        query = select(FollowUp).where(FollowUp.state.in_(states)).order_by(FollowUp.raw_on, FollowUp.due_on)
        return [(row.rule, f"{row.raw_on}", f"{row.due_on}") for row in session.scalars(query)]


def record(visitor: Visitor, world: World, raw_on: date, **more: Any) -> Any:
    """Write down the visit that was computed for a day."""
    with world.reading() as session:
        row = session.scalars(select(FollowUp).where(FollowUp.raw_on == raw_on, FollowUp.rule != "monitoring")).one()
    typed = {
        "met": "both",
        "person_says": "want",
        "host_says": "can",
        "person_face": "4",
        "host_face": "4",
        "state": "stable",
    }
    return visitor.submit(f"/followup/{row.id}/record", {**typed, **more, "_once": new_id(), "_version": str(row.version)})


def close(visitor: Visitor, world: World, **changed: str) -> Any:
    """Send the form of the closing."""
    typed = {**TYPED, **changed, "_version": version(world), "_once": new_id()}
    return visitor.submit(f"/people/{world.ids['佐倉']}/closing", {k: v for k, v in typed.items() if v})


def version(world: World) -> str:
    """The version of the case as it stands."""
    with world.reading() as session:
        return str(session.get_one(SupportCase, world.ids["ケース"]).version)


def person_in(world: World) -> Person:
    """佐倉."""
    with world.reading() as session:
        return session.get_one(Person, world.ids["佐倉"])
