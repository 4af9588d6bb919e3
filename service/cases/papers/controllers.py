"""The papers of one person: each print is recorded, and what stands on a consent is printed with it alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import READ_CASES
from service.cases.access import read_person
from service.cases.course.flow import Status
from service.cases.course.log import entries_of
from service.cases.models import Person, SupportCase
from service.cases.pages import Heading, heading_of
from service.cases.papers.anonymous import FEWEST, anonymous_paper, band_of, names_in, people_alike
from service.cases.papers.application import NO_CONSENT_TITLE, TITLE, application_paper, no_consent_paper
from service.cases.papers.forms import AnonymousForm
from service.cases.papers.known import known_of, principal_of, sheet_of
from service.cases.papers.rules import check_printable
from service.cases.papers.sheet import INTAKE, NATIONAL, sheet_paper, sheets
from service.cases.people import load_person
from service.kernel.audit import note
from service.kernel.clock import day_in_japan
from service.kernel.dates import say_instant
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import pdf_answer, render
from service.web.params import FromPath, known_id
from service.web.print.document import Document, document_data
from service.web.print.render import render_pdf
from service.web.print.sheets import Letterhead

PERSONAL, NAMELESS = "取扱注意・個人情報", "匿名・配布先限り"


@dataclass(frozen=True)
class AnonymousView:
    """The form of 匿名事例, with how many people fit and what stands in the way."""

    heading: Heading
    form: AnonymousForm
    alike: int | None
    is_few: bool
    problem: str


class Papers(Controller):
    """申込票, シート, 匿名事例."""

    path = "/people/{person_id:str}/papers"

    @get("/application.pdf", perm=READ_CASES, sync_to_thread=True)
    def application(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[bytes]:
        """申込票兼同意書 of any member of the household."""
        case, person = read_person(call.session, call.town, call.actor, known_id(person_id))
        paper = application_paper(known_of(call.session, case, person, call.now), _head(call, case, TITLE))
        return _printed(call, "application", person, paper)

    @get("/no-consent.pdf", perm=READ_CASES, sync_to_thread=True)
    def no_consent(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[bytes]:
        """The same without a signature; possible whatever was answered."""
        case, person = read_person(call.session, call.town, call.actor, known_id(person_id))
        known, why = known_of(call.session, case, person, call.now), _why_without(call, case)
        return _printed(call, "no_consent", person, no_consent_paper(known, _head(call, case, NO_CONSENT_TITLE), why))

    @get("/intake.pdf", perm=READ_CASES, sync_to_thread=True)
    def intake(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[bytes]:
        """インテーク・アセスメントシート, the short one."""
        return _sheet(call, person_id, INTAKE)

    @get("/national.pdf", perm=READ_CASES, sync_to_thread=True)
    def national(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[bytes]:
        """国の様式で印刷."""
        return _sheet(call, person_id, NATIONAL)

    @get("/anonymous", perm=READ_CASES, sync_to_thread=True)
    def choose(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """What of the case is told, and how many people that fits."""
        case, person = _nameless(call, person_id)
        sheet, (band, district) = sheet_of(call.session, case), _told_of(call, case, person)
        told = {"age_band": band, "district": district, "troubles": list(sheet.troubles) if sheet else []}
        return _page(call, case, person, AnonymousForm(data=told))

    @post("/anonymous.pdf", perm=READ_CASES, sync_to_thread=True, status_code=200)
    def anonymous(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Print it: not with a name of the household in the words, and not unasked where fewer than five fit."""
        case, person = _nameless(call, person_id)
        form, told = AnonymousForm(Posted.read(data)), _told_of(call, case, person)
        profile = form.profile(*told)
        if not form.validate():
            return _page(call, case, person, form, status=422)
        if found := names_in(profile.words, case.household.people, case):
            problem = f"添える言葉に「{'」「'.join(found)}」が入っています。名前や連絡先の分かる言葉を消してください。"
            return _page(call, case, person, form, problem, 422)
        if people_alike(call.session, profile, day_in_japan(call.now)) < FEWEST and not form.is_certain.data:
            problem = "当てはまる人が少ないままです。言うことを減らすか、承知の印を付けてください。"
            return _page(call, case, person, form, problem, 422)
        return _printed(call, "anonymous", person, anonymous_paper(profile, _head(call, case, "匿名事例", NAMELESS)))


def _nameless(call: Call, person_id: str) -> tuple[SupportCase, Person]:
    """Case and principal, where nobody has said no."""
    case, _ = read_person(call.session, call.town, call.actor, known_id(person_id))
    person = load_person(call.session, principal_of(case))
    check_printable(person.consents, day_in_japan(call.now), until_taken_back=True)
    return case, person


def _sheet(call: Call, person_id: str, key: str) -> Response[bytes]:
    case, _ = read_person(call.session, call.town, call.actor, known_id(person_id))
    person = load_person(call.session, principal_of(case))
    check_printable(person.consents, day_in_japan(call.now))
    paper = sheet_paper(key, known_of(call.session, case, person, call.now), _head(call, case, sheets()[key]["title"]))
    return _printed(call, key, person, paper)


def _why_without(call: Call, case: SupportCase) -> str:
    """What was said when the case went on without consent; nothing where it did not."""
    moves: Sequence[Any] = entries_of(call.session, case.id)
    return next((each.text for each in moves if each.to_status == Status.NO_CONSENT), "")


def _told_of(call: Call, case: SupportCase, person: Person) -> tuple[str, str]:
    """Age band and district; a locked case has no district to tell."""
    return band_of(person.birth_on, day_in_japan(call.now)), "" if case.locked else case.household.district


def _page(
    call: Call, case: SupportCase, person: Person, form: AnonymousForm, problem: str = "", status: int = 200
) -> Response[str]:
    told = _told_of(call, case, person)
    form.offer(*told)
    alike = people_alike(call.session, form.profile(*told), day_in_japan(call.now))
    view = AnonymousView(heading_of(case, person, day_in_japan(call.now)), form, alike, alike < FEWEST, problem)
    return render(call.request, "cases/anonymous.html", f"匿名事例　{person.name} さん", view, status)


def _head(call: Call, case: SupportCase, title: str, mark: str = PERSONAL) -> Letterhead:
    office = "" if mark == NAMELESS else case.lead_agency
    return Letterhead(title, call.town.name, office, mark, call.actor.label, say_instant(call.now))


def _printed(call: Call, name: str, person: Person, paper: Document) -> Response[bytes]:
    note(call.session, "print", name, person.id)
    return pdf_answer(render_pdf("document", document_data(paper)), f"{name}.pdf")
