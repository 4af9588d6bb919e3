"""The anonymous text of a sounding, on the page and on paper, with a warning where it could give somebody away."""

from dataclasses import dataclass

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.accounts.roles import READ_MATCHES
from service.cases.course.meeting_first import expect_meeting
from service.cases.pages import Heading, heading_of
from service.followup.placements.ladders import current_ladder
from service.followup.sharing.alike import people_alike
from service.kernel.audit import note
from service.matching.asking import asked
from service.matching.paper import sounding_sheet
from service.matching.service import match
from service.matching.sounding import word_sounding
from service.matching.whatif import address_of
from service.web.call import Call
from service.web.page import pdf_answer, render
from service.web.params import known_id
from service.web.print.render import render_pdf
from service.web.print.sheets import to_dict


@dataclass(frozen=True)
class SoundingView:
    """The page of the anonymous text."""

    heading: Heading
    text: str
    alike: str
    warning: str
    back: str
    print_href: str


class Soundings(Controller):
    """What a host is told before anybody has a name."""

    path = "/people/{person_id:str}/match"

    @get("/sounding", perm=READ_MATCHES, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """The anonymous text to read out, copy or print."""
        ask = asked(call, known_id(person_id))
        expect_meeting(call.session, ask.case)
        words = word_sounding(match(ask))
        alike = people_alike(call.session, ask.vocabulary, words.sentences[:-1], ask.today)
        path = f"/people/{ask.person.id}/match"
        view = SoundingView(
            heading_of(ask.case, ask.person, ask.today),
            words.text,
            f"この条件に合う人は、市内の受付中のケースに{alike}人います。",
            warning_of(alike, current_ladder(call.session).fewest_alike),
            path,
            address_of(f"{path}/sounding.pdf", ask.what_if, ask.vocabulary),
        )
        return render(call.request, "followup/sounding.html", "打診の文", view)

    @get("/sounding.pdf", perm=READ_MATCHES, sync_to_thread=True)
    def print_sounding(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[bytes]:
        """The anonymous text on A4."""
        ask = asked(call, known_id(person_id))
        expect_meeting(call.session, ask.case)
        note(call.session, "print", "person", ask.person.id)
        sheet = sounding_sheet(word_sounding(match(ask)), call.town, call.actor, call.now)
        return pdf_answer(render_pdf("sounding", to_dict(sheet)), "sounding.pdf")


def warning_of(alike: int, fewest: int) -> str:
    """A word of caution where fewer people than the town has decided on could be meant; nothing otherwise."""
    if alike >= fewest:
        return ""
    return (
        f"この文に当てはまる人は{alike}人だけです（めやすは{fewest}人以上）。"
        "小さな町では、だれのことか分かるおそれがあります。条件を減らすか、伝える相手をよく選んでください。"
    )
