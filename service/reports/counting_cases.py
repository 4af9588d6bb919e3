"""Figures of sheets, decisions, consent, people and plans: pure, each a function of the rows, a period and a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from service.cases.course.bodies import FIELDS_OF
from service.cases.course.flow import Status
from service.reports.facts import CaseFact, CaseMove, DatedFact, Ground, SheetFact
from service.reports.figures import UNKNOWN
from service.reports.periods import Period

Values = Mapping[str, str]


def referrals(ground: Ground, period: Period, as_of: date) -> Iterator[Values]:
    """Sheets received."""
    for sheet in ground.sheets:
        if is_in(sheet.received_on, period, as_of):
            yield {"source": sheet.source, "field": field_of(sheet), "urgency": "yes" if sheet.is_urgent else "no",
                   "trouble": trouble_of(sheet)}  # fmt: skip


def screenings(ground: Ground, period: Period, as_of: date) -> Iterator[Values]:
    """Decisions about a sheet, and whether they came in time."""
    due = _first_sheets(ground)
    for row in ground.screenings:
        if is_in(row.on, period, as_of):
            sheet = due.get(row.case_id)
            state = "none" if sheet is None else "on_time" if row.on <= sheet.screening_due_on else "late"
            yield {"result": row.result, "in_time": state}


def consents(ground: Ground, period: Period, as_of: date) -> Iterator[Values]:
    """重層案件 of the period, by the service consent at its end."""
    said = _answers_by_household(ground)
    homes = {case.id: case.household_id for case in ground.cases}
    for row in ground.screenings:
        if row.result == "juso" and is_in(row.on, period, as_of):
            states = [state for on, state in said.get(homes.get(row.case_id, ""), ()) if on <= as_of]
            last = states[-1] if states else ""
            yield {"state": last if last in ("given", "refused", "withdrawn") else "pending"}


def without(ground: Ground, period: Period, as_of: date) -> Iterator[Values]:
    """Cases supported without consent at the end, and whether a 支援会議 of the period spoke of them."""
    spoken = {
        case for row in ground.meetings if row.kind == "support" and is_in(row.on, period, as_of) for case in row.cases
    }
    moves = moves_by_case(ground)
    for case in ground.cases:
        if case.opened_on <= as_of and status_on(case, moves.get(case.id, ()), as_of) == Status.NO_CONSENT:
            yield {"met": "yes" if case.id in spoken else "no"}


def new_cases(ground: Ground, period: Period, as_of: date) -> Iterator[Values]:
    """Cases that began."""
    return ({} for case in ground.cases if is_in(case.opened_on, period, as_of))


def endings(ground: Ground, period: Period, as_of: date) -> Iterator[Values]:
    """Cases closed or suspended, by the day the log says."""
    for move in ground.moves:
        if is_in(move.on, period, as_of) and move.after in (Status.CLOSED, Status.SUSPENDED):
            why = f"-{move.reason}" if move.after == Status.SUSPENDED and move.reason else ""
            yield {"how": f"{move.after}{why}"}


def dated(rows: Callable[[Ground], Sequence[DatedFact]]) -> Callable[[Ground, Period, date], Iterator[Values]]:
    """A figure that counts rows by their day."""
    return lambda ground, period, as_of: (row.values for row in rows(ground) if is_in(row.on, period, as_of))


def days_to_screening(ground: Ground, period: Period, as_of: date) -> Iterator[int]:
    """From the sheet to the decision."""
    sheets = _first_sheets(ground)
    for row in ground.screenings:
        sheet = sheets.get(row.case_id)
        if sheet is not None and sheet.received_on <= row.on and is_in(row.on, period, as_of):
            yield (row.on - sheet.received_on).days


def days_to_consent(ground: Ground, period: Period, as_of: date) -> Iterator[int]:
    """From the decision to the first consent after it."""
    said = _answers_by_household(ground)
    homes = {case.id: case.household_id for case in ground.cases}
    for row in ground.screenings:
        given = (on for on, state in said.get(homes.get(row.case_id, ""), ()) if state == "given" and on >= row.on)
        first = min(given, default=None) if row.result == "juso" else None
        if first is not None and is_in(first, period, as_of):
            yield (first - row.on).days


def field_of(sheet: SheetFact) -> str:
    """The field its troubles belong to: one, several, or none that is known."""
    fields = {FIELDS_OF[each] for each in sheet.troubles if each in FIELDS_OF}
    return next(iter(fields)) if len(fields) == 1 else "several" if fields else UNKNOWN


def trouble_of(sheet: SheetFact) -> str:
    """主訴: the most pressing, or the only one."""
    only = sheet.troubles[0] if len(sheet.troubles) == 1 else ""
    return sheet.pressing or only or UNKNOWN


def moves_by_case(ground: Ground) -> dict[str, list[CaseMove]]:
    """The steps of each case in their order."""
    found: dict[str, list[CaseMove]] = defaultdict(list)
    for move in ground.moves:
        found[move.case_id].append(move)
    return found


def status_on(case: CaseFact, moves: Sequence[CaseMove], day: date) -> str:
    """How far a case had come at the end of a day, by its log; without a log, as far as it is now."""
    before = [move for move in moves if move.on <= day]
    if before:
        return before[-1].after
    return moves[0].before if moves else case.status


def _answers_by_household(ground: Ground) -> dict[str, list[tuple[date, str]]]:
    """What those a support is about have answered, in the order it was recorded."""
    homes = {person.id: person.household_id for person in ground.people if person.principal}
    found: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for answer in ground.answers:
        if answer.person_id in homes:
            found[homes[answer.person_id]].append((answer.on, answer.state))
    return found


def _first_sheets(ground: Ground) -> dict[str, SheetFact]:
    """The sheet a case began with."""
    found: dict[str, SheetFact] = {}
    for sheet in ground.sheets:
        found.setdefault(sheet.case_id, sheet)
    return found


def is_in(day: date, period: Period, as_of: date) -> bool:
    """Whether a day lies in the part of the period that has come."""
    return period.first <= day <= as_of


COUNTERS: Final[Mapping[str, Callable[[Ground, Period, date], Iterable[Values]]]] = {
    "referrals": referrals,
    "advice": dated(lambda ground: ground.advice),
    "screenings": screenings,
    "consents": consents,
    "without": without,
    "new_cases": new_cases,
    "plans": dated(lambda ground: ground.plans),
    "endings": endings,
}
TIMERS: Final[Mapping[str, Callable[[Ground, Period, date], Iterable[int]]]] = {
    "to_screening": days_to_screening,
    "to_consent": days_to_consent,
}
