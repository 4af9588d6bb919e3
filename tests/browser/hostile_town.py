"""汐見市 in which everybody has typed hostile texts: into every free field, a handful in each, so that no one is left out."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from seed.load_demo import demo_id
from service.accounts.models import User
from service.cases.models import (
    AvoidPair,
    AvoidRule,
    Consent,
    Household,
    Need,
    Person,
    Placement,
    PlacementMove,
    StandIn,
)
from service.followup.placements.models import ContactWithBoth, HostWord, Offer, Sounding
from service.kernel.clock import day_in_japan
from service.kernel.db import Base
from service.kernel.outbox.messages import OutboxMessage
from service.kernel.outbox.posting import post
from service.resources.links import JOIN, OPENINGS, REPORT, SOUNDING, make_link
from service.resources.models import Condition, Host, HostAssessment, HostPerson, Opening, Remark, ResourceGap, Site
from service.setup import signature
from tests.browser.demo_town import DemoTown
from tests.security.payloads import PAYLOADS

KITCHEN, ASKED, VISITOR, RUNNING = (
    demo_id("host", "F02"), demo_id("sounding", "F02"), demo_id("placement", "P18"), demo_id("placement", "P17")
)  # fmt: skip
HANDFUL = 9
"""Texts in one field; it shares no divisor with how many there are, so every text comes first somewhere."""
FREE: dict[type[Base], str] = {
    Household: "label timing_note",
    Person: "relation name kana address phone contact_note situation",
    AvoidPair: "note",
    AvoidRule: "note",
    Consent: "given_by reason recorded_by",
    Need: "why",
    StandIn: "reason",
    Host: "name kana organisation contact_person phone fax email url description note",
    HostPerson: "name role",
    Site: "name address building",
    Opening: "title activity times_note confirmed_by",
    Condition: "answered_by recorded_by",
    HostAssessment: "author",
    Remark: "author text",
    ResourceGap: "summary recorded_by",
    User: "name",
    Placement: "reason recorded_by",
    PlacementMove: "by label note",
    Offer: "shown_by words",
    Sounding: "text asked_by conditions reason answered_by",
    ContactWithBoth: "recorded_by note adjustment",
    HostWord: "text by",
    OutboxMessage: "subject body created_by",
}
"""What people of a host or of the staff type, by table."""


def hostile_texts() -> Iterator[str]:
    """A handful for each field, for ever."""
    for start in count(0, HANDFUL):
        texts = [PAYLOADS[(start + at) % len(PAYLOADS)] for at in range(HANDFUL)]
        yield " ".join(texts).replace("\x00", "")


def make_hostile(town: DemoTown) -> list[str]:
    """Fill every free field of the town; answers the addresses of a link of each purpose."""
    now = datetime.now(UTC)
    with town.town.database.write(signature=signature(town.town, now)) as session:
        _add_what_the_demo_lacks(session, now)
        texts = hostile_texts()
        for table, names in FREE.items():
            rows = session.scalars(select(table)).all()
            assert rows, table
            for row in rows:
                for name in names.split():
                    setattr(row, name, next(texts))
        for assessment in session.scalars(select(HostAssessment)):
            assessment.facts = {
                key: next(texts) if isinstance(said, str) else said for key, said in assessment.facts.items()
            }
        for need in session.scalars(select(Need)):
            if isinstance(need.value, dict) and "text" in need.value:
                need.value = {**need.value, "text": next(texts)}
        about = {OPENINGS: "", SOUNDING: ASKED, REPORT: VISITOR, JOIN: ""}
        return [
            f"/l/{make_link(session, town.town.key, KITCHEN, purpose, '青木', now, about_id=id_)}"
            for purpose, id_ in about.items()
        ]


def _add_what_the_demo_lacks(session: Session, now: datetime) -> None:
    """A word of the host, a talk with both sides, a place shown, a step, and messages that wait."""
    today = day_in_japan(now)
    session.add_all([
        HostWord(host_id=KITCHEN, placement_id=VISITOR, kind="worry", on=today, by="", at=now),
        HostWord(host_id=KITCHEN, placement_id=None, kind="absence", on=today, by="", at=now),
        Offer(placement_id=RUNNING, shown_on=today, shown_by=""),
        PlacementMove(placement_id=RUNNING, at=now, by="", from_step="trial", to_step="started", label="", facts={}),
        ContactWithBoth(placement_id=RUNNING, done_on=today, recorded_by="", recorded_at=now, person_says="want", host_says="can"),
    ])  # fmt: skip
    post(session, key="hostile", kind="fresh", to_type="host", to_id=KITCHEN, subject="-", body="-", by="-", now=now)
    session.flush()
