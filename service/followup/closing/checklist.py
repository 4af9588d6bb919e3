"""終結の条件: what must be there before a case is closed, each with what it rests on, all that is missing at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service.cases.models import Person, Placement, SupportCase
from service.cases.placements import LIVE
from service.cases.plans.reading import ACTIVE, AGREED, plans_of
from service.followup.placements.gathering import check_ins_of, contacts_of
from service.followup.placements.guards import Facts, held_for_a_while
from service.followup.placements.ladder import ATTENDING
from service.followup.placements.ladders import ladder_at
from service.kernel.dates import format_wareki_short
from service.kernel.errors import Missing, Refused
from service.resources.models import Host, Opening

MAY_CLOSE: Final = frozenset({"assessing", "planning", "in_review", "plan_agreed", "supporting", "suspended"})
"""Where a case can stand while somebody attends: until plan and meeting are kept, the assessment is as far as it says."""
Mark = Literal["o", "q", "x"]


@dataclass(frozen=True)
class Ground:
    """One condition the machine looks at: its mark, what it rests on, and what is missing."""

    label: str
    mark: Mark
    said: str
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True)
class Bond:
    """A placement that has not ended, with its place in words."""

    placement: Placement
    place: str

    @property
    def is_attended(self) -> bool:
        """Whether the person goes there."""
        return self.placement.step in ATTENDING


class ClosingRefused(Refused):
    """A closing that cannot be yet, with everything that is missing."""

    area = "closing"


def bonds_of(session: Session, people: Sequence[str]) -> list[Bond]:
    """The placements of these people, whom the filter has given, that have not ended."""
    query = (
        select(Placement, Host.name, Opening.title)
        .join(Opening, Placement.opening_id == Opening.id)
        .join(Host, Opening.host_id == Host.id)
        .where(Placement.person_id.in_(people), Placement.step.in_(LIVE))
        .options(selectinload(Placement.sessions))
        .order_by(Placement.since, Placement.id)
    )
    return [Bond(row, "　".join(dict.fromkeys((host, title)))) for row, host, title in session.execute(query)]


def is_coordination_alone(session: Session, case: SupportCase) -> bool:
    """Whether the case is 多機関協働 without 参加支援: its plans say so, and nobody of it is at a place or on the way to one.

    Then what ends it is order among the agencies, not a tie to a place (domain.md §4.6).
    """
    kinds = {plan.kind for plan in plans_of(session, case.id) if plan.status in (AGREED, ACTIVE)}
    return kinds == {"coordination"} and not bonds_of(session, [each.id for each in case.household.people])


def grounds_of(session: Session, case: SupportCase, person: Person) -> tuple[Ground, ...]:
    """What the machine can see for itself of the conditions."""
    if is_coordination_alone(session, case):
        return (_flow(case),)
    own = bonds_of(session, [person.id])
    others = bonds_of(session, [each.id for each in case.household.people if each.id != person.id])
    return (_flow(case), _tied(own), _stable(session, own), *_open_ways(own), *_others(others))


def missing_of(grounds: Sequence[Ground]) -> Iterator[Missing]:
    """All that is missing of them."""
    return (missing for ground in grounds for missing in ground.missing)


def _flow(case: SupportCase) -> Ground:
    if case.status in MAY_CLOSE:
        return Ground("ケースの段階", "o", "終結できる段階です")
    return Ground(
        "ケースの段階", "x", "まだ支援に入っていません",
        (Missing("status", "支援に入る前のケースは終結できません。", "いまの段階を確かめてください。"),),
    )  # fmt: skip


def _tied(own: Sequence[Bond]) -> Ground:
    places = [bond.place for bond in own if bond.is_attended]
    if places:
        return Ground("資源とつながっている", "o", "・".join(places))
    missing = Missing("tied", "いま通っている受け入れ先がありません。", "利用開始を記録してから、終結に進んでください。")
    return Ground("資源とつながっている", "x", "通っている所がありません", (missing,))


def _stable(session: Session, own: Sequence[Bond]) -> Ground:
    """The ladder's own guard, asked again now, for every place the person goes to."""
    said, missing = [], []
    for bond in (each for each in own if each.is_attended):
        contacts = contacts_of(session, bond.placement.id)
        facts = Facts(check_ins=check_ins_of(contacts))
        missing += list(held_for_a_while(facts, ladder_at(session, bond.placement.ladder_version)))
        days = "・".join(format_wareki_short(row.done_on) for row in contacts[-2:])
        said.append(f"{bond.place}：{f'確認 {days}' if days else '確認の記録がありません'}")
    mark: Mark = "q" if not said else "x" if missing else "o"
    return Ground("関係が安定している", mark, "　".join(said) or "通っている所がないため、確かめられません", tuple(missing))


def _open_ways(own: Sequence[Bond]) -> Iterator[Ground]:
    waiting = [bond.place for bond in own if not bond.is_attended]
    if waiting:
        missing = Missing(
            "waiting",
            "打診・紹介の途中か、お休み中のものがあります。",
            "見送り・終わりにするか、再開してから終結してください。",
        )
        yield Ground("途中の打診・紹介", "x", "・".join(waiting), (missing,))


def _others(others: Sequence[Bond]) -> Iterator[Ground]:
    if others:
        missing = Missing(
            "household", "世帯のほかの人の利用・紹介が続いています。", "その人の分を終えてから、ケースを終結してください。"
        )
        yield Ground("世帯のほかの人", "x", "・".join(bond.place for bond in others), (missing,))
