"""Files of a 子ども食堂一覧 for tests: a good row, and rows that differ from it."""

import csv
import io

from service.kernel.timetable import format_slots
from service.resources.interchange.drafts import HostDraft, ReadResult
from service.resources.interchange.kodomo_shokudo import read_kodomo_shokudo

HEADER = [
    "NO",
    "都道府県コード又は市区町村コード",
    "都道府県",
    "市区町村名",
    "名称",
    "名称_カナ",
    "設置目的",
    "実施支援の主な区分",
    "住所",
    "方書",
    "緯度",
    "経度",
    "電話番号1",
    "電話番号2",
    "FAX番号",
    "URL",
    "メールアドレス1",
    "運営団体名",
    "開催頻度",
    "開催曜日",
    "開催日",
    "開催開始時間",
    "開催終了時間",
    "開催日時特記事項",
    "参加条件",
    "参加費_幼児",
    "参加費_小学生",
    "参加費_中学生",
    "参加費_高校生",
    "参加費_大人",
    "参加費特記事項",
    "予約方法",
    "定員",
    "フードパントリー実施",
    "テイクアウト実施",
    "学区",
    "ネットワークの加入",
    "備考",
]
GOOD = {
    "NO": "1",
    "都道府県コード又は市区町村コード": "11",
    "都道府県": "埼玉県",
    "市区町村名": "川越市",
    "名称": "みんなの食堂",
    "住所": "埼玉県川越市元町1-3-1",
    "緯度": "35.925",
    "経度": "139.485",
}


def csv_of(rows: list[dict[str, str]], encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([HEADER, *([row.get(name, "") for name in HEADER] for row in rows)])
    return text.getvalue().encode(encoding)


def read(*rows: dict[str, str]) -> ReadResult:
    return read_kodomo_shokudo(csv_of([GOOD | row for row in rows]))


def draft(**cells: str) -> HostDraft:
    result = read(cells)
    assert result.problems == ()
    return result.drafts[0][1]


def times(**cells: str) -> tuple[str, str]:
    opening = draft(**cells).openings[0]
    return format_slots(opening.slots), opening.times_note
