"""The words of one finding: the vocabulary's templates, filled from one person and one opening."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from service.kernel.dates import format_wareki
from service.kernel.geo.travel import MODES, travel_minutes
from service.kernel.timetable import format_slots
from service.kernel.vocab import AGE, GENDER, Attribute, Fields, Kind, SideType, say_days, say_value, say_windows
from service.matching.facts import UNKNOWN, OpeningFacts
from service.matching.rules import Asked
from service.matching.verdict import USUAL_MODES, Verdicts

HOME_QUESTION: Final = "自宅はどのあたりですか（住所または最寄りの場所）"
OUT_OF_PICKUP: Final = "送迎できる範囲（{h}）の外です"
AT_HOME: Final = "在宅の活動のため、場所の条件は問いません"
PAUSED: Final = "受け入れ休止中です"
ENDED: Final = "受け入れを終えています"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to get there: label and one-way minutes, and whether it keeps to the person's limit (None = no limit)."""

    mode: str
    label: str
    minutes: int
    within: bool | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """One person and one opening, for whom words are wanted."""

    verdicts: Verdicts
    place: int

    @property
    def opening(self) -> OpeningFacts:
        return self.verdicts.catalogue.openings[self.place]

    @property
    def is_remote(self) -> bool:
        return bool(self.verdicts.catalogue.is_remote[self.place])

    @property
    def days(self) -> str:
        bits = int(self.verdicts.usable_days[self.place])
        return say_days(day for day in range(7) if bits >> day & 1)

    def value(self, attribute: Attribute) -> Any:
        return self.verdicts.catalogue.value(self.place, attribute)


def say_reason(pair: Pair, need: Asked) -> str:
    """Why the place does not fit, without blaming anybody."""
    attribute = need.attribute
    if attribute.kind is Kind.TRAVEL and not any(way.mode != "pickup" for way in ways(pair)):
        return OUT_OF_PICKUP.format_map(_fields(pair, need))
    said = value_key(attribute, pair.value(attribute))
    return attribute.reason_of.get(said, attribute.reason).format_map(_fields(pair, need))


def say_question(pair: Pair, need: Asked) -> tuple[str, bool]:
    """What to ask to settle an unknown, and whether the person (and not the host) is to be asked."""
    if asks_person(pair, need):
        return (HOME_QUESTION if need.attribute.kind is Kind.TRAVEL else need.attribute.ask_person), True
    return question_to_host(need.attribute, need.value), False


def question_to_host(attribute: Attribute, value: Any = None) -> str:
    """The question as read out on the phone; `{ask}` names what the person needs, or everything on the list."""
    listed = value if attribute.host.type is SideType.TAGS and isinstance(value, list | tuple) else None
    keys = listed or [choice.key for choice in attribute.host.choices]
    words = attribute.question or f"{attribute.label}について教えてください"
    return words.format_map(Fields(label=attribute.label, ask="・".join(attribute.host.label(key) for key in keys)))


def asks_person(pair: Pair, need: Asked) -> bool:
    """True when it is the person's side that is not known."""
    situation, attribute = pair.verdicts.situation, need.attribute
    if attribute.kind is Kind.TRAVEL:
        return situation.person.lat is None or situation.person.lon is None
    if attribute.key == AGE or attribute.kind is Kind.LEGAL_AGE:
        return situation.age is UNKNOWN and pair.value(attribute) is not None
    return attribute.key == GENDER and situation.person.gender is UNKNOWN and pair.value(attribute) is not None


def say_fit(pair: Pair, need: Asked) -> str:
    """What is right about it; empty where the vocabulary has no words for that."""
    if need.attribute.remote_satisfies and pair.is_remote and need.attribute.kind is not Kind.TRAVEL:
        return AT_HOME
    return need.attribute.fit_text.format_map(_fields(pair, need))


def value_key(attribute: Attribute, value: Any) -> str:
    """The host's value as `reason_of` and `mention` name it."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _fields(pair: Pair, need: Asked) -> Fields:
    attribute, value = need.attribute, pair.value(need.attribute)
    fields = Fields(label=attribute.label, h="" if value is None else say_value(attribute.host, value))
    if need.value is not None:
        fields["p"] = say_value(attribute.person, need.value) if attribute.person.is_asked else str(need.value)
    if attribute.host.type is SideType.TAGS and attribute.person.type is SideType.TAGS:
        both = [key for key in need.value or () if key in (value or ())]
        fields["both"] = "・".join(attribute.host.label(key) for key in both)
    if attribute.kind in STRUCTURAL_FIELDS:
        fields |= STRUCTURAL_FIELDS[attribute.kind](pair, need)
    return fields


def _open_fields(pair: Pair, need: Asked) -> Mapping[str, Any]:
    opening = pair.opening
    if opening.status == "ended":
        return {"closed": ENDED}
    return {"closed": PAUSED + (f"（{format_wareki(opening.paused_until)}まで）" if opening.paused_until else "")}


def _time_fields(pair: Pair, need: Asked) -> Mapping[str, Any]:
    slots = pair.opening.slots
    hours = "未確認" if slots is None else format_slots(slots) or "なし"
    return {"slots": hours, "windows": say_windows(pair.verdicts.situation.windows or ()), "days": pair.days}


def _frequency_fields(pair: Pair, need: Asked) -> Mapping[str, Any]:
    limit = "" if need.value is None else f"（本人は週{say_value(need.attribute.person, need.value)}まで）"
    return {"n": len(pair.days), "limit": limit}


def _travel_fields(pair: Pair, need: Asked) -> Mapping[str, Any]:
    possible = [way for way in ways(pair) if way.within is not False] or ways(pair)
    if not possible:
        return {}
    way = min(possible, key=lambda way: way.minutes)
    travel = pair.verdicts.situation.travel
    said = way.label if way.mode in ("remote", "pickup") else f"{way.label}で片道{way.minutes}分"
    return {"min": way.minutes, "mode": way.label, "max": travel[1] if travel else "", "way": said}


STRUCTURAL_FIELDS: Final[Mapping[Kind, Callable[[Pair, Asked], Mapping[str, Any]]]] = {
    Kind.OPEN: _open_fields,
    Kind.PLACES: lambda pair, need: {"n": pair.opening.waiting},
    Kind.TIME: _time_fields,
    Kind.FREQUENCY: _frequency_fields,
    Kind.TRAVEL: _travel_fields,
}


def ways(pair: Pair) -> tuple[Way, ...]:
    """Every way the person may take, with one-way minutes; the coordinator's own minutes replace the estimates."""
    situation = pair.verdicts.situation
    modes, limit = situation.travel or (USUAL_MODES, None)
    if pair.is_remote:
        return (Way("remote", "在宅（移動なし）", 0, True),)
    for site in (pair.opening.id, pair.opening.site_id):
        if (typed := situation.person.travel_minutes.get(site)) is not None:
            return (Way("typed", "実際の道のり", typed, None if limit is None else typed <= limit),)
    km = float(situation.km[pair.place])
    if km != km:
        return ()
    found = [Way(mode, MODES[mode].label, travel_minutes(mode, km)) for mode in modes if mode in MODES]
    found = [Way(w.mode, w.label, w.minutes, None if limit is None else w.minutes <= limit) for w in found]
    if "pickup" in modes and km <= _pickup_km(pair):
        found.append(Way("pickup", "送迎あり", 0, True))
    return tuple(found)


def _pickup_km(pair: Pair) -> float:
    """The pick-up radius; −1 for a place that fetches nobody."""
    for attribute in pair.verdicts.catalogue.vocabulary.of_kind(Kind.TRAVEL):
        return pair.value(attribute) or -1.0
    return -1.0
