"""フォローアップ: the list, one follow-up, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import ANSWER_ESCALATION, COORDINATOR, EDIT_FOLLOWUP, READ_FOLLOWUP
from service.followup.planning.gathering import coordinators_of
from service.followup.tasks.doing import call_off, confirm, miss, move, take_back_move
from service.followup.tasks.escalating import handle
from service.followup.tasks.models import CONFIRMED, OPEN
from service.followup.tasks.narrowing import EVERYBODY, KINDS, MINE, STATES, Wanted
from service.followup.tasks.pages import Around, Sent, follow_up_view, list_view
from service.followup.tasks.reading import Known, change_follow_up, read_follow_up
from service.followup.tasks.rows import wanted_groups
from service.followup.tasks.trying import Try, note_attempt, propose_next
from service.followup.visits.forms import CallOffForm, MoveForm, TryForm
from service.followup.visits.reading import last_note
from service.followup.visits.recording import records_of
from service.kernel.audit import attempt
from service.kernel.clock import day_in_japan
from service.kernel.dates import parse_date
from service.kernel.db import new_id
from service.kernel.errors import DomainError, NotFound
from service.kernel.slots import SlotProblem, parse_time
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import Form, FormBody, Posted
from service.web.page import render
from service.web.params import FromPath, known_id, typed_text, version_of

HERE: Final = "/followup"


class FollowUps(Controller):
    """The list and one follow-up."""

    path = HERE

    @get(perm=READ_FOLLOWUP, sync_to_thread=True)
    def list(self, call: NamedDependency[Call]) -> Response[str]:
        """Overdue first, then today, then the coming week, then what has no day."""
        asked = call.request.query_params.get("who", MINE if COORDINATOR in call.actor.roles else EVERYBODY)
        return _list(call, Wanted(MINE if asked == MINE else EVERYBODY))

    @post("/search", perm=READ_FOLLOWUP, sync_to_thread=True, status_code=200)
    def search(self, call: NamedDependency[Call], data: FormBody) -> Response[str]:
        """Whose, of what kind, in what state, and by whatever was typed; nothing of it stays in an address."""
        posted = Posted.read(data)
        kind, state = _one_of(posted.text("kind"), KINDS), _one_of(posted.text("state"), STATES)
        return _list(call, Wanted(posted.text("who"), kind, state, typed_text(posted.text("q"), 100)))

    @get("/{follow_up_id:str}", perm=READ_FOLLOWUP, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], follow_up_id: FromPath[str]) -> Response[str]:
        """Why this day, the window, what was tried."""
        known = read_follow_up(call.session, call.town, call.actor, known_id(follow_up_id))
        return _page(call, known, _blank())

    @post("/{follow_up_id:str}/tries", perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def try_again(self, call: NamedDependency[Call], follow_up_id: FromPath[str], data: FormBody) -> Response[Any]:
        """会えなかった: the try is a row, and a promised day that passed is a missed one."""
        form = TryForm(Posted.read(data))

        def act(known: Known, posted: Posted) -> None:
            next_on = parse_date(form.next_on.data) if form.next_on.data else None
            channel, result, note = form.channel.data or "", form.result.data or "", (form.note.data or "").strip()
            tried = Try(posted.text("_once") or new_id(), call.now, channel, result, note, next_on)
            note_attempt(call.session, known, call.actor, tried, call.now)
            if known.row.state == CONFIRMED:
                miss(call.session, known, note or "会えなかった", call.now)

        return _do(call, follow_up_id, data, act, form, "tried")

    @post("/{follow_up_id:str}/confirm", perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def confirm(self, call: NamedDependency[Call], follow_up_id: FromPath[str], data: FormBody) -> Response[Any]:
        """The other side has agreed."""
        return _do(call, follow_up_id, data, lambda known, _: confirm(known, call.actor, call.now))

    @post("/{follow_up_id:str}/move", perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def move(self, call: NamedDependency[Call], follow_up_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Another day."""
        form = MoveForm(Posted.read(data))

        def act(known: Known, _: Posted) -> None:
            move(known, parse_date(form.day.data or ""), _minutes(form.time.data or ""), None, form.reason.data or "")

        return _do(call, follow_up_id, data, act, form, "moved")

    @post("/{follow_up_id:str}/undo", perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def undo(self, call: NamedDependency[Call], follow_up_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Where it stood before."""
        return _do(call, follow_up_id, data, lambda known, _: take_back_move(known))

    @post("/{follow_up_id:str}/cancel", perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def cancel(self, call: NamedDependency[Call], follow_up_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Not at all, with the reason."""
        form = CallOffForm(Posted.read(data))
        return _do(
            call, follow_up_id, data, lambda known, _: call_off(known, form.reason.data or "", call.now), form, "called_off"
        )

    @post("/{follow_up_id:str}/handled", perm=ANSWER_ESCALATION, sync_to_thread=True)
    def handled(self, call: NamedDependency[Call], follow_up_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Somebody has dealt with what had risen, and says how."""
        posted = Posted.read(data)
        known = read_follow_up(call.session, call.town, call.actor, known_id(follow_up_id))
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        known.row.expect(version_of(posted.text("_version")))
        handle(known.row, typed_text(posted.text("note"), 200), call.now)
        return done(call.session, call.actor, posted, call.now, f"{HERE}/{known.row.id}")


def _do(
    call: Call, id_: str, data: Any, act: Callable[[Known, Posted], None], form: Form | None = None, name: str = ""
) -> Response[Any]:
    """One change of one follow-up; a form that is not whole, a refusal and a clash come back with what was typed."""
    posted = Posted.read(data)
    known = change_follow_up(call.session, call.town, call.actor, known_id(id_))
    if earlier := sent_before(call.session, call.actor, posted):
        return earlier
    typed: dict[str, Any] = {} if form is None else {name: form}
    sent = replace(_blank(), **typed)
    if form is not None and not form.validate():
        return _page(call, known, sent, 422)
    try:
        with attempt(call.session):
            known.row.expect(version_of(posted.text("_version")))
            act(known, posted)
    except NotFound:
        raise
    except DomainError as problem:
        again = read_follow_up(call.session, call.town, call.actor, known.row.id)
        return _page(call, again, replace(sent, problem=str(problem)), problem.status)
    return done(call.session, call.actor, posted, call.now, f"{HERE}/{known.row.id}")


def _blank() -> Sent:
    return Sent(TryForm(), MoveForm(), CallOffForm())


def _one_of(typed: str, offered: Sequence[tuple[str, str]]) -> str:
    return typed if typed in dict(offered) else ""


def _list(call: Call, wanted: Wanted) -> Response[str]:
    """The list as wanted; a name nobody goes by is everybody."""
    staff = tuple((user.id, user.name) for user in coordinators_of(call.session))
    wanted = replace(wanted, who=_one_of(wanted.who, ((MINE, ""), *staff)) or EVERYBODY)
    groups = wanted_groups(call.session, call.town, call.actor, day_in_japan(call.now), wanted)
    return render(call.request, "followup/list.html", "フォローアップ", list_view(groups, wanted, staff, call.now))


def _page(call: Call, known: Known, sent: Sent, status: int = 200) -> Response[str]:
    next_try = propose_next(call.session, known, call.now) if known.row.state in OPEN else None
    around = Around(records_of(call.session, known.row.id), last_note(call.session, known), next_try)
    view = follow_up_view(known, call.actor, around, sent, new_id(), call.now)
    return render(call.request, "followup/follow_up.html", view.line.kind, view, status)


def _minutes(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        found = parse_time(text)
    except SlotProblem as problem:
        raise DomainError(problem.message, problem.remedy, "time", 422) from problem
    if found is None:
        raise DomainError("時刻を読めませんでした。", "「13:30」のように入れてください。", "time", 422)
    return found
