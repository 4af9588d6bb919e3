"""A follow-up as it stands in a plan."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from service.cases.models import Person, SupportCase
from service.followup.tasks.models import FollowUp
from service.kernel.clock import day_in_japan
from tests.cast import NOW, World

SOON = day_in_japan(datetime.now(UTC)) + timedelta(days=3)


def plan(world: World, person: str, **changed: Any) -> str:
    """A follow-up of somebody's, planned for 青木 in three days."""
    with world.writing() as session:
        row = session.get_one(Person, world.ids[person])
        case = session.scalars(select(SupportCase).where(SupportCase.household_id == row.household_id)).one()
        values = {
            "key": f"{person}:{len(changed)}", "case_id": case.id, "person_id": row.id, "rule": "visit", "sequence": 1,
            "kind": "host_visit", "raw_on": SOON, "due_on": SOON, "early_on": SOON, "late_on": SOON, "minutes": 45,
            "staff_id": world.ids["青木"], "on": SOON, "start_min": 600, "created_at": NOW, "host_id": world.ids["海の台所"],
        }  # fmt: skip
        follow_up = FollowUp(**(values | changed))
        session.add(follow_up)
        session.flush()
        return follow_up.id
