"""One row of every table somebody types into that the demo leaves empty, so that each of its fields can be filled and seen."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from seed.load_demo import demo_id
from service.accounts.models import Approval, User
from service.cases.course.models import CaseMember, ProgressNote
from service.cases.feedback.models import Feedback
from service.cases.glass import BreakGlass
from service.cases.models import Person, Placement, PlacementMove, SupportCase
from service.cases.plans.models import Evaluation, Plan, PlanGoal, PlanTask
from service.cases.referrals.models import AdviceRecord, AdviceRequest, Referral, ReferralFile, ReferralStep, Screening
from service.followup.closing.models import AfterCare
from service.followup.placements.models import ContactWithBoth, HostWord, Offer, StallQuestion, StepUp
from service.followup.planning.differing import Change, Slot, to_json
from service.followup.planning.models import PlanRun, StaffTime
from service.followup.tasks.models import Attempt, FollowUp, Suggestion
from service.followup.visits.models import Adjustment, Visit
from service.kernel.calendar import Calendar, published_until
from service.kernel.clock import day_in_japan
from service.kernel.db import Base
from service.meetings.models import (
    ActionItem,
    AgendaItem,
    Meeting,
    MeetingSeries,
    NumberedCopy,
    Seat,
    SecrecyAcknowledgement,
)
from service.resources.agencies.models import Agency, ResourceDevelopment
from service.resources.models import Opening, ResourceGap

KITCHEN, VISITOR, RUNNING = demo_id("host", "F02"), demo_id("placement", "P18"), demo_id("placement", "P17")
Row = TypeVar("Row", bound=Base)
COSTS = {"travel": 1, "continuity": 0, "timeliness": 0, "unplanned": 0, "moves": 0}


@dataclass(frozen=True)
class Ground:
    """Whom the rows are about, and when."""

    placement: Placement
    case: SupportCase
    host_id: str
    staff_id: str
    now: datetime

    @property
    def today(self) -> date:
        """Today in Japan."""
        return day_in_japan(self.now)

    @property
    def soon(self) -> date:
        """The next open day."""
        return Calendar(published_until(self.today)).add_open_days(self.today, 1)


def add_rows(session: Session, now: datetime) -> dict[str, str]:
    """The rows; answers the ids by which pages lead to them."""
    ground = _ground(session, now)
    _add_around_placements(session, ground)
    found = _add_follow_ups(session, ground) | _add_course(session, ground) | _add_meeting(session, ground)
    session.flush()
    return found | {"person": ground.placement.person_id, "host": ground.host_id}


def _ground(session: Session, now: datetime) -> Ground:
    placement = session.get_one(Placement, RUNNING)
    person = session.get_one(Person, placement.person_id)
    case = session.scalars(select(SupportCase).where(SupportCase.household_id == person.household_id)).one()
    staff = session.scalars(select(User.id).where(User.login_name == "aoki")).one()
    return Ground(placement, case, session.get_one(Opening, placement.opening_id).host_id, staff, now)


def _keep(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


def _add_around_placements(session: Session, ground: Ground) -> None:
    today, now = ground.today, ground.now
    session.add_all([
        HostWord(host_id=KITCHEN, placement_id=VISITOR, kind="worry", on=today, by="", at=now),
        HostWord(host_id=KITCHEN, placement_id=None, kind="absence", on=today, by="", at=now),
        Offer(placement_id=RUNNING, shown_on=today, shown_by=""),
        PlacementMove(placement_id=RUNNING, at=now, by="", from_step="trial", to_step="started", label="", facts={}),
        ContactWithBoth(placement_id=RUNNING, done_on=today, recorded_by="", recorded_at=now, person_says="want", host_says="can"),
        StallQuestion(placement_id=RUNNING, asked_at=now, asked_of="coordinator"),
        StepUp(person_id=ground.placement.person_id, days_per_week=1, minutes=60, from_on=today, position=0),
    ])  # fmt: skip


def _follow_up(session: Session, ground: Ground, key: str, start_min: int | None, **more: Any) -> FollowUp:
    soon = ground.soon
    values = {
        "key": key, "case_id": ground.case.id, "person_id": ground.placement.person_id, "placement_id": RUNNING,
        "host_id": ground.host_id, "rule": "visit", "sequence": 1, "kind": "visit_and_interview", "raw_on": soon, "due_on": soon,
        "early_on": ground.today, "late_on": soon + timedelta(days=7), "minutes": 45, "staff_id": ground.staff_id, "on": soon,
        "start_min": start_min, "created_at": ground.now, "escalation": 1, "escalated_at": ground.now,
    }  # fmt: skip
    return _keep(session, FollowUp(**(values | more)))


def _add_follow_ups(session: Session, ground: Ground) -> dict[str, str]:
    """Planned and promised ones, one the host is asked about, one done with its record; tries, signs, a plan, taken hours."""
    make = partial(_follow_up, session, ground)
    first, asked = make("hostile:1", 600), make("hostile:2", 780, host_id=KITCHEN, host_answer="asked")
    make("hostile:3", 900, state="confirmed", confirmed_at=ground.now)
    make("hostile:4", 960, state="cancelled")
    make("hostile:5", None, on=None, staff_id=None, state="missed", late_on=ground.today)
    done = make("hostile:6", 540, state="done", on=ground.today, done_on=ground.today)
    record, other = (_keep(session, _record(ground, done, number)) for number in ("r1", "r2"))
    other.beside_id = record.id
    before, after = Slot(ground.staff_id, ground.soon, 600), Slot(ground.staff_id, ground.soon, 660)
    plan = PlanRun(asked_by_id=ground.staff_id, author="", asked_at=ground.now, ask={}, state="done", counts={"costs": COSTS},
                   plan={"changes": to_json([Change(first.id, first.version, "moved", before, after)])})  # fmt: skip
    session.add_all([
        Attempt(follow_up_id=first.id, client_id="h", at=ground.now, channel="phone", result="no_answer",
                recorded_at=ground.now, recorded_by=""),
        Adjustment(placement_id=RUNNING, visit_id=record.id, what="", who="", until_on=ground.soon, made_at=ground.now, made_by=""),
        Adjustment(placement_id=RUNNING, visit_id=record.id, what="", who="", until_on=ground.soon, state="dropped",
                   ended_on=ground.today, made_at=ground.now, made_by=""),
        Suggestion(key="hostile", case_id=ground.case.id, person_id=ground.placement.person_id, placement_id=RUNNING,
                   kind="insert", why="", made_at=ground.now),
        StaffTime(user_id=ground.staff_id, kind="busy", start_at=ground.now, end_at=ground.now + timedelta(days=6)),
        AfterCare(case_id=ground.case.id, person_id=ground.placement.person_id, closed_on=ground.today, contact_name="",
                  is_agreed=True, offsets=["1m"], made_at=ground.now, made_by=""),
    ])  # fmt: skip
    return {"planned": first.id, "asked": asked.id, "done": done.id, "record": record.id, "plan": _keep(session, plan).id}


def _record(ground: Ground, done: FollowUp, number: str) -> Visit:
    return Visit(
        follow_up_id=done.id, case_id=ground.case.id, person_id=ground.placement.person_id, placement_id=RUNNING,
        client_id=number, kind=done.kind, done_on=ground.today, recorded_at=ground.now, recorded_by="",
        recorded_by_id=ground.staff_id, met_person=True, met_host=True, person_says="want", host_says="can", state="stable",
        connected="yes",
    )  # fmt: skip


def _add_course(session: Session, ground: Ground) -> dict[str, str]:
    """A sheet, its decision, the log, a plan with its end, and what is owed to whoever sent it."""
    case_id, today, by = ground.case.id, ground.today, {"recorded_at": ground.now, "recorded_by": ""}
    sheet = Referral(case_id=case_id, came_by="phone", received_on=today, received_at=ground.now, from_agency="", from_person="",
                     acknowledge_due_on=today, screening_due_on=today)  # fmt: skip
    plan = Plan(case_id=case_id, kind="participation", seq=99, status="active", made_on=today, started_on=today,
                made_at=ground.now, made_by="")  # fmt: skip
    sheet_id, plan_id = _keep(session, sheet).id, _keep(session, plan).id
    session.add_all([
        ReferralStep(referral_id=sheet_id, kind="question", on=today, text="", **by),
        Screening(case_id=case_id, decided_on=today, decider="", is_complex=True, is_between=False, wants_resource=False,
                  is_tried=True, result="juso", at=ground.now, recorded_by=""),
        AdviceRecord(case_id=None, on=today, to_agency="", asked="", advice="", **by),
        ReferralFile(referral_id=sheet_id, name="", kind="pdf", size=8, content=b"%PDF-1.7", added_at=ground.now, added_by=""),
        AdviceRequest(asked_by_id=ground.staff_id, asked_at=ground.now, from_agency="", from_person="", asked=""),
        ProgressNote(case_id=case_id, person_id=ground.placement.person_id, kind="note", on=today, method="phone", text="", **by),
        CaseMember(case_id=case_id, user_id=ground.staff_id, agency="", since=ground.now, added_by=""),
        BreakGlass(case_id=case_id, user_id=ground.staff_id, opened_by="", reason="", opened_at=ground.now, until=ground.now),
        Approval(kind="second-factor-reset", user_id=ground.staff_id, reason="", asked_at=ground.now, asked_by="",
                 asked_by_id=ground.staff_id),
        PlanGoal(plan_id=plan_id, term="short", position=0, text="", result="partly"),
        PlanTask(plan_id=plan_id, position=0, what=""),
        Evaluation(case_id=case_id, plan_id=plan_id, on=today, next_step="replan", **by),
        Feedback(case_id=case_id, about="received", to_role="referrer", to_name="", due_on=today, made_at=ground.now),
        Agency(name="", kind="section"),
        ResourceDevelopment(gap_id=session.scalars(select(ResourceGap.id)).first(), what="", who="", made_at=ground.now, made_by=""),
    ])  # fmt: skip
    return {"sheet": sheet_id, "own plan": plan_id}


def _add_meeting(session: Session, ground: Ground) -> dict[str, str]:
    """A meeting that has decided about the case."""
    series = _keep(session, MeetingSeries(kind="juso", name="", months=["4"]))
    meeting = Meeting(series_id=series.id, kind="juso", name="", convenor="", on=ground.today, status="decided",
                      made_at=ground.now, made_by="")  # fmt: skip
    meeting_id = _keep(session, meeting).id
    item = AgendaItem(meeting_id=meeting_id, position=1, case_id=ground.case.id, title="", purpose="plan", decision="approve",
                      decided_at=ground.now)  # fmt: skip
    item_id = _keep(session, item).id
    session.add_all([
        Seat(meeting_id=meeting_id, user_id=ground.staff_id, name="", agency="", attended="yes"),
        SecrecyAcknowledgement(name="", agency="", user_id=ground.staff_id, fiscal_year=ground.today.year, on=ground.today,
                               method="paper", recorded_at=ground.now, recorded_by=""),
        ActionItem(item_id=item_id, what="", owner="", due_on=ground.soon),
        NumberedCopy(meeting_id=meeting_id, paper="agenda", number=1, printed_at=ground.now, printed_by=""),
    ])  # fmt: skip
    return {"meeting": meeting_id}
