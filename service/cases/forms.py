"""The forms about a person."""

from collections.abc import Callable
from datetime import date

from wtforms import Field, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from service.cases.access import refuse_when_over
from service.cases.consent import (
    CONTACT,
    DOCUMENT_VERSION,
    GUARDIAN,
    METHOD_LABELS,
    RECORDED,
    SCOPE_LABELS,
    STATE_LABELS,
    TAKEN_BACK,
    WAIVED,
    Answer,
)
from service.cases.models import Person, SupportCase
from service.cases.people import PersonDraft
from service.kernel.dates import DateProblem, format_wareki_short, parse_date
from service.kernel.errors import DomainError
from service.kernel.kana import fold_text
from service.web.forms import Form, choices_of, said

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
    """What was answered to a question of consent, and by whom of the household."""

    who = SelectField("だれの同意か", choices=[], validate_choice=False)
    scope = SelectField("何への同意か", choices=choices_of(SCOPE_LABELS))
    state = RadioField("答え", choices=choices_of({key: STATE_LABELS[key] for key in RECORDED}), default="given")
    method = SelectField("方法", choices=choices_of(METHOD_LABELS))
    given_by = StringField(
        "だれが答えたか", [Length(max=60)], default="本人", description="本人か、代わりの方（続柄と名前）"
    )
    decided_on = StringField("いつ", [InputRequired("日付を入力してください。"), is_a_date])
    reason = StringField("理由・メモ", [Length(max=200)])
    until = StringField("いつまで", [is_a_date], description="入れなければ、撤回されるまで")
    explained_by = StringField("説明した人", [Length(max=60)])
    witness = StringField("立ち会った人", [Length(max=60)])
    document_version = StringField("文書の版", [Length(max=40)], default=DOCUMENT_VERSION)

    def validate_state(self, field: Field) -> None:
        """Only of a guardian may the secretariat say that nobody is asked."""
        if field.data == WAIVED and self.scope.data != GUARDIAN:
            raise ValidationError("「事務局の判断で求めない」は、保護者・後見人の同意だけに使います。")

    def validate_reason(self, field: Field) -> None:
        """A refusal, a withdrawal or a decision to ask nobody is understood later only with its reason."""
        if self.state.data in TAKEN_BACK and not said(field):
            raise ValidationError("断られた・撤回された理由か、次に確かめる時期を書いてください。")
        if self.state.data == WAIVED and not said(field):
            raise ValidationError("保護者に連絡すると本人がどう困るか、事務局の判断の理由を書いてください。")

    def validate_given_by(self, field: Field) -> None:
        """A guardian's answer is nobody's but the guardian's; the decision to ask none has a name under it."""
        if self.scope.data == GUARDIAN and said(field) in ("", "本人"):
            if self.state.data == WAIVED:
                raise ValidationError("事務局のだれが判断したかを入れてください（例 事務局 真鍋）。")
            if self.state.data == "given":
                raise ValidationError("同意した保護者・後見人の続柄か名前を入れてください（例 母）。")

    def validate_until(self, field: Field) -> None:
        """The last day of what was agreed does not lie before its first."""
        if said(field) and (last := _day(field)) and (first := _day(self.decided_on)) and last < first:
            raise ValidationError("期限が、同意した日より前です。どちらかを直してください。")

    def answer(self) -> Answer:
        """What was typed, read."""
        return Answer(
            self.scope.data, self.state.data, parse_date(self.decided_on.data or ""), self.method.data, said(self.given_by),
            said(self.reason), _day(self.until), said(self.explained_by), said(self.witness), said(self.document_version),
        )  # fmt: skip


def not_after(today: date) -> Callable[[Form, Field], None]:
    """A validator: what was answered was answered by today."""

    def check(_: Form, field: Field) -> None:
        if (day := _day(field)) and day > today:
            raise ValidationError("まだ来ていない日です。答えを聞いた日を入れてください。")

    return check


def goes_on(case: SupportCase) -> Callable[[Form, Field], None]:
    """A validator: once a case is over, only what is taken back and the contacts after it are still answered."""

    def check(form: Form, field: Field) -> None:
        if field.data != CONTACT and form["state"].data not in TAKEN_BACK:
            try:
                refuse_when_over(case)
            except DomainError as refusal:
                raise ValidationError(str(refusal)) from None

    return check


def _day(field: Field) -> date | None:
    try:
        return parse_date(field.data) if field.data else None
    except DateProblem:
        return None


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
