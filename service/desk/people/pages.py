"""サインインする人: what its pages show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from service.accounts.approvals import LONGEST_REASON, open_questions
from service.accounts.joining import code_in_force
from service.accounts.models import Approval, User
from service.accounts.roles import ASK_PEOPLE
from service.desk.people.deciding import GIVEN, JOIN, KINDS, ROLES, may_confirm, people_who_sign_in
from service.kernel.dates import say_instant
from service.web.call import Call
from service.web.forms import Form, choices_of

_REASON = "わけを書いてください。"


class AskForm(Form):
    """Which roles, and why."""

    roles = SelectMultipleField("役割", choices=choices_of(GIVEN))
    reason = TextAreaField("わけ", [InputRequired(_REASON), Length(max=LONGEST_REASON)])


class InviteForm(AskForm):
    """Whom: the name people know, and the one typed at the door."""

    name = StringField("氏名", [InputRequired("氏名を入力してください。"), Length(max=60)])
    login_name = StringField(
        "利用者名",
        [
            InputRequired("利用者名を入力してください。"),
            Regexp(r"[a-z][a-z0-9._-]{2,29}\Z", message="半角の小文字で始まる3〜30文字（英数字と . _ -）にしてください。"),
        ],
    )


@dataclass(frozen=True)
class QuestionLine:
    """One thing that was asked for, and how it was answered."""

    id: str
    about: str
    what: str
    roles: str
    reason: str
    asked: str
    answered: str
    may_confirm: bool


@dataclass(frozen=True)
class PersonLine:
    """One account in the list."""

    id: str
    name: str
    login_name: str
    roles: str
    state: str


@dataclass(frozen=True)
class PeopleView:
    """What waits, and everybody."""

    waiting: tuple[QuestionLine, ...]
    people: tuple[PersonLine, ...]
    may_ask: bool


@dataclass(frozen=True)
class PersonView:
    """One account: how it stands, what was asked about it, and what can be asked."""

    person: PersonLine
    is_active: bool
    is_own: bool
    questions: tuple[QuestionLine, ...]
    kinds: tuple[tuple[str, str], ...]
    may_ask: bool
    form: AskForm
    what: str
    once: str
    problem: str


@dataclass(frozen=True)
class InviteView:
    """The form for somebody new."""

    form: InviteForm
    once: str


@dataclass(frozen=True)
class CodeView:
    """A one-time code, shown this once."""

    name: str
    login_name: str
    code: str
    until: str
    address: str


def people_view(call: Call) -> PeopleView:
    """The list."""
    waiting = tuple(_line(call, each) for each in open_questions(call.session, call.now) if each.kind in KINDS)
    people = tuple(person_line(call.session, user, call.now) for user in people_who_sign_in(call.session))
    return PeopleView(waiting, people, ASK_PEOPLE.allows(call.actor))


def person_view(call: Call, user: User, form: AskForm, what: str, once: str, problem: str) -> PersonView:
    """One of them."""
    asked = select(Approval).where(Approval.user_id == user.id).order_by(Approval.asked_at.desc(), Approval.id)
    questions = tuple(_line(call, each) for each in call.session.scalars(asked) if each.kind in KINDS)
    kinds = tuple((kind, label) for kind, label in KINDS.items() if (kind == JOIN) != user.active)
    return PersonView(
        person_line(call.session, user, call.now), user.active, user.id == call.actor.id, questions, kinds,
        ASK_PEOPLE.allows(call.actor), form, what or kinds[0][0], once, problem,
    )  # fmt: skip


def person_line(session: Session, user: User, now: datetime) -> PersonLine:
    """How an account stands, in words."""
    return PersonLine(user.id, user.name, user.login_name, _roles(user.roles), _state(session, user, now))


def _state(session: Session, user: User, now: datetime) -> str:
    code = code_in_force(session, user.id, now)
    if code is not None:
        return f"番号を渡した（{say_instant(code.expires_at)}まで）"
    if user.active:
        return "使っている"
    return "確認を待っている" if open_questions(session, now, user.id) else "使えない"


def _line(call: Call, question: Approval) -> QuestionLine:
    user = call.session.get_one(User, question.user_id)
    is_open = question in open_questions(call.session, call.now, question.user_id)
    return QuestionLine(
        id=question.id,
        about=user.name,
        what=KINDS[question.kind],
        roles=_roles(question.facts.get("roles", [])) if question.kind in (JOIN, ROLES) else "",
        reason=question.reason,
        asked=f"{question.asked_by}・{say_instant(question.asked_at)}",
        answered=_answered(question, is_open=is_open),
        may_confirm=is_open and may_confirm(call.actor, question),
    )


def _answered(question: Approval, *, is_open: bool) -> str:
    if question.decided_at is None:
        return "" if is_open else "だれも確かめないまま、期限が過ぎました"
    said = "確かめた" if question.agreed else f"認めない：{question.answer}"
    return f"{said}（{question.decided_by}・{say_instant(question.decided_at)}）"


def _roles(roles: list[str]) -> str:
    return "・".join(GIVEN[role] for role in roles if role in GIVEN)
