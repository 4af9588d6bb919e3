"""One request is one transaction: reading ones cannot write, writing ones save all or nothing."""

from collections.abc import Generator
from datetime import datetime
from typing import Any

from litestar import Request
from sqlalchemy.orm import Session

from service.kernel.audit import Signature, note
from service.kernel.clock import now_utc
from service.web.actor import Actor, Town

NOBODY = Actor(id="-", label="（サインイン前）", roles=frozenset())


def town_of(request: Request[Any, Any, Any]) -> Town:
    """The municipality this host name stands for."""
    town: Town = request.scope["state"]["town"]
    return town


def signature_of(town: Town, actor: Actor, at: datetime) -> Signature:
    """What the audit rows of this act are signed with."""
    return Signature(actor_id=actor.id, actor_label=actor.label, at=at, key=town.key)


def provide_town(request: Request[Any, Any, Any]) -> Town:
    """The municipality, for handlers that need its policies."""
    return town_of(request)


def provide_actor(request: Request[Any, Any, Any]) -> Actor:
    """The signed-in person; before sign-in, nobody."""
    return request.scope["user"] or NOBODY


def provide_now() -> datetime:
    """The instant this request began."""
    return now_utc()


def provide_session(request: Request[Any, Any, Any]) -> Generator[Session, None, None]:
    """The transaction of this request: committed after the page is made and before it leaves."""
    town, actor = town_of(request), request.scope["user"] or NOBODY
    signature = signature_of(town, actor, now_utc())
    if request.method != "GET":
        with town.database.write(signature=signature) as session:
            yield session
        return
    with town.database.read() as session:
        yield session
    # Looking is recorded too, but a reading transaction cannot write: the record gets its own, before
    # the page leaves, so a view that could not be recorded is a view that is not given.
    if acts := session.info.get("acts"):
        with town.database.write(signature=signature) as log:
            for act in acts:
                note(log, *act)
