"""What watches over the machines learns of routes and states, and of nobody."""

import asyncio
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import structlog
from prometheus_client import REGISTRY, generate_latest
from structlog.testing import capture_logs

from service.commands.watching import TownFigures, begin_logging, show_figures
from service.kernel.queue.jobs import enqueue
from service.web.watching import Watched
from tests.cast import NOW, World

CANARY = "カナリア-6021"


def ask(world: World, method: str, path: str) -> int:
    """The answer's status, asked as a proxy would: from outside the application, in a thread whose loop is its own."""
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, _ask(world, method, path)).result()


async def _ask(world: World, method: str, path: str) -> int:
    transport: Any = httpx.ASGITransport(app=Watched(world.app))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return (await client.request(method, path)).status_code


def answered(method: str, route: str, status: int) -> float:
    """How often, until now."""
    labels = {"method": method, "route": route, "status": str(status)}
    return REGISTRY.get_sample_value("tsunagi_answers_total", labels) or 0.0


def test_answers_are_counted_by_route_and_nothing_a_visitor_chose_is_told(world: World) -> None:
    before = answered("GET", "/people/{person_id}", 303), answered("-", "-", 404)
    with capture_logs() as lines:
        assert ask(world, "GET", f"/people/{CANARY}") == 303
        assert ask(world, "GET", f"/{CANARY}?q={CANARY}") == 404
        assert ask(world, "BREW", f"/{CANARY}") == 404
    assert answered("GET", "/people/{person_id}", 303) == before[0] + 1
    assert answered("-", "-", 404) == before[1] + 1
    told = generate_latest().decode() + json.dumps(lines, ensure_ascii=False)
    assert "BREW" not in told
    assert CANARY not in told
    assert len(lines) == 3


def test_a_refusal_at_the_door_counts_as_what_it_became(world: World) -> None:
    before = answered("GET", "/api/v1/people/{person_id}/match", 401)
    assert ask(world, "GET", f"/api/v1/people/{CANARY}/match") == 401
    assert answered("GET", "/api/v1/people/{person_id}/match", 401) == before + 1


def test_a_towns_waiting_jobs_are_figures_under_its_code(world: World) -> None:
    with world.writing() as session:
        enqueue(session, "nightly", {}, now=NOW)
    told = {(family.name, *sample.labels.values()): sample.value for family in _families(world) for sample in family.samples}
    assert told[("tsunagi_jobs_waiting", world.town.code)] == 1.0
    assert told[("tsunagi_town_answers", world.town.code)] == 1.0
    assert world.town.name not in str(told)


def _families(world: World) -> list[Any]:
    return list(TownFigures(world.settings).collect())


def test_a_door_of_figures_that_is_taken_says_what_to_do(world: World) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SystemExit, match="--metrics"):
            show_figures(world.settings, taken.getsockname()[1])


def test_for_a_collector_every_line_of_the_log_is_one_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TSUNAGI_LOG", "json")
    try:
        begin_logging()
        structlog.get_logger().warning("a town is left alone for a while", town="149993")
    finally:
        structlog.reset_defaults()
    (line,) = [json.loads(each) for each in capsys.readouterr().out.splitlines()]
    assert (line["event"], line["town"], line["level"]) == ("a town is left alone for a while", "149993", "warning")
