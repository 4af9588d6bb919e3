"""外に出す統計: asking for it, looking at what was cleared, letting it out or not, and the files of what is out."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import PUBLISH_REPORTS, READ_FIGURES, READ_REPORTS
from service.kernel.audit import attempt, note
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError
from service.reports.files import csv_answer
from service.reports.pages import release_view
from service.reports.paper import release_paper
from service.reports.periods import read_period
from service.reports.release.presenting import HEADER, release_rows
from service.reports.releasing import Release, ask_release, publish, read_release, turn_down
from service.resources.catalogue_controllers import XLSX, attachment
from service.resources.interchange.writing import write_xlsx
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import pdf_answer, render
from service.web.params import FromPath, known_id, typed_text
from service.web.print.document import document_data
from service.web.print.render import render_pdf


class Releases(Controller):
    """Figures that leave the office."""

    path = "/reports"

    @post("/releases", perm=READ_FIGURES, sync_to_thread=True)
    def ask(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Freeze and clear a period; a second person decides."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        period = read_period(posted.text("period"), day_in_japan(call.now))
        snapshot = ask_release(call.session, call.actor, period, call.now)
        return done(call.session, call.actor, posted, call.now, f"/reports/releases/{snapshot.id}", "release-asked")

    @get("/releases/{release_id:str}", perm=READ_REPORTS, sync_to_thread=True)
    def look(self, call: NamedDependency[Call], release_id: FromPath[str]) -> Response[str]:
        """What may leave, and what became of it."""
        return _show(call, read_release(call.session, call.actor, known_id(release_id)))

    @post("/waiting/{waiting_id:str}/publish", perm=PUBLISH_REPORTS, sync_to_thread=True)
    def let_out(self, call: NamedDependency[Call], waiting_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Let it out; never by whoever asked for it."""
        return _decide(call, waiting_id, data, None)

    @post("/waiting/{waiting_id:str}/refuse", perm=PUBLISH_REPORTS, sync_to_thread=True)
    def keep_inside(self, call: NamedDependency[Call], waiting_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Keep it inside, with a word why."""
        return _decide(call, waiting_id, data, typed_text(Posted.read(data).text("reason"), 500))

    @get("/releases/{release_id:str}/export.xlsx", perm=READ_REPORTS, sync_to_thread=True)
    def export_xlsx(self, call: NamedDependency[Call], release_id: FromPath[str]) -> Response[bytes]:
        """What is out, as an Excel file."""
        release, rows = _out(call, release_id, "export")
        return attachment(write_xlsx(HEADER, rows, "統計"), f"統計 {release.period.label}.xlsx", XLSX)

    @get("/releases/{release_id:str}/export.csv", perm=READ_REPORTS, sync_to_thread=True)
    def export_csv(self, call: NamedDependency[Call], release_id: FromPath[str]) -> Response[bytes]:
        """What is out, as CSV."""
        release, rows = _out(call, release_id, "export")
        return csv_answer(call, HEADER, rows, f"統計 {release.period.label}.csv")

    @get("/releases/{release_id:str}/paper.pdf", perm=READ_REPORTS, sync_to_thread=True)
    def paper(self, call: NamedDependency[Call], release_id: FromPath[str]) -> Response[bytes]:
        """What is out, on A4."""
        release, _ = _out(call, release_id, "print")
        data = document_data(release_paper(release, call.town, call.actor, call.now))
        return pdf_answer(render_pdf("document", data), "reports.pdf")


def _show(call: Call, release: Release, problem: str = "", reason: str = "", status: int = 200) -> Response[str]:
    view = release_view(call, release, problem, reason)
    return render(call.request, "reports/release.html", "外に出す統計", view, status)


def _decide(call: Call, waiting_id: str, data: dict[str, Any], reason: str | None) -> Response[Any]:
    """Let it out where there is no reason not to."""
    posted = Posted.read(data)
    if earlier := sent_before(call.session, call.actor, posted):
        return earlier
    release = read_release(call.session, call.actor, known_id(waiting_id))
    try:
        with attempt(call.session):
            if reason is None:
                publish(call.session, call.actor, release, call.now)
            else:
                turn_down(call.session, call.actor, release, reason, call.now)
    except DomainError as refusal:
        return _show(call, release, str(refusal), reason or "", refusal.status)
    message = "released" if reason is None else "saved"
    return done(call.session, call.actor, posted, call.now, f"/reports/releases/{release.snapshot.id}", message)


def _out(call: Call, release_id: str, act: str) -> tuple[Release, list[list[Any]]]:
    """One that has left; a file of what still waits is refused."""
    release = read_release(call.session, call.actor, known_id(release_id))
    if not release.is_out:
        raise DomainError(
            "この統計は、まだ外に出すことを認められていません。", "ほかの管理者か事務局の方が確かめると、ファイルにできます。", "not-out", 409
        )  # fmt: skip
    note(call.session, act, "report_snapshot", release.snapshot.id)
    return release, list(release_rows(release.period, release.snapshot.cleared, release.snapshot.few))
