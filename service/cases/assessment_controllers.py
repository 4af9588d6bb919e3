"""The assessment: shown whole, saved answer by answer while typing, or all at once without scripts."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from service.accounts.roles import EDIT_CASES
from service.cases.access import change_person
from service.cases.assessment import answered_core, need_of, save_need, says_the_same
from service.cases.assessment_page import NeedField, assessment_view, need_field, read_need, said_theirs, typed_need_field
from service.cases.models import Person
from service.cases.people import load_person
from service.kernel.clock import day_in_japan
from service.kernel.errors import Conflict, NotFound
from service.kernel.vocab import Attribute, Vocabulary, VocabularyError
from service.resources.vocabulary import current_vocabulary
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import go, render, render_part
from service.web.params import known_id, version_of

AnyRequest = Request[Any, Any, Any]


class Assessments(Controller):
    """アセスメント."""

    path = "/people/{person_id:str}/assessment"

    @get(perm=EDIT_CASES, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """The questions with their answers so far."""
        case, person = change_person(call.session, call.town, call.actor, known_id(person_id))
        view = assessment_view(
            case, load_person(call.session, person), current_vocabulary(call.session), day_in_japan(call.now)
        )
        return render(call.request, "cases/assessment.html", f"アセスメント {person.name} さん", view)

    @post(perm=EDIT_CASES, sync_to_thread=True)
    def save_all(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Save every answer that can be saved; the others come back as typed, each with what to mend."""
        case, bare = change_person(call.session, call.town, call.actor, known_id(person_id))
        person, posted, vocabulary = load_person(call.session, bare), Posted.read(data), current_vocabulary(call.session)
        left = _save_each(call.session, person, vocabulary, posted)
        if not left:
            return go(f"/people/{person.id}", "saved")
        view = assessment_view(case, person, vocabulary, day_in_japan(call.now), left)
        return render(call.request, "cases/assessment.html", f"アセスメント {person.name} さん", view, status=422)

    @post("/{key:str}", perm=EDIT_CASES, sync_to_thread=True, status_code=200)
    def save_one(
        self, call: NamedDependency[Call], person_id: FromPath[str], key: FromPath[str], data: FormBody
    ) -> Response[str]:
        """Save one answer while the form stays open; the page learns that it was saved, or why not."""
        _, bare = change_person(call.session, call.town, call.actor, known_id(person_id))
        vocabulary, person, posted = current_vocabulary(call.session), load_person(call.session, bare), Posted.read(data)
        attribute = vocabulary.get(key)
        if attribute is None or not attribute.person.is_asked:
            raise NotFound()
        field, status = _save_one(call.session, person, attribute, posted)
        answered, total = answered_core(vocabulary, person.needs)
        answer = render_part(call.request, "cases/need_saved.html", (field, answered, total), status=status)
        if status == 200:
            answer.headers["hx-trigger"] = "assessment-saved"
        return answer


def _save_each(session: Session, person: Person, vocabulary: Vocabulary, posted: Posted) -> dict[str, NeedField]:
    """Save what was typed; the fields that could not be saved are given back by key."""
    left = {}
    for attribute in vocabulary.asked_of_person:
        if f"v-{attribute.key}" in posted:
            field, status = _save_one(session, person, attribute, posted)
            if status != 200:
                left[attribute.key] = field
    return left


def _save_one(session: Session, person: Person, attribute: Attribute, posted: Posted) -> tuple[NeedField, int]:
    need = need_of(person, attribute.key)
    try:
        answer = read_need(attribute, posted)
        if not says_the_same(need, answer):
            need = save_need(session, person, attribute, answer, version_of(posted.text(f"v-{attribute.key}")))
    except VocabularyError as problem:
        return typed_need_field(attribute, need, posted, (problem.message, problem.remedy)), 422
    except Conflict:
        return typed_need_field(attribute, need, posted, (said_theirs(attribute, need),)), 409
    return need_field(attribute, need, "保存しました"), 200
