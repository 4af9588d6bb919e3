"""Whoever writes in a town waits for a turn in the event loop, and not in one of its threads.

A request that writes needs a thread three times: to begin, to work, to save. If those who wait held the threads, the one
who writes could not get one to save with, and everybody would stand still until their patience ends.
"""

import asyncio
import builtins
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy.exc import TimeoutError

from service.web.actor import Town

PATIENCE: Final = 20.0
"""Seconds a request waits for its turn before it is told that there is too much going on."""

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, asyncio.Lock]] = WeakKeyDictionary()


@asynccontextmanager
async def turn_to_write(town: Town) -> AsyncIterator[None]:
    """One request of this process after the other, in the order in which they came; the database minds other processes."""
    lock = _turns.setdefault(asyncio.get_running_loop(), {}).setdefault(str(town.database.writing.url), asyncio.Lock())
    try:
        await asyncio.wait_for(lock.acquire(), PATIENCE)
    except builtins.TimeoutError:
        raise TimeoutError("no turn to write") from None
    try:
        yield
    finally:
        lock.release()
