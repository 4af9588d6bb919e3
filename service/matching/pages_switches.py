"""The person's needs as switches beside a match, and as lines on paper."""

from dataclasses import dataclass

from service.kernel.vocab import Attribute, SideType, Strength, say_need, say_value
from service.matching.service import Ask
from service.matching.whatif import OFF, STRENGTHS, say_typed


@dataclass(frozen=True)
class Switch:
    """One need that may be looked at otherwise."""

    key: str
    label: str
    detail: str
    value: str
    options: tuple[tuple[str, str], ...]
    locked: bool
    type: str
    typed: str
    unit: str
    choices: tuple[tuple[str, str], ...]
    changed: bool


def switches_of(ask: Ask) -> tuple[Switch, ...]:
    """The person's needs as switches, as recorded or as imagined."""
    whys = {need.attribute: need.why for need in ask.person.needs}
    keys = [a for a in ask.vocabulary.asked_of_person if ask.stored.need(a.key) or ask.facts.need(a.key)]
    return tuple(_switch(ask, attribute, whys.get(attribute.key, "")) for attribute in keys)


def _switch(ask: Ask, attribute: Attribute, why: str) -> Switch:
    need = ask.facts.need(attribute.key) or ask.stored.needs[attribute.key]
    said = ask.what_if.strengths.get(attribute.key) or str(need.strength)
    key, words = attribute.key, say_need(attribute, need.value)
    # A need that reads as a sentence of its own (接客なし) is its own heading; a bare value needs its label above.
    stands_alone = attribute.need_text not in ("", "{p}")
    label, value = (words, "") if stands_alone else (attribute.label, words)
    return Switch(
        key=key,
        label=label,
        detail="　".join(part for part in (value, f"「{why}」" if why else "") if part),
        value=said,
        options=(*((str(s), s.label) for s in STRENGTHS), (OFF, "外してみる")),
        locked=attribute.locked or need.strength is Strength.GATE,
        type=str(attribute.person.type),
        typed=say_typed(attribute, need.value),
        unit="分まで" if attribute.person.type is SideType.TRAVEL else attribute.person.unit,
        choices=tuple((choice.key, choice.label) for choice in attribute.person.choices),
        changed=key in ask.what_if.strengths or key in ask.what_if.values,
    )


def say_needs(ask: Ask) -> tuple[tuple[str, str, str, str], ...]:
    """The needs in force as (strength, label, value, why), for paper."""
    whys = {need.attribute: need.why for need in ask.person.needs}
    told = [(a, need) for a in ask.vocabulary.asked_of_person if (need := ask.facts.need(a.key))]
    return tuple((need.strength.label, a.label, say_value(a.person, need.value), whys.get(a.key, "")) for a, need in told)
