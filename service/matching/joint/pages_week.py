"""What the page of one person's week shows: steps, each with its places and its days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from service.accounts.roles import RECORD_MATCHES
from service.cases.access import may_change
from service.cases.models import Person, SupportCase
from service.cases.pages import Heading
from service.cases.placements import SessionTime
from service.kernel.dates import WEEKDAYS
from service.kernel.db import new_id
from service.kernel.timetable import format_time
from service.matching.cards import own_title
from service.matching.engine.problem import NOON
from service.matching.gather import LoadedCatalogue
from service.matching.joint.pages_words import say_times
from service.matching.joint.stored import Line
from service.matching.joint.week import WeekPlan, WeekStep
from service.matching.joint.wording import Names
from service.matching.joint.wording_left import say_why_nobody
from service.resources.words import kind_label
from service.web.actor import Actor

EVENING: Final = 17 * 60
PARTS: Final = ("午前", "午後", "夕方から")
WORKDAYS: Final = range(5)


@dataclass(frozen=True)
class PlaceRow:
    """A place of a step with its times; `href_without` shows the week without it."""

    host_id: str
    place: str
    title: str
    kind: str
    when: str
    is_new: bool
    is_there: bool
    href_without: str


@dataclass(frozen=True)
class StepView:
    """One step: how often, where, on which days, and what its button sends."""

    number: int
    title: str
    said: str
    places: tuple[PlaceRow, ...]
    days: tuple[str, ...]
    grid: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    sends: tuple[str, ...]
    once: str


@dataclass(frozen=True)
class WeekView:
    """週の組み立て."""

    heading: Heading
    here: str
    typed: Mapping[str, str]
    include_ask: bool
    without: tuple[tuple[str, str, str], ...]
    problems: tuple[str, ...]
    steps: tuple[StepView, ...]
    why: tuple[str, ...]
    may_accept: bool


@dataclass(frozen=True)
class WeekDraft:
    """The question as the address says it."""

    typed: Mapping[str, str]
    include_ask: bool
    without: tuple[str, ...]
    problems: tuple[str, ...]

    def address(self, here: str, without: Iterable[str]) -> str:
        """The same question with other places left out."""
        pairs = [*((n, v) for n, v in self.typed.items() if v), *([("ask", "1")] if self.include_ask else [])]
        return f"{here}?{urlencode([*pairs, *(('x', each) for each in without)])}"


def week_view(
    case: SupportCase,
    person: Person,
    actor: Actor,
    loaded: LoadedCatalogue,
    draft: WeekDraft,
    plan: WeekPlan,
    heading: Heading,
) -> WeekView:
    """The steps in words, with what each would add to the one before."""
    here = f"/people/{person.id}/week"
    before: list[Sequence[Line]] = [(), *(step.lines for step in plan.steps)]
    steps = [_step(n, step, before[n - 1], loaded, draft, here) for n, step in enumerate(plan.steps, start=1)]
    names = {id_: _name(loaded, id_) for id_ in draft.without}
    without = tuple(
        (id_, names[id_], draft.address(here, (each for each in draft.without if each != id_))) for id_ in draft.without
    )
    return WeekView(
        heading=heading,
        here=here,
        typed=draft.typed,
        include_ask=draft.include_ask,
        without=without,
        problems=draft.problems,
        steps=tuple(step for step in steps if step.places),
        why=_say_why(loaded, plan),
        may_accept=RECORD_MATCHES.allows(actor) and may_change(actor, case),
    )


def _step(
    number: int, step: WeekStep, before: Sequence[Line], loaded: LoadedCatalogue, draft: WeekDraft, here: str
) -> StepView:
    earlier = {(opening, time) for _, opening, times in before for time in times}
    lines = [*step.kept, *step.lines]
    kept = {opening for _, opening, _ in step.kept}
    # Nothing is added in the first step: it is where the way begins.
    known = earlier if number > 1 else {(opening, time) for _, opening, found in lines for time in found}
    times = [(opening, time) for _, opening, found in lines for time in found]
    days = sorted({*WORKDAYS, *(time.weekday for _, time in times if time.weekday is not None)})
    return StepView(
        number=number,
        title=f"第{number}段　週{step.sessions}回",
        said=_say_step(step),
        places=tuple(_place(loaded, line, known, kept, draft, here) for line in lines),
        days=tuple(WEEKDAYS[day] for day in days),
        grid=tuple(week_grid(loaded, times, days)),
        sends=tuple(_send(opening, time) for _, opening, found in step.lines for time in found),
        once=new_id(),
    )


def _say_step(step: WeekStep) -> str:
    less = f"週{step.wanted}回には、まだ足りません（合う所と時間が、これだけです）。" if step.is_less else ""
    changed = f"前の段から{step.changed}回ぶんが変わります。" if step.changed else ""
    return less + changed + ("" if step.is_proven else "これまでの最良です。")


def _place(
    loaded: LoadedCatalogue, line: Line, known: set[tuple[str, SessionTime]], kept: set[str], draft: WeekDraft, here: str
) -> PlaceRow:
    _, opening, times = line
    record = loaded.records.get(opening)
    return PlaceRow(
        host_id=record.host_id if record else "",
        place=record.name if record else "（今の一覧にない所）",
        title=own_title(record) if record else "",
        kind=kind_label(record.kind) if record else "",
        when=say_times(times),
        is_new=any((opening, time) not in known for time in times) and opening not in kept,
        is_there=opening in kept,
        href_without=draft.address(here, (*draft.without, opening)),
    )


def _name(loaded: LoadedCatalogue, opening: str) -> str:
    record = loaded.records.get(opening)
    if record is None:
        return "（今の一覧にない所）"
    title = own_title(record)
    return f"{record.name}（{title}）" if title else record.name


def week_grid(
    loaded: LoadedCatalogue, times: Sequence[tuple[str, SessionTime]], days: Sequence[int]
) -> Iterable[tuple[str, tuple[tuple[str, ...], ...]]]:
    """Parts of the day that are used, over the days; a cell holds what is there then."""
    for part, label in enumerate(PARTS):
        cells = [tuple(_cell(loaded, *each) for each in times if _is_in(each[1], day, part)) for day in days]
        if any(cells):
            yield label, tuple(cells)


def _is_in(time: SessionTime, day: int, part: int) -> bool:
    start = time.start_min or 0
    return time.weekday == day and part == (0 if start < NOON else 1 if start < EVENING else 2)


def _cell(loaded: LoadedCatalogue, opening: str, time: SessionTime) -> str:
    record = loaded.records.get(opening)
    hours = "" if time.start_min is None else f"{format_time(time.start_min)} "
    return f"{hours}{record.name if record else ''}{'（隔週）' if time.half == 1 else ''}"


def _send(opening: str, time: SessionTime) -> str:
    return ":".join([opening, *("" if each is None else str(each) for each in (time.weekday, time.start_min))])


def _say_why(loaded: LoadedCatalogue, plan: WeekPlan) -> tuple[str, ...]:
    """Why there is nothing at all, as a joint run says it of somebody it leaves."""
    if plan.why is None:
        return ()
    names = Names(
        person=lambda at: "",
        opening=lambda at: _name(loaded, plan.openings[at]),
        condition=lambda code: loaded.vocabulary.of_code(code)[0].label,
    )
    return say_why_nobody(plan.why, names)
