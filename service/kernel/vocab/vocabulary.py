"""All attributes together, and the ways they are looked up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from service.kernel.vocab.attribute import AGE, GENDER, Attribute, Choice, Kind, Section, Strength


@dataclass(frozen=True)
class Vocabulary:
    """All attributes in the order of the forms, the sections, and the activity tags."""

    attributes: tuple[Attribute, ...]
    sections: tuple[Section, ...] = ()
    activities: tuple[Choice, ...] = ()

    @cached_property
    def by_key(self) -> Mapping[str, Attribute]:
        return {attribute.key: attribute for attribute in self.attributes}

    def __iter__(self) -> Iterator[Attribute]:
        return iter(self.attributes)

    def __len__(self) -> int:
        return len(self.attributes)

    def __contains__(self, key: object) -> bool:
        return key in self.by_key

    def __getitem__(self, key: str) -> Attribute:
        return self.by_key[key]

    def get(self, key: str) -> Attribute | None:
        return self.by_key.get(key)

    @cached_property
    def by_kind(self) -> Mapping[Kind, tuple[Attribute, ...]]:
        return {kind: tuple(a for a in self.attributes if a.kind is kind) for kind in Kind}

    def of_kind(self, kind: Kind) -> tuple[Attribute, ...]:
        return self.by_kind[kind]

    def of_code(self, code: str) -> tuple[Attribute, ...]:
        return tuple(attribute for attribute in self.attributes if attribute.code == code)

    def in_section(self, section: str) -> tuple[Attribute, ...]:
        return tuple(attribute for attribute in self.attributes if attribute.section == section)

    @cached_property
    def core(self) -> tuple[Attribute, ...]:
        """The short assessment form."""
        return tuple(attribute for attribute in self.attributes if attribute.core)

    @cached_property
    def with_rule(self) -> tuple[Attribute, ...]:
        """Attributes that can be found met, unknown or violated."""
        return tuple(attribute for attribute in self.attributes if attribute.kind.has_rule)

    @cached_property
    def asked_anyway(self) -> frozenset[str]:
        """Attributes that may be put to a place without an answer of their own: gates, age, gender, days a week."""
        gates = {a.key for a in self.with_rule if a.strength is Strength.GATE}
        return frozenset({AGE, GENDER} | gates | {a.key for a in self.of_kind(Kind.FREQUENCY)})

    @cached_property
    def implying(self) -> Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]:
        """Activity → the attributes, and their values, that amount to it (動物 ← 動物: 犬・猫)."""
        activities = {choice.implies for a in self.attributes for choice in a.host.choices if choice.implies}
        return {
            activity: tuple(
                (a.key, tuple(choice.key for choice in a.host.choices if choice.implies == activity))
                for a in self.attributes
                if any(choice.implies == activity for choice in a.host.choices)
            )
            for activity in activities
        }

    @cached_property
    def asked_of_person(self) -> tuple[Attribute, ...]:
        return tuple(attribute for attribute in self.attributes if attribute.person.is_asked)

    @cached_property
    def asked_of_host(self) -> tuple[Attribute, ...]:
        return tuple(attribute for attribute in self.attributes if attribute.host.is_asked)

    @cached_property
    def suggestable_codes(self) -> tuple[str, ...]:
        """Codes that 「条件を見直す」 may propose to drop; a code counts only if all its attributes allow it."""
        codes = dict.fromkeys(attribute.code for attribute in self.attributes if attribute.suggestable)
        return tuple(code for code in codes if all(a.suggestable for a in self.of_code(code)))

    def with_attribute(self, attribute: Attribute) -> Vocabulary:
        """The vocabulary with one attribute added, or put in the place of the one with its key."""
        if attribute.key not in self:
            return replace(self, attributes=(*self.attributes, attribute))
        return replace(self, attributes=tuple(attribute if a.key == attribute.key else a for a in self.attributes))
