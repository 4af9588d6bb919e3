"""What the page of the figures shows: the chosen period, its sections, and what has left the office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from service.accounts.roles import PUBLISH_REPORTS, READ_FIGURES
from service.kernel.clock import day_in_japan
from service.kernel.dates import fiscal_year, format_wareki, say_instant
from service.kernel.db import new_id
from service.reports.counting import Report
from service.reports.periods import EARLIEST, LATEST, Period, read_period
from service.reports.presenting import SectionBlock, section_blocks
from service.reports.release.presenting import release_blocks, say_audit
from service.reports.releasing import Release, releases
from service.web.call import Call

YEARS = 6
"""As many fiscal years are offered, the running one first."""


@dataclass(frozen=True)
class Choice:
    """One part of the chooser."""

    key: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class ReleaseLine:
    """One release of the list."""

    id: str
    label: str
    asked: str
    state: str
    is_out: bool


@dataclass(frozen=True)
class ReleaseView:
    """外に出す統計: what may leave, or has left."""

    line: ReleaseLine
    few: int
    audit: str
    sections: tuple[SectionBlock, ...]
    may_decide: bool
    is_own: bool
    problem: str
    reason: str
    once: str


@dataclass(frozen=True)
class ReportView:
    """統計."""

    period: str
    label: str
    counted: str
    is_running: bool
    years: tuple[Choice, ...]
    parts: tuple[Choice, ...]
    earlier: tuple[str, str]
    """The fiscal year before: its address and its name."""
    sections: tuple[SectionBlock, ...]
    may_read: bool
    is_over: bool
    releases: tuple[ReleaseLine, ...]
    once: str


def asked_period(query: Mapping[str, str], today: date) -> Period:
    """The period an address names, whole or in the two parts of the chooser."""
    return read_period(query.get("period") or query.get("year", "") + query.get("part", ""), today)


def report_view(call: Call, report: Report | None) -> ReportView:
    """The page; the sections stand there for those who may read them."""
    today = day_in_japan(call.now)
    period = report.period if report else asked_period(call.request.query_params, today)
    before = Period(max(period.year - 1, EARLIEST))
    return ReportView(
        period.key, period.label, format_wareki(today), period.first <= today <= period.last, _years(period, today),
        _parts(period), (before.key, before.label), section_blocks(report) if report else (),
        READ_FIGURES.allows(call.actor), period.last < today,
        tuple(_line(each) for each in releases(call.session, call.actor)), new_id(),
    )  # fmt: skip


def release_view(call: Call, release: Release, problem: str = "", reason: str = "") -> ReleaseView:
    """One release; the buttons stand there for a second person."""
    snapshot = release.snapshot
    return ReleaseView(
        _line(release), snapshot.few, say_audit(snapshot.audit, snapshot.few),
        release_blocks(snapshot.cleared, snapshot.few),
        release.decision is None and PUBLISH_REPORTS.allows(call.actor), snapshot.asked_by_id == call.actor.id,
        problem, reason, new_id(),
    )  # fmt: skip


def _line(release: Release) -> ReleaseLine:
    snapshot, decision = release.snapshot, release.decision
    asked = f"{say_instant(snapshot.asked_at)}　{snapshot.asked_by}"
    if decision is None:
        state = "確認待ち"
    elif release.is_out:
        state = f"外に出した　{say_instant(decision.at)}　{decision.by}"
    else:
        state = f"出さない　{say_instant(decision.at)}　{decision.by}　{decision.reason}"
    return ReleaseLine(snapshot.id, release.period.label, asked, state, release.is_out)


def _years(period: Period, today: date) -> tuple[Choice, ...]:
    running = fiscal_year(today)
    years = sorted({period.year, *range(running, running - YEARS, -1)}, reverse=True)
    return tuple(Choice(str(year), Period(year).label, year == period.year) for year in years if year <= LATEST)


def _parts(period: Period) -> tuple[Choice, ...]:
    quarters = [Period(period.year, 3 * at, 3) for at in range(4)]
    found = [("", "一年", Period(period.year))]
    found += [(f"q{at}", f"第{at}四半期", each) for at, each in enumerate(quarters, 1)]
    found += [(f"m{each.first.month:02}", f"{each.first.month}月", each) for each in Period(period.year).months_of()]
    return tuple(Choice(key, label, each == period) for key, label, each in found)
