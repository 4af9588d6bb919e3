"""パスワードを決める: where a one-time code becomes a password of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from service.accounts.joining import choose_password, find_code
from service.accounts.passwords import weakness_of
from service.web.call import Call
from service.web.forms import Form, FormBody, Posted, said
from service.web.page import go, render
from service.web.permission import PUBLIC

WRONG = "利用者名か番号が違うか、番号の期限が切れています。"
TEMPLATE, TITLE = "accounts/join.html", "パスワードを決める"


class JoinForm(Form):
    """The name as given on the paper, the code, and the password twice."""

    login_name = StringField("利用者名", [InputRequired("利用者名を入力してください。"), Length(max=100)])
    code = StringField("一度だけの番号", [InputRequired("番号を入力してください。"), Length(max=40)])
    new = PasswordField("新しいパスワード", [InputRequired("新しいパスワードを入力してください。"), Length(max=200)])
    again = PasswordField("新しいパスワード（もう一度）", [Length(max=200)])

    def validate_again(self, field: PasswordField) -> None:
        """Typed blindly, so typed twice."""
        if field.data != self.new.data:
            raise ValidationError("二つの新しいパスワードが同じではありません。")


@dataclass(frozen=True)
class JoinView:
    """The page."""

    form: JoinForm
    problem: str = ""


class Join(Controller):
    """Nobody is signed in here; the code says who may choose."""

    path = "/join"

    @get(perm=PUBLIC, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """The empty form."""
        return render(call.request, TEMPLATE, TITLE, JoinView(JoinForm()))

    @post(perm=PUBLIC, sync_to_thread=True)
    def join(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """A right code and a good password: on to the door."""
        form = JoinForm(Posted.read(data))
        if not form.validate():
            return _again(call, form)
        name = said(form.login_name)
        row = find_code(call.session, call.town, name, said(form.code), call.now)
        if row is None:
            return _again(call, form, WRONG)
        if weakness := weakness_of(form.new.data or "", name, call.town.name):
            form.new.errors = [weakness]
            return _again(call, form)
        choose_password(call.session, row, form.new.data or "", call.now)
        return go("/sign-in", "joined")


def _again(call: Call, form: JoinForm, problem: str = "") -> Response[str]:
    return render(call.request, TEMPLATE, TITLE, JoinView(form, problem), 422)
