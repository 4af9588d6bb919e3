"""統計: the figures of a period, on screen, as a file and on paper; exact, and for the office alone."""

from __future__ import annotations

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from service.accounts.roles import READ_FIGURES, READ_REPORTS
from service.kernel.audit import note
from service.kernel.clock import day_in_japan
from service.reports.counting import Report, make_report
from service.reports.exporting import HEADER, INSIDE, export_rows
from service.reports.files import csv_answer
from service.reports.gathering import gather
from service.reports.pages import asked_period, report_view
from service.reports.paper import report_paper
from service.reports.release_controllers import Releases
from service.reports.settings_controllers import ReportSettings
from service.resources.catalogue_controllers import XLSX, attachment
from service.resources.interchange.writing import write_xlsx
from service.web.call import Call
from service.web.page import pdf_answer, render
from service.web.print.document import document_data
from service.web.print.render import render_pdf


class Reports(Controller):
    """The room of the figures."""

    path = "/reports"

    @get(perm=READ_REPORTS, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """The figures of a period, for whom they are; else what has left the office."""
        report = _report(call) if READ_FIGURES.allows(call.actor) else None
        return render(call.request, "reports/report.html", "統計", report_view(call, report))

    @get("/export.xlsx", perm=READ_FIGURES, sync_to_thread=True)
    def export_xlsx(self, call: NamedDependency[Call]) -> Response[bytes]:
        """The exact figures as an Excel file."""
        report = _exported(call)
        return attachment(write_xlsx(HEADER, export_rows(report), INSIDE), _name(report, "xlsx"), XLSX)

    @get("/export.csv", perm=READ_FIGURES, sync_to_thread=True)
    def export_csv(self, call: NamedDependency[Call]) -> Response[bytes]:
        """The exact figures as CSV; letters that Shift_JIS lacks are counted in a header of the answer and stand as 〓."""
        report = _exported(call)
        return csv_answer(call, HEADER, list(export_rows(report)), _name(report, "csv"))

    @get("/paper.pdf", perm=READ_FIGURES, sync_to_thread=True)
    def paper(self, call: NamedDependency[Call]) -> Response[bytes]:
        """The exact figures on A4."""
        report = _report(call)
        note(call.session, "print", "report", report.period.key)
        data = document_data(report_paper(report, call.town, call.actor, call.now))
        return pdf_answer(render_pdf("document", data), "reports.pdf")


def _report(call: Call) -> Report:
    today = day_in_japan(call.now)
    return make_report(gather(call.session, today), asked_period(call.request.query_params, today), today)


def _exported(call: Call) -> Report:
    report = _report(call)
    note(call.session, "export", "report", report.period.key)
    return report


def _name(report: Report, ending: str) -> str:
    return f"統計（庁内限り）{report.period.label}.{ending}"


REPORT_HANDLERS = [Reports, Releases, ReportSettings]
