"""The directory as a table: the columns that go out and come back, and each row read with all that is wrong with it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from service.kernel.dates import DateProblem, parse_date
from service.kernel.kana import fold_text
from service.resources.agencies.catalogue import key_of
from service.resources.agencies.kinds import FIELDS, KINDS, say_kind
from service.resources.agencies.models import Agency
from service.resources.interchange.contacts import read_mail, read_phone, said
from service.resources.interchange.drafts import Faults, RowFault, RowProblem, check_surplus
from service.resources.interchange.reading import Row, read_table
from service.resources.interchange.writing import GETA, Value

SAMPLE_MARK: Final = "（例）"
TEXTS: Final[Mapping[str, tuple[str, int]]] = {
    "name": ("名称", 200), "kana": ("よみがな", 200), "section": ("担当課", 100), "handles": ("受けること", 1000),
    "address": ("住所", 300), "hours": ("受付時間", 200), "contact": ("窓口の方", 100), "note": ("備考", 1000),
}  # fmt: skip
LABELS: Final[Mapping[str, str]] = {
    "name": "名称", "kana": "よみがな", "kind": "種類", "section": "担当課", "is_municipal": "市の窓口", "fields": "分野",
    "handles": "受けること", "phone": "電話", "fax": "FAX", "email": "メール", "hours": "受付時間", "contact": "窓口の方",
    "address": "住所", "note": "備考", "active": "使う", "confirmed_on": "確認日",
}  # fmt: skip
HEADER: Final = tuple(LABELS.values())
SAMPLE: Final[Sequence[Value]] = (
    f"{SAMPLE_MARK}海辺地域包括支援センター", "うみべちいきほうかつしえんせんたー", "地域包括支援センター", "高齢者いきいき課", "いいえ",
    "高齢", "65歳以上の方の相談", "000-000-0000", "", "", "平日 8:30-17:15", "", "〇〇市△△町1-2-3", "", "はい", "令和8年6月22日",
)  # fmt: skip
_BY_KIND: Final = {fold_text(word): key for key, label in KINDS.items() for word in (key, label)}
_BY_FIELD: Final = {fold_text(word): key for key, label in FIELDS.items() for word in (key, label)}
_YES, _NO = frozenset(("はい", "直営", "○", "TRUE", "1", "使う")), frozenset(("いいえ", "×", "FALSE", "0", "使わない"))


@dataclass(frozen=True)
class Draft:
    """A good row: the agency's key, and what the row says; what it leaves empty is not among it."""

    row: int
    key: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class ReadAgencies:
    """The good rows and the bad ones, each row in exactly one of the two."""

    drafts: tuple[Draft, ...]
    problems: tuple[RowProblem, ...]


def write_row(agency: Agency) -> list[Value]:
    """An agency as a line of the table."""
    said_of: dict[str, Value] = {name: getattr(agency, name) for name in LABELS if name not in ("fields", "confirmed_on")}
    said_of["kind"] = say_kind(agency.kind)
    # 健康・医療 is one field: what stands between two of them is another mark.
    said_of["fields"] = "、".join(label for key, label in FIELDS.items() if key in agency.fields)
    said_of["confirmed_on"] = agency.confirmed_on.isoformat() if agency.confirmed_on else ""
    return [said_of[name] for name in LABELS]


def read_agencies(data: bytes) -> ReadAgencies:
    """Drafts and problems of a filled list (xlsx or CSV); FileProblem when it is no such list."""
    drafts: dict[str, Draft] = {}
    problems: list[RowProblem] = []
    for row in read_table(data, required=("名称",)).rows:
        if row.text("名称").startswith((SAMPLE_MARK, "(例)")):
            continue
        read = _read_row(row)
        if isinstance(read, RowProblem):
            problems.append(read)
        elif read.key in drafts:
            problems.append(_repeated(read, drafts[read.key]))
        else:
            drafts[read.key] = read
    return ReadAgencies(tuple(drafts.values()), tuple(problems))


def _repeated(draft: Draft, first: Draft) -> RowProblem:
    return RowProblem(
        draft.row,
        f"名称と担当課が{first.row}行目と同じです。",
        "同じ機関なら1行にまとめてください。別の機関なら、名称か担当課で区別してください。",
    )


def _read_row(row: Row) -> Draft | RowProblem:
    """The row as a draft, or everything that is wrong with it."""
    faults = Faults()
    faults.attempt(lambda: check_surplus(row.surplus), None)
    if not row.text("名称"):
        faults.found.append(RowFault("名称がありません。", "名称を入れてください。"))
    values: dict[str, Any] = {name: faults.attempt(partial(_read_text, row, *column), "") for name, column in TEXTS.items()}
    values |= {
        "kind": faults.attempt(lambda: _read_kind(row.text("種類")), ""),
        "fields": faults.attempt(lambda: _read_fields(row.text("分野")), []),
        "is_municipal": faults.attempt(lambda: _read_flag(row, "市の窓口"), None),
        "active": faults.attempt(lambda: _read_flag(row, "使う"), None),
        "phone": faults.attempt(lambda: _read_contact(row, "電話"), ""),
        "fax": faults.attempt(lambda: _read_contact(row, "FAX"), ""),
        "email": faults.attempt(lambda: _read_contact(row, "メール"), ""),
        "confirmed_on": faults.attempt(lambda: _read_day(row.text("確認日")), None),
    }
    if faults.found:
        return faults.problem(row.number)
    known = {name: value for name, value in values.items() if value not in ("", None, [])}
    return Draft(row.number, key_of(values["name"], values["section"]), known)


def _read_text(row: Row, column: str, longest: int) -> str:
    text = said(row.text(column))
    if GETA in text:
        raise RowFault(
            f"「{column}」に、Shift_JIS で書けなかった文字（{GETA}）があります。",
            "Excel か UTF-8 の CSV で書き出したファイルを使うか、その文字を直してください。",
        )
    if len(text) > longest:
        raise RowFault(f"「{column}」が{longest}字を超えています。", f"「{column}」を{longest}字までに短くしてください。")
    return text


def _read_kind(text: str) -> str:
    if not said(text):
        return ""
    kind = _BY_KIND.get(fold_text(text))
    if kind is None:
        raise RowFault(f"種類「{text[:20]}」が分かりません。", f"種類は、{'、'.join(KINDS.values())} から選んでください。")
    return kind


def _read_fields(text: str) -> list[str]:
    pieces = [piece.strip() for piece in re.split("[、,，;；\n]", said(text)) if piece.strip()]
    unknown = next((piece for piece in pieces if fold_text(piece) not in _BY_FIELD), None)
    if unknown is not None:
        raise RowFault(
            f"分野「{unknown[:20]}」が分かりません。",
            f"分野は、{'、'.join(FIELDS.values())} から選び、「、」で区切ってください。",
        )
    chosen = {_BY_FIELD[fold_text(piece)] for piece in pieces}
    return [key for key in FIELDS if key in chosen]


def _read_flag(row: Row, column: str) -> bool | None:
    text = said(row.text(column))
    if text and text not in _YES | _NO:
        raise RowFault(f"{column}「{text[:20]}」が分かりません。", f"{column}は、はい か いいえ で入れてください。")
    return text in _YES if text else None


def _read_contact(row: Row, column: str) -> str:
    """One number or address; several stay as they are written when each of them can be used."""
    text = said(row.text(column))
    read = read_mail if column == "メール" else read_phone
    found = [read(piece) for piece in re.split("[、,;，；\n]", text) if piece.strip()]
    if not all(found):
        raise RowFault(f"{column}「{text[:40]}」を読めません。", f"{column}を直すか、備考に移してください。")
    return "、".join(found)


def _read_day(text: str) -> date | None:
    try:
        return parse_date(said(text)) if said(text) else None
    except DateProblem as problem:
        raise RowFault(f"確認日が正しくありません。{problem.message}", problem.remedy) from None
