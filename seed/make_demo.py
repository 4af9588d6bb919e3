"""Make the files of the fictional 汐見市 from its manuscript: the same manuscript always gives the same bytes.

    python -m seed.make_demo [--out FOLDER]

No clock and no dice: days are kept as days from the day of loading, choices follow from names.
"""

import argparse
import json
import tomllib
from pathlib import Path
from typing import Any, Final

from seed.demo.course import course_tables
from seed.demo.drawing import Row, days_from_reference, load_towns
from seed.demo.joint import joint_tables
from seed.demo.people import HouseholdRows
from seed.demo.places import STAFF_LABELS, HostRows, Tables
from seed.demo.ways import way_tables
from service.followup.placements.ladders import seed_ladder
from service.kernel.vocab import load_vocabulary

DEMO: Final = Path(__file__).with_name("demo")
WRITTEN: Final = DEMO / "written"


def make_tables() -> Tables:
    """Every table of the demo with its rows."""
    vocabulary, towns = load_vocabulary(), load_towns()
    hosts = HostRows(vocabulary, towns, _read("kinds.toml"))
    for host in _read_all("hosts-*.toml", "host"):
        hosts.add(host)
    households = HouseholdRows(vocabulary, towns)
    for household in _read_all("people-*.toml", "household"):
        households.add(household)
    tables = {**_office(), **_agencies(), **hosts.tables, **households.tables, **course_tables(_read("course.toml"))}
    ways = way_tables(_read("placements.toml")["placement"], seed_ladder())
    return tables | {name: [*tables.get(name, ()), *rows] for name, rows in ways.items()}


def write_tables(tables: Tables, folder: Path) -> None:
    """One file a table and one row a line, so that a change of the manuscript reads well in a diff."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (folder / f"{name}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8", newline="\n")


def _office() -> Tables:
    office = _read("office.toml")
    users = [{"id": u["key"], "login_name": u["key"], "name": u["name"], "roles": [u["role"]]} for u in office["user"]]
    tables = {"user": users, "resource_gap": [_gap(gap) for gap in office["gap"]]}
    return tables | joint_tables(office) | _face(office)


def _face(office: Row) -> Tables:
    """What the hosts' pages show: who of a host signs in, and a question that waits for it."""
    members = [
        {"id": u["key"], "host_id": u["host"], "user_id": u["key"], "invited_by": STAFF_LABELS["aoki"],
         "invited_at": days_from_reference(u["invited"])}
        for u in office["user"] if "host" in u
    ]  # fmt: skip
    soundings = [
        {"id": each["key"], "host_id": each["opening"].split("/")[0], "opening_id": each["opening"], "text": each["text"],
         "asked_at": days_from_reference(each["on"]), "asked_by": STAFF_LABELS[each["by"]],
         "deadline_on": days_from_reference(each["deadline"])}
        for each in office["sounding"]
    ]  # fmt: skip
    return {"host_member": members, "sounding": soundings}


def _gap(gap: Row) -> Row:
    said = {name: gap[name] for name in ("code", "summary", "age_band", "district", "status")}
    recorded = {"recorded_at": days_from_reference(gap["on"]), "recorded_by": STAFF_LABELS[gap["by"]]}
    return {"id": gap["key"], **recorded, **said}


def _agencies() -> Tables:
    """The directory, and what is undertaken about the town's unmet needs."""
    written = _read("agencies.toml")
    return {"agency": [_agency(row) for row in written["agency"]],
            "resource_development": [_development(row) for row in written["development"]]}  # fmt: skip


def _agency(row: Row) -> Row:
    said = {name: value for name, value in row.items() if name not in ("key", "confirmed")}
    return {"id": row["key"], **said} | (
        {"confirmed_on": days_from_reference(row["confirmed"])} if "confirmed" in row else {}
    )


def _development(row: Row) -> Row:
    said: Row = {name: row[name] for name in ("what", "who", "with_whom", "state", "result") if name in row}
    ended = {"ended_on": days_from_reference(row["ended"])} if "ended" in row else {}
    made = {"made_at": days_from_reference(row["on"]), "made_by": STAFF_LABELS[row["by"]]}
    return {"id": row["key"], "gap_id": row["gap"], **said, "until_on": days_from_reference(row["until"]), **made, **ended}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((WRITTEN / name).read_text("utf-8"))


def _read_all(pattern: str, table: str) -> list[Row]:
    return [row for file in sorted(WRITTEN.glob(pattern)) for row in _read(file.name)[table]]


def main() -> None:
    """Write the files and say how many rows they hold."""
    ask = argparse.ArgumentParser(description="架空の汐見市のファイルを作り直す")
    ask.add_argument("--out", type=Path, default=DEMO, help="書き出す先のフォルダ")
    tables = make_tables()
    write_tables(tables, ask.parse_args().out)
    print("、".join(f"{name} {len(rows)}" for name, rows in tables.items()))


if __name__ == "__main__":
    main()
