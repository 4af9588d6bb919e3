"""One person's placements: a candidate from the match or by hand, the week over all hosts, the way from little to more."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from service.accounts.roles import EDIT_PLACEMENTS, READ_PLACEMENTS
from service.cases.access import change_person, read_person
from service.followup.placements.forms_person import CandidateForm, StageForm
from service.followup.placements.pages_person import (
    candidate_view,
    let_choose_times,
    person_placements_view,
    times_chosen,
)
from service.followup.placements.proposing import Proposal, propose, stands
from service.followup.placements.stepping_up import add_stage, reach_stage
from service.kernel.audit import attempt
from service.kernel.clock import day_in_japan
from service.kernel.dates import parse_date
from service.kernel.digits import whole
from service.kernel.errors import DomainError, NotFound
from service.matching.service import ask_for
from service.resources.models import Opening
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import known_id


@dataclass(frozen=True)
class _Problem:
    """What a refusal says on the page it came from."""

    text: str
    status: int


class PersonPlacements(Controller):
    """One person and all hosts."""

    path = "/people/{person_id:str}/placements"

    @get(perm=READ_PLACEMENTS, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """The week, the stages, and every placement."""
        return _page(call, known_id(person_id))

    @get("/new/{opening_id:str}", perm=EDIT_PLACEMENTS, sync_to_thread=True)
    def new(self, call: NamedDependency[Call], person_id: FromPath[str], opening_id: FromPath[str]) -> Response[str]:
        """How a pair stands, before it becomes a candidate."""
        change_person(call.session, call.town, call.actor, known_id(person_id))
        opening = _opening(call, opening_id)
        return _new(call, known_id(person_id), opening, CandidateForm())

    @post(perm=EDIT_PLACEMENTS, sync_to_thread=True)
    def create(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Make the pair a candidate."""
        posted, id_ = Posted.read(data), known_id(person_id)
        change_person(call.session, call.town, call.actor, id_)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        opening, form = _opening(call, posted.text("opening")), CandidateForm(posted)
        wanted = Proposal(id_, opening.id, (form.note.data or "").strip(), times_chosen(form, opening))
        if not form.validate():
            return _new(call, id_, opening, form, _Problem("", 422))
        try:
            with attempt(call.session):
                placement = propose(call.session, call.town, call.actor, wanted, call.now)
        except NotFound:
            raise
        except DomainError as refusal:
            problem = _Problem(f"{refusal.message}{refusal.remedy}", refusal.status)
            return _new(call, id_, _opening(call, opening.id), form, problem)
        return done(call.session, call.actor, posted, call.now, f"/placements/{placement.id}", "accepted")

    @post("/stages", perm=EDIT_PLACEMENTS, sync_to_thread=True)
    def add(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """One stage more."""
        posted, id_ = Posted.read(data), known_id(person_id)
        change_person(call.session, call.town, call.actor, id_)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form = StageForm(posted)
        if not form.validate():
            return _page(call, id_, form, _Problem("", 422))
        day = parse_date(form.from_on.data) if form.from_on.data else None
        try:
            add_stage(
                call.session, id_, form.days_per_week.data or 0, form.minutes.data or 0, day, (form.note.data or "").strip()
            )
        except DomainError as refusal:
            return _page(call, id_, form, _Problem(f"{refusal.message}{refusal.remedy}", refusal.status))
        return done(call.session, call.actor, posted, call.now, f"/people/{id_}/placements", "added")

    @post("/stages/next", perm=EDIT_PLACEMENTS, sync_to_thread=True)
    def step_up(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """次の段へ."""
        posted, id_ = Posted.read(data), known_id(person_id)
        change_person(call.session, call.town, call.actor, id_)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        if (position := whole(posted.text("position"), 99)) is not None:
            reach_stage(call.session, id_, position, day_in_japan(call.now))
        return done(call.session, call.actor, posted, call.now, f"/people/{id_}/placements")


def _page(call: Call, id_: str, form: StageForm | None = None, problem: _Problem | None = None) -> Response[str]:
    case, person = read_person(call.session, call.town, call.actor, id_)
    view = person_placements_view(call, case, person, form, problem.text if problem else "")
    status = problem.status if problem else 200
    return render(call.request, "followup/person_placements.html", f"打診・紹介 {person.name} さん", view, status=status)


def _new(call: Call, id_: str, opening: Opening, form: CandidateForm, problem: _Problem | None = None) -> Response[str]:
    ask = ask_for(call.session, call.town, call.actor, id_, call.now)
    let_choose_times(form, opening)
    text = problem.text if problem else ""
    view = candidate_view(call, ask.case, ask.person, stands(ask, opening.id), form, opening.id, text)
    status = problem.status if problem else 200
    return render(call.request, "followup/candidate.html", f"候補にする {ask.person.name} さん", view, status=status)


def _opening(call: Call, typed: str) -> Opening:
    query = select(Opening).where(Opening.id == known_id(typed)).options(selectinload(Opening.slots))
    opening = call.session.scalars(query).one_or_none()
    if opening is None:
        raise NotFound()
    return opening
