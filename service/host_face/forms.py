"""The forms of the hosts' pages."""

from __future__ import annotations

from typing import Any

from wtforms import PasswordField
from wtforms.validators import InputRequired, Length, Regexp

from service.resources.forms import NumberText, passage, words
from service.resources.members import SHORTEST_PASSWORD
from service.resources.models import Host, Opening
from service.web.forms import Form


class OpeningForm(Form):
    """Places and remarks of an opening; its hours stand beside the form."""

    free = NumberText("いま受け入れられる人数", 999)
    capacity = NumberText("定員", 9999)
    times_note = passage("曜日・時間について、ひとこと", 500)

    @classmethod
    def of(cls, opening: Opening) -> OpeningForm:
        """The form as the opening stands."""
        return cls(data={"free": _text(opening.free), "capacity": _text(opening.capacity), "times_note": opening.times_note})

    def values(self) -> dict[str, Any]:
        """What the valid form says, by column."""
        return {"free": self.free.number, "capacity": self.capacity.number, "times_note": self.times_note.said}


class CardForm(Form):
    """What a host says of itself."""

    contact_person = words("窓口の方のお名前")
    phone = words("電話")
    fax = words("FAX")
    email = words("メール", 200)
    url = words("ウェブサイト", 500)
    description = passage("どんなところか", 2000)

    @classmethod
    def of(cls, host: Host) -> CardForm:
        """The form as the host stands."""
        return cls(data=vars(host))


class JoinForm(Form):
    """Whoever takes up an invitation."""

    name = words("お名前", 50, "お名前を入れてください。")
    login_name = words("利用者名（サインインに使います）", 40, "利用者名を入れてください。")
    password = PasswordField(
        "パスワード",
        [
            InputRequired("パスワードを入れてください。"),
            Length(min=SHORTEST_PASSWORD, max=200, message=f"{SHORTEST_PASSWORD}字以上にしてください。"),
        ],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """The name to sign in with is of letters that every telephone can type."""
        rule = Regexp(r"[A-Za-z0-9._-]{3,40}\Z", message="英字・数字と . _ - で、3字以上にしてください。")
        return super().validate({**(extra_validators or {}), "login_name": [rule]})


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
