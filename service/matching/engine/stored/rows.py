"""One row of a stored instance: each value is asked for by name and refused unless it is of the right kind."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar

from service.kernel.errors import DomainError
from service.kernel.slots import SlotProblem, parse_time
from service.matching.engine.problem import NO_LIMIT

MOST: Final = 1_000_000
LARGEST: Final = 1e9
Key = TypeVar("Key")
SEE_FORMAT: Final = "形式の説明（docs/matching-model.md の「合同照合のファイル」）に合わせて直してください。"


class InstanceProblem(DomainError):
    """A stored instance that does not keep to the format."""

    def __init__(self, message: str, remedy: str = SEE_FORMAT) -> None:
        super().__init__(message, remedy, "instance", 422)


class Row:
    """One row of a table of the file, which can say where it stands."""

    __slots__ = ("place", "table", "values")

    def __init__(self, table: str, place: int | None, values: Any, fields: frozenset[str]) -> None:
        self.table, self.place = table, place
        if not isinstance(values, dict):
            self.values: Mapping[str, Any] = {}
            raise self.problem(f"が「{_show(values)}」になっています。", "{ } で囲んだ項目の組にしてください。")
        self.values = values
        if not fields.issuperset(values):
            unknown = "、".join(sorted(str(key) for key in set(values) - fields))
            raise self.problem(f"に知らない項目があります: {unknown}。", f"使える項目は {'、'.join(sorted(fields))} です。")

    @property
    def label(self) -> str:
        """Where the row stands, with the names in it."""
        if self.place is None:
            return self.table
        names = [_show(self.values[key]) for key in ("id", "person", "opening") if key in self.values]
        return f"{self.table} の{self.place + 1}行目{'（' + '・'.join(names) + '）' if names else ''}"

    def within(self, key: str, fields: frozenset[str]) -> Row:
        """The fields that stand together under one name."""
        return Row(f"{self.label}の {key} ", None, self.values.get(key), fields)

    def problem(self, said: str, remedy: str = SEE_FORMAT) -> InstanceProblem:
        """What is wrong with this row, beginning with where it stands."""
        return InstanceProblem(f"{self.label}{said}", remedy)

    def wrong(self, key: str, remedy: str) -> InstanceProblem:
        """The value of one field is not what it should be."""
        return self.problem(f"の「{key}」が「{_show(self.values.get(key))}」になっています。", remedy)

    def whole(self, key: str, default: int, least: int = 0, most: int = MOST) -> int:
        """A whole number within its limits."""
        value = self.values.get(key, default)
        if type(value) is not int or not least <= value <= most:
            raise self.wrong(key, f"{least}から{most}までの整数にしてください。")
        return value

    def limit(self, key: str) -> int:
        """A whole number, or no limit where nothing (or null) is said."""
        return NO_LIMIT if self.values.get(key) is None else self.whole(key, 0)

    def number(self, key: str, default: float, least: float = -LARGEST, most: float = LARGEST) -> float:
        """A number that is one: no NaN, nothing infinite."""
        value = self.values.get(key, default)
        if type(value) not in (int, float) or not least <= value <= most:
            raise self.wrong(key, f"{least:g}から{most:g}までの数にしてください。")
        return float(value)

    def degrees(self, key: str, most: int) -> float:
        """Latitude or longitude; NaN where nothing is said."""
        return math.nan if self.values.get(key) is None else self.number(key, 0.0, -most, most)

    def flag(self, key: str, default: bool) -> bool:
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, "true か false にしてください。")
        return value

    def name(self, key: str) -> str:
        """The name of a row; never empty."""
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, "空でない文字列にしてください。")
        return value

    def time(self, key: str) -> int:
        """「13:30」 as minutes from midnight."""
        value = self.values.get(key)
        try:
            found = parse_time(value) if isinstance(value, str) else None
        except SlotProblem as problem:
            raise self.wrong(key, problem.remedy) from problem
        if found is None:
            raise self.wrong(key, "「13:30」のような時刻にしてください。")
        return found

    def reference(self, key: str, known: Mapping[str, int], table: str) -> int:
        """The position of a row of another table by its name."""
        name = self.name(key)
        if name not in known:
            raise self.wrong(key, f"{table} にある id にしてください。")
        return known[name]

    def choice(self, key: str, choices: Iterable[str]) -> str | None:
        """One of some words, or None where nothing is said."""
        value = self.values.get(key)
        if value is not None and value not in tuple(choices):
            raise self.wrong(key, f"{'、'.join(choices)} のどれかにしてください。")
        return value


def rows_of(file: Mapping[str, Any], table: str, fields: Iterable[str]) -> list[Row]:
    """The rows of one table; a table that is absent or null has none."""
    listed = file.get(table)
    if listed is None:
        return []
    if not isinstance(listed, list):
        raise InstanceProblem(f"{table} が「{_show(listed)}」になっています。", "[ ] で囲んだ行の一覧にしてください。")
    allowed = frozenset(fields)
    return [Row(table, place, values, allowed) for place, values in enumerate(listed)]


def numbered(rows: Iterable[Row]) -> dict[str, int]:
    """The position of every row by its id; the same id twice is refused."""
    known: dict[str, int] = {}
    for place, row in enumerate(rows):
        if known.setdefault(row.name("id"), place) != place:
            raise row.problem("の id は、もう使われています。", "id を一つずつ違う名前にしてください。")
    return known


def no_twins(rows: Iterable[Row], key_of: Callable[[Row], Key], said: str) -> list[Key]:
    """The key of every row; the same key twice is refused."""
    seen: dict[Key, None] = {}
    for row in rows:
        key = key_of(row)
        if key in seen:
            raise row.problem(f"は、{said}が前の行と同じです。", "どちらか一行にしてください。")
        seen[key] = None
    return list(seen)


def _show(value: Any) -> str:
    text = "なし" if value is None else str(value)
    return text if len(text) <= 30 else f"{text[:30]}…"
