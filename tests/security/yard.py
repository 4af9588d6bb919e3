"""Where each random program gets a town of its own, and who lives in it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from service.cases.sharing import ITEMS
from service.kernel.audit import Signature
from service.resources.models import HostAssessment, OpeningSlot
from service.settings import Settings
from tests.cast import NOW, TODAY, add_host, hire_staff, open_case
from tests.towns import Ground

PEOPLE, PLACES = ("甲", "乙", "丙"), ("海", "山")
FREE = {"海": 2, "山": 1}
SAYABLE = sorted(ITEMS.keys() - {"conditions"})


class PowerCut(Exception):
    """The machine stops in the middle of a transaction."""


@dataclass
class Yard:
    """Where each program gets a town of its own, furnished once and then copied; what all of them reached is counted."""

    ground: Ground
    ready: Path
    ids: dict[str, str]
    reached: Counter[str] = field(default_factory=Counter)


@contextmanager
def furnished_yard(ground: Ground, migrated: Path, folder: Path) -> Iterator[Yard]:
    """Three people whose facts are words of their own, and two hosts of two places and one."""
    with ground.copied(migrated, folder) as settings:
        yield Yard(ground, folder, _furnish(settings))


def _furnish(settings: Settings) -> dict[str, str]:
    town = settings.open_town(settings.entry())
    with town.database.write(signature=Signature("-", "準備", NOW, town.key)) as session:
        ids = hire_staff(session)
        for name in PLACES:
            host, opening = add_host(session, name)
            opening.free = FREE[name]
            if name == "海":
                monday = select(OpeningSlot).where(OpeningSlot.opening_id == opening.id, OpeningSlot.weekday == 0)
                session.scalars(monday).one().free = 1
            session.add(HostAssessment(host_id=host.id, assessed_on=TODAY, author="青木", facts={}))
            ids |= {name: host.id, f"{name}の枠": opening.id}
        for name in PEOPLE:
            person = open_case(session, ids["青木"], f"{name}の名", consent=False)
            person.kana, person.phone, person.contact_note = f"{name}のよみ", f"{name}の電話", f"{name}の緊急"
            ids[name] = person.id
    town.database.close()
    return ids
