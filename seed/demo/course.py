"""What the manuscript says of cases beside people and places: sheets, the log, plans, what is owed, and meetings."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from seed.demo.drawing import Row, days_from_reference
from seed.demo.places import STAFF_LABELS, Tables

LABELS: Final[Mapping[str, str]] = {**STAFF_LABELS, "kaji": "加治 淳（事務局）", "tsubaki": "椿 恵子（つなぎ元）"}
AFTER_CLOSE: Final = "after_close"
"""The rule of the rhythm that asks for the contacts after a closing."""
Rows = Iterator[Row]


def course_tables(written: Mapping[str, Any]) -> Tables:
    """The rows of every table that the way of a case fills."""
    cases, meetings = written["case"], written["meeting"]
    of_cases: dict[str, Callable[[Row], Rows]] = {
        "referral": _sheet, "referral_step": _steps, "screening": _screening, "progress_note": _log, "feedback": _told,
        "support_plan": _plans, "plan_goal": _goals, "plan_task": _tasks, "evaluation": _evaluation, "after_care": _after,
        "follow_up": _contacts, "visit": _visits,
    }  # fmt: skip
    of_meetings: dict[str, Callable[[Row], Rows]] = {
        "meeting": _meeting, "meeting_seat": _seats, "secrecy_acknowledgement": _secrecy, "agenda_item": _items,
        "action_item": _actions,
    }  # fmt: skip
    tables = {name: [_plain(row) for case in cases for row in part(case)] for name, part in of_cases.items()}
    tables |= {name: [_plain(row) for each in meetings for row in part(each)] for name, part in of_meetings.items()}
    tables["meeting_series"] = [_plain({**row, "id": row["key"]}, "key") for row in written["series"]]
    tables["advice_record"] = [
        _plain({**row, "id": row["key"], **_recorded(row["by"], row["on"])}, "key", "by") for row in written["advice"]
    ]
    return tables


def _sheet(case: Row) -> Rows:
    if sheet := case.get("sheet"):
        acknowledged = {"acknowledged_by": LABELS[case["by"]]} if "acknowledged_on" in sheet else {}
        yield {"id": case["key"], "case_id": case["key"], "received_at": sheet["received_on"], **sheet, **acknowledged}


def _steps(case: Row) -> Rows:
    for at, step in enumerate(case.get("steps", ())):
        yield {"id": f"{case['key']}/{at}", "referral_id": case["key"], **step, **_recorded(case["by"], step["on"])}


def _screening(case: Row) -> Rows:
    if said := case.get("screening"):
        recorded = {"at": said["decided_on"], "recorded_by": LABELS["kaji"]}
        yield {"id": case["key"], "case_id": case["key"], "decider": LABELS["kaji"], **said, **recorded}


def _log(case: Row) -> Rows:
    for at, entry in enumerate(case.get("log", ())):
        on_case = {"id": f"{case['key']}/{at}", "case_id": case["key"], "person_id": case["key"], "kind": "move"}
        yield {**on_case, **entry, **_recorded(case["by"], entry["on"])}


def _told(case: Row) -> Rows:
    for at, told in enumerate(case.get("told", ())):
        settled = {"settled_by": LABELS[case["by"]]} if "settled_on" in told else {}
        yield {"id": f"{case['key']}/{at}", "case_id": case["key"], "to_role": "referrer", **told, **settled}


def _plans(case: Row) -> Rows:
    for plan in case.get("plans", ()):
        made = {"made_at": plan["made_on"], "made_by": LABELS[case["by"]]}
        yield _without({"id": _plan_key(case, plan), "case_id": case["key"], "seq": 1, **plan, **made}, "goals", "tasks")


def _goals(case: Row) -> Rows:
    for plan in case.get("plans", ()):
        for at, goal in enumerate(plan["goals"]):
            yield {"id": f"{_plan_key(case, plan)}/{at}", "plan_id": _plan_key(case, plan), "position": at, **goal}


def _tasks(case: Row) -> Rows:
    for plan in case.get("plans", ()):
        for at, task in enumerate(plan["tasks"]):
            yield {"id": f"{_plan_key(case, plan)}/{at}", "plan_id": _plan_key(case, plan), "position": at, **task}


def _plan_key(case: Row, plan: Row) -> str:
    return f"{case['key']}/{plan['kind']}/{plan.get('seq', 1)}"


def _evaluation(case: Row) -> Rows:
    if said := case.get("evaluation"):
        yield {"id": case["key"], "case_id": case["key"], **said, **_recorded(case["by"], said["on"])}


def _after(case: Row) -> Rows:
    if care := case.get("after"):
        made = {"made_at": care["closed_on"], "made_by": LABELS[case["by"]]}
        yield {"id": case["key"], "case_id": case["key"], "person_id": case["key"], **care, **made}


def _contacts(case: Row) -> Rows:
    """Contacts after the closing that took place; those still to come the rhythm asks for when the demo is loaded."""
    for said in case.get("contacts", ()):
        days = dict.fromkeys(("raw_on", "due_on", "early_on", "late_on", "done_on"), said["done_on"])
        yield {
            "id": _contact_key(case, said), "case_id": case["key"], "person_id": case["key"], "rule": AFTER_CLOSE,
            "sequence": said["sequence"], "kind": "post_closure_contact", "minutes": 20, "state": "done",
            "staff_id": case["by"], "created_at": case["after"]["closed_on"], **days,
        }  # fmt: skip


def _visits(case: Row) -> Rows:
    for said in case.get("contacts", ()):
        key = _contact_key(case, said)
        yield {
            "id": key, "follow_up_id": key, "case_id": case["key"], "person_id": case["key"], "client_id": f"demo/{key}",
            "kind": "post_closure_contact", "met_person": True, "recorded_by_id": case["by"],
            **_recorded(case["by"], said["done_on"]), **_without(said, "sequence"),
        }  # fmt: skip


def _contact_key(case: Row, said: Row) -> str:
    return f"{case['key']}/{AFTER_CLOSE}/{said['sequence']}"


def _meeting(meeting: Row) -> Rows:
    made = {"made_at": meeting["made_on"], "made_by": LABELS[meeting["by"]]}
    yield _without({"id": meeting["key"], **meeting, **made}, "key", "by", "made_on", "seats", "items")


def _seats(meeting: Row) -> Rows:
    for at, seat in enumerate(meeting["seats"]):
        yield _without({"id": f"{meeting['key']}/{at}", "meeting_id": meeting["key"], **seat}, "sworn_on")


def _secrecy(meeting: Row) -> Rows:
    for at, seat in enumerate(meeting["seats"]):
        if sworn := seat.get("sworn_on"):
            who = {name: seat[name] for name in ("name", "agency", "user_id") if name in seat}
            said = {"on": sworn, "method": "paper"}
            yield {"id": f"{meeting['key']}/{at}", **who, **said, **_recorded(meeting["by"], sworn)}


def _items(meeting: Row) -> Rows:
    for at, item in enumerate(meeting["items"]):
        decided = {"decided_at": meeting["on"], "decided_by": LABELS[meeting["by"]]} if "decision" in item else {}
        key = {"id": f"{meeting['key']}/{at}", "meeting_id": meeting["key"], "position": at + 1}
        yield _without({**key, **item, **decided}, "actions")


def _actions(meeting: Row) -> Rows:
    for at, item in enumerate(meeting["items"]):
        for number, action in enumerate(item.get("actions", ())):
            yield {"id": f"{meeting['key']}/{at}/{number}", "item_id": f"{meeting['key']}/{at}", **action}


def _recorded(by: str, on: date) -> Row:
    return {"recorded_at": on, "recorded_by": LABELS[by]}


def _without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def _plain(row: Row, *without: str) -> Row:
    """A row as a file keeps it: days of the manuscript as days from its own today."""
    return {name: days_from_reference(v) if isinstance(v, date) else v for name, v in _without(row, *without).items()}
