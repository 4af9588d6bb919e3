"""What of the catalogue goes into a file: to the hosts all a card shows, to the staff what the hosts wrote themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service.resources.exchange.registers import ANSWER, CONDITION, HOST, OPENING, REGISTERS, SITE, Register
from service.resources.exchange.sealing import Item
from service.resources.exchange.writings import Clock, Writing
from service.resources.models import Condition, Host, Opening

STAFF: Final = "担当者"
"""Who wrote it is not told to the hosts' network by name."""


def whole_catalogue(session: Session) -> Sequence[Host]:
    """Every host with what of it may leave; remarks, assessments and the people found there stay unread."""
    query = select(Host).options(
        selectinload(Host.sites), selectinload(Host.conditions),
        selectinload(Host.openings).options(selectinload(Opening.slots)),
    )  # fmt: skip
    return session.scalars(query.order_by(Host.id).execution_options(populate_existing=True)).all()


def catalogue_for_hosts(hosts: Iterable[Host], clock: Clock) -> Iterator[Item]:
    """Every card whole, so that an empty network can begin with any file."""
    for kind, row, place in _rows(hosts):
        parts = {name: clock.writing(kind, row.id, each, row) for name, each in REGISTERS[kind].items()}
        yield _item(kind, row.id, place, {name: _unnamed(each) for name, each in parts.items()})
    for condition, key in _conditions(hosts):
        said = clock.writing(CONDITION, key, ANSWER_PART, condition)
        yield _item(CONDITION, "", where_of(condition), {ANSWER: _unnamed(said)})


def catalogue_for_staff(hosts: Iterable[Host], clock: Clock) -> Iterator[Item]:
    """What was written here and not yet acknowledged by a file of the staff, also where theirs has replaced it since."""
    for kind, row, place in _rows(hosts):
        registers = (each for each in REGISTERS[kind].values() if each.by_host)
        parts = {each.name: own for each in registers if (own := _own(clock, kind, row.id, each, row))}
        if parts:
            yield _item(kind, row.id, place, parts)
    for condition, key in _conditions(hosts):
        if own := _own(clock, CONDITION, key, ANSWER_PART, condition):
            yield _item(CONDITION, "", where_of(condition), {ANSWER: own})


def condition_key(where: Mapping[str, Any]) -> str:
    """One name for one answer on both sides, whose rows have ids of their own."""
    return "/".join(where[name] or "" for name in ("host", "site", "opening", "attribute"))


def where_of(condition: Condition) -> dict[str, Any]:
    """What an answer is about."""
    return {
        "host": condition.host_id, "site": condition.site_id, "opening": condition.opening_id,
        "attribute": condition.attribute,
    }  # fmt: skip


ANSWER_PART: Final = Register(ANSWER, ("value", "negotiable", "answered_on"), (), "条件", by_host=True)


def _own(clock: Clock, kind: str, key: str, register: Register, row: Any) -> Writing | None:
    known, here = clock.known(kind, key, register.name), clock.writing(kind, key, register, row)
    if here.at > known.theirs:
        return here
    return Writing.of(list(known.lost)) if known.lost else None


def _unnamed(writing: Writing) -> Writing:
    return Writing(writing.value, writing.at, "", writing.over)


def _rows(hosts: Iterable[Host]) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    for host in hosts:
        yield HOST, host, {}
        for site in host.sites:
            yield SITE, site, {"host": host.id}
        for opening in host.openings:
            yield OPENING, opening, {"host": host.id, "site": opening.site_id}


def _conditions(hosts: Iterable[Host]) -> Iterator[tuple[Condition, str]]:
    for host in hosts:
        for condition in host.conditions:
            yield condition, condition_key(where_of(condition))


def _item(kind: str, item_id: str, place: Mapping[str, Any], parts: Mapping[str, Writing]) -> Item:
    """Parts written in one go say so once."""
    at = Counter(each.at for each in parts.values()).most_common(1)[0][0]
    said = {name: [each.value] if each == Writing(each.value, at) else each.as_json() for name, each in parts.items()}
    return {"kind": kind, **({"id": item_id} if item_id else {}), **place, "at": at.isoformat(), "parts": said}
