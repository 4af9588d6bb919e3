"""The forms of meetings: calling one, a seat, an item, a decision with its tasks."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy.orm import Session
from wtforms import BooleanField, Field, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from service.cases.course.bodies import bodies, town_bodies
from service.cases.course.forms import is_a_time
from service.cases.forms import is_a_date
from service.kernel.dates import parse_date
from service.kernel.slots import parse_time
from service.meetings.deciding import Action, Item, Ruling
from service.meetings.holding import Call
from service.meetings.naming import town_kinds
from service.meetings.rules import ANSWERS, DECISIONS, KINDS, PURPOSES, ROLES, SUPPORT
from service.meetings.series import FREQUENCIES
from service.web.forms import Form, choices_of, said

ACTIONS: Final = 3
"""So many tasks can be typed with one decision; more are added by the next."""
WEEKDAYS: Final = {str(at): f"{day}曜日" for at, day in enumerate("月火水木金")}


class MeetingForm(Form):
    """Calling a meeting."""

    kind = SelectField("種類", choices=choices_of(KINDS), default="juso")
    name = StringField("名前", [InputRequired("会議の名前を入れてください。"), Length(max=80)])
    on = StringField("日付", [InputRequired("日付を入れてください。"), is_a_date])
    start = StringField("始まり", [is_a_time])
    end = StringField("終わり", [is_a_time])
    place = StringField("場所", [Length(max=120)])
    convenor = StringField("招集する人・課", [InputRequired("だれが招集するかを入れてください。"), Length(max=80)])
    convenor_is_municipal = BooleanField("市町村が招集する")
    body = SelectField("会議体", choices=[], default="", validate_choice=False)

    def validate_convenor_is_municipal(self, field: Field) -> None:
        """社会福祉法106条の6: the municipality's alone."""
        if self.kind.data == SUPPORT and not field.data:
            raise ValidationError("支援会議を開けるのは市町村だけです。市が招集するときに印を付けてください。")

    def call(self, series_id: str | None = None) -> Call:
        """What was asked for."""
        body = said(self.body) if said(self.body) in bodies() else ""
        law = "社会福祉法106条の6" if self.kind.data == SUPPORT else bodies()[body].law if body else ""
        return Call(
            kind=self.kind.data or "", name=said(self.name), on=parse_date(said(self.on)), convenor=said(self.convenor),
            convenor_is_municipal=bool(self.convenor_is_municipal.data), start_min=parse_time(said(self.start)),
            end_min=parse_time(said(self.end)), place=said(self.place), body=body, legal_basis=law, series_id=series_id,
        )  # fmt: skip


def meeting_form(session: Session, posted: Any = None, **data: Any) -> MeetingForm:
    """The form with its list of bodies."""
    form = MeetingForm(posted, data=data)
    form.kind.choices = choices_of(town_kinds(session))
    form.body.choices = choices_of(
        {"": "選ばない", **{key: f"{body.name}（{body.field}）" for key, body in town_bodies(session).items()}}
    )
    return form


def series_form(session: Session, posted: Any = None) -> SeriesForm:
    """The form with the kinds as this town calls them."""
    form = SeriesForm(posted)
    form.kind.choices = choices_of(town_kinds(session))
    return form


class SeriesForm(Form):
    """A meeting that comes again."""

    kind = SelectField("種類", choices=choices_of(KINDS), default="juso")
    name = StringField("名前", [InputRequired("会議の名前を入れてください。"), Length(max=80)])
    frequency = SelectField(
        "ひらく回数", choices=choices_of({key: label for key, (label, _) in FREQUENCIES.items()}), default="monthly"
    )
    nth = SelectField(
        "第何週", choices=choices_of({"1": "第1", "2": "第2", "3": "第3", "4": "第4", "5": "最終"}), default="2"
    )
    weekday = SelectField("曜日", choices=choices_of(WEEKDAYS), default="2")
    start = StringField("始まり", [is_a_time])
    place = StringField("場所", [Length(max=120)])
    convenor = StringField("招集する人・課", [Length(max=80)])


class SeatForm(Form):
    """Somebody at the table."""

    name = StringField("名前", [InputRequired("名前を入れてください。"), Length(max=60)])
    agency = StringField("機関", [InputRequired("機関を入れてください。"), Length(max=80)])
    section = StringField("課・係", [Length(max=80)])
    is_municipal = BooleanField("市の職員")
    role = SelectField("役割", choices=choices_of(ROLES), default="member")


class ItemForm(Form):
    """Something to be put on the agenda."""

    purpose = SelectField("議題", choices=choices_of(PURPOSES), default="plan")
    case_number = StringField("ケース番号", [Length(max=40)], description="例 R8-012。ケースの議題でないときは空のまま")
    title = StringField("議題の名前", [Length(max=120)], description="ケースの議題なら、空でも番号から付きます")

    def item(self) -> Item:
        """What was asked for."""
        return Item(self.purpose.data or "", said(self.case_number), None, said(self.title))


class _Ruling(Form):
    summary = TextAreaField("話し合ったこと", [Length(max=2000)])
    decision = SelectField("決定", choices=[], default="", validate_choice=False)
    text = StringField("決まったこと", [InputRequired("決まったことを一言で書いてください。"), Length(max=400)])

    def ruling(self) -> Ruling:
        """What was decided, without the empty lines."""
        actions = [
            Action(what, said(self[f"owner{at}"]), parse_date(said(self[f"due{at}"])), said(self[f"agency{at}"]))
            for at in range(ACTIONS)
            if (what := said(self[f"what{at}"]))
        ]
        return Ruling(said(self.decision), said(self.text), said(self.summary), actions)


def _has_owner_and_day(at: int) -> Any:
    def check(form: Form, field: Field) -> None:
        if said(field) and not (said(form[f"owner{at}"]) and said(form[f"due{at}"])):
            raise ValidationError("だれが・いつまでを入れてください。")

    return check


def _with_actions() -> type[_Ruling]:
    lines: dict[str, Any] = {}
    for at in range(ACTIONS):
        lines[f"what{at}"] = StringField(f"宿題{at + 1}", [Length(max=200), _has_owner_and_day(at)])
        lines[f"owner{at}"] = StringField(f"宿題{at + 1} だれが", [Length(max=60)])
        lines[f"agency{at}"] = StringField(f"宿題{at + 1} 機関", [Length(max=80)])
        lines[f"due{at}"] = StringField(f"宿題{at + 1} いつまで", [is_a_date])
    return type("RulingForm", (_Ruling,), lines)


RulingForm = _with_actions()


def ruling_form(purpose: str, item_id: str, posted: Any = None) -> _Ruling:
    """The form of one item: only what may be decided for its purpose."""
    form = RulingForm(posted, prefix=f"{item_id[:8]}-")
    form.decision.choices = choices_of({key: DECISIONS[key] for key in ANSWERS.get(purpose, ())})
    return form
