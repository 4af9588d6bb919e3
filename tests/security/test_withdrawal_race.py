"""A host that keeps reading while the person takes the consent back: no answer begun after the write tells anything."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from service.cases.models import Person
from service.followup.sharing.withdrawing import withdraw_share
from service.host_face import home_controllers, home_pages
from service.host_face.agreed import AgreedHere, agreed_placements
from tests.cast import World
from tests.host_face.conftest import agree, kitchen

__all__ = ["kitchen"]
READERS = 3


def take_back(world: World) -> float:
    """The moment at which the withdrawal was saved."""
    with world.writing() as session:
        person = session.get_one(Person, world.ids["佐倉"])
        withdraw_share(session, world.town, world.actor("青木"), person, world.ids["海の台所"], "やめる", datetime.now(UTC))
    return time.monotonic()


def read_until(world: World, stop: threading.Event, ready: threading.Barrier) -> list[tuple[float, bool]]:
    """One host user: when each request was begun, and whether its answer tells the name."""
    paths = ("/host", "/host/week", f"/host/people/{world.ids['見学']}")
    seen: list[tuple[float, bool]] = []
    visitor = world.visit("店主")
    visitor.get("/host")
    ready.wait()
    while not stop.is_set():
        for path in paths:
            begun = time.monotonic()
            seen.append((begun, "佐倉" in visitor.get(path).text))
    return seen


def late_tellings(world: World) -> tuple[int, int]:
    """Of all answers of a race: how many told the name before, and how many that were begun after the write."""
    agree(world, items=("name", "days"))
    stop, ready = threading.Event(), threading.Barrier(READERS + 1)
    with ThreadPoolExecutor(READERS) as pool:
        readers = [pool.submit(read_until, world, stop, ready) for _ in range(READERS)]
        ready.wait()
        time.sleep(0.3)
        saved = take_back(world)
        time.sleep(0.3)
        stop.set()
        seen = [each for reader in readers for each in reader.result()]
    assert any(begun > saved for begun, _ in seen)
    return sum(told for begun, told in seen if begun <= saved), sum(told for begun, told in seen if begun > saved)


def test_nothing_is_told_once_the_withdrawal_is_saved(kitchen: World) -> None:
    before, after = late_tellings(kitchen)
    assert before > 0
    assert after == 0


def test_a_page_that_remembers_who_came_is_found_out(kitchen: World, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, AgreedHere] = {}

    def remembered(session: Session, host_id: str, today: date) -> Any:
        return kept.setdefault(host_id, agreed_placements(session, host_id, today))

    for room in (home_pages, home_controllers):
        monkeypatch.setattr(room, "agreed_placements", remembered)
    assert late_tellings(kitchen)[1] > 0
