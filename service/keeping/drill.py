"""The rehearsal: the newest copy is put back in an empty place, and has to be the town it was taken of."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from service.keeping.restoring import restore
from service.keeping.shelf import Copy
from service.kernel.audit import verify_chain
from service.kernel.errors import DomainError
from service.migrations import migrate
from service.settings import Settings, TownEntry, read_settings


@dataclass(frozen=True)
class Rehearsed:
    """A town put back for a moment, and how long that took."""

    settings: Settings
    rows: int
    seconds: float


@contextmanager
def rehearse(
    settings: Settings, entry: TownEntry, copy: Copy, identity: Path, url: str | None = None
) -> Iterator[Rehearsed]:
    """The town as it comes back from a copy, in a folder that is gone afterwards; `url` is an empty PostgreSQL database to use.

    Raises DomainError where the copy is damaged, differs from its slip, or its log does not hold together.
    """
    if not copy.is_whole():
        raise DomainError(f"{copy.file.name} は、書いたときのものと違います。", "別の控えで試してください。", "damaged")
    began = monotonic()
    with tempfile.TemporaryDirectory(prefix="tsunagi-drill-") as name:
        there = _empty_place(settings, entry, Path(name), url)
        restore(copy, there.entry(), identity)
        migrate(there.entry().url)
        _verify(there)
        yield Rehearsed(there, sum(copy.facts.rows.values()), monotonic() - began)


def _empty_place(settings: Settings, entry: TownEntry, folder: Path, url: str | None) -> Settings:
    shutil.copytree(settings.data / "keys", folder / "keys")
    row = {"code": entry.code, "name": entry.name, "case_access": entry.case_access} | ({"url": url} if url else {})
    # A text of TOML is written as one of JSON.
    lines = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in row.items())
    (folder / "towns.toml").write_text(f"[[town]]\n{lines}", "utf-8")
    return read_settings(folder)


def _verify(there: Settings) -> None:
    town = there.open_town(there.entry())
    with closing(town.database), town.database.read() as session:
        broken = verify_chain(session, town.key)
    if broken is not None:
        raise DomainError(
            f"戻した記録は、{broken}番目からつながりが合いません。",
            "鍵の控えが、このデータのものか確かめてください。",
            "chain",
        )
