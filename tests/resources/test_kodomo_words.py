"""Days, fees, ages and groups of a 子ども食堂: clear words become slots and conditions, the others stay words."""

import pytest

from service.resources.interchange.kodomo_words import read_age, read_fee
from tests.resources.kodomo_rows import draft, times


@pytest.mark.parametrize(
    ("weekday", "day", "frequency", "wanted"),
    [
        ("月水金", "", "週に3回", "月水金"),
        ("金", "毎月第2金曜日・第４月曜日", "1か月に2回", "第2金・第4月"),
        ("金土", "毎週土曜日及び第4金曜日", "週に１回", "土・第4金"),
        ("木金土", "毎週木、金曜日、第2第4土曜日", "週に2回", "木金・第2・第4土"),
        ("水", "第２，４水曜日", "1か月に3回", "第2・第4水"),
        ("水", "第一～第四水曜日", "週に１回", "第1・第2・第3・第4水"),
        ("日", "最終週日曜日", "1か月に1回", "最終日"),
        ("土", "月末の土曜日", "1か月に1回", "最終土"),
        ("火", "第四土曜日", "1か月に1回", "第4土"),
        ("月火水木金土", "月～土", "毎日", "月火水木金土"),
        ("土", "第2or第3土曜日", "", "土"),
        ("", "毎月20日", "1か月に1回", ""),
        ("", "定休日以外毎日開催", "週に6回", ""),
        ("", "", "週に4回", ""),
    ],
)
def test_days_are_what_the_row_says(weekday: str, day: str, frequency: str, wanted: str) -> None:
    slots, note = times(開催曜日=weekday, 開催日=day, 開催頻度=frequency)
    assert slots == wanted
    assert day in note
    assert frequency in note


def test_a_day_without_its_week_is_not_passed_off_as_weekly() -> None:
    assert "毎週とは限りません" in times(開催曜日="日", 開催日="月1回　いずれかの日曜日", 開催頻度="1か月に1回")[1]
    assert "毎週とは限りません" not in times(開催曜日="日", 開催頻度="週に1回")[1]


def test_columns_that_contradict_each_other_are_shown() -> None:
    assert "開催曜日の欄は「火」" in times(開催曜日="火", 開催日="第四土曜日")[1]


def test_times_in_words_stay_words() -> None:
    slots, note = times(開催曜日="土", 開催開始時間="10時ごろ", 開催終了時間="日没")
    assert slots == "土"
    assert "開始 10時ごろ、終了 日没" in note


def test_hours_without_a_day_are_kept_in_words() -> None:
    assert times(開催開始時間="9:30", 開催終了時間="24:00") == ("", "開始 9:30、終了 24:00")


def test_an_end_without_a_start_is_kept() -> None:
    assert times(開催曜日="月火", 開催開始時間="-", 開催終了時間="18:00") == ("月火 –18:00", "")


def test_a_place_that_says_it_pauses_is_paused() -> None:
    assert draft(開催日時特記事項="コロナ禍のため現在は休止中").openings[0].paused
    assert not draft(開催日時特記事項="第5土曜日はお休み").openings[0].paused


@pytest.mark.parametrize(
    ("text", "fee"),
    [("0", 0), ("300", 300), ("３００円", 300), ("1,000", 1000), ("300.0", 300), ("無料", 0)]
    + [(text, None) for text in ("", "300～500", "500（1家族）", "通常価格", "100～", "食堂300、お弁当200", "9" * 30)],
)
def test_only_a_plain_number_is_a_fee(text: str, fee: int | None) -> None:
    assert read_fee(text) == fee


def test_fees_that_are_no_condition_are_kept_in_words() -> None:
    host = draft(参加費_幼児="18才まで0", 参加費_小学生="0", 参加費_大人="300～500", 参加費特記事項="ひとり親家庭は無料")
    assert "cost" not in host.openings[0].conditions
    assert "参加費: 幼児18才まで0、小学生0円、大人300～500" in host.note
    assert "参加費特記事項: ひとり親家庭は無料" in host.note


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("小学生", (6, 12)),
        ("小学生～高校生", (6, 18)),
        ("未就学児・小学生・中学生", (0, 15)),
        ("未就学児、小学生、中学生", (0, 15)),
        ("18歳まで", (None, 18)),
        ("１８才以下", (None, 18)),
        ("20歳未満", (None, 19)),
        ("中学生以上", (12, None)),
        ("小学校6年", (11, 12)),
        ("横瀬町町内小中学生", (6, 15)),
        ("ひとり親世帯,受け入れ年齢に制限あり（小学6年生～20代前半）", (11, 24)),
        ("ひとり親世帯,18歳まで", (None, 18)),
        ("未就学児・高校生", None),
        ("ひとり親世帯,小学生", None),
        ("ひとり親世帯", None),
        ("小学生・その他（不登校だった成人）", None),
        ("新座小学校", None),
        ("限定的年齢", None),
        ("高齢者", None),
        ("住宅居住の小学生優先、小学生", None),
        ("未就学児と小学校低学年対象。それ以上はボランティアとして参加", None),
        ("", None),
        ("歳" * 5_000, None),
    ],
)
def test_ages_are_taken_only_from_clear_words(text: str, ages: tuple[int | None, int | None] | None) -> None:
    assert read_age(text) == ages


def test_groups_are_kept_as_words_and_are_no_condition() -> None:
    host = draft(名称="食堂", 参加条件="経済的に困っている世帯,ひとり親世帯")
    assert host.openings[0].conditions == {}
    assert host.note == "参加条件: 経済的に困っている世帯,ひとり親世帯"
