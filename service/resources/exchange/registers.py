"""The parts of a host, a site, an opening and a condition that are written apart, each with when and by whom.

Two networks change the same opening on the same day: one its hours, the other its places. Nothing is lost when each
part goes by its own last writing. What is not listed here never leaves: remarks, assessments, the people found there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from service.kernel.db import new_id
from service.resources.exchange.checks import (
    Check,
    day,
    degree,
    hours,
    number,
    one_of,
    passage,
    refused,
    texts,
)
from service.resources.interchange.drafts import HOST_KINDS
from service.resources.models import Host, Opening, Site
from service.resources.openings import keep_hours
from service.resources.timing import Hours
from service.resources.words import HOST_STATUS, OPENING_STATUS, slot_text

HOST, SITE, OPENING, CONDITION = "host", "site", "opening", "condition"
SLOTS, ANSWER = "slots", "answer"


@dataclass(frozen=True)
class Register:
    """One part: its columns, what they may hold, what it is called, and whether a host writes it itself."""

    name: str
    columns: tuple[str, ...]
    checks: tuple[Check, ...]
    label: str
    by_host: bool = False

    def value_of(self, row: Any) -> Any:
        """What a row holds, as a file says it."""
        return [_plain(getattr(row, column)) for column in self.columns]

    def read(self, value: Any) -> dict[str, Any]:
        """What a file says, by column; DomainError when a part could not hold it."""
        if not isinstance(value, list) or len(value) != len(self.columns):
            raise refused(self.label)
        return {name: check(each) for name, check, each in zip(self.columns, self.checks, value, strict=True)}

    def write(self, row: Any, value: Any) -> None:
        """Take over what a file says."""
        for name, each in self.read(value).items():
            setattr(row, name, each)


class SlotsRegister(Register):
    """The weekly hours of an opening, as one part."""

    def value_of(self, row: Any) -> Any:
        """The hours in their order, each time once."""
        return hours_value(Hours(slot_text(slot), slot.free) for slot in row.slots)

    def read(self, value: Any) -> dict[str, Any]:
        """The hours, under the name of the relation."""
        return {SLOTS: hours(value)}

    def write(self, row: Any, value: Any) -> None:
        """A time that stays keeps its row."""
        keep_hours(row, hours(value))
        for slot in row.slots:
            slot.id = slot.id or new_id()


def hours_value(all_hours: Iterable[Hours]) -> list[list[Any]]:
    """Hours as a file says them."""
    found = {
        each.when: [each.when.weekday, each.when.start_min, each.when.end_min, list(each.when.nth), each.free]
        for each in all_hours
    }
    return sorted(found.values(), key=lambda each: [-1 if part is None else part for part in each[:3]] + [str(each[3])])


def _one(name: str, check: Check, label: str, *, by_host: bool = False) -> Register:
    return Register(name, (name,), (check,), label, by_host)


_PAUSE = ("status", "paused_until", "pause_reason")
_OF_HOST = (
    _one("name", passage(200), "名称"),
    _one("kana", passage(200), "よみがな"),
    _one("kind", one_of(HOST_KINDS), "種別"),
    _one("themes", texts(100, 60), "支援のテーマ"),
    _one("organisation", passage(200), "運営団体"),
    Register("pause", _PAUSE, (one_of(HOST_STATUS), day, passage(300)), "状況"),
    _one("contact_person", passage(200), "窓口の方", by_host=True),
    _one("phone", passage(200), "電話", by_host=True),
    _one("fax", passage(200), "FAX", by_host=True),
    _one("email", passage(200), "メール", by_host=True),
    _one("url", passage(500), "ウェブサイト", by_host=True),
    _one("description", passage(2000), "紹介文", by_host=True),
)
_SPOT = ("lat", "lon", "coordinate_level", "coordinate_source")
_OF_SITE = (
    _one("position", number(999, optional=False), "順番"),
    _one("name", passage(200), "場所の名前"),
    _one("address", passage(300), "住所"),
    _one("building", passage(2000), "建物・行き方", by_host=True),
    Register("spot", _SPOT, (degree, degree, passage(50), passage(50)), "位置"),
)
_OF_OPENING = (
    _one("position", number(999, optional=False), "順番"),
    _one("title", passage(200), "活動"),
    _one("activity", passage(2000), "活動の内容", by_host=True),
    _one("activity_tags", texts(100, 60), "活動の種類"),
    Register("pause", _PAUSE, (one_of(OPENING_STATUS), day, passage(300)), "状況", by_host=True),
    _one("free", number(9999), "空き", by_host=True),
    _one("capacity", number(9999), "定員", by_host=True),
    _one("waiting", number(9999, optional=False), "空き待ち"),
    _one("dates", texts(400, 40), "日付"),
    _one("times_note", passage(500), "時間の説明", by_host=True),
    _one("confirmed_on", day, "確認日", by_host=True),
    SlotsRegister(SLOTS, ("weekday", "start_min", "end_min", "nth", "free"), (), "曜日と時間", by_host=True),
)
REGISTERS: Final[Mapping[str, Mapping[str, Register]]] = {
    HOST: {each.name: each for each in _OF_HOST},
    SITE: {each.name: each for each in _OF_SITE},
    OPENING: {each.name: each for each in _OF_OPENING},
}
TABLES: Final[Mapping[str, type[Any]]] = {HOST: Host, SITE: Site, OPENING: Opening}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
