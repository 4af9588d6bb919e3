"""合同照合の設定: who can go along when, how many introductions, what a page takes, the reasons to choose from."""

from collections.abc import Iterable
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.accounts.roles import COORDINATOR, EDIT_SETTINGS, READ_SETTINGS
from service.kernel.db import new_id
from service.kernel.errors import DomainError
from service.matching.joint.forms_settings import SizesForm, read_sizes
from service.matching.joint.pages_settings import InForce, JointSettingsView, half_days_of, page_of, settings_view
from service.matching.joint.service import override_counts
from service.matching.joint.sizes import ACCOMPANY, COORDINATORS, OVERRIDES, PAGE, current_sizes, save_size, versions_of
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.once import earlier_result, remember_result
from service.web.page import go, render

HERE = "/settings/joint"


class JointSettings(Controller):
    """The sizes of the town."""

    path = HERE

    @get(perm=READ_SETTINGS, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """The sizes in force."""
        return _page(call, settings_view(_in_force(call.session), call.actor, None, new_id()))

    @post(perm=EDIT_SETTINGS, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Keep what was changed, as a new version; what cannot be read stays typed."""
        posted = Posted.read(data)
        if done := earlier_result(call.session, call.actor.id, posted.text("_once")):
            return go(done)
        known = _in_force(call.session)
        try:
            typed = read_sizes(posted, [user.login_name for user in known.coordinators], known.sizes.overrides)
        except DomainError as problem:
            once, said = posted.text("_once") or new_id(), f"{problem.message}{problem.remedy}"
            return _page(call, settings_view(known, call.actor, posted, once, said), problem.status)
        for key, now in _changed(typed, known):
            save_size(call.session, key, now, call.actor.label, call.now)
        remember_result(call.session, call.actor.id, posted.text("_once"), HERE, call.now)
        return go(HERE, "saved")


def _page(call: Call, view: JointSettingsView, status: int = 200) -> Response[str]:
    return render(call.request, "joint/settings.html", "合同照合の設定", view, status=status)


def _in_force(session: Session) -> InForce:
    users = session.scalars(select(User).where(User.active).order_by(User.name))
    counts = {reason.key: count for reason, count in override_counts(session)}
    coordinators = [user for user in users if COORDINATOR in user.roles]
    return InForce(current_sizes(session), coordinators, counts, versions_of(session))


def _changed(typed: SizesForm, known: InForce) -> Iterable[tuple[str, Any]]:
    sizes = known.sizes
    for key, now, before in (
        (ACCOMPANY, dict(typed.accompany), half_days_of(sizes)),
        (COORDINATORS, dict(typed.coordinators), dict(sizes.coordinators)),
        (OVERRIDES, list(typed.overrides), [vars(reason) for reason in sizes.overrides]),
        (PAGE, dict(typed.page), dict(page_of(known.versions))),
    ):
        if now != before:
            yield key, now
