"""One request is one call: who asks, in which town, when, inside which transaction.

Reading calls cannot write; writing ones save all or nothing, after the page is made and before it leaves.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Request
from litestar.concurrency import sync_to_thread
from sqlalchemy.orm import Session

from service.kernel.audit import Signature, note
from service.kernel.clock import now_utc
from service.web.actor import Actor, Town
from service.web.turns import turn_to_write

NOBODY = Actor(id="-", label="（サインイン前）", roles=frozenset())


@dataclass(frozen=True)
class Call:
    """What a handler works with."""

    request: Request[Any, Any, Any]
    town: Town
    actor: Actor
    now: datetime
    session: Session


async def provide_call(request: Request[Any, Any, Any]) -> AsyncGenerator[Call, None]:
    """Open the transaction of this request, and close it when the handler is done."""
    town: Town = request.scope["state"]["town"]
    actor, now = request.scope["user"] or NOBODY, now_utc()
    signature = Signature(actor_id=actor.id, actor_label=actor.label, at=now, key=town.key)
    if request.method != "GET":
        async with turn_to_write(town), _in_a_thread(town.database.write(signature=signature)) as session:
            yield Call(request, town, actor, now, session)
        return
    async with _in_a_thread(town.database.read()) as session:
        yield Call(request, town, actor, now, session)
    # Looking is recorded too, but a reading transaction cannot write: the record gets its own, before
    # the page leaves, so a view that could not be recorded is a view that is not given.
    if acts := session.info.get("acts"):
        async with turn_to_write(town):
            await sync_to_thread(_write_down, town, signature, acts)


@asynccontextmanager
async def _in_a_thread(transaction: AbstractContextManager[Session]) -> AsyncIterator[Session]:
    """A transaction that begins, saves and takes back in threads, so that the loop never waits for the disk."""
    session = await sync_to_thread(transaction.__enter__)
    try:
        yield session
    except BaseException as fault:
        await sync_to_thread(transaction.__exit__, type(fault), fault, fault.__traceback__)
        raise
    await sync_to_thread(transaction.__exit__, None, None, None)


def _write_down(town: Town, signature: Signature, acts: Sequence[tuple[Any, ...]]) -> None:
    with town.database.write(signature=signature) as log:
        for act in acts:
            note(log, *act)
