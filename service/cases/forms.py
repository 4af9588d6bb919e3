"""The forms about a person."""

from typing import Any

from wtforms import Field, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from service.cases.consent import METHOD_LABELS, SCOPE_LABELS, STATE_LABELS
from service.cases.models import Person
from service.cases.people import PersonDraft
from service.kernel.dates import DateProblem, format_wareki_short, parse_date
from service.kernel.kana import fold_text
from service.web.forms import Form, choices_of

GENDERS = {"F": "女性", "M": "男性", "X": "その他・答えない", "": "未確認"}

AVOIDED = {"host": "受け入れ先", "person": "そこにいる人", "area": "区域"}


def is_a_date(_: Form, field: Field) -> None:
    """A validator: empty, or a day in either calendar."""
    if field.data:
        try:
            parse_date(field.data)
        except DateProblem as problem:
            raise ValidationError(str(problem)) from None


class PersonForm(Form):
    """Who it is and how to reach them."""

    name = StringField("氏名", [InputRequired("氏名か、仮の名前を入力してください。"), Length(max=60)])
    kana = StringField("かな", [Length(max=80)])
    birth_on = StringField("生年月日", [is_a_date])
    gender = RadioField("性別（本人の言うとおり）", choices=choices_of(GENDERS), default="")
    address = StringField("住所または地区", [Length(max=200)], description="町丁目まで分かると、移動のめやすが出ます")
    phone = StringField("電話", [Length(max=30)])
    contact_note = StringField("連絡のしかた", [Length(max=200)], description="例 電話不可・文字のみ、午後だけ")
    lead_agency = StringField("主担当の機関", [Length(max=80)])

    def validate_name(self, field: Field) -> None:
        """A name of nothing but spaces finds nobody."""
        if not fold_text(field.data or ""):
            raise ValidationError("氏名か、仮の名前を入力してください。")

    def draft(self, relation: str = "本人") -> PersonDraft:
        """What was typed, read."""
        return PersonDraft(
            name=(self.name.data or "").strip(),
            kana=(self.kana.data or "").strip(),
            birth_on=parse_date(self.birth_on.data) if self.birth_on.data else None,
            gender=self.gender.data or None,
            address=(self.address.data or "").strip(),
            phone=(self.phone.data or "").strip(),
            contact_note=(self.contact_note.data or "").strip(),
            relation=relation,
        )

    @classmethod
    def of(cls, person: Person, lead_agency: str) -> "PersonForm":
        """The form as stored."""
        return cls(
            data={
                "name": person.name,
                "kana": person.kana,
                "birth_on": format_wareki_short(person.birth_on) if person.birth_on else "",
                "gender": person.gender or "",
                "address": person.address,
                "phone": person.phone,
                "contact_note": person.contact_note,
                "lead_agency": lead_agency,
            }
        )


class ConsentForm(Form):
    """What was answered to a question of consent."""

    scope = SelectField("何への同意か", choices=choices_of(SCOPE_LABELS))
    state = RadioField(
        "答え", choices=choices_of({k: v for k, v in STATE_LABELS.items() if k != "not_asked"}), default="given"
    )
    method = SelectField("方法", choices=choices_of(METHOD_LABELS))
    given_by = StringField("だれが", [Length(max=60)], default="本人")
    decided_on = StringField("いつ", [InputRequired("日付を入力してください。"), is_a_date])
    reason = StringField("理由・メモ", [Length(max=200)])

    def validate_reason(self, field: Field) -> None:
        """A refusal or a withdrawal is understood later only with its reason."""
        if self.state.data in ("refused", "withdrawn") and not (field.data or "").strip():
            raise ValidationError("断られた・撤回された理由か、次に確かめる時期を書いてください。")

    def answer(self) -> dict[str, Any]:
        """The answer as text by field."""
        return {name: (self[name].data or "").strip() for name in ("scope", "state", "method", "given_by", "reason")}


class StandInForm(Form):
    """Why somebody covers for a colleague."""

    reason = StringField("理由", [InputRequired("理由を書いてください（例 石井さんの休暇中）。"), Length(max=200)])


class AvoidForm(Form):
    """Whom or where a person must not meet."""

    kind = RadioField("何を避けるか", choices=choices_of(AVOIDED), default="host")
    target = SelectField("受け入れ先・人", choices=[], validate_choice=False)
    place = StringField("区域の中心（住所）", [Length(max=200)])
    radius_km = StringField("半径", [Length(max=8)])
    note = TextAreaField("理由（権限のある人だけが読みます）", [Length(max=400)])
