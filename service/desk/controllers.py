"""今日, and the one search box."""

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import READ_CASES, READ_PROCESS, SIGNED_IN
from service.cases.people import FoundPerson, find_people
from service.cases.referrals.inbox import arrived
from service.cases.referrals.pages import InboxLine, inbox_view
from service.desk.fax_controllers import ReturnedSheets
from service.desk.health_controllers import CatalogueHealth
from service.desk.pages import FoundView, today_view
from service.desk.people.controllers import PeoplePages
from service.desk.preset_controllers import PresetPages
from service.desk.town_controllers import TownSettingsPages
from service.kernel.clock import day_in_japan
from service.resources.catalogue import Search, search_hosts
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import typed_text

SHOWN = 20
"""So many of each kind; whoever looks for one more types one more letter."""


class Desk(Controller):
    """What to do, and where to find things."""

    @get("/", perm=SIGNED_IN, sync_to_thread=True)
    def today(self, call: NamedDependency[Call]) -> Response[str]:
        """The first page: what waits, each line with its one action."""
        return render(
            call.request, "desk/today.html", "今日", today_view(call.session, call.town, call.actor, day_in_japan(call.now))
        )

    @post("/search", perm=SIGNED_IN, sync_to_thread=True, status_code=200)
    def search(self, call: NamedDependency[Call], data: FormBody) -> Response[str]:
        """People or their sheets, as far as they may be read, and places, by whatever was typed."""
        typed = typed_text(Posted.read(data).text("q"), 100)
        found = search_hosts(call.session, Search.read({"q": typed}), 1, day_in_japan(call.now)) if typed else None
        hosts = tuple((host.id, host.name) for host in found.hosts[:SHOWN]) if found else ()
        view = FoundView(typed, _people(call, typed), _sheets(call, typed), hosts)
        return render(call.request, "desk/found.html", "さがした結果", view)


def _people(call: Call, typed: str) -> tuple[FoundPerson, ...] | None:
    if not READ_CASES.allows(call.actor):
        return None
    return tuple(find_people(call.session, call.town, call.actor, typed)[:SHOWN]) if typed else ()


def _sheets(call: Call, typed: str) -> tuple[InboxLine, ...] | None:
    """Whoever follows the way of a case finds its sheet; those who read the case itself find the person."""
    if READ_CASES.allows(call.actor) or not READ_PROCESS.allows(call.actor):
        return None
    found = arrived(call.session, call.town, call.actor, typed=typed, is_open=False) if typed else ()
    return inbox_view(found[:SHOWN], typed, False, call.actor, day_in_japan(call.now)).lines


DESK_HANDLERS = [Desk, CatalogueHealth, ReturnedSheets, TownSettingsPages, PresetPages, PeoplePages]
