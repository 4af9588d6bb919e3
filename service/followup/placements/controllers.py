"""打診・紹介: the board, the page of one placement, and every step along the ladder."""

from dataclasses import replace
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.accounts.roles import COORDINATOR, EDIT_PLACEMENTS, READ_PLACEMENTS
from service.followup.placements.acts import STEP_OF, Act
from service.followup.placements.board import BoardAsk, read_board
from service.followup.placements.choices import form_for
from service.followup.placements.doing import Doing, do
from service.followup.placements.elsewhere import fits_elsewhere
from service.followup.placements.forms_steps import STOPPING
from service.followup.placements.gathering import look_at, take_in_hand
from service.followup.placements.ladder import ATTENDING, FINAL, UPWARD, Step
from service.followup.placements.ladders import current_ladder
from service.followup.placements.moving import StepRefused
from service.followup.placements.pages_board import board_view
from service.followup.placements.pages_placement import Sent, offered_of, placement_view
from service.followup.placements.seeing import see_word_of_host, see_words
from service.followup.placements.story import read_past
from service.kernel.audit import attempt
from service.kernel.clock import day_in_japan
from service.kernel.db import new_id
from service.kernel.errors import Conflict, DomainError, NotFound
from service.matching.facts import ConsentMissing
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import go, render
from service.web.params import known_id, typed_text, version_of

COLUMNS = frozenset((*UPWARD, Step.ON_HOLD))


class Placements(Controller):
    """The way from 打診 to 定着."""

    path = "/placements"

    @get(perm=READ_PLACEMENTS, sync_to_thread=True)
    def board(self, call: NamedDependency[Call]) -> Response[str]:
        """Everybody on the way, step by step."""
        return _board(call, _asked(call))

    @post("/search", perm=READ_PLACEMENTS, sync_to_thread=True, status_code=200)
    def search(self, call: NamedDependency[Call], data: FormBody) -> Response[str]:
        """Names are searched by a posted form: they would otherwise stay in addresses and logs."""
        return _board(call, BoardAsk(words=typed_text(Posted.read(data).text("q"), 100)))

    @get("/{placement_id:str}", perm=READ_PLACEMENTS, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], placement_id: FromPath[str]) -> Response[str]:
        """One placement: what is next, what is missing, how it came here."""
        return _page(call, known_id(placement_id), call.request.query_params.get("act", ""))

    @post("/{placement_id:str}/words/seen", perm=EDIT_PLACEMENTS, sync_to_thread=True)
    def see(self, call: NamedDependency[Call], placement_id: FromPath[str], data: FormBody) -> Response[Any]:
        """「見ました」: what the host let us know has been read, and by whom."""
        id_ = known_id(placement_id)
        take_in_hand(call.session, call.town, call.actor, id_, although_over=True)
        see_words(call.session, call.actor, id_, call.now)
        return go(f"/placements/{id_}", "saved")

    @post("/{placement_id:str}/{act:str}", perm=EDIT_PLACEMENTS, sync_to_thread=True)
    def act(
        self, call: NamedDependency[Call], placement_id: FromPath[str], act: FromPath[str], data: FormBody
    ) -> Response[Any]:
        """Do what the form of this act says; a form that comes back keeps what was typed."""
        posted, id_ = Posted.read(data), known_id(placement_id)
        if act not in set(Act):
            raise NotFound()
        hand = take_in_hand(call.session, call.town, call.actor, id_, although_over=STEP_OF.get(Act(act)) in FINAL)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        asked = Act(act)
        form = form_for(asked, offered_of(hand, read_past(call.session, id_), call), posted)
        sent = Sent(asked, posted, form)
        if not form.validate():
            return _page(call, id_, asked, sent, 422)
        try:
            with attempt(call.session):
                do(
                    Doing(
                        call.session, call.town, call.actor, id_, version_of(posted.text("_version")), asked, form, call.now
                    )
                )
        except (DomainError, ConsentMissing) as refusal:
            return _refused(call, id_, sent, refusal)
        return done(call.session, call.actor, posted, call.now, _after(hand.placement.id, sent, hand.placement.step))


class HostWords(Controller):
    """What hosts let us know about nobody in particular."""

    path = "/words"

    @post("/{word_id:str}/seen", perm=EDIT_PLACEMENTS, sync_to_thread=True)
    def see(self, call: NamedDependency[Call], word_id: FromPath[str], data: FormBody) -> Response[Any]:
        """「見ました」: it leaves 今日, and who has read it stays on record."""
        see_word_of_host(call.session, call.actor, known_id(word_id), call.now)
        return go("/", "saved")


def _refused(call: Call, id_: str, sent: Sent, refusal: DomainError) -> Response[str]:
    if isinstance(refusal, NotFound):
        raise refusal
    if isinstance(refusal, Conflict):
        return _page(call, id_, sent.act, replace(sent, is_conflict=True), 409)
    if isinstance(refusal, StepRefused):
        person_id = look_at(call.session, call.town, call.actor, id_).person.id
        others = fits_elsewhere(call.session, call.town, call.actor, person_id, call.now) if refusal.is_full else ()
        return _page(call, id_, sent.act, replace(sent, missing=refusal.missing, elsewhere=others), 409)
    return _page(call, id_, sent.act, replace(sent, problem=f"{refusal.message}{refusal.remedy}"), refusal.status)


def _page(call: Call, id_: str, wanted: str, sent: Sent | None = None, status: int = 200) -> Response[str]:
    hand = look_at(call.session, call.town, call.actor, id_)
    view = placement_view(call, hand, read_past(call.session, id_), wanted, new_id(), sent)
    return render(call.request, "followup/placement.html", f"{hand.person.name} さんと{hand.host.name}", view, status=status)


def _after(id_: str, sent: Sent, step: str) -> str:
    if sent.act is Act.GOING and sent.form["going"].data == STOPPING:
        return f"/placements/{id_}?act={Act.END if step in ATTENDING else Act.DECLINE}"
    return f"/placements/{id_}"


def _asked(call: Call) -> BoardAsk:
    query = call.request.query_params
    who = query.get("who", "mine" if COORDINATOR in call.actor.roles else "all")
    return BoardAsk(mine=who == "mine", overdue=query.get("overdue") == "1", stalled=query.get("stalled") == "1")


def _board(call: Call, ask: BoardAsk) -> Response[str]:
    today, only = day_in_japan(call.now), call.request.query_params.get("step", "")
    read = read_board(call.session, call.town, call.actor, ask, today)
    view = board_view(call.session, read, ask, current_ladder(call.session), only if only in COLUMNS else "", today)
    return render(call.request, "followup/board.html", "打診・紹介", view)
