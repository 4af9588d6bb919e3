"""設定: the vocabulary of the town, each word with where it comes from and how it changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from sqlalchemy.orm import Session

from service.accounts.roles import EDIT_SETTINGS, READ_SETTINGS
from service.kernel.dates import say_instant
from service.kernel.db import new_id
from service.kernel.errors import Conflict
from service.kernel.vocab import Attribute, Side, VocabularyError, attribute_from_row
from service.resources.edit_pages import Conflicts
from service.resources.models import VocabularyEntry
from service.resources.sending import done, sent_before
from service.resources.vocabulary import SEED_AUTHOR, current_vocabulary, entries_in_force, save_attribute
from service.resources.vocabulary_edit import (
    KIND_LABELS,
    OTHER_KIND,
    against_seed,
    compare,
    edit_attribute,
    find_attribute,
    new_attribute,
    save_edit,
)
from service.resources.vocabulary_forms import AttributeForm, NewAttributeForm, typed_labels
from service.web.actor import Actor
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import FromPath, version_of

AnyRequest = Request[Any, Any, Any]
Rows = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class AttributeLine:
    """One condition in the list."""

    key: str
    label: str
    kind: str
    strength: str
    suggestable: bool
    negotiable: bool
    core: bool
    origin: str


@dataclass(frozen=True)
class SettingsView:
    """The whole vocabulary by headings."""

    sections: tuple[tuple[str, tuple[AttributeLine, ...]], ...]
    total: int
    edited: int
    may_edit: bool


@dataclass(frozen=True)
class AttributeView:
    """One condition: its words, and its versions."""

    key: str
    label: str
    code: str
    kind: str
    locked: bool
    form: AttributeForm
    person_choices: tuple[tuple[str, str], ...]
    host_choices: tuple[tuple[str, str], ...]
    asks_person: bool
    asks_host: bool
    history: Rows
    against_seed: Rows
    in_seed: bool
    version: str
    once: str
    conflict: Conflicts
    changed_by: tuple[str, str]
    problem: str
    may_edit: bool


@dataclass(frozen=True)
class NewAttributeView:
    """The form for a condition the town adds."""

    form: NewAttributeForm
    problem: str
    once: str


class VocabularyPages(Controller):
    """The vocabulary on 設定."""

    path = "/settings"

    @get(perm=READ_SETTINGS, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """Every condition by heading."""
        vocabulary, entries = current_vocabulary(call.session), {e.key: e for e in entries_in_force(call.session)}
        sections = tuple(
            (section.label, tuple(_line(a, entries[a.key]) for a in vocabulary.in_section(section.key)))
            for section in vocabulary.sections
        )
        edited = sum(entry.author != SEED_AUTHOR for entry in entries.values())
        view = SettingsView(sections, len(vocabulary), edited, EDIT_SETTINGS.allows(call.actor))
        return render(call.request, "resources/settings.html", "設定", view)

    @get("/vocabulary/new", perm=EDIT_SETTINGS, sync_to_thread=True)
    def blank(self, call: NamedDependency[Call]) -> Response[str]:
        """The empty form."""
        return _show_new(call.request, call.session, NewAttributeForm())

    @post("/vocabulary/new", perm=EDIT_SETTINGS, sync_to_thread=True)
    def create(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Add a condition; forms, matching, questions and exports take it up by themselves."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form, vocabulary = NewAttributeForm(posted), current_vocabulary(call.session)
        form.offer_sections(vocabulary.sections)
        if not form.validate():
            return _show_new(call.request, call.session, form, status=422)
        try:
            attribute = new_attribute(form.data, vocabulary)
        except VocabularyError as problem:
            return _show_new(call.request, call.session, form, str(problem), 422)
        save_attribute(call.session, attribute, call.actor.label, call.now)
        return done(call.session, call.actor, posted, call.now, f"/settings/vocabulary/{attribute.key}", "added")

    @get("/vocabulary/{key:str}", perm=READ_SETTINGS, sync_to_thread=True)
    def one(self, call: NamedDependency[Call], key: FromPath[str]) -> Response[str]:
        """One condition with its words and versions."""
        attribute, history = find_attribute(call.session, key)
        return _show_one(call.request, call.actor, attribute, history, AttributeForm.of(attribute))

    @post("/vocabulary/{key:str}", perm=EDIT_SETTINGS, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], key: FromPath[str], data: FormBody) -> Response[Any]:
        """Keep the words as a new version."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        attribute, history = find_attribute(call.session, key)
        form = AttributeForm(posted)
        if not form.validate():
            return _show_one(call.request, call.actor, attribute, history, form, posted, status=422)
        edited = edit_attribute(attribute, form.typed(attribute, posted))
        try:
            saved = save_edit(call.session, version_of(posted.text("_version")), edited, call.actor, call.now)
        except Conflict:
            rows = tuple(compare(attribute, edited))
            return _show_one(call.request, call.actor, attribute, history, form, posted, conflict=rows, status=409)
        except VocabularyError as problem:
            return _show_one(call.request, call.actor, attribute, history, form, posted, problem=str(problem), status=422)
        message = "saved" if saved else "nothing-to-save"
        return done(call.session, call.actor, posted, call.now, f"/settings/vocabulary/{attribute.key}", message)


def _line(attribute: Attribute, entry: VocabularyEntry) -> AttributeLine:
    edited = entry.author != SEED_AUTHOR
    return AttributeLine(
        attribute.key, attribute.label, KIND_LABELS.get(str(attribute.kind), ""), str(attribute.strength),
        attribute.suggestable, attribute.negotiable, attribute.core,
        f"{entry.author} {say_instant(entry.at)}" if edited else "初期値",
    )  # fmt: skip


def _show_new(
    request: AnyRequest, session: Session, form: NewAttributeForm, problem: str = "", status: int = 200
) -> Response[str]:
    form.offer_sections(current_vocabulary(session).sections)
    return render(request, "resources/attribute_new.html", "項目を加える", NewAttributeView(form, problem, new_id()), status)


def _show_one(
    request: AnyRequest,
    actor: Actor,
    attribute: Attribute,
    history: Sequence[VocabularyEntry],
    form: AttributeForm,
    posted: Posted | None = None,
    conflict: Conflicts = (),
    problem: str = "",
    status: int = 200,
) -> Response[str]:
    fresh = posted is None or bool(conflict)
    view = AttributeView(
        key=attribute.key, label=attribute.label, code=attribute.code, kind=KIND_LABELS.get(str(attribute.kind), OTHER_KIND),
        locked=attribute.locked, form=form, person_choices=_choices(attribute.person, "p", posted),
        host_choices=_choices(attribute.host, "h", posted), asks_person=attribute.person.is_asked,
        asks_host=attribute.host.is_asked, history=tuple(_history(history)), against_seed=tuple(against_seed(attribute)),
        in_seed=history[-1].author == SEED_AUTHOR,
        version=str(history[0].seq) if fresh or posted is None else posted.text("_version"), once=new_id(),
        conflict=conflict, changed_by=(history[0].author, say_instant(history[0].at)), problem=problem,
        may_edit=EDIT_SETTINGS.allows(actor),
    )  # fmt: skip
    return render(request, "resources/attribute.html", f"設定 {attribute.label}", view, status)


def _choices(side: Side, stem: str, posted: Posted | None) -> tuple[tuple[str, str], ...]:
    typed = {} if posted is None else typed_labels(side, stem, posted)
    return tuple((choice.key, typed.get(choice.key) or choice.label) for choice in side.choices)


def _history(entries: Sequence[VocabularyEntry]) -> Sequence[tuple[str, str, str]]:
    """When, who, and what each version changed against the one before it."""
    rows = []
    for entry, before in zip(entries, [*entries[1:], None], strict=True):
        if before is None:
            rows.append((say_instant(entry.at), entry.author, "最初の版"))
            continue
        changes = compare(attribute_from_row(before.body), attribute_from_row(entry.body))
        text = "。".join(f"{label}：{old or '（空）'} → {new or '（空）'}" for label, old, new in changes)
        rows.append((say_instant(entry.at), entry.author, text))
    return rows
