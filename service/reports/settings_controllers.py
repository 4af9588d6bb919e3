"""設定 of the figures: how few are too few to leave the office; each save is a new version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import EDIT_SETTINGS, READ_SETTINGS
from service.kernel.db import new_id
from service.kernel.digits import whole
from service.kernel.errors import DomainError
from service.reports.figures import LEAST
from service.reports.numbers import HIGHEST, LOWEST, REPORTS, fewest
from service.resources.policies import keep
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import expect_version, typed_text

HERE: Final = "/settings/reports"


@dataclass(frozen=True)
class FewView:
    """The number, as it is or as it was typed."""

    few: str
    version: int
    lowest: int
    highest: int
    shipped: int
    may_edit: bool
    once: str
    problem: str


class ReportSettings(Controller):
    """The number in force."""

    path = HERE

    @get(perm=READ_SETTINGS, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """As it is."""
        return _page(call)

    @post(perm=EDIT_SETTINGS, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """A new version; what is asked for from now on uses it."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        try:
            expect_version(posted.text("_version"), fewest(call.session).version)
            few = _number(posted.text("few"))
        except DomainError as problem:
            return _page(call, posted, str(problem), problem.status)
        keep(call.session, call.actor, REPORTS, {"few": few}, call.now)
        return done(call.session, call.actor, posted, call.now, HERE)


def _number(text: str) -> int:
    few = whole(text, HIGHEST, LOWEST)
    if few is None:
        raise DomainError(
            f"「{typed_text(text, 20)}」は、ここには使えません。", f"{LOWEST}から{HIGHEST}までの数字を入れてください。", "few", 422
        )  # fmt: skip
    return few


def _page(call: Call, posted: Posted | None = None, problem: str = "", status: int = 200) -> Response[str]:
    known = fewest(call.session)
    few = typed_text(posted.text("few"), 20) if posted else str(known.few)
    view = FewView(few, known.version, LOWEST, HIGHEST, LEAST, EDIT_SETTINGS.allows(call.actor), new_id(), problem)
    return render(call.request, "reports/settings.html", "外に出す統計の数", view, status)
