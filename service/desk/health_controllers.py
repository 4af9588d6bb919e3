"""台帳のようす: what the next telephone call should be about."""

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from service.accounts.roles import READ_CATALOGUE
from service.desk.health import health_view
from service.kernel.clock import day_in_japan
from service.web.call import Call
from service.web.page import render


class CatalogueHealth(Controller):
    """How well the catalogue is kept."""

    @get("/catalogue", perm=READ_CATALOGUE, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """Whom to call, who is never asked, what nobody knows, what hosts answered."""
        view = health_view(call.session, call.town, day_in_japan(call.now))
        return render(call.request, "desk/health.html", "台帳のようす", view)
