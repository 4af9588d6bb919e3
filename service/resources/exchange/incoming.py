"""Taking a file of the other side over, part by part: the later writing stands, and two that crossed are both shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from service.kernel.audit import note
from service.kernel.errors import DomainError
from service.kernel.timetable import SlotText, format_slots
from service.kernel.vocab import Vocabulary
from service.resources.catalogue import index_host
from service.resources.exchange.checks import refused
from service.resources.exchange.outgoing import STAFF, whole_catalogue
from service.resources.exchange.registers import SLOTS, Register
from service.resources.exchange.sealing import TO_HOST, Item, OpenedFile
from service.resources.exchange.writings import NEVER, Clock, Known, Writing, mark_of, remember
from service.resources.models import Host
from service.resources.words import HOST_STATUS, OPENING_STATUS

AHEAD: Final = timedelta(days=1)
"""How far the clocks of two networks may differ before a file would win over everything for ever."""


@dataclass(frozen=True)
class Bad:
    """A line that was not taken: where, why, and what to do."""

    row: int
    reason: str
    remedy: str


@dataclass(frozen=True)
class Clash:
    """Two writings that crossed, in words: what each said and which one stands. For a person to look at."""

    row: int
    host_id: str
    what: str
    theirs: str
    ours: str
    stands: str


@dataclass(frozen=True)
class Change:
    """One thing that is otherwise than before, in words."""

    host_id: str
    what: str
    before: str
    after: str


@dataclass
class Outcome:
    """What became of a file."""

    taken: dict[str, int] = field(default_factory=dict)
    unchanged: int = 0
    clashes: list[Clash] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    """What the hosts changed; of a whole catalogue that arrives for the first time, nothing is listed."""
    touched: set[str] = field(default_factory=set)
    """The hosts whose words have changed."""
    links: list[tuple[str, str]] = field(default_factory=list)
    """Invitations made by the file: the host, and the token that is told once."""

    def count(self, kind: str) -> None:
        """One more of a kind was taken."""
        self.taken[kind] = self.taken.get(kind, 0) + 1


@dataclass
class Taking:
    """One file on its way in."""

    session: Session
    key: bytes
    """The secret of this side's town, which signs the links made here."""
    file: OpenedFile
    clock: Clock
    vocabulary: Vocabulary
    now: datetime
    hosts: dict[str, Host]
    outcome: Outcome = field(default_factory=Outcome)

    @property
    def for_hosts(self) -> bool:
        """Whether this is the hosts' network, which takes everything; the staff's takes what is the hosts' to write."""
        return self.file.direction == TO_HOST

    def tell(self, host: Host, what: str, before: str, after: str) -> None:
        """List a change for whoever reads the file in."""
        if not self.for_hosts:
            self.outcome.changes.append(Change(host.id, f"{host.name}　{what}", before, after))

    def record(self, kind: str, row_id: str, by: str, names: Iterable[str]) -> None:
        """Say in the log whose writing it was and which file brought it."""
        note(self.session, "exchange", kind, row_id, (*names, f"by:{by}", f"file:{self.file.digest[:12]}"))


def begin_taking(session: Session, key: bytes, file: OpenedFile, vocabulary: Vocabulary, now: datetime) -> Taking:
    """What every line needs; a file from tomorrow is refused."""
    if file.at > now + AHEAD:
        raise DomainError(
            "ファイルの日時が、この機械の時計より先です。",
            "両方の機械の時計を合わせ、もう一度書き出してください。",
            "clock",
            422,
        )
    hosts = {host.id: host for host in whole_catalogue(session)}
    return Taking(session, key, file, Clock(session), vocabulary, now, hosts)


def take_line(taking: Taking, number: int, take: Any, *about: Any) -> None:
    """Take one line, or none of it: each is checked as a whole before the first part of it is written."""
    try:
        take(taking, number, *about)
    except DomainError as problem:
        taking.outcome.bad.append(Bad(number, problem.message, problem.remedy))


def read_parts(taking: Taking, registers: Mapping[str, Register], item: Item) -> dict[str, Writing]:
    """The parts of a line that this side takes; DomainError for any other, and for writings later than their file."""
    said = item.get("parts")
    if not isinstance(said, Mapping) or not said:
        raise refused("内容")
    parts = {name: _writing(taking, each, item.get("at")) for name, each in said.items()}
    for name, each in parts.items():
        register = registers.get(name)
        if register is None or not (taking.for_hosts or register.by_host):
            raise refused("項目")
        if each.at > taking.file.at:
            raise refused("書いた時刻")
        register.read(each.value)
    return parts


def merge_part(
    taking: Taking, number: int, host: Host, kind: str, key: str, register: Register, row: Any, theirs: Writing, label: str
) -> tuple[Known, bool]:
    """Let the later writing stand; what is known afterwards, and whether the row was written."""
    known, ours = taking.clock.known(kind, key, register.name), taking.clock.writing(kind, key, register, row)
    is_same, wins = theirs.value == ours.value, theirs.wins_over(ours)
    crossed = theirs.at > known.theirs and ours.at > max(known.theirs, theirs.over) and not is_same
    if crossed:
        stands = "相手の書いたもの" if wins else "こちらの書いたもの"
        what = f"{host.name}　{label}"
        taking.outcome.clashes.append(Clash(number, host.id, what, say_part(theirs), say_part(ours), stands))
    if wins and not is_same:
        taking.tell(host, label, say_part(ours, named=False), say_part(theirs))
    winner = theirs if wins else ours
    lost = known.lost if not known.lost or datetime.fromisoformat(known.lost[1]) > theirs.over else ()
    if wins and crossed:
        lost = tuple(ours.as_json())
    seen = max(known.theirs, theirs.at)
    return Known(winner.at, winner.by, seen, taking.now, lost, mark_of(winner.value), known.rows), wins and not is_same


def with_rows(known: Known, register: Register, row: Any) -> Known:
    """Of weekly hours, the rows that stand now."""
    return replace(known, rows=tuple(slot.id for slot in row.slots)) if register.name == SLOTS else known


def keep_parts(taking: Taking, kind: str, key: str, parts: Mapping[str, Known]) -> None:
    """Remember what changed in what is known, so that an unchanged line leaves no trace."""
    news = {name: each for name, each in parts.items() if _is_news(taking.clock.known(kind, key, name), each)}
    if news:
        remember(taking.session, taking.clock, kind, key, news)


def finish_taking(taking: Taking) -> Outcome:
    """Bring what hosts are found by up to date."""
    taking.session.flush()
    if taking.outcome.touched:
        for host in whole_catalogue(taking.session):
            if host.id in taking.outcome.touched:
                index_host(host, taking.vocabulary.activities)
    return taking.outcome


def say_part(writing: Writing, *, named: bool = True) -> str:
    """A writing in words, with whoever wrote it."""
    parts = writing.value if isinstance(writing.value, list) else [writing.value]
    if len(parts) == 3 and isinstance(parts[1], bool):
        parts = [parts[0], "相談できる" if parts[1] else ""]
    said = "・".join(filter(None, map(_say_value, parts)))[:200] or "（なし）"
    return f"{said}（{writing.by}）" if named and writing.by else said


def _say_value(value: Any) -> str:
    """A number, a day, a word — or weekly hours."""
    if isinstance(value, list) and len(value) == 5 and isinstance(value[3], list):
        weekday, start, end, nth, free = value
        places = "" if free is None else f" 空き{free}"
        return format_slots([SlotText(weekday, start, end, tuple(nth))]) + places
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if value is None or value == []:
        return ""
    return STATUS.get(value, value) if isinstance(value, str) else str(value)


STATUS: Final = {**HOST_STATUS, **OPENING_STATUS}


def _writing(taking: Taking, said: Any, at: Any) -> Writing:
    writing = Writing.of([*said, at] if isinstance(said, list) and len(said) == 1 else said)
    return replace(writing, by=STAFF) if taking.for_hosts else writing


def _is_news(before: Known, after: Known) -> bool:
    return replace(before, seen_at=NEVER) != replace(after, seen_at=NEVER)
