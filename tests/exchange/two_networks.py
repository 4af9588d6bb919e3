"""One town on two networks: the staff's with its cases, the hosts' with nothing but what a file brought."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from service.app import build_app
from service.followup.exchange.exchanging import Taken, export_file, import_file
from service.kernel.audit import Signature
from service.setup import MACHINE
from service.web.actor import Town
from tests.cast import NOW, World
from tests.towns import Ground

KEY = b"the two sides share this key 123"


@dataclass
class Side:
    """One network's town, and its clock."""

    world: World
    town: Town

    @contextmanager
    def writing(self, at: datetime, by: str = "店主") -> Iterator[Session]:
        """A signed transaction of somebody of this side at a moment."""
        signature = Signature("-", by, at, self.town.key)
        with self.town.database.write(signature=signature) as session:
            yield session

    def export(self, to: str, at: datetime) -> bytes:
        """The file for the other side."""
        with self.writing(at, MACHINE.label) as session:
            return export_file(session, self.town, MACHINE, to, at)

    def take(self, content: bytes, at: datetime) -> Taken:
        """Read a file of the other side in."""
        with self.writing(at, MACHINE.label) as session:
            return import_file(session, self.town, MACHINE, content, at)


@dataclass
class Networks:
    """Both sides, on clocks that never stand still."""

    staff: Side
    hosts: Side
    now: datetime = NOW

    def tick(self) -> datetime:
        """A little later."""
        self.now += timedelta(minutes=1)
        return self.now

    def to_hosts(self) -> Taken:
        """A file from the staff to the hosts, taken in."""
        return self.hosts.take(self.staff.export("host", self.tick()), self.tick())

    def to_staff(self) -> Taken:
        """A file from the hosts to the staff, taken in."""
        return self.staff.take(self.hosts.export("staff", self.tick()), self.tick())


def side_of(world: World) -> Side:
    """A town that holds the key."""
    return Side(world, replace(world.town, exchange_key=KEY))


@contextmanager
def empty_network(ground: Ground, migrated: Path, folder: Path) -> Iterator[World]:
    """The hosts' network on its first day."""
    with ground.copied(migrated, folder) as settings:
        app = build_app(settings, face="host")
        world = World(settings, next(iter(app.state.towns.values())), app)
        yield world
        world.close()


def as_text(rows: Any) -> str:
    """Bytes of a file as letters."""
    return rows.decode() if isinstance(rows, bytes) else str(rows)
