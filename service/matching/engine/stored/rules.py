"""What binds several people in a stored instance: pins, pairs kept apart, households, coordinators, companions."""

from __future__ import annotations

from collections.abc import Mapping

from service.kernel.dates import WEEKDAYS
from service.matching.engine.problem import NO_LIMIT, Ints, Rules
from service.matching.engine.stored.names import APART, FIELDS, HALF_DAYS, TOGETHER, Names
from service.matching.engine.stored.rows import Row, no_twins
from service.matching.engine.stored.tables import ints, pair_of


def rules(file: Row, tables: Mapping[str, list[Row]], names: Names) -> Rules:
    """What binds several people."""
    said = file.values.get("gap")
    gap = Row("gap", None, {} if said is None else said, frozenset(FIELDS["gap"]))
    of_household = [row.choice("rule", (TOGETHER, APART)) for row in tables["households"]]
    new_pairs = [row.limit("new_pairs") for row in tables["coordinators"]]
    return Rules(
        apart=tuple(no_twins(tables["apart"], lambda row: _apart(row, names), "二人の組")),
        households_together=frozenset(place for place, rule in enumerate(of_household) if rule == TOGETHER),
        households_apart=frozenset(place for place, rule in enumerate(of_household) if rule == APART),
        forced=tuple(no_twins(tables["forced"], lambda row: pair_of(row, names), "人と枠の組")),
        forbidden=frozenset(no_twins(tables["forbidden"], lambda row: pair_of(row, names), "人と枠の組")),
        accompany=_accompany(file),
        new_per_coordinator={place: most for place, most in enumerate(new_pairs) if most != NO_LIMIT},
        gap_min=gap.whole("minutes", 0),
        gap_min_per_km=gap.number("per_km", 0.0, 0.0),
    )


def _apart(row: Row, names: Names) -> tuple[int, int]:
    one, other = row.reference("person", names.people, "people"), row.reference("other", names.people, "people")
    if one == other:
        raise row.wrong("other", "もう一人の id にしてください。")
    return one, other


def _accompany(file: Row) -> Ints | None:
    """int32[7, 2]; a half-day that is not named has nobody to go along."""
    if file.values.get("accompany") is None:
        return None
    cells = [f"{day}{half}" for day in WEEKDAYS for half in HALF_DAYS]
    row = Row("accompany", None, file.values["accompany"], frozenset(cells))
    return ints(row.limit(cell) if cell in row.values else 0 for cell in cells).reshape(len(WEEKDAYS), len(HALF_DAYS))
