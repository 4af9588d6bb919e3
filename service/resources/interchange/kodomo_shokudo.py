"""Reading 自治体標準オープンデータセット「子ども食堂一覧」: what it says becomes conditions, the rest stays unknown."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from service.kernel.kana import fold_text
from service.resources.interchange.contacts import read_mail, read_phone, read_url, said, unusable, usable
from service.resources.interchange.drafts import (
    Faults,
    HostDraft,
    OpeningDraft,
    ReadResult,
    RowProblem,
    check_length,
    check_name,
    check_surplus,
)
from service.resources.interchange.kodomo_times import read_opening_times
from service.resources.interchange.kodomo_words import (
    read_activity_tags,
    read_conditions,
    read_support,
    say_fees,
)
from service.resources.interchange.municipalities import Municipality, find_municipality
from service.resources.interchange.points import read_point
from service.resources.interchange.reading import FileProblem, Row, Table, read_table

SOURCE: Final = "子ども食堂一覧"
CODE_COLUMNS: Final = (
    "都道府県コード又は市区町村コード",
    "都道府県コード又は市町村コード",
    "全国地方公共団体コード",
)
OWN_COLUMNS: Final = frozenset(("開催頻度", "開催曜日", "開催日", "参加条件", "参加費_大人"))
_NOTED: Final = (
    "参加条件",
    "参加費特記事項",
    "予約方法",
    "予約特記事項",
    "学区",
    "ネットワークの加入",
    "備考",
    "電話番号1_連絡先備考",
    "電話番号2_連絡先備考",
    "内線番号",
    "メールアドレス1_連絡先備考",
    "メールアドレス2_連絡先備考",
)
# Field of the draft: the limit that holds for it, and the columns it may stand in.
_TEXTS: Final = {
    "kana": ("名称_カナ", "名称_カナ"),
    "organisation": ("団体名", "運営団体名", "団体名"),
    "address": ("住所", "住所", "所在地_連結表記"),
    "building": ("方書", "方書"),
    "description": ("説明", "設置目的"),
}
_SERVICES: Final = (("フードパントリー実施", "フードパントリー"), ("テイクアウト実施", "テイクアウト"))
_COUNT: Final = re.compile(r"([0-9]{1,5})(?:\.0)?[人名]?")


def read_kodomo_shokudo(data: bytes) -> ReadResult:
    """Drafts and problems of a 子ども食堂一覧 (CSV or xlsx); FileProblem when it is no such list."""
    table = _read_list(data)
    read = [(row, _read_row(row)) for row in table.rows]
    problems = [problem for _, problem in read if isinstance(problem, RowProblem)]
    drafts = [(row, draft) for row, draft in read if isinstance(draft, HostDraft)]
    kept, repeated = _tell_apart(drafts)
    found = sorted([*problems, *repeated], key=lambda problem: problem.row)
    return ReadResult(tuple(kept), tuple(found))


def _read_list(data: bytes) -> Table:
    table = read_table(data, required=("名称",))
    if not OWN_COLUMNS & set(table.header):
        raise FileProblem(
            f"「{SOURCE}」の列（{'・'.join(sorted(OWN_COLUMNS))}）がありません。",
            "自治体標準オープンデータセットの子ども食堂一覧か確かめてください。",
            "header",
        )
    return table


def _read_row(row: Row) -> HostDraft | RowProblem:
    """The row as a draft, or everything that is wrong with it."""
    faults = Faults()
    faults.attempt(lambda: check_surplus(row.surplus), None)
    draft = HostDraft(
        key="",
        name=faults.attempt(lambda: check_name(said(row.text("名称"))), ""),
        kind="ibasho",
        phones=usable(row, read_phone, "電話番号1", "電話番号2", "電話番号"),
        fax=next(iter(usable(row, read_phone, "FAX番号")), ""),
        emails=usable(row, read_mail, "メールアドレス1", "メールアドレス2", "メールアドレス"),
        url=next(iter(usable(row, read_url, "URL")), ""),
        openings=faults.attempt(lambda: (_read_opening(row),), ()),
        **_read_texts(row, faults),
    )
    place = faults.attempt(lambda: _read_place(row), Municipality("", ""))
    lat, lon = faults.attempt(lambda: read_point(row), (None, None))
    note = faults.attempt(lambda: check_length(_note(row), "備考など"), "")
    if faults.found:
        return faults.problem(row.number)
    return replace(
        draft,
        key="|".join((place.key, *(fold_text(part).replace("|", "") for part in (draft.name, draft.address)))),
        prefecture=place.prefecture,
        city=place.city,
        city_code=place.city_code,
        lat=lat,
        lon=lon,
        coordinate_source="" if lat is None else SOURCE,
        note=note,
    )


def _read_texts(row: Row, faults: Faults) -> dict[str, Any]:
    return {field: faults.attempt(partial(_read_text, row, *columns), "") for field, columns in _TEXTS.items()}


def _read_text(row: Row, limit: str, *columns: str) -> str:
    return check_length(said(row.text(*columns)), limit)


def _read_place(row: Row) -> Municipality:
    return find_municipality(row.text(*CODE_COLUMNS), row.text("都道府県", "都道府県名"), row.text("市区町村名"))


def _read_opening(row: Row) -> OpeningDraft:
    times = read_opening_times(row)
    return OpeningDraft(
        title="子ども食堂",
        activity=check_length(read_support(row), "説明"),
        activity_tags=read_activity_tags(row),
        slots=times.slots,
        times_note=check_length(times.note, "曜日・時間の説明"),
        capacity=_read_count(row.text("定員")),
        paused=times.paused,
        conditions=read_conditions(row),
    )


def _read_count(text: str) -> int | None:
    number = _COUNT.fullmatch(unicodedata.normalize("NFKC", text[:20]).strip())
    return int(number[1]) if number else None


def _note(row: Row) -> str:
    """Everything the row says that no field can hold, each with the name of its column."""
    lines = [f"{name}: {text}" for name in _NOTED if (text := said(row.text(name)))]
    if fees := say_fees(row):
        lines.append(f"参加費: {fees}")
    for column, label in _SERVICES:
        if text := said(row.text(column)):
            lines.append(f"{label}: {'あり' if text in ('1', '1.0', '有', 'あり') else text}")
    capacity = said(row.text("定員"))
    if capacity and _read_count(capacity) is None:
        lines.append(f"定員: {capacity}")
    return "\n".join(lines + unusable(row))


def _tell_apart(read: Sequence[tuple[Row, HostDraft]]) -> tuple[list[tuple[int, HostDraft]], list[RowProblem]]:
    """Each draft under a key of its own; the same row again, or one that not even NO tells apart, is a problem."""
    problems: list[RowProblem] = []
    first_with: dict[tuple[tuple[str, str], ...], int] = {}
    single: list[tuple[Row, HostDraft]] = []
    for row, draft in read:
        first = first_with.setdefault(tuple(row.cells.items()), row.number)
        if first == row.number:
            single.append((row, draft))
        else:
            problems.append(
                RowProblem(row.number, f"同じ行が2回あります（{first}行目と同じ）。", "どちらかの行を消してください。")
            )
    count = Counter(draft.key for _, draft in single)
    kept: dict[str, tuple[int, HostDraft]] = {}
    for row, draft in single:
        key = f"{draft.key}|{row.text('NO')}" if count[draft.key] > 1 else draft.key
        if key in kept:
            problems.append(
                RowProblem(
                    row.number,
                    f"市区町村・名称・住所・NO が{kept[key][0]}行目と同じです。",
                    "別の場所なら NO を変え、同じ場所なら1行にまとめてください。",
                )
            )
        else:
            kept[key] = (row.number, replace(draft, key=key))
    return list(kept.values()), problems
