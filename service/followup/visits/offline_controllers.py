"""Records without a network: a page that holds nothing about a person, the day's own visits for it, and its worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from sqlalchemy import or_

from service.accounts.roles import EDIT_FOLLOWUP, SIGNED_IN
from service.followup.rhythms.rule import KIND_LABELS, Kind
from service.followup.tasks.models import OPEN, FollowUp
from service.followup.tasks.reading import list_follow_ups
from service.followup.visits.forms import FACE_CHOICES, RecordForm
from service.kernel.audit import note
from service.kernel.clock import day_in_japan
from service.kernel.slots import format_time
from service.web.call import Call
from service.web.page import render
from service.web.templating import STATIC


@dataclass(frozen=True)
class OfflineView:
    """The form without anybody in it."""

    form: RecordForm
    faces: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OwnVisit:
    """One visit as a telephone keeps it, encrypted, for the day."""

    id: str
    time: str
    kind: str
    person: str
    host: str


@dataclass(frozen=True)
class OwnDay:
    """What one has to do today, and what is overdue."""

    visits: tuple[OwnVisit, ...]


class Offline(Controller):
    """For places without a network."""

    path = "/followup"

    @get("/offline", perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """The page; the same for everybody."""
        view = OfflineView(RecordForm(), tuple(FACE_CHOICES.items()))
        return render(call.request, "followup/offline.html", "電波のない所での記録", view)

    @get("/offline/today", perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def today(self, call: NamedDependency[Call]) -> OwnDay:
        """One's own visits of today and those overdue; that they were handed out is recorded."""
        today = day_in_japan(call.now)
        mine = or_(FollowUp.staff_id == call.actor.id, FollowUp.second_id == call.actor.id)
        due = or_(FollowUp.on <= today, FollowUp.early_on <= today)
        known = list_follow_ups(call.session, call.town, call.actor, mine, due, FollowUp.state.in_(OPEN))
        note(call.session, "export", "day", call.actor.id, (today.isoformat(),))
        return OwnDay(
            tuple(
                OwnVisit(
                    each.row.id, "" if each.row.start_min is None else format_time(each.row.start_min),
                    KIND_LABELS[Kind(each.row.kind)], each.person.name, each.host.name if each.host else "",
                )
                for each in known
            )
        )  # fmt: skip

    @get("/offline-worker.js", perm=SIGNED_IN, sync_to_thread=True, media_type="text/javascript")
    def worker(self, call: NamedDependency[Call]) -> Response[Any]:
        """The worker, from below the pages it keeps."""
        return Response((STATIC / "offline_worker.js").read_text("utf-8"), media_type="text/javascript")
