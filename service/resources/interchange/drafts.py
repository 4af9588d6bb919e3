"""What every reader hands over: drafts of hosts that nobody has confirmed yet, and the rows that were refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from service.kernel.slots import SlotText

T = TypeVar("T")
U = TypeVar("U")

HOST_KINDS: Final[Mapping[str, str]] = {
    "ibasho": "居場所",
    "company": "企業",
    "farm": "農家",
    "welfare": "福祉施設",
    "public": "公共",
    "home": "在宅",
    "npo": "NPO",
    "residents": "住民活動",
    "shop": "商店",
    "other": "その他",
}
MAX_LENGTHS: Final[Mapping[str, int]] = {
    "名称": 200,
    "名称_カナ": 200,
    "団体名": 200,
    "住所": 300,
    "方書": 200,
    "説明": 2000,
    "備考など": 2000,
    "曜日・時間の説明": 2000,
}


@dataclass(frozen=True)
class OpeningDraft:
    """One offer of a place; what the file did not say is empty or None, and absent from `conditions`.

    `times_note` keeps the file's own words about days and hours. `paused` only where the file says so.
    """

    title: str
    activity: str = ""
    activity_tags: tuple[str, ...] = ()
    slots: tuple[SlotText, ...] = ()
    times_note: str = ""
    capacity: int | None = None
    free: int | None = None
    paused: bool = False
    conditions: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class HostDraft:
    """A host as a file describes it, with the key under which a later file finds it again.

    `lat`, `lon` are degrees WGS84 from the file, both or neither. `note` keeps the words no field can hold.
    """

    key: str
    name: str
    kana: str = ""
    kind: str = "other"
    organisation: str = ""
    prefecture: str = ""
    city: str = ""
    city_code: str = ""
    address: str = ""
    building: str = ""
    lat: float | None = None
    lon: float | None = None
    coordinate_source: str = ""
    phones: tuple[str, ...] = ()
    fax: str = ""
    emails: tuple[str, ...] = ()
    url: str = ""
    description: str = ""
    note: str = ""
    openings: tuple[OpeningDraft, ...] = ()
    conditions: Mapping[str, Any] = field(default_factory=dict)

    @property
    def full_address(self) -> str:
        """The address from the prefecture down, for the geocoder; empty when the file has no address."""
        if not self.address or self.address.startswith(self.prefecture or "\0"):
            return self.address
        has_city = not self.city or self.city in self.address
        return f"{self.prefecture}{'' if has_city else self.city}{self.address}"


@dataclass(frozen=True)
class RowProblem:
    """A row that was not taken, numbered as a spreadsheet shows it, with the reason and what to do."""

    row: int
    reason: str
    remedy: str


@dataclass(frozen=True)
class ReadResult:
    """The good rows as drafts and the bad rows as problems, each row in exactly one of the two, by row number."""

    drafts: tuple[tuple[int, HostDraft], ...]
    problems: tuple[RowProblem, ...]


class RowFault(ValueError):
    """One thing wrong with the row being read."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


class Faults:
    """All that is wrong with one row, gathered while it is read to the end."""

    def __init__(self) -> None:
        self.found: list[RowFault] = []

    def attempt(self, read: Callable[[], T], otherwise: U) -> T | U:
        """What `read` gives, or `otherwise` where it finds a fault."""
        try:
            return read()
        except RowFault as fault:
            self.found.append(fault)
            return otherwise

    def problem(self, row: int) -> RowProblem:
        """One entry for the row."""
        return RowProblem(
            row,
            "".join(dict.fromkeys(fault.reason for fault in self.found)),
            "".join(dict.fromkeys(fault.remedy for fault in self.found)),
        )


def check_length(text: str, name: str) -> str:
    """The same text, or a RowFault when a page could not show it."""
    longest = MAX_LENGTHS[name]
    if len(text) > longest:
        raise RowFault(f"「{name}」が{longest}字を超えています。", f"「{name}」を{longest}字までに短くしてください。")
    return text


def check_surplus(surplus: tuple[str, ...]) -> None:
    """RowFault when text stands under no header: the row's columns have probably moved."""
    if surplus:
        raise RowFault(
            f"見出しのない列に「{surplus[0][:20]}」があります。列がずれているかもしれません。",
            "列をそろえるか、その文字を消してください。",
        )


def check_name(name: str) -> str:
    """The name of a place, or a RowFault without one."""
    if not name:
        raise RowFault("名称がありません。", "名称を入れてください。")
    return check_length(name, "名称")
