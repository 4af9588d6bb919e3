"""Writing down what was seen and heard: the record, the talk with both sides it stands for, and what is to be arranged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.models import Person, SupportCase
from service.cases.placements import ATTENDING
from service.followup.placements.contacting import HOST_SAYS, PERSON_SAYS, Contact, keep_contact
from service.followup.tasks.doing import finish
from service.followup.tasks.models import DONE
from service.followup.tasks.reading import Known
from service.followup.tasks.suggesting import look, look_after_closing
from service.followup.visits.models import CONNECTED, STATES, Adjustment, Visit
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError
from service.web.actor import Actor

FACE_NUMBERS = range(1, 6)


@dataclass(frozen=True)
class Arrangement:
    """Something to be arranged: what, by whom, until when."""

    what: str
    who: str
    until_on: date


@dataclass(frozen=True)
class Record:
    """What was seen and heard on a day; what was not asked stays empty."""

    client_id: str
    done_on: date
    met_person: bool
    met_host: bool
    times_planned: int | None = None
    times_attended: int | None = None
    person_face: int | None = None
    person_says: str = ""
    wish: str = ""
    host_face: int | None = None
    host_says: str = ""
    host_worry: str = ""
    state: str = ""
    connected: str = ""
    next_on: date | None = None
    note: str = ""
    arrangement: Arrangement | None = None


def record_visit(session: Session, actor: Actor, known: Known, record: Record, now: datetime) -> Visit:
    """Keep the record and end the follow-up; the same number of a phone is kept once, another record stands beside."""
    if earlier := kept_before(session, record.client_id):
        return earlier
    _check(record, day_in_japan(now))
    beside = _earlier_record(session, known) if known.row.state == DONE else None
    visit = _visit(known, actor, record, now)
    visit.follow_up_id, visit.kind = known.row.id, known.row.kind
    visit.beside_id = beside.id if beside else None
    session.add(visit)
    if known.row.state != DONE:
        finish(known, record.done_on, now)
    _keep_both_sides(session, actor, known, visit, record, now)
    session.flush()
    if known.placement is not None:
        look(session, known.placement, now)
    elif visit.connected:
        look_after_closing(session, visit, now)
    return visit


def correct_visit(session: Session, actor: Actor, visit: Visit, version: int, record: Record, now: datetime) -> Visit:
    """A new record in place of another; the one before stays and says what was thought then."""
    if earlier := kept_before(session, record.client_id):
        return earlier
    visit.expect(version)
    _check(record, day_in_japan(now))
    corrected = Visit(
        **_values(record), follow_up_id=visit.follow_up_id, case_id=visit.case_id, person_id=visit.person_id,
        placement_id=visit.placement_id, kind=visit.kind, replaces_id=visit.id, recorded_at=now, recorded_by=actor.label,
        recorded_by_id=actor.id,
    )  # fmt: skip
    session.add(corrected)
    session.flush()
    return corrected


def kept_before(session: Session, client_id: str) -> Visit | None:
    """The record a phone has sent already under this number."""
    return session.scalars(select(Visit).where(Visit.client_id == client_id)).first()


def _visit(known: Known, actor: Actor, record: Record, now: datetime) -> Visit:
    case: SupportCase = known.case
    person: Person = known.person
    return Visit(
        **_values(record), case_id=case.id, person_id=person.id, placement_id=known.row.placement_id, recorded_at=now,
        recorded_by=actor.label, recorded_by_id=actor.id,
    )  # fmt: skip


def _values(record: Record) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name != "arrangement"}


def _earlier_record(session: Session, known: Known) -> Visit | None:
    query = select(Visit).where(Visit.follow_up_id == known.row.id).order_by(Visit.recorded_at.desc(), Visit.id)
    return session.scalars(query).first()


def _keep_both_sides(session: Session, actor: Actor, known: Known, visit: Visit, record: Record, now: datetime) -> None:
    """Where both have spoken, it is the talk the ladder counts; a worry or something to arrange is an open problem."""
    placement = known.placement
    if placement is None:
        return
    if record.person_says and record.host_says and placement.step in ATTENDING:
        open_problem = record.state == "unstable" or bool(record.host_worry) or record.arrangement is not None
        contact = Contact(
            record.done_on, record.person_says, record.host_says, open_problem, record.person_face, record.host_face,
            note=record.note, adjustment=record.arrangement.what if record.arrangement else "",
        )  # fmt: skip
        visit.contact_id = keep_contact(session, actor, placement, contact, now).id
    if record.arrangement is not None:
        session.flush()
        session.add(
            Adjustment(
                placement_id=placement.id, visit_id=visit.id, made_at=now, made_by=actor.label, **vars(record.arrangement)
            )
        )


def _check(record: Record, today: date) -> None:
    if not (record.met_person or record.met_host):
        raise DomainError(
            "だれにも会えていません。", "会えなかったときは「会えなかった」から記録してください。", "nobody", 422
        )
    if record.done_on > today:
        raise DomainError("まだ来ていない日は記録できません。", "実際に行った日を入れてください。", "done-on", 422)
    if record.met_person and not (record.person_says or record.connected):
        raise DomainError(
            "本人のことばが選ばれていません。", "「続けたい・迷う・やめたい」から選んでください。", "person-says", 422
        )
    if record.met_host and not record.host_says:
        raise DomainError(
            "受け入れ先の答えが選ばれていません。", "「続けられる・迷う・難しい」から選んでください。", "host-says", 422
        )
    for value, known in (
        (record.person_says, PERSON_SAYS),
        (record.host_says, HOST_SAYS),
        (record.state, STATES),
        (record.connected, CONNECTED),
    ):
        if value and value not in known:
            raise DomainError("選んだ答えを読めませんでした。", "もう一度選んでください。", "choice", 422)
    if any(face is not None and face not in FACE_NUMBERS for face in (record.person_face, record.host_face)):
        raise DomainError("顔の印を読めませんでした。", "五つの顔から選んでください。", "face", 422)


def records_of(session: Session, follow_up_id: str) -> Sequence[Visit]:
    """The records of one follow-up, the newest first; corrected ones are among them."""
    query = select(Visit).where(Visit.follow_up_id == follow_up_id)
    return session.scalars(query.order_by(Visit.recorded_at.desc(), Visit.id)).all()
