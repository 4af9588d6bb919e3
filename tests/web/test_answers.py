"""Fields made from the vocabulary: read back exactly, and whatever is typed is answered with words."""

import contextlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.kernel.vocab import Attribute, SideType, VocabularyError, load_vocabulary
from service.web.answers import NOTHING, UNANSWERED, UNKNOWN, host_field, person_field, read_host, read_person, typed_field
from service.web.forms import Posted

VOCABULARY = load_vocabulary()
ASKED = VOCABULARY.asked_of_person
HOSTILE = [
    "²",
    "９" * 5000,
    "9" * 5000,
    "-1",
    "1e9",
    "٣",
    "Ⅳ",
    "①",
    "一",
    "\0",
    "\ud800",
    "nan",
    "0x10",
    "1_0",
    " ",
    "あ" * 9000,
]


def attribute_of(kind: SideType) -> Attribute:
    return next(a for a in ASKED if a.person.type is kind)


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_text_in_any_field_is_a_problem_in_words_or_left_aside(typed: str) -> None:
    for attribute in ASKED:
        name = f"a-{attribute.key}"
        ends = ("", "-text", "-max", "-lo", "-hi", "-0-days", "-0-start", "-0-end")
        posted = Posted.read({f"{name}{end}": typed for end in ends})
        sides = [(person_field, read_person)] + [(host_field, read_host)] * attribute.host.is_asked
        for field, read in sides:
            with contextlib.suppress(VocabularyError):
                read(attribute, posted)
            typed_field(field(attribute, UNANSWERED), posted, ())


@pytest.mark.parametrize("day", HOSTILE)
def test_a_weekday_that_is_none_is_a_problem_in_words(day: str) -> None:
    attribute = attribute_of(SideType.WINDOWS)
    name = f"a-{attribute.key}-0"
    posted = Posted.read({f"{name}-days": [day], f"{name}-start": "9:00", f"{name}-end": "10:00"})
    with pytest.raises(VocabularyError):
        read_person(attribute, posted)
    assert typed_field(person_field(attribute, UNANSWERED), posted, ()).rows[0]["start"] == "9:00"


@given(st.lists(st.tuples(st.sampled_from(["", "-text", "-max", "-lo", "-hi", "-0-days", "-0-start", "-0-end"]),
                          st.text(max_size=30)), max_size=6), st.sampled_from(ASKED))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_no_form_at_all_breaks_the_reader(pairs: list[tuple[str, str]], attribute: Attribute) -> None:
    posted: dict[str, Any] = {}
    for end, text in pairs:
        posted.setdefault(f"a-{attribute.key}{end}", []).append(text)
    form = Posted.read(posted)
    try:
        value = read_person(attribute, form)
    except VocabularyError:
        return
    # What was accepted is shown the same way it was typed in, and read again to the same value.
    if value is not UNANSWERED:
        again = person_field(attribute, value)
        assert again.chosen or again.text or again.rows or again.lo or again.hi


@pytest.mark.parametrize("attribute", ASKED, ids=lambda a: a.key)
def test_nothing_ticked_is_unanswered_and_nothing_special_is_an_answer(attribute: Attribute) -> None:
    assert read_person(attribute, Posted()) is UNANSWERED
    assert read_person(attribute, Posted.read({f"a-{attribute.key}": UNKNOWN})) is UNANSWERED
    assert read_person(attribute, Posted.read({f"a-{attribute.key}": NOTHING})) is None


@pytest.mark.parametrize("kind", [SideType.NUMBER, SideType.WINDOWS])
def test_nothing_in_particular_can_be_said_of_hours_and_numbers_and_lets_nothing_typed_go(kind: SideType) -> None:
    attribute = attribute_of(kind)
    name = f"a-{attribute.key}"
    assert read_person(attribute, Posted({name: [NOTHING]})) is None
    typed = {name: ["5", NOTHING]} if kind is SideType.NUMBER else {
        name: [NOTHING], f"{name}-0-days": ["0"], f"{name}-0-start": ["10:00"], f"{name}-0-end": ["11:00"],
    }  # fmt: skip
    assert read_person(attribute, Posted(typed)) is not None
