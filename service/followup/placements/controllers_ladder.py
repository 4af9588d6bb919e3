"""設定 of the ladder: names, deadlines, steps to leave out, reasons to decline; every save is a new version."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import EDIT_SETTINGS, READ_SETTINGS
from service.followup.placements.forms_ladder import read_ladder
from service.followup.placements.ladders import current_ladder, keep_ladder
from service.followup.placements.pages_ladder import ladder_view
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import expect_version

HERE = "/settings/ladder"
TITLE = "打診から定着までの設定"


class LadderSettings(Controller):
    """The ladder of the town."""

    path = HERE

    @get(perm=READ_SETTINGS, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """The ladder in force."""
        return render(call.request, "followup/ladder.html", TITLE, ladder_view(call, current_ladder(call.session)))

    @post(perm=EDIT_SETTINGS, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """A new version for what begins from now on; what cannot be read stays typed."""
        posted, before = Posted.read(data), current_ladder(call.session)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        expect_version(posted.text("_version"), before.version)
        typed = read_ladder(posted, before)
        if typed.problems:
            view = ladder_view(call, before, posted, typed.problems)
            return render(call.request, "followup/ladder.html", TITLE, view, status=422)
        if typed.ladder == before:
            return done(call.session, call.actor, posted, call.now, HERE, "nothing-to-save")
        keep_ladder(call.session, call.actor, typed.ladder, call.now)
        return done(call.session, call.actor, posted, call.now, HERE)
