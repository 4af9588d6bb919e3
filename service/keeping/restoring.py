"""Putting a town back: opened beside its place, checked against its slip, and only then put in."""

from __future__ import annotations

import os
import tarfile
import tempfile
from pathlib import Path

from sqlalchemy.engine import make_url

from service.keeping.copying import SQLITE, facts_at, faults_of, is_empty, kind_of, pour_in
from service.keeping.facts import differences
from service.keeping.sealing import unseal
from service.keeping.shelf import Copy
from service.kernel.errors import DomainError
from service.settings import Settings, TownEntry


def restore(copy: Copy, entry: TownEntry, identity: Path) -> None:
    """Fill the town's empty database from a copy; whatever does not fit its slip is refused and leaves the place empty."""
    if copy.code != entry.code:
        raise DomainError(f"これは自治体 {copy.code} の控えです。", f"{entry.name}（{entry.code}）には戻せません。", "town")
    if not is_empty(entry.url):
        raise DomainError(
            f"{entry.name}には、もうデータがあります。",
            "上書きはしません。今のデータベースを別の名前にして（またはほかの場所に移して）から、もう一度動かしてください。",
            "not-empty",
        )
    with tempfile.TemporaryDirectory(prefix="tsunagi-", dir=_beside(entry.url)) as folder:
        plain = Path(folder) / "town"
        unseal(copy.file, plain, identity)
        if kind_of(entry.url) == SQLITE:
            check(copy, f"sqlite:///{plain}")
            os.replace(plain, str(make_url(entry.url).database))
            return
        pour_in(plain, entry.url)
    check(copy, entry.url)


def check(copy: Copy, url: str) -> None:
    """Refuse a database that is not what the slip says, with all that differs."""
    wrong = faults_of(url) or differences(copy.facts, facts_at(url))
    if wrong:
        raise DomainError(
            f"{copy.file.name} の中身が、控え札と合いません。{'。'.join(wrong)}。", "別の控えで試してください。", "not-equal"
        )


def restore_keys(file: Path, settings: Settings, identity: Path) -> list[str]:
    """Put back keys that are missing; answers their names. One that is there is never replaced."""
    with tempfile.TemporaryDirectory(prefix="tsunagi-") as folder:
        plain = Path(folder) / "keys.tar"
        unseal(file, plain, identity)
        with tarfile.open(plain) as tar:
            tar.extractall(folder, filter="data")
        target = settings.data / "keys"
        target.mkdir(mode=0o700, exist_ok=True)
        missing = [each for each in sorted((Path(folder) / "keys").iterdir()) if not (target / each.name).exists()]
        for each in missing:
            kept = target / each.name
            kept.touch(mode=0o600)
            kept.write_bytes(each.read_bytes())
        return [each.name for each in missing]


def _beside(url: str) -> str | None:
    """Where the opened copy lies while it is looked at: on the same disk as its place, so that putting it in is one step."""
    return str(Path(str(make_url(url).database)).parent) if kind_of(url) == SQLITE else None
