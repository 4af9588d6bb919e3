"""What the pages across slices show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from service.accounts.roles import EDIT_CATALOGUE, READ_CASES, READ_FOLLOWUP, SUPERVISOR
from service.cases.access import visible_cases
from service.cases.assessment import answered_core
from service.cases.consent import GUARDIAN, lacks_paper, last_answer, needs_guardian, state_of
from service.cases.models import Household, Person, SupportCase
from service.cases.people import FoundPerson
from service.cases.referrals.pages import InboxLine
from service.desk.process import ProcessView, Todo, process_view
from service.followup.placements.pages_board import BoardCard, next_steps
from service.followup.placements.seeing import unseen_about, unseen_of_hosts
from service.followup.placements.story import say_word
from service.followup.planning.day import Stop, own_outing
from service.followup.tasks.rows import Group, Line, due_groups, escalated
from service.followup.tasks.suggesting import open_suggestions
from service.followup.visits.adjusting import WAITS, Arranged, list_adjustments
from service.followup.visits.models import Adjustment
from service.kernel.dates import format_wareki, say_instant
from service.kernel.db import new_id
from service.oversight.glass import opened_of_mine, stuck_out_of_sight
from service.resources.models import Host, Opening
from service.resources.vocabulary import current_vocabulary
from service.resources.words import AGING_DAYS, STALE_DAYS, freshness_of, say_confirmed
from service.web.actor import Actor, Town

SHOWN = 8
SOON = timedelta(days=7)
ENOUGH_ANSWERS = 0.5


@dataclass(frozen=True)
class StaleOpening:
    """An opening nobody has confirmed lately."""

    id: str
    version: int
    host_id: str
    name: str
    phone: str
    fresh: tuple[str, str]


@dataclass(frozen=True)
class HostSaid:
    """What a host let us know about nobody in particular."""

    id: str
    host_id: str
    host: str
    said: str
    when: str


@dataclass(frozen=True)
class TodayView:
    """今日."""

    due: tuple[Group, ...]
    """The actor's own follow-ups: overdue, today's, the coming week's, and those without a day."""
    leave: tuple[str, str]
    """When to leave the office today, and what that is reckoned with; both empty where it cannot be told."""
    stops: Mapping[str, Stop]
    """By follow-up, what the sheet of today tells of it."""
    escalated: tuple[Line, ...]
    """For supervisors: what is stuck."""
    steps: tuple[BoardCard, ...]
    """Placements of one's own that wait for a step, each with the step."""
    steps_total: int
    suggestions: tuple[tuple[str, str, str, str], ...]
    """What the machine would do: id, person's address, name, why."""
    once: str
    consents: tuple[Todo, ...]
    assessments: tuple[Todo, ...]
    words: tuple[Todo, ...]
    host_words: tuple[HostSaid, ...]
    adjustments: tuple[Todo, ...]
    """What is to be arranged for people of one's own: late, or due within the coming week."""
    stale: tuple[StaleOpening, ...]
    stale_total: int
    aging_total: int
    process: ProcessView
    """The way of the cases: sheets, reports, meetings, what was undertaken."""
    may_confirm: bool
    reads_cases: bool
    opened: tuple[Todo, ...]
    """Cases of one's own that a supervisor has opened in an emergency of late."""
    supervises: bool
    """Whether the log and emergency openings are led to from here."""
    stuck_out_of_sight: int
    """For supervisors: cases with something stuck that they may not read."""


@dataclass(frozen=True)
class FoundView:
    """さがした結果."""

    typed: str
    people: tuple[FoundPerson, ...] | None
    """None for those who read no case."""
    sheets: tuple[InboxLine, ...] | None
    """The sheets, for those who follow a case without reading it; None for everybody else."""
    hosts: tuple[tuple[str, str], ...]


def today_view(session: Session, town: Town, actor: Actor, today: date) -> TodayView:
    """What waits for this person: consents, half-done assessments, and openings gone stale."""
    supervises = SUPERVISOR in actor.roles
    follows = READ_FOLLOWUP.allows(actor) and not supervises
    # Before the people: reading a follow-up reads its person anew, without what is asked of people below.
    due = due_groups(session, town, actor, today, mine=True) if follows else ()
    outing = own_outing(session, town, actor, today) if follows else None
    stuck = escalated(session, town, actor, today) if supervises else ()
    steps, steps_total = next_steps(session, town, actor, today) if follows else ((), 0)
    waiting = open_suggestions(session, town, actor) if follows else ()
    arranged = _due_adjustments(session, town, actor, today) if follows else ()
    people = _own_people(session, town, actor) if READ_CASES.allows(actor) else []
    stale, stale_total, aging_total = _stale_openings(session, today)
    return TodayView(
        due=due,
        leave=outing.leave if outing else ("", ""),
        stops={stop.id: stop for stop in outing.stops} if outing else {},
        escalated=stuck,
        steps=steps,
        steps_total=steps_total,
        suggestions=tuple((each.row.id, each.person.id, each.person.name, each.row.why) for each in waiting),
        once=new_id(),
        consents=tuple(todo for person in people for todo in _consents(person, today)),
        assessments=_assessments(session, people),
        words=_words(session, people),
        host_words=_host_words(session, actor),
        adjustments=arranged,
        stale=stale,
        stale_total=stale_total,
        aging_total=aging_total,
        process=process_view(session, town, actor, today),
        may_confirm=EDIT_CATALOGUE.allows(actor),
        reads_cases=READ_CASES.allows(actor),
        opened=_opened(session, actor, today),
        supervises=supervises,
        stuck_out_of_sight=len(stuck_out_of_sight(session, town, actor)) if supervises else 0,
    )


def _own_people(session: Session, town: Town, actor: Actor) -> list[Person]:
    query = (
        visible_cases(town, actor)
        .where(SupportCase.assigned_id == actor.id, SupportCase.status != "closed")
        .options(
            joinedload(SupportCase.household)
            .selectinload(Household.people)
            .options(selectinload(Person.consents), selectinload(Person.needs))
        )
        .order_by(SupportCase.number)
    )
    return [p for case in session.scalars(query) for p in case.household.people if p.principal]


def _opened(session: Session, actor: Actor, today: date) -> tuple[Todo, ...]:
    """Cases of one's own that a supervisor has opened in an emergency of late."""
    return tuple(
        Todo(
            number,
            f"{row.opened_by}が {say_instant(row.opened_at)}に開きました：{row.reason}",
            "見た人",
            f"/people/{person_id}/seen",
        )
        for row, number, person_id in opened_of_mine(session, actor, today)
    )


def _consents(person: Person, today: date) -> list[Todo]:
    here, state, last = f"/people/{person.id}/consents", state_of(person.consents, today), last_answer(person.consents)
    found = []
    # The address names a field inside the folded form: a browser unfolds what it is led to.
    if state in ("not_asked", "asked"):
        found.append(Todo(f"{person.name} さん", "利用申込みの同意がまだです", "同意を記録", f"{here}#scope"))
    elif state == "expired":
        found.append(Todo(f"{person.name} さん", "利用申込みの同意の期限が過ぎました", "同意を記録", f"{here}#scope"))
    elif lacks_paper(last):
        found.append(Todo(f"{person.name} さん", "口頭の同意です。書面がまだです", "書面を記録", here))
    if needs_guardian(person, today) and state_of(person.consents, today, GUARDIAN) in ("not_asked", "asked", "expired"):
        found.append(Todo(f"{person.name} さん", "18歳未満のため、保護者の同意も要ります", "同意を記録", f"{here}#scope"))
    return found


def _assessments(session: Session, people: list[Person]) -> tuple[Todo, ...]:
    vocabulary = current_vocabulary(session) if people else None
    found = []
    for person in people:
        answered, total = answered_core(vocabulary, person.needs) if vocabulary else (0, 0)
        if answered < total * ENOUGH_ANSWERS:
            note = f"{total}問のうち{answered}問に回答"
            found.append(Todo(f"{person.name} さん", note, "続きを聞く", f"/people/{person.id}/assessment"))
    return tuple(found)


def _words(session: Session, people: list[Person]) -> tuple[Todo, ...]:
    """What hosts let us know about people of one's own and nobody has read yet; the newest last."""
    names = {person.id: person.name for person in people}
    return tuple(
        Todo(f"{names[person_id]} さん", say_word(word), "見る", f"/placements/{word.placement_id}")
        for word, person_id in unseen_about(session, names)
    )


def _host_words(session: Session, actor: Actor) -> tuple[HostSaid, ...]:
    """What hosts let us know about nobody in particular and nobody has read yet; the newest last."""
    return tuple(
        HostSaid(word.id, host.id, host.name, say_word(word), f"{say_instant(word.at)}　{word.by}")
        for word, host in unseen_of_hosts(session, actor)
    )


def _due_adjustments(session: Session, town: Town, actor: Actor, today: date) -> tuple[Todo, ...]:
    """What one has to see to being arranged, late ones first."""
    due = (Adjustment.state == WAITS, Adjustment.until_on <= today + SOON, SupportCase.assigned_id == actor.id)
    return tuple(_to_arrange(each, today) for each in list_adjustments(session, town, actor, *due))


def _to_arrange(each: Arranged, today: date) -> Todo:
    late = each.days_overdue(today)
    when = f"{format_wareki(each.row.until_on)}まで" + (f"（{late}日超過）" if late else "")
    text = f"{each.person.name} さん　{each.row.what}"
    return Todo(text, f"{when}　{each.row.who}　{each.host.name}", "どうなったかを書く", f"/adjustments/{each.row.id}")


def _stale_openings(session: Session, today: date) -> tuple[tuple[StaleOpening, ...], int, int]:
    open_now = Opening.status.in_(("open", "limited")) & Host.status.in_(("active", "assessed"))
    old = or_(Opening.confirmed_on.is_(None), Opening.confirmed_on < today - timedelta(days=STALE_DAYS))
    base = select(Opening, Host).join(Host, Opening.host_id == Host.id).where(open_now, old)
    rows = session.execute(
        base.order_by(Opening.confirmed_on.is_(None), Opening.confirmed_on, Opening.id).limit(SHOWN)
    ).all()
    aging = or_(Opening.confirmed_on.is_(None), Opening.confirmed_on < today - timedelta(days=AGING_DAYS))
    count = select(func.count()).select_from(Opening).join(Host, Opening.host_id == Host.id)
    stale_total = session.scalar(count.where(open_now, old)) or 0
    aging_total = (session.scalar(count.where(open_now, aging)) or 0) - stale_total
    return tuple(_stale(opening, host, today) for opening, host in rows), stale_total, aging_total


def _stale(opening: Opening, host: Host, today: date) -> StaleOpening:
    name = host.name if opening.title == host.name else f"{host.name}（{opening.title}）"
    fresh = (freshness_of(opening.confirmed_on, today), say_confirmed(opening.confirmed_on, today))
    return StaleOpening(opening.id, opening.version, host.id, name, host.phone, fresh)
