"""合同照合の設定: who can go along when, how many introductions a coordinator can make, the reasons to choose from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.accounts.roles import COORDINATOR, EDIT_SETTINGS, READ_SETTINGS
from service.kernel.dates import WEEKDAYS
from service.kernel.db import new_id
from service.kernel.errors import DomainError
from service.matching.joint.forms_settings import read_sizes
from service.matching.joint.service import override_counts
from service.matching.joint.sizes import ACCOMPANY, COORDINATORS, HALF_DAYS, OVERRIDES, Sizes, current_sizes, save_size
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.once import earlier_result, remember_result
from service.web.page import go, render
from service.web.params import typed_text

HERE = "/settings/joint"
HALF_DAY_WORDS = {"AM": "午前", "PM": "午後"}


@dataclass(frozen=True)
class Field:
    """One number to type, empty = no limit."""

    name: str
    label: str
    text: str


@dataclass(frozen=True)
class ReasonField:
    """One reason for going another way, how often it was given, and whether it is offered."""

    key: str
    label: str
    count: int
    is_offered: bool
    is_fixed: bool


@dataclass(frozen=True)
class JointSettingsView:
    """The page."""

    days: tuple[str, ...]
    half_days: tuple[tuple[str, tuple[Field, ...]], ...]
    coordinators: tuple[Field, ...]
    reasons: tuple[ReasonField, ...]
    new: str
    problem: str
    may_edit: bool
    once: str


class JointSettings(Controller):
    """The sizes of the town."""

    path = HERE

    @get(perm=READ_SETTINGS, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """The sizes in force."""
        return render(call.request, "joint/settings.html", "合同照合の設定", _view(call, None, new_id()))

    @post(perm=EDIT_SETTINGS, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Keep what was changed, as a new version; what cannot be read stays typed."""
        posted = Posted.read(data)
        if done := earlier_result(call.session, call.actor.id, posted.text("_once")):
            return go(done)
        sizes = current_sizes(call.session)
        try:
            typed = read_sizes(posted, [user.login_name for user in _coordinators(call.session)], sizes.overrides)
        except DomainError as problem:
            view = _view(call, posted, posted.text("_once") or new_id(), f"{problem.message}{problem.remedy}")
            return render(call.request, "joint/settings.html", "合同照合の設定", view, status=problem.status)
        for key, now, before in (
            (ACCOMPANY, dict(typed.accompany), _half_days(sizes)),
            (COORDINATORS, dict(typed.coordinators), dict(sizes.coordinators)),
            (OVERRIDES, list(typed.overrides), [vars(reason) for reason in sizes.overrides]),
        ):
            if now != before:
                save_size(call.session, key, now, call.actor.label, call.now)
        remember_result(call.session, call.actor.id, posted.text("_once"), HERE, call.now)
        return go(HERE, "saved")


def _view(call: Call, posted: Posted | None, once: str, problem: str = "") -> JointSettingsView:
    sizes = current_sizes(call.session)
    kept, users = _half_days(sizes), _coordinators(call.session)
    counts = {reason.key: count for reason, count in override_counts(call.session)}

    def field(name: str, label: str, value: int | None) -> Field:
        text = typed_text(posted.text(name), 20) if posted else "" if value is None else str(value)
        return Field(name, label, text)

    return JointSettingsView(
        days=tuple(WEEKDAYS),
        half_days=tuple(
            (
                HALF_DAY_WORDS[half],
                tuple(field(f"h-{d}{half}", f"{d}曜 {HALF_DAY_WORDS[half]}", kept.get(f"{d}{half}")) for d in WEEKDAYS),
            )
            for half in HALF_DAYS
        ),
        coordinators=tuple(field(f"c-{u.login_name}", u.name, sizes.coordinators.get(u.login_name)) for u in users),
        reasons=tuple(_reason_fields(sizes, counts, posted)),
        new=typed_text(posted.text("new"), 40) if posted else "",
        problem=problem,
        may_edit=EDIT_SETTINGS.allows(call.actor),
        once=once,
    )


def _reason_fields(sizes: Sizes, counts: Mapping[str, int], posted: Posted | None) -> Sequence[ReasonField]:
    offered = set(posted.getlist("offer")) if posted else {r.key for r in sizes.overrides if r.is_offered}
    typed = {r.key: typed_text(posted.text(f"w-{r.key}"), 40) for r in sizes.overrides} if posted else {}
    return [
        ReasonField(r.key, typed.get(r.key) or r.label, counts.get(r.key, 0), r.key in offered, r.key == "other")
        for r in sizes.overrides
    ]


def _half_days(sizes: Sizes) -> dict[str, int]:
    """The limits as {"月AM": 2}; nothing where there is no limit."""
    if sizes.accompany is None:
        return {}
    return {f"{d}{half}": int(sizes.accompany[i, j]) for i, d in enumerate(WEEKDAYS) for j, half in enumerate(HALF_DAYS)}


def _coordinators(session: Session) -> list[User]:
    users = session.scalars(select(User).where(User.active).order_by(User.name))
    return [user for user in users if COORDINATOR in user.roles]
