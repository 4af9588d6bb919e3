"""What the manuscript says for joint runs: sizes of the town, who must not meet, and who is where today."""

from collections.abc import Mapping
from typing import Any

from seed.demo.drawing import Row, days_from_reference
from seed.demo.places import STAFF_LABELS, Tables
from service.kernel.timetable import parse_slots


def joint_tables(office: Mapping[str, Any]) -> Tables:
    """The rows of the tables that a joint run needs beside people and places."""
    return {
        "joint_setting": _settings(office["joint"]),
        "avoid_pair": [_pair(row) for row in office["apart"]],
        "placement": [_placement(row) for row in office["placement"]],
        "placement_session": [
            each for row in office["placement"] for each in placement_sessions(row["person"], row["slots"])
        ],
    }


def _settings(joint: Row) -> list[Row]:
    said = {"at": days_from_reference(joint["on"]), "author": "北条 恵（管理者（スーパーバイザー））"}
    keys = ("accompany", "coordinators")
    return [{"id": key, "seq": seq, "key": key, "body": joint[key], **said} for seq, key in enumerate(keys, 1)]


def _pair(row: Row) -> Row:
    first, second = row["people"]
    return {"id": row["key"], "first_id": first, "second_id": second, "note": row["note"]}


def _placement(row: Row) -> Row:
    """One place each: the key is the person's."""
    found = {"id": row["person"], "person_id": row["person"], "opening_id": row["opening"], "step": row["step"]}
    if "started" in row:
        found["started_on"] = days_from_reference(row["started"])
    return found | {"since": days_from_reference(row["since"]), "recorded_by": STAFF_LABELS[row["by"]]}


def placement_sessions(key: str, slots: str) -> list[Row]:
    """The weekly times of a placement, as 火 9:30-12:00 says them."""
    return [
        {
            "id": f"{key}/{at}",
            "placement_id": key,
            "weekday": slot.weekday,
            "start_min": slot.start_min,
            "end_min": slot.end_min,
        }
        for at, slot in enumerate(parse_slots(slots))
    ]
