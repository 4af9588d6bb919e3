"""What the assessment page shows, and what it reads back."""

from dataclasses import dataclass
from datetime import date

from service.cases.assessment import (
    STRENGTHS,
    NeedAnswer,
    allowed_strength,
    answer_of,
    answered_core,
    default_strength,
    need_of,
)
from service.cases.consent import state_of
from service.cases.models import Need, Person, SupportCase
from service.cases.pages import Heading, heading_of
from service.kernel.vocab import Attribute, Vocabulary, say_value
from service.web.answers import AnswerField, person_field, read_person, typed_field
from service.web.forms import Posted
from service.web.params import typed_text


@dataclass(frozen=True)
class NeedField:
    """One question of the assessment: its answer, strength and reason."""

    field: AnswerField
    strength: str
    strengths: tuple[tuple[str, str], ...]
    why: str
    version: int
    locked: bool
    saved: str


@dataclass(frozen=True)
class AssessmentView:
    """The assessment: the core questions, then the folded rest."""

    heading: Heading
    core: tuple[NeedField, ...]
    more: tuple[tuple[str, tuple[NeedField, ...]], ...]
    answered: int
    total: int
    problems: tuple[tuple[str, str], ...]
    consented: bool


def assessment_view(
    case: SupportCase, person: Person, vocabulary: Vocabulary, today: date, fields: dict[str, NeedField] | None = None
) -> AssessmentView:
    """The assessment as stored, with the fields that were just typed in their place."""
    shown = {a.key: need_field(a, need_of(person, a.key)) for a in vocabulary.asked_of_person} | (fields or {})
    rest = [a for a in vocabulary.asked_of_person if not a.core]
    more = tuple(
        (section.label, tuple(shown[a.key] for a in rest if a.section == section.key))
        for section in vocabulary.sections
        if any(a.section == section.key for a in rest)
    )
    answered, total = answered_core(vocabulary, person.needs)
    problems = tuple(
        (f.field.name, f"{f.field.label}：{' '.join(f.field.errors)}") for f in shown.values() if f.field.errors
    )
    return AssessmentView(
        heading=heading_of(case, person, today),
        core=tuple(shown[a.key] for a in vocabulary.core if a.person.is_asked),
        more=more,
        answered=answered,
        total=total,
        problems=problems,
        consented=state_of(person.consents, today) == "given",
    )


def need_field(attribute: Attribute, need: Need | None, saved: str = "") -> NeedField:
    """A question with its stored answer."""
    return NeedField(
        field=person_field(attribute, answer_of(need)),
        strength=need.strength if need else str(default_strength(attribute)),
        strengths=tuple((str(s), s.label) for s in STRENGTHS),
        why=need.why if need else "",
        version=need.version if need else 0,
        locked=attribute.locked,
        saved=saved,
    )


def typed_need_field(attribute: Attribute, need: Need | None, posted: Posted, errors: tuple[str, ...]) -> NeedField:
    """A question with what was typed, right or wrong."""
    stored = need_field(attribute, need)
    return NeedField(
        field=typed_field(stored.field, posted, errors),
        strength=posted.text(f"s-{attribute.key}") or stored.strength,
        strengths=stored.strengths,
        why=posted.text(f"w-{attribute.key}"),
        version=stored.version,
        locked=stored.locked,
        saved="",
    )


def read_need(attribute: Attribute, posted: Posted) -> NeedAnswer:
    """What was typed for one attribute; VocabularyError says what to mend."""
    value = read_person(attribute, posted)
    strength = allowed_strength(attribute, posted.text(f"s-{attribute.key}"))
    return NeedAnswer(value, strength, typed_text(posted.text(f"w-{attribute.key}"), 200))


def said_theirs(attribute: Attribute, need: Need | None) -> str:
    """What a colleague saved meanwhile, for the person whose answer came second."""
    theirs = "未回答" if need is None else "特になし" if need.value is None else say_value(attribute.person, need.value)
    return f"ほかの人が先に「{theirs}」と保存しました。あなたの答えで上書きするときは、もう一度選び直してください。"
