"""資源開発: what is undertaken about an unmet need, and how the need's own status follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError, NotFound
from service.resources.agencies.models import ResourceDevelopment
from service.resources.catalogue import Search, search_hosts
from service.resources.gaps import DEVELOPING, ENDED, OPEN, RESOLVED, close_gap, read_gap
from service.resources.models import Host, Opening, ResourceGap
from service.web.actor import Actor

UNDER_WAY, WON, NOT_NOW, GIVEN_UP = "open", "won", "not_now", "given_up"
RESULTS: Final[Mapping[str, str]] = {WON: "場所ができた", NOT_NOW: "いまは難しい", GIVEN_UP: "取りやめた"}
STATES: Final[Mapping[str, str]] = {UNDER_WAY: "進めている", **RESULTS}
MOST_FOUND: Final = 20
LATEST: Final = date.max


@dataclass(frozen=True)
class Undertaking:
    """What somebody will do, with whom, and until when."""

    what: str
    who: str
    with_whom: str
    until_on: date | None


@dataclass(frozen=True)
class Outcome:
    """How it ended; `opening_id` is the place that came of it."""

    state: str
    result: str
    opening_id: str = ""


def undertake(session: Session, actor: Actor, gap: ResourceGap, said: Undertaking, now: datetime) -> ResourceDevelopment:
    """Somebody takes it up; DomainError when the need has been put aside."""
    if gap.status in ENDED:
        raise DomainError(
            "この不足は、もう終えています。", "もう一度取り組むときは、先に「検討に戻す」を押してください。", "gap-ended"
        )
    row = ResourceDevelopment(gap_id=gap.id, made_at=now, made_by=actor.label, **vars(said))
    session.add(row)
    session.flush()
    follow(session, gap, day_in_japan(now))
    return row


def end_development(session: Session, row: ResourceDevelopment, version: int, outcome: Outcome, today: date) -> ResourceGap:
    """Say how it ended; the place that was won is an opening of the catalogue, or nothing was won. Answers the need."""
    row.expect(version)
    if row.state != UNDER_WAY:
        raise DomainError("もう結果が書かれています。", "一覧で、結果を確かめてください。", "development-ended")
    is_won = outcome.state == WON
    if is_won and session.get(Opening, outcome.opening_id) is None:
        raise DomainError(
            "できた枠が選ばれていません。",
            "受け入れ先の名前でさがして、枠を選んでください。まだ登録していないときは、先に受け入れ先に登録します。",
            "development-opening",
            422,
        )
    row.state, row.result, row.ended_on = outcome.state, outcome.result, today
    row.opening_id = outcome.opening_id if is_won else None
    session.flush()
    gap = read_gap(session, row.gap_id)
    follow(session, gap, today)
    return gap


def follow(session: Session, gap: ResourceGap, today: date) -> None:
    """While something is under way it is 資源開発中; then a place was won, or it waits for a meeting again."""
    states = {row.state for row in developments_of(session, [gap.id]).get(gap.id, ())}
    status = DEVELOPING if UNDER_WAY in states else RESOLVED if WON in states else OPEN
    if gap.status != status:
        gap.status = status
        gap.ended_on = today if status == RESOLVED else None


def put_aside(session: Session, gap: ResourceGap, version: int, reason: str, today: date) -> None:
    """Close a need with its reason; DomainError while somebody is still at it, or without a reason."""
    if any(row.state == UNDER_WAY for row in developments_of(session, [gap.id]).get(gap.id, ())):
        raise DomainError("まだ進めている資源開発があります。", "先に、それぞれの結果を書いてください。", "gap-under-way")
    close_gap(gap, version, reason, today)


def developments_of(session: Session, gap_ids: Sequence[str]) -> dict[str, list[ResourceDevelopment]]:
    """What is and was undertaken about some needs: what is under way first, by the day it is due."""
    query = select(ResourceDevelopment).where(ResourceDevelopment.gap_id.in_(gap_ids))
    found: dict[str, list[ResourceDevelopment]] = {}
    for row in sorted(session.scalars(query), key=_order):
        found.setdefault(row.gap_id, []).append(row)
    return found


def _order(row: ResourceDevelopment) -> tuple[bool, date, datetime, str]:
    return row.state != UNDER_WAY, row.until_on or LATEST, row.made_at, row.id


def read_development(session: Session, gap_id: str, development_id: str) -> ResourceDevelopment:
    """One undertaking of this need; any other is NotFound."""
    row = session.get(ResourceDevelopment, development_id)
    if row is None or row.gap_id != gap_id:
        raise NotFound()
    return row


def is_overdue(row: ResourceDevelopment, today: date) -> bool:
    """Whether it is still under way after its day."""
    return row.state == UNDER_WAY and row.until_on is not None and row.until_on < today


def due_of(session: Session, name: str, today: date) -> Sequence[ResourceDevelopment]:
    """What somebody has undertaken in their own name and is due, the longest overdue first."""
    query = select(ResourceDevelopment).where(
        ResourceDevelopment.state == UNDER_WAY, ResourceDevelopment.who == name, ResourceDevelopment.until_on <= today
    )
    return session.scalars(query.order_by(ResourceDevelopment.until_on, ResourceDevelopment.id)).all()


def openings_named(session: Session, typed: str, today: date) -> list[tuple[str, str]]:
    """Openings of the hosts that a word finds: id, and host with opening in words."""
    if not typed.strip() or Search(q=typed).is_too_short:
        return []
    hosts = search_hosts(session, Search(q=typed), 1, today).hosts
    rows = [(opening.id, _say(host, opening)) for host in hosts for opening in host.openings if opening.status != "ended"]
    return rows[:MOST_FOUND]


def won_places(session: Session, rows: Sequence[ResourceDevelopment]) -> dict[str, tuple[str, str]]:
    """For each opening that was won: its host's id, and host with opening in words."""
    ids = [row.opening_id for row in rows if row.opening_id]
    query = (
        select(Host)
        .join(Opening, Opening.host_id == Host.id)
        .where(Opening.id.in_(ids))
        .options(selectinload(Host.openings))
    )
    return {
        opening.id: (host.id, _say(host, opening))
        for host in session.scalars(query).unique() for opening in host.openings if opening.id in ids
    }  # fmt: skip


def _say(host: Host, opening: Opening) -> str:
    return host.name if opening.title == host.name else f"{host.name}　{opening.title}"
