"""Choosing a password: what is asked of it, and nothing that makes people write it on the screen."""

from typing import Final

from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from service.web.forms import Form

SHORTEST: Final = 12
_FEW: Final = 5
"""A password of fewer different letters is one letter typed often."""


def weakness_of(password: str, *known: str) -> str | None:
    """Why not this one; None where nothing speaks against it. `known` are words that everybody knows of this person."""
    if len(password) < SHORTEST:
        return f"{SHORTEST}文字以上にしてください。文（ことばの並び）にすると、長くても覚えられます。"
    if len(set(password)) < _FEW:
        return "同じ文字のくり返しは使えません。"
    if any(word and len(word) > 2 and word.lower() in password.lower() for word in known):
        return "利用者名や市の名前を含まないものにしてください。"
    return None


class NewPasswordForm(Form):
    """The one in force, and the new one twice."""

    password = PasswordField("いまのパスワード", [InputRequired("いまのパスワードを入力してください。"), Length(max=200)])
    new = PasswordField("新しいパスワード", [InputRequired("新しいパスワードを入力してください。"), Length(max=200)])
    again = PasswordField("新しいパスワード（もう一度）", [Length(max=200)])

    def validate_again(self, field: PasswordField) -> None:
        """Typed blindly, so typed twice."""
        if field.data != self.new.data:
            raise ValidationError("二つの新しいパスワードが同じではありません。")


class ProofForm(Form):
    """The password once more, before something that a borrowed screen must not do; and a code, of whoever has one."""

    password = PasswordField("パスワード", [InputRequired("パスワードを入力してください。"), Length(max=200)])
    code = StringField("番号", [Length(max=30)])
