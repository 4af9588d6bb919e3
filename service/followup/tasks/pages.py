"""One follow-up on its page: why this day, the window, what was tried, and the buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from service.followup.rhythms.rule import AT_HOST, Kind
from service.followup.tasks.models import CONFIRMED, DONE, OPEN, PLANNED
from service.followup.tasks.narrowing import EVERYBODY, KINDS, MINE, STATES, Wanted
from service.followup.tasks.reading import Known
from service.followup.tasks.rows import Group, Line, line_of, say_day, say_long
from service.followup.tasks.trying import CHANNELS, RESULTS
from service.followup.visits.forms import CallOffForm, MoveForm, TryForm
from service.followup.visits.models import Visit
from service.kernel.clock import day_in_japan
from service.kernel.dates import say_instant
from service.kernel.slots import format_time
from service.web.actor import Actor

Options = tuple[tuple[str, str], ...]
RULE_BY_HAND: Final = "手で入れた予定"


@dataclass(frozen=True)
class Choice:
    """A time the host would rather have."""

    number: int
    said: str


@dataclass(frozen=True)
class ListView:
    """What is to be done, for oneself, for one coordinator or for everybody one may see."""

    groups: tuple[Group, ...]
    total: int
    wanted: Wanted
    whose: Options
    kinds: Options
    states: Options
    printed: str


@dataclass(frozen=True)
class FollowUpView:
    """One follow-up."""

    line: Line
    version: int
    state: str
    raw: str
    due: str
    moved_because: str
    is_unconfirmed: bool
    contact_note: str
    host_note: str
    last_note: str
    done_on: str
    state_reason: str
    attempts: tuple[tuple[str, str, str], ...]
    records: tuple[tuple[str, str, str], ...]
    offers: tuple[Choice, ...]
    next_try: str
    escalation_note: str
    may_change: bool
    may_handle: bool
    may_ask_host: bool
    may_undo: bool
    is_open: bool
    is_promised: bool
    once: str
    tried: TryForm
    moved: MoveForm
    called_off: CallOffForm
    problem: str


@dataclass(frozen=True)
class Around:
    """What is read beside the row itself: records of it, the last note about the tie, the next way to try."""

    records: Sequence[Visit]
    last_note: str
    next_try: tuple[date, str] | None


@dataclass(frozen=True)
class Sent:
    """Forms as they came back, and why."""

    tried: TryForm
    moved: MoveForm
    called_off: CallOffForm
    problem: str = ""


def list_view(groups: tuple[Group, ...], wanted: Wanted, staff: Options, now: datetime) -> ListView:
    """The list as it was asked for, with what else can be asked."""
    whose = ((MINE, "自分の予定"), (EVERYBODY, "見られるすべて"), *staff)
    total = sum(len(each.lines) for each in groups)
    return ListView(groups, total, wanted, whose, (("", "すべて"), *KINDS), (("", "すべて"), *STATES), say_instant(now))


def follow_up_view(known: Known, actor: Actor, around: Around, sent: Sent, once: str, now: datetime) -> FollowUpView:
    """The page."""
    row, today = known.row, day_in_japan(now)
    may_change, is_open = known.may_be_changed_by(actor), row.state in OPEN
    next_try = around.next_try
    return FollowUpView(
        line=line_of(known, today),
        version=row.version,
        state=row.state,
        raw=say_long(row.raw_on),
        due=say_long(row.due_on),
        moved_because=row.moved_because,
        is_unconfirmed=row.is_unconfirmed,
        contact_note=known.person.contact_note,
        host_note=known.host.note if known.host else "",
        last_note=around.last_note,
        done_on=say_long(row.done_on) if row.state == DONE else "",
        state_reason=row.state_reason,
        attempts=tuple(
            (say_instant(each.at), f"{CHANNELS[each.channel]}　{RESULTS[each.result]}", each.note) for each in row.attempts
        ),
        records=tuple((each.id, say_long(each.done_on), each.recorded_by) for each in around.records),
        offers=tuple(
            Choice(number, f"{say_day(date.fromisoformat(day))} {format_time(start_min)}")
            for number, (day, start_min) in enumerate(row.host_offers or ())
        ),
        next_try=f"{say_day(next_try[0])}に{CHANNELS[next_try[1]]}で" if next_try else "",
        escalation_note=row.escalation_note,
        may_change=may_change,
        may_handle=bool(row.escalation) and row.escalation_handled_at is None,
        may_ask_host=may_change and row.state == PLANNED and Kind(row.kind) in AT_HOST and row.host_answer != "asked",
        may_undo=may_change and is_open and row.state != CONFIRMED and bool(row.earlier),
        is_open=is_open,
        is_promised=row.state == CONFIRMED,
        once=once,
        tried=sent.tried,
        moved=sent.moved,
        called_off=sent.called_off,
        problem=sent.problem,
    )
