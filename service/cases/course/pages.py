"""What the page of a case's course shows: the nine steps, what may be done now, what is missing, and the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.access import is_on_case, may_change
from service.cases.course.bodies import Body, suggest_body, town_bodies
from service.cases.course.flow import LABELS, CaseStep, Status, missing_for, nine_steps, steps_from
from service.cases.course.forms import REASONS, WITH_BODY, WITH_REVIEW, NoteForm, OutreachForm, StepForm, step_form
from service.cases.course.guards import CaseFacts
from service.cases.course.log import FLAGS, OUTREACH, entries_of, say_how, say_when
from service.cases.course.models import ProgressNote
from service.cases.course.moving import CaseMove, facts_of
from service.cases.feedback.owing import entries_of as feedback_of
from service.cases.models import Person, SupportCase
from service.cases.pages import Heading, heading_of
from service.cases.referrals.models import Referral
from service.cases.referrals.pages import said_feedback
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki, format_wareki_short, say_instant
from service.kernel.errors import Missing
from service.web.call import Call

ELSEWHERE = frozenset({"screen", "accept", "return", "advise"})
"""Steps that belong to the sheet, with what they ask for."""
LEAVING = frozenset({"stop_without", "end_without"})
"""Steps that are there, and that nobody is led to."""
UNDECIDED = "decision"
"""What is said to be missing where no meeting has decided so."""


@dataclass(frozen=True)
class StepBlock:
    """One step that may be taken from here, with what is missing for it."""

    key: str
    label: str
    missing: tuple[Missing, ...]
    form: StepForm
    asks_reason: bool
    asks_review: bool
    asks_body: bool
    is_open: bool


@dataclass(frozen=True)
class Waiting:
    """Steps that all wait for the same, which is said once."""

    labels: tuple[str, ...]
    missing: tuple[Missing, ...]


@dataclass(frozen=True)
class LogLine:
    """One entry of the log."""

    id: str
    when: str
    title: str
    text: str
    next_step: str
    flags: tuple[str, ...]
    written: str
    corrects: str
    may_correct: bool


@dataclass(frozen=True)
class CourseView:
    """The course of a case."""

    heading: Heading
    steps: tuple[tuple[str, str], ...]
    status: str
    review_on: str
    body: str
    suggested: str
    is_urgent: bool
    without_consent: bool
    may_change: bool
    may_write: bool
    """In the log of a case that is over, what was or came of it is still written."""
    version: int
    blocks: tuple[StepBlock, ...]
    waiting: Waiting | None
    sheets: tuple[tuple[str, str], ...]
    at_sheet: bool
    feedback: tuple[tuple[str, str, str], ...]
    log: tuple[LogLine, ...]
    note_form: NoteForm
    outreach_form: OutreachForm
    corrects_id: str
    corrects: str
    once: str
    problem: str


@dataclass(frozen=True)
class Typed:
    """What came back from a form, with what was wrong with it."""

    step: StepForm | None = None
    step_key: str = ""
    missing: tuple[Missing, ...] = ()
    note: NoteForm | None = None
    outreach: OutreachForm | None = None
    corrects_id: str = ""
    problem: str = ""


def course_view(call: Call, case: SupportCase, person: Person, typed: Typed, once: str) -> CourseView:
    """Everything the page shows to this actor."""
    today, change = day_in_japan(call.now), may_change(call.actor, case)
    entries, sheets = entries_of(call.session, case.id), _sheets(call.session, case.id)
    day, known = format_wareki_short(today), town_bodies(call.session)
    blocks, waiting = _apart(_blocks(call, case, person, typed, has_sheet=bool(sheets)) if change else (), typed.step_key)
    return CourseView(
        heading=heading_of(case, person, today), steps=nine_steps(case.status), status=LABELS[case.status],
        review_on=format_wareki(case.review_on) if case.review_on else "",
        body=known[case.body].name if case.body in known else "",
        suggested=_suggestion(known, sheets), is_urgent=case.is_urgent,
        without_consent=case.status in (Status.NO_CONSENT, Status.INTENT_CHECK), may_change=change, may_write=is_on_case(call.actor, case), version=case.version,
        blocks=blocks, waiting=waiting,
        sheets=tuple((row.id, f"{format_wareki_short(row.received_on)}　{row.from_agency}") for row in sheets),
        at_sheet=bool(sheets) and any(step.key in ELSEWHERE for step in steps_from(case.status)),
        feedback=tuple(said_feedback(row) for row in feedback_of(call.session, case.id)),
        log=_log(entries, is_on_case(call.actor, case)), note_form=typed.note or NoteForm(data={"on": day}),
        outreach_form=typed.outreach or OutreachForm(data={"on": day}, prefix="o-"), corrects_id=typed.corrects_id,
        corrects=next((row.text for row in entries if row.id == typed.corrects_id), ""), once=once, problem=typed.problem,
    )  # fmt: skip


def _sheets(session: Session, case_id: str) -> Sequence[Referral]:
    query = select(Referral).where(Referral.case_id == case_id).order_by(Referral.received_at)
    return session.scalars(query).all()


def _suggestion(known: Mapping[str, Body], sheets: Sequence[Referral]) -> str:
    """Which meeting could carry a case without consent, in one line."""
    body = known[suggest_body([trouble for row in sheets for trouble in row.troubles])]
    return f"{body.name}（{body.section}・ふだんの招集は{body.convenor}）"


def _blocks(call: Call, case: SupportCase, person: Person, typed: Typed, *, has_sheet: bool) -> tuple[StepBlock, ...]:
    today = day_in_japan(call.now)
    # Before anything is typed the same is known for every step.
    facts = facts_of(call.session, case, person, CaseMove(""), today)
    steps = [step for step in steps_from(case.status) if step.who & call.actor.roles]
    return tuple(_block(call, step, facts, typed, today) for step in steps if not (has_sheet and step.key in ELSEWHERE))


def _block(call: Call, step: CaseStep, facts: CaseFacts, typed: Typed, today: date) -> StepBlock:
    is_this = typed.step_key == step.key
    asked = {"reason", "review", "note"}
    missing = typed.missing if is_this else tuple(m for m in missing_for(step, facts) if m.code not in asked)
    form = typed.step if is_this and typed.step is not None else step_form(call.session, step, today)
    return StepBlock(
        step.key, step.label, missing, form, step.key in REASONS, step.key in WITH_REVIEW, step.key in WITH_BODY,
        is_this or not (missing or step.key in LEAVING),
    )  # fmt: skip


def _apart(blocks: Sequence[StepBlock], asked: str) -> tuple[tuple[StepBlock, ...], Waiting | None]:
    """The steps with a block of their own, and those that wait for a meeting to decide so: several are one block."""
    waits = [each for each in blocks if each.key != asked and any(m.code == UNDECIDED for m in each.missing)]
    if len(waits) < 2:
        return tuple(blocks), None
    shared = tuple(m for m in waits[0].missing if all(m in each.missing for each in waits))
    return tuple(each for each in blocks if each not in waits), Waiting(tuple(each.label for each in waits), shared)


def _log(entries: Sequence[ProgressNote], change: bool) -> tuple[LogLine, ...]:
    texts = {row.id: row.text for row in entries}
    return tuple(_line(row, texts, change) for row in entries)


def _line(row: ProgressNote, texts: dict[str, str], change: bool) -> LogLine:
    title = say_how(row)
    if row.to_status:
        title = f"{LABELS.get(row.from_status, '')} → {LABELS[row.to_status]}" if row.from_status else LABELS[row.to_status]
    return LogLine(
        row.id, say_when(row), title, row.text, row.next_step,
        tuple(FLAGS[flag] for flag in row.flags if flag in FLAGS), f"{row.recorded_by}　{say_instant(row.recorded_at)}",
        texts.get(row.corrects_id or "", ""), change and row.kind in ("note", OUTREACH),
    )  # fmt: skip
