"""Many hands on one opening: every change that was thanked for is in the number, and no other."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.resources.models import Opening
from tests.cast import World

FEW, MANY = (4, 25), (8, 200)
CHANGES = (1, 1, -1)
"""Up twice and down once, again and again: the count stays within what a host may type."""


def change(world: World, times: int, start: threading.Barrier) -> tuple[int, int]:
    """One client saves the form with the number it saw and one more or less, until it is taken; (what it added, refusals)."""
    visitor, path = world.visit("店主"), f"/host/openings/{world.ids['枠']}"
    added = refused = 0
    start.wait()
    for turn in range(times):
        by = CHANGES[turn % len(CHANGES)]
        while True:
            page = visitor.get(path).text
            form = {"free": str(int(found_in(page, "free")) + by), "_version": found_in(page, "_version")}
            answer = visitor.submit(path, form)
            if answer.status_code == 303:
                break
            assert answer.status_code == 409
            refused += 1
        added += by
    return added, refused


def found_in(page: str, name: str) -> str:
    """The number a field of the last form of the page holds."""
    found = re.findall(rf'<input(?=[^>]*name="{name}")[^>]*value="(\d+)"', page)
    assert found
    return str(found[-1])


@pytest.mark.parametrize(
    "hands", [FEW, pytest.param(MANY, marks=pytest.mark.deep)], ids=lambda hands: f"{hands[0]}x{hands[1]}"
)
def test_no_update_of_an_opening_is_lost(kitchen: World, hands: tuple[int, int]) -> None:
    clients, times = hands
    with kitchen.reading() as session:
        first = session.get_one(Opening, kitchen.ids["枠"])
    start = threading.Barrier(clients)
    with ThreadPoolExecutor(clients) as pool:
        told = [each.result() for each in [pool.submit(change, kitchen, times, start) for _ in range(clients)]]
    with kitchen.reading() as session:
        opening = session.get_one(Opening, kitchen.ids["枠"])
    assert (first.free, opening.free) == (3, 3 + sum(added for added, _ in told))
    assert opening.version == first.version + clients * times
    assert opening.confirmed_by == "海の台所 店主さん"
    # They did get into each other's way, or this would show nothing.
    assert sum(refused for _, refused in told) > 0
