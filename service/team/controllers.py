"""The members of a case on its page, and the members' own pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from sqlalchemy import select

from service.accounts.models import User
from service.accounts.roles import EDIT_CASES, READ_CASES, TEAM, TEAM_PAGES
from service.cases.access import change_person, may_change, read_person
from service.cases.models import Person, SupportCase
from service.cases.pages import Heading, heading_of
from service.kernel.audit import attempt
from service.kernel.clock import day_in_japan
from service.kernel.dates import say_instant
from service.kernel.db import new_id
from service.kernel.errors import DomainError
from service.resources.agencies.models import Agency
from service.resources.sending import done, sent_before
from service.team.members import add_member, cases_for, end_member, may_be_shared, members_of, read_as_member
from service.team.pages import OwnCasesView, own_case, shared_view
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import go, render
from service.web.params import FromPath, known_id

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MemberLine:
    """One member, of today or of before."""

    id: str
    name: str
    agency: str
    said: str
    is_now: bool
    is_shut: bool


@dataclass(frozen=True)
class MembersView:
    """支援関係機関の人; `problem` says why nobody was added, with what was chosen kept."""

    heading: Heading
    lines: tuple[MemberLine, ...]
    people: Pairs
    agencies: Pairs
    may_change: bool
    once: str
    who: str = ""
    agency: str = ""
    problem: str = ""


class Members(Controller):
    """Who of other agencies reads the shared parts of a case."""

    path = "/people/{person_id:str}/members"

    @get(perm=READ_CASES, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """The members."""
        return _page(call, *read_person(call.session, call.town, call.actor, known_id(person_id)))

    @post(perm=EDIT_CASES, sync_to_thread=True)
    def add(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """One more."""
        posted = Posted.read(data)
        case, person = change_person(call.session, call.town, call.actor, known_id(person_id))
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        who, agency = posted.text("who")[:32], posted.text("agency")[:32]
        try:
            with attempt(call.session):
                add_member(call.session, call.actor, case, who, agency, call.now)
        except DomainError as problem:
            return _page(call, case, person, who, agency, str(problem), problem.status)
        return done(call.session, call.actor, posted, call.now, f"/people/{person.id}/members", "added")

    @post("/{case_member_id:str}/end", perm=EDIT_CASES, sync_to_thread=True)
    def end(
        self, call: NamedDependency[Call], person_id: FromPath[str], case_member_id: FromPath[str], data: FormBody
    ) -> Response[Any]:
        """One less, at once."""
        case, person = change_person(call.session, call.town, call.actor, known_id(person_id), although_over=True)
        end_member(call.session, case, known_id(case_member_id), call.now)
        return go(f"/people/{person.id}/members", "saved")


class TeamPages(Controller):
    """The pages of whoever works on cases for another agency."""

    path = "/team"

    @get(perm=TEAM_PAGES, sync_to_thread=True)
    def index(self, call: NamedDependency[Call]) -> Response[str]:
        """Their cases."""
        view = OwnCasesView(tuple(own_case(*row) for row in cases_for(call.session, call.actor, day_in_japan(call.now))))
        return render(call.request, "team/cases.html", "関わっているケース", view)

    @get("/{case_id:str}", perm=TEAM_PAGES, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], case_id: FromPath[str]) -> Response[str]:
        """The shared parts of one."""
        found = read_as_member(call.session, call.actor, known_id(case_id), day_in_japan(call.now))
        return render(call.request, "team/case.html", f"{found[2].name} さん", shared_view(call.session, *found))


def _page(
    call: Call, case: SupportCase, person: Person, who: str = "", agency: str = "", problem: str = "", status: int = 200
) -> Response[str]:
    lines = []
    for member, name in members_of(call.session, case.id):
        said = f"{say_instant(member.since)}から" + (f"{say_instant(member.until)}まで" if member.until else "")
        shut = member.until is None and (
            case.locked or not may_be_shared(call.session, case, member.agency, day_in_japan(call.now))
        )
        lines.append(MemberLine(member.id, name, member.agency, said, member.until is None, shut))
    users = call.session.scalars(select(User).where(User.active).order_by(User.name))
    agencies = call.session.execute(select(Agency.id, Agency.name).where(Agency.active).order_by(Agency.kana, Agency.name))
    view = MembersView(
        heading_of(case, person, day_in_japan(call.now)), tuple(lines), tuple((u.id, u.name) for u in users if TEAM in u.roles),
        tuple((id_, name) for id_, name in agencies), may_change(call.actor, case), new_id(), who, agency, problem,
    )  # fmt: skip
    return render(call.request, "team/members.html", "支援関係機関の人", view, status)


TEAM_HANDLERS = [Members, TeamPages]
