"""佐倉 with visits, tries, records, adjustments and an agreement for after the closing; and what shows visits to others."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.models import Person, SupportCase
from service.followup.closing.models import AfterCare
from service.followup.feeds.addresses import make_feed
from service.followup.planning.models import StaffTime
from service.followup.tasks.agreeing import ask_host
from service.followup.tasks.models import Attempt, FollowUp, Suggestion
from service.followup.tasks.reading import change_follow_up
from service.followup.visits.models import Adjustment, Visit
from service.resources.links import VISIT, make_link
from tests.cast import NOW, TODAY, World
from tests.feeds.planned import SOON

TEXTS: dict[Any, tuple[str, ...]] = {
    FollowUp: ("moved_because", "state_reason", "escalation_note"),
    Attempt: ("note",),
    Suggestion: ("why", "note"),
    Visit: ("wish", "host_worry", "note"),
    Adjustment: ("what", "who", "outcome"),
    AfterCare: ("contact_name", "contact_agency", "contact_phone", "how", "note"),
    StaffTime: ("label",),
}
"""Every text of a follow-up that is never for a host."""


def follow_up(session: Session, world: World) -> None:
    """A visit the host is asked about, one it has promised, one done with its record, and one to the person alone."""
    person = session.get_one(Person, world.ids["佐倉"])
    case = session.scalars(select(SupportCase).where(SupportCase.household_id == person.household_id)).one()
    of = {"case_id": case.id, "person_id": person.id, "placement_id": world.ids["見学"]}
    times = {"raw_on": SOON, "due_on": SOON, "early_on": SOON, "late_on": SOON, "on": SOON, "minutes": 45, "created_at": NOW}
    who = {
        "rule": "visit",
        "sequence": 1,
        "staff_id": world.ids["青木"],
        "kind": "host_visit",
        "host_id": world.ids["海の台所"],
    }
    asked, promised, done, alone = (
        FollowUp(key=f"leak:{state}", start_min=start, **(of | times | who | {"state": state} | more))
        for state, start, more in (
            ("planned", 600, {"host_answer": "asked"}), ("confirmed", 780, {"host_answer": "yes", "confirmed_by": "海の台所"}),
            ("done", 900, {}), ("missed", None, {"kind": "person_interview", "host_id": None}),
        )
    )  # fmt: skip
    session.add_all([asked, promised, done, alone])
    session.flush()
    world.ids |= {"伺う日": asked.id, "約束": promised.id, "済み": done.id, "家": alone.id}
    record = Visit(follow_up_id=done.id, client_id="leak", kind="host_visit", done_on=TODAY, recorded_at=NOW, recorded_by="青木",
                   recorded_by_id=world.ids["青木"], met_person=True, met_host=True, connected="thin", **of)  # fmt: skip
    session.add(record)
    session.flush()
    world.ids["記録"] = record.id
    session.add_all([
        Attempt(follow_up_id=asked.id, client_id="leak", at=NOW, channel="phone", result="refused", recorded_at=NOW,
                recorded_by="青木"),
        Suggestion(key="leak", kind="insert", why="", made_at=NOW, **of),
        Adjustment(placement_id=world.ids["見学"], visit_id=record.id, what="", who="", until_on=TODAY, made_at=NOW, made_by="青木"),
        AfterCare(case_id=case.id, person_id=person.id, closed_on=TODAY, contact_name="", is_agreed=True, made_at=NOW,
                  made_by="青木"),
        StaffTime(user_id=world.ids["青木"], kind="busy", start_at=NOW, end_at=NOW + timedelta(hours=1)),
    ])  # fmt: skip


def ask_about_the_visit(session: Session, world: World) -> None:
    """The letter that asks the host whether the time suits it."""
    known = change_follow_up(session, world.town, world.actor("青木"), world.ids["伺う日"])
    ask_host(session, world.town, world.actor("青木"), known, known.row.version, NOW)


def host_paths(world: World) -> Iterator[str]:
    """Addresses of visits a signed-in host can try, its own and those of the staff."""
    yield from (f"/host/visits/{world.ids[name]}" for name in ("伺う日", "約束", "済み", "家"))
    yield from (
        f"/followup/{world.ids['伺う日']}",
        f"/visits/{world.ids['記録']}/correct",
        "/followup/offline/today",
        "/followup/after",
    )


def behind_visit_links(world: World) -> Iterator[str]:
    """What stands behind a link to each visit."""
    for name in ("伺う日", "約束", "済み", "家"):
        with world.writing() as session:
            host, id_ = world.ids["海の台所"], world.ids[name]
            made = make_link(session, world.town.key, host, VISIT, "青木", datetime.now(UTC), about_id=id_)
        with world.visit(None) as nobody:
            yield nobody.get(f"/l/{made}").text


def calendar_of_staff(world: World) -> str:
    """青木's days as another calendar reads them, unfolded as it would."""
    with world.writing() as session:
        address = make_feed(session, world.ids["青木"], datetime.now(UTC))
    with world.visit(None) as nobody:
        answer = nobody.get(f"/ics/{address}.ics")
    assert answer.status_code == 200
    return answer.text.replace("\r\n ", "")
