"""Asking what the つなぎ元 hears: nothing ends without an answer to it."""

from __future__ import annotations

from wtforms import Field, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from service.cases.feedback.owing import GIVEN, NOT_NEEDED, OWED, Told
from service.web.forms import Form, choices_of

WAYS = {GIVEN: "もう伝えた", OWED: "これから伝える（一覧に残ります）", NOT_NEEDED: "要らない"}


class ToldForm(Form):
    """The part of a form that asks for the report."""

    told_state = RadioField(
        "つなぎ元への報告", [InputRequired("報告をどうするか選んでください。")], choices=choices_of(WAYS)
    )
    told_text = TextAreaField("伝えたこと", [Length(max=1000)])
    told_reason = StringField("要らないわけ", [Length(max=200)])

    def validate_told_text(self, field: Field) -> None:
        """What was told is in words."""
        if self.told_state.data == GIVEN and not (field.data or "").strip():
            raise ValidationError("伝えたことを書いてください。")

    def validate_told_reason(self, field: Field) -> None:
        """So is why nothing has to be."""
        if self.told_state.data == NOT_NEEDED and not (field.data or "").strip():
            raise ValidationError("要らないわけを一言書いてください。")

    def told(self) -> Told:
        """What was answered."""
        return Told(self.told_state.data or "", (self.told_text.data or "").strip(), (self.told_reason.data or "").strip())


class SettleForm(ToldForm):
    """The same, where it is a page of its own: now it is told, or not needed."""

    told_state = RadioField(
        "報告",
        [InputRequired("選んでください。")],
        choices=choices_of({GIVEN: "伝えた", NOT_NEEDED: "要らない"}),
        default=GIVEN,
    )
