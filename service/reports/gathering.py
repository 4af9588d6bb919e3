"""The rows figures are counted from, each table read once: days and keys of every case, locked ones too, and no name.

Locked cases are counted like all others and never listed: nothing here leads back to one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.course.log import MOVE
from service.cases.course.models import ProgressNote
from service.cases.models import Consent, Household, Person, SupportCase
from service.cases.plans.models import Plan
from service.cases.referrals.advice import GIVEN
from service.cases.referrals.models import AdviceRecord, Referral, Screening
from service.kernel.clock import day_in_japan
from service.reports.facts import AnswerFact, CaseFact, CaseMove, DatedFact, Ground, PersonFact, ScreeningFact, SheetFact
from service.reports.figures import UNKNOWN
from service.reports.gathering_places import place_facts, place_moves, ties
from service.reports.gathering_town import due_follow_ups, due_reports, gaps, hosts, meetings, new_hosts, openings
from service.resources.agencies.models import Agency
from service.resources.vocabulary import current_vocabulary


def gather(session: Session, today: date) -> Ground:
    """Everything, in as many queries whatever the size of the town."""
    places = place_facts(session)
    heard, cared = ties(session)
    active, themes, kinds = hosts(session)
    return Ground(
        cases=_cases(session), people=_people(session), sheets=_sheets(session), advice=_advice(session),
        screenings=_screenings(session), answers=_answers(session), moves=_moves(session), plans=_plans(session),
        meetings=meetings(session), feedback=due_reports(session), places=places, steps=place_moves(session),
        followups=due_follow_ups(session), ties=heard, cared=cared, hosts=active, themes=themes, new_hosts=new_hosts(session, kinds),
        openings=openings(session), gaps=gaps(session, current_vocabulary(session)), counted_on=today,
    )  # fmt: skip


def _cases(session: Session) -> list[CaseFact]:
    query = select(
        SupportCase.id, SupportCase.household_id, SupportCase.opened_on, SupportCase.status, SupportCase.closed_on
    )
    return [CaseFact(*row) for row in session.execute(query.order_by(SupportCase.opened_on, SupportCase.id))]


def _people(session: Session) -> list[PersonFact]:
    query = select(Person.id, Person.household_id, Person.principal, Person.birth_on, Person.gender, Person.relation)
    rows = session.execute(query.join(Household, Household.id == Person.household_id).order_by(Person.id))
    return [PersonFact(one, home, principal, born, gender or "", kin) for one, home, principal, born, gender, kin in rows]


def _sheets(session: Session) -> list[SheetFact]:
    query = select(
        Referral.case_id, Referral.received_on, Referral.screening_due_on, Referral.came_by, Agency.kind, Referral.troubles,
        Referral.pressing, Referral.is_urgent,
    ).outerjoin(Agency, Agency.id == Referral.agency_id)  # fmt: skip
    return [
        SheetFact(
            case,
            on,
            due,
            kind or (came_by if came_by in ("own", "link") else "listed_not"),
            tuple(troubles),
            pressing,
            urgent,
        )
        for case, on, due, came_by, kind, troubles, pressing, urgent in session.execute(
            query.order_by(Referral.received_at, Referral.id)
        )
    ]


def _advice(session: Session) -> list[DatedFact]:
    query = select(AdviceRecord.on, AdviceRecord.field).where(AdviceRecord.way == GIVEN)
    return [DatedFact(on, {"field": kind or UNKNOWN}) for on, kind in session.execute(query)]


def _screenings(session: Session) -> list[ScreeningFact]:
    query = select(Screening.case_id, Screening.decided_on, Screening.result).order_by(Screening.at, Screening.id)
    return [ScreeningFact(*row) for row in session.execute(query)]


def _answers(session: Session) -> list[AnswerFact]:
    query = select(Consent.person_id, Consent.decided_on, Consent.recorded_at, Consent.state, Consent.until)
    rows = session.execute(query.where(Consent.scope == "service").order_by(Consent.recorded_at, Consent.id))
    facts: list[AnswerFact] = []
    for person, on, at, state, until in rows:
        facts.append(AnswerFact(person, on or day_in_japan(at), state))
        if state == "given" and until is not None:
            # The day after its last one it counts for nothing, until somebody answers again.
            facts.append(AnswerFact(person, until + timedelta(days=1), "expired"))
    return facts


def _moves(session: Session) -> list[CaseMove]:
    query = select(
        ProgressNote.case_id, ProgressNote.on, ProgressNote.from_status, ProgressNote.to_status, ProgressNote.facts
    ).where(ProgressNote.kind == MOVE)
    rows = session.execute(query.order_by(ProgressNote.recorded_at, ProgressNote.id))
    return [CaseMove(case, on, before, after, str(facts.get("reason", ""))) for case, on, before, after, facts in rows]


def _plans(session: Session) -> Sequence[DatedFact]:
    query = select(Plan.started_on, Plan.seq, Plan.kind).where(Plan.started_on.is_not(None))
    return [
        DatedFact(on, {"what": "new" if seq == 1 else "again", "kind": kind})
        for on, seq, kind in session.execute(query)
        if on is not None
    ]
