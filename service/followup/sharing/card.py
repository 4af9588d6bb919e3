"""The card a host may read: an object that holds what was agreed and has no place for anything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from service.cases.models import Person, Placement
from service.cases.sharing import ITEMS, Share
from service.kernel.dates import age_on

GENDERS: Final = {"F": "女性", "M": "男性"}


@dataclass(frozen=True)
class CardLine:
    """One agreed item in words."""

    label: str
    text: str


@dataclass(frozen=True)
class HostCard:
    """What one host may know of one person today; `title` is the name where it was agreed, else a neutral word."""

    placement_id: str
    title: str
    lines: tuple[CardLine, ...]


@dataclass(frozen=True)
class Told:
    """Texts made elsewhere that an agreed item may show; nothing else of the person gets this far."""

    days: str = ""
    conditions: str = ""
    agreed: str = ""


def host_card(person: Person, placement: Placement, share: Share, told: Told, today: date) -> HostCard:
    """The card, item by item of the consent in force."""
    lines = [
        CardLine(ITEMS[item], text)
        for item in ITEMS
        if item in share.items and item != "name" and (text := _TEXTS[item](person, told, today))
    ]
    return HostCard(placement.id, f"{person.name} さん" if "name" in share.items else "紹介中の方", tuple(lines))


def _age(person: Person, told: Told, today: date) -> str:
    return f"{age_on(person.birth_on, today) // 10 * 10}代" if person.birth_on else ""


_TEXTS: Final[Mapping[str, Callable[[Person, Told, date], str]]] = {
    "kana": lambda person, told, today: person.kana,
    "age": _age,
    "gender": lambda person, told, today: GENDERS.get(person.gender or "", ""),
    "days": lambda person, told, today: told.days,
    "conditions": lambda person, told, today: told.conditions,
    "agreed": lambda person, told, today: told.agreed,
    "phone": lambda person, told, today: person.phone,
    "emergency": lambda person, told, today: person.contact_note,
}


def labels_of(items: Sequence[str]) -> tuple[str, ...]:
    """The agreed items in words, in the order of the form."""
    return tuple(ITEMS[item] for item in ITEMS if item in items)
