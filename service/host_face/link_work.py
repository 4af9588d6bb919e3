"""For each purpose of a link: whether it still means anything, its page, and the work it does (None = done)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from litestar import Response

from service.followup.placements.models import FACE, WORRY
from service.followup.tasks.agreeing import visit_at
from service.host_face.agreed import agreed_placements
from service.host_face.forms import JoinForm
from service.host_face.home_pages import faces
from service.host_face.link_pages import JoinLinkView, LinkOpening, OpeningsLinkView, ReportLinkView
from service.host_face.opening_pages import UNTIL
from service.host_face.openings import PAUSE_REASONS, change_opening, check_change, confirm_all, own_openings
from service.host_face.own import Own
from service.host_face.pausing import read_pause
from service.host_face.sounding_controllers import give_answer, own_sounding, sounding_view
from service.host_face.telling import tell
from service.host_face.visits import TITLE as VISIT_TITLE
from service.host_face.visits import answer_visit, visit_view
from service.kernel.dates import DateProblem
from service.kernel.db import new_id
from service.kernel.digits import whole
from service.kernel.errors import DomainError, NotFound
from service.kernel.timetable import SlotProblem, format_slots, parse_slots
from service.resources.doors import HostLink
from service.resources.links import JOIN, OPENINGS, REPORT, SOUNDING, VISIT
from service.resources.members import join
from service.resources.models import Opening
from service.resources.timing import Hours
from service.resources.words import OPENING_STATUS, slot_text
from service.web.call import Call
from service.web.forms import Posted
from service.web.page import render
from service.web.params import typed_text, version_of

Refused = Response[Any] | None
Change = tuple[Opening, int, dict[str, Any], tuple[Hours, ...] | None]
Page = Callable[[Call, Own, HostLink, str, Posted | None], Response[Any]]
Act = Callable[[Call, Own, HostLink, str, Posted], Refused]
LONGEST: Final = 1000


def stands(call: Call, own: Own, link: HostLink) -> bool:
    """Whether what a link is about is still there for this host."""
    if link.purpose == REPORT and link.about_id:
        here = agreed_placements(call.session, own.host_id, own.today, in_short=True)
        return any(each.card.placement_id == link.about_id for each in here.people)
    if link.purpose == SOUNDING:
        try:
            own_sounding(call.session, own.host_id, link.about_id)
        except NotFound:
            return False
    if link.purpose == VISIT:
        try:
            visit_at(call.session, own.host_id, link.about_id, own.today)
        except NotFound:
            return False
    return True


def show_openings(
    call: Call, own: Own, link: HostLink, action: str, posted: Posted | None, problem: str = "", status: int = 200
) -> Response[Any]:
    """Everything the host offers, with one big button."""
    view = OpeningsLinkView(
        own.host_name, action, _typed(own_openings(call.session, own.host_id), posted), tuple(PAUSE_REASONS.items()),
        tuple(UNTIL.items()), posted.text("date") if posted else "", new_id(), problem,
    )  # fmt: skip
    return render(call.request, "host_face/link_openings.html", "受け入れの確認", view, status)


def act_on_openings(call: Call, own: Own, link: HostLink, action: str, posted: Posted) -> Refused:
    """「変更なし」, or the numbers as they are now."""
    if posted.text("what") not in ("numbers", "pause"):
        confirm_all(call.session, own)
        return None
    openings = own_openings(call.session, own.host_id, lock=True)
    try:
        changes = _pauses(posted, own, openings) if posted.text("what") == "pause" else _numbers(posted, openings)
        # All or nothing: the second may be refused where the first could be kept.
        for change in changes:
            check_change(call.session, own, *change)
        for change in changes:
            change_opening(call.session, own, *change)
    except DomainError as problem:
        return show_openings(call, own, link, action, posted, str(problem), problem.status)
    except (DateProblem, SlotProblem) as problem:
        return show_openings(call, own, link, action, posted, str(problem), 422)
    return None


def _numbers(posted: Posted, openings: Sequence[Opening]) -> list[Change]:
    """Free places and hours of those the form shows; hours that were not touched stay as they are."""
    return [
        (each, version_of(posted.text(f"v-{each.id}")), _free(posted, each.id), _hours(posted, each))
        for each in openings
        if f"free-{each.id}" in posted
    ]


def _pauses(posted: Posted, own: Own, openings: Sequence[Opening]) -> list[Change]:
    """A rest of the one opening the form is about."""
    found = [each for each in openings if each.id == posted.text("opening")]
    if not found:
        raise NotFound()
    return [(found[0], version_of(posted.text("_version")), read_pause(posted, own.today), None)]


def _hours(posted: Posted, opening: Opening) -> tuple[Hours, ...] | None:
    """The hours as written in words; None where nothing was changed. A time that stays keeps its own free places."""
    text = typed_text(posted.text(f"hours-{opening.id}"), LONGEST)
    kept = {slot_text(slot): slot.free for slot in opening.slots}
    if not text or text == format_slots(kept):
        return None
    return tuple(Hours(slot, kept.get(slot)) for slot in parse_slots(text))


def _typed(openings: Sequence[Opening], posted: Posted | None) -> tuple[LinkOpening, ...]:
    """Each opening as it stands, with what was typed where the form came back."""

    def said(name: str, id_: str, kept: str) -> str:
        return posted.text(f"{name}-{id_}") if posted is not None and f"{name}-{id_}" in posted else kept

    return tuple(
        LinkOpening(
            each.id, each.title, OPENING_STATUS[each.status], said("free", each.id, "" if each.free is None else str(each.free)),
            said("hours", each.id, format_slots(map(slot_text, each.slots))), each.version, each.status == "paused",
            posted.text("reason") if posted is not None and posted.text("opening") == each.id else "",
        )
        for each in openings
    )  # fmt: skip


def show_sounding(call: Call, own: Own, link: HostLink, action: str, posted: Posted | None) -> Response[Any]:
    """The question and the three answers, or that it was taken back."""
    sounding = own_sounding(call.session, own.host_id, link.about_id)
    view = sounding_view(call.session, own, sounding, action, back="")
    return render(call.request, "host_face/sounding.html", "お問い合わせ", view)


def act_on_sounding(call: Call, own: Own, link: HostLink, action: str, posted: Posted) -> Refused:
    """The answer."""
    try:
        give_answer(call, own, link.about_id, posted)
    except DomainError as problem:
        sounding = own_sounding(call.session, own.host_id, link.about_id)
        view = sounding_view(call.session, own, sounding, action, posted, str(problem), back="")
        return render(call.request, "host_face/sounding.html", "お問い合わせ", view, problem.status)
    return None


def show_report(
    call: Call, own: Own, link: HostLink, action: str, posted: Posted | None, problem: str = "", status: int = 200
) -> Response[Any]:
    """How it goes; who it is about is not said to whoever holds a link."""
    text = posted.text("text") if posted is not None else ""
    view = ReportLinkView(own.host_name, action, bool(link.about_id), faces(), new_id(), text, problem)
    return render(call.request, "host_face/link_report.html", "その後のようす", view, status)


def act_on_report(call: Call, own: Own, link: HostLink, action: str, posted: Posted) -> Refused:
    """A face or a worry."""
    said, text = posted.text("face"), typed_text(posted.text("text"), LONGEST)
    kind = FACE if said in set("12345") and said else WORRY
    try:
        tell(call, own, kind, placement_id=link.about_id or None, face=int(said) if kind == FACE else None, text=text)
    except DomainError as problem:
        return show_report(call, own, link, action, posted, str(problem), problem.status)
    return None


def show_visit(call: Call, own: Own, link: HostLink, action: str, posted: Posted | None) -> Response[Any]:
    """When we would come, and the two answers."""
    row = visit_at(call.session, own.host_id, link.about_id, own.today)
    return render(call.request, "host_face/visit.html", VISIT_TITLE, visit_view(own, row, action, back=""))


def act_on_visit(call: Call, own: Own, link: HostLink, action: str, posted: Posted) -> Refused:
    """It suits, or other times."""
    try:
        answer_visit(call, own, link.about_id, posted)
    except DomainError as problem:
        row = visit_at(call.session, own.host_id, link.about_id, own.today)
        view = visit_view(own, row, action, posted, str(problem), back="")
        return render(call.request, "host_face/visit.html", VISIT_TITLE, view, problem.status)
    return None


def show_join(call: Call, own: Own, link: HostLink, action: str, posted: Posted | None) -> Response[Any]:
    """Name and password to choose."""
    return _join_page(call, own, action, JoinForm())


def act_on_join(call: Call, own: Own, link: HostLink, action: str, posted: Posted) -> Refused:
    """One more of the host's people; signing in is the next step and theirs."""
    form = JoinForm(posted)
    if not form.validate():
        return _join_page(call, own, action, form, 422)
    try:
        join(call.session, link, form.name.said, form.login_name.said, form.password.data or "", call.now)
    except DomainError as problem:
        form.login_name.errors = [str(problem)]
        return _join_page(call, own, action, form, problem.status)
    return None


SHOWS: Final[Mapping[str, Page]] = {
    OPENINGS: show_openings,
    SOUNDING: show_sounding,
    REPORT: show_report,
    VISIT: show_visit,
    JOIN: show_join,
}
ACTS: Final[Mapping[str, Act]] = {
    OPENINGS: act_on_openings,
    SOUNDING: act_on_sounding,
    REPORT: act_on_report,
    VISIT: act_on_visit,
    JOIN: act_on_join,
}


def _join_page(call: Call, own: Own, action: str, form: JoinForm, status: int = 200) -> Response[str]:
    view = JoinLinkView(own.host_name, action, form, new_id())
    return render(call.request, "host_face/link_join.html", "はじめての設定", view, status)


def _free(posted: Posted, opening_id: str) -> dict[str, Any]:
    return {"free": _number(posted.text(f"free-{opening_id}"))}


def _number(text: str) -> int | None:
    number = whole(text, 999)
    if number is None and typed_text(text):
        raise DomainError("空きの数を読めませんでした。", "人数だけを、数字で入れてください。", "free", 422)
    return number
