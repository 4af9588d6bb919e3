"""Every handler says who may use it; one that does not say keeps the app from starting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.exceptions import ImproperlyConfiguredException, MethodNotAllowedException, NotAuthorizedException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.routes import HTTPRoute

from service.kernel.errors import Forbidden, NotFound
from service.web.actor import Actor


@dataclass(frozen=True)
class Permission:
    """A named right and the roles that hold it; `sees` is the right to know that the thing exists."""

    name: str
    roles: frozenset[str]
    sees: Permission | None = None

    def allows(self, actor: Actor) -> bool:
        """Whether one of the actor's roles holds this right."""
        return bool(self.roles & actor.roles)


PUBLIC = Permission("public", frozenset())
"""For the sign-in page, the static files and the health check; nothing of a town is behind it."""


def check_permission(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let the request through, or answer as if the thing did not exist unless its existence is known."""
    permission = handler.opt.get("perm")
    if not isinstance(permission, Permission):
        # Only the framework's own answers to OPTIONS come here without one; no page of ours asks for them.
        raise MethodNotAllowedException()
    if permission == PUBLIC:
        return
    actor: Actor | None = connection.scope["user"]
    if actor is None:
        raise NotAuthorizedException()
    if not permission.allows(actor):
        raise Forbidden() if permission.sees and permission.sees.allows(actor) else NotFound()


def handlers_of(app: Litestar) -> list[tuple[str, HTTPRouteHandler]]:
    """Every (path, handler) of the app but the OPTIONS answers the framework adds."""
    routes = [route for route in app.routes if isinstance(route, HTTPRoute)]
    pairs = [(route.path_format, handler) for route in routes for handler in route.route_handlers]
    return [(path, handler) for path, handler in pairs if handler.fn.__module__ != HTTPRoute.__module__]


def refuse_undeclared(app: Litestar) -> None:
    """Keep an app from starting while one of its handlers has not said who may use it."""
    others = [(route.path, route.route_handler) for route in app.routes if not isinstance(route, HTTPRoute)]
    for path, handler in [*handlers_of(app), *others]:
        if not isinstance(handler.opt.get("perm"), Permission):
            raise ImproperlyConfiguredException(f"{path}: this handler declares no permission (perm=…)")
