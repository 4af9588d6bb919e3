"""The forms on a person's page of placements: a candidate by hand, a stage of the way from little to more."""

from __future__ import annotations

from wtforms import IntegerField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from service.cases.forms import is_a_date
from service.followup.placements.forms_steps import DayField
from service.web.forms import Form


class CandidateForm(Form):
    """Why this place, and on which days if that is known already."""

    slots = SelectMultipleField("考えている曜日・時間", choices=[], validate_choice=False)
    note = TextAreaField("この組み合わせを選んだわけ", [Length(max=300)])


class StageForm(Form):
    """How often and how long, from when."""

    days_per_week = IntegerField(
        "週に", [InputRequired("数字を入れてください。"), NumberRange(1, 7, "1〜7日にしてください。")]
    )
    minutes = IntegerField(
        "一回に", [InputRequired("数字を入れてください。"), NumberRange(10, 600, "10〜600分にしてください。")]
    )
    from_on = DayField("いつから", [is_a_date], description="前の段が続いてから決めるときは、空のままで")
    note = StringField("目安", [Length(max=200)], description="例 朝の電話なしで通えたら")
