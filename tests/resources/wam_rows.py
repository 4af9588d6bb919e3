"""障害福祉サービス等情報公表 as a file of its own: rows for the tests."""

import csv
import io

GOOD = {
    "都道府県コード又は市区町村コード": "01100",
    "NO（※システム内の固有の番号、連番）": "A1",
    "法人の名称": "社会福祉法人　しおみ",
    "サービス種別": "共同生活援助",
    "事業所の名称": "ホームなぎさ",
    "事業所番号": "0199999999",
    "事業所住所（市区町村）": "北海道札幌市中央区",
    "事業所住所（番地以降）": "南一条西１丁目",
    "事業所電話番号": "011-000-0000",
    "事業所緯度": "43.03",
    "事業所経度": "141.37",
    "利用可能な時間帯（平日）": "9:00～24:00",
    "定休日": "-",
    "定員": "7",
}


def wam_file(*changes: dict[str, str], encoding: str = "cp932") -> bytes:
    """The published list as a file, every row like the good one but for its changes."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(GOOD), quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(GOOD | change for change in changes)
    return text.getvalue().encode(encoding)
