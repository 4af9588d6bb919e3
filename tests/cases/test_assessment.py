"""The assessment: saved answer by answer, losing nothing."""

from typing import Any

import pytest

from service.cases.models import Need
from tests.cast import World


def stored(world: World, key: str) -> Need | None:
    with world.reading() as session:
        return session.query(Need).filter_by(attribute=key, person_id=world.ids["佐倉"]).one_or_none()


@pytest.fixture
def here(town_with_a_case: World) -> str:
    return f"/people/{town_with_a_case.ids['佐倉']}/assessment"


def test_an_answer_is_saved_by_itself_and_the_page_is_told(town_with_a_case: World, here: str) -> None:
    answer = town_with_a_case.visit().submit(f"{here}/noise", {"a-noise": "quiet", "s-noise": "hard", "v-noise": "0"})
    assert answer.status_code == 200
    assert answer.headers["hx-trigger"] == "assessment-saved"
    need = stored(town_with_a_case, "noise")
    assert (need.value, need.strength, need.version) == ("quiet", "hard", 1)


@pytest.mark.parametrize(
    ("key", "form", "value"),
    [
        ("session", {"a-session": "９０"}, 90),
        ("travel", {"a-travel": ["walk", "transit"], "a-travel-max": "35"}, {"modes": ["walk", "transit"], "max_min": 35}),
        (
            "time",
            {"a-time-0-days": ["0", "2"], "a-time-0-start": "13時", "a-time-0-end": "16:00"},
            [[0, 780, 960], [2, 780, 960]],
        ),
        ("customer", {"a-customer": "yes"}, True),
        ("experience", {"a-experience": ["hikikomori", "mental"]}, ["hikikomori", "mental"]),
        (
            "interests",
            {"a-interests": ["reading"], "a-interests-text": "静かに本を"},
            {"tags": ["reading"], "text": "静かに本を"},
        ),
        ("animals", {"a-animals": "_none"}, None),
    ],
)
def test_every_type_of_answer_is_kept_as_it_was_meant(
    town_with_a_case: World, here: str, key: str, form: dict[str, Any], value: Any
) -> None:
    assert town_with_a_case.visit().submit(f"{here}/{key}", {**form, f"v-{key}": "0"}).status_code == 200
    need = stored(town_with_a_case, key)
    assert need is not None
    assert need.value == value


def test_unanswered_is_neither_saved_nor_taken_for_no_need(town_with_a_case: World, here: str) -> None:
    town_with_a_case.visit().submit(f"{here}/animals", {"a-animals": "", "v-animals": "0"})
    assert stored(town_with_a_case, "animals") is None


def test_good_answers_are_saved_and_bad_ones_come_back_as_typed(town_with_a_case: World, here: str) -> None:
    form = {"a-session": "九十", "v-session": "0", "a-crowd": "8", "v-crowd": "0", "w-session": "疲れやすい"}
    page = town_with_a_case.visit().submit(here, form)
    assert page.status_code == 422
    assert 'value="九十"' in page.text
    assert 'value="疲れやすい"' in page.text
    assert "数字だけで入れてください" in page.text
    assert stored(town_with_a_case, "crowd").value == 8


def test_two_people_on_one_answer_do_not_overwrite_each_other(town_with_a_case: World, here: str) -> None:
    visitor = town_with_a_case.visit()
    visitor.submit(f"{here}/noise", {"a-noise": "quiet", "v-noise": "0"})
    late = visitor.submit(f"{here}/noise", {"a-noise": "lively", "v-noise": "0"})
    assert late.status_code == 409
    assert "静か" in late.text
    assert stored(town_with_a_case, "noise").value == "quiet"
    assert visitor.submit(f"{here}/noise", {"a-noise": "lively", "v-noise": "1"}).status_code == 200


def test_the_history_says_what_changed_when_and_by_whom(town_with_a_case: World, here: str) -> None:
    visitor = town_with_a_case.visit()
    visitor.submit(f"{here}/noise", {"a-noise": "quiet", "v-noise": "0"})
    visitor.submit(f"{here}/noise", {"a-noise": "normal", "v-noise": "1"})
    page = visitor.get(f"/people/{town_with_a_case.ids['佐倉']}").text
    assert "にぎやかさ: 静か → ふつう" in page
    assert "青木（参加支援）" in page


def test_an_unknown_question_is_like_an_absent_page(town_with_a_case: World, here: str) -> None:
    assert town_with_a_case.visit().submit(f"{here}/nonsense", {"a-nonsense": "1"}).status_code == 404
