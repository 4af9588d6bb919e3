"""終結後のつながり: who is in touch with whom, what comes next, what was last said, and how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.roles import SUPERVISOR
from service.cases.access import visible_cases
from service.cases.models import Person, SupportCase
from service.followup.closing.models import AfterCare
from service.followup.tasks.models import DONE, OPEN, FollowUp
from service.followup.visits.models import CONNECTED, Visit
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki
from service.web.actor import Actor, Town
from service.web.call import Call

FEW: Final = 5
FEW_SAID: Final = "5人未満"
ENOUGH: Final = 10
"""Below this sum no division of it is told: two parts of fewer than five would add up to it."""
HIDDEN: Final = "出しません"
NOT_YET: Final = "まだ聞いていない"


@dataclass(frozen=True)
class CareLine:
    """One person after the closing."""

    person_id: str
    name: str
    number: str
    closed_on: str
    contact: str
    next_id: str
    next_said: str
    last: str
    last_on: str
    is_bad: bool
    report: str


@dataclass(frozen=True)
class AfterView:
    """The page; `counts` for supervisors alone, each a label and what may be said of it."""

    lines: tuple[CareLine, ...]
    counts: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, str], ...]


Row = tuple[AfterCare, Person, SupportCase]


def after_view(call: Call) -> AfterView:
    """Everybody whose contact after the closing goes on or has been, of the cases this actor may read."""
    rows = _rows(call.session, call.town, call.actor)
    cases = [care.case_id for care, _, _ in rows]
    contacts, last = _contacts(call.session, rows), _last_answers(call.session, cases)
    lines = tuple(_line(row, contacts, last) for row in rows)
    if SUPERVISOR not in call.actor.roles:
        return AfterView(lines, (), ())
    return AfterView(lines, _counts(rows, contacts, day_in_japan(call.now)), _answers(rows, last))


def say_count(count: int, unit: str = "人") -> str:
    """A number of people as a page may show it: a few could be recognised."""
    return FEW_SAID if 0 < count < FEW else f"{count}{unit}"


def hide_few(counts: Mapping[str, int]) -> dict[str, str]:
    """Numbers that add up to a known sum, all of them or none: one that is left out is a subtraction away from being read."""
    told = sum(counts.values()) >= ENOUGH and not any(0 < count < FEW for count in counts.values())
    return {key: f"{count}" if told else HIDDEN for key, count in counts.items()}


def _rows(session: Session, town: Town, actor: Actor) -> Sequence[Row]:
    cases = visible_cases(town, actor).with_only_columns(SupportCase.id)
    query = (
        select(AfterCare, Person, SupportCase)
        .join(Person, AfterCare.person_id == Person.id)
        .join(SupportCase, AfterCare.case_id == SupportCase.id)
        .where(AfterCare.case_id.in_(cases), AfterCare.reopened_case_id.is_(None))
        .order_by(AfterCare.closed_on.desc(), SupportCase.number)
    )
    return [(care, person, case) for care, person, case in session.execute(query)]


def _contacts(session: Session, rows: Sequence[Row]) -> dict[str, list[FollowUp]]:
    """Of each person what is planned and was done since the closing, whatever way the town's rhythm asks for."""
    since = {(care.case_id, person.id): care.made_at for care, person, _ in rows}
    query = select(FollowUp).where(FollowUp.case_id.in_({case_id for case_id, _ in since}), FollowUp.placement_id.is_(None))
    found: dict[str, list[FollowUp]] = {}
    for row in session.scalars(query.order_by(FollowUp.due_on)):
        made_at = since.get((row.case_id, row.person_id))
        if made_at is not None and row.created_at >= made_at:
            found.setdefault(row.person_id, []).append(row)
    return found


def _last_answers(session: Session, cases: Sequence[str]) -> dict[str, Visit]:
    """Of each person the last record that says whether the tie still holds."""
    query = select(Visit).where(Visit.case_id.in_(cases), Visit.connected != "")
    return {row.person_id: row for row in session.scalars(query.order_by(Visit.done_on, Visit.recorded_at))}


def _line(row: Row, contacts: Mapping[str, list[FollowUp]], last: Mapping[str, Visit]) -> CareLine:
    care, person, case = row
    waiting = next((each for each in contacts.get(person.id, ()) if each.state in OPEN), None)
    said, report = last.get(person.id), care.checked.get("report", {})
    due = format_wareki(date.fromisoformat(report["due_on"])) if report.get("state") == "due" else ""
    return CareLine(
        person.id, person.name, case.number, format_wareki(care.closed_on),
        "　".join(filter(None, (care.contact_name, care.contact_agency, care.contact_phone))),
        waiting.id if waiting else "", _say_next(care, waiting),
        CONNECTED[said.connected] if said else NOT_YET, f"（{format_wareki(said.done_on)}）" if said else "",
        said is not None and said.connected != "yes", f"つなぎ元への報告 {due}まで" if due else "",
    )  # fmt: skip


def _say_next(care: AfterCare, waiting: FollowUp | None) -> str:
    if waiting is None:
        return "予定した連絡は終わりました" if care.is_agreed else "本人の希望で、連絡しません"
    return f"{format_wareki(waiting.early_on)}〜{format_wareki(waiting.late_on)}（目安 {format_wareki(waiting.due_on)}）"


def _counts(rows: Sequence[Row], contacts: Mapping[str, list[FollowUp]], today: date) -> tuple[tuple[str, str], ...]:
    people, agreed = len(rows), sum(care.is_agreed for care, _, _ in rows)
    every = [each for listed in contacts.values() for each in listed]
    made = sum(each.state == DONE for each in every)
    due = made + sum(each.state in OPEN and each.due_on <= today for each in every)
    split = hide_few({"連絡してよい人": agreed, "連絡はいらない人": people - agreed})
    contacted = (
        hide_few({"済んだ": made, "まだの": due - made}) if people >= ENOUGH else {"済んだ": HIDDEN, "まだの": HIDDEN}
    )
    return (
        ("終結した人", say_count(people)),
        *((label, _with_unit(told, "人")) for label, told in split.items()),
        *((f"期限の来た連絡のうち{label}もの", _with_unit(told, "回")) for label, told in contacted.items()),
    )


def _answers(rows: Sequence[Row], last: Mapping[str, Visit]) -> tuple[tuple[str, str], ...]:
    given = Counter(last[person.id].connected if person.id in last else "" for _, person, _ in rows)
    told = hide_few({label: given[key] for key, label in {**CONNECTED, "": NOT_YET}.items()})
    return tuple((label, _with_unit(said, "人")) for label, said in told.items())


def _with_unit(told: str, unit: str) -> str:
    return told if told == HIDDEN else f"{told}{unit}"
