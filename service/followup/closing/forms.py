"""The forms of closing, of what is agreed for afterwards, and of taking a person in again."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from wtforms import Field, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from service.cases.consent import METHOD_LABELS
from service.cases.forms import is_a_date
from service.followup.closing.ending import REPORTS, STAYS, Closing
from service.followup.closing.keeping import DEFAULT_OFFSETS, Agreed, read_offsets, say_offsets
from service.followup.placements.forms_steps import DayField
from service.kernel.dates import parse_date
from service.web.forms import Form, choices_of, said

ANSWERS: Final = {"given": "連絡してよい", "refused": "連絡はいらない"}


def _readable_offsets(_: Form, field: Field) -> None:
    try:
        read_offsets(field.data or "")
    except ValueError:
        raise ValidationError("「1か月・3か月」のように、月か日の数で入れてください（12回まで）。") from None


class CareForm(Form):
    """Who stays in touch, how and when."""

    contact_name = StringField(
        "終結後の担当（名前）",
        [InputRequired("終結後の担当が決まっていません。実際に電話に出る人の名前を入れてください。"), Length(max=60)],
    )
    contact_agency = StringField("終結後の担当（機関）", [InputRequired("どの機関の人かを入れてください。"), Length(max=80)])
    contact_phone = StringField("終結後の担当（電話）", [InputRequired("電話番号を入れてください。"), Length(max=30)])
    how = StringField("連絡のしかた", [Length(max=120)], description="本人の望むとおりに。例 電話は不可・手紙で")
    offsets = StringField(
        "いつ連絡するか（終結の日から）",
        [_readable_offsets, Length(max=200)],
        default=say_offsets(DEFAULT_OFFSETS),
        description="本人と決めた時期だけ。例 1か月・3か月",
    )

    def agreed(self) -> Agreed:
        """What was typed, read."""
        name, agency, phone = said(self.contact_name), said(self.contact_agency), said(self.contact_phone)
        return Agreed(name, agency, phone, read_offsets(self.offsets.data or ""), said(self.how))


class ClosingForm(CareForm):
    """What people say for the closing, beside what the machine sees."""

    evaluated_on = DayField("目標を評価した日", [InputRequired("目標を評価した日を入れてください。"), is_a_date])
    evaluation = StringField("目標はどうなったか", [InputRequired("一言で入れてください。"), Length(max=300)])
    person_wish = TextAreaField(
        "本人の意向（本人のことばで）", [InputRequired("本人のことばを入れてください。"), Length(max=400)]
    )
    host_wish: StringField | None = StringField(
        "受け入れ先の意向", [InputRequired("受け入れ先のことばを入れてください。"), Length(max=300)]
    )
    stays: RadioField | None = RadioField(
        "終結のあと", [InputRequired("通い続けるかどうかを選んでください。")], choices=choices_of(STAYS)
    )
    decided_on = DayField("会議で決めた日（終結の日）", [InputRequired("会議の日を入れてください。"), is_a_date])
    decision = StringField("会議の決定", [InputRequired("決まったことを一言で入れてください。"), Length(max=300)])
    report = RadioField("つなぎ元への報告", [InputRequired("報告をどうするか選んでください。")], choices=choices_of(REPORTS))
    report_on = DayField("報告した日", [is_a_date])
    report_why = StringField("報告が要らないわけ", [Length(max=200)])
    consent = RadioField(
        "終結後に連絡してよいか（本人に聞く）", [InputRequired("本人の答えを選んでください。")], choices=choices_of(ANSWERS)
    )
    consent_method = SelectField(
        "答えの方法",
        [InputRequired("本人がどう答えたか（書面・口頭・電子）を選んでください。")],
        choices=choices_of({"": "選んでください", **METHOD_LABELS}),
    )
    note = TextAreaField("引きつぐこと", [Length(max=400)])

    def validate_report_on(self, field: Field) -> None:
        """A report that was made has its day."""
        if self.report.data == "done" and not field.data:
            raise ValidationError("報告した日を入れてください。")

    def validate_report_why(self, field: Field) -> None:
        """A report that is not made has its reason."""
        if self.report.data == "none" and not said(field):
            raise ValidationError("報告が要らないわけを入れてください。")

    def closing(self) -> Closing:
        """What was typed, read."""
        return Closing(
            decided_on=parse_date(self.decided_on.data or ""),
            decision=said(self.decision),
            evaluated_on=parse_date(self.evaluated_on.data or ""),
            evaluation=said(self.evaluation),
            person_wish=said(self.person_wish),
            host_wish=said(self.host_wish) if self.host_wish else "",
            stays=self.stays.data if self.stays else "",
            report=self.report.data,
            report_on=parse_date(self.report_on.data) if self.report.data == "done" and self.report_on.data else None,
            report_why=said(self.report_why) if self.report.data == "none" else "",
            is_agreed=self.consent.data == "given",
            consent_method=self.consent_method.data,
            agreed=self.agreed(),
            note=said(self.note),
        )


class CoordinationForm(ClosingForm):
    """多機関協働 alone: what the agencies have put in order among themselves, instead of a tie to a place."""

    host_wish = None
    stays = None
    issues = TextAreaField("課題の整理", [InputRequired("課題がどう整理されたかを入れてください。"), Length(max=400)])
    outlook = TextAreaField("これからの見通し", [InputRequired("見通しを入れてください。"), Length(max=400)])
    shared_roles = TextAreaField(
        "役割分担の合意", [InputRequired("どの機関が何をするかと、合意した日か会議を入れてください。"), Length(max=400)],
        description="どの機関が何をするか。例 包括＝月1回の訪問（11月の会議で合意）",
    )  # fmt: skip

    def closing(self) -> Closing:
        """What was typed, read."""
        return replace(super().closing(), in_order=tuple((str(field.label.text), said(field)) for field in
                                                         (self.issues, self.outlook, self.shared_roles)))  # fmt: skip


class ReportForm(Form):
    """The day whoever had referred the person heard of it."""

    on = DayField("報告した日", [InputRequired("報告した日を入れてください。"), is_a_date])


class WordsForm(Form):
    """A word in the person's own way, or why the person is taken in again."""

    words = StringField("わけ", [InputRequired("一言入れてください。"), Length(max=300)])
