"""The form of an agency: what may be typed, and what to do when it cannot be kept."""

from typing import Any

from wtforms import BooleanField, SelectField, SelectMultipleField

from service.kernel.dates import format_wareki_short
from service.resources.agencies.kinds import FIELDS, KINDS, say_fields
from service.resources.agencies.models import Agency
from service.resources.forms import DateText, passage, select_choices, shown, words
from service.web.forms import Form

Rows = tuple[tuple[str, str, str], ...]


class AgencyForm(Form):
    """One entry of the directory."""

    name = words("名称", 200, "名称を入れてください。")
    kana = words("よみ（かな）", 200)
    kind = SelectField("種類", choices=select_choices(KINDS), default="section")
    section = words("担当課", 100)
    is_municipal = BooleanField("市の窓口（直営）")
    fields = SelectMultipleField("分野", choices=select_choices(FIELDS))
    handles = passage("受けること", 1000)
    address = words("住所", 300)
    phone = words("電話", 60)
    fax = words("FAX", 60)
    email = words("メール", 200)
    hours = words("受付時間", 200)
    contact = words("窓口の方", 100)
    note = passage("備考", 1000)
    confirmed_on = DateText("確認日")

    @classmethod
    def of(cls, agency: Agency) -> "AgencyForm":
        """The form as the agency stands."""
        day = agency.confirmed_on
        return cls(data=vars(agency) | {"confirmed_on": format_wareki_short(day) if day else ""})

    def values(self) -> dict[str, Any]:
        """What the valid form says, by column."""
        chosen = set(self.data["fields"] or ())
        return dict(self.data) | {
            "fields": [key for key in FIELDS if key in chosen], "confirmed_on": self.confirmed_on.day
        }  # fmt: skip


def differing(mine: AgencyForm, theirs: AgencyForm) -> Rows:
    """Label, their value and mine wherever two versions of the form differ."""
    pairs = [(str(field.label.text), _said(theirs[field.name]), _said(field)) for field in mine]
    return tuple(row for row in pairs if row[1] != row[2])


def _said(field: Any) -> str:
    if isinstance(field, SelectMultipleField):
        return say_fields(field.data or ())
    if isinstance(field, BooleanField):
        return "はい" if field.data else "いいえ"
    return shown(field)
