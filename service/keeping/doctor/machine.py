"""The machine and its settings: room on the disk, who may read the keys, the clock, the towns of the file."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.keeping.doctor.finding import Finding
from service.kernel.audit import AuditEntry
from service.settings import Settings

LEAST_FREE: Final = 1_000_000_000
"""Bytes of the data folder's disk: some weeks of a town, and a copy of it."""
SKEW: Final = timedelta(minutes=5)


def look_at_machine(settings: Settings) -> Iterator[Finding]:
    """Everything that is the same for every town."""
    free = shutil.disk_usage(settings.data).free
    if free < LEAST_FREE:
        yield Finding(
            "disk",
            f"データの置き場所の空きが{free / 1e9:.1f}GBしかありません。",
            "古いファイルを移し、1GBより多く空けてください。",
        )
    yield from _open_to_others(settings.data)
    yield from _towns(settings)


def look_at_clock(session: Session, now: datetime) -> Iterator[Finding]:
    """Whether the log was written later than now: then one of two clocks is wrong."""
    newest = session.scalar(select(func.max(AuditEntry.at)))
    if newest is not None and newest > now + SKEW:
        yield Finding("clock", "操作の記録に、いまより先の時刻があります。", "この機械の時計（NTP）を確かめてください。")


def _open_to_others(data: Path) -> Iterator[Finding]:
    keys = data / "keys"
    for path in (data, keys, *sorted(keys.glob("*"))):
        if path.exists() and path.stat().st_mode & 0o077:
            yield Finding(
                "rights",
                f"{path.name} を、ほかの利用者が読めます。",
                "chmod で、持ち主だけ（フォルダー 700、鍵 600）にしてください。",
            )


def _towns(settings: Settings) -> Iterator[Finding]:
    for what, values in (
        ("自治体コード", [entry.code for entry in settings.entries]),
        ("ホスト名", [entry.host for entry in settings.entries]),
        ("データベース", [entry.url for entry in settings.entries]),
    ):
        for value, times in Counter(values).items():
            if times > 1:
                said = "" if what == "データベース" else f"「{value}」"
                yield Finding("towns", f"{what}{said}が{times}つの自治体にあります。", "towns.toml を直してください。")
    for entry in settings.entries:
        if not is_code(entry.code):
            yield Finding(
                "towns",
                f"{entry.name}のコード「{entry.code}」は、自治体コードの形ではありません。",
                "5けた、または検査数字つきの6けたで書いてください。",
            )


def is_code(code: str) -> bool:
    """全国地方公共団体コード: five digits, or six with the right check digit (domain.md §9 e)."""
    if not (code.isascii() and code.isdecimal() and len(code) in (5, 6)):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(code[:5], (6, 5, 4, 3, 2), strict=True))
    return len(code) == 5 or code[5] == str((11 - total % 11) % 10)
