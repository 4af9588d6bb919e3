"""Reading an xlsx upload in a process of its own, so that a hostile file can only hurt that process.

Run as a module it is that process: the file on standard input, one JSON object on standard output.
"""

import io
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from service.resources.interchange.package import PackageProblem, open_package
from service.resources.interchange.table import FileProblem, Record, too_many_rows

MEMORY_BYTES: Final = 512 * 1024 * 1024
SECONDS: Final = 20
MAX_CHARACTERS: Final = 20_000_000

_SAVE_AGAIN = "表計算ソフトで「Excel ブック (.xlsx)」として新しく保存し直してください。"
_REFUSALS: Final = {
    "broken": ("Excel ファイルが壊れていて読めません。", _SAVE_AGAIN),
    "encrypted": ("パスワードの付いた Excel ファイルです。", "パスワードを外して保存し直してください。"),
    "macro": ("マクロの入った Excel ファイルは取り込めません。", _SAVE_AGAIN),
    "external": (
        "ほかのファイルを参照している Excel ファイルは取り込めません。",
        "値だけを新しいブックに貼り付けてください。",
    ),
    "nested": (
        "ほかのファイルが埋め込まれた Excel ファイルは取り込めません。",
        "表だけを新しいブックに貼り付けてください。",
    ),
    "path": ("Excel ファイルの中の名前が正しくありません。", _SAVE_AGAIN),
    "doctype": ("Excel ファイルの中に使えない定義があります。", _SAVE_AGAIN),
    "not-xlsx": ("Excel ブック（.xlsx）ではありません。", _SAVE_AGAIN),
    "parts": ("Excel ファイルの部品が多すぎます。", "必要なシートだけを新しいブックに移してください。"),
    "unpacked": (
        "開くと大きくなりすぎる Excel ファイルです。",
        "必要なシートだけを新しいブックに移してください。",
    ),
    "columns": ("200列より右に文字があります。", "必要な列だけのファイルにしてください。"),
    "empty-rows": ("空の行が多すぎます。", "表の下の空の行を削除して、保存し直してください。"),
    "no-sheet": ("表のシートがありません。", "取り込む表を最初のシートに置いてください。"),
    "overload": (
        "大きすぎるか複雑すぎて、時間内に読めません。",
        "必要な行と列だけを CSV で保存し直してください。",
    ),
}


def read_workbook(data: bytes) -> Iterator[Record]:
    """The records of the first visible sheet; FileProblem with a Japanese reason for what may not be read."""
    root = Path(__file__).resolve().parents[3]
    try:
        answer = subprocess.run(  # noqa: S603 - our own module; the file is only its input
            [sys.executable, "-P", "-m", __name__],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            env={"PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8", "PATH": os.defpath},
            check=True,
        ).stdout
        said = json.loads(answer)
    except (subprocess.SubprocessError, json.JSONDecodeError):
        raise FileProblem(*_REFUSALS["overload"], "overload") from None
    if refusal := said.get("refusal"):
        raise too_many_rows() if refusal == "rows" else FileProblem(*_REFUSALS[refusal], refusal)
    return ((number, cells) for number, cells in said["records"])


def cell_text(value: Any) -> str:
    """What a cell shows, as text: whole numbers without a point, days as 2026-06-22, times as 9:30."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case datetime():
            return str(value.date() if value.time() == time() else value)
        case date():
            return str(value)
        case time():
            return _clock(value.hour * 3600 + value.minute * 60 + value.second)
        case timedelta():
            return _clock(round(value.total_seconds()))
    return str(value)


def _clock(seconds: int) -> str:
    """Hours and minutes of a cell; rounded, because a spreadsheet keeps 9:30 as a fraction of a day."""
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours}:{minutes:02d}"


def _first_sheet(package: bytes) -> list[Record]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(package))
    shown = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible
    ]
    if not shown:
        raise PackageProblem("no-sheet")
    records: list[Record] = []
    characters = 0
    rows = workbook.get_sheet_by_name(shown[0]).to_python(skip_empty_area=False)
    for number, values in enumerate(rows, start=1):
        cells = [cell_text(value) for value in values]
        characters += sum(map(len, cells))
        if characters > MAX_CHARACTERS:
            raise PackageProblem("unpacked")
        if any(cells):
            records.append((number, cells))
    return records


def _answer(data: bytes) -> dict[str, Any]:
    try:
        return {"records": _first_sheet(open_package(data))}
    except PackageProblem as problem:
        return {"refusal": problem.code}
    except MemoryError:
        return {"refusal": "overload"}
    except Exception:  # whatever the parser trips over, the file is not one we can read
        return {"refusal": "broken"}


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    json.dump(_answer(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    _main()
