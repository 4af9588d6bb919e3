"""The sign-in form."""

from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from service.web.forms import Form


class SignInForm(Form):
    """Name and password."""

    login_name = StringField("利用者名", [InputRequired("利用者名を入力してください。"), Length(max=100)])
    password = PasswordField("パスワード", [InputRequired("パスワードを入力してください。"), Length(max=200)])
