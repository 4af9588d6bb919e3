"""「もし〜なら」: needs changed for one look, kept in the address and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlencode

from service.kernel.digits import whole
from service.kernel.timetable import SlotProblem, SlotText, format_slots, parse_slots
from service.kernel.vocab import Attribute, SideType, Strength, Vocabulary, VocabularyError, check_value
from service.matching.facts import Need, PersonFacts
from service.web.answers import plain_value

OFF: Final = "off"
STRENGTHS: Final = (Strength.HARD, Strength.WISH, Strength.NICE)
_LONGEST: Final = 200
_EDITABLE: Final = (SideType.NUMBER, SideType.CHOICE, SideType.TRAVEL, SideType.WINDOWS)


@dataclass(frozen=True)
class WhatIf:
    """Changed strengths (OFF drops the need) and changed values by attribute, and what could not be read."""

    strengths: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.strengths or self.values)

    def to_pairs(self, vocabulary: Vocabulary) -> list[tuple[str, str]]:
        """The change as pairs of an address; sorted, so that the same question has one address."""
        strengths = [(f"s-{key}", said) for key, said in self.strengths.items()]
        values = [(f"v-{key}", say_typed(vocabulary[key], value)) for key, value in self.values.items()]
        return sorted(strengths + values)


def read_what_if(query: Mapping[str, str], vocabulary: Vocabulary, person: PersonFacts) -> WhatIf:
    """Read the change out of an address; what makes no sense is reported and left aside, 🔒 stays as it is."""
    strengths: dict[str, str] = {}
    values: dict[str, Any] = {}
    problems: list[str] = []
    for attribute in vocabulary.asked_of_person:
        if attribute.locked:
            continue
        need = person.needs.get(attribute.key)
        strength, typed = query.get(f"s-{attribute.key}", ""), query.get(f"v-{attribute.key}", "")[:_LONGEST]
        if strength in (OFF, *STRENGTHS) and need is not None and strength != need.strength:
            strengths[attribute.key] = strength
        try:
            value = read_typed(attribute, typed, need) if typed else None
        except VocabularyError as problem:
            problems.append(f"{problem.message}{problem.remedy}")
            continue
        if value is not None and (need is None or value != need.value):
            values[attribute.key] = value
    return WhatIf(strengths, values, tuple(problems))


def imagine(person: PersonFacts, what_if: WhatIf, vocabulary: Vocabulary) -> PersonFacts:
    """The person as they would be under the change."""
    needs = dict(person.needs)
    for key, value in what_if.values.items():
        held = needs.get(key)
        needs[key] = Need(value, held.strength if held else _usual(vocabulary[key]))
    for key, said in what_if.strengths.items():
        if said == OFF:
            needs.pop(key, None)
        elif key in needs:
            needs[key] = Need(needs[key].value, Strength(said))
    return replace(person, needs=needs)


def read_typed(attribute: Attribute, typed: str, need: Need | None) -> Any:
    """A value as an address holds it; VocabularyError says what to mend. None for types with no short form."""
    side = attribute.person
    if side.type not in _EDITABLE:
        return None
    if side.type is SideType.CHOICE:
        return check_value(side, typed, attribute.label)
    if side.type is SideType.WINDOWS:
        return _read_hours(attribute, typed)
    number = whole(typed, 999_999)
    if number is None:
        raise VocabularyError(f"「{attribute.label}」の値を読めません。", "数字だけで入れてください。")
    if side.type is SideType.NUMBER:
        return check_value(side, number, attribute.label)
    modes = need.value["modes"] if need is not None and need.value else ["walk", "transit"]
    return plain_value(check_value(side, {"modes": list(modes), "max_min": number}, attribute.label))


def say_typed(attribute: Attribute, value: Any) -> str:
    """A value as an address and its input hold it; nothing for types with no short form."""
    if value is None or attribute.person.type not in _EDITABLE:
        return ""
    if attribute.person.type is SideType.TRAVEL:
        return str(value["max_min"])
    if attribute.person.type is SideType.WINDOWS:
        return format_slots([SlotText(day, start, end) for day, start, end in value])
    return str(value)


def address_of(path: str, what_if: WhatIf, vocabulary: Vocabulary, **more: str) -> str:
    """The address of a page under this change."""
    pairs = what_if.to_pairs(vocabulary) + [(name, value) for name, value in more.items() if value]
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _read_hours(attribute: Attribute, typed: str) -> Any:
    try:
        slots = parse_slots(typed)
    except SlotProblem as problem:
        raise VocabularyError(problem.message, problem.remedy) from None
    if any(slot.start_min is None or slot.end_min is None for slot in slots):
        raise VocabularyError(f"「{attribute.label}」に時間がありません。", "「月水 13:00-16:00」のように入れてください。")
    windows = [[slot.weekday, slot.start_min, slot.end_min] for slot in slots]
    return plain_value(check_value(attribute.person, windows, attribute.label))


def _usual(attribute: Attribute) -> Strength:
    return attribute.strength if attribute.strength in STRENGTHS else Strength.HARD
