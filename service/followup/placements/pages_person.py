"""What a person's page of placements shows: the week over all hosts, the way from little to more, what is and was."""

from __future__ import annotations

from dataclasses import dataclass

from service.accounts.roles import EDIT_PLACEMENTS
from service.cases.access import may_change
from service.cases.models import Person, Placement, SupportCase
from service.cases.pages import Heading, heading_of
from service.cases.placements import LIVE, SIDES, SessionTime, live_placements, standing_of
from service.cases.ways import placements_of
from service.followup.placements.choices import say_slot, slot_key, times_from
from service.followup.placements.forms_person import CandidateForm, StageForm
from service.followup.placements.ladder import ENDINGS, Ladder
from service.followup.placements.ladders import ladders
from service.followup.placements.models import StepUp
from service.followup.placements.proposing import Standing, opening_of
from service.followup.placements.stepping_up import current_stage, is_kept, stages_of
from service.followup.placements.wording import say_since
from service.kernel.clock import day_in_japan
from service.kernel.dates import WEEKDAYS, format_wareki_short
from service.kernel.db import new_id
from service.matching.gather import load_catalogue
from service.matching.joint.pages_week import WORKDAYS, week_grid
from service.resources.models import Host, Opening
from service.web.call import Call
from service.web.forms import choices_of

Grid = tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]


@dataclass(frozen=True)
class PlacementLine:
    """One placement of the person in a line."""

    id: str
    place: str
    step: str
    said: str


@dataclass(frozen=True)
class StageLine:
    """One stage: how often, since when, and whether it is the one to leave behind."""

    position: int
    title: str
    said: str
    state: str
    is_now: bool
    is_proposed: bool


@dataclass(frozen=True)
class PersonPlacementsView:
    """The page."""

    heading: Heading
    live: tuple[PlacementLine, ...]
    over: tuple[PlacementLine, ...]
    days: tuple[str, ...]
    grid: Grid
    stages: tuple[StageLine, ...]
    form: StageForm
    problem: str
    may_change: bool
    once: str


@dataclass(frozen=True)
class CandidateView:
    """「候補にする」: the pair, how it stands, the form."""

    heading: Heading
    opening_id: str
    host_id: str
    place: str
    standing: Standing
    form: CandidateForm
    problem: str
    once: str


def person_placements_view(
    call: Call, case: SupportCase, person: Person, form: StageForm | None = None, problem: str = ""
) -> PersonPlacementsView:
    """Everything the person has to do with hosts, now and before."""
    today, known = day_in_japan(call.now), ladders(call.session)
    rows = placements_of(call.session, person.id)
    standings = standing_of(live_placements(call.session), person.id)
    times = [(each.opening_id, time) for each in standings for time in each.sessions]
    days = sorted({*WORKDAYS, *(time.weekday for _, time in times if time.weekday is not None)})
    stages = stages_of(call.session, person.id)
    now = current_stage(stages)
    return PersonPlacementsView(
        heading=heading_of(case, person, today),
        live=tuple(_line(call, *row, known[row[0].ladder_version]) for row in rows if row[0].step in LIVE),
        over=tuple(_line(call, *row, known[row[0].ladder_version]) for row in rows if row[0].step not in LIVE),
        days=tuple(WEEKDAYS[day] for day in days),
        grid=tuple(week_grid(load_catalogue(call.session, call.town), times, days)),
        stages=tuple(_stage(each, each is now, is_kept(each, standings, today)) for each in stages),
        form=form or StageForm(),
        problem=problem,
        may_change=may_change(call.actor, case) and EDIT_PLACEMENTS.allows(call.actor),
        once=new_id(),
    )


def candidate_view(
    call: Call,
    case: SupportCase,
    person: Person,
    standing: Standing,
    form: CandidateForm,
    opening_id: str,
    problem: str = "",
) -> CandidateView:
    """The page before a pair becomes a candidate."""
    opening = opening_of(call.session, opening_id)
    host = call.session.get_one(Host, opening.host_id)
    return CandidateView(
        heading_of(case, person, day_in_japan(call.now)), opening.id, host.id,
        "　".join(dict.fromkeys((host.name, opening.title))), standing, form, problem, new_id(),
    )  # fmt: skip


def let_choose_times(form: CandidateForm, opening: Opening) -> None:
    """The weekly slots the opening has, to tick."""
    form.slots.choices = choices_of(
        {slot_key(slot.weekday, slot.start_min): say_slot(slot, slot.free) for slot in opening.slots}
    )


def times_chosen(form: CandidateForm, opening: Opening) -> tuple[SessionTime, ...]:
    """The slots that were ticked, as far as the opening has them."""
    return times_from(form, [(slot, slot.free) for slot in opening.slots])


def _line(call: Call, placement: Placement, host: str, title: str, ladder: Ladder) -> PlacementLine:
    reason = ladder.decline(placement.closing)
    why = f"{SIDES[reason.side]}：{reason.label}" if reason else ENDINGS.get(placement.closing, "")
    since = say_since(placement.since, day_in_japan(call.now))
    return PlacementLine(
        placement.id,
        "　".join(dict.fromkeys((host, title))),
        ladder.label(placement.step),
        "　".join(filter(None, (since, why))),
    )


def _stage(stage: StepUp, is_now: bool, is_held: bool) -> StageLine:
    day = stage.reached_on or stage.from_on
    word = "まで続いた" if stage.reached_on else "から"
    said = "　".join(part for part in (f"{format_wareki_short(day)}{word}" if day else "", stage.note) if part)
    state = "done" if stage.reached_on else "now" if is_now else "next"
    title = f"週{stage.days_per_week}日・{stage.minutes}分"
    return StageLine(stage.position, title, said, state, is_now, is_now and is_held)
