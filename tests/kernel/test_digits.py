"""Whole numbers as people type them, the same everywhere."""

from typing import Any

import pytest

from service.kernel.digits import whole
from service.resources.town_words import settings
from tests.cast import World


@pytest.mark.parametrize("typed", ["12", "１２", " 12 ", "　１２　", "1２", "012"])
def test_digits_of_any_width_are_read(typed: str) -> None:
    assert whole(typed, 20) == 12


@pytest.mark.parametrize(
    "typed", ["", " ", "十二", "12.0", "-12", "1e1", "1_2", "21", "٣", "0" * 30 + "5", "1 2", "9" * 5000, "\x00", "𝟏𝟐x"]
)
def test_what_is_no_such_number_is_none_and_never_an_error(typed: str) -> None:
    assert whole(typed, 20) is None


def test_the_bounds_are_part_of_the_range() -> None:
    assert [whole(str(n), 5, 2) for n in range(1, 7)] == [None, 2, 3, 4, 5, None]


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/settings/access", {"minutes": "４５", "_version": "0"}),
        ("/settings/town", {"acknowledge_days": "４", "_version": "0"}),
        ("/settings/reports", {"few": "６", "_version": "0"}),
    ],
)
def test_full_width_digits_are_kept_on_pages_of_settings(world: World, path: str, form: dict[str, Any]) -> None:
    with world.visit("北条") as hojo:
        answer = hojo.submit(path, form | {"_once": "a"})
        assert answer.status_code == 303, answer.text
        assert f'value="{whole(next(iter(form.values())), 999)}"' in hojo.get(path).text


def test_a_number_of_the_town_that_is_none_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="1〜20の数で"):
        settings()["acknowledge_days"].read("三")
