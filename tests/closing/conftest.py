"""佐倉 on the day of the closing: begun in June, two good talks with both sides, the first of them late."""

from datetime import date

import pytest

from tests.cast import World
from tests.closing.journey import CLOSED, begin, keep, record, set_clock


@pytest.fixture
def ready(town_with_a_case: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """22 December, with everything the machine asks for."""
    world = town_with_a_case
    begin(world)
    with world.visit() as aoki:
        for today, raw_on, done_on in (
            (date(2026, 8, 19), date(2026, 7, 22), "R8.8.19"),
            (date(2026, 9, 28), date(2026, 9, 22), "R8.9.28"),
        ):
            keep(world, today)
            set_clock(monkeypatch, today)
            answer = record(aoki, world, raw_on, done_on=done_on)
            assert answer.status_code == 303, answer.text
    set_clock(monkeypatch, CLOSED)
    keep(world, CLOSED)
    return world
