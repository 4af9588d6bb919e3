"""What an attribute is: its words, its two sides, and the kind of rule that compares them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

from service.kernel.errors import DomainError

# A person's age and gender come from the person's own record, not from an answer on the assessment.
AGE: Final = "age"
GENDER: Final = "gender"
# A space for women only is one whose gender and whose staff are women: the rule reads these two attributes.
STAFF: Final = "staff"
# One bit each in an unsigned 64-bit word, and one more bit that says "asked".
MAX_CHOICES: Final = 63


class VocabularyError(DomainError):
    """A row of the vocabulary, or a value given for one, that cannot be used."""

    def __init__(self, message: str, remedy: str = "語彙の表（設定）を直してから、もう一度お試しください。") -> None:
        super().__init__(message, remedy, "vocabulary", 422)


class Strength(StrEnum):
    """How much a need weighs: 🔒 / 必須 / 希望 / できれば."""

    GATE = "gate"
    HARD = "hard"
    WISH = "wish"
    NICE = "nice"

    @property
    def label(self) -> str:
        return {"gate": "🔒", "hard": "必須", "wish": "希望", "nice": "できれば"}[self.value]

    @property
    def points(self) -> int:
        """Points a met soft need earns; a gate or a hard need earns none, it decides the band."""
        return {"wish": 3, "nice": 1}.get(self.value, 0)

    @property
    def decides(self) -> bool:
        """True when a violation excludes the place."""
        return self in (Strength.GATE, Strength.HARD)


class Kind(StrEnum):
    """The kinds of rule. The first nine are generic: a town adds attributes of these without code."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    WITHIN_RANGE = "within_range"
    NOT_REQUIRED = "not_required"
    NEEDS_VALUE = "needs_value"
    ANY_OF = "any_of"
    ALL_OF = "all_of"
    NONE_OF = "none_of"
    ADMITS = "admits"
    OPEN = "open"
    PLACES = "places"
    AVOID = "avoid"
    AVOID_AREA = "avoid_area"
    LEGAL_AGE = "legal_age"
    TIME = "time"
    SESSION = "session"
    FREQUENCY = "frequency"
    TRAVEL = "travel"
    REMOTE = "remote"
    WOMEN_ONLY = "women_only"
    TEXT = "text"
    FACT = "fact"

    @property
    def is_generic(self) -> bool:
        return self in GENERIC_KINDS

    @property
    def has_rule(self) -> bool:
        """False for what is scored (`text`) or only shown (`fact`)."""
        return self not in (Kind.TEXT, Kind.FACT)


GENERIC_KINDS: Final = frozenset(list(Kind)[:9])


class SideType(StrEnum):
    """What may be answered on one side of an attribute, and so which field a form shows."""

    NONE = "none"
    FLAG = "flag"
    NUMBER = "number"
    CHOICE = "choice"
    TAGS = "tags"
    RANGE = "range"
    WINDOWS = "windows"
    TRAVEL = "travel"
    WISHES = "wishes"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a choice or tag list; `implies` names an activity it amounts to (犬がいる → 動物)."""

    key: str
    label: str
    implies: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading under which attributes stand on forms and pages."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an attribute: the type of its answer and the words of its field."""

    type: SideType = SideType.NONE
    choices: tuple[Choice, ...] = ()
    unit: str = ""
    lo: float | None = None
    hi: float | None = None
    default: Any = None
    hint: str = ""

    @property
    def is_asked(self) -> bool:
        return self.type is not SideType.NONE

    def index(self, key: str) -> int:
        """Position of a choice; choices stand from the least to the most. ValueError for an unknown key."""
        return [choice.key for choice in self.choices].index(key)

    def label(self, key: str) -> str:
        """The Japanese words of a choice; the key itself when the vocabulary has dropped it since."""
        return next((choice.label for choice in self.choices if choice.key == key), key)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One condition: how it is asked of each side, compared, and said in Japanese.

    Texts are templates. `{p}` is the person's value in words, `{h}` the host's, `{label}` the attribute's label;
    structural kinds add their own fields (`service.matching.wording`). `reason_of` and `mention` go by the host's
    value (a flag is yes or no): a closer reason, and a point worth knowing though nobody asked. `probe` is the
    narrowest usual answer of a person, used only to find out which unanswered question would change most.
    """

    key: str
    code: str
    label: str
    section: str
    kind: Kind
    person: Side = Side()
    host: Side = Side()
    strength: Strength = Strength.WISH
    locked: bool = False
    suggestable: bool = False
    negotiable: bool = False
    remote_satisfies: bool = False
    ok: tuple[str, ...] = ()
    core: bool = False
    order: int = 0
    probe: Any = None
    reason: str = ""
    reason_of: Mapping[str, str] = field(default_factory=dict)
    question: str = ""
    ask_person: str = ""
    need_text: str = ""
    fit_text: str = ""
    sounding: str = ""
    mention: Mapping[str, str] = field(default_factory=dict)


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
