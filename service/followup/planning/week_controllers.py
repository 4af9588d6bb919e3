"""The week moved by hand, what has no day, and the day of everybody on one map."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import COORDINATOR, EDIT_FOLLOWUP, READ_FOLLOWUP
from service.followup.planning.gathering import coordinators_of
from service.followup.planning.hours import taken_hours
from service.followup.planning.moving import put_by_hand, who_may_go
from service.followup.planning.moving_days import Put, benches_of
from service.followup.planning.moving_words import way_around, what_breaks
from service.followup.planning.remedies import help_along
from service.followup.planning.team_day import team_day_view
from service.followup.planning.unplanned import loose_ends, unplanned_view
from service.followup.planning.week import Hand, Shown, hand_of, week_view
from service.followup.planning.week_forms import HandForm, cell_of
from service.followup.tasks.doing import take_back_move
from service.followup.tasks.models import CANCELLED, FollowUp
from service.followup.tasks.reading import Known, change_follow_up, list_follow_ups, read_follow_up
from service.kernel.audit import attempt
from service.kernel.clock import day_in_japan
from service.kernel.dates import DateProblem, format_wareki, parse_date
from service.kernel.db import new_id
from service.kernel.errors import DomainError, NotFound
from service.kernel.slots import format_time
from service.resources.policies import town_calendar
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import FromPath, known_id, typed_text, version_of

WEEK: Final = "/followup/week"
UNPLANNED: Final = "/followup/unplanned"


class Weeks(Controller):
    """The week, and a visit put elsewhere."""

    path = "/followup"

    @get("/week", perm=READ_FOLLOWUP, sync_to_thread=True)
    def week(self, call: NamedDependency[Call]) -> Response[str]:
        """Coordinators × days; promised ones solid, planned ones dashed; with `hand` one visit to be put somewhere."""
        asked = call.request.query_params
        held = asked.get("hand", "")
        known = read_follow_up(call.session, call.town, call.actor, known_id(held)) if held else None
        day = day_asked(call, "from") if "from" in asked or known is None else known.row.on or known.row.due_on
        return _page(call, day, known)

    @post("/{follow_up_id:str}/put", perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def put(self, call: NamedDependency[Call], follow_up_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Another day, hour or member of staff, by a form or by dragging; the page that follows says what it breaks."""
        posted = cell_of(Posted.read(data))
        known = change_follow_up(call.session, call.town, call.actor, known_id(follow_up_id))
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form = HandForm(posted)
        _offer(call, known, form)
        if not form.validate():
            return _page(call, known.row.on or known.row.due_on, known, form, status=422)
        wish = form.wish(known)
        try:
            with attempt(call.session):
                known.row.expect(version_of(posted.text("_version")))
                put_by_hand(call.session, call.town, call.actor, known, wish, form.reason.data or "", call.now)
        except NotFound:
            raise
        except DomainError as problem:
            again = read_follow_up(call.session, call.town, call.actor, known.row.id)
            return _page(call, wish.on, again, form, str(problem), problem.status)
        return done(call.session, call.actor, posted, call.now, _held(known, wish.on), "moved-by-hand")

    @post("/{follow_up_id:str}/put-back", perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def put_back(self, call: NamedDependency[Call], follow_up_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Where it stood before the last move; a promise given back stays given back."""
        posted = Posted.read(data)
        known = change_follow_up(call.session, call.town, call.actor, known_id(follow_up_id))
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        try:
            with attempt(call.session):
                known.row.expect(version_of(posted.text("_version")))
                take_back_move(known)
        except DomainError as problem:
            again = read_follow_up(call.session, call.town, call.actor, known.row.id)
            return _page(call, again.row.on or again.row.due_on, again, None, str(problem), problem.status)
        day = known.row.on or known.row.due_on
        return done(call.session, call.actor, posted, call.now, _held(known, day), "moved-back")


class TeamDays(Controller):
    """One day of several coordinators."""

    path = "/followup/team-day"

    @get(perm=READ_FOLLOWUP, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """Everybody's day, or that of those who are named, with their ways on one map."""
        wanted = call.request.query_params.getall("staff", [])
        staff = coordinators_of(call.session)
        view = team_day_view(call.session, call.town, call.actor, staff, wanted, day_asked(call, "on"), call.now)
        return render(call.request, "followup/team_day.html", "みんなの一日", view)


class Unplanned(Controller):
    """What has no day."""

    path = "/followup"

    @get("/unplanned", perm=READ_FOLLOWUP, sync_to_thread=True)
    def unplanned(self, call: NamedDependency[Call]) -> Response[str]:
        """By coordinator, each with the reason and what would help."""
        mine = call.request.query_params.get("who", "all") == "mine" and COORDINATOR in call.actor.roles
        staff = coordinators_of(call.session)
        view = unplanned_view(call.session, call.town, call.actor, staff, new_id(), call.now, mine=mine)
        return render(call.request, "followup/unplanned.html", "日が組めなかったもの", view)

    @post("/{follow_up_id:str}/help", perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def help(self, call: NamedDependency[Call], follow_up_id: FromPath[str], data: FormBody) -> Response[Any]:
        """One tap for what has no day."""
        posted = Posted.read(data)
        known = change_follow_up(call.session, call.town, call.actor, known_id(follow_up_id))
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        # A locked case goes to nobody but those who are named on it.
        others = [] if known.case.locked else [each.id for each in coordinators_of(call.session)]
        named = [known.case.backup_id or "", *(each.user_id for each in known.case.stand_ins), *others]
        remedy, version = typed_text(posted.text("remedy"), 20), version_of(posted.text("_version"))
        help_along(call.session, known, remedy, [each for each in named if each], version, call.now)
        back = UNPLANNED if posted.text("back") == "unplanned" else f"/followup/{known.row.id}"
        return done(call.session, call.actor, posted, call.now, back)


def day_asked(call: Call, name: str) -> date:
    """The day an address asks for; today where it names none."""
    try:
        return parse_date(call.request.query_params.get(name, "") or day_in_japan(call.now).isoformat())
    except DateProblem:
        return day_in_japan(call.now)


def _held(known: Known, day: date) -> str:
    return f"{WEEK}?from={day.isoformat()}&hand={known.row.id}"


def _offer(call: Call, known: Known, form: HandForm) -> list[str]:
    """Who may be sent, as the choices of the form; their ids."""
    may_go = who_may_go(call.session, call.town, known.case)
    form.offer([(each.id, each.name) for each in may_go])
    return [each.id for each in may_go]


def _page(
    call: Call, day: date, known: Known | None, sent: HandForm | None = None, problem: str = "", status: int = 200
) -> Response[str]:
    first, today = day - timedelta(days=day.weekday()), day_in_japan(call.now)
    last = first + timedelta(days=6)
    narrowed = (FollowUp.on.between(first, last), FollowUp.state != CANCELLED)
    found = list_follow_ups(call.session, call.town, call.actor, *narrowed)
    taken = taken_hours(call.session, call.town, call.actor, first, last)
    loose = len(loose_ends(call.session, call.town, call.actor, today))
    calendar = town_calendar(call.session, today)
    shown = Shown(first, today, found, coordinators_of(call.session), taken, calendar, loose)
    form = sent or (_form_of(known) if known is not None else HandForm())
    may_go = _offer(call, known, form) if known is not None else []
    hand = _hand(call, known, shown, form, problem) if known is not None else None
    view = week_view(shown, call.actor, hand, may_go, new_id())
    return render(call.request, "followup/week.html", "週のフォローアップ", view, status)


def _form_of(known: Known) -> HandForm:
    """Where it stands, to be changed."""
    row = known.row
    return HandForm(data={
        "staff": row.staff_id or known.case.assigned_id, "day": format_wareki(row.on or row.due_on),
        "time": "" if row.start_min is None else format_time(row.start_min), "second": row.second_id or "", "reason": "",
    })  # fmt: skip


def _hand(call: Call, known: Known, shown: Shown, form: HandForm, problem: str) -> Hand:
    row, names = known.row, {each.id: each.name for each in shown.staff}
    breaks: tuple[str, ...] = ()
    way = ""
    if row.on is not None and row.start_min is not None and row.staff_id is not None:
        put = Put(row.staff_id, row.on, row.start_min, row.second_id or "")
        benches = benches_of(call.session, call.town, call.actor, known, put.on, put.who)
        breaks, way = what_breaks(known, put, benches, shown.calendar, names), way_around(known, put, benches)
    return hand_of(known, call.actor, names, shown.today, form, breaks, way, problem)
