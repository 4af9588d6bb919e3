"""設定 of the rhythm: every rule, the presets, what a change would move, and the town's own closed days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import EDIT_SETTINGS, READ_SETTINGS
from service.followup.policies import RHYTHM, current_rhythm, presets
from service.followup.rhythms.forms import read_rhythm, say_offsets
from service.followup.rhythms.keeping import keep_all
from service.followup.rhythms.previewing import Preview, preview
from service.followup.rhythms.rule import ANCHOR_LABELS, KIND_LABELS, Rhythm, Rule
from service.kernel.calendar import Roll, days_between
from service.kernel.clock import day_in_japan
from service.kernel.dates import DateProblem, fiscal_year, format_wareki, parse_date
from service.kernel.db import new_id
from service.kernel.errors import DomainError
from service.resources.policies import CALENDAR, keep, newest, town_calendar
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import expect_version, typed_text

HERE: Final = "/settings/rhythms"
CLOSED: Final = "/settings/calendar"


@dataclass(frozen=True)
class RuleLine:
    """One rule to edit, as typed or as it is."""

    key: str
    label: str
    anchor: str
    kinds: str
    offsets: str
    every: str
    before: str
    after: str
    minutes: str
    priority: str
    is_preceding: bool
    is_used: bool
    source: str


@dataclass(frozen=True)
class RhythmView:
    """Every rule, and what the typed ones would change."""

    name: str
    preset: str
    """The preset the shown rules come from, empty for the town's own."""
    version: int
    rules: tuple[RuleLine, ...]
    on_attendance_day: bool
    pause_days: str
    presets: tuple[tuple[str, str], ...]
    counts: tuple[tuple[str, int], ...]
    changes: tuple[tuple[str, str, str], ...]
    is_previewed: bool
    may_edit: bool
    once: str
    problem: str


@dataclass(frozen=True)
class CalendarView:
    """The town's own closed days, and all closed days of a fiscal year that are no weekend."""

    own: tuple[tuple[str, str, str], ...]
    year: str
    closed: tuple[tuple[str, str], ...]
    known_until: str
    may_edit: bool
    once: str
    version: int
    day: str
    name: str
    problem: str


class RhythmSettings(Controller):
    """The rhythm in force."""

    path = HERE

    @get(perm=READ_SETTINGS, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """Every rule, or a preset to start from."""
        known = current_rhythm(call.session)
        preset = presets().get(call.request.query_params.get("preset", ""))
        return _page(call, known, preset or known)

    @post("/preview", perm=EDIT_SETTINGS, sync_to_thread=True, status_code=200)
    def look(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """What this would change; nothing is written."""
        posted, known = Posted.read(data), current_rhythm(call.session)
        try:
            rhythm = read_rhythm(posted, _asked(posted, known))
        except DomainError as problem:
            return _page(call, known, _asked(posted, known), posted=posted, problem=str(problem), status=problem.status)
        return _page(call, known, rhythm, found=preview(call.session, call.actor, rhythm, call.now))

    @post(perm=EDIT_SETTINGS, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """A new version; what nobody has touched follows it at once."""
        posted, known = Posted.read(data), current_rhythm(call.session)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        try:
            expect_version(posted.text("_version"), known.version)
            rhythm = read_rhythm(posted, _asked(posted, known))
        except DomainError as problem:
            return _page(call, known, _asked(posted, known), posted=posted, problem=str(problem), status=problem.status)
        keep(call.session, call.actor, RHYTHM, rhythm.to_json(), call.now)
        keep_all(call.session, call.now)
        return done(call.session, call.actor, posted, call.now, HERE)


class CalendarSettings(Controller):
    """The town's own closed days."""

    path = CLOSED

    @get(perm=READ_SETTINGS, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """What is closed besides weekends, holidays and the turn of the year."""
        return _calendar_page(call)

    @post(perm=EDIT_SETTINGS, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Add a day, or take some back; follow-ups nobody has touched move with it."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        row = newest(call.session, CALENDAR)
        own: dict[str, str] = dict(row.body.get("closed", {})) if row else {}
        try:
            expect_version(posted.text("_version"), row.seq if row else 0)
            for day in posted.getlist("remove"):
                own.pop(day, None)
            if text := posted.text("day").strip():
                own[parse_date(text).isoformat()] = _name(posted)
        except DateProblem as problem:
            return _calendar_page(call, posted, str(problem), 422)
        except DomainError as problem:
            return _calendar_page(call, posted, str(problem), problem.status)
        keep(call.session, call.actor, CALENDAR, {"closed": own}, call.now)
        keep_all(call.session, call.now)
        return done(call.session, call.actor, posted, call.now, CLOSED)


def _name(posted: Posted) -> str:
    name = typed_text(posted.text("name"), 40)
    if not name:
        raise DomainError("休みの日の呼び名がありません。", "「市制記念日」のように入れてください。", "name", 422)
    return name


def _asked(posted: Posted, known: Rhythm) -> Rhythm:
    """The rules the form was made from: the town's own, or a preset's."""
    return presets().get(posted.text("preset"), known)


def _same_rules(one: Rhythm, other: Rhythm) -> bool:
    return [rule.key for rule in one.rules] == [rule.key for rule in other.rules]


def _page(
    call: Call, known: Rhythm, shown: Rhythm, *, posted: Posted | None = None, found: Preview | None = None, problem: str = "",
    status: int = 200,
) -> Response[str]:  # fmt: skip
    counts = (("増える", found.added), ("動く", found.moved), ("取りやめになる", found.cancelled)) if found else ()
    view = RhythmView(
        name=shown.name,
        preset=next((key for key, each in presets().items() if _same_rules(each, shown)), ""),
        version=known.version,
        rules=tuple(_line(rule, posted) for rule in shown.rules),
        on_attendance_day=shown.on_attendance_day if posted is None else posted.text("on_attendance_day") == "yes",
        pause_days=str(shown.pause_days) if posted is None else posted.text("pause_days"),
        presets=tuple((key, rhythm.name) for key, rhythm in presets().items()),
        counts=counts,
        changes=tuple((each.kind, _say(each.before), _say(each.after)) for each in found.first) if found else (),
        is_previewed=found is not None,
        may_edit=EDIT_SETTINGS.allows(call.actor),
        once=new_id(),
        problem=problem,
    )
    return render(call.request, "followup/rhythms.html", "フォローアップのリズム", view, status)


def _say(day: date | None) -> str:
    return format_wareki(day) if day else "なし"


def _line(rule: Rule, posted: Posted | None) -> RuleLine:
    def typed(name: str, kept: object) -> str:
        return str(kept) if posted is None else posted.text(f"{name}-{rule.key}")

    is_preceding = rule.roll is Roll.PRECEDING if posted is None else posted.text(f"roll-{rule.key}") == Roll.PRECEDING
    return RuleLine(
        rule.key, rule.label, ANCHOR_LABELS[rule.anchor], "・".join(KIND_LABELS[kind] for kind in dict.fromkeys(rule.kinds)),
        typed("offsets", say_offsets(rule.offsets)), typed("every", say_offsets((rule.every,)) if rule.every else ""),
        typed("before", rule.before), typed("after", rule.after), typed("minutes", rule.minutes), typed("priority", rule.priority),
        is_preceding, rule.is_used if posted is None else posted.text(f"used-{rule.key}") == "yes", rule.source,
    )  # fmt: skip


def _calendar_page(call: Call, posted: Posted | None = None, problem: str = "", status: int = 200) -> Response[str]:
    today = day_in_japan(call.now)
    row, calendar, year = newest(call.session, CALENDAR), town_calendar(call.session, today), fiscal_year(today)
    span = days_between(date(year, 4, 1), date(year + 1, 3, 31))
    view = CalendarView(
        own=tuple((day.isoformat(), format_wareki(day), name) for day, name in sorted(calendar.closed.items())),
        year=f"{year}年度",
        closed=tuple((format_wareki(day), why) for day in span if day.weekday() < 5 and (why := calendar.why_closed(day))),
        known_until=format_wareki(calendar.known_until),
        may_edit=EDIT_SETTINGS.allows(call.actor),
        once=new_id(),
        version=row.seq if row else 0,
        day=posted.text("day") if posted else "",
        name=posted.text("name") if posted else "",
        problem=problem,
    )
    return render(call.request, "followup/closed_days.html", "休みの日", view, status)
