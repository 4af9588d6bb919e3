"""The directory out and in: shown first, bad rows listed, the same file twice changes nothing, on paper it can be read."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from service.kernel.audit import AuditEntry
from service.resources.agencies.models import Agency
from service.resources.agencies.table import HEADER
from tests.agencies.test_directory import keep, one
from tests.cast import World
from tests.web.test_document_paper import text_of

GOOD = {"名称": "汐見市こども相談課", "種類": "市の担当課", "担当課": "こども相談課", "市の窓口": "はい", "分野": "子ども、困窮",
        "電話": "0467-00-5002", "確認日": "令和8年11月1日"}  # fmt: skip
BAD = {"名称": "なぞの窓口", "種類": "なぞ", "分野": "宇宙", "電話": "かけない", "確認日": "いつか"}


def listed(*rows: dict[str, str], encoding: str = "utf-8-sig") -> bytes:
    """A list as a file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def upload(world: World, data: bytes, name: str = "一覧.csv") -> Any:
    """青木 sends a file."""
    with world.visit() as browser:
        return browser.submit("/agencies/import", {"_once": ""}, files={"file": (name, data, "text/csv")})


def take_in(world: World, data: bytes) -> str:
    """Upload and confirm; the page of the result."""
    batch = upload(world, data).headers["location"]
    with world.visit() as browser:
        browser.submit(f"{batch}/confirm", {})
        return str(browser.get(batch).text)


def count_agencies(world: World) -> int:
    """How many agencies there are."""
    with world.reading() as session:
        return session.scalar(select(func.count()).select_from(Agency)) or 0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_good_rows_are_kept_and_each_bad_one_says_all_that_is_wrong(world: World, encoding: str) -> None:
    data = listed(GOOD, BAD, GOOD, {"名称": "（例）どこか"}, encoding=encoding)
    batch = upload(world, data).headers["location"]
    with world.visit() as browser:
        page = browser.get(batch).text
    assert count_agencies(world) == 0
    for words in ("1件を取り込む", "種類「なぞ」が分かりません", "分野「宇宙」", "電話「かけない」", "「いつか」を日付として読めません",
                  "2行目と同じです", "取り込めない行（2件）"):  # fmt: skip
        assert words in page
    result = take_in(world, data)
    assert "汐見市こども相談課</a>" in result
    with world.reading() as session:
        agency = session.scalars(select(Agency)).one()
    assert (agency.kind, agency.fields, agency.is_municipal) == ("section", ["child", "poverty"], True)
    assert agency.phone == "0467-00-5002"


def test_the_same_file_twice_writes_nothing_the_second_time(world: World) -> None:
    take_in(world, listed(GOOD))
    rows = select(func.count()).select_from(AuditEntry).where(AuditEntry.object_type == "agency")
    with world.reading() as session:
        before = session.scalar(rows)
    assert "いまの一覧から変わったところはありませんでした" in take_in(world, listed(GOOD))
    with world.reading() as session:
        assert session.scalar(rows) == before
    assert count_agencies(world) == 1


def test_a_row_of_the_same_name_and_section_renews_what_it_says_and_leaves_the_rest(world: World) -> None:
    agency_id = keep(world, "汐見市こども相談課", section="こども相談課", handles="子育ての相談", hours="平日")
    page = take_in(world, listed(GOOD | {"名称": "汐見市 こども相談課", "電話": "0467-00-9999"}))
    assert "変更 <b>1</b>件" in page
    agency = one(world, agency_id)
    assert (agency.name, agency.phone, agency.handles, agency.hours) == (
        "汐見市こども相談課", "0467-00-9999", "子育ての相談", "平日",
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "csv?encoding=cp932", "xlsx"])
def test_what_goes_out_comes_back_unchanged(world: World, kind: str) -> None:
    keep(world, "=危ない窓口", fields=["health", "any"], is_municipal=True, note="備考", active=False)
    keep(world, hours="平日 8:30-17:15", email="kaigo@shiomi.example", fax="0467-00-3001", address="汐見市岡本1-2-3")
    sign = "&" if "?" in kind else "?"
    with world.visit() as browser:
        data = browser.get(f"/agencies/export.{kind}{sign}state=all").content
    page = take_in(world, data)
    assert "変更なし <b>2</b>件" in page
    assert "取り込めない <b>0</b>件" in page


def test_a_letter_that_was_lost_on_the_way_out_does_not_replace_the_real_one(world: World) -> None:
    agency_id = keep(world, contact="髙𠮷さん")
    with world.visit() as browser:
        data = browser.get("/agencies/export.csv?encoding=cp932").content
    assert "書けなかった文字（〓）" in take_in(world, data)
    assert one(world, agency_id).contact == "髙𠮷さん"


def test_a_file_that_was_given_up_is_never_written(world: World) -> None:
    batch = upload(world, listed(GOOD)).headers["location"]
    with world.visit() as browser:
        browser.submit(f"{batch}/cancel", {})
        browser.submit(f"{batch}/confirm", {})
        assert "取りやめました" in browser.get(batch).text
        assert browser.get(batch.replace("/agencies/", "/hosts/")).status_code == 404
    assert count_agencies(world) == 0


def test_what_is_no_list_is_refused_with_what_to_do(world: World) -> None:
    for data, words in ((b"a,b\n1,2\n", "必要な列がありません"), (b"", "ファイルが空です")):
        answer = upload(world, data)
        assert answer.status_code == 422
        assert words in answer.text


def test_the_template_holds_nothing_that_would_be_taken_in(world: World) -> None:
    with world.visit() as browser:
        data = browser.get("/agencies/import/template.xlsx").content
    with world.visit() as browser:
        batch = browser.submit("/agencies/import", {}, files={"file": ("a.xlsx", data, "x/y")}).headers["location"]
        assert "新しい <b>0</b>件" in browser.get(batch).text


def test_on_paper_each_kind_has_its_table_and_what_is_not_known_says_so(world: World, tmp_path: Path) -> None:
    keep(world, handles="", hours="")
    keep(world, "汐見市保健所", kind="health", section="", fax="0467-00-3002", confirmed_on=None)
    with world.visit("北条") as browser:
        text = text_of(browser.get("/agencies/list.pdf").content, tmp_path)
        assert browser.get("/agencies/export.csv").status_code == 200
        bare = text_of(browser.get("/agencies/list.pdf?kind=school").content, tmp_path)
    for words in (
        "地域包括支援センター",
        "保健・医療",
        "0467-00-5001",
        "FAX 0467-00-3002",
        "未確認",
        "確認の記録なし",
        "2件",
    ):
        assert words in text
    assert "当てはまる相談機関はありません" in bare
