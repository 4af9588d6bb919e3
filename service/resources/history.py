"""What was changed on a host, when and by whom, in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.kernel.audit import FieldChange
from service.kernel.dates import format_wareki_short, say_instant
from service.kernel.timetable import SlotText, format_slots
from service.kernel.vocab import Vocabulary, say_value
from service.resources.models import Condition
from service.resources.words import HOST_STATUS, OPENING_STATUS, kind_label, say_dates, theme_labels

LOADED: Final = 600
SHOWN: Final = 20
_BORN: Final = {"host": "name", "site": "address", "opening": "title", "host_person": "name"}
_BEGUN: Final = {
    "host": "登録しました", "site": "場所を加えました", "opening": "枠を加えました", "host_person": "そこにいる人を加えました",
}  # fmt: skip
_ORDER: Final = ("host", "site", "opening", "opening_slot", "condition", "host_person")
_HIDDEN: Final = frozenset({"search_text", "sort_key", "position", "import_key", "recorded_by", "coordinate_level"})
_WORDS: Final[Mapping[str, str]] = {
    "name": "名称", "kana": "よみ", "kind": "種別", "themes": "支援のテーマ", "organisation": "運営する団体", "status": "状況", "phone": "電話",
    "fax": "FAX", "email": "メール", "url": "ウェブサイト", "description": "説明", "note": "備考", "source": "出どころ",
    "contact_person": "窓口の方", "address": "住所", "building": "建物", "lat": "緯度", "lon": "経度",
    "coordinate_source": "座標の出どころ", "title": "枠の名前", "activity": "活動の内容", "activity_tags": "活動の札",
    "paused_until": "休止の期限", "pause_reason": "理由", "free": "空き", "waiting": "空き待ち", "capacity": "定員",
    "dates": "日付", "times_note": "曜日・時間の備考", "confirmed_on": "確認日", "confirmed_by": "確認した人",
    "answered_on": "回答日", "answered_by": "回答した人", "role": "立場",
}  # fmt: skip
Entry = tuple[str, str, str]


def read_history(session: Session, host_id: str, vocabulary: Vocabulary, conditions: Sequence[Condition]) -> list[Entry]:
    """(when, who, what) of the latest acts on a host, newest first."""
    query = select(FieldChange).where(FieldChange.subject_id == host_id).order_by(FieldChange.at.desc(), FieldChange.id)
    changes = session.scalars(query.limit(LOADED)).all()
    told = _Teller(vocabulary, {condition.id: condition.attribute for condition in conditions})
    entries = (
        (say_instant(at), who, text)
        for (at, who), group in groupby(changes, key=lambda change: (change.at, change.actor_label))
        if (text := told.say_act(list(group)))
    )
    return [entry for entry, _ in zip(entries, range(SHOWN), strict=False)]


class _Teller:
    """Says groups of changed fields in words; knows which condition each row is."""

    def __init__(self, vocabulary: Vocabulary, attributes: Mapping[str, str]) -> None:
        self.vocabulary = vocabulary
        self.attributes = attributes

    def say_act(self, changes: Sequence[FieldChange]) -> str:
        """Everything one person did at one moment: the host first, then places, openings, hours and conditions."""
        rows: dict[tuple[str, str], dict[str, FieldChange]] = {}
        for change in changes:
            rows.setdefault((change.object_type, change.object_id), {})[change.field] = change
        parts = []
        for kind in _ORDER:
            here = {key: fields for (of_kind, key), fields in rows.items() if of_kind == kind}
            said = self._say_hours(here.values()) if kind == "opening_slot" else self._say_rows(kind, here)
            parts += list(said)
        return "。".join(dict.fromkeys(parts))

    def _say_rows(self, kind: str, rows: Mapping[str, Mapping[str, FieldChange]]) -> Iterator[str]:
        for key, fields in rows.items():
            if kind == "condition":
                yield from self._say_condition(key, fields)
            elif _is_new(kind, fields):
                # Who is met at a host is not for everybody who reads its history.
                name = "" if kind == "host_person" else fields[_BORN[kind]].after
                yield f"{_BEGUN[kind]}（{name}）" if name else _BEGUN[kind]
            else:
                shown = [change for name, change in fields.items() if name not in _HIDDEN]
                yield from (self._say_change(kind, change) for change in shown)

    def _say_condition(self, key: str, fields: Mapping[str, FieldChange]) -> Iterator[str]:
        named = fields.get("attribute")
        attribute = self.vocabulary.get((named.after or named.before) if named else self.attributes.get(key, ""))
        if attribute is None:
            return
        if change := fields.get("value"):
            before, after = (say_value(attribute.host, value) for value in (change.before, change.after))
            yield f"{attribute.label}を {before} → {after}"
        if (change := fields.get("negotiable")) and (change.after or change.before):
            yield f"{attribute.label}を{'相談可' if change.after else '相談不可'}に"

    def _say_hours(self, rows: Iterable[Mapping[str, FieldChange]]) -> Iterator[str]:
        kept = [fields for fields in rows if "weekday" in fields]
        for word, removed in (("加えました", False), ("外しました", True)):
            slots = [_slot(fields, removed) for fields in kept if (fields["weekday"].after is None) == removed]
            if slots:
                yield f"時間を{word}（{format_slots(sorted(slots, key=lambda slot: slot.weekday))}）"

    def _say_change(self, kind: str, change: FieldChange) -> str:
        before, after = (self._say(kind, change.field, value) for value in (change.before, change.after))
        return f"{_WORDS.get(change.field, change.field)}を {before} → {after}"

    def _say(self, kind: str, field: str, value: Any) -> str:
        if value is None or value == "" or value == []:
            return "（空）"
        if field == "status":
            return (HOST_STATUS if kind == "host" else OPENING_STATUS).get(str(value), str(value))
        if field == "kind":
            return kind_label(str(value))
        if field.endswith(("_on", "_until")):
            return format_wareki_short(date.fromisoformat(str(value)))
        if field == "dates":
            return say_dates(value)
        if field == "themes":
            return "・".join(theme_labels(value))
        if field == "activity_tags":
            labels = {choice.key: choice.label for choice in self.vocabulary.activities}
            return "・".join(labels.get(tag, tag) for tag in value)
        text = str(value)
        return text if len(text) <= 60 else text[:60] + "…"


def _slot(fields: Mapping[str, FieldChange], removed: bool) -> SlotText:
    said = {name: change.before if removed else change.after for name, change in fields.items()}
    return SlotText(said["weekday"], said.get("start_min"), said.get("end_min"), tuple(said.get("nth") or ()))


def _is_new(kind: str, fields: Mapping[str, FieldChange]) -> bool:
    """A row is new where the field that every row has was set from nothing."""
    change = fields.get(_BORN.get(kind, ""))
    return change is not None and change.before is None
