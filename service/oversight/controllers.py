"""The log of the town, its check, the meetings from the outside, and who saw one case."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from service.accounts.roles import BREAK_GLASS, EXPORT_AUDIT, READ_AUDIT, READ_CASES, READ_WHOLE_AUDIT, SUPERVISOR
from service.cases.access import is_on_case, read_person
from service.cases.glass import BreakGlass
from service.cases.models import Person, SupportCase
from service.cases.pages import Heading, heading_of
from service.kernel.audit import note
from service.kernel.clock import day_in_japan
from service.kernel.dates import say_instant
from service.kernel.errors import DomainError
from service.oversight.checking import Checked, check_log
from service.oversight.glass import openings
from service.oversight.glass_controllers import GlassPages
from service.oversight.log import (
    MOST_EXPORTED,
    PER_PAGE,
    Asked,
    LogLine,
    count_of,
    entries,
    lines_of,
    looks_of,
    people_of,
)
from service.oversight.meetings import HeldLine, held_lines
from service.oversight.settings_controllers import AccessSettings
from service.oversight.words import ACTS
from service.resources.catalogue_controllers import attachment
from service.resources.interchange.writing import write_csv
from service.web.call import Call
from service.web.page import render
from service.web.params import FromPath, known_id, page_number

HEADER = ("番号", "日時", "だれが", "何をした", "何に", "ケース番号")


@dataclass(frozen=True)
class GlassLine:
    """One emergency opening in words."""

    number: str
    who: str
    reason: str
    opened: str
    until: str


@dataclass(frozen=True)
class AuditView:
    """操作の記録."""

    asked: Asked
    acts: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]
    lines: tuple[LogLine, ...]
    total: int
    number: int
    pages: int
    glass: tuple[GlassLine, ...]
    whole: bool
    may_export: bool
    may_open: bool


@dataclass(frozen=True)
class SeenView:
    """このケースを見た人."""

    heading: Heading
    lines: tuple[LogLine, ...]
    glass: tuple[GlassLine, ...]


@dataclass(frozen=True)
class HeldView:
    """会議の記録（外から見える分）."""

    lines: tuple[HeldLine, ...]


class AuditPages(Controller):
    """操作の記録."""

    path = "/audit"

    @get(perm=READ_AUDIT, sync_to_thread=True)
    def index(self, call: NamedDependency[Call]) -> Response[str]:
        """A page of the log, newest first."""
        asked, number = Asked.read(call.request.query_params), page_number(call.request.query_params.get("page", "1"))
        query = entries(call.session, call.actor, asked)
        total = count_of(call.session, query)
        found = call.session.scalars(query.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
        whole = READ_WHOLE_AUDIT.allows(call.actor)
        view = AuditView(
            asked, (("looks", "見た・刷った・書き出した"), *ACTS.items()), people_of(call.session), lines_of(call.session, found),
            total, number, max(1, -(-total // PER_PAGE)), glass_lines(openings(call.session)) if whole else (), whole,
            EXPORT_AUDIT.allows(call.actor), BREAK_GLASS.allows(call.actor),
        )  # fmt: skip
        return render(call.request, "oversight/audit.html", "操作の記録", view)

    @get("/export.csv", perm=EXPORT_AUDIT, sync_to_thread=True)
    def export_csv(self, call: NamedDependency[Call]) -> Response[bytes]:
        """What is asked for as a file; taking it out is a line of the log itself."""
        note(call.session, "export", "audit_entry", "list")
        query = entries(call.session, call.actor, Asked.read(call.request.query_params)).limit(MOST_EXPORTED)
        lines = lines_of(call.session, call.session.scalars(query).all())
        rows = [(line.seq, line.when, line.who, line.act, line.thing, line.number) for line in lines]
        return attachment(write_csv(HEADER, rows).data, "操作の記録.csv", "text/csv; charset=utf-8")

    @get("/check", perm=READ_WHOLE_AUDIT, sync_to_thread=True)
    def check(self, call: NamedDependency[Call]) -> Response[str]:
        """Whether the chain holds, as `tsunagi audit verify` says, and what to note down outside."""
        checked: Checked = check_log(call.session, call.town.key)
        return render(call.request, "oversight/check.html", "操作の記録の検査", checked)

    @get("/meetings", perm=READ_WHOLE_AUDIT, sync_to_thread=True)
    def meetings(self, call: NamedDependency[Call]) -> Response[str]:
        """That meetings were held, and by how many."""
        return render(call.request, "oversight/meetings.html", "会議の記録", HeldView(held_lines(call.session)))


class SeenPages(Controller):
    """このケースを見た人."""

    @get("/people/{person_id:str}/seen", perm=READ_CASES, sync_to_thread=True)
    def seen(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """Every look at a case, print and file; for those named on it and for supervisors."""
        case, person = read_person(call.session, call.town, call.actor, known_id(person_id))
        if not (is_on_case(call.actor, case) or SUPERVISOR in call.actor.roles):
            raise DomainError(
                f"見た人の一覧は、担当の{case.assigned.name}さんが読めます。",
                "代わりに対応するときは、ケースの画面で「代わりに担当する」を押してください。", "not-assigned", 403,
            )  # fmt: skip
        return render(call.request, "oversight/seen.html", "このケースを見た人", _seen(call, case, person))


def _seen(call: Call, case: SupportCase, person: Person) -> SeenView:
    heading = heading_of(case, person, day_in_japan(call.now))
    glass = glass_lines(openings(call.session, case_ids=[case.id]))
    return SeenView(heading, looks_of(call.session, case.household_id), glass)


def glass_lines(rows: list[tuple[BreakGlass, str]]) -> tuple[GlassLine, ...]:
    """Openings in words."""
    return tuple(
        GlassLine(number, row.opened_by, row.reason, say_instant(row.opened_at), say_instant(row.ends_at()))
        for row, number in rows
    )


OVERSIGHT_HANDLERS = [AuditPages, SeenPages, GlassPages, AccessSettings]
