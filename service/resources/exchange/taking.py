"""Lines of the catalogue, each taken over: a host, a site, an opening, an answer to a condition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy.orm.attributes import set_committed_value

from service.kernel.db import new_id
from service.kernel.errors import DomainError
from service.kernel.vocab import Attribute, check_value
from service.resources.exchange.checks import day, flag, row_id
from service.resources.exchange.incoming import Taking, keep_parts, merge_part, read_parts, say_part, with_rows
from service.resources.exchange.outgoing import ANSWER_PART, condition_key, where_of
from service.resources.exchange.registers import ANSWER, CONDITION, HOST, OPENING, REGISTERS, SITE, Register
from service.resources.exchange.sealing import Item
from service.resources.exchange.writings import NEVER, Known, Writing, mark_of
from service.resources.models import Condition, Host, Opening, Site
from service.web.answers import plain_value

KINDS: Final = (HOST, SITE, OPENING, CONDITION)
"""In the order in which a file is taken, whatever the order of its lines: what is pointed at comes first."""
CONFIRMED: Final = "confirmed_on"


def take_card(taking: Taking, number: int, item: Item) -> None:
    """A host, a site or an opening: make it where the hosts' network has none yet, or merge it part by part."""
    kind, key = item["kind"], row_id(item.get("id"))
    parts = read_parts(taking, REGISTERS[kind], item)
    host = _host_of(taking, kind, key, item)
    row = _row_of(host, kind, key) if host else None
    if row is None:
        _make(taking, kind, key, item, parts)
        return
    assert host is not None  # a row stands in its host
    known, written = {}, {}
    for name, theirs in parts.items():
        register = REGISTERS[kind][name]
        label = f"{_label(kind, row)}{register.label}"
        known[name], wrote = merge_part(taking, number, host, kind, key, register, row, theirs, label)
        if wrote:
            written[name] = theirs
    for name, theirs in written.items():
        _write(REGISTERS[kind][name], row, theirs)
    keep_parts(taking, kind, key, {name: with_rows(each, REGISTERS[kind][name], row) for name, each in known.items()})
    _count(taking, kind, key, host, written)


def take_condition(taking: Taking, number: int, item: Item) -> None:
    """An answer to a condition, on its level; one that was never asked here is new."""
    host = taking.hosts.get(row_id(item.get("host"))) or _unknown()
    attribute = _attribute(taking, item.get("attribute"))
    where = {"host": host.id, "site": item.get("site"), "opening": item.get("opening"), "attribute": attribute.key}
    if where["site"] not in (None, *(each.id for each in host.sites)):
        _unknown()
    if where["opening"] not in (None, *(each.id for each in host.openings)):
        _unknown()
    key, part = condition_key(where), answer_part(attribute)
    theirs = read_parts(taking, {ANSWER: part}, item)[ANSWER]
    row = next((each for each in host.conditions if where_of(each) == where), None)
    is_new = row is None
    if row is None:
        row = Condition(
            id=new_id(), host_id=host.id, site_id=where["site"], opening_id=where["opening"], attribute=attribute.key
        )
        known, wrote = _first(taking, theirs), True
        taking.tell(host, attribute.label, "（なし）", say_part(theirs))
    else:
        known, wrote = merge_part(taking, number, host, CONDITION, key, part, row, theirs, attribute.label)
    if wrote:
        part.write(row, theirs.value)
        row.answered_by, row.recorded_by = theirs.by, theirs.by
    if is_new:
        taking.session.add(row)
        set_committed_value(host, "conditions", [*host.conditions, row])
    keep_parts(taking, CONDITION, key, {ANSWER: known})
    _count(taking, CONDITION, row.id, host, {ANSWER: theirs} if wrote else {})


def answer_part(attribute: Attribute) -> Register:
    """The answer to one attribute, checked as a form would."""

    def stored(value: Any) -> Any:
        return plain_value(check_value(attribute.host, value, attribute.label))

    return Register(ANSWER, ANSWER_PART.columns, (stored, flag, day), attribute.label, by_host=True)


def _make(taking: Taking, kind: str, key: str, item: Item, parts: Mapping[str, Writing]) -> None:
    if not taking.for_hosts or parts.keys() != REGISTERS[kind].keys():
        _unknown()
    values = {
        name: each
        for register in REGISTERS[kind].values() if register.name != "slots"
        for name, each in register.read(parts[register.name].value).items()
    }  # fmt: skip
    row = _new_row(taking, kind, key, item, values)
    taking.session.add(row)
    if kind == OPENING:
        _write(REGISTERS[kind]["slots"], row, parts["slots"])
        row.confirmed_by = parts[CONFIRMED].by
    known = {name: with_rows(_first(taking, each), REGISTERS[kind][name], row) for name, each in parts.items()}
    keep_parts(taking, kind, key, known)
    _count(taking, kind, key, taking.hosts[key if kind == HOST else row.host_id], parts)


def _new_row(taking: Taking, kind: str, key: str, item: Item, values: dict[str, Any]) -> Any:
    if kind == HOST:
        host = taking.hosts[key] = Host(id=key, **values)
        for name in ("sites", "openings", "conditions"):
            set_committed_value(host, name, [])
        return host
    host = taking.hosts.get(row_id(item.get("host"))) or _unknown()
    if kind == SITE:
        site = Site(id=key, host_id=host.id, **values)
        set_committed_value(host, "sites", [*host.sites, site])
        return site
    if item.get("site") not in {each.id for each in host.sites}:
        _unknown()
    opening = Opening(id=key, host_id=host.id, site_id=item["site"], **values)
    set_committed_value(opening, "slots", [])
    set_committed_value(host, "openings", [*host.openings, opening])
    return opening


def _host_of(taking: Taking, kind: str, key: str, item: Item) -> Host | None:
    return taking.hosts.get(key if kind == HOST else row_id(item.get("host")))


def _row_of(host: Host, kind: str, key: str) -> Any:
    rows: Iterator[Any] = iter([host] if kind == HOST else host.sites if kind == SITE else host.openings)
    return next((row for row in rows if row.id == key), None)


def _write(register: Register, row: Any, theirs: Writing) -> None:
    register.write(row, theirs.value)
    if register.name == CONFIRMED:
        row.confirmed_by = theirs.by


def _first(taking: Taking, theirs: Writing) -> Known:
    return Known(theirs.at, theirs.by, theirs.at, taking.now, (), mark_of(theirs.value))


def _count(taking: Taking, kind: str, row_key: str, host: Host, written: Mapping[str, Writing]) -> None:
    if not written:
        taking.outcome.unchanged += 1
        return
    taking.outcome.count(kind)
    taking.outcome.touched.add(host.id)
    last = max(written.values(), key=lambda each: each.at)
    if last.at > NEVER or last.by:
        taking.record(kind, row_key, last.by, written)


def _label(kind: str, row: Any) -> str:
    return f"{row.title}　" if kind == OPENING else ""


def _attribute(taking: Taking, key: Any) -> Attribute:
    for attribute in taking.vocabulary:
        if attribute.key == key:
            return attribute
    raise DomainError(
        "この町の語彙にない条件です。", "設定で項目を足すか、電話で聞いて書き込んでください。", "attribute", 422
    )


def _unknown() -> Any:
    raise DomainError(
        "こちらに登録のない受け入れ先・場所・枠です。", "先に、相手へ新しいファイルを渡してください。", "unknown", 422
    )
