"""Taking a sealed copy of a town, when anything was written since the last one."""

from __future__ import annotations

import tarfile
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine

from service.keeping.copying import ENDINGS, copy_out, kind_of
from service.keeping.facts import Head, head_of
from service.keeping.sealing import seal
from service.keeping.shelf import Copy, copies_on, digest_of, name_of, thin_out, write_slip
from service.settings import Settings, TownEntry

KEYS_ENDING = ".keys.age"


def take_copy(entry: TownEntry, shelf: Path, recipients: list[Any], now: datetime) -> Copy | None:
    """A copy on the shelf; None when the newest one there is still of today's state. The plain file never reaches the shelf."""
    earlier = copies_on(shelf, entry.code)
    if earlier and earlier[-1].facts.head == head_now(entry.url):
        return None
    shelf.mkdir(parents=True, exist_ok=True)
    ending = ENDINGS[kind_of(entry.url)]
    with tempfile.TemporaryDirectory(prefix="tsunagi-") as folder:
        plain = Path(folder) / f"town{ending}"
        facts = copy_out(entry.url, plain)
        sealed = shelf / name_of(entry.code, now, ending)
        seal(plain, sealed, recipients)
    copy = Copy(sealed, entry.code, now, facts, digest_of(sealed))
    write_slip(copy)
    thin_out(shelf, entry.code, now)
    return copy


def head_now(url: str) -> Head:
    """Where a town's log ends at this moment."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return head_of(connection)
    finally:
        engine.dispose()


def take_keys(settings: Settings, file: Path, recipients: list[Any]) -> None:
    """All keys of this installation, sealed into one file — to lie elsewhere than the copies."""
    with tempfile.TemporaryDirectory(prefix="tsunagi-") as folder:
        plain = Path(folder) / "keys.tar"
        with tarfile.open(plain, "w") as tar:
            tar.add(settings.data / "keys", "keys")
        seal(plain, file, recipients)
