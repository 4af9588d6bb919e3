"""What the pages about people show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.accounts.roles import COORDINATOR
from service.cases.access import may_change
from service.cases.assessment import (
    STRENGTHS,
    NeedAnswer,
    allowed_strength,
    answer_of,
    answered_core,
    default_strength,
    need_of,
)
from service.cases.consent import METHOD_LABELS, SCOPE_LABELS, STATE_LABELS, last_answer, needs_guardian, state_of
from service.cases.forms import AvoidForm, ConsentForm, PersonForm, StandInForm
from service.cases.models import Need, Person, SupportCase
from service.cases.people import FoundPerson
from service.kernel.clock import day_in_japan
from service.kernel.dates import age_on, format_wareki_short
from service.kernel.vocab import Attribute, Vocabulary, say_need, say_value
from service.web.actor import Actor
from service.web.answers import AnswerField, person_field, read_person, typed_field
from service.web.forms import Posted
from service.web.params import typed_text

GENDER_LABELS = {"F": "女性", "M": "男性", "X": "性別 その他"}
STEPS = ("受付", "該当判断", "意向確認", "申込み・同意", "アセスメント", "プラン", "会議", "支援", "終結")
STEP_OF = {"referred": 0, "screening": 1, "intent_check": 2, "no_consent_track": 2, "applied": 3, "assessing": 4,
           "planning": 5, "in_review": 6, "plan_agreed": 6, "supporting": 7, "suspended": 7, "closed": 8}  # fmt: skip


@dataclass(frozen=True)
class PeopleView:
    """人をさがす."""

    typed: str
    mine: bool
    found: Sequence[FoundPerson]
    may_open: bool


@dataclass(frozen=True)
class PersonFormView:
    """Opening a case, or correcting who it is."""

    form: PersonForm
    action: str
    cancel: str
    once: str
    version: int
    conflict: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class AvoidView:
    """Adding a rule of avoidance."""

    person_id: str
    name: str
    form: AvoidForm


@dataclass(frozen=True)
class ConsentLight:
    """One scope of consent as it stands."""

    scope: str
    state: str
    label: str
    said: str


@dataclass(frozen=True)
class NeedLine:
    """One need as the page lists it."""

    label: str
    said: str
    strength: str
    why: str


@dataclass(frozen=True)
class Heading:
    """The line every page about a person begins with."""

    person_id: str
    name: str
    said: str
    number: str
    locked: bool


@dataclass(frozen=True)
class CaseView:
    """The page of one person and their household."""

    heading: Heading
    may_change: bool
    may_cover: bool
    assigned: str
    lead_agency: str
    address: str
    phone: str
    contact_note: str
    situation: str
    timing_note: str
    steps: tuple[tuple[str, str], ...]
    lights: tuple[ConsentLight, ...]
    guardian_needed: bool
    needs: tuple[NeedLine, ...]
    answered: int
    core: int
    members: tuple[tuple[str, str, bool], ...]
    avoids: tuple[tuple[str, str], ...] | None
    avoid_count: int
    consent_form: ConsentForm
    stand_in_form: StandInForm
    history: tuple[tuple[str, str, str], ...]


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


def heading_of(case: SupportCase, person: Person, today: date) -> Heading:
    """Name, age, district, and since when consent is there."""
    age = f"{age_on(person.birth_on, today)}歳" if person.birth_on else "年齢 未確認"
    district = "住所 非開示" if case.locked else case.household.district
    parts = [age, GENDER_LABELS.get(person.gender or "", "性別 未確認"), district]
    return Heading(person.id, person.name, "・".join(p for p in parts if p), case.number, case.locked)


def lights_of(person: Person, today: date) -> tuple[ConsentLight, ...]:
    """The consents that matter for this person, as lights."""
    scopes = ["service", *(["guardian"] if needs_guardian(person, today) else [])]
    return tuple(_light(person, scope) for scope in scopes)


def _light(person: Person, scope: str) -> ConsentLight:
    state, last = state_of(person.consents, scope), last_answer(person.consents, scope)
    said = "まだ尋ねていません"
    if last is not None:
        day = format_wareki_short(last.decided_on) if last.decided_on else ""
        said = " ".join(p for p in (day, METHOD_LABELS.get(last.method, ""), last.given_by, last.reason) if p)
    return ConsentLight(SCOPE_LABELS[scope], state, STATE_LABELS[state], said)


def need_lines(vocabulary: Vocabulary, needs: Sequence[Need]) -> tuple[NeedLine, ...]:
    """The needs in the order of the vocabulary; answers of 「特になし」 are not needs."""
    by_key = {need.attribute: need for need in needs if need.value is not None}
    return tuple(_line(attribute, by_key[attribute.key]) for attribute in vocabulary if attribute.key in by_key)


def _line(attribute: Attribute, need: Need) -> NeedLine:
    words = say_need(attribute, need.value)
    if attribute.need_text not in ("", "{p}"):
        return NeedLine(words, "", need.strength, need.why)
    return NeedLine(attribute.label, words, need.strength, need.why)


def case_view(
    case: SupportCase,
    person: Person,
    actor: Actor,
    vocabulary: Vocabulary,
    history: Sequence[tuple[str, str, str]],
    now: datetime,
    *,
    consent_form: ConsentForm | None = None,
    stand_in_form: StandInForm | None = None,
) -> CaseView:
    """Everything the page of one person shows to this actor."""
    today, change = day_in_japan(now), may_change(actor, case)
    answered, core = answered_core(vocabulary, person.needs)
    at = STEP_OF.get(case.status, 0)
    hidden = case.locked and not change
    return CaseView(
        heading=heading_of(case, person, today),
        may_change=change,
        may_cover=not change and COORDINATOR in actor.roles,
        assigned=case.assigned.name,
        lead_agency=case.lead_agency,
        address="非開示" if hidden else person.address,
        phone="非開示" if hidden else person.phone,
        contact_note=person.contact_note,
        situation=person.situation,
        timing_note=case.household.timing_note,
        steps=tuple((label, "done" if i < at else "now" if i == at else "next") for i, label in enumerate(STEPS)),
        lights=lights_of(person, today),
        guardian_needed=needs_guardian(person, today),
        needs=need_lines(vocabulary, person.needs),
        answered=answered,
        core=core,
        members=tuple((m.id, f"{m.name}（{m.relation}）", m.id == person.id) for m in case.household.people),
        avoids=avoid_lines(person) if change else None,
        avoid_count=len(person.avoid_rules),
        consent_form=consent_form or ConsentForm(data={"decided_on": format_wareki_short(today)}),
        stand_in_form=stand_in_form or StandInForm(),
        history=tuple(history),
    )


def avoid_lines(person: Person) -> tuple[tuple[str, str], ...]:
    """The rules of avoidance in words, for those named on the case."""
    words = {"host": "受け入れ先を避ける", "person": "そこにいる人を避ける", "area": "区域を避ける"}
    return tuple(
        (
            rule.id,
            "・".join(p for p in (words[rule.kind], f"半径{rule.radius_km:g}km" if rule.radius_km else "", rule.note) if p),
        )
        for rule in person.avoid_rules
    )


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
        consented=state_of(person.consents) == "given",
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
