"""再計画・週・一日: asking for a plan, looking at what it would change, and the days as they stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from sqlalchemy import select

from service.accounts.models import User
from service.accounts.roles import COORDINATOR, EDIT_FOLLOWUP, READ_FOLLOWUP
from service.followup.planning.accepting import DoesNotFit, apply_plan
from service.followup.planning.checking import Clash
from service.followup.planning.day import DayView, day_view
from service.followup.planning.models import PlanRun
from service.followup.planning.numbers import current_numbers
from service.followup.planning.pages import Reader, plan_view
from service.followup.planning.running import (
    broken_promises,
    changes_in,
    newest_run,
    read_run,
    start_plan,
    stop_run,
)
from service.followup.tasks.models import FollowUp
from service.followup.tasks.reading import list_follow_ups
from service.kernel.clock import day_in_japan
from service.kernel.dates import DateProblem, parse_date
from service.kernel.db import new_id
from service.kernel.errors import DomainError, NotFound
from service.resources.policies import town_calendar
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import go, render
from service.web.params import FromPath, known_id

HERE: Final = "/followup/plan"
NEWER_PLAN: Final = (
    "よりよい案が見つかって、案が新しくなりました。まだ何も書き込んでいません。見直してから、もう一度決めてください。"
)


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
        if posted.text("plan") not in ("", run.plan_fingerprint):
            return _page(call, run, problem=NEWER_PLAN, status=409)
        try:
            count, stale = apply_plan(call.session, call.town, call.actor, run, posted.getlist("line"), call.now)
        except DoesNotFit as problem:
            lines = posted.getlist("line")
            return _page(call, run, clashes=problem.clashes, chosen=lines, problem=str(problem), status=problem.status)
        except DomainError as problem:
            return _page(call, run, chosen=(), problem=str(problem), status=problem.status)
        if stale:
            return _page(call, run, stale=tuple(stale), problem=_say_stale(count, len(stale)), status=409)
        return done(call.session, call.actor, posted, call.now, "/followup/week", "plan-applied")

    @post("/{plan_id:str}/cancel", perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def cancel(self, call: NamedDependency[Call], plan_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Stop searching; the plan found so far stays."""
        run = read_run(call.session, call.actor, known_id(plan_id))
        stop_run(call.session, run, call.now)
        return go(f"{HERE}/{run.id}")


class Days(Controller):
    """One day."""

    path = "/followup"

    @get("/day", perm=READ_FOLLOWUP, sync_to_thread=True)
    def day(self, call: NamedDependency[Call]) -> Response[str]:
        """One coordinator's day in order, with the map; it prints as a sheet with numbers of cases alone."""
        return render(call.request, "followup/day.html", "一日の用紙", _day_view(call))


def coordinators(call: Call) -> list[User]:
    """Everybody who goes out."""
    users = call.session.scalars(select(User).where(User.active).order_by(User.name, User.id))
    return [user for user in users if COORDINATOR in user.roles]


def _say_stale(count: int, stale: int) -> str:
    done_with = f"{count}件を決めました。" if count else "何も決めていません。"
    return f"{done_with}{stale}件は、組んだあとに変わったので、そのままにしました。組み直すと新しい案が出ます。"


def _page(
    call: Call, run: PlanRun, *, stale: Sequence[str] = (), clashes: Sequence[Clash] = (),
    chosen: Collection[str] | None = None, problem: str = "", status: int = 200,
) -> Response[str]:  # fmt: skip
    changes = changes_in(run)
    broken = broken_promises(run)
    ids = [*(change.follow_up_id for change in changes), *broken]
    known = {each.row.id: each for each in list_follow_ups(call.session, call.town, call.actor, FollowUp.id.in_(ids))}
    today = day_in_japan(call.now)
    reader = Reader(
        call.actor, {each.id: each.name for each in coordinators(call)}, today, town_calendar(call.session, today),
        current_numbers(call.session).confirm_days, stale, chosen,
    )  # fmt: skip
    view = plan_view(run, known, changes, reader, new_id(), broken=broken, clashes=clashes, problem=problem)
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
