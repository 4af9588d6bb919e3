"""祝日の確認: a published file is compared and forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from litestar import Controller, Response, post
from litestar.di import NamedDependency

from service.accounts.roles import EDIT_SETTINGS
from service.followup.rhythms.holidays import Difference, compare_holidays, read_holidays
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki
from service.kernel.errors import DomainError
from service.resources.policies import town_calendar
from service.resources.uploads import read_upload
from service.web.call import Call
from service.web.forms import UploadBody
from service.web.page import render

TEMPLATE: Final = "followup/holidays.html"
TITLE: Final = "祝日の確認"


@dataclass(frozen=True)
class DifferenceRow:
    """A day the two sides differ on, in words."""

    day: str
    said: str
    remedy: str


@dataclass(frozen=True)
class HolidaysView:
    """What was compared and what differs; no `span` where the file could not be read."""

    span: str
    days: int
    rows: tuple[DifferenceRow, ...]
    problem: str


class HolidayCheck(Controller):
    """The holidays of this release, held against what is published."""

    path = "/settings/calendar/check"

    @post(perm=EDIT_SETTINGS, sync_to_thread=True, status_code=200)
    def check(self, call: NamedDependency[Call], data: UploadBody) -> Response[str]:
        """Every difference with what to do; nothing is written."""
        today = day_in_japan(call.now)
        try:
            _, content = read_upload(data.get("file"), "syukujitsu.csv を選んでください。")
            published = read_holidays(content, today)
        except DomainError as problem:
            view = HolidaysView("", 0, (), str(problem))
            return render(call.request, TEMPLATE, TITLE, view, problem.status)
        found = compare_holidays(published, town_calendar(call.session, today), today)
        return render(call.request, TEMPLATE, TITLE, _view(published, found))


def _view(published: Mapping[date, str], found: tuple[Difference, ...]) -> HolidaysView:
    span = f"{min(published).year}年から{max(published).year}年まで"
    rows = tuple(DifferenceRow(format_wareki(each.on), each.said, each.remedy) for each in found)
    return HolidaysView(span, len(published), rows, "")
