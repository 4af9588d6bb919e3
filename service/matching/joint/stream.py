"""Progress that comes by itself: server-sent events, each a piece of the page, until the run has ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Final

from litestar.concurrency import sync_to_thread
from litestar.response import ServerSentEvent, ServerSentEventMessage

from service.matching.joint.pages_reading import look_at
from service.web.actor import Actor, Town
from service.web.templating import render_template

LOOK_SECONDS: Final = 1.0
"""How late a change may arrive on the page."""
LONGEST_SECONDS: Final = 60.0
"""A browser asks again by itself; no connection is held for ever."""


async def stream_progress(town: Town, actor: Actor, run_id: str, is_leaving: Callable[[], bool]) -> ServerSentEvent:
    """The stream of one run, until the process has to leave; refused like the page itself before anything is sent."""
    await sync_to_thread(look_at, town, actor, run_id)
    return ServerSentEvent(_follow(town, actor, run_id, is_leaving))


async def _follow(
    town: Town, actor: Actor, run_id: str, is_leaving: Callable[[], bool]
) -> AsyncIterator[ServerSentEventMessage]:
    told = None
    for _ in range(round(LONGEST_SECONDS / LOOK_SECONDS)):
        progress = await sync_to_thread(look_at, town, actor, run_id)
        if not progress.is_live:
            yield ServerSentEventMessage(event="done", data=progress.state)
            return
        if told != (told := replace(progress, seconds="")):
            yield ServerSentEventMessage(event="progress", data=render_template("joint/progress.html", view=progress))
        await asyncio.sleep(LOOK_SECONDS)
        if is_leaving():
            return
