"""What each printed sheet shows: frozen plain strings, already worded for the reader."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Mark = Literal["o", "w", "q", "x"]
"""合う・気になる・未確認・合わない."""

Overlap = Literal["both", "person", "host", ""]
"""One cell of a week: both have time, only the person, only the host, nobody."""


@dataclass(frozen=True)
class Letterhead:
    """Head and foot of every sheet: whose paper it is, how secret, printed by whom and when."""

    title: str
    town_name: str
    office: str
    mark: str
    printed_by: str
    printed_at: str


@dataclass(frozen=True)
class NeedLine:
    """One condition of the person: 必須 静か 音1まで 「大きな音で頭が痛くなる」."""

    strength: str
    label: str
    value: str = ""
    why: str = ""


@dataclass(frozen=True)
class Finding:
    """One condition of a host with its sign and reason."""

    mark: Mark
    text: str
    note: str = ""


@dataclass(frozen=True)
class WeekRow:
    """One part of the day over the days of the sheet."""

    label: str
    cells: tuple[Overlap, ...]


@dataclass(frozen=True)
class HostBlock:
    """One place: 徒歩 7分・0円・空き 3・11月12日 確認 is one line, `facts`."""

    number: str
    name: str
    kind: str
    facts: str
    findings: tuple[Finding, ...]
    week: tuple[WeekRow, ...] = ()
    points: str = ""


@dataclass(frozen=True)
class BandBlock:
    """One band with its count; `note` says why hosts are left out or why it is empty."""

    mark: Mark
    label: str
    count: str
    hosts: tuple[HostBlock, ...]
    note: str = ""


@dataclass(frozen=True)
class Pair:
    """A line with a heading: a relaxation and what it opens, a point and its value."""

    label: str
    text: str


@dataclass(frozen=True)
class MatchSheet:
    """照合結果 for one person (layout match.typ)."""

    head: Letterhead
    person_line: str
    needs: tuple[NeedLine, ...]
    days: tuple[str, ...]
    bands: tuple[BandBlock, ...]
    relaxations: tuple[Pair, ...] = ()
    next_question: str = ""
    note: str = ""


@dataclass(frozen=True)
class Question:
    """One thing to ask a host; without options there is a line to write on."""

    text: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class PhoneCall:
    """The questions for one host, with the words to begin with. Nothing about the person stands here."""

    name: str
    kind: str
    phone: str
    contact: str
    opening_words: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class PhoneSheet:
    """電話で確かめること (layout phone_script.typ): a call per host, with blanks to write the answers in."""

    head: Letterhead
    calls: tuple[PhoneCall, ...]
    note: str = ""


@dataclass(frozen=True)
class SoundingSheet:
    """打診の文 (layout sounding.typ): large type for the host, nothing that names the person."""

    head: Letterhead
    addressee: str
    greeting: str
    paragraphs: tuple[str, ...]
    points: tuple[Pair, ...]
    replies: tuple[str, ...]
    reply_by: str
    reply_to: str


@dataclass(frozen=True)
class JointLineBlock:
    """One person of a joint run: where they would go with the reasons, or why nowhere (`place` empty)."""

    name: str
    said: str
    place: str
    kind: str
    facts: str
    asks: bool
    state: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class JointSheet:
    """合同照合の案 for a meeting (layout joint.typ)."""

    head: Letterhead
    summary: str
    levels: tuple[Pair, ...]
    lines: tuple[JointLineBlock, ...]
    left: tuple[JointLineBlock, ...]
    one_more: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class FaxOpening:
    """One opening of a host: what we think now, its weekdays as boxes, its free places."""

    title: str
    now: str
    days: tuple[str, ...]
    free: str


@dataclass(frozen=True)
class FaxHost:
    """One page of the monthly sheet."""

    name: str
    contact: str
    fax: str
    phone: str
    openings: tuple[FaxOpening, ...]


@dataclass(frozen=True)
class FaxSheet:
    """空き確認票 (layout fax.typ): a page per host, filled in with a pen and sent back; nothing about any person."""

    head: Letterhead
    as_of: str
    hosts: tuple[FaxHost, ...]


def to_dict(sheet: MatchSheet | PhoneSheet | SoundingSheet | JointSheet | FaxSheet) -> dict[str, Any]:
    """The sheet as nested plain data, the second argument of `render_pdf`."""
    return asdict(sheet)
