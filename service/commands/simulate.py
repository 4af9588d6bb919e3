"""`tsunagi simulate`: a quarter of the fictional town, day by day through the real services, in a database of its own.

Nothing of a real town is read or written. What is drawn is who is met; everything else is what the services do with it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.accounts.roles import COORDINATOR
from service.followup.planner.plan import Remedy
from service.followup.planner.stop import Iterations
from service.followup.planning.accepting import apply_plan
from service.followup.planning.models import LEAVE, StaffTime
from service.followup.planning.remedies import help_along
from service.followup.planning.running import changes_in, start_plan
from service.followup.rhythms.keeping import keep_all
from service.followup.rhythms.rule import AT_HOST, Kind
from service.followup.tasks.doing import confirm, miss
from service.followup.tasks.escalating import escalate_due, handle
from service.followup.tasks.models import CANCELLED, DONE, INSERT, OPEN, PLANNED, FollowUp
from service.followup.tasks.reading import Known, list_follow_ups
from service.followup.tasks.suggesting import accept, look_everywhere, open_suggestions, refuse
from service.followup.tasks.trying import Try, note_attempt
from service.followup.visits.recording import Record, record_visit
from service.kernel.audit import Signature, verify_chain
from service.kernel.calendar import Calendar, days_between
from service.kernel.clock import TOKYO, day_in_japan, now_utc
from service.kernel.dates import format_wareki
from service.resources.policies import town_calendar
from service.settings import read_settings
from service.setup import set_up_town
from service.web.actor import Actor, Town

ROUNDS: Final = Iterations(600)
NO_SHOW, WORRY, WAVERING = 0.12, 0.06, 0.08
"""How often nobody is met, a host is worried, a person wavers; made up."""
SICK_WEEK, SICK_DAYS = 3, 2
PATIENCE: Final = 12
"""Open days after its window in which a late follow-up has to have been told to somebody."""


@dataclass
class Quarter:
    """What happened."""

    counts: Counter[str] = field(default_factory=Counter)
    moved: int = 0
    plans: int = 0

    def add(self, what: str, number: int = 1) -> None:
        """So many more of a sort."""
        self.counts[what] += number


def simulate(options: argparse.Namespace) -> int:
    """Play the weeks, print the figures; 1 when something was forgotten."""
    first = options.start or day_in_japan(now_utc())
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings(Path(folder))
        for line in set_up_town(settings, settings.entry(), demo=True):
            if not options.json:
                print(line)
        town = settings.open_town(settings.entry())
        report = play(town, first, options.weeks, Random(options.seed))
        town.database.close()
    print(json.dumps(report, ensure_ascii=False, indent=1) if options.json else _as_text(report))
    return 1 if report["forgotten"] or not report["log_holds"] else 0


def play(town: Town, first: date, weeks: int, random: Random) -> dict[str, Any]:
    """So many weeks from a day on; the figures at the end. The same seed and day play the same quarter."""
    quarter, last = Quarter(), first + timedelta(days=7 * weeks - 1)
    with town.database.read() as session:
        calendar, staff = town_calendar(session, first), _coordinators(session)
    _fall_sick(town, staff, calendar, first)
    for day in days_between(first, last):
        _night(town, quarter, day)
        if calendar.is_open(day):
            _morning(town, quarter, staff, day, is_new_week=day.weekday() == 0 or day == first)
            _work(town, quarter, staff, day, random)
    return _figures(town, quarter, calendar, first, last)


def _night(town: Town, quarter: Quarter, day: date) -> None:
    now = _at(day, time(2))
    with town.database.write(signature=_signature(town, now)) as session:
        quarter.add("asked", keep_all(session, now))
        quarter.add("escalated", escalate_due(session, now))
        quarter.add("suggested", look_everywhere(session, now))


def _morning(town: Town, quarter: Quarter, staff: list[Actor], day: date, *, is_new_week: bool) -> None:
    """Suggestions are answered, what was told to the supervisor is dealt with, and a new week is planned."""
    now = _at(day, time(8, 40))
    for actor in staff:
        with town.database.write(signature=_signature(town, now)) as session:
            for each in open_suggestions(session, town, actor):
                if each.row.kind == INSERT:
                    accept(session, each.row, actor, now)
                    quarter.add("inserted")
                else:
                    refuse(each.row, "様子を見る", actor, now)
            for row in session.scalars(
                select(FollowUp).where(FollowUp.escalation > 0, FollowUp.escalation_handled_at.is_(None))
            ):
                handle(row, "次の週に入れる", now)
    if is_new_week or _has_loose_ends(town, staff[0], day):
        _plan(town, quarter, staff[0], now)


def _has_loose_ends(town: Town, actor: Actor, day: date) -> bool:
    """Whether something due soon has no day: then the week is planned again."""
    with town.database.read() as session:
        soon = (FollowUp.state.in_(OPEN), FollowUp.on.is_(None), FollowUp.late_on <= day + timedelta(days=3))
        return bool(list_follow_ups(session, town, actor, *soon))


def _plan(town: Town, quarter: Quarter, actor: Actor, now: datetime) -> None:
    with town.database.write(signature=_signature(town, now)) as session:
        run = start_plan(session, town, actor, now, ROUNDS)
        changes = changes_in(run)
        chosen = [change.follow_up_id for change in changes if change.after is not None or change.before is not None]
        quarter.plans += 1
        quarter.moved += sum(change.kind == "moved" for change in changes)
        if chosen:
            apply_plan(session, town, actor, run, chosen, now)
        for change in changes:
            if change.after is None and Remedy.BY_PHONE in change.remedies:
                (known,) = list_follow_ups(session, town, actor, FollowUp.id == change.follow_up_id)
                if known.row.state == PLANNED:
                    help_along(session, known, Remedy.BY_PHONE, (), known.row.version, now)
                    quarter.add("made a call")


def _work(town: Town, quarter: Quarter, staff: list[Actor], day: date, random: Random) -> None:
    for actor in staff:
        with town.database.read() as session:
            ids = [known.row.id for known in _days_own(session, town, actor, day)]
        for id_ in ids:
            now = _at(day, time(16))
            with town.database.write(signature=_signature(town, now)) as session:
                for known in list_follow_ups(session, town, actor, FollowUp.id == id_, FollowUp.state.in_(OPEN)):
                    _meet(session, quarter, actor, known, day, now, random)


def _days_own(session: Session, town: Town, actor: Actor, day: date) -> list[Known]:
    return list(
        list_follow_ups(session, town, actor, FollowUp.on == day, FollowUp.staff_id == actor.id, FollowUp.state.in_(OPEN))
    )


def _meet(session: Session, quarter: Quarter, actor: Actor, known: Known, day: date, now: datetime, random: Random) -> None:
    number = f"{random.getrandbits(96):024x}"
    if random.random() < NO_SHOW:
        if known.row.state == PLANNED:
            confirm(known, actor, now)
        note_attempt(session, known, actor, Try(number, now, "visit", "absent"), now)
        miss(session, known, "会えなかった", now)
        quarter.add("not met")
        return
    covers_both = Kind(known.row.kind) in AT_HOST and known.placement is not None
    says = "wavering" if random.random() < WAVERING else "want"
    worry = "段取りに困っている" if covers_both and random.random() < WORRY else ""
    late = known.row.late_on < day
    record = Record(
        number, day, True, covers_both, person_says=says, wish="このまま", host_says="can" if covers_both else "", host_worry=worry,
        connected="yes" if known.row.kind == Kind.POST_CLOSURE_CONTACT else "", state="stable",
    )  # fmt: skip
    record_visit(session, actor, known, record, now)
    quarter.add("done late" if late else "done in its window")
    quarter.add("worries", bool(worry))


def _fall_sick(town: Town, staff: list[Actor], calendar: Calendar, first: date) -> None:
    """One coordinator is ill for two days of the third week."""
    start = calendar.move(first + timedelta(days=7 * (SICK_WEEK - 1))).on
    now = _at(first, time(1))
    with town.database.write(signature=_signature(town, now)) as session:
        session.add(
            StaffTime(
                user_id=staff[-1].id,
                kind=LEAVE,
                start_at=_at(start, time()),
                end_at=_at(start + timedelta(days=SICK_DAYS), time()),
            )
        )


def _figures(town: Town, quarter: Quarter, calendar: Calendar, first: date, last: date) -> dict[str, Any]:
    with town.database.read() as session:
        # What was done before it began is no work of these weeks.
        rows = session.scalars(select(FollowUp).where(or_(FollowUp.done_on.is_(None), FollowUp.done_on >= first))).all()
        holds = verify_chain(session, town.key) is None
    waits = [row for row in rows if row.state in OPEN and calendar.count_open_days(row.late_on, last) > PATIENCE]
    forgotten = [row for row in waits if not row.escalation]
    return {
        "from": first.isoformat(),
        "until": last.isoformat(),
        "follow_ups": len(rows),
        "done": sum(row.state == DONE for row in rows),
        **{what.replace(" ", "_"): quarter.counts[what] for what in ("done in its window", "done late", "not met", "worries", "inserted", "made a call", "escalated")},
        "open": sum(row.state in OPEN for row in rows),
        "cancelled": sum(row.state == CANCELLED for row in rows),
        "plans": quarter.plans,
        "moved_lines": quarter.moved,
        "late_and_told": len(waits) - len(forgotten),
        "forgotten": len(forgotten),
        "log_holds": holds,
    }  # fmt: skip


LABELS: Final = {
    "follow_ups": "予定になったもの", "done": "済んだもの", "done_in_its_window": "　うち幅の中で", "done_late": "　うち遅れて",
    "not_met": "会えなかった回数", "worries": "受け入れ先の困りごと", "inserted": "提案から足したもの", "made_a_call": "日が合わず電話に変えたもの", "escalated": "管理者に知らせた回数",
    "open": "まだのもの", "cancelled": "取りやめ", "plans": "組み直した回数", "moved_lines": "組み直しで動いた行",
    "late_and_told": "遅れていて、知らせてあるもの", "forgotten": "だれにも知らせず忘れられたもの",
}  # fmt: skip


def _as_text(report: dict[str, Any]) -> str:
    span = "〜".join(format_wareki(date.fromisoformat(report[name])) for name in ("from", "until"))
    lines = [f"架空の汐見市の試し　{span}", *(f"{label}　{report[name]}" for name, label in LABELS.items())]
    return "\n".join([*lines, f"操作の記録　{'つながっています' if report['log_holds'] else 'つながりません'}"])


def _coordinators(session: Session) -> list[Actor]:
    users = session.scalars(select(User).where(User.active).order_by(User.login_name))
    return [user.as_actor() for user in users if COORDINATOR in user.roles]


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, TOKYO).astimezone(UTC)


def _signature(town: Town, now: datetime) -> Signature:
    return Signature("-", "（試し）", now, town.key)
