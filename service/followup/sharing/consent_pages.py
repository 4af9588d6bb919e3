"""What the page of all consents shows: every scope of everybody of a household, as it stands and as it was answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from service.cases.access import is_on_case
from service.cases.consent import (
    CONTACT,
    GUARDIAN,
    PLAN,
    SCOPE_LABELS,
    SERVICE,
    STATE_LABELS,
    WAIVED,
    lacks_paper,
    last_answer,
    needs_guardian,
    say_method,
    state_of,
)
from service.cases.forms import ConsentForm
from service.cases.models import Consent, Person, SupportCase
from service.cases.pages import Heading, heading_of
from service.cases.people import load_person
from service.followup.sharing.pages import ShareRow, share_rows
from service.kernel.dates import age_on, format_wareki, format_wareki_short, say_instant
from service.web.actor import Actor
from service.web.forms import choices_of

LOOKS: Final = {"given": "ok", WAIVED: "ok", "refused": "no", "withdrawn": "no", "expired": "no"}
NOTES: Final = {
    SERVICE: "相談と支援の利用、関わる機関の間で情報を共有すること",
    PLAN: "会議で決まったプランの内容",
    CONTACT: "支援が終わったあとに、こちらから連絡すること",
    GUARDIAN: "18歳未満か、後見人のいる方だけ。本人の同意に加えて",
}


@dataclass(frozen=True)
class ScopeRow:
    """One scope as it stands, how it was answered, and every answer before."""

    label: str
    note: str
    state: str
    look: str
    facts: tuple[tuple[str, str], ...]
    paper_due: str
    """The answer whose paper is not in; empty when there is nothing to wait for."""
    history: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class MemberConsents:
    """Everything one member of the household was asked."""

    person_id: str
    name: str
    said: str
    is_minor: bool
    rows: tuple[ScopeRow, ...]
    shares: tuple[ShareRow, ...]


@dataclass(frozen=True)
class ConsentsView:
    """The page."""

    heading: Heading
    members: tuple[MemberConsents, ...]
    may_change: bool
    form: ConsentForm
    once: str


def consents_view(
    session: Session, actor: Actor, case: SupportCase, person: Person, today: date, once: str, form: ConsentForm | None
) -> ConsentsView:
    """All consents of the household of a case the filter has given."""
    people = [load_person(session, each) for each in case.household.people]
    shown = form or ConsentForm(data={"decided_on": format_wareki_short(today), "who": person.id})
    shown.who.choices = choices_of({each.id: f"{each.name}（{each.relation}）" for each in people})
    members = tuple(_member(session, each, today) for each in people)
    return ConsentsView(heading_of(case, person, today), members, is_on_case(actor, case), shown, once)


def _member(session: Session, person: Person, today: date) -> MemberConsents:
    age = f"{age_on(person.birth_on, today)}歳" if person.birth_on else "年齢 未確認"
    rows = tuple(_row(person, scope, today) for scope in SCOPE_LABELS)
    shares = share_rows(session, person, today)
    return MemberConsents(person.id, person.name, f"{person.relation}・{age}", needs_guardian(person, today), rows, shares)


def _row(person: Person, scope: str, today: date) -> ScopeRow:
    last, state = last_answer(person.consents, scope), state_of(person.consents, today, scope)
    answers = sorted((each for each in person.consents if each.scope == scope), key=lambda each: each.recorded_at)
    return ScopeRow(
        SCOPE_LABELS[scope], NOTES[scope], STATE_LABELS[state], LOOKS.get(state, "ask"), _facts(last) if last else (),
        last.id if last is not None and state == "given" and lacks_paper(last) else "",
        tuple((say_instant(each.recorded_at), each.recorded_by, _say(each)) for each in reversed(answers[:-1])),
    )  # fmt: skip


def _facts(consent: Consent) -> tuple[tuple[str, str], ...]:
    """What was written down, without what was not."""
    given = consent.state == "given"
    facts = (
        ("いつ", _day(consent.decided_on)), ("方法", say_method(consent)), ("だれが", consent.given_by),
        ("いつまで", (_day(consent.until) or "撤回されるまで") if given else ""), ("書面", _day(consent.paper_on)),
        ("説明した人", consent.explained_by), ("立ち会い", consent.witness), ("文書の版", consent.document_version if given else ""),
        ("理由・メモ", consent.reason), ("記録した人", consent.recorded_by),
    )  # fmt: skip
    return tuple((label, said) for label, said in facts if said)


def _say(consent: Consent) -> str:
    words = (STATE_LABELS[consent.state], *(f"{label} {said}" for label, said in _facts(consent) if label != "記録した人"))
    return "　".join(words)


def _day(day: date | None) -> str:
    return format_wareki(day) if day else ""
