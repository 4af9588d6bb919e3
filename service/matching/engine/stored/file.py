"""A joint run stored as a file: the same problem and settings, in words a person can write and check by eye."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from service.matching.engine.problem import Problem
from service.matching.engine.settings import Level, Settings, Term
from service.matching.engine.stored.names import FIELDS, names_of, resources_of, slot_rows_of
from service.matching.engine.stored.rows import LARGEST, InstanceProblem, Row, rows_of
from service.matching.engine.stored.rules import rules
from service.matching.engine.stored.tables import hosts, openings, pairs, people, placed, slots
from service.matching.engine.stored.writing import FORMAT
from service.matching.engine.stored.writing import write as write

Source = Path | str | Mapping[str, Any]
OF_THE_FILE: Final = ("format", "title", "resources", "accompany", "gap", "include_ask", "scarcity_days")
TABLES: Final = tuple(table for table in FIELDS if table not in ("slots", "gap"))


def load(source: Source) -> Mapping[str, Any]:
    """The file as plain data; InstanceProblem when it cannot be read, repeats a field or has one nobody knows."""
    file = source if isinstance(source, Mapping) else _parse(Path(source))
    row = _whole(file)
    if row.values.get("format", FORMAT) != FORMAT:
        raise row.wrong("format", f"「{FORMAT}」の形式だけを読めます。")
    return row.values


def read(source: Source) -> Problem:
    """The problem in a file; InstanceProblem names the row, what is wrong with it and what to write instead."""
    file = load(source)
    tables = {table: rows_of(file, table, FIELDS[table]) for table in TABLES}
    slot_rows = slot_rows_of(tables["openings"])
    names = names_of(tables, resources_of(file), slot_rows)
    joined, sessions = pairs(tables["pairs"], names)
    return Problem(
        people=people(tables["people"], names),
        hosts=hosts(tables["hosts"], names),
        openings=openings(tables["openings"], names),
        slots=slots(slot_rows),
        pairs=joined,
        sessions=sessions,
        kept=placed(tables["kept"], names),
        held=placed(tables["held"], names),
        rules=rules(_whole(file), tables, names),
        resources=names.resources,
        coordinators=tuple(names.coordinators),
        households=tuple(names.households),
    )


def read_settings(source: Source) -> Settings:
    """What the file asks of the run; whatever it does not say is as usual."""
    file = load(source)
    asked, usual = _whole(file), Settings()
    levels = tuple(map(_level, rows_of(file, "objective", FIELDS["objective"])))
    return Settings(
        levels=levels or usual.levels,
        include_ask=asked.flag("include_ask", usual.include_ask),
        scarcity_days=asked.whole("scarcity_days", usual.scarcity_days),
    )


def _level(row: Row) -> Level:
    weights = row.within("weights", frozenset(Term))
    return Level(row.name("name"), {Term(key): weights.number(key, 0.0, 0.0, LARGEST) for key in weights.values})


def _whole(file: Any) -> Row:
    return Row("ファイル", None, file, frozenset({*OF_THE_FILE, *TABLES}))


def _parse(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"), object_pairs_hook=_once, parse_constant=_refuse)
    except OSError as problem:
        raise InstanceProblem(f"{path.name} を開けません。", "ファイルの場所と名前を確かめてください。") from problem
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as problem:
        raise InstanceProblem(
            f"{path.name} を JSON として読めません（{problem}）。", "UTF-8 の JSON にしてください。"
        ) from problem


def _once(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(fields)
    if len(found) < len(fields):
        keys = [key for key, _ in fields]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise InstanceProblem(f"一つの行の中に「{twice}」が二度あります。", "一度だけ書いてください。")
    return found


def _refuse(constant: str) -> Any:
    raise InstanceProblem(f"「{constant}」という数は使えません。", "ふつうの数を書くか、その項目を消してください。")
