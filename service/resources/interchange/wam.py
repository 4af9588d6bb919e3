"""Reading 障害福祉サービス等情報公表 (WAM NET): each 事業所 with its service, as nobody has confirmed it yet."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from service.kernel.kana import fold_text
from service.resources.interchange.contacts import read_phone, read_url, said, usable
from service.resources.interchange.drafts import (
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
from service.resources.interchange.municipalities import Municipality, find_municipality
from service.resources.interchange.points import read_point
from service.resources.interchange.reading import Row, read_table

SOURCE: Final = "障害福祉サービス等情報公表"
KEY_COLUMNS: Final = ("事業所番号", "サービス種別", "事業所の名称")
CODE_COLUMN: Final = "都道府県コード又は市区町村コード"
_HOURS: Final = {f"利用可能な時間帯({day})": day for day in ("平日", "土曜", "日曜", "祝日")}
_TIMES: Final = _HOURS | {"定休日": "定休日", "利用可能曜日特記事項(留意事項)": "特記事項"}
_CONTACTS: Final = ((read_phone, "事業所電話番号"), (read_phone, "事業所FAX番号"), (read_url, "事業所URL"))
_COUNT: Final = re.compile(r"([0-9]{1,5})(?:\.0)?[人名]?")


def read_wam(data: bytes) -> ReadResult:
    """Drafts and problems of the published list (CSV or xlsx); FileProblem when it is no such list."""
    read = [_read_row(row) for row in read_table(data, required=(CODE_COLUMN, *KEY_COLUMNS)).rows]
    problems = [problem for problem in read if isinstance(problem, RowProblem)]
    kept, repeated = _tell_apart([draft for draft in read if not isinstance(draft, RowProblem)])
    return ReadResult(tuple(kept), tuple(sorted([*problems, *repeated], key=lambda problem: problem.row)))


def _read_row(row: Row) -> tuple[int, HostDraft] | RowProblem:
    """The row as a draft, or everything that is wrong with it."""
    faults = Faults()
    faults.attempt(lambda: check_surplus(row.surplus), None)
    key = faults.attempt(lambda: _key(row), "")
    place = faults.attempt(lambda: find_municipality(row.text(CODE_COLUMN), "", ""), Municipality("", ""))
    lat, lon = faults.attempt(lambda: read_point(_under_plain_names(row)), (None, None))
    draft = HostDraft(
        key=key,
        name=faults.attempt(lambda: check_name(said(row.text("事業所の名称"))), ""),
        kind="welfare",
        kana=faults.attempt(partial(_text, row, "名称_カナ", "事業所の名称_かな"), ""),
        organisation=faults.attempt(partial(_text, row, "団体名", "法人の名称"), ""),
        address=faults.attempt(partial(_text, row, "住所", "事業所住所(市区町村)", "事業所住所(番地以降)"), ""),
        phones=usable(row, read_phone, "事業所電話番号"),
        fax=next(iter(usable(row, read_phone, "事業所FAX番号")), ""),
        url=next(iter(usable(row, read_url, "事業所URL")), ""),
        note=faults.attempt(lambda: check_length(_note(row), "備考など"), ""),
        openings=faults.attempt(lambda: (_read_opening(row),), ()),
    )
    if faults.found:
        return faults.problem(row.number)
    source = "" if lat is None else SOURCE
    return row.number, replace(draft, prefecture=place.prefecture, lat=lat, lon=lon, coordinate_source=source)


def _key(row: Row) -> str:
    """The number alone stands for several services: number, service and name together are one place."""
    words = [said(row.text(name)) for name in KEY_COLUMNS]
    if not words[0]:
        raise RowFault("事業所番号がありません。", "事業所番号を入れてください。")
    return "|".join(("wam", *(fold_text(word).replace("|", "") for word in words)))


def _under_plain_names(row: Row) -> Row:
    return Row(row.number, {name: row.text(f"事業所{name}") for name in ("緯度", "経度")})


def _text(row: Row, limit: str, *columns: str) -> str:
    return check_length("".join(said(row.text(name)) for name in columns), limit)


def _read_opening(row: Row) -> OpeningDraft:
    times = "、".join(f"{label} {text}" for name, label in _TIMES.items() if (text := said(row.text(name))))
    return OpeningDraft(
        title=check_length(said(row.text("サービス種別")), "名称") or "障害福祉サービス",
        times_note=check_length(times, "曜日・時間の説明"),
        capacity=_read_count(row.text("定員")),
    )


def _read_count(text: str) -> int | None:
    number = _COUNT.fullmatch(unicodedata.normalize("NFKC", text[:20]).strip())
    return int(number[1]) if number else None


def _note(row: Row) -> str:
    """What no field can hold, each with the name of its column."""
    lines = [f"{name}: {text}" for name in ("事業所番号", "法人番号") if (text := said(row.text(name)))]
    lines += [f"{name}: {text}" for read, name in _CONTACTS if (text := said(row.text(name))) and not read(text)]
    capacity = said(row.text("定員"))
    return "\n".join(lines + ([f"定員: {capacity}"] if capacity and _read_count(capacity) is None else []))


def _tell_apart(drafts: Sequence[tuple[int, HostDraft]]) -> tuple[list[tuple[int, HostDraft]], list[RowProblem]]:
    """The first row of each key; one that says the same place again is a problem."""
    first: dict[str, tuple[int, HostDraft]] = {}
    problems: list[RowProblem] = []
    for number, draft in drafts:
        known = first.setdefault(draft.key, (number, draft))
        if known[0] != number:
            problems.append(
                RowProblem(
                    number,
                    f"事業所番号・サービス種別・名称が{known[0]}行目と同じです。",
                    "同じ事業所なら1行にまとめてください。",
                )
            )
    return list(first.values()), problems
