import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.kernel.timetable import (
    LAST_WEEK,
    MAX_TIMETABLE_LENGTH,
    SlotProblem,
    SlotText,
    format_slots,
    merge_slots,
    parse_slots,
    parse_time,
    read_timetable,
    weekday_label,
)

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def days(text: str) -> list[tuple[int, tuple[int, ...]]]:
    return [(slot.weekday, slot.nth) for slot in parse_slots(text)]


def test_days_share_the_hours_that_follow_them() -> None:
    assert parse_slots("月水金 13:00-16:00; 土 9:00-11:00") == (
        SlotText(MON, 780, 960),
        SlotText(WED, 780, 960),
        SlotText(FRI, 780, 960),
        SlotText(SAT, 540, 660),
    )


@pytest.mark.parametrize(
    "text",
    [
        *(
            "月 13:00〜16:00",
            "月　１３：００～１６：００",
            "月曜日 13時-16時",
            "月曜13:00－16:00",
            "月 13:00ー16:00",
        ),
        *("月 午後1時から4時まで", "月: 13:00–16:00", "月\n", "月 13:00:00-16:00:00"),
    ],
)
def test_marks_and_width_of_hours_do_not_matter(text: str) -> None:
    wanted = SlotText(MON) if text == "月\n" else SlotText(MON, 780, 960)
    assert parse_slots(text) == (wanted,)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("平日", [(day, ()) for day in range(5)]),
        ("毎日", [(day, ()) for day in range(7)]),
        ("土日", [(SAT, ()), (SUN, ())]),
        ("月～土", [(day, ()) for day in range(6)]),
        ("金-月", [(FRI, ()), (SAT, ()), (SUN, ()), (MON, ())]),
        ("第2・第4土曜日", [(SAT, (2, 4))]),
        ("第２，４水曜日", [(WED, (2, 4))]),
        ("第二　、四月曜日", [(MON, (2, 4))]),
        ("第1第3木曜日", [(THU, (1, 3))]),
        ("毎月第3土曜日", [(SAT, (3,))]),
        ("月1回第2土", [(SAT, (2,))]),
        ("最終日曜日", [(SUN, (LAST_WEEK,))]),
        ("月末の土曜日", [(SAT, (LAST_WEEK,))]),
        ("第5土曜日", [(SAT, (5,))]),
        ("第一～第四水曜日", [(WED, (1, 2, 3, 4))]),
        ("第1金曜日、第3金曜日", [(FRI, (1, 3))]),
        ("毎月第2金曜日・第４月曜日", [(FRI, (2,)), (MON, (4,))]),
        ("毎週木、金曜日、第2第4土曜日", [(THU, ()), (FRI, ()), (SAT, (2, 4))]),
        ("第2・第4土、毎週土", [(SAT, ())]),
    ],
)
def test_days_and_weeks_of_the_month(text: str, wanted: list[tuple[int, tuple[int, ...]]]) -> None:
    assert days(text) == wanted


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("隔月第3木曜", "隔月"),
        ("奇数月第2土曜日", "奇数月"),
        ("第2or第3土曜日", "または"),
        ("第3（または第2）日曜日", "または"),
        ("月1回土曜日", "月1回"),
        ("毎月20日", "20日"),
        ("定休日以外毎日開催", "以外"),
        ("第2土・日", "日"),
        ("最終日曜日昼", "昼"),
        ("土日祝", "祝"),
        ("日没まで", "日"),
    ],
)
def test_what_cannot_be_kept_is_named_and_never_guessed(text: str, unread: str) -> None:
    assert unread in read_timetable(text).unread
    with pytest.raises(SlotProblem) as problem:
        parse_slots(text)
    assert problem.value.remedy.endswith("。")


def test_a_choice_of_weeks_is_not_taken_as_both_nor_as_one() -> None:
    assert read_timetable("第2or第3土曜日").slots == (SlotText(SAT),)


def test_hours_without_an_end_are_kept_open() -> None:
    assert parse_slots("土 17:00-") == (SlotText(SAT, 1020, None),)
    assert parse_slots("土 -18:00; 日") == (SlotText(SAT, None, 1080), SlotText(SUN))


def test_midnight_is_an_end_and_not_a_start() -> None:
    assert parse_slots("土 20:00-24:00") == (SlotText(SAT, 1200, 1440),)
    for wrong in (
        "土 24:00-",
        "土 20:00-25:00",
        "土 10:00-9:00",
        "土 10:00-10:00",
        "土 9:75-",
        "10:00-12:00",
    ):
        with pytest.raises(SlotProblem):
            parse_slots(wrong)


def test_a_time_is_minutes_words_are_none_and_impossible_times_are_told() -> None:
    assert [parse_time(text) for text in ("9:00", "９：０５", "12:00:00", "9時半", "午後3時", "24:00")] == [
        *(540, 545, 720, 570, 900, 1440)
    ]
    assert [parse_time(text) for text in ("日没", "10時ごろ", "", "0.5", "9" * 3_000)] == [None] * 5
    for wrong in ("25:00", "24:01", "9:60", "100:00", "午後13時", "12:00:99"):
        with pytest.raises(SlotProblem, match="ありません"):
            parse_time(wrong)


def test_slots_are_written_shortly() -> None:
    assert format_slots(parse_slots("月 13:00-16:00; 水金 13:00-16:00")) == "月水金 13:00–16:00"
    assert format_slots(parse_slots("第2・4土 9:00-11:00; 日")) == "第2・第4土 9:00–11:00; 日"
    assert weekday_label(SAT) == "土曜日"
    assert weekday_label(SAT, (2, LAST_WEEK)) == "第2・最終土曜日"


weeks = st.lists(st.sampled_from([1, 2, 3, 4, 5, LAST_WEEK]), unique=True).map(
    lambda found: tuple(sorted(found, key=lambda week: 6 if week < 0 else week))
)
hours = st.one_of(
    st.tuples(st.integers(0, 719), st.integers(720, 1440)),
    st.sampled_from([(None, None), (600, None), (None, 600)]),
)


@given(st.lists(st.builds(lambda day, nth, span: SlotText(day, span[0], span[1], nth), st.integers(0, 6), weeks, hours)))
def test_written_slots_are_read_back(slots: list[SlotText]) -> None:
    wanted = merge_slots(slots)
    written = format_slots(wanted)
    if 0 < len(written) <= MAX_TIMETABLE_LENGTH:
        assert set(parse_slots(written)) == set(wanted)


@given(st.text(alphabet="月水土日曜第最終毎週1234５:：-〜・、; 時半午後か回又は平\n\ud800", max_size=60))
def test_any_text_is_read_or_is_a_slot_problem(text: str) -> None:
    with contextlib.suppress(SlotProblem):
        read_timetable(text)
    with contextlib.suppress(SlotProblem):
        assert all(0 <= slot.weekday <= 6 for slot in parse_slots(text))


def test_long_text_is_refused_before_it_is_read() -> None:
    with pytest.raises(SlotProblem, match="長すぎ"):
        parse_slots("月" * 501)
    assert re.fullmatch("[月火水木金土日]+ 0:00–24:00", format_slots(parse_slots("毎日 0:00-24:00")))
