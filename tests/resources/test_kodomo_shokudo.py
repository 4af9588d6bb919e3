"""The open data list of 子ども食堂: what is said is kept, what is not said stays unknown, bad rows are told."""

import random

import pytest

from service.kernel.timetable import format_slots
from service.kernel.vocab import check_value, load_vocabulary
from service.resources.interchange.kodomo_shokudo import read_kodomo_shokudo
from service.resources.interchange.reading import FileProblem
from service.resources.interchange.writing import write_xlsx
from tests.resources.kodomo_rows import GOOD, HEADER, csv_of, draft, read


def test_a_full_row_becomes_a_host_with_one_opening() -> None:
    host = draft(
        名称="子ども食堂かわごえ",
        実施支援の主な区分="学習支援,遊び・スポーツ・体験活動の場,",
        設置目的="食事と居場所",
        電話番号1="049−000−0000",
        URL="https://example.org/食堂",
        メールアドレス1="a@example.org",
        運営団体名="川越の会",
        開催頻度="1か月に1回",
        開催曜日="土",
        開催日="第2土曜日",
        開催開始時間="12:00:00",
        開催終了時間="14:00",
        参加費_大人="300",
        定員="20人",
    )
    opening = host.openings[0]
    assert (host.kind, host.city_code, host.prefecture, host.city) == ("ibasho", "112011", "埼玉県", "川越市")
    assert (host.lat, host.lon, host.coordinate_source) == (35.925, 139.485, "子ども食堂一覧")
    assert (host.phones, host.url, host.emails) == (("049-000-0000",), "https://example.org/食堂", ("a@example.org",))
    assert (host.organisation, host.description) == ("川越の会", "食事と居場所")
    assert opening.activity == "子ども食堂、学習支援、遊び・スポーツ・体験活動の場"
    assert opening.activity_tags == ("ibasho", "study", "sports")
    assert (format_slots(opening.slots), opening.times_note) == ("第2土 12:00–14:00", "1か月に1回、第2土曜日")
    assert (opening.capacity, opening.free, opening.paused) == (20, None, False)
    assert opening.conditions == {"cost": 300, "children": True}


def test_an_almost_empty_row_is_taken_and_claims_nothing() -> None:
    result = read_kodomo_shokudo(csv_of([{"都道府県コード又は市区町村コード": "11", "名称": "ひだまり"}]))
    host = result.drafts[0][1]
    assert result.problems == ()
    assert (host.lat, host.lon, host.coordinate_source, host.full_address, host.note) == (None, None, "", "", "")
    assert (host.openings[0].slots, host.openings[0].conditions) == ((), {})


def test_every_condition_is_one_the_vocabulary_can_hold() -> None:
    vocabulary = load_vocabulary()
    activities = {activity.key for activity in vocabulary.activities}
    host = draft(
        参加条件="18歳まで", 参加費_大人="0", 実施支援の主な区分="プレーパーク,多世代交流拠点,学習支援,親子交流の場"
    )
    for key, value in host.openings[0].conditions.items():
        assert check_value(vocabulary[key].host, value) == value
    assert set(host.openings[0].activity_tags) <= activities


@pytest.mark.parametrize(
    "url", ["http:/example.jp", "https//example.jp", "example.jp", "https://a.jp  https://b.jp", "javascript:alert(1)"]
)
def test_an_address_no_browser_opens_stays_in_the_note(url: str) -> None:
    host = draft(URL=url)
    assert host.url == ""
    assert f"URL: {url}" in host.note


def test_other_contacts_that_cannot_be_used_stay_in_the_note() -> None:
    host = draft(電話番号1="事務局まで", メールアドレス1="a＠", 備考="裏口から", 定員="各回20食", フードパントリー実施="1.0")
    assert (host.phones, host.emails, host.openings[0].capacity) == ((), (), None)
    for words in (
        "電話番号1: 事務局まで",
        "メールアドレス1: a＠",
        "備考: 裏口から",
        "定員: 各回20食",
        "フードパントリー: あり",
    ):
        assert words in host.note


@pytest.mark.parametrize(
    ("code", "city", "city_code"),
    [
        ("11", "川越市", "112011"),
        ("011", "川越市", "112011"),
        ("110001", "さいたま市", "111007"),
        ("112011", "", "112011"),
        ("11201", "", "112011"),
        ("11.0", "三芳町", "113247"),
        ("", "鶴ケ島市", "112411"),
        ("92011", "", "092011"),
        ("149993", "潮見市", "149993"),
        ("11", "架空市", ""),
    ],
)
def test_codes_are_understood_as_files_write_them(code: str, city: str, city_code: str) -> None:
    host = draft(都道府県コード又は市区町村コード=code, 市区町村名=city)
    assert host.city_code == city_code


def test_missing_coordinates_do_not_cost_a_row() -> None:
    for lat, lon in (("", ""), ("-", "-"), ("0", "0"), ("0.0", "139.4"), ("－", "")):
        assert draft(緯度=lat, 経度=lon).lat is None


BAD: list[tuple[dict[str, str], str]] = [
    ({"名称": ""}, "名称がありません"),
    ({"名称": "－"}, "名称がありません"),
    ({"名称": "あ" * 201}, "200字"),
    ({"住所": "あ" * 301}, "300字"),
    ({"備考": "あ" * 2001}, "2000字"),
    ({"緯度": "139.485", "経度": "35.925"}, "入れ替わって"),
    ({"緯度": "369.56"}, "範囲"),
    ({"経度": "0139485"}, "数字ではありません"),
    ({"緯度": "北緯35度"}, "数字ではありません"),
    ({"緯度": "nan"}, "数字ではありません"),
    ({"経度": ""}, "経度が空"),
    ({"開催開始時間": "25:00"}, "25:00"),
    ({"開催開始時間": "24:00"}, "24:00"),
    ({"開催終了時間": "９：７５"}, "時刻はありません"),
    ({"開催開始時間": "14:00", "開催終了時間": "12:00"}, "より後ではありません"),
    ({"開催日": "土" * 501}, "長すぎ"),
    ({"都道府県コード又は市区町村コード": "99"}, "コード"),
    ({"都道府県コード又は市区町村コード": "112012"}, "コード"),
    ({"都道府県コード又は市区町村コード": "埼玉"}, "コード"),
    ({"都道府県コード又は市区町村コード": "", "都道府県": ""}, "コードがありません"),
]
FINE: list[dict[str, str]] = [
    {},
    {"緯度": "", "経度": ""},
    {"緯度": "0", "経度": "0"},
    {"開催曜日": "月火水", "開催開始時間": "9:30", "開催終了時間": "24:00"},
    {"開催開始時間": "10時ごろ"},
    {"開催日": "第2or第3土曜日", "参加費_大人": "300～500"},
    {"URL": "http:/broken", "電話番号1": "なし"},
    {"都道府県コード又は市区町村コード": "011"},
    {"備考": '改行\nと"引用符"、カンマ,'},
    {"参加条件": "ひとり親世帯,18才まで0"},
    {"住所": ""},
]


@pytest.mark.parametrize(("wrong", "reason"), BAD)
def test_a_bad_row_says_why_and_what_to_do(wrong: dict[str, str], reason: str) -> None:
    result = read(wrong)
    assert result.drafts == ()
    assert result.problems[0].row == 2
    assert reason in result.problems[0].reason
    assert result.problems[0].remedy.endswith("。")


def test_all_that_is_wrong_with_a_row_is_one_entry() -> None:
    result = read({"名称": "", "緯度": "369.56", "開催開始時間": "25:00"})
    assert [problem.row for problem in result.problems] == [2]
    for reason in ("名称", "369.56", "25:00"):
        assert reason in result.problems[0].reason


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932", "utf-16", "xlsx"])
def test_of_planted_rows_exactly_the_bad_ones_are_listed(encoding: str) -> None:
    chance = random.Random(20261123)
    rows, bad = [], set()
    for number in range(2, 302):
        is_bad = chance.random() < 0.3
        cells = chance.choice(BAD)[0] if is_bad else chance.choice(FINE)
        rows.append(GOOD | {"NO": str(number), "名称": f"食堂{number}"} | cells)
        bad |= {number} if is_bad else set()
    data = (
        write_xlsx(HEADER, [[row.get(name, "") for name in HEADER] for row in rows])
        if encoding == "xlsx"
        else csv_of(rows, encoding)
    )
    result = read_kodomo_shokudo(data)
    assert {problem.row for problem in result.problems} == bad
    assert {row for row, _ in result.drafts} == set(range(2, 302)) - bad
    assert len({host.key for _, host in result.drafts}) == len(result.drafts)


def test_the_same_row_again_is_told_and_the_first_kept() -> None:
    result = read({}, {})
    assert [row for row, _ in result.drafts] == [2]
    assert "2行目" in result.problems[0].reason
    assert result.problems[0].row == 3


def test_two_places_of_one_name_and_address_are_told_apart_by_no() -> None:
    first, second = read({"NO": "1"}, {"NO": "2"}).drafts
    assert first[1].key != second[1].key
    alone = read({"NO": "1"}).drafts[0][1]
    assert first[1].key == f"{alone.key}|1"


def test_what_not_even_no_tells_apart_is_a_problem() -> None:
    result = read({"NO": "1"}, {"NO": "1", "備考": "別"})
    assert [row for row, _ in result.drafts] == [2]
    assert [problem.row for problem in result.problems] == [3]


def test_a_key_survives_another_width_of_writing() -> None:
    assert draft(名称="みんなの食堂　ＡＢＣ").key == draft(名称="みんなの食堂 abc").key
    assert draft(名称="べつの食堂").key != draft().key


def test_a_shifted_row_is_not_taken() -> None:
    data = csv_of([GOOD]).decode().rstrip("\r\n") + ",はみ出し\r\n"
    assert "見出しのない列" in read_kodomo_shokudo(data.encode()).problems[0].reason


def test_another_list_is_refused_as_a_whole() -> None:
    for text in ("名称,住所\n公民館,川越市\n", "氏名,開催日\n青木,土\n"):
        with pytest.raises(FileProblem):
            read_kodomo_shokudo(text.encode())
