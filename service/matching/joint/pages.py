"""What the list of joint runs and the form for a new one show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from service.accounts.roles import RECORD_MATCHES
from service.cases.models import Person, SupportCase
from service.kernel.dates import say_instant
from service.kernel.vocab import Vocabulary
from service.matching.joint.asking import PeopleFilter
from service.matching.joint.forms import AIMS, AskDraft
from service.matching.joint.gather import Scope
from service.matching.joint.models import DONE, WEEK, JointRun
from service.matching.joint.pages_words import LOOKS, STATES, say_nothing_kept, say_proof
from service.resources.interchange.drafts import HOST_KINDS
from service.web.actor import Actor

MOST_NAMED: Final = 200
NOBODY: Final = "しぼり込みに当てはまる人がいません。担当・地区・日数のどれかを外すと見つかることがあります。"


@dataclass(frozen=True)
class RunRow:
    """One run in the list."""

    id: str
    at: str
    author: str
    size: str
    state: str
    look: str
    placed: str
    proof: str
    said: str
    is_old: bool


@dataclass(frozen=True)
class JointView:
    """合同照合: the runs so far."""

    runs: tuple[RunRow, ...]
    may_run: bool


@dataclass(frozen=True)
class Choice:
    """One thing to tick or pick."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class NewRunView:
    """A new run: who and where, how large that is, and why it may not be asked for."""

    draft: AskDraft
    coordinators: tuple[Choice, ...]
    districts: tuple[Choice, ...]
    persons: tuple[Choice, ...]
    unnamed: int
    kinds: tuple[Choice, ...]
    themes: tuple[Choice, ...]
    aims: tuple[tuple[str, tuple[Choice, ...]], ...]
    aims_said: tuple[str, ...]
    people: int
    openings: int
    left_out: tuple[str, ...]
    problem: tuple[str, str] | None
    once: str
    may_run: bool


def joint_view(runs: Sequence[tuple[JointRun, str]], actor: Actor, catalogue: int) -> JointView:
    """The runs, newest first; weeks of single persons have their own page."""
    shown = [(run, state) for run, state in runs if run.kind != WEEK]
    return JointView(tuple(_row(run, state, catalogue) for run, state in shown), RECORD_MATCHES.allows(actor))


def _row(run: JointRun, state: str, catalogue: int) -> RunRow:
    counts, is_done = run.counts, state == DONE
    size = f"{counts['people']}人 × {counts['openings']}枠" if is_done else "—"
    return RunRow(
        id=run.id,
        at=say_instant(run.asked_at),
        author=run.author,
        size=size,
        state=STATES.get(state, state),
        look=LOOKS.get(state, ""),
        placed=f"{counts['placed']}人" if is_done else "—",
        proof=say_proof(run) if is_done else "",
        said=say_nothing_kept(state, run.problem),
        is_old=is_old(run, catalogue) if is_done else False,
    )


def is_old(run: JointRun, catalogue: int) -> bool:
    """Whether the catalogue or the vocabulary is another one by now: the run then speaks of 当時の版."""
    return run.is_outdated or run.catalogue_version != catalogue


def new_run_view(
    draft: AskDraft,
    scope: Scope,
    cases: Iterable[SupportCase],
    actor: Actor,
    once: str,
    problem: tuple[str, str] | None = None,
) -> NewRunView:
    """The form as typed, with the counts of this moment."""
    known = list(cases)
    people = [(case, person) for case in known for person in case.household.people]
    named = [_person(case, person, draft) for case, person in people if _may_be_named(case, draft.ask.people)]
    chosen = scope.chosen
    return NewRunView(
        draft=draft,
        coordinators=_choices({case.assigned_id: case.assigned.name for case in known}, draft, "c"),
        districts=_choices({d: d for d in sorted({c.household.district for c in known if not c.locked} - {""})}, draft, "d"),
        persons=tuple(named[:MOST_NAMED]),
        unnamed=max(len(named) - MOST_NAMED, 0),
        kinds=_choices(HOST_KINDS, draft, "k"),
        themes=_choices(_themes(scope), draft, "t"),
        aims=tuple((f"{n}番目", _choices(AIMS, draft, "aim", aim)) for n, aim in enumerate(draft.ask.settings.aims, 1)),
        aims_said=tuple(AIMS[aim] for aim in draft.ask.settings.aims),
        people=len(chosen.people),
        openings=len(scope.openings),
        left_out=tuple(_left_out(chosen.without_consent, chosen.not_assessed, chosen.placed)),
        problem=problem,
        once=once,
        may_run=RECORD_MATCHES.allows(actor),
    )


def _choices(labels: Mapping[str, str], draft: AskDraft, name: str, one: str = "") -> tuple[Choice, ...]:
    return tuple(Choice(v, label or v, v == one if one else draft.has(name, v)) for v, label in labels.items())


def _person(case: SupportCase, person: Person, draft: AskDraft) -> Choice:
    return Choice(person.id, f"{person.name}（{case.number}）", draft.has("p", person.id))


def _may_be_named(case: SupportCase, wanted: PeopleFilter) -> bool:
    """The list to tick from follows the coordinators and districts above it."""
    return (not wanted.coordinator_ids or case.assigned_id in wanted.coordinator_ids) and (
        not wanted.districts or case.household.district in wanted.districts
    )


def _themes(scope: Scope) -> Mapping[str, str]:
    vocabulary: Vocabulary = scope.loaded.vocabulary
    used = {tag for record in scope.loaded.records.values() for tag in record.tags}
    return {choice.key: choice.label for choice in vocabulary.activities if choice.key in used}


def _left_out(without_consent: int, not_assessed: int, placed: int) -> Iterable[str]:
    if without_consent:
        yield f"同意がまだの{without_consent}人は入っていません。"
    if not_assessed:
        yield f"条件をまだ聞いていない{not_assessed}人は入っていません。"
    if placed:
        yield f"今の場所がある{placed}人は入っていません。"
