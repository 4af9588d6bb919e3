"""What the pages about people show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.accounts.roles import CASE_STAFF, SUPERVISOR
from service.cases.access import is_on_case, may_change, say_over
from service.cases.assessment import (
    answered_core,
)
from service.cases.consent import (
    GUARDIAN,
    PLAN,
    SCOPE_LABELS,
    SERVICE,
    STATE_LABELS,
    lacks_paper,
    last_answer,
    needs_guardian,
    say_method,
    state_of,
)
from service.cases.course.flow import nine_steps
from service.cases.forms import AvoidForm, ConsentForm, PersonForm, StandInForm
from service.cases.models import Need, Person, SupportCase
from service.cases.pages_household import Avoidance, Home, Reach, avoid_lines, home_of, reach_of
from service.cases.people import FoundPerson
from service.cases.ways import Way
from service.kernel.clock import day_in_japan
from service.kernel.dates import age_on, format_wareki_short
from service.kernel.vocab import Attribute, Vocabulary, say_need
from service.web.actor import Actor

GENDER_LABELS = {"F": "女性", "M": "男性", "X": "性別 その他"}


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
    agencies: tuple[tuple[str, str], ...]
    """Who may lead, with what each carries already."""


@dataclass(frozen=True)
class AvoidView:
    """Adding a rule of avoidance."""

    person_id: str
    name: str
    form: AvoidForm


@dataclass(frozen=True)
class ApartView:
    """Adding somebody this person must not meet; `problem` says why nothing was kept."""

    person_id: str
    name: str
    once: str
    who: str = ""
    note: str = ""
    problem: str = ""


@dataclass(frozen=True)
class ConsentLight:
    """One scope of consent as it stands."""

    scope: str
    state: str
    label: str
    said: str
    lacks_paper: bool


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
    over: str = ""
    """Since when the case is over: then it is read only."""


@dataclass(frozen=True)
class Around:
    """What is read beside the case itself."""

    history: Sequence[tuple[str, str, str]]
    aparts: Sequence[tuple[str, str]]
    ways: Sequence[Way]
    earlier: str


@dataclass(frozen=True)
class CaseView:
    """The page of one person and their household."""

    heading: Heading
    case_version: int
    may_change: bool
    may_keep: bool
    """Who it is, whom it is shown to and what is taken back: kept up although the case is over."""
    may_cover: bool
    assigned: str
    reach: Reach
    steps: tuple[tuple[str, str], ...]
    lights: tuple[ConsentLight, ...]
    guardian_needed: bool
    needs: tuple[NeedLine, ...]
    answered: int
    core: int
    home: Home
    avoidance: Avoidance
    consent_form: ConsentForm
    stand_in_form: StandInForm
    history: tuple[tuple[str, str, str], ...]
    ways: tuple[Way, ...]
    earlier: str
    once: str
    may_see_looks: bool


def heading_of(case: SupportCase, person: Person, today: date) -> Heading:
    """Name, age, district, and since when consent is there."""
    age = f"{age_on(person.birth_on, today)}歳" if person.birth_on else "年齢 未確認"
    district = "住所 非開示" if case.locked else case.household.district
    parts = [age, GENDER_LABELS.get(person.gender or "", "性別 未確認"), district]
    return Heading(person.id, person.name, "・".join(p for p in parts if p), case.number, case.locked, say_over(case))


def lights_of(person: Person, today: date) -> tuple[ConsentLight, ...]:
    """The consents that matter for this person, as lights."""
    planned = [PLAN] if last_answer(person.consents, PLAN) else []
    scopes = [SERVICE, *planned, *([GUARDIAN] if needs_guardian(person, today) else [])]
    return tuple(_light(person, scope, today) for scope in scopes)


def _light(person: Person, scope: str, today: date) -> ConsentLight:
    state, last = state_of(person.consents, today, scope), last_answer(person.consents, scope)
    said = "まだ尋ねていません"
    if last is not None:
        day = format_wareki_short(last.decided_on) if last.decided_on else ""
        until = f"{format_wareki_short(last.until)}まで" if last.until else ""
        said = " ".join(p for p in (day, say_method(last), last.given_by, until, last.reason) if p)
    return ConsentLight(SCOPE_LABELS[scope], state, STATE_LABELS[state], said, state == "given" and lacks_paper(last))


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
    around: Around,
    now: datetime,
    once: str,
    *,
    consent_form: ConsentForm | None = None,
    stand_in_form: StandInForm | None = None,
) -> CaseView:
    """Everything the page of one person shows to this actor."""
    today, mine = day_in_japan(now), is_on_case(actor, case)
    answered, core = answered_core(vocabulary, person.needs)
    return CaseView(
        heading=heading_of(case, person, today),
        case_version=case.version,
        may_change=may_change(actor, case),
        may_keep=mine,
        may_cover=not mine and bool(actor.roles & CASE_STAFF),
        assigned=case.assigned.name,
        # A supervisor reads a locked case only while they hold it open, and what for is on record.
        reach=reach_of(case, person, hidden=case.locked and not mine and SUPERVISOR not in actor.roles),
        steps=nine_steps(case.status),
        lights=lights_of(person, today),
        guardian_needed=needs_guardian(person, today),
        needs=need_lines(vocabulary, person.needs),
        answered=answered,
        core=core,
        home=home_of(case, person),
        avoidance=Avoidance(avoid_lines(person) if mine else None, len(person.avoid_rules), tuple(around.aparts)),
        consent_form=consent_form or ConsentForm(data={"decided_on": format_wareki_short(today)}),
        stand_in_form=stand_in_form or StandInForm(),
        history=tuple(around.history),
        ways=tuple(around.ways),
        earlier=around.earlier,
        once=once,
        may_see_looks=mine or SUPERVISOR in actor.roles,
    )
