"""Many hands on one opening: every tap that was thanked for is in the number, and no other."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.resources.models import Opening
from tests.cast import World

FEW, MANY = (4, 25), (8, 200)


def tap(world: World, taps: int, start: threading.Barrier) -> tuple[int, int]:
    """One client's taps: each is repeated with the version the answer shows until it is taken; (taken, refused)."""
    visitor, refused = world.visit("店主"), 0
    path = f"/host/openings/{world.ids['枠']}"
    version = version_in(visitor.get(path).text)
    start.wait()
    for _ in range(taps):
        while True:
            answer = visitor.submit(f"{path}/free", {"step": "+1", "_version": version})
            version = version_in(answer.text if answer.status_code == 409 else visitor.get(path).text)
            if answer.status_code == 303:
                break
            assert answer.status_code == 409
            refused += 1
    return taps, refused


def version_in(text: str) -> str:
    found = re.search(r'name="_version" value="(\d+)"', text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    "hands", [FEW, pytest.param(MANY, marks=pytest.mark.deep)], ids=lambda hands: f"{hands[0]}x{hands[1]}"
)
def test_no_update_of_an_opening_is_lost(kitchen: World, hands: tuple[int, int]) -> None:
    clients, taps = hands
    with kitchen.writing() as session:
        session.get_one(Opening, kitchen.ids["枠"]).free = 0
    with kitchen.writing() as session:
        session.get_one(Opening, kitchen.ids["枠"]).free = 1
    start = threading.Barrier(clients)
    with ThreadPoolExecutor(clients) as pool:
        told = [
            each.result() for each in [pool.submit(tap, kitchen, min(taps, 998 // clients), start) for _ in range(clients)]
        ]
    with kitchen.reading() as session:
        opening = session.get_one(Opening, kitchen.ids["枠"])
        assert opening.free == 1 + sum(taken for taken, _ in told)
        assert opening.confirmed_by == "海の台所 店主さん"
    # They did get into each other's way, or this would show nothing.
    assert sum(refused for _, refused in told) > 0
