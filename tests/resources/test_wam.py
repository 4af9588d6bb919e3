"""障害福祉サービス等情報公表 as it is published: cp932, numbers that repeat, coordinates that are none."""

import pytest

from service.resources.interchange.drafts import ReadResult
from service.resources.interchange.reading import FileProblem
from service.resources.interchange.wam import read_wam
from tests.resources.wam_rows import wam_file


def read(*changes: dict[str, str], encoding: str = "cp932") -> ReadResult:
    return read_wam(wam_file(*changes, encoding=encoding))


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig"])
def test_a_row_is_a_welfare_host_with_its_service_its_hours_in_words_and_its_places(encoding: str) -> None:
    ((number, draft),) = read({}, encoding=encoding).drafts
    assert (number, draft.name, draft.kind, draft.prefecture) == (2, "ホームなぎさ", "welfare", "北海道")
    assert draft.full_address == "北海道札幌市中央区南一条西１丁目"
    (opening,) = draft.openings
    assert (opening.title, opening.capacity, opening.times_note) == ("共同生活援助", 7, "平日 9:00～24:00")


def test_a_number_that_repeats_is_another_place_where_the_name_or_the_service_differs() -> None:
    result = read({}, {"事業所の名称": "ホームみさき"}, {"サービス種別": "生活介護"}, {})
    assert len({draft.key for _, draft in result.drafts}) == 3
    assert [(problem.row, "2行目と同じ" in problem.reason) for problem in result.problems] == [(5, True)]


@pytest.mark.parametrize("point", [("0", "0"), ("", ""), ("-", "-")])
def test_coordinates_that_are_none_leave_the_place_to_its_address(point: tuple[str, str]) -> None:
    ((_, draft),) = read({"事業所緯度": point[0], "事業所経度": point[1]}).drafts
    assert (draft.lat, draft.lon, draft.coordinate_source) == (None, None, "")


@pytest.mark.parametrize("point", [("369.56", "141.37"), ("141.37", "43.03")])
def test_coordinates_that_cannot_be_refuse_the_row_and_say_what_to_do(point: tuple[str, str]) -> None:
    result = read({"事業所緯度": point[0], "事業所経度": point[1]}, {"事業所の名称": "ホームみさき"})
    assert [number for number, _ in result.drafts] == [3]
    assert [(problem.row, bool(problem.reason and problem.remedy)) for problem in result.problems] == [(2, True)]


def test_a_row_without_number_or_name_says_both() -> None:
    (problem,) = read({"事業所番号": "-", "事業所の名称": ""}).problems
    assert "事業所番号がありません。" in problem.reason
    assert "名称がありません。" in problem.reason


def test_a_list_of_another_kind_is_refused_with_the_columns_it_lacks() -> None:
    with pytest.raises(FileProblem, match="必要な列がありません"):
        read_wam("名称,住所\nひだまり,汐見市\n".encode("cp932"))
