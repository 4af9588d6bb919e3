"""祝日の確認: what 内閣府 publishes against this release, every difference in words, and nothing written."""

from datetime import date
from typing import Any

import pytest

from service.followup.rhythms.holidays import compare_holidays, read_holidays
from service.kernel.calendar import Calendar
from service.kernel.errors import DomainError
from tests.cast import TODAY, Visitor, World
from tests.security.house import data_of

HEAD = "国民の祝日・休日月日,国民の祝日・休日名称"
PUBLISHED = (
    "2026/1/1,元日", "2026/1/12,成人の日", "2026/2/11,建国記念の日", "2026/2/23,天皇誕生日", "2026/3/20,春分の日",
    "2026/4/29,昭和の日", "2026/5/3,憲法記念日", "2026/5/4,みどりの日", "2026/5/5,こどもの日", "2026/5/6,休日", "2026/7/20,海の日",
    "2026/8/11,山の日", "2026/9/21,敬老の日", "2026/9/22,休日", "2026/9/23,秋分の日", "2026/10/12,スポーツの日", "2026/11/3,文化の日",
    "2026/11/23,勤労感謝の日", "2027/1/1,元日", "2027/1/11,成人の日", "2027/2/11,建国記念の日", "2027/2/23,天皇誕生日",
    "2027/3/21,春分の日", "2027/3/22,休日", "2027/4/29,昭和の日", "2027/5/3,憲法記念日", "2027/5/4,みどりの日", "2027/5/5,こどもの日",
    "2027/7/19,海の日", "2027/8/11,山の日", "2027/9/20,敬老の日", "2027/9/23,秋分の日", "2027/10/11,スポーツの日", "2027/11/3,文化の日",
    "2027/11/23,勤労感謝の日",
)  # fmt: skip
OPEN = Calendar(date(2027, 12, 31))


def file_of(*lines: str, head: str = HEAD) -> bytes:
    return "\r\n".join((head, *lines, "")).encode("cp932")


def but(*gone: str) -> tuple[str, ...]:
    return tuple(line for line in PUBLISHED if not line.startswith(tuple(f"{day}," for day in gone)))


def check(visitor: Visitor, content: bytes) -> Any:
    return visitor.submit("/settings/calendar/check", {}, files={"file": ("syukujitsu.csv", content, "text/csv")})


def differing(*lines: str, calendar: Calendar = OPEN) -> list[tuple[str, str, str]]:
    found = compare_holidays(read_holidays(file_of(*lines), TODAY), calendar, TODAY)
    return [(each.on.isoformat(), each.said, each.remedy) for each in found]


def test_the_published_list_of_two_years_is_the_one_we_keep() -> None:
    assert differing(*PUBLISHED) == []


def test_a_day_that_one_side_alone_knows_is_told_from_whose_side_it_is_missing() -> None:
    extra, missing = differing(*but("2027/11/3"), "2027/6/10,新しい祝日")
    assert extra[:2] == ("2027-06-10", "内閣府は「新しい祝日」、つなぎは祝日にしていません。")
    assert "「市の休みの日」に足し" in extra[2]
    assert missing[:2] == ("2027-11-03", "つなぎは「文化の日」、内閣府の一覧にはありません。")
    assert "手で動かし" in missing[2]


def test_what_to_do_depends_on_whether_the_day_is_past_or_closed_already() -> None:
    town = Calendar(date(2027, 12, 31), {date(2027, 6, 10): "市制記念日"})
    days = ("2026/6/10,過ぎた祝日", "2027/6/10,平日の祝日", "2027/6/12,土曜の祝日")
    past, own, weekend = (remedy for _, _, remedy in differing(*PUBLISHED, *days, calendar=town))
    assert past.startswith("過ぎた日です。")
    assert own.startswith("「市制記念日」でもう休みなので")
    assert weekend.startswith("「土曜」でもう休みなので")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("2026/1/1,元日", "2026/13/1,謎の日"), "3行目：「2026/13/1」は、日付として読めません。"),
        (("2026/1/1,元日", "2026/1/1,元日"), "3行目：「2026/1/1」は、前の行にもあります。"),
        (("2026/1/1,元日", "2026/1/12,"), "3行目：「2026/1/12」の名称がありません。"),
        (("2099/1/1,元日",), "2行目：「2099/1/1」は、祝日の一覧にある年ではありません。"),
        (tuple(f"2026/{month}/40,謎の日" for month in range(1, 8)), "ほか2行。"),
        ((), "データの行がありません"),
    ],
)
def test_a_bad_file_is_refused_with_the_row(lines: tuple[str, ...], said: str) -> None:
    with pytest.raises(DomainError, match=said) as refused:
        read_holidays(file_of(*lines), TODAY)
    assert refused.value.status == 422


def test_another_table_is_no_list_of_holidays() -> None:
    with pytest.raises(DomainError):
        read_holidays(file_of("2026/1/1,元日", head="日付,名前"), TODAY)


def test_the_check_tells_the_town_and_writes_nothing(world: World) -> None:
    before = data_of(world)
    with world.visit("北条") as hojo:
        assert 'action="/settings/calendar/check"' in hojo.get("/settings/calendar").text
        same = check(hojo, file_of(*PUBLISHED))
        other = check(hojo, file_of(*but("2027/11/3")))
        refused = check(hojo, file_of("2026/13/1,謎の日"))
        nothing = hojo.submit("/settings/calendar/check", {}, files={"file": ("", b"", "text/csv")})
    assert "違いはありません" in same.text
    assert f"<b>{len(PUBLISHED)}</b>日" in same.text
    assert "令和9年11月3日(水)" in other.text
    assert (same.status_code, other.status_code, refused.status_code, nothing.status_code) == (200, 200, 422, 422)
    assert "2行目：「2026/13/1」は、日付として読めません。" in refused.text
    assert data_of(world) == before
