"""The form of what one host may be told."""

from datetime import date

from wtforms import Field, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from service.cases.consent import METHOD_LABELS
from service.cases.forms import is_a_date
from service.cases.sharing import ITEMS
from service.kernel.dates import parse_date
from service.web.forms import Form, choices_of

USUAL = ("name", "days", "conditions", "agreed")


class ShareForm(Form):
    """Which items, until when, and how it was agreed."""

    items = SelectMultipleField("伝えてよい項目", choices=choices_of(ITEMS), default=USUAL)
    until = StringField("いつまで", [is_a_date], description="入れなければ、利用が終わるまで")
    method = SelectField("方法", choices=choices_of(METHOD_LABELS))
    given_by = StringField("だれが", [InputRequired("同意した人を入力してください。"), Length(max=60)], default="本人")
    decided_on = StringField("いつ", [InputRequired("日付を入力してください。"), is_a_date])
    reason = StringField("メモ", [Length(max=200)])

    def validate_items(self, field: Field) -> None:
        """Agreeing to nothing is a refusal."""
        if not field.data:
            raise ValidationError("伝える項目を一つ以上選んでください。何も伝えないときは、撤回を使います。")

    @property
    def until_day(self) -> date | None:
        """The last day, where there is one."""
        return parse_date(self.until.data) if self.until.data else None


class WithdrawForm(Form):
    """Why it was taken back."""

    given_by = StringField("だれが", [InputRequired("撤回した人を入力してください。"), Length(max=60)], default="本人")
    reason = StringField("ひとこと", [InputRequired("本人の言葉か、わけを書いてください。"), Length(max=200)])
