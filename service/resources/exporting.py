"""The catalogue as a table for other programs: one line an opening, one column a condition of the vocabulary."""

from collections.abc import Iterator, Sequence
from datetime import date

from service.kernel.vocab import Attribute, Vocabulary, say_value
from service.resources.conditions import effective_conditions, negotiable_keys, with_activities
from service.resources.facts import free_places
from service.resources.interchange.writing import Value
from service.resources.models import Host, Opening, Site
from service.resources.words import HOST_STATUS, OPENING_STATUS, kind_label, say_place, say_slots, theme_labels

FIXED = (
    "受け入れ先番号", "枠番号", "名称", "よみがな", "種別", "運営団体", "状況", "窓口の方", "電話", "FAX", "メール", "URL",
    "紹介文", "住所", "建物", "緯度", "経度", "座標の出どころ", "活動", "活動の内容", "活動の種類", "枠の状況", "休止はいつまで",
    "曜日時間", "日付", "時間の説明", "空き", "空き待ち", "定員", "確認日", "確認した人", "備考", "支援のテーマ",
)  # fmt: skip


def export_header(vocabulary: Vocabulary) -> list[str]:
    """The columns: what every place has, each condition asked of places, and what may be talked about."""
    return [*FIXED, *(column_of(attribute) for attribute in vocabulary.asked_of_host), "相談できる項目"]


def column_of(attribute: Attribute) -> str:
    """The label with its unit: 1回の長さ（分）."""
    return f"{attribute.label}（{attribute.host.unit}）" if attribute.host.unit else attribute.label


def export_rows(hosts: Sequence[Host], vocabulary: Vocabulary) -> Iterator[list[Value]]:
    """A line for each opening; unknown stays empty. Staff remarks and people are never among them."""
    tags = {choice.key: choice.label for choice in vocabulary.activities}
    for host in hosts:
        sites = {site.id: site for site in host.sites}
        for opening in host.openings:
            said = [tags.get(tag, tag) for tag in opening.activity_tags]
            yield [*_fixed(host, opening, sites[opening.site_id], said), *_conditions(host, opening, vocabulary)]


def _fixed(host: Host, opening: Opening, site: Site, tags: Sequence[str]) -> list[Value]:
    free = free_places(opening.free, [slot.free for slot in opening.slots])
    return [
        host.id, opening.id, host.name, host.kana, kind_label(host.kind), host.organisation,
        HOST_STATUS.get(host.status, host.status), host.contact_person, host.phone, host.fax, host.email, host.url,
        host.description, site.address, site.building, site.lat, site.lon, say_place(site), opening.title,
        opening.activity, "、".join(tags), OPENING_STATUS.get(opening.status, opening.status),
        _iso(opening.paused_until), say_slots(opening.slots).replace("–", "-"), "、".join(opening.dates), opening.times_note, free,
        opening.waiting, opening.capacity, _iso(opening.confirmed_on), opening.confirmed_by, host.note,
        "、".join(theme_labels(host.themes)),
    ]  # fmt: skip


def _conditions(host: Host, opening: Opening, vocabulary: Vocabulary) -> list[Value]:
    values = with_activities(effective_conditions(host.conditions, opening.site_id, opening.id), opening.activity_tags)
    asked = [_cell(attribute, values) for attribute in vocabulary.asked_of_host]
    open_to_talk = negotiable_keys(host.conditions, opening.site_id, opening.id)
    return [*asked, "、".join(attribute.label for attribute in vocabulary if attribute.key in open_to_talk)]


def _cell(attribute: Attribute, values: dict[str, object]) -> Value:
    value = values.get(attribute.key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return None if value is None else say_value(attribute.host, value).replace("・", "、")


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()
