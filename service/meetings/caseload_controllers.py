"""受け持ち: the page and the file of what each agency carries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from sqlalchemy import or_, select

from service.accounts.roles import READ_PROCESS
from service.cases.access import cases_in_process
from service.cases.caseloads import ACTION, Caseload, Duty, duties_of_cases, tally
from service.cases.models import SupportCase
from service.kernel.audit import note
from service.kernel.clock import day_in_japan
from service.meetings.models import ActionItem, AgendaItem
from service.resources.catalogue_controllers import XLSX, attachment
from service.resources.interchange.writing import write_xlsx
from service.web.call import Call
from service.web.page import render

NAME: Final = "機関ごとの受け持ち"
HEADER: Final = ("機関", "主担当のケース", "プランの役割", "会議の宿題", "あわせて", "うち期限切れ")


@dataclass(frozen=True)
class CaseloadsView:
    """The agencies that carry something, and how many of the directory carry nothing."""

    lines: tuple[Caseload, ...]
    idle: int
    unnamed: int
    """Tasks for which nobody has written the agency."""


class Caseloads(Controller):
    """What each agency carries."""

    path = "/agencies"

    @get("/caseloads", perm=READ_PROCESS, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """The list, the most burdened first."""
        duties = all_duties(call)
        lines = tally(call.session, duties)
        carrying = tuple(line for line in lines if line.total)
        unnamed = sum(not duty.agency.strip() for duty in duties)
        view = CaseloadsView(carrying, len(lines) - len(carrying), unnamed)
        return render(call.request, "meetings/caseloads.html", NAME, view)

    @get("/caseloads.xlsx", perm=READ_PROCESS, sync_to_thread=True)
    def export(self, call: NamedDependency[Call]) -> Response[bytes]:
        """The same with those who carry nothing, as an Excel file."""
        note(call.session, "export", "caseload", "list")
        lines = tally(call.session, all_duties(call))
        rows = [(line.agency, line.leads, line.roles, line.actions, line.total, line.late) for line in lines]
        return attachment(write_xlsx(HEADER, rows, NAME), f"{NAME}.xlsx", XLSX)


def all_duties(call: Call) -> tuple[Duty, ...]:
    """The cases, the plans and the tasks of meetings, as far as this person may follow them."""
    today = day_in_japan(call.now)
    return (*duties_of_cases(call.session, call.town, call.actor, today), *_of_meetings(call, today))


def _of_meetings(call: Call, today: date) -> Iterator[Duty]:
    cases = cases_in_process(call.town, call.actor).with_only_columns(SupportCase.id)
    query = (
        select(ActionItem.agency, ActionItem.due_on)
        .join(AgendaItem, ActionItem.item_id == AgendaItem.id)
        .where(ActionItem.done_on.is_(None), or_(AgendaItem.case_id.is_(None), AgendaItem.case_id.in_(cases)))
    )
    for agency, due in call.session.execute(query):
        yield Duty(agency, ACTION, due < today)
