"""What hosts answered: the nearer level wins, unknown stays unknown, and only what changed is written."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from service.kernel.errors import NotFound
from service.kernel.vocab import VocabularyError
from service.resources.conditions import effective_conditions, negotiable_keys, record_answer
from service.resources.models import Condition
from service.resources.vocabulary import current_vocabulary
from tests.cast import TODAY, World


@dataclass(frozen=True)
class Said:
    """An answer on some level."""

    attribute: str
    value: Any
    site_id: str | None = None
    opening_id: str | None = None
    negotiable: bool = False


def test_the_opening_overrides_the_site_and_the_site_the_host() -> None:
    said = [Said("noise", "quiet"), Said("noise", "normal", site_id="s"), Said("noise", "lively", opening_id="o")]
    assert effective_conditions(said, "s", "o") == {"noise": "lively"}
    assert effective_conditions(said, "s", "other") == {"noise": "normal"}
    assert effective_conditions(said, "other", "other") == {"noise": "quiet"}


def test_a_null_nearer_by_is_unknown_again_and_takes_its_mark_along() -> None:
    said = [Said("crowd", 5, negotiable=True), Said("crowd", None, opening_id="o")]
    assert effective_conditions(said, "s", "o") == {}
    assert negotiable_keys(said, "s", "o") == frozenset()
    assert negotiable_keys(said, "s", "other") == {"crowd"}


LEVELS = st.sampled_from([(None, None), ("s", None), (None, "o"), ("other", None), (None, "other")])
ANSWERS = st.lists(
    st.builds(lambda level, value: Said("x", value, *level), LEVELS, st.integers(0, 3) | st.none()),
    max_size=4, unique_by=lambda said: (said.site_id, said.opening_id),
)  # fmt: skip


@given(ANSWERS, st.randoms())
def test_the_order_in_which_answers_are_read_does_not_matter(said: Sequence[Said], chance: Any) -> None:
    shuffled = list(said)
    chance.shuffle(shuffled)
    assert effective_conditions(said, "s", "o") == effective_conditions(shuffled, "s", "o")


def stored(world: World) -> dict[str, Condition]:
    """The conditions as they stand."""
    with world.reading() as session:
        return {row.attribute: row for row in session.scalars(select(Condition))}


def was(value: Any, negotiable: bool = False, stands: bool = True) -> str:
    """An answer as the page carries it."""
    return json.dumps([value, negotiable, stands], ensure_ascii=False)


NEVER = was(None, False, False)


def save(world: World, data: dict[str, Any], level: str = "") -> Any:
    """青木 saves conditions of 海の台所."""
    with world.visit() as browser:
        return browser.submit(f"/hosts/{world.ids['海の台所']}/conditions{level}", data)


def test_only_changed_answers_are_written_with_day_and_names(town_with_a_case: World) -> None:
    data = {
        "answered_by": "山田さん",
        "was-noise": NEVER,
        "a-noise": "quiet",
        "was-crowd": NEVER,
        "a-crowd": "",
        "n-noise": "1",
    }
    answer = save(town_with_a_case, data)
    assert answer.headers["location"].endswith("done=saved")
    rows = stored(town_with_a_case)
    assert set(rows) == {"noise"}
    assert (rows["noise"].value, rows["noise"].negotiable, rows["noise"].answered_by) == ("quiet", True, "山田さん")
    assert rows["noise"].answered_on is not None
    assert "青木" in rows["noise"].recorded_by


def test_clearing_an_answer_makes_it_unknown_not_no(town_with_a_case: World) -> None:
    save(town_with_a_case, {"was-smoke": NEVER, "a-smoke": "none"})
    save(town_with_a_case, {"was-smoke": was("none"), "a-smoke": ""})
    assert stored(town_with_a_case)["smoke"].value is None


def test_an_untouched_form_changes_nothing(town_with_a_case: World) -> None:
    save(town_with_a_case, {"was-noise": NEVER, "a-noise": "quiet"})
    before = stored(town_with_a_case)["noise"].version
    answer = save(town_with_a_case, {"was-noise": was("quiet"), "a-noise": "quiet", "answered_by": "別の人"})
    assert answer.headers["location"].endswith("done=nothing-to-save")
    assert stored(town_with_a_case)["noise"].version == before


def test_only_a_clash_over_the_same_condition_stops_the_second_writer(town_with_a_case: World) -> None:
    save(town_with_a_case, {"was-noise": NEVER, "a-noise": "quiet"})
    other = save(town_with_a_case, {"was-noise": NEVER, "was-smoke": NEVER, "a-smoke": "none"})
    clash = save(town_with_a_case, {"was-noise": NEVER, "a-noise": "lively", "answered_by": "川田さん"})
    assert other.status_code == 303
    assert clash.status_code == 409
    assert "川田さん" in clash.text
    assert all(word in clash.text for word in ("静か", "にぎやか", "先に保存しました"))
    assert stored(town_with_a_case)["noise"].value == "quiet"


def test_an_opening_may_say_otherwise_or_be_unknown_again(town_with_a_case: World) -> None:
    save(town_with_a_case, {"was-noise": NEVER, "a-noise": "quiet", "was-crowd": NEVER, "a-crowd": "5"})
    level = f"?opening={town_with_a_case.ids['枠']}"
    save(town_with_a_case, {"was-noise": NEVER, "a-noise": "lively", "was-crowd": NEVER, "u-crowd": "1"}, level)
    with town_with_a_case.reading() as session:
        rows = session.scalars(select(Condition)).all()
        site_id = "x"
        assert effective_conditions(rows, site_id, town_with_a_case.ids["枠"]) == {"noise": "lively"}
    with town_with_a_case.visit() as browser:
        page = browser.get(f"/hosts/{town_with_a_case.ids['海の台所']}").text
        sheet = browser.get(f"/hosts/{town_with_a_case.ids['海の台所']}/conditions{level}").text
    assert "枠「海の台所」では にぎやか" in page
    assert "受け入れ先全体では：静か" in sheet


@pytest.mark.parametrize(("field", "typed"), [("crowd", "いっぱい"), ("crowd", "９９９９９９９９９"), ("noise", "loud")])
def test_an_answer_that_cannot_be_kept_is_said_and_stays(town_with_a_case: World, field: str, typed: str) -> None:
    answer = save(town_with_a_case, {f"was-{field}": NEVER, f"a-{field}": typed, "answered_by": "残る名前"})
    assert answer.status_code == 422
    assert "残る名前" in answer.text
    assert stored(town_with_a_case) == {}


def test_conditions_of_another_hosts_opening_are_not_found(town_with_a_case: World) -> None:
    assert save(town_with_a_case, {"was-noise": NEVER, "a-noise": "quiet"}, f"?opening={'0' * 32}").status_code == 404


def test_an_answer_from_the_telephone_is_written_back_once(town_with_a_case: World) -> None:
    host_id, opening_id = town_with_a_case.ids["海の台所"], town_with_a_case.ids["枠"]
    with town_with_a_case.writing() as session:
        vocabulary, actor = current_vocabulary(session), town_with_a_case.actor("青木")
        written = [
            record_answer(session, host_id, opening_id, vocabulary["crowd"], 6, "山田さん", actor, TODAY) for _ in range(2)
        ]
        with pytest.raises(VocabularyError):
            record_answer(session, host_id, None, vocabulary["crowd"], "六人", "山田さん", actor, TODAY)
        with pytest.raises(NotFound):
            record_answer(session, "0" * 32, None, vocabulary["crowd"], 6, "山田さん", actor, TODAY)
    row = stored(town_with_a_case)["crowd"]
    assert written == [True, False]
    assert (row.value, row.opening_id, row.answered_by, row.answered_on) == (6, opening_id, "山田さん", TODAY)
