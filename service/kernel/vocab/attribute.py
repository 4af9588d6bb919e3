"""What an attribute is: its words, its two sides, and the kind of rule that compares them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
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
