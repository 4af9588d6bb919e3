"""再計画・週・一日: asking for a plan, looking at what it would change, and the days as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from sqlalchemy import select

from service.accounts.models import User
from service.accounts.roles import COORDINATOR, EDIT_FOLLOWUP, READ_FOLLOWUP
from service.followup.planning.day import DayView, day_view
from service.followup.planning.hours import taken_hours
from service.followup.planning.models import PlanRun
from service.followup.planning.pages import plan_view, week_view
from service.followup.planning.remedies import help_along
from service.followup.planning.running import (
    apply_plan,
    broken_promises,
    changes_in,
    newest_run,
    read_run,
    start_plan,
    stop_run,
)
from service.followup.tasks.models import CANCELLED, FollowUp
from service.followup.tasks.reading import change_follow_up, list_follow_ups
from service.kernel.clock import day_in_japan
from service.kernel.dates import DateProblem, parse_date
from service.kernel.db import new_id
from service.kernel.errors import DomainError, NotFound
from service.resources.policies import town_calendar
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import go, render
from service.web.params import FromPath, known_id, typed_text, version_of

HERE: Final = "/followup/plan"


@dataclass(frozen=True)
class NoPlanView:
    """Nothing asked for yet."""

    once: str
    may_ask: bool


class Plans(Controller):
    """One's own plans."""

    path = HERE

    @get(perm=READ_FOLLOWUP, sync_to_thread=True)
    def newest(self, call: NamedDependency[Call]) -> Response[Any]:
        """The last plan, or the button that asks for one."""
        run = newest_run(call.session, call.actor)
        if run is not None:
            return go(f"{HERE}/{run.id}")
        view = NoPlanView(new_id(), EDIT_FOLLOWUP.allows(call.actor))
        return render(call.request, "followup/no_plan.html", "再計画", view)

    @post(perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def ask(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """A first plan at once; a better one is searched for aside."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        run = start_plan(call.session, call.town, call.actor, call.now)
        return done(call.session, call.actor, posted, call.now, f"{HERE}/{run.id}", "planned")

    @get("/{plan_id:str}", perm=READ_FOLLOWUP, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], plan_id: FromPath[str]) -> Response[str]:
        """What it would change; nothing is changed."""
        return _page(call, read_run(call.session, call.actor, known_id(plan_id)))

    @post("/{plan_id:str}/accept", perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def accept(self, call: NamedDependency[Call], plan_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Put the chosen lines into force; those that have changed meanwhile are named and left."""
        posted = Posted.read(data)
        run = read_run(call.session, call.actor, known_id(plan_id))
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        try:
            count, stale = apply_plan(call.session, call.town, call.actor, run, posted.getlist("line"), call.now)
        except DomainError as problem:
            return _page(call, run, problem=str(problem), status=problem.status)
        if stale:
            said = f"{count}件を決めました。{len(stale)}件は、組んだあとに変わったので、そのままにしました。組み直すと新しい案が出ます。"
            return _page(call, run, stale=tuple(stale), problem=said, status=409)
        return done(call.session, call.actor, posted, call.now, "/followup/week", "plan-applied")

    @post("/{plan_id:str}/cancel", perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def cancel(self, call: NamedDependency[Call], plan_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Stop searching; the plan found so far stays."""
        run = read_run(call.session, call.actor, known_id(plan_id))
        stop_run(call.session, run, call.now)
        return go(f"{HERE}/{run.id}")


class Days(Controller):
    """The week, one day, and what has no day."""

    path = "/followup"

    @get("/week", perm=READ_FOLLOWUP, sync_to_thread=True)
    def week(self, call: NamedDependency[Call]) -> Response[str]:
        """Coordinators × days; promised ones solid, planned ones dashed."""
        day = _day(call, "from")
        first = day - timedelta(days=day.weekday())
        last = first + timedelta(days=6)
        known = list_follow_ups(
            call.session, call.town, call.actor, FollowUp.on.between(first, last), FollowUp.state != CANCELLED
        )
        taken = taken_hours(call.session, call.town, call.actor, first, last)
        calendar = town_calendar(call.session, day_in_japan(call.now))
        view = week_view(first, known, coordinators(call), taken, calendar)
        return render(call.request, "followup/week.html", "週のフォローアップ", view)

    @get("/day", perm=READ_FOLLOWUP, sync_to_thread=True)
    def day(self, call: NamedDependency[Call]) -> Response[str]:
        """One coordinator's day in order, with the map; it prints as a sheet with numbers of cases alone."""
        return render(call.request, "followup/day.html", "一日の用紙", _day_view(call))

    @post("/{follow_up_id:str}/help", perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def help(self, call: NamedDependency[Call], follow_up_id: FromPath[str], data: FormBody) -> Response[Any]:
        """One tap for what has no day."""
        posted = Posted.read(data)
        known = change_follow_up(call.session, call.town, call.actor, known_id(follow_up_id))
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        # A locked case goes to nobody but those who are named on it.
        others = [] if known.case.locked else [each.id for each in coordinators(call)]
        named = [known.case.backup_id or "", *(each.user_id for each in known.case.stand_ins), *others]
        remedy, version = typed_text(posted.text("remedy"), 20), version_of(posted.text("_version"))
        help_along(call.session, known, remedy, [each for each in named if each], version, call.now)
        return done(call.session, call.actor, posted, call.now, f"/followup/{known.row.id}")


def coordinators(call: Call) -> list[User]:
    """Everybody who goes out."""
    users = call.session.scalars(select(User).where(User.active).order_by(User.name, User.id))
    return [user for user in users if COORDINATOR in user.roles]


def _page(call: Call, run: PlanRun, *, stale: tuple[str, ...] = (), problem: str = "", status: int = 200) -> Response[str]:
    changes = changes_in(run)
    broken = broken_promises(run)
    ids = [*(change.follow_up_id for change in changes), *broken]
    known = {each.row.id: each for each in list_follow_ups(call.session, call.town, call.actor, FollowUp.id.in_(ids))}
    staff = {each.id: each.name for each in coordinators(call)}
    view = plan_view(
        run, known, changes, staff, day_in_japan(call.now), new_id(), broken=broken, stale=stale, problem=problem
    )
    return render(call.request, "followup/plan.html", "再計画", view, status)


def _day_view(call: Call) -> DayView:
    day, staff = _day(call, "on"), coordinators(call)
    wanted = call.request.query_params.get("staff", call.actor.id)
    who = next((each for each in staff if each.id == wanted), None)
    if who is None and staff and "staff" not in call.request.query_params:
        who = staff[0]
    if who is None:
        raise NotFound()
    return day_view(call.session, call.town, call.actor, who, staff, day, call.now)


def _day(call: Call, name: str) -> date:
    try:
        return parse_date(call.request.query_params.get(name, "") or day_in_japan(call.now).isoformat())
    except DateProblem:
        return day_in_japan(call.now)
