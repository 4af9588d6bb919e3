"""What the manuscript says of the way of each placement: its steps, and what was asked, answered and heard on it."""

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from seed.demo.drawing import Row, days_from_reference
from seed.demo.joint import placement_sessions
from seed.demo.places import STAFF_LABELS, Tables
from service.followup.placements.ladder import FINAL, Ladder, Step
from service.followup.placements.models import ANSWERED, OPEN

ARRANGED: Final[Mapping[str, Row]] = {
    Step.VISIT: {"accompanied": "担当"},
    Step.TRIAL: {"insured_here": True, "has_emergency_contact": True},
    Step.STARTED: {"costs_explained": True, "person_wants": True, "host_accepts": True},
}
"""What each of these steps records in any case."""


def way_tables(written: list[Row], ladder: Ladder) -> Tables:
    """The rows of placements with all that happened on their way, under the ladder of the seed."""
    parts: dict[str, Callable[[Row], Iterator[Row]]] = {
        "placement": lambda row: iter([_placement(row, ladder)]),
        "placement_session": lambda row: iter(placement_sessions(row["key"], row["slots"])),
        "placement_move": lambda row: _moves(row, ladder),
        "sounding": lambda row: _sounding(row, ladder),
        "offer": _offer,
        "contact_with_both": _contacts,
        "host_word": _words,
    }
    return {name: [_given(found) for row in written for found in part(row)] for name, part in parts.items()}


def _placement(row: Row, ladder: Ladder) -> Row:
    """One place each: the key is the person's."""
    step, since = row["way"][-1]
    decline = ladder.decline(row.get("closing", ""))
    return {
        "id": row["key"], "person_id": row["key"], "opening_id": row["opening"], "step": step, "since": _days(since),
        "recorded_by": STAFF_LABELS[row["by"]], "reason": row["reason"], "deadline_on": _days(ladder.deadline(step, since)),
        "reserved_until": _days(ladder.reserved_until(step, since)), "started_on": _days(dict(row["way"]).get(Step.STARTED)),
        "before_hold": row["way"][-2][0] if step == Step.ON_HOLD else None, "closing": row.get("closing"),
        "closed_by": str(decline.side) if decline else None, "rests_until": _days(decline.rests_until(since) if decline else None),
    }  # fmt: skip


def _moves(row: Row, ladder: Ladder) -> Iterator[Row]:
    """Every step after the first; the word belongs to the last one."""
    way = row["way"]
    for at, ((before, _), (step, on)) in enumerate(pairwise(way)):
        is_last = at == len(way) - 2 and step in {*FINAL, Step.ON_HOLD}
        yield {
            "id": f"{row['key']}/{at}", "placement_id": row["key"], "at": _days(on), "by": STAFF_LABELS[row["by"]],
            "from_step": before, "to_step": step, "label": ladder.label(step), "note": row.get("note") if is_last else None,
            "facts": {"why": row["why"]} if is_last and "why" in row else dict(ARRANGED.get(step, {})),
        }  # fmt: skip


def _sounding(row: Row, ladder: Ladder) -> Iterator[Row]:
    if not (asked := row.get("sounding")):
        return
    on = dict(row["way"])[Step.SOUNDED]
    is_answered = "answer" in asked
    yield {
        "id": row["key"], "placement_id": row["key"], "host_id": row["opening"].split("/")[0], "opening_id": row["opening"],
        "text": asked["text"], "channel": asked["channel"], "asked_at": _days(on), "asked_by": STAFF_LABELS[row["by"]],
        "deadline_on": _days(ladder.deadline(Step.SOUNDED, on)), "state": ANSWERED if is_answered else OPEN,
        **{name: asked.get(name) for name in ("answer", "conditions", "reason")},
        "answered_at": _days(asked.get("answered")), "answered_by": "受け入れ先の担当" if is_answered else None,
    }  # fmt: skip


def _offer(row: Row) -> Iterator[Row]:
    if (shown := row.get("offer")) is not None:
        answer = {"answer": shown.get("answer"), "words": shown.get("words"), "answered_on": _days(shown.get("answered"))}
        on = _days(dict(row["way"])[Step.OFFERED])
        yield {"id": row["key"], "placement_id": row["key"], "shown_on": on, "shown_by": STAFF_LABELS[row["by"]], **answer}


def _contacts(row: Row) -> Iterator[Row]:
    for at, said in enumerate(row.get("contacts", ())):
        person, host = said["faces"]
        yield {
            "id": f"{row['key']}/{at}", "placement_id": row["key"], "done_on": _days(said["on"]),
            "recorded_at": _days(said["on"]), "recorded_by": STAFF_LABELS[row["by"]], "person_says": said["person"],
            "host_says": said["host"], "has_problem": said.get("problem"), "person_face": person, "host_face": host,
            "note": said["note"], "adjustment": said.get("adjustment"),
        }  # fmt: skip


def _words(row: Row) -> Iterator[Row]:
    for at, said in enumerate(row.get("words", ())):
        yield {
            "id": f"{row['key']}/{at}", "host_id": row["opening"].split("/")[0], "placement_id": row["key"],
            "kind": said["kind"], "on": _days(said["on"]), "face": said.get("face"), "text": said.get("text"),
            "at": _days(said["on"]), "by": said["by"],
        }  # fmt: skip


def _days(day: Any) -> int | None:
    return days_from_reference(day)


def _given(row: Row) -> Row:
    return {name: value for name, value in row.items() if value is not None}
