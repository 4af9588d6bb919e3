"""A town with something in every table the figures are counted from; as many households as are asked for."""

import itertools
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.course.models import ProgressNote
from service.cases.feedback.models import Feedback
from service.cases.models import Person, Placement, PlacementMove, SupportCase
from service.cases.plans.models import Plan
from service.cases.referrals.models import Referral, Screening
from service.cases.referrals.troubles import TROUBLES
from service.followup.closing.models import AfterCare
from service.followup.tasks.models import FollowUp
from service.meetings.models import AgendaItem, Meeting, Seat
from service.resources.models import Opening, ResourceGap
from tests.cast import NOW, TODAY, World, add_host, open_case

BIRTHS = (1955, 1968, 1979, 1988, 1996, 2001, 2004, 2009)
GENDERS = ("F", "M", "F", None)
DISTRICTS = ("岡本", "玉縄", "腰越")


def fill_town(world: World, households: int, years: int = 2) -> None:
    """So many households spread over so many years up to today, each with all that is counted."""
    with world.writing() as session:
        _, opening = add_host(session, f"海の台所{households}", step_free=True)
        for at in range(households):
            _household(session, world, opening, at, (households - at) * 365 * years // households)


def _household(session: Session, world: World, opening: Opening, at: int, days_ago: int) -> None:
    day = TODAY - timedelta(days=days_ago)
    noon = datetime.combine(day, time(3), UTC)
    person = open_case(session, world.ids["青木"], f"佐倉 {at}")
    person.birth_on, person.gender = day.replace(year=BIRTHS[at % 8], day=1), GENDERS[at % 4]
    case = session.scalars(select(SupportCase).where(SupportCase.household_id == person.household_id)).one()
    case.opened_on, case.status = day, "supporting"
    _process(session, case, day, noon, at)
    _bond(session, world, case, person, opening, day, noon, at)
    session.add(
        ResourceGap(
            recorded_at=noon, recorded_by="青木", code="", summary="x", age_band="20〜39歳", district=DISTRICTS[at % 3]
        )
    )


def _process(session: Session, case: SupportCase, day: date, noon: datetime, at: int) -> None:
    trouble = list(TROUBLES)[at % len(TROUBLES)]
    session.add_all([
        Referral(case_id=case.id, came_by="phone", received_on=day, received_at=noon, from_agency="包括", from_person="大野",
                 troubles=[trouble], pressing=trouble, is_urgent=at % 5 == 0, acknowledge_due_on=day,
                 screening_due_on=day + timedelta(days=14)),
        Screening(case_id=case.id, decided_on=day + timedelta(days=at % 20), decider="真鍋", is_complex=True, is_between=False,
                  wants_resource=False, is_tried=True, result="juso", at=noon, recorded_by="真鍋"),
        ProgressNote(case_id=case.id, kind="move", on=day, text="申込み", from_status="intent_check", to_status="applied",
                     facts={}, recorded_at=noon, recorded_by="青木"),
        Plan(case_id=case.id, kind="participation", seq=1, status="active", made_on=day, started_on=day, made_at=noon, made_by="青木"),
        Feedback(case_id=case.id, about="screening", to_role="referrer", to_name="大野", due_on=day, state="given",
                 settled_on=day + timedelta(days=at % 2), made_at=noon),
    ])  # fmt: skip
    if at % 3 == 0:
        meeting = Meeting(
            kind="juso", name="会議", convenor="社協", on=day, status="feedback_done", made_at=noon, made_by="青木"
        )
        session.add(meeting)
        session.flush()
        session.add_all([
            Seat(meeting_id=meeting.id, name="真鍋", agency="汐見市", section="福祉総務課", attended="yes"),
            AgendaItem(meeting_id=meeting.id, position=1, case_id=case.id, title="x", purpose="plan"),
        ])  # fmt: skip


def _bond(
    session: Session, world: World, case: SupportCase, person: Person, opening: Opening, day: date, noon: datetime, at: int
) -> None:
    bond = Placement(
        person_id=person.id, opening_id=opening.id, step="settling", since=day, started_on=day, recorded_by="青木"
    )
    session.add(bond)
    session.flush()
    walked = ("", "candidate", "sounded", "offered", "visit", "trial", "started")
    for before, after in itertools.pairwise(walked):
        session.add(PlacementMove(placement_id=bond.id, at=noon, by="青木", from_step=before, to_step=after, label=after))
    session.add(FollowUp(key=f"k{bond.id}", case_id=case.id, person_id=person.id, placement_id=bond.id, host_id=opening.host_id,
                         rule="visit", sequence=1, kind="host_visit", raw_on=day, due_on=day, early_on=day, late_on=day,
                         minutes=45, created_at=NOW, staff_id=world.ids["青木"], state="done", done_on=day))  # fmt: skip
    if at % 4 == 0:
        session.add(AfterCare(case_id=case.id, person_id=person.id, closed_on=day, contact_name="石井", is_agreed=True,
                              made_at=noon, made_by="青木"))  # fmt: skip
