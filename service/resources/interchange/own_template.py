"""Reading our own list of places as it comes back filled in."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from service.kernel.kana import fold_text
from service.kernel.timetable import SlotProblem, SlotText, parse_slots
from service.kernel.vocab import Attribute, Vocabulary
from service.resources.interchange.answers import UNKNOWN, read_answer, read_tags, say_allowed
from service.resources.interchange.contacts import read_mail, read_phone, read_url, said
from service.resources.interchange.drafts import (
    HOST_KINDS,
    Faults,
    HostDraft,
    OpeningDraft,
    ReadResult,
    RowFault,
    RowProblem,
    check_length,
    check_name,
    check_surplus,
)
from service.resources.interchange.points import read_point
from service.resources.interchange.reading import Row, read_table
from service.resources.interchange.template import (
    OWN_HEADERS,
    SAMPLE_MARK,
    SOURCE,
    STATES,
    accepted_headers,
    activity_side,
    write_template,
)

__all__ = ["read_own_template", "write_template"]

MAX_PLACES: Final = 1_000
# Field of the draft: the limit that holds for it, and its column.
_TEXTS: Final = {
    "kana": ("名称_カナ", "よみがな"),
    "organisation": ("団体名", "運営団体"),
    "address": ("住所", "住所"),
    "building": ("方書", "建物"),
    "description": ("説明", "紹介文"),
}
_KIND_BY_WORD: Final = {fold_text(word): key for key, label in HOST_KINDS.items() for word in (key, label)}


def read_own_template(data: bytes, vocabulary: Vocabulary) -> ReadResult:
    """Drafts and problems of a filled template (xlsx or CSV); FileProblem when it is no such list."""
    table = read_table(data, required=("名称",))
    columns = accepted_headers(vocabulary)
    drafts: dict[str, tuple[int, HostDraft]] = {}
    problems: list[RowProblem] = []
    for row in table.rows:
        if row.text("名称").startswith((SAMPLE_MARK, unicodedata.normalize("NFKC", SAMPLE_MARK))):
            continue
        read = _read_row(row, vocabulary, columns)
        if isinstance(read, RowProblem):
            problems.append(read)
        elif read.key in drafts:
            problems.append(_repeated(row.number, drafts[read.key][0]))
        else:
            drafts[read.key] = (row.number, read)
    return ReadResult(tuple(drafts.values()), tuple(problems))


def _repeated(row: int, first: int) -> RowProblem:
    return RowProblem(
        row,
        f"名称と住所が{first}行目と同じです。",
        "同じ場所なら1行にまとめてください。活動が複数あるときは、取り込んだあとに画面で足せます。",
    )


def _read_row(row: Row, vocabulary: Vocabulary, columns: Mapping[str, Attribute]) -> HostDraft | RowProblem:
    """The row as a draft, or everything that is wrong with it."""
    faults = Faults()
    faults.attempt(lambda: check_surplus(row.surplus), None)
    lat, lon = faults.attempt(lambda: read_point(row), (None, None))
    draft = HostDraft(
        key="",
        name=faults.attempt(lambda: check_name(row.text("名称")), ""),
        kind=faults.attempt(lambda: _read_kind(row.text("種別")), "other"),
        lat=lat,
        lon=lon,
        coordinate_source="" if lat is None else SOURCE,
        phones=faults.attempt(lambda: _read_contacts(row, "電話", read_phone), ()),
        fax=next(iter(faults.attempt(lambda: _read_contacts(row, "FAX", read_phone), ())), ""),
        emails=faults.attempt(lambda: _read_contacts(row, "メール", read_mail), ()),
        url=next(iter(faults.attempt(lambda: _read_contacts(row, "URL", read_url), ())), ""),
        openings=(_read_opening(row, vocabulary, columns, faults),),
        note=faults.attempt(lambda: check_length(_note(row, columns), "備考など"), ""),
        **_read_texts(row, faults),
    )
    if faults.found:
        return faults.problem(row.number)
    return replace(draft, key="|".join(("own", *(fold_text(part).replace("|", "") for part in (draft.name, draft.address)))))


def _read_opening(row: Row, vocabulary: Vocabulary, columns: Mapping[str, Attribute], faults: Faults) -> OpeningDraft:
    answers = {
        attribute.key: faults.attempt(partial(read_answer, attribute, row.cells[header]), None)
        for header, attribute in columns.items()
        if row.cells.get(header)
    }
    return OpeningDraft(
        title=faults.attempt(lambda: _read_text(row, "名称", "活動"), "") or row.text("名称"),
        activity=faults.attempt(lambda: _read_text(row, "説明", "活動の内容"), ""),
        activity_tags=faults.attempt(lambda: _read_activity_tags(row.text("活動の種類"), vocabulary), ()),
        slots=faults.attempt(lambda: _read_slots(row.text("曜日時間")), ()),
        times_note=faults.attempt(lambda: _read_text(row, "曜日・時間の説明", "時間の説明"), ""),
        free=faults.attempt(lambda: _read_free(row.text("空き")), None),
        paused=faults.attempt(lambda: _read_state(row.text("状況")), False),
        conditions={key: value for key, value in answers.items() if value is not None},
    )


def _read_texts(row: Row, faults: Faults) -> dict[str, Any]:
    return {field: faults.attempt(partial(_read_text, row, *column), "") for field, column in _TEXTS.items()}


def _read_text(row: Row, limit: str, column: str) -> str:
    return check_length(said(row.text(column)), limit)


def _read_kind(text: str) -> str:
    if fold_text(text) in UNKNOWN:
        return "other"
    kind = _KIND_BY_WORD.get(fold_text(text))
    if kind is None:
        raise RowFault(
            f"種別「{text[:20]}」が分かりません。", f"種別は、{'・'.join(HOST_KINDS.values())} から選んでください。"
        )
    return kind


def _read_slots(text: str) -> tuple[SlotText, ...]:
    try:
        return parse_slots(text) if said(text) else ()
    except SlotProblem as problem:
        raise RowFault(f"曜日時間が正しくありません。{problem.message}", problem.remedy) from None


def _read_activity_tags(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    side = activity_side(vocabulary)
    try:
        return tuple(dict.fromkeys(read_tags(side, text)))
    except ValueError as unknown:
        raise RowFault(
            f"活動の種類「{unknown}」が分かりません。", f"活動の種類は、{say_allowed(side)}入れてください。"
        ) from None


def _read_free(text: str) -> int | None:
    words = unicodedata.normalize("NFKC", text[:20]).strip().removesuffix("人").strip()
    if fold_text(words) in UNKNOWN:
        return None
    if words == "なし":
        return 0
    if not (words.isascii() and words.isdecimal() and int(words) <= MAX_PLACES):
        raise RowFault(
            f"空き「{text[:20]}」を人数として読めません。", f"空きは0〜{MAX_PLACES}の数字にするか、空にしてください。"
        )
    return int(words)


def _read_state(text: str) -> bool:
    if text and text not in STATES:
        raise RowFault(f"状況「{text[:20]}」が分かりません。", f"状況は、{'・'.join(STATES)} から選んでください。")
    return text == STATES[1]


def _read_contacts(row: Row, column: str, read: Callable[[str], str]) -> tuple[str, ...]:
    pieces = [piece for piece in re.split("[、,;，；\n]", said(row.text(column))) if piece.strip()]
    found = [read(piece) for piece in pieces]
    if not all(found):
        raise RowFault(f"{column}「{row.text(column)[:40]}」を読めません。", f"{column}を直すか、備考に移してください。")
    return tuple(dict.fromkeys(found))


def _note(row: Row, columns: Mapping[str, Attribute]) -> str:
    """The remarks, and what stands in columns of the town's own, with their headers."""
    own = [f"{name}: {text}" for name, text in row.cells.items() if text and name not in OWN_HEADERS and name not in columns]
    return "\n".join([*([row.text("備考")] if row.text("備考") else []), *own])
