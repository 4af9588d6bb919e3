"""Before any handler runs: which municipality, and who is asking."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.exceptions import NotFoundException
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from service.accounts.models import AuthSession
from service.accounts.sessions import TOUCH_EVERY, find_session
from service.kernel.clock import now_utc
from service.kernel.queue.working import AWAY
from service.web.actor import Actor, Town
from service.web.permission import PUBLIC
from service.web.security import refuse_foreign_origin
from service.web.turns import turn_to_write


def cookie_name(*, secure: bool) -> str:
    """`__Host-` binds the cookie to this host alone, but browsers accept it over TLS only."""
    return "__Host-tsunagi" if secure else "tsunagi"


class Doorkeeper(AbstractAuthenticationMiddleware):
    """Finds the municipality by the host name and the person by the session; guards decide the rest."""

    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        """Attach town and actor (None before sign-in) to the request."""
        town = _town_for(connection)
        connection.scope["state"]["town"] = town
        refuse_foreign_origin(connection)
        if connection.route_handler.opt.get("perm") == PUBLIC:
            return AuthenticationResult(user=None, auth=None)
        token = connection.cookies.get(cookie_name(secure=connection.app.state.secure))
        actor = await _actor_for(town, token) if token else None
        return AuthenticationResult(user=actor, auth=token)


def _town_for(connection: ASGIConnection[Any, Any, Any, Any]) -> Town:
    towns: dict[str, Town] = connection.app.state.towns
    if len(towns) == 1:
        return next(iter(towns.values()))
    town = towns.get(connection.headers.get("host", "").split(":")[0].lower())
    if town is None:
        raise NotFoundException()
    return town


async def _actor_for(town: Town, token: str) -> Actor | None:
    now = now_utc()
    row = await sync_to_thread(_living_session, town, token, now)
    if row is None:
        return None
    if now - row.last_seen_at >= TOUCH_EVERY:
        # Where nothing can be written now, whoever reads goes on reading; their session only ends a little sooner.
        with suppress(*AWAY):
            async with turn_to_write(town):
                await sync_to_thread(_touch, town, row.id, now)
    return row.user.as_actor()


def _living_session(town: Town, token: str, now: datetime) -> AuthSession | None:
    with town.database.read() as session:
        return find_session(session, token, now)


def _touch(town: Town, session_id: str, now: datetime) -> None:
    with town.database.write() as session:
        session.get_one(AuthSession, session_id).last_seen_at = now
