"""`tsunagi rhythm`: the dates a town's rhythm asks for, from anchors typed by hand; reads no case and writes nothing."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import date
from typing import Final

from service.followup.policies import current_rhythm
from service.followup.rhythms.dating import Anchors, Dated, Dating, date_all
from service.followup.rhythms.rule import KIND_LABELS, Anchor, Rhythm
from service.kernel.calendar import NoOpenDay, add_months
from service.kernel.clock import day_in_japan, now_utc
from service.kernel.dates import WEEKDAYS, DateProblem, format_wareki, parse_date
from service.kernel.errors import DomainError
from service.resources.policies import town_calendar
from service.web.actor import Town

EXAMPLE: Final = "placement_start=2026-06-22 のように入れてください。"


def show_rhythm(town: Town, options: argparse.Namespace) -> int:
    """Print what is asked for until a day (inclusive, on the computed day; a year after the last anchor unless said)."""
    anchors = _anchors(options.anchor)
    attends = _weekdays(options.attends)
    last = max((day for day in vars(anchors).values() if day), default=day_in_japan(now_utc()))
    until = _day("--until", options.until) if options.until else add_months(last, 12)
    with town.database.read() as session:
        rhythm, calendar = current_rhythm(session), town_calendar(session, day_in_japan(now_utc()))
    try:
        dates = date_all(rhythm, calendar, Dating(anchors, attends), until)
    except NoOpenDay:
        raise DomainError(
            "通う曜日に、開いている日がありません。", "--attends を確かめてください。", "attends", 422
        ) from None
    if options.json:
        print(json.dumps([_row(each) for each in dates], ensure_ascii=False, indent=1))
    else:
        print(_as_text(rhythm, dates))
    return 0


def _anchors(typed: Sequence[str]) -> Anchors:
    days: dict[str, date] = {}
    for each in typed:
        name, _, day = each.partition("=")
        if name not in set(Anchor) or not day:
            known = "・".join(Anchor)
            raise DomainError(f"「{each}」を起点として読めません。", f"{EXAMPLE}使えるのは {known} です。", "anchor", 422)
        days[name] = _day(name, day)
    if not days:
        raise DomainError("起点の日がありません。", f"--anchor {EXAMPLE}", "anchor", 422)
    return Anchors(**days)


def _day(name: str, text: str) -> date:
    try:
        return parse_date(text)
    except DateProblem as problem:
        raise DomainError(f"{name}：{problem.message}", problem.remedy, "date", 422) from problem


def _weekdays(text: str) -> frozenset[int]:
    if unknown := set(text) - set(WEEKDAYS):
        said = "".join(sorted(unknown))
        raise DomainError(f"「{said}」は曜日として読めません。", "--attends 月水 のように入れてください。", "attends", 422)
    return frozenset(map(WEEKDAYS.index, text))


def _row(each: Dated) -> dict[str, str]:
    return {
        "rule": each.rule,
        "kind": each.kind.value,
        "raw_on": each.raw_on.isoformat(),
        "on": each.on.isoformat(),
        "reason": each.reason,
    }


def _as_text(rhythm: Rhythm, dates: Sequence[Dated]) -> str:
    if not dates:
        return "予定はありません。起点と --until を確かめてください。"
    lines = [f"リズム「{rhythm.name}」　{len(dates)}件"]
    for each in dates:
        unsure = "　祝日未確認" if each.is_unconfirmed else ""
        lines.append(f"{format_wareki(each.on)}　{KIND_LABELS[each.kind]}　{each.reason}{unsure}".rstrip("　"))
    return "\n".join(lines)
