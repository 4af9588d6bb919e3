"""もう一度受け付ける: a new episode beside the closed one, which stays as it is."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from service.cases.access import change_person
from service.cases.course.flow import OVER
from service.cases.course.log import MOVE, Entry, write
from service.cases.models import Person, StandIn, SupportCase
from service.cases.people import next_number
from service.followup.closing.keeping import after_care_of
from service.followup.closing.models import AfterCare
from service.followup.rhythms.keeping import cancel_open
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError
from service.web.actor import Actor, Town

REOPENED: Final = "再受付"
FIRST_STATUS: Final = "screening"


def reopen(session: Session, town: Town, actor: Actor, person: Person, reason: str, now: datetime) -> SupportCase:
    """A new episode of the household, screened anew; what was agreed for after the closing ends with the word 再受付.

    Raises NotFound, Forbidden, or DomainError for a case that is not closed and for a missing reason.
    """
    earlier, _ = change_person(session, town, actor, person.id, although_over=True)
    if earlier.status not in OVER:
        raise DomainError("終結したケースではありません。", "いまのケースで、支援を続けてください。", "not-closed", 409)
    if not reason.strip():
        raise DomainError("受け付けるわけがありません。", "聞いたことを一言入れてください。", "reason", 422)
    case = _episode(session, actor, earlier, now)
    care = after_care_of(session, earlier.id, person.id) or _without_care(session, actor, earlier, person, now)
    said = f"{REOPENED}：{reason.strip()}"
    entry = Entry(case.opened_on, said, MOVE, to_status=FIRST_STATUS, person_id=person.id, facts={"earlier": earlier.number})
    write(session, actor, case, entry, now)
    care.reopened_case_id = case.id
    care.note = "\n".join(filter(None, (care.note, said)))
    cancel_open(session, REOPENED, now, case_id=earlier.id)
    session.flush()
    return case


def _episode(session: Session, actor: Actor, earlier: SupportCase, now: datetime) -> SupportCase:
    today = day_in_japan(now)
    case = SupportCase(
        number=next_number(session, today), household_id=earlier.household_id, status=FIRST_STATUS, opened_on=today,
        lead_agency=earlier.lead_agency, assigned_id=earlier.assigned_id, backup_id=earlier.backup_id,
        locked=earlier.locked, earlier_id=earlier.id,
    )  # fmt: skip
    session.add(case)
    session.flush()
    for cover in earlier.stand_ins:
        session.add(StandIn(case_id=case.id, user_id=cover.user_id, since=now, reason=cover.reason))
    return case


def _without_care(session: Session, actor: Actor, earlier: SupportCase, person: Person, now: datetime) -> AfterCare:
    """A case closed before anything was agreed for afterwards: the row that says what it came back as."""
    care = AfterCare(
        case_id=earlier.id, person_id=person.id, closed_on=earlier.closed_on or earlier.opened_on, contact_name="",
        is_agreed=False, offsets=[], made_at=now, made_by=actor.label,
    )  # fmt: skip
    session.add(care)
    return care
