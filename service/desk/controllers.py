"""今日, and the one search box."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import READ_CASES, SIGNED_IN
from service.cases.people import find_people
from service.desk.fax_controllers import ReturnedSheets
from service.desk.health_controllers import CatalogueHealth
from service.desk.pages import FoundView, today_view
from service.desk.preset_controllers import PresetPages
from service.desk.town_controllers import TownSettingsPages
from service.kernel.clock import day_in_japan
from service.resources.catalogue import Search, search_hosts
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import typed_text

AnyRequest = Request[Any, Any, Any]


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
        """People (for those who may read cases) and places, by whatever was typed."""
        typed = typed_text(Posted.read(data).text("q"), 100)
        people = find_people(call.session, call.town, call.actor, typed) if typed and READ_CASES.allows(call.actor) else []
        found = search_hosts(call.session, Search.read({"q": typed}), 1, day_in_japan(call.now)) if typed else None
        hosts = tuple((host.id, host.name) for host in found.hosts[:20]) if found else ()
        return render(call.request, "desk/found.html", "さがした結果", FoundView(typed, tuple(people[:20]), hosts))


DESK_HANDLERS = [Desk, CatalogueHealth, ReturnedSheets, TownSettingsPages, PresetPages]
