"""What the page of a closing shows: before it the conditions, after it what was agreed and what has come of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.accounts.roles import EDIT_CASES
from service.cases.access import is_on_case
from service.cases.consent import CONTACT, last_answer, say_method, state_of
from service.cases.consent import STATE_LABELS as CONSENT_LABELS
from service.cases.course.flow import OVER
from service.cases.models import Consent, Person, SupportCase
from service.cases.pages import Heading, heading_of
from service.cases.plans.models import Evaluation
from service.followup.closing.checklist import Ground, grounds_of, is_coordination_alone
from service.followup.closing.ending import REPORTS
from service.followup.closing.forms import CareForm, ClosingForm, CoordinationForm, ReportForm, WordsForm
from service.followup.closing.keeping import after_care_of, after_closing, report_due, say_offsets
from service.followup.closing.models import AfterCare
from service.followup.rhythms.rule import KIND_LABELS, Kind
from service.followup.tasks.models import OPEN, FollowUp
from service.followup.tasks.rows import Bar, bar_of
from service.followup.tasks.states import STATE_LABELS
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki
from service.kernel.db import new_id
from service.web.call import Call


@dataclass(frozen=True)
class Typed:
    """Forms as they came back with errors, and what a refusal says."""

    closing: ClosingForm | None = None
    care: CareForm | None = None
    report: ReportForm | None = None
    stop: WordsForm | None = None
    again: WordsForm | None = None
    problems: tuple[str, ...] = ()
    status: int = 200


@dataclass(frozen=True)
class ContactLine:
    """One contact after the closing: its address, its window, how it stands, and why the day moved."""

    id: str
    title: str
    bar: Bar
    state: str
    said: str


@dataclass(frozen=True)
class CareView:
    """What was agreed for afterwards, and what has come of it."""

    facts: tuple[tuple[str, str], ...]
    checked: tuple[tuple[str, str], ...]
    contacts: tuple[ContactLine, ...]
    report: str
    is_reported: bool
    is_agreed: bool
    version: int


@dataclass(frozen=True)
class ClosingView:
    """The page; `care` is there once the case is closed."""

    heading: Heading
    version: int
    is_closed: bool
    closed_on: str
    may_change: bool
    grounds: tuple[Ground, ...]
    report_due: str
    earlier: tuple[str, ...]
    care: CareView | None
    form: ClosingForm
    care_form: CareForm
    report_form: ReportForm
    stop_form: WordsForm
    again_form: WordsForm
    problems: tuple[str, ...]
    once: str = field(default_factory=new_id)


def closing_view(call: Call, case: SupportCase, person: Person, typed: Typed) -> ClosingView:
    """Everything the page shows of a case the filter has given."""
    today, is_closed = day_in_japan(call.now), case.status in OVER
    care = after_care_of(call.session, case.id, person.id) if is_closed else None
    return ClosingView(
        heading=heading_of(case, person, today),
        version=case.version,
        is_closed=is_closed,
        closed_on=format_wareki(case.closed_on) if case.closed_on else "",
        may_change=is_on_case(call.actor, case) and EDIT_CASES.allows(call.actor),
        grounds=() if is_closed else grounds_of(call.session, case, person),
        report_due=format_wareki(report_due(call.session, today, today)),
        earlier=_earlier(call.session, case, person),
        care=_care_view(call.session, person, care, today) if care else None,
        form=typed.closing or form_of(call.session, case)(data=_known(call.session, case, today)),
        care_form=typed.care or (_care_form(care) if care else CareForm()),
        report_form=typed.report or ReportForm(prefix="report-", data={"on": format_wareki(today)}),
        stop_form=typed.stop or WordsForm(prefix="stop-"),
        again_form=typed.again or WordsForm(prefix="again-"),
        problems=typed.problems,
    )


def form_of(session: Session, case: SupportCase) -> type[ClosingForm]:
    """Which of the two checklists this case is closed by."""
    return CoordinationForm if is_coordination_alone(session, case) else ClosingForm


def _known(session: Session, case: SupportCase, today: date) -> dict[str, str]:
    """The days nobody has to type again: today's, and that of the evaluation which spoke for closing."""
    spoken = select(func.max(Evaluation.on)).where(Evaluation.case_id == case.id, Evaluation.next_step == "close")
    evaluated = session.scalar(spoken)
    return {"decided_on": format_wareki(today)} | ({"evaluated_on": format_wareki(evaluated)} if evaluated else {})


def _care_form(care: AfterCare) -> CareForm:
    data = {name: getattr(care, name) for name in ("contact_name", "contact_agency", "contact_phone", "how")}
    return CareForm(data={**data, "offsets": say_offsets(care.offsets)})


def _care_view(session: Session, person: Person, care: AfterCare, today: date) -> CareView:
    report = care.checked.get("report", {})
    rows = session.scalars(select(FollowUp).where(after_closing(care)).order_by(FollowUp.raw_on)).all()
    facts = (
        ("終結後の担当", "　".join(filter(None, (care.contact_name, care.contact_agency, care.contact_phone)))),
        ("本人の答え", _answer(session, person, today)),
        ("連絡の時期", say_offsets(care.offsets) or "連絡しません"),
        ("連絡のしかた", care.how or "決まっていません"),
        ("引きつぐこと・経過", care.note or "ありません"),
    )
    return CareView(
        facts, tuple((label, said) for label, said in care.checked.get("lines", ())), tuple(_contact(row, today) for row in rows),
        _say_report(report), report.get("state") != "due", care.is_agreed, care.version,
    )  # fmt: skip


def _answer(session: Session, person: Person, today: date) -> str:
    consents = session.scalars(select(Consent).where(Consent.person_id == person.id, Consent.scope == CONTACT)).all()
    last = last_answer(consents, CONTACT)
    if last is None:
        return "まだ尋ねていません"
    words = {**CONSENT_LABELS, "given": "連絡してよい", "refused": "連絡はいらない", "withdrawn": "とりやめた"}
    word = words[state_of(consents, today, CONTACT)]
    day = format_wareki(last.decided_on) if last.decided_on else ""
    return "　".join(filter(None, (word, say_method(last), day, last.reason)))


def _contact(row: FollowUp, today: date) -> ContactLine:
    done = f"{format_wareki(row.done_on)}に行いました" if row.done_on else ""
    moved = row.moved_because if row.state in OPEN else ""
    said = "　".join(filter(None, (done, row.state_reason, moved)))
    title = f"{row.sequence}回目　{KIND_LABELS[Kind(row.kind)]}"
    return ContactLine(row.id, title, bar_of(row, today), STATE_LABELS[row.state], said)


def _say_report(report: dict[str, str]) -> str:
    state = report.get("state", "")
    if state == "done":
        return f"{_day(report['on'])}に報告しました"
    if state == "due":
        return f"まだです。期限は{_day(report['due_on'])}"
    return f"{REPORTS['none']}：{report.get('why', '')}" if state else "記録がありません"


def _day(text: str) -> str:
    return format_wareki(date.fromisoformat(text))


def _earlier(session: Session, case: SupportCase, person: Person) -> tuple[str, ...]:
    """The episodes before this one, the newest first, with why the person came back."""
    lines: list[str] = []
    earlier_id = case.earlier_id
    while earlier_id and (row := session.get(SupportCase, earlier_id)):
        care = after_care_of(session, row.id, person.id)
        closed = f"{format_wareki(row.closed_on)} 終結" if row.closed_on else ""
        lines.append("　".join(filter(None, (row.number, closed, care.note if care else ""))))
        earlier_id = row.earlier_id
    return tuple(lines)
