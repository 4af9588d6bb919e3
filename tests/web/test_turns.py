"""More people write at once than there are threads, and nobody is kept waiting by those who wait."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime

import httpx
import pytest
import uvicorn
from sqlalchemy import func, select, text

from service.accounts.models import User
from service.accounts.sessions import issue_token
from service.resources.models import Remark
from tests.cast import World

AT_ONCE, ALL_ARE_IN, BEFORE_ANYBODY_GIVES_UP = 80, 2.0, 6.0


@pytest.fixture
def served(town_with_a_case: World) -> Iterator[str]:
    """The town behind a real server, for requests that are really at once."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        server = uvicorn.Server(uvicorn.Config(town_with_a_case.app, log_level="critical", lifespan="off"))
        running = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        running.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        running.join(20)


def test_those_who_wait_to_write_leave_the_threads_to_those_who_read(served: str, town_with_a_case: World) -> None:
    """Seen red while each writer waited in a thread: nobody could read until the first of them had given up."""
    world = town_with_a_case
    with world.writing() as session:
        token = issue_token(session, session.get_one(User, world.ids["青木"]), datetime.now(UTC))

    async def write_while_somebody_else_writes() -> list[int]:
        async with httpx.AsyncClient(base_url=served, cookies={"tsunagi": token}, timeout=60) as client:
            await client.get("/hosts")
            form = {"text": "気さくな店主", "_csrf_token": client.cookies["csrftoken"]}
            path = f"/hosts/{world.ids['海の台所']}/remarks"
            with world.writing() as session:
                session.execute(text("SELECT 1"))
                posts = [asyncio.create_task(client.post(path, data=form)) for _ in range(AT_ONCE)]
                await asyncio.sleep(ALL_ARE_IN)
                read = await asyncio.wait_for(client.get("/hosts"), BEFORE_ANYBODY_GIVES_UP)
                assert not any(post.done() for post in posts)
            return [read.status_code, *(answer.status_code for answer in await asyncio.gather(*posts))]

    # In a thread of its own: a browser of an earlier test may have left this one a loop that runs.
    with ThreadPoolExecutor(1) as apart:
        codes = apart.submit(lambda: asyncio.run(write_while_somebody_else_writes())).result()
    assert codes == [200, *[303] * AT_ONCE]
    with world.reading() as session:
        assert session.scalar(select(func.count(Remark.id))) == AT_ONCE
