"""What a chosen line runs into, in words, and what to do about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from service.followup.planner.verify.violation import SAID
from service.followup.planning.checking import Clash
from service.followup.planning.differing import Change
from service.followup.rhythms.rule import KIND_LABELS, Kind
from service.followup.tasks.reading import Known
from service.followup.tasks.rows import say_day


def say_clash(
    clash: Clash, known: Mapping[str, Known], changes: Sequence[Change], chosen: Collection[str], staff: Mapping[str, str]
) -> str:
    """Where, which rule, the lines it is about, and the way out: another tick, one tick less, or a new plan."""
    lines = _say_lines(clash.ids, known)
    if clash.on is None:
        return f"{lines}：{SAID[clash.rule]}この行の印を外すか、組み直してください。"
    where = f"{staff.get(clash.staff_id, '別の人')}さんの{say_day(clash.on)}：{SAID[clash.rule]}"
    return f"{where}印を付けた行：{lines}。{_way_out(_left_out(clash, changes, chosen), known)}"


def _left_out(clash: Clash, changes: Iterable[Change], chosen: Collection[str]) -> list[str]:
    """Lines without a tick that the plan would have taken away from that day."""
    return [
        each.follow_up_id
        for each in changes
        if each.before is not None
        and each.follow_up_id not in chosen
        and clash.staff_id in (each.before.staff_id, each.before.second_id)
        and each.before.on == clash.on
    ]


def _way_out(left_out: Sequence[str], known: Mapping[str, Known]) -> str:
    if not left_out:
        return "印を外すか、組み直してください。"
    return (
        f"{_say_lines(left_out, known)}は、案ではこの時間から動きます。その行にも印を付けるか、上の行の印を外してください。"
    )


def _say_lines(ids: Iterable[str], known: Mapping[str, Known]) -> str:
    return "、".join(
        f"{known[id_].person.name} さんの「{KIND_LABELS[Kind(known[id_].row.kind)]}」" for id_ in ids if id_ in known
    )
