"""The fixed forms of the catalogue: what may be typed, and what to do when it cannot be kept."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, ValidationError

from service.kernel.dates import DateProblem, format_wareki_short, parse_date
from service.kernel.digits import whole
from service.kernel.geo.coordinates import CoordinateFault, check_coordinates
from service.resources.interchange.drafts import HOST_KINDS
from service.resources.models import Host, Opening, Site
from service.resources.words import HOST_STATUS, OPENING_STATUS, THEMES
from service.web.forms import Form
from service.web.params import typed_text

Rows = list[tuple[str, str, str]]


def tidy(text: Any) -> str:
    """Text as typed, without what no keyboard produces; its length is judged by the field."""
    return typed_text(text, 100_000) if isinstance(text, str) else ""


class Line(StringField):
    """A line of text; `said` is never None."""

    @property
    def said(self) -> str:
        """What was typed, or nothing."""
        return self.data or ""


class Passage(TextAreaField):
    """Longer text; `said` is never None."""

    @property
    def said(self) -> str:
        """What was typed, or nothing."""
        return self.data or ""


def words(label: str, longest: int = 100, required: str = "", **more: Any) -> Line:
    """A line of text."""
    checks: list[Any] = [Length(max=longest, message=f"{longest}字までにしてください。")]
    return Line(label, [InputRequired(required), *checks] if required else checks, filters=[tidy], **more)


def passage(label: str, longest: int = 2000, required: str = "") -> Passage:
    """Longer text."""
    checks: list[Any] = [Length(max=longest, message=f"{longest}字までにしてください。")]
    return Passage(label, [InputRequired(required), *checks] if required else checks, filters=[tidy])


def select_choices(choices: Mapping[str, str]) -> list[Any]:
    """Choices as the form library takes them."""
    return [SelectChoice(key, label) for key, label in choices.items()]


class DateText(StringField):
    """A day in either calendar; `day` holds it once the form was validated."""

    day: date | None = None

    def pre_validate(self, form: Any) -> None:
        """Read the day, or say why not."""
        text = tidy(self.data)
        try:
            self.day = parse_date(text) if text else None
        except DateProblem as problem:
            raise ValidationError(str(problem)) from None


class NumberText(StringField):
    """A whole number from 0, full-width digits welcome; `number` holds it once the form was validated."""

    number: int | None = None

    def __init__(self, label: str, most: int, **more: Any) -> None:
        super().__init__(label, **more)
        self.most = most

    def pre_validate(self, form: Any) -> None:
        """Read the number, or say why not."""
        try:
            self.number = whole_number(tidy(self.data), self.most)
        except ValueError:
            raise ValidationError(
                f"0から{self.most}までの数字で入れてください。分からないときは空のままにします。"
            ) from None


def whole_number(text: str, most: int) -> int | None:
    """A number of people as typed, full-width digits welcome; None for nothing, ValueError for anything but 0 to `most`."""
    plain = text.strip().removesuffix("人")
    number = whole(plain, most)
    if number is None and plain.strip():
        raise ValueError("no such number")
    return number


class DegreesText(StringField):
    """Degrees of latitude or longitude; `degrees` holds them once the form was validated."""

    degrees: float | None = None

    def pre_validate(self, form: Any) -> None:
        """Read the degrees, or say why not."""
        text = unicodedata.normalize("NFKC", tidy(self.data)).strip()
        try:
            self.degrees = float(text) if text and len(text) < 25 else None
        except ValueError:
            raise ValidationError("「35.3197」のように、数字で入れてください。") from None
        if len(text) >= 25:
            raise ValidationError("けたが多すぎます。「35.3197」のように入れてください。")


class HostForm(Form):
    """The host itself."""

    name = words("名称", 200, "名称を入れてください。")
    kana = words("よみ（かな）", 200)
    kind = SelectField("種別", choices=select_choices(HOST_KINDS))
    themes = SelectMultipleField("支援のテーマ", choices=select_choices(THEMES))
    organisation = words("運営する団体", 200)
    status = RadioField("状況", choices=select_choices(HOST_STATUS), default="active")
    paused_until = DateText("休止はいつまで")
    pause_reason = words("休止の理由", 200)
    contact_person = words("窓口の方")
    phone = words("電話")
    fax = words("FAX")
    email = words("メール", 200)
    url = words("ウェブサイト", 500)
    description = passage("どんなところか")
    note = passage("備考")

    @classmethod
    def of(cls, host: Host) -> "HostForm":
        """The form as the host stands."""
        return cls(data=vars(host) | {"paused_until": _day_text(host.paused_until)})

    def values(self) -> dict[str, Any]:
        """What the valid form says, by column; a pause is only kept while it lasts."""
        paused = self.status.data == "paused"
        return dict(self.data) | {
            "paused_until": self.paused_until.day if paused else None,
            "pause_reason": self.pause_reason.data if paused else "",
        }


class NewHostForm(Form):
    """A new host with its first place and first opening, in one go."""

    name = words("名称", 200, "名称を入れてください。")
    kana = words("よみ（かな）", 200)
    kind = SelectField("種別", choices=select_choices(HOST_KINDS), default="ibasho")
    organisation = words("運営する団体", 200)
    contact_person = words("窓口の方")
    phone = words("電話")
    address = words("活動の場所の住所", 300)
    activity = words("活動の内容", 500, "どんな活動か、一言で入れてください。")
    times = words("曜日と時間", 400)
    free = NumberText("空き", 999)


class SiteForm(Form):
    """Where an activity takes place."""

    name = words("場所の名前", 200)
    address = words("住所", 300)
    building = words("建物・階", 200)
    lat = DegreesText("緯度")
    lon = DegreesText("経度")

    @classmethod
    def of(cls, site: Site) -> "SiteForm":
        """The form as the site stands."""
        return cls(data=vars(site) | {"lat": _degrees_text(site.lat), "lon": _degrees_text(site.lon)})

    def validate(self, extra_validators: Any = None) -> bool:
        """Both degrees or neither, and somewhere in Japan."""
        if not super().validate(extra_validators):
            return False
        problem = check_coordinates(self.lat.degrees, self.lon.degrees)
        if problem and problem.fault is not CoordinateFault.MISSING:
            self.lat.errors = [f"{problem.reason}{problem.remedy}"]
            return False
        return True


class OpeningForm(Form):
    """An opening as it is asked about on the telephone; its hours stand beside the form."""

    status = RadioField("状況", choices=select_choices(OPENING_STATUS), default="open")
    paused_until = DateText("休止はいつまで")
    pause_reason = words("休止・空きなしの理由", 200)
    free = NumberText("空き", 999)
    waiting = NumberText("空き待ち", 999)
    dates = passage("決まった日付（1行に一つ）", 2000)
    times_note = passage("曜日・時間の備考", 2000)
    title = words("枠の名前", 200, "枠の名前を入れてください。")
    activity = passage("活動の内容", 2000)
    capacity = NumberText("定員", 9999)
    confirmed_with = words("どなたに確認したか", 100)

    @classmethod
    def of(cls, opening: Opening) -> "OpeningForm":
        """The form as the opening stands."""
        numbers = {name: _number_text(getattr(opening, name)) for name in ("free", "waiting", "capacity")}
        dates = {"paused_until": _day_text(opening.paused_until), "dates": "\n".join(opening.dates)}
        return cls(data=vars(opening) | numbers | dates)


class RemarkForm(Form):
    """A remark among staff."""

    text = passage("職員のメモ", 2000, "メモを入れてください。")


class PersonForm(Form):
    """Somebody found at the host."""

    name = words("氏名", 100, "氏名を入れてください。")
    role = words("立場", 100)


def differences(mine: Form, theirs: Form) -> Rows:
    """Label, their value and mine for every field in which two versions of a form differ."""
    pairs = [(field, theirs[field.name]) for field in mine]
    return [(str(field.label.text), shown(other), shown(field)) for field, other in pairs if shown(field) != shown(other)]


def shown(field: Any) -> str:
    """A field's value in the words of the form."""
    if isinstance(field.data, list):
        return "・".join(str(choice.label) for choice in field.choices if choice.value in field.data)
    for choice in getattr(field, "choices", None) or ():
        if choice.value == field.data:
            return str(choice.label)
    return "" if field.data is None else str(field.data)


def problems_of(forms: Iterable[Form]) -> list[str]:
    """Every error of some forms as one list."""
    return [f"{field.label.text}：{error}" for form in forms for field in form for error in field.errors]


def _day_text(day: date | None) -> str:
    return "" if day is None else format_wareki_short(day)


def _number_text(number: int | None) -> str:
    return "" if number is None else str(number)


def _degrees_text(degrees: float | None) -> str:
    return "" if degrees is None else f"{degrees:.6f}".rstrip("0")
