"""Follow-ups kept as the rhythm asks for them: made once, brought up to date where nobody has touched them, never lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.consent import CONTACT, plan_is_stopped, state_of
from service.cases.models import Consent, Person, Placement, SupportCase
from service.cases.placements import ATTENDING, ON_HOLD
from service.followup.closing.models import AfterCare
from service.followup.policies import current_rhythm
from service.followup.rhythms.dating import Anchors, Dated, Dating, date_all
from service.followup.rhythms.rule import AT_HOST, LASTING, Anchor, Offset, Rhythm
from service.followup.rhythms.ties import Tie, tie_of
from service.followup.tasks.models import CANCELLED, OPEN, PLANNED, FollowUp
from service.kernel.calendar import Calendar, NoOpenDay
from service.kernel.clock import day_in_japan
from service.resources.policies import town_calendar

AHEAD: Final = timedelta(days=56)
"""Follow-ups are rows so far ahead; behind it the next one of each rule."""
FARTHEST: Final = timedelta(days=400)
BEHIND: Final = timedelta(days=60)
"""A tie that is taken in late does not begin with a year of missed visits."""
CHANGED, WITHDRAWN, LAPSED, CLOSED = "予定の変更", "同意の撤回", "同意がない", "終結"
BY_RULE: Final = frozenset({CHANGED, WITHDRAWN, LAPSED})
"""Words the machine cancels with; asked for again, such a row comes back."""
OF_PLACEMENT: Final = frozenset({Anchor.PLACEMENT_START, Anchor.PAUSE_START, Anchor.PAUSE_END, Anchor.SETTLED})
OF_CASE: Final = frozenset({Anchor.PLAN_START, Anchor.CLOSED})


@dataclass(frozen=True)
class Asked:
    """One follow-up as the rhythm wants it."""

    key: str
    dated: Dated
    values: Mapping[str, Any]


def keep_placement(session: Session, placement: Placement, now: datetime) -> int:
    """Bring the follow-ups of a placement up to date; how many rows were made, moved or cancelled."""
    today = day_in_japan(now)
    tie = tie_of(session, placement, today)
    if tie is None or tie.has_ended or tie.case.status == "closed":
        return 0
    if not tie.is_agreed:
        return cancel_open(session, LAPSED, now, placement_id=placement.id)
    rhythm, calendar = current_rhythm(session), town_calendar(session, today)
    asked = _asked_of_tie(rhythm, calendar, tie, today)
    mine = select(FollowUp).where(FollowUp.placement_id == placement.id)
    return _bring_up_to_date(session, session.scalars(mine).all(), asked, now)


def keep_case(session: Session, case: SupportCase, now: datetime) -> int:
    """Bring what counts from the plan and from the closing of a case up to date."""
    today = day_in_japan(now)
    rhythm, calendar = current_rhythm(session), town_calendar(session, today)
    people = select(Person).where(Person.household_id == case.household_id, Person.principal)
    changed = 0
    for person in session.scalars(people):
        asked = _asked_of_case(session, rhythm, calendar, case, person, today)
        mine = select(FollowUp).where(
            FollowUp.case_id == case.id, FollowUp.person_id == person.id, FollowUp.placement_id.is_(None)
        )
        changed += _bring_up_to_date(session, session.scalars(mine).all(), asked, now)
    return changed


def keep_all(session: Session, now: datetime) -> int:
    """The night's step: every placement somebody attends, and every case with a plan or a closing."""
    attended = select(Placement).where(Placement.step.in_(ATTENDING | {ON_HOLD}))
    cases = select(SupportCase).where(SupportCase.plan_start_on.is_not(None) | SupportCase.closed_on.is_not(None))
    changed = sum(keep_placement(session, each, now) for each in session.scalars(attended).all())
    return changed + sum(keep_case(session, each, now) for each in session.scalars(cases).all())


def cancel_open(
    session: Session, reason: str, now: datetime, *, placement_id: str | None = None, person_id: str | None = None,
    case_id: str | None = None, only: Iterable[str] = (),
) -> int:  # fmt: skip
    """Nothing more of this is to be done, with the reason in words; what was done stays. `only` narrows to some kinds."""
    query = select(FollowUp).where(FollowUp.state.in_(OPEN))
    for column, value in (
        (FollowUp.placement_id, placement_id),
        (FollowUp.person_id, person_id),
        (FollowUp.case_id, case_id),
    ):
        query = query if value is None else query.where(column == value)
    rows = session.scalars(query.where(FollowUp.kind.in_(kinds)) if (kinds := sorted(only)) else query).all()
    for row in rows:
        row.state, row.state_reason = CANCELLED, reason
    return len(rows)


def _asked_of_tie(rhythm: Rhythm, calendar: Calendar, tie: Tie, today: date) -> list[Asked]:
    own = Rhythm(
        rhythm.version, rhythm.name, tuple(rule for rule in rhythm.rules if rule.anchor in OF_PLACEMENT),
        rhythm.on_attendance_day, rhythm.pause_days,
    )  # fmt: skip
    dates = _near(own, calendar, Dating(tie.anchors, tie.attends), today)
    wanted = (each for each in dates if tie.may_be_visited or each.kind not in AT_HOST)
    return [_asked(own, each, _of_tie(own, tie, each), _who(tie)) for each in wanted]


def _asked_of_case(
    session: Session, rhythm: Rhythm, calendar: Calendar, case: SupportCase, person: Person, today: date
) -> list[Asked]:
    consents = session.scalars(select(Consent).where(Consent.person_id == person.id)).all()
    agreed = state_of(consents, today) == "given" and not plan_is_stopped(consents, today)
    if not agreed and case.closed_on is None:
        return []
    after = _after_care(session, case, person, lapsed=state_of(consents, today, CONTACT) == "expired")
    anchors = Anchors(
        plan_start=None if case.closed_on else case.plan_start_on, closed=case.closed_on if after is not None else None
    )
    own = Rhythm(
        rhythm.version, rhythm.name, tuple(rule for rule in rhythm.rules if rule.anchor in OF_CASE),
        rhythm.on_attendance_day, rhythm.pause_days,
    )  # fmt: skip
    offsets = {rule.key: after or () for rule in own.rules if rule.anchor in LASTING} if after is not None else {}
    dates = _near(own, calendar, Dating(anchors, own_offsets=offsets), today)
    who = {"case_id": case.id, "person_id": person.id, "placement_id": None, "host_id": None, "staff_id": case.assigned_id}
    return [_asked(own, each, f"{case.id}:{person.id}:{each.rule}:{each.sequence}", who) for each in dates]


def _after_care(session: Session, case: SupportCase, person: Person, *, lapsed: bool) -> tuple[Offset, ...] | None:
    """The times agreed with this person for after the closing; none at all where it did not agree."""
    query = select(AfterCare).where(AfterCare.case_id == case.id, AfterCare.person_id == person.id)
    row = session.scalars(query.order_by(AfterCare.made_at.desc()).limit(1)).first()
    if row is None or row.reopened_case_id is not None:
        return None
    return tuple(Offset.read(text) for text in row.offsets) if row.is_agreed and not lapsed else ()


def _near(rhythm: Rhythm, calendar: Calendar, dating: Dating, today: date) -> list[Dated]:
    """What falls within the weeks ahead, and behind them the next of each rule; nothing from long before.

    The few contacts after a closing are all made at once: they were agreed one by one.
    """
    try:
        dates = date_all(rhythm, calendar, dating, today + FARTHEST)
    except NoOpenDay:
        # Whoever attends on closed days alone is visited on open ones; the page of the placement says so.
        dates = date_all(rhythm, calendar, Dating(dating.anchors, frozenset(), dating.own_offsets), today + FARTHEST)
    whole = {rule.key for rule in rhythm.rules if rule.anchor in LASTING}
    seen: set[str] = set()
    found = []
    for each in dates:
        is_next = each.raw_on > today + AHEAD and (each.rule not in seen or each.rule in whole)
        if each.raw_on >= today - BEHIND and (each.raw_on <= today + AHEAD or is_next):
            found.append(each)
        if each.raw_on > today:
            seen.add(each.rule)
    return found


def _asked(rhythm: Rhythm, dated: Dated, key: str, who: Mapping[str, Any]) -> Asked:
    rule = next(rule for rule in rhythm.rules if rule.key == dated.rule)
    values = {
        **who,
        "rule": dated.rule, "sequence": dated.sequence, "kind": dated.kind.value, "rhythm_version": rhythm.version,
        "raw_on": dated.raw_on, "due_on": dated.on, "moved_because": dated.reason, "is_unconfirmed": dated.is_unconfirmed,
        "early_on": dated.early_on, "late_on": dated.late_on, "minutes": rule.minutes, "priority": rule.priority,
        "needs_two": rule.needs_two,
    }  # fmt: skip
    return Asked(key, dated, values)


def _of_tie(rhythm: Rhythm, tie: Tie, dated: Dated) -> str:
    """The key; what counts from a pause carries its day, for there may be another pause."""
    rule = next(rule for rule in rhythm.rules if rule.key == dated.rule)
    since = f"@{tie.anchors.pause_start}" if rule.anchor in (Anchor.PAUSE_START, Anchor.PAUSE_END) else ""
    return f"{tie.placement.id}:{dated.rule}{since}:{dated.sequence}"


def _who(tie: Tie) -> Mapping[str, Any]:
    return {
        "case_id": tie.case.id, "person_id": tie.person.id, "placement_id": tie.placement.id, "host_id": tie.host_id,
        "staff_id": tie.case.assigned_id,
    }  # fmt: skip


def _bring_up_to_date(session: Session, rows: Iterable[FollowUp], asked: Iterable[Asked], now: datetime) -> int:
    known = {row.key: row for row in rows}
    changed = 0
    wanted = {each.key: each for each in asked}
    for key, each in wanted.items():
        if row := known.get(key):
            changed += _refresh(row, each)
        else:
            session.add(FollowUp(key=key, created_at=now, **each.values))
            changed += 1
    earliest = day_in_japan(now) - BEHIND
    for key, row in known.items():
        if key not in wanted and _is_untouched(row) and row.raw_on >= earliest:
            row.state, row.state_reason = CANCELLED, CHANGED
            changed += 1
    session.flush()
    return changed


def _is_untouched(row: FollowUp) -> bool:
    """Whether only the rhythm has spoken about it: not done, not promised, not changed by hand, never tried."""
    return row.state == PLANNED and not row.is_edited and not row.is_pinned and row.host_answer == ""


def _refresh(row: FollowUp, asked: Asked) -> int:
    came_back = row.state == CANCELLED and row.state_reason in BY_RULE and not row.is_edited
    if not came_back and not _is_untouched(row):
        return 0
    # Who goes is settled by the plan once it has a day.
    values = {name: value for name, value in asked.values.items() if name != "staff_id" or row.on is None}
    differs = any(getattr(row, name) != value for name, value in values.items() if name != "rhythm_version")
    if not came_back and not differs:
        return 0
    for name, value in values.items():
        setattr(row, name, value)
    row.state, row.state_reason = PLANNED, ""
    if row.on is not None and not row.early_on <= row.on <= row.late_on:
        row.on = row.start_min = None
    return 1
