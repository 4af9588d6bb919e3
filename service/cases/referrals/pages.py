"""What the pages of つなぐシート show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from service.accounts.roles import EDIT_PROCESS, READ_CASES
from service.cases.course.flow import LABELS
from service.cases.feedback.models import Feedback
from service.cases.feedback.owing import ABOUT, STATES, entries_of
from service.cases.referrals.attaching import FileLine, file_lines
from service.cases.referrals.forms import ScreeningForm, StaffSheetForm, StepForm
from service.cases.referrals.inbox import UNDECIDED, Arrived, screenings_of, steps_of
from service.cases.referrals.models import ReferralStep, Screening
from service.cases.referrals.receiving import STEP_KINDS
from service.cases.referrals.screening import RESULTS
from service.cases.referrals.troubles import CAME_BY, CRITERIA, KNOWS, TRIED, TROUBLES
from service.kernel.dates import format_wareki, format_wareki_short
from service.web.actor import Actor

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class InboxLine:
    """One sheet in the list: whose, from where, how old, what is next."""

    id: str
    name: str
    number: str
    source: str
    age: str
    is_urgent: bool
    status: str
    next: str
    is_late: bool


@dataclass(frozen=True)
class InboxView:
    """つなぐシートの受付箱."""

    typed: str
    is_open: bool
    lines: tuple[InboxLine, ...]
    late: int
    may_edit: bool


@dataclass(frozen=True)
class SheetFormView:
    """A sheet being filled in."""

    form: StaffSheetForm
    once: str


@dataclass(frozen=True)
class SheetView:
    """One sheet: what it says, what was done, what is to be decided."""

    id: str
    version: int
    case_version: int
    name: str
    number: str
    status: str
    person_href: str
    is_urgent: bool
    age: str
    source: Pairs
    about: Pairs
    troubles: tuple[str, ...]
    story: str
    tried: str
    acknowledged: str
    acknowledge_due: str
    screening_due: str
    withdrawn: str
    may_acknowledge: bool
    may_screen: bool
    may_edit: bool
    files: tuple[FileLine, ...]
    steps: Pairs
    decisions: tuple[tuple[str, str, str], ...]
    feedback: tuple[tuple[str, str, str], ...]
    screening_form: ScreeningForm
    step_form: StepForm
    once: str
    problem: str


def inbox_view(found: Sequence[Arrived], typed: str, is_open: bool, actor: Actor, today: date) -> InboxView:
    """The list, with how many are late."""
    lines = tuple(_line(each, today) for each in found)
    return InboxView(typed, is_open, lines, sum(line.is_late for line in lines), EDIT_PROCESS.allows(actor))


def _line(each: Arrived, today: date) -> InboxLine:
    referral = each.referral
    days, due, next_step = (today - referral.received_on).days, _due(each), _next(each)
    return InboxLine(
        id=referral.id, name=each.principal.name, number=each.case.number,
        source=f"{referral.from_agency}　{referral.from_person}", age=f"{days}日" if days else "今日",
        is_urgent=referral.is_urgent, status=LABELS[each.case.status],
        next=f"{next_step}（{format_wareki_short(due)}まで）" if due else next_step, is_late=due is not None and due < today,
    )  # fmt: skip


def _due(each: Arrived) -> date | None:
    if each.referral.acknowledged_on is None and each.referral.withdrawn_on is None:
        return each.referral.acknowledge_due_on
    return each.referral.screening_due_on if each.case.status in UNDECIDED else None


def _next(each: Arrived) -> str:
    is_undecided = each.case.status in UNDECIDED
    if each.referral.withdrawn_on is not None:
        return "取り下げ：続けるかを決める" if is_undecided else "取り下げ"
    if each.referral.acknowledged_on is None:
        return "受け取ったと知らせる"
    return "該当判断" if is_undecided else "済み"


def sheet_view(
    session: Session, each: Arrived, actor: Actor, today: date, once: str, *, screening: ScreeningForm | None = None,
    step: StepForm | None = None, problem: str = "",
) -> SheetView:  # fmt: skip
    """Everything about one sheet in hand."""
    referral, case = each.referral, each.case
    may_edit = EDIT_PROCESS.allows(actor)
    is_open, is_heard = referral.withdrawn_on is None, referral.acknowledged_on is not None
    decider = actor.label.split("（")[0]
    day = format_wareki_short(today)
    days = (today - referral.received_on).days
    return SheetView(
        id=referral.id, version=referral.version, case_version=case.version, name=each.principal.name, number=case.number,
        status=LABELS[case.status], person_href=f"/people/{each.principal.id}" if READ_CASES.allows(actor) else "",
        is_urgent=referral.is_urgent, age=f"{days}日たちました" if days else "今日届きました", source=source_of(each),
        about=about_of(each), troubles=troubles_of(each), story=referral.story, tried=referral.tried,
        acknowledged=_acknowledged(each), acknowledge_due=format_wareki(referral.acknowledge_due_on),
        screening_due=format_wareki(referral.screening_due_on),
        withdrawn="" if referral.withdrawn_on is None else f"{format_wareki(referral.withdrawn_on)}　{referral.withdrawn_why}",
        may_acknowledge=may_edit and is_open and not is_heard,
        may_screen=may_edit and case.status in UNDECIDED and (is_heard or not is_open), may_edit=may_edit,
        files=file_lines(session, referral.id), steps=tuple(_step(row) for row in steps_of(session, referral.id)),
        decisions=tuple(_decision(row) for row in screenings_of(session, case.id)),
        feedback=tuple(said_feedback(row) for row in entries_of(session, case.id)),
        screening_form=screening or ScreeningForm(data={"decider": decider, "decided_on": day}),
        step_form=step or StepForm(prefix="step-", data={"on": day}), once=once, problem=problem,
    )  # fmt: skip


def source_of(each: Arrived) -> Pairs:
    """Who handed it over, and how they want to hear of it."""
    row = each.referral
    return (
        ("受付", f"{format_wareki(row.received_on)}　{CAME_BY[row.came_by]}"), ("つなぎ元", row.from_agency),
        ("つなぎ元の方", row.from_person), ("電話", row.from_phone), ("報告の希望", row.feedback_by),
        ("本人はつなぐことを", KNOWS[row.knows]),
    )  # fmt: skip


def about_of(each: Arrived) -> Pairs:
    """Whom it is about, as far as the sheet says; an address under lock stays unsaid."""
    row, person = each.referral, each.principal
    born = format_wareki(person.birth_on) if person.birth_on else row.age_band
    address = "非開示" if each.case.locked else person.address
    return (
        ("名前", person.name), ("かな", person.kana), ("生年月日・年代", born), ("住所・地区", address),
        ("電話", "非開示" if each.case.locked else person.phone), ("連絡のしかた", row.reach), ("世帯の様子", row.members),
        ("担当", each.case.assigned.name),
    )  # fmt: skip


def troubles_of(each: Arrived) -> tuple[str, ...]:
    """The boxes ticked, the most pressing with ◎."""
    row = each.referral
    return tuple(f"{'◎ ' if key == row.pressing else ''}{TROUBLES[key]}" for key in row.troubles if key in TROUBLES)


def said_feedback(row: Feedback) -> tuple[str, str, str]:
    """What it was about and to whom, how it stands, what was told."""
    whom = "　".join(filter(None, (ABOUT[row.about], row.to_agency, row.to_name)))
    day = format_wareki_short(row.settled_on or row.due_on)
    state = f"{STATES[row.state]}（{day}{'まで' if row.settled_on is None else ''}）"
    return whom, state, row.text or row.reason


def _acknowledged(each: Arrived) -> str:
    row = each.referral
    if row.acknowledged_on is None:
        return ""
    return f"{format_wareki(row.acknowledged_on)}　{row.acknowledged_by}"


def _step(row: ReferralStep) -> tuple[str, str]:
    said = "　".join(filter(None, (format_wareki_short(row.on), row.by_agency)))
    return f"{STEP_KINDS[row.kind]}　{said}", row.text


def _decision(row: Screening) -> tuple[str, str, str]:
    ticked = [label for name, label in CRITERIA.items() if getattr(row, name)]
    grounds = "　".join([*ticked, *([TRIED] if row.is_tried else [])])
    why = "　".join(filter(None, (row.override_reason, row.returned_to, row.reason)))
    return f"{format_wareki(row.decided_on)}　{RESULTS[row.result]}（{row.decider}）", grounds, why
