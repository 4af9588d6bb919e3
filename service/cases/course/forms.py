"""The forms of a case's course: a step, an entry of the log, a contact before consent."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session
from wtforms import Field, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from service.cases.course.bodies import bodies, town_bodies
from service.cases.course.flow import END_REASONS, NO_CONSENT_REASONS, SUSPEND_REASONS, CaseStep
from service.cases.course.log import FLAGS, METHODS, OUTREACH, OUTREACH_METHODS, REACTIONS, Entry
from service.cases.course.moving import CaseMove
from service.cases.forms import is_a_date
from service.kernel.dates import format_wareki_short, parse_date
from service.kernel.slots import SlotProblem, check_hours, parse_time
from service.resources.town_words import town_settings
from service.web.forms import Form, Posted, choices_of, said

REASONS = {
    "no_consent": NO_CONSENT_REASONS, "suspend": SUSPEND_REASONS, "stop_without": SUSPEND_REASONS, "end_without": END_REASONS,
}  # fmt: skip
"""The steps that ask for one of a list."""
WITH_REVIEW = frozenset({"no_consent", "review_without", "suspend", "stop_without"})
WITH_BODY = frozenset({"no_consent", "review_without"})


def is_a_time(_: Form, field: Field) -> None:
    """A validator: empty, or a time of day something can begin at, as 13:30 or 午後1時半."""
    try:
        at = parse_time(said(field))
        check_hours(at, None)
    except SlotProblem as problem:
        raise ValidationError(str(problem)) from None
    if said(field) and at is None:
        raise ValidationError("「13:30」のように入れてください。")


class StepForm(Form):
    """One step of the case; which parts it asks for is the step's."""

    reason = SelectField("わけ", choices=[], default="", validate_choice=False)
    note = StringField("一言", [Length(max=400)])
    review_on = StringField("次に見直す日", [is_a_date])
    body = SelectField("どの会議で支えるか", choices=[], default="", validate_choice=False)

    def move(self, step: CaseStep) -> CaseMove:
        """What was asked for; a reason or a body that is not in the list is none."""
        reason = said(self.reason) if said(self.reason) in REASONS.get(step.key, {}) else ""
        body = said(self.body) if step.key in WITH_BODY and said(self.body) in bodies() else ""
        day = parse_date(said(self.review_on)) if step.key in WITH_REVIEW and said(self.review_on) else None
        return CaseMove(step.key, reason=reason, note=said(self.note), review_on=day, body=body)


def step_form(session: Session, step: CaseStep, today: date, posted: Posted | None = None) -> StepForm:
    """The form of a step, with its lists and the last day a review may be set to."""
    days = town_settings(session).number("review_days")
    data = {"review_on": format_wareki_short(today + timedelta(days=days))} if step.key in WITH_REVIEW else {}
    form = StepForm(posted, data=data, prefix=f"{step.key}-")
    form.reason.choices = choices_of({"": "選んでください", **REASONS.get(step.key, {})})
    form.body.choices = choices_of({"": "選ばない", **{key: body.name for key, body in town_bodies(session).items()}})
    return form


class NoteForm(Form):
    """支援経過記録: short enough to write after a call."""

    on = StringField("いつ", [InputRequired("日付を入れてください。"), is_a_date])
    at = StringField("時刻", [is_a_time])
    method = SelectField("方法", choices=choices_of(METHODS), default="phone")
    with_whom = StringField("だれと", [Length(max=80)])
    text = TextAreaField("内容", [InputRequired("あったことを一言書いてください。"), Length(max=4000)])
    next_step = StringField("次にすること", [Length(max=300)])
    flags = SelectMultipleField("しるし", choices=choices_of(FLAGS))

    def entry(self, person_id: str, corrects_id: str | None) -> Entry:
        """What was written."""
        return Entry(
            on=parse_date(said(self.on)), at_min=parse_time(said(self.at)),
            method=self.method.data or "", with_whom=said(self.with_whom), text=said(self.text),
            next_step=said(self.next_step), flags=tuple(self.flags.data or ()), person_id=person_id, corrects_id=corrects_id,
        )  # fmt: skip


class OutreachForm(Form):
    """A contact before consent: what was tried, how it was taken, what comes next."""

    on = StringField("いつ", [InputRequired("日付を入れてください。"), is_a_date])
    method = SelectField("どうやって", choices=choices_of(OUTREACH_METHODS), default="letter")
    by_two = SelectField("だれが", choices=choices_of({"one": "一人で", "two": "二人で"}), default="one")
    reaction = SelectField("反応", choices=choices_of(REACTIONS), default="none")
    text = TextAreaField("したこと・様子", [InputRequired("したことを一言書いてください。"), Length(max=2000)])
    next_step = StringField("次に試すこと", [InputRequired("次の手がかりを一言入れてください。"), Length(max=300)])

    def entry(self, person_id: str) -> Entry:
        """What was written."""
        return Entry(
            on=parse_date(said(self.on)), kind=OUTREACH, method=self.method.data or "", reaction=self.reaction.data or "",
            text=said(self.text), next_step=said(self.next_step), person_id=person_id,
            facts={"by_two": self.by_two.data == "two"},
        )  # fmt: skip
