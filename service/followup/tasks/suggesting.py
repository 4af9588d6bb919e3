"""Suggestions kept and decided: looked for after a record and in the night, done only when somebody says yes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.access import change_person, visible_cases
from service.cases.models import Person, Placement, SupportCase
from service.cases.placements import ATTENDING
from service.followup.placements.ladder import Step
from service.followup.placements.models import ABSENCE, WORRY, HostWord
from service.followup.rhythms.rule import AT_HOST, Kind
from service.followup.rhythms.ties import case_of
from service.followup.tasks.models import (
    ACCEPTED,
    CANCELLED,
    EASE,
    INSERT,
    LETTERS_ONLY,
    PLANNED,
    REFUSED,
    SETTLE,
    SUGGESTED,
    Attempt,
    FollowUp,
    Suggestion,
)
from service.followup.tasks.signals import Heard, Signs, signs_of
from service.followup.visits.models import Visit
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError, NotFound
from service.resources.models import Opening
from service.resources.policies import town_calendar
from service.web.actor import Actor, Town

EASED = "よい記録が続いたため"
LETTERS = "会いたくないとのこと"


@dataclass(frozen=True)
class Open:
    """A suggestion with whom it is about."""

    row: Suggestion
    person: Person


def look(session: Session, placement: Placement, now: datetime) -> int:
    """Suggest what the signs of a tie ask for; a sign that was answered is not asked about again. How many are new."""
    person = session.get_one(Person, placement.person_id)
    case = case_of(session, person.household_id)
    if case is None:
        return 0
    signs = signs_of(_seen(session, placement), day_in_japan(now))
    known = set(session.scalars(select(Suggestion.key).where(Suggestion.key.in_([sign.key for sign in signs]))))
    new = [sign for sign in signs if sign.key not in known]
    for sign in new:
        session.add(
            Suggestion(
                key=sign.key, case_id=case.id, person_id=person.id, placement_id=placement.id, kind=sign.kind, why=sign.why,
                body={"what": sign.what, "days": sign.days, "priority": sign.priority}, made_at=now,
            )
        )  # fmt: skip
    session.flush()
    return len(new)


def look_after_closing(session: Session, visit: Visit, now: datetime) -> int:
    """After the closing a bad answer offers the way back in."""
    heard = Heard(visit.id, visit.done_on, connected=visit.connected)
    signs = signs_of(Signs(visit.case_id, "", (heard,)), day_in_japan(now))
    for sign in signs:
        session.add(
            Suggestion(
                key=sign.key, case_id=visit.case_id, person_id=visit.person_id, placement_id=None, kind=sign.kind, why=sign.why,
                made_at=now,
            )
        )  # fmt: skip
    session.flush()
    return len(signs)


def look_everywhere(session: Session, now: datetime) -> int:
    """The night's step: every tie somebody attends."""
    attended = session.scalars(select(Placement).where(Placement.step.in_(ATTENDING)).order_by(Placement.id)).all()
    return sum(look(session, placement, now) for placement in attended)


def open_suggestions(session: Session, town: Town, actor: Actor, *, mine: bool = True) -> Sequence[Open]:
    """What waits for an answer, of the cases this person may see (or is assigned to)."""
    cases = visible_cases(town, actor).with_only_columns(SupportCase.id)
    query = (
        select(Suggestion, Person)
        .join(Person, Suggestion.person_id == Person.id)
        .where(
            Suggestion.state == SUGGESTED,
            Suggestion.case_id.in_(cases.where(SupportCase.assigned_id == actor.id) if mine else cases),
        )
    )
    return [Open(row, person) for row, person in session.execute(query.order_by(Suggestion.made_at, Suggestion.id))]


def suggestion_in_hand(session: Session, town: Town, actor: Actor, id_: str) -> Suggestion:
    """One this person may decide; absent and foreign are one answer."""
    row = session.scalars(
        select(Suggestion).where(Suggestion.id == id_).execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound()
    change_person(session, town, actor, row.person_id, although_over=True)
    return row


def refuse(row: Suggestion, note: str, actor: Actor, now: datetime) -> None:
    """No, with a word; the sign is not asked about again."""
    _decide(row, REFUSED, note, actor, now)


def accept(session: Session, row: Suggestion, actor: Actor, now: datetime) -> str:
    """Yes: it is done now, or leads to the page where it is done; answers that page."""
    _decide(row, ACCEPTED, "", actor, now)
    if row.kind == INSERT:
        return f"/followup/{_insert(session, row, now).id}"
    if row.kind == EASE:
        return _ease(session, row)
    if row.kind == LETTERS_ONLY:
        _letters_only(session, row)
        return f"/people/{row.person_id}"
    return f"/placements/{row.placement_id}?act=stable" if row.kind == SETTLE else f"/people/{row.person_id}/closing"


def _decide(row: Suggestion, state: str, note: str, actor: Actor, now: datetime) -> None:
    if row.state != SUGGESTED:
        raise DomainError("この提案には、もう答えが出ています。", "画面を開き直してください。", "decided", 409)
    row.state, row.note, row.decided_at, row.decided_by = state, note, now, actor.label


def _insert(session: Session, row: Suggestion, now: datetime) -> FollowUp:
    today = day_in_japan(now)
    calendar = town_calendar(session, today)
    placement = session.get_one(Placement, row.placement_id)
    opening = session.get_one(Opening, placement.opening_id)
    due = calendar.add_open_days(today, max(1, int(row.body["days"])))
    case = session.get_one(SupportCase, row.case_id)
    made = FollowUp(
        key=f"suggestion:{row.id}", case_id=row.case_id, person_id=row.person_id, placement_id=row.placement_id,
        host_id=opening.host_id, rule="inserted", sequence=1, kind=str(row.body["what"]), raw_on=due, due_on=due, early_on=today,
        late_on=due, minutes=20 if row.body["what"] == Kind.PHONE else 45, priority=int(row.body["priority"]),
        staff_id=case.assigned_id, is_edited=True, created_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _ease(session: Session, row: Suggestion) -> str:
    """The next visit nobody has promised yet is left out."""
    query = select(FollowUp).where(
        FollowUp.placement_id == row.placement_id, FollowUp.state == PLANNED, FollowUp.is_pinned.is_(False)
    )
    following = session.scalars(query.order_by(FollowUp.due_on, FollowUp.id).limit(1)).first()
    if following is None:
        return f"/people/{row.person_id}"
    following.state, following.state_reason, following.is_edited = CANCELLED, EASED, True
    return f"/followup/{following.id}"


def _letters_only(session: Session, row: Suggestion) -> None:
    """What was to happen at a door becomes a letter; nothing promised is touched."""
    query = select(FollowUp).where(FollowUp.person_id == row.person_id, FollowUp.state == PLANNED)
    for each in session.scalars(query):
        if each.kind == Kind.PERSON_INTERVIEW or each.kind in AT_HOST:
            each.kind, each.needs_two, each.is_edited, each.state_reason = Kind.LETTER, False, True, LETTERS


def _seen(session: Session, placement: Placement) -> Signs:
    """What was recorded and told about one tie."""
    visits = session.scalars(
        select(Visit).where(Visit.placement_id == placement.id).order_by(Visit.done_on, Visit.recorded_at)
    ).all()
    replaced = {visit.replaces_id for visit in visits}
    words = session.scalars(
        select(HostWord).where(HostWord.placement_id == placement.id).order_by(HostWord.on, HostWord.at)
    ).all()
    tries = session.scalars(
        select(Attempt).join(FollowUp, Attempt.follow_up_id == FollowUp.id)
        .where(FollowUp.placement_id == placement.id, Attempt.result == "refused").order_by(Attempt.at)
    ).all()  # fmt: skip
    return Signs(
        placement.id, Step(placement.step).value,
        tuple(
            Heard(v.id, v.done_on, v.person_says, v.host_says, v.state == "unstable" or bool(v.host_worry), v.connected)
            for v in visits if v.id not in replaced
        ),
        tuple((word.id, word.on) for word in words if word.kind == ABSENCE),
        (*((word.id, word.on) for word in words if word.kind == WORRY), *((v.id, v.done_on) for v in visits if v.host_worry)),
        tuple((each.id, day_in_japan(each.at)) for each in tries),
    )  # fmt: skip
