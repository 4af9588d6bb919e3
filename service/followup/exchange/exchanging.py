"""A file for the other side, written or taken in as a whole: one transaction, one row in the history of files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.placements import live_placements
from service.followup.exchange.questions import (
    INVITATION,
    LADDER,
    REPLY,
    SOUNDING,
    WORD,
    answers_for_staff,
    questions_for_hosts,
    take_invitation,
    take_ladder,
    take_reply,
    take_sounding,
    take_word,
)
from service.kernel.audit import Signature, note, sign
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError
from service.resources.exchange.incoming import Bad, Change, Clash, Outcome, Taking, begin_taking, finish_taking, take_line
from service.resources.exchange.outgoing import catalogue_for_hosts, catalogue_for_staff, whole_catalogue
from service.resources.exchange.registers import CONDITION, HOST, OPENING, SITE
from service.resources.exchange.sealing import TO_HOST, TO_STAFF, Item, OpenedFile, open_file, seal_file
from service.resources.exchange.taking import take_card, take_condition
from service.resources.exchange.writings import Clock
from service.resources.files import ExchangedFile
from service.resources.vocabulary import current_vocabulary
from service.web.actor import Actor, Town

Take = Callable[[Taking, int, Item], None]
KINDS: Final[Mapping[str, Mapping[str, Take]]] = {
    TO_HOST: {
        LADDER: take_ladder, HOST: take_card, SITE: take_card, OPENING: take_card, CONDITION: take_condition,
        SOUNDING: take_sounding, INVITATION: take_invitation,
    },
    TO_STAFF: {
        HOST: take_card, SITE: take_card, OPENING: take_card, CONDITION: take_condition, REPLY: take_reply, WORD: take_word,
    },
}  # fmt: skip
"""What a file of each direction may hold, in the order in which it is taken."""
LABELS: Final = {
    LADDER: "段階の設定", HOST: "受け入れ先", SITE: "場所", OPENING: "枠", CONDITION: "条件", SOUNDING: "打診",
    INVITATION: "招待", REPLY: "打診への返事", WORD: "お知らせ",
}  # fmt: skip
OUT, IN = "out", "in"


@dataclass(frozen=True)
class Taken:
    """What became of a file, and whether it had been here before."""

    direction: str
    outcome: Outcome
    before: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is kept beside the file."""
        found = self.outcome
        return {
            "taken": found.taken, "unchanged": found.unchanged, "clashes": [asdict(each) for each in found.clashes],
            "bad": [asdict(each) for each in found.bad], "changes": [asdict(each) for each in found.changes],
        }  # fmt: skip


def export_file(session: Session, town: Town, actor: Actor, direction: str, now: datetime) -> bytes:
    """The file for the other side; that it left is kept and written in the log."""
    key = exchange_key(town)
    _refuse_turned(session, direction, OUT)
    hosts, clock = whole_catalogue(session), Clock(session)
    items: Iterator[Item]
    if direction == TO_HOST:
        items = _chained(catalogue_for_hosts(hosts, clock), questions_for_hosts(session, now))
    else:
        items = _chained(catalogue_for_staff(hosts, clock), answers_for_staff(session))
    lines = list(items)
    content = seal_file(key, town.code, direction, now, lines)
    digest = open_file(key, town.code, content).digest
    counts = {"lines": len(lines), "bytes": len(content)}
    kept = ExchangedFile(direction=f"{direction} {OUT}", digest=digest, at=now, by=actor.label, counts=counts)
    session.add(kept)
    session.flush()
    note(session, "export", "exchanged_file", kept.id, (direction,))
    return content


def import_file(session: Session, town: Town, actor: Actor, content: bytes, now: datetime) -> Taken:
    """Take a file of the other side in; the same file a second time does nothing. DomainError when it is not for here."""
    file = open_file(exchange_key(town), town.code, content)
    earlier = session.scalars(select(ExchangedFile).where(ExchangedFile.digest == file.digest)).one_or_none()
    if earlier is not None and earlier.direction.endswith(IN):
        return Taken(file.direction, Outcome(), earlier.at)
    if earlier is not None:
        raise _turned()
    _refuse_turned(session, file.direction, IN)
    sign(session, Signature(actor.id, f"{actor.label}・やりとりのファイル {file.digest[:12]}", now, town.key))
    taken = Taken(file.direction, _take(session, town, file, now))
    kept = ExchangedFile(
        direction=f"{file.direction} {IN}", digest=file.digest, at=now, by=actor.label, counts=taken.as_json()
    )
    session.add(kept)
    session.flush()
    note(session, "import", "exchanged_file", kept.id, (file.direction,))
    return taken


def preview_file(session: Session, town: Town, actor: Actor, content: bytes, now: datetime) -> Taken:
    """What a file would do here and now, found by doing it and letting go of it again."""
    try:
        with session.begin_nested():
            raise _Looked(import_file(session, town, actor, content, now))
    except _Looked as looked:
        # Neither the rows nor what the log would have said of them are left.
        session.info.pop("changed", None)
        session.info.pop("acts", None)
        sign(session, Signature(actor.id, actor.label, now, town.key))
        return looked.taken


def outcome_of(counts: Mapping[str, Any]) -> Outcome:
    """What was kept beside a file."""
    return Outcome(
        dict(counts["taken"]), counts["unchanged"], [Clash(**each) for each in counts["clashes"]],
        [Bad(**each) for each in counts["bad"]], [Change(**each) for each in counts["changes"]],
    )  # fmt: skip


def exchange_key(town: Town) -> bytes:
    """The key both sides hold; DomainError where there is none yet."""
    if town.exchange_key is None:
        raise DomainError(
            "やりとりの鍵がありません。",
            "サーバーで「tsunagi exchange key」を動かし、できた鍵をもう一方のサーバーへ手で写してください。",
            "no-exchange-key",
        )
    return town.exchange_key


class _Looked(Exception):
    """Carries what was found out of the work that is undone."""

    def __init__(self, taken: Taken) -> None:
        super().__init__()
        self.taken = taken


def _take(session: Session, town: Town, file: OpenedFile, now: datetime) -> Outcome:
    taking = begin_taking(session, town.key, file, current_vocabulary(session), now)
    order = KINDS[file.direction]
    for number, item in file.lines:
        if item.get("kind") not in order:
            take_line(taking, number, _refuse_kind, item)
    for kind, take in order.items():
        for number, item in file.lines:
            if item.get("kind") == kind:
                take_line(taking, number, take, item)
        # What is pointed at has to stand before the next kind points at it.
        session.flush()
    if file.direction == TO_STAFF:
        _show_broken_promises(taking)
    return finish_taking(taking)


def _refuse_kind(taking: Taking, number: int, item: Item) -> None:
    raise DomainError("この行を読めません。", "両方の「つなぎ」を同じ版にし、もう一度書き出してください。", "kind", 422)


def _show_broken_promises(taking: Taking) -> None:
    """The hosts' network knows of nobody who was promised a place: fewer free than that is for a person to see."""
    today = day_in_japan(taking.now)
    promised: dict[str, int] = {}
    for each in live_placements(taking.session):
        promised[each.opening_id] = promised.get(each.opening_id, 0) + each.reserves(today)
    lines = {item.get("id"): number for number, item in taking.file.lines if item.get("kind") == OPENING}
    for host in taking.hosts.values():
        for opening in host.openings:
            number = promised.get(opening.id, 0)
            if opening.id in lines and opening.free is not None and opening.free < number:
                what = f"{host.name}　{opening.title}　空き"
                clash = Clash(
                    lines[opening.id], host.id, what, f"空き {opening.free}人", f"約束 {number}人", "相手の書いたもの"
                )
                taking.outcome.clashes.append(clash)


def _refuse_turned(session: Session, direction: str, way: str) -> None:
    """A network is the staff's or the hosts', from its first file on."""
    staff_does = {f"{TO_HOST} {OUT}", f"{TO_STAFF} {IN}"}
    done = set(session.scalars(select(ExchangedFile.direction).distinct()))
    here = f"{direction} {way}" in staff_does
    if any((each in staff_does) is not here for each in done):
        raise _turned()


def _turned() -> DomainError:
    return DomainError(
        "向きの違うファイルです。この側では使えません。",
        "職員の側は「受け入れ先の画面へ」を書き出し、「職員の画面へ」を取り込みます。受け入れ先の側は、その逆です。",
        "direction",
        422,
    )


def _chained(*several: Iterator[Item]) -> Iterator[Item]:
    for each in several:
        yield from each
