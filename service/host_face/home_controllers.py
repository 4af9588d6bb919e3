"""The first page of a host, its week, and what it lets us know."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import HOST_FACE
from service.followup.placements.models import ABSENCE, FACE, WORRY
from service.host_face.agreed import agreed_placements
from service.host_face.card import own_host
from service.host_face.home_pages import ReportView, home_view, person_view, week_view
from service.host_face.openings import confirm_all
from service.host_face.own import own_of
from service.host_face.telling import tell
from service.kernel.audit import note
from service.kernel.db import new_id
from service.kernel.errors import DomainError
from service.resources.fax import fax_sheet
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import pdf_answer, render
from service.web.params import FromPath, known_id, typed_text
from service.web.print.render import render_pdf
from service.web.print.sheets import to_dict

LONGEST = 1000


class Home(Controller):
    """What a host sees first."""

    path = "/host"

    @get(perm=HOST_FACE, sync_to_thread=True)
    def home(self, call: NamedDependency[Call]) -> Response[str]:
        """Openings, questions, who comes, and the last word."""
        own = own_of(call)
        return render(call.request, "host_face/home.html", own.host_name, home_view(call.session, own, call.now, new_id()))

    @post("/confirm", perm=HOST_FACE, sync_to_thread=True)
    def confirm(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """「変更なし」 in one tap."""
        posted, own = Posted.read(data), own_of(call)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        confirm_all(call.session, own)
        return done(call.session, call.actor, posted, call.now, "/host", "host-confirmed")

    @get("/week", perm=HOST_FACE, sync_to_thread=True)
    def week(self, call: NamedDependency[Call]) -> Response[str]:
        """Who comes on which day."""
        return render(call.request, "host_face/week.html", "今週いらっしゃる方", week_view(call.session, own_of(call)))

    @get("/fax", perm=HOST_FACE, sync_to_thread=True)
    def fax(self, call: NamedDependency[Call]) -> Response[bytes]:
        """The sheet to fill in with a pen."""
        own = own_of(call)
        note(call.session, "print", "host", own.host_id, ("fax",))
        sheet = fax_sheet([own_host(call.session, own.host_id)], call.town, own.actor, call.now)
        return pdf_answer(render_pdf("fax", to_dict(sheet)), "fax.pdf")

    @get("/report", perm=HOST_FACE, sync_to_thread=True)
    def report(self, call: NamedDependency[Call]) -> Response[str]:
        """A form for a word about nobody in particular."""
        view = ReportView(own_of(call).host_name, new_id())
        return render(call.request, "host_face/report.html", "心配なことを知らせる", view)

    @post("/report", perm=HOST_FACE, sync_to_thread=True)
    def send_report(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Keep a worry."""
        posted, own = Posted.read(data), own_of(call)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        text = typed_text(posted.text("text"), LONGEST)
        try:
            tell(call, own, WORRY, text=text)
        except DomainError as problem:
            view = ReportView(own.host_name, new_id(), text, str(problem))
            return render(call.request, "host_face/report.html", "心配なことを知らせる", view, problem.status)
        return done(call.session, call.actor, posted, call.now, "/host", "host-told")


class People(Controller):
    """One person whom a host may know of."""

    path = "/host/people/{placement_id:str}"

    @get(perm=HOST_FACE, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], placement_id: FromPath[str]) -> Response[str]:
        """What was agreed; that it was looked at is recorded."""
        own = own_of(call)
        agreed = agreed_placements(call.session, own.host_id, own.today).of(known_id(placement_id))
        note(call.session, "view", "placement", agreed.card.placement_id, ("host_card",))
        return render(call.request, "host_face/person.html", agreed.card.title, person_view(own, agreed, new_id()))

    @post("/face", perm=HOST_FACE, sync_to_thread=True)
    def face(self, call: NamedDependency[Call], placement_id: FromPath[str], data: FormBody) -> Response[Any]:
        """One of the five faces."""
        posted = Posted.read(data)
        said = posted.text("face")
        return self._tell(call, placement_id, posted, FACE, int(said) if said in set("12345") else None)

    @post("/report", perm=HOST_FACE, sync_to_thread=True)
    def report(self, call: NamedDependency[Call], placement_id: FromPath[str], data: FormBody) -> Response[Any]:
        """That the person stays away, or that something worries the host."""
        posted = Posted.read(data)
        return self._tell(call, placement_id, posted, ABSENCE if posted.text("kind") == ABSENCE else WORRY)

    def _tell(self, call: Call, placement_id: str, posted: Posted, kind: str, face: int | None = None) -> Response[Any]:
        own, about = own_of(call), known_id(placement_id)
        agreed = agreed_placements(call.session, own.host_id, own.today).of(about)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        text = typed_text(posted.text("text"), LONGEST)
        try:
            tell(call, own, kind, placement_id=about, face=face, text=text)
        except DomainError as problem:
            view = person_view(own, agreed, new_id(), text, str(problem))
            return render(call.request, "host_face/person.html", agreed.card.title, view, problem.status)
        return done(call.session, call.actor, posted, call.now, "/host", "host-told")
