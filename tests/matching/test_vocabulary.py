"""The vocabulary is data: complete, consistent, and refused in Japanese when it cannot work."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.kernel.vocab import (
    Kind,
    Side,
    SideType,
    Strength,
    VocabularyError,
    attribute_from_row,
    attribute_to_row,
    check_value,
    load_vocabulary,
    say_value,
)
from tests.matching.cast import vocabulary

CODES = [
    "R-CONSENT",
    "R-PAUSED",
    "R-CAPACITY",
    "R-AVOID",
    "R-AVOID-ZONE",
    "R-LEGAL-AGE",
    "R-AGE",
    "R-GENDER",
    "R-NOMALE",
    "R-STAFF",
    "R-TIME",
    "R-SESSION",
    "R-FREQ",
    "R-TRAVEL",
    "R-REMOTE",
    "R-NOISE",
    "R-PEOPLE",
    "R-LIGHT",
    "R-HEAT",
    "R-CHEM",
    "R-ANIMAL",
    "R-SMOKE",
    "R-TALK",
    "R-CUSTOMER",
    "R-MONEY",
    "R-CHILD",
    "R-PHYSICAL",
    "R-SKILL",
    "R-STEPFREE",
    "R-TOILET",
    "R-MEDICAL",
    "R-WATCH",
    "R-COMM",
    "R-LEAVE",
    "R-ABSENCE",
    "R-EXPERIENCE",
    "R-ACCOMPANY",
    "R-CONTACT",
    "R-COST",
    "R-PAY",
]


def test_every_code_of_the_domain_is_there() -> None:
    assert set(CODES) <= {attribute.code for attribute in vocabulary()}


def test_only_what_may_be_proposed_to_be_dropped_is_suggestable() -> None:
    assert set(vocabulary().suggestable_codes) == {
        "R-TIME",
        "R-SESSION",
        "R-FREQ",
        "R-TRAVEL",
        "R-REMOTE",
        "R-NOISE",
        "R-PEOPLE",
        "R-CUSTOMER",
        "R-MONEY",
        "R-EXPERIENCE",
        "R-LEAVE",
        "R-COST",
        "R-PAY",
    }


def test_the_short_form_has_at_most_twenty_fields() -> None:
    assert len(vocabulary().core) == 20
    assert all(attribute.person.is_asked and attribute.ask_person for attribute in vocabulary().core)


def test_gates_are_locked_never_sounded_and_never_suggested() -> None:
    for attribute in vocabulary():
        assert attribute.locked == (attribute.strength is Strength.GATE)
        assert not (attribute.locked and (attribute.sounding or attribute.suggestable or attribute.negotiable))


def test_experience_and_medical_needs_are_never_told_to_a_host() -> None:
    assert {vocabulary()[key].sounding for key in ("experience", "medical", "travel", "elderly")} == {""}


def test_every_rule_has_its_reason_and_every_host_value_its_question() -> None:
    for attribute in vocabulary():
        assert attribute.reason or not attribute.kind.has_rule
        assert attribute.question or not attribute.host.is_asked
        assert attribute.section in {section.key for section in vocabulary().sections}


def test_implied_activities_exist() -> None:
    activities = {activity.key for activity in vocabulary().activities}
    assert set(vocabulary().implying) == {"animals"} <= activities


def test_an_attribute_survives_being_stored_as_a_row() -> None:
    for attribute in vocabulary():
        assert attribute_from_row(attribute_to_row(attribute)) == attribute


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"kind": "no_such"}, "読めません"),
        ({"label": ""}, "label"),
        ({"reason": ""}, "reason"),
        ({"reason": "{h"}, "閉じて"),
        ({"reason": "{h.__class__}"}, "項目の名前だけ"),
        ({"host": {"type": "number"}}, "型の組み合わせ|選択どうし"),
        ({"host": {"type": "choice", "choices": []}}, "選択肢"),
        ({"host": {"type": "choice", "choices": [[str(n), "値"] for n in range(64)]}}, "63個まで"),
        ({"ok": ["unheard"]}, "選択肢にない"),
        ({"colour": "red"}, "知らない項目"),
        ({"probe": "unheard"}, "にぎやか"),
    ],
)
def test_a_row_that_cannot_work_is_refused_with_its_name(change: dict[str, object], complaint: str) -> None:
    row = attribute_to_row(vocabulary()["noise"]) | change
    with pytest.raises(VocabularyError, match=complaint):
        attribute_from_row(row)


def test_a_broken_file_and_a_repeated_key_are_refused(tmp_path: Path) -> None:
    (tmp_path / "attributes.toml").write_text("[[attribute]\n", "utf-8")
    with pytest.raises(VocabularyError, match=r"attributes\.toml"):
        load_vocabulary(tmp_path)
    row = '[[attribute]]\nkey = "a"\ncode = "R-A"\nlabel = "あ"\nsection = "x"\nkind = "fact"\n'
    (tmp_path / "attributes.toml").write_text(row * 2, "utf-8")
    with pytest.raises(VocabularyError, match="重なって"):
        load_vocabulary(tmp_path)


@pytest.mark.parametrize(
    ("key", "side", "value", "words"),
    [
        ("age", "host", (15, 200), "15歳以上"),
        ("age", "host", (18, 64), "18〜64歳"),
        ("age", "host", (0, 25), "25歳まで"),
        ("age", "host", (0, 200), "制限なし"),
        ("crowd", "person", 6, "6人"),
        ("travel", "host", 2.5, "2.5km"),
        ("staff", "host", (), "なし"),
        ("staff", "host", None, "未確認"),
        ("remote", "host", False, "いいえ"),
        ("time", "person", ((0, 780, 960), (2, 780, 960)), "月水 13:00–16:00"),
        ("travel", "person", {"modes": ["walk", "pickup"], "max_min": 35}, "徒歩・送迎、片道35分まで"),
        ("interests", "person", {"tags": ["reading"], "text": "絵本"}, "読書／絵本"),
    ],
)
def test_values_read_as_words(key: str, side: str, value: object, words: str) -> None:
    assert say_value(getattr(vocabulary()[key], side), value) == words


@given(
    st.sampled_from(list(SideType)),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["modes", "max_min", "tags", "text"]), inner)
        ),
        max_leaves=6,
    ),
)
def test_any_value_is_either_taken_or_refused_in_japanese(kind: SideType, value: object) -> None:
    side = Side(kind, choices=vocabulary()["noise"].host.choices, lo=0, hi=9)
    try:
        kept = check_value(side, value, "項目")
    except VocabularyError:
        return
    assert check_value(side, kept, "項目") == kept
    assert say_value(side, kept)


def test_a_town_replaces_an_attribute_without_disturbing_the_order() -> None:
    louder = replace(vocabulary()["noise"], label="音")
    changed = vocabulary().with_attribute(louder)
    assert changed["noise"].label == "音"
    assert [a.key for a in changed] == [a.key for a in vocabulary()]
    assert changed.of_kind(Kind.TIME) == vocabulary().of_kind(Kind.TIME)
