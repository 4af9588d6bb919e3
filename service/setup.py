"""Making a town ready: its schema, its vocabulary, and — for a look around — the fictional 汐見市."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.kernel.audit import Signature
from service.kernel.clock import now_utc
from service.migrations import migrate
from service.resources.models import Host
from service.resources.vocabulary import store_seed_vocabulary
from service.settings import Settings, TownEntry
from service.web.actor import Actor, Town

MACHINE = Actor(id="-", label="（コマンド）", roles=frozenset())


def set_up_town(settings: Settings, entry: TownEntry, *, demo: bool) -> Iterator[str]:
    """Migrate, store the vocabulary, and fill an empty town with the demo; says what was done, line by line."""
    town = open_ready(settings, entry)
    yield f"{entry.name}（{entry.code}）のデータベースは最新です。"
    if demo:
        with town.database.write(signature=signature(town, now_utc())) as session:
            if _is_empty(session):
                from seed.load_demo import load_demo

                yield load_demo(session, now_utc())
    town.database.close()


def ready_town(settings: Settings, code: str | None) -> Town:
    """The town a command works on, migrated and with its vocabulary."""
    return open_ready(settings, settings.entry(code))


def open_ready(settings: Settings, entry: TownEntry) -> Town:
    """Migrate and open; the vocabulary of the seed is stored where there is none."""
    migrate(entry.url)
    town = settings.open_town(entry)
    now = now_utc()
    with town.database.write(signature=signature(town, now)) as session:
        store_seed_vocabulary(session, now)
    return town


def signature(town: Town, at: datetime) -> Signature:
    """The mark of the command line in the audit log."""
    return Signature(MACHINE.id, MACHINE.label, at, town.key)


def _is_empty(session: Session) -> bool:
    return (
        session.scalars(select(Host.id).limit(1)).first() is None and not session.scalars(select(User.id).limit(1)).first()
    )
