"""Finding a person, opening a case, the page of one person, consent, avoidance, covering for a colleague."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.accounts.roles import EDIT_CASES, READ_CASES
from service.cases.access import change_person, may_change, read_person
from service.cases.assessment import history_of
from service.cases.avoidance import add_rule, avoid_targets, remove_rule
from service.cases.caseloads import agency_hints, duties_of_cases
from service.cases.forms import AvoidForm, ConsentForm, PersonForm, StandInForm
from service.cases.models import Person, SupportCase
from service.cases.pages import Around, AvoidView, PeopleView, PersonFormView, case_view
from service.cases.people import earlier_episode, find_people, load_person, locate_home, open_case, stand_in, write_person
from service.cases.togetherness import apart_lines
from service.cases.ways import ways_of
from service.kernel.clock import day_in_japan
from service.kernel.db import new_id
from service.kernel.errors import Conflict
from service.resources.places import places_of
from service.resources.vocabulary import current_vocabulary
from service.web.call import Call
from service.web.forms import FormBody, Posted, choices_of
from service.web.once import earlier_result, remember_result
from service.web.page import go, render
from service.web.params import known_id, typed_text, version_of


class People(Controller):
    """人をさがす, and the page of one person."""

    path = "/people"

    @get(perm=READ_CASES, sync_to_thread=True)
    def index(self, call: NamedDependency[Call]) -> Response[str]:
        """Everybody whose case may be read."""
        mine = call.request.query_params.get("mine") == "1"
        return _people_page(call, "", mine=mine)

    @post("/search", perm=READ_CASES, sync_to_thread=True, status_code=200)
    def search(self, call: NamedDependency[Call], data: FormBody) -> Response[str]:
        """Names are searched by a posted form: they would otherwise stay in addresses and logs."""
        return _people_page(call, typed_text(Posted.read(data).text("q"), 100))

    @get("/new", perm=EDIT_CASES, sync_to_thread=True)
    def new(self, call: NamedDependency[Call]) -> Response[str]:
        """A blank form."""
        return _form_page(call, PersonForm(data={"lead_agency": ""}), "/people/new", "/people")

    @post("/new", perm=EDIT_CASES, sync_to_thread=True)
    def create(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Open a case; sending the form twice opens one."""
        posted = Posted.read(data)
        if done := earlier_result(call.session, call.actor.id, posted.text("_once")):
            return go(done)
        form = PersonForm(posted)
        if not form.validate():
            return _form_page(call, form, "/people/new", "/people", status=422, once=posted.text("_once"))
        agency = (form.lead_agency.data or "").strip() or call.town.name
        person = open_case(call.session, call.actor, form.draft(), agency, call.now, day_in_japan(call.now))
        locate_home(person, places_of(call.town.code))
        target = f"/people/{person.id}"
        remember_result(call.session, call.actor.id, posted.text("_once"), target, call.now)
        return go(target, "added")

    @get("/{person_id:str}", perm=READ_CASES, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """The page of one person."""
        case, person = read_person(call.session, call.town, call.actor, known_id(person_id))
        return case_page(call, case, person)

    @get("/{person_id:str}/edit", perm=EDIT_CASES, sync_to_thread=True)
    def edit(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """Correct who it is."""
        case, person = change_person(call.session, call.town, call.actor, known_id(person_id), although_over=True)
        here = f"/people/{person.id}"
        return _form_page(call, PersonForm.of(person, case.lead_agency), f"{here}/edit", here, version=person.version)

    @post("/{person_id:str}/edit", perm=EDIT_CASES, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Save the correction; when somebody saved first, both are shown and nothing typed is lost."""
        case, person = change_person(call.session, call.town, call.actor, known_id(person_id), although_over=True)
        posted, here = Posted.read(data), f"/people/{person.id}"
        form = PersonForm(posted)
        if not form.validate():
            version = version_of(posted.text("_version"))
            return _form_page(call, form, f"{here}/edit", here, status=422, version=version)
        try:
            person.expect(version_of(posted.text("_version")))
        except Conflict:
            both = _both(PersonForm.of(person, case.lead_agency), form)
            return _form_page(call, form, f"{here}/edit", here, status=409, version=person.version, conflict=both)
        write_person(person, form.draft(person.relation))
        locate_home(person, places_of(call.town.code))
        case.lead_agency = (form.lead_agency.data or "").strip() or case.lead_agency
        return go(here, "saved")

    @post("/{person_id:str}/stand-in", perm=EDIT_CASES, sync_to_thread=True)
    def cover(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Cover for the assigned coordinator."""
        case, person = read_person(call.session, call.town, call.actor, known_id(person_id))
        form = StandInForm(Posted.read(data))
        if not form.validate():
            return case_page(call, case, person, stand_in_form=form)
        stand_in(call.session, call.actor, case, form.reason.data or "", call.now)
        return go(f"/people/{person.id}", "saved")

    @post("/{person_id:str}/lock", perm=EDIT_CASES, sync_to_thread=True)
    def lock(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Show the case to its named staff alone (DV, 支援措置), or to the team again."""
        case, person = change_person(call.session, call.town, call.actor, known_id(person_id), although_over=True)
        posted = Posted.read(data)
        case.expect(version_of(posted.text("_version")))
        case.locked = posted.text("locked") == "1"
        return go(f"/people/{person.id}", "saved")

    @get("/{person_id:str}/avoid", perm=EDIT_CASES, sync_to_thread=True)
    def choose_avoided(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """Whom or where to avoid."""
        _, person = change_person(call.session, call.town, call.actor, known_id(person_id))
        form = AvoidForm()
        form.target.choices = choices_of({"": "選んでください", **dict(avoid_targets(call.session))})
        view = AvoidView(person.id, person.name, form)
        return render(call.request, "cases/avoid.html", "接触回避を足す", view)

    @post("/{person_id:str}/avoid", perm=EDIT_CASES, sync_to_thread=True)
    def avoid(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Add a rule of avoidance."""
        _, person = change_person(call.session, call.town, call.actor, known_id(person_id))
        add_rule(call.session, person, Posted.read(data), places_of(call.town.code))
        return go(f"/people/{person.id}", "saved")

    @post("/{person_id:str}/avoid/{rule_id:str}/remove", perm=EDIT_CASES, sync_to_thread=True)
    def stop_avoiding(self, call: NamedDependency[Call], person_id: FromPath[str], rule_id: FromPath[str]) -> Response[Any]:
        """Take a rule of avoidance back."""
        _, person = change_person(call.session, call.town, call.actor, known_id(person_id))
        remove_rule(call.session, person, known_id(rule_id))
        return go(f"/people/{person.id}", "saved")


def _people_page(call: Call, typed: str, *, mine: bool = False) -> Response[str]:
    found = find_people(call.session, call.town, call.actor, typed, mine=mine)
    view = PeopleView(typed=typed, mine=mine, found=found, may_open=EDIT_CASES.allows(call.actor))
    return render(call.request, "cases/people.html", "人をさがす", view)


def _form_page(
    call: Call,
    form: PersonForm,
    action: str,
    cancel: str,
    *,
    status: int = 200,
    version: int = 0,
    once: str = "",
    conflict: tuple[tuple[str, str, str], ...] = (),
) -> Response[str]:
    duties = duties_of_cases(call.session, call.town, call.actor, day_in_japan(call.now))
    view = PersonFormView(form, action, cancel, once or new_id(), version, conflict, agency_hints(call.session, duties))
    title = "基本情報を直す" if version else "新しいケース"
    return render(call.request, "cases/person_form.html", title, view, status=status)


def case_page(
    call: Call,
    case: SupportCase,
    person: Person,
    consent_form: ConsentForm | None = None,
    stand_in_form: StandInForm | None = None,
) -> Response[str]:
    """The page of one person; with a form that has errors, the answer is 422 and shows it as typed."""
    vocabulary = current_vocabulary(call.session)
    full = load_person(call.session, person)
    # Who must not meet whom is for those named on the case.
    aparts = apart_lines(call.session, call.town, call.actor, person.id) if may_change(call.actor, case) else ()
    history, ways = history_of(call.session, person.id, vocabulary), ways_of(call.session, person.id)
    around = Around(history, aparts, ways, earlier_episode(call.session, case))
    view = case_view(
        case,
        full,
        call.actor,
        vocabulary,
        around,
        call.now,
        new_id(),
        consent_form=consent_form,
        stand_in_form=stand_in_form,
    )
    status = 422 if consent_form or stand_in_form else 200
    return render(call.request, "cases/person.html", f"{person.name} さん", view, status=status)


def _both(theirs: PersonForm, mine: PersonForm) -> tuple[tuple[str, str, str], ...]:
    """Each field as a colleague saved it and as it was typed here."""
    return tuple((str(f.label.text), str(theirs[f.name].data or ""), str(f.data or "")) for f in mine)
