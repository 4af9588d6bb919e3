"""The forms of a つなぐシート: the sheet itself, what is done about it, and the decision."""

from __future__ import annotations

from typing import Self

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
from wtforms.validators import InputRequired, Length

from service.cases.feedback.forms import ToldForm
from service.cases.forms import is_a_date
from service.cases.referrals.desks import NO_DESKS, Desk, Desks
from service.cases.referrals.receiving import STEP_KINDS, Sheet
from service.cases.referrals.screening import RESULTS, Judgement
from service.cases.referrals.troubles import AGE_BANDS, CAME_BY, CRITERIA, KNOWS, TRIED, TROUBLES
from service.kernel.dates import parse_date
from service.web.forms import Form, choices_of, said

STAFF_WAYS = {key: label for key, label in CAME_BY.items() if key not in ("own", "link")}


class SheetForm(Form):
    """つなぐシート, as a つなぎ元 fills it in: short, and whoever it is about may stay unnamed.

    A desk of the directory (`desks`) brings its telephone and address along.
    """

    desks = NO_DESKS
    from_agency = StringField(
        "つなぎ元の機関", [InputRequired("どこからの相談かを入れてください（住民の方は「住民」）。"), Length(max=80)],
        description="一覧にある機関は、名前の一部を入れると選べます。ないときは、そのまま書いてください",
    )  # fmt: skip
    from_person = StringField("つなぎ元の方", [InputRequired("報告をお返しする方の名前を入れてください。"), Length(max=60)])
    from_phone = StringField(
        "つなぎ元の電話", [Length(max=30)], description="一覧から選んだ機関の代表でよければ、空のままで構いません"
    )
    name = StringField("本人の名前", [Length(max=60)], description="空のままなら「匿名」で受け付けます")
    kana = StringField("かな", [Length(max=80)])
    birth_on = StringField("生年月日", [is_a_date])
    age_band = SelectField("年代", choices=choices_of({band: band or "分からない" for band in AGE_BANDS}), default="")
    address = StringField("住所・地区", [Length(max=200)])
    phone = StringField("本人の電話", [Length(max=30)])
    reach = StringField("連絡のしかた", [Length(max=200)], description="例 電話不可・手紙で、平日の午後だけ")
    members = TextAreaField("世帯の様子", [Length(max=400)], description="だれと暮らしているか、仕事・学校・介護・障害など")
    troubles = SelectMultipleField(
        "困りごと", [InputRequired("困りごとに一つは印を付けてください。")], choices=choices_of(TROUBLES)
    )
    pressing = SelectField("いちばん困っていること（◎）", choices=choices_of({"": "選ばない", **TROUBLES}), default="")
    story = TextAreaField("どんなことで困っているか", [Length(max=400)])
    tried = TextAreaField(
        "これまでに試したこと", [InputRequired("試したことを一言で（まだなら「まだ」）入れてください。"), Length(max=400)]
    )
    is_urgent = BooleanField("急ぎ（命・食べもの・住まいなど、待てないことがある）")
    urgent_action = StringField("急ぎのとき：いましていること", [Length(max=200)])
    urgent_by = StringField("だれが", [Length(max=80)])
    knows = RadioField("本人は、つなぐことを", choices=choices_of(KNOWS), default="unknown")
    feedback_by = StringField("報告のしかたの希望", [Length(max=80)], description="例 電話で、FAXで、次に会うときに")

    def validate_from_phone(self, field: Field) -> None:
        """Somebody has to be reached: at the number typed, or at the desk's own."""
        desk = self.desk()
        if not said(field) and (desk is None or not desk.phone):
            raise ValidationError("連絡できる電話を入れてください。")

    def choosing_from(self, desks: Desks) -> Self:
        """The form with the directory beside it."""
        self.desks = desks
        return self

    def desk(self) -> Desk | None:
        """The desk of the directory that was chosen, if it is one."""
        return self.desks.find(said(self.from_agency))

    def sheet(self, came_by: str, received_on: str, to_agency: str = "") -> Sheet:
        """What was typed, read."""
        desk = self.desk()
        texts = {
            name: said(self[name])
            for name in ("from_agency", "from_person", "from_phone", "name", "kana", "age_band", "address", "phone", "reach",
                         "members", "pressing", "story", "tried", "urgent_action", "urgent_by", "knows", "feedback_by")
        }  # fmt: skip
        return Sheet(
            came_by=came_by, received_on=parse_date(received_on), to_agency=to_agency, troubles=self.troubles.data or (),
            birth_on=parse_date(said(self.birth_on)) if said(self.birth_on) else None, is_urgent=bool(self.is_urgent.data),
            agency_id=desk.id if desk else None, from_email=desk.email if desk else "",
            **{**texts, "from_phone": texts["from_phone"] or (desk.phone if desk else "")},
        )  # fmt: skip


class StaffSheetForm(SheetForm):
    """The same, typed in by staff from a call or a paper."""

    came_by = SelectField("受け付けた方法", choices=choices_of(STAFF_WAYS))
    received_on = StringField("受け付けた日", [InputRequired("日付を入れてください。"), is_a_date])


class StepForm(Form):
    """Something done about a sheet beside its steps."""

    kind = SelectField(
        "何をしたか", choices=choices_of({key: STEP_KINDS[key] for key in ("urgent", "pre_meeting", "question", "answer")})
    )
    on = StringField("いつ", [InputRequired("日付を入れてください。"), is_a_date])
    by_agency = StringField("だれが・どの機関が", [Length(max=80)])
    text = StringField("内容", [InputRequired("したことを一言書いてください。"), Length(max=400)])


class ScreeningForm(ToldForm):
    """該当判断: the criteria, the result, and what the referrer hears of it."""

    criteria = SelectMultipleField("基準", choices=choices_of(CRITERIA))
    is_tried = BooleanField(TRIED)
    result = RadioField("判断", [InputRequired("三つから選んでください。")], choices=choices_of(RESULTS))
    override_reason = StringField("基準を満たさなくても受けるわけ", [Length(max=300)])
    returned_to = StringField("返す先の機関", [Length(max=80)])
    reason = StringField("返すわけ", [Length(max=300)])
    advice = TextAreaField("伝えた助言", [Length(max=1000)])
    decider = StringField("判断した人", [InputRequired("判断した人の名前を入れてください。"), Length(max=60)])
    decided_on = StringField("判断した日", [InputRequired("日付を入れてください。"), is_a_date])

    def validate_returned_to(self, field: Field) -> None:
        """Nobody is sent back without an address."""
        if self.result.data == "ordinary" and not (said(field) and said(self.reason)):
            raise ValidationError("通常案件として返すときは、返す先とわけを入れてください。")

    def validate_advice(self, field: Field) -> None:
        """Advice is what was said."""
        if self.result.data == "advice_only" and not said(field):
            raise ValidationError("伝えた助言を書いてください。")

    def judgement(self) -> Judgement:
        """What was decided."""
        ticked = set(self.criteria.data or ())
        return Judgement(
            result=self.result.data or "", decided_on=parse_date(said(self.decided_on)), decider=said(self.decider),
            is_tried=bool(self.is_tried.data), override_reason=said(self.override_reason), reason=said(self.reason),
            returned_to=said(self.returned_to), advice=said(self.advice), told=self.told(),
            **{name: name in ticked for name in CRITERIA},
        )  # fmt: skip
