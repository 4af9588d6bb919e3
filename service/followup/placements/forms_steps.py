"""One form for each thing that is done about a placement: exactly what that step records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import AnyOf, InputRequired, Length

from service.cases.forms import is_a_date
from service.followup.placements.acts import Act
from service.followup.placements.contacting import HOST_SAYS, PERSON_SAYS
from service.followup.placements.ladder import ENDINGS
from service.followup.placements.models import ANSWERS, CONDITIONAL, FACES, NO
from service.followup.placements.offering import REFUSE, SAID
from service.web.forms import Form, choices_of

CHANNELS: Final = {"phone": "電話", "fax": "FAX", "mail": "メール・リンク", "visit": "会って"}
RESTS: Final = {"host": "受け入れ先の休み", "illness": "体調", "other": "そのほか"}
GOING_ON, STOPPING = "going", "stop"
GOING: Final = {GOING_ON: "続いています", STOPPING: "止めます"}


class DayField(StringField):
    """A day in either calendar."""


class ButtonsField(RadioField):
    """A choice among a few short words, shown as joined buttons."""


def _day(label: str, *, must: bool = True) -> DayField:
    return DayField(label, [InputRequired("日付を入れてください。"), is_a_date] if must else [is_a_date])


def _one_of(label: str, choices: Mapping[Any, str], problem: str, cls: type[RadioField] = ButtonsField) -> RadioField:
    keys = [str(key) for key in choices]
    checks = [InputRequired(problem), AnyOf(keys, problem)]
    return cls(label, checks, choices=choices_of(dict(zip(keys, choices.values(), strict=True))), validate_choice=False)


def _note(label: str = "ひとこと", **more: Any) -> StringField:
    return StringField(label, [Length(max=300)], **more)


class NoteForm(Form):
    """A step that needs no more than a word, if any."""

    note = _note()


class SoundForm(Form):
    """How the host is asked; what it is told is put together from the vocabulary."""

    channel = _one_of("聞き方", CHANNELS, "聞き方を選んでください。")


class AnswerForm(Form):
    """What the host said."""

    answer = _one_of("受け入れ先の返事", ANSWERS, "可・条件付き・難しいから選んでください。")
    conditions = TextAreaField("条件・聞きたいこと", [Length(max=400)], description="条件付きのときは必ず")
    reason = SelectField("難しい理由", choices=[], validate_choice=False, default="")
    answered_by = StringField("答えた人", [Length(max=60)])

    def validate_conditions(self, field: Field) -> None:
        """条件付き without a condition says nothing."""
        if self.answer.data == CONDITIONAL and not (field.data or "").strip():
            raise ValidationError("どんな条件なら受けられるかを入れてください。")

    def validate_reason(self, field: Field) -> None:
        """A 難しい comes with its reason."""
        if self.answer.data == NO and not field.data:
            raise ValidationError("近いものを一つ選んでください。")


class ReplyForm(Form):
    """What the person said, in their own words."""

    said = _one_of("本人の返事", SAID, "三つの返事から選んでください。", RadioField)
    words = TextAreaField("本人のことば", [Length(max=400)], description="言われたとおりに")
    reason = SelectField("合わない理由", choices=[], validate_choice=False, default="")
    on = _day("いつ")

    def validate_reason(self, field: Field) -> None:
        """ここは合わない comes with its reason."""
        if self.said.data == REFUSE and not field.data:
            raise ValidationError("近いものを一つ選んでください。")


class VisitForm(Form):
    """When the visit is and who goes along."""

    on = _day("見学の日")
    accompanied = StringField("同行する人", [Length(max=60)], description="一人で行くときは空のままで")
    note = _note()


class TrialForm(Form):
    """The days of the trial, and what has to be clear before the first of them."""

    on = _day("はじめの日")
    days = StringField(
        "体験の日と回数",
        [InputRequired("いつ・何回かを入れてください。"), Length(max=100)],
        description="例 火曜の午後に3回",
    )
    insured_here = BooleanField("保険を確かめた（受け入れ先の保険か、ボランティア保険）")
    has_emergency_contact = BooleanField("緊急のときの連絡先を聞いた")
    costs_explained = BooleanField("費用と謝礼を本人に説明した")
    note = _note()


class StartForm(Form):
    """What both have agreed on: from when, which days, what is done, what is adjusted."""

    on = _day("利用開始の日")
    slots = SelectMultipleField("通う曜日・時間", choices=[], validate_choice=False)
    tasks = StringField("活動・役割", [Length(max=200)])
    adjustments = StringField("調整すること", [Length(max=200)], description="例 はじめは30分、声かけは少なめ")
    person_wants = BooleanField("本人が「やってみたい」と言った")
    host_accepts = BooleanField("受け入れ先が「お願いします」と言った")
    insured_here = BooleanField("保険を確かめた")
    has_emergency_contact = BooleanField("緊急のときの連絡先を聞いた")
    costs_explained = BooleanField("費用と謝礼を説明した")
    note = _note()


class ContactForm(Form):
    """What both sides said on a day."""

    done_on = _day("確かめた日")
    person_face = ButtonsField(
        "本人の顔", choices=choices_of({str(face): word for face, word in FACES.items()}), validate_choice=False
    )
    person_says = _one_of("本人は", PERSON_SAYS, "本人の答えを選んでください。")
    host_face = ButtonsField(
        "受け入れ先の顔", choices=choices_of({str(face): word for face, word in FACES.items()}), validate_choice=False
    )
    host_says = _one_of("受け入れ先は", HOST_SAYS, "受け入れ先の答えを選んでください。")
    has_problem = BooleanField("まだ片付いていない困りごとがある")
    note = TextAreaField("困りごと・よかったこと", [Length(max=400)])
    adjustment = StringField("調整したこと", [Length(max=200)])


class HoldForm(Form):
    """Why it rests."""

    why = _one_of("お休みのわけ", RESTS, "わけを選んでください。")
    note = _note("ひとこと（いつごろまでか、など）", description="必ず一言添えます")


class BackForm(Form):
    """To which earlier step, and why."""

    to = ButtonsField("どの段に", [InputRequired("段を選んでください。")], choices=[], validate_choice=False)
    note = _note("わけ", description="必ず一言添えます")


class DeclineForm(Form):
    """Who says that it does not go on, and why."""

    reason = RadioField("だれが、なぜ", [InputRequired("理由を一つ選んでください。")], choices=[], validate_choice=False)
    note = _note()


class EndForm(Form):
    """How it came to its end."""

    reason = _one_of("終わり方", ENDINGS, "終わり方を選んでください。")
    on = _day("終わりの日")
    was_hard = BooleanField("大変だった受け入れなので、しばらく次を頼まない")
    note = _note()


class GoingForm(Form):
    """An answer to 「まだ続いていますか」."""

    going = _one_of("まだ続いていますか", GOING, "どちらかを選んでください。")
    note = _note("次の予定", description="例 12月3日に電話する")

    def validate_note(self, field: Field) -> None:
        """Going on means that something comes next."""
        if self.going.data == GOING_ON and not (field.data or "").strip():
            raise ValidationError("次にいつ何をするかを入れてください。")


FORMS: Final[Mapping[Act, type[Form]]] = {
    Act.SOUND: SoundForm,
    Act.ANSWER: AnswerForm,
    Act.REPLY: ReplyForm,
    Act.VISIT: VisitForm,
    Act.TRIAL: TrialForm,
    Act.START: StartForm,
    Act.CONTACT: ContactForm,
    Act.HOLD: HoldForm,
    Act.BACK: BackForm,
    Act.DECLINE: DeclineForm,
    Act.END: EndForm,
    Act.GOING: GoingForm,
}
