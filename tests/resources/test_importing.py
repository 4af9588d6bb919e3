"""Taking lists in: shown first, written when confirmed, twice the same file writes nothing, bad files are refused kindly."""

import argparse
import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from service.commands.importing import import_file
from service.kernel.audit import AuditEntry
from service.kernel.errors import DomainError
from service.resources.catalogue import catalogue_version
from service.resources.files import ImportBatch
from service.resources.models import Host, Opening, Site
from tests.cast import World
from tests.resources.wam_rows import wam_file

HEADER = ["都道府県コード又は市区町村コード", "都道府県", "市区町村名", "名称", "住所", "緯度", "経度", "電話番号1",
          "開催曜日", "開催日", "開催開始時間", "開催終了時間", "参加条件", "参加費_大人"]  # fmt: skip
ROWS = [
    ["111007", "埼玉県", "さいたま市", "みんなの食堂", "さいたま市大宮区浅間町1-116", "", "", "048-000-0001", "土", "第3土曜日", "12:00", "14:00", "", "300"],
    ["111007", "埼玉県", "さいたま市", "川べり食堂", "さいたま市大宮区浅間町2-1", "35.9", "139.6", "", "", "", "", "", "", ""],
]  # fmt: skip


def listed(rows: list[list[str]], encoding: str = "utf-8-sig") -> bytes:
    """A 子ども食堂一覧 as a file."""
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *rows])
    return text.getvalue().encode(encoding)


def upload(world: World, data: bytes, name: str = "一覧.csv", kind: str = "kodomo-shokudo") -> Any:
    """青木 sends a file."""
    with world.visit() as browser:
        return browser.submit("/hosts/import", {"kind": kind}, files={"file": (name, data, "text/csv")})


def confirm(world: World, batch: str, action: str = "confirm") -> Any:
    """青木 answers the preview."""
    with world.visit() as browser:
        return browser.submit(f"{batch}/{action}", {})


def count_hosts(world: World) -> int:
    """How many hosts there are."""
    with world.reading() as session:
        return session.scalar(select(func.count()).select_from(Host)) or 0


def traces(world: World) -> tuple[int, int]:
    """The catalogue's counter, and how many audit rows there are of the catalogue."""
    rows = select(func.count()).select_from(AuditEntry).where(AuditEntry.object_type.not_in(("import_batch",)))
    with world.reading() as session:
        return catalogue_version(session), session.scalar(rows) or 0


def take_in(world: World, data: bytes) -> str:
    """Upload and confirm; the page of the result."""
    batch = upload(world, data).headers["location"]
    confirm(world, batch)
    with world.visit() as browser:
        return str(browser.get(batch).text)


def test_nothing_is_written_before_it_is_confirmed(world: World) -> None:
    batch = upload(world, listed(ROWS)).headers["location"]
    with world.visit() as browser:
        page = browser.get(batch).text
    assert "みんなの食堂" in page
    assert "2件を取り込む" in page
    assert count_hosts(world) == 0
    confirm(world, batch, "cancel")
    confirm(world, batch)
    assert count_hosts(world) == 0
    with world.reading() as session:
        assert session.scalars(select(ImportBatch)).one().content == b""


def test_good_rows_are_saved_placed_and_found_and_a_second_press_is_harmless(world: World) -> None:
    batch = upload(world, listed(ROWS, "cp932")).headers["location"]
    first, second = confirm(world, batch), confirm(world, batch)
    assert first.headers["location"] == second.headers["location"]
    assert count_hosts(world) == 2
    with world.reading() as session:
        sites = {site.address: site for site in session.scalars(select(Site))}
        openings = session.scalars(select(Opening)).all()
    placed = [(site.coordinate_source, site.coordinate_level) for _, site in sorted(sites.items())]
    assert placed == [("Geolonia 住所データ", "chome"), ("file", "")]
    assert [opening.confirmed_on for opening in openings] == [None, None]
    with world.visit() as browser:
        assert "みんなの食堂" in browser.get("/hosts", params={"q": "大宮", "weekday": "5"}).text


def test_the_same_file_again_writes_nothing_at_all(world: World) -> None:
    take_in(world, listed(ROWS))
    before = traces(world)
    batch = upload(world, listed(ROWS)).headers["location"]
    with world.visit() as browser:
        assert "変わったところはありません" in browser.get(batch).text
    confirm(world, batch)
    assert traces(world) == before


def test_a_changed_row_updates_only_what_the_file_changed(world: World) -> None:
    take_in(world, listed(ROWS))
    with world.writing() as session:
        host = session.scalars(select(Host).where(Host.name == "みんなの食堂")).one()
        host.phone, host.kana = "090-手で直した", "みんなのしょくどう"
    changed = [[*ROWS[0][:11], "15:00", *ROWS[0][12:]], ROWS[1]]
    batch = upload(world, listed(changed)).headers["location"]
    with world.visit() as browser:
        page = browser.get(batch).text
    assert "手で直したところ" in page
    assert "電話" in page
    confirm(world, batch)
    with world.reading() as session:
        host = session.scalars(select(Host).where(Host.name == "みんなの食堂")).one()
    assert (host.phone, host.kana) == ("090-手で直した", "みんなのしょくどう")
    with world.visit() as browser:
        assert "12:00–15:00" in browser.get(f"/hosts/{host.id}").text
    renumbered = [[*changed[0][:7], "048-000-0009", *changed[0][8:]], ROWS[1]]
    take_in(world, listed(renumbered))
    with world.reading() as session:
        assert session.get_one(Host, host.id).phone == "048-000-0009"


def test_bad_rows_are_listed_with_reason_and_remedy_and_good_ones_saved(world: World) -> None:
    bad = [*ROWS[0][:3], "", *ROWS[0][4:]]
    page = take_in(world, listed([ROWS[1], bad]))
    assert count_hosts(world) == 1
    assert "取り込めなかった行" in page
    assert ">3<" in page


def test_rows_that_were_written_come_fifty_to_a_page_and_the_counts_are_of_all(world: World) -> None:
    many = [[*ROWS[1][:3], f"{number}番食堂", *ROWS[1][4:]] for number in range(61)]
    first = take_in(world, listed(many))
    with world.reading() as session:
        batch = session.scalars(select(ImportBatch.id)).one()
    with world.visit() as aoki:
        second, beyond = (aoki.get(f"/hosts/import/{batch}?page={page}").text for page in (2, 99))
    assert [f"{number}番食堂</a>" in first for number in (49, 50)] == [True, False]
    assert [f"{number}番食堂</a>" in second for number in (49, 50, 60)] == [False, True, True]
    assert "60番食堂</a>" in beyond
    for page in (first, second):
        assert "新しい <b>61</b>件" in page
        assert "全 <b>61</b>行" in page
    assert "51〜61行目" in second


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "空です"),
        (b"\x00\x01\x02\x03" * 50, "文字コード"),
        ("名前,住所\nあ,い\n".encode(), "必要な列"),
        (listed([]), "データの行がありません"),
        (b"PK\x03\x04broken", "壊れて"),
        (b"x" * (5 * 1024 * 1024 + 1), "5MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_japanese(world: World, data: bytes, said: str) -> None:
    answer = upload(world, data)
    assert answer.status_code in (413, 422)
    assert said in answer.text
    assert count_hosts(world) == 0


def test_no_file_at_all_is_said(world: World) -> None:
    with world.visit() as browser:
        answer = browser.submit("/hosts/import", {"kind": "own"}, files={"other": ("x", b"", "text/plain")})
    assert answer.status_code == 422
    assert "選ばれていません" in answer.text


def test_a_supervisor_may_not_import_and_an_absent_batch_is_absent(world: World) -> None:
    with world.visit("北条") as browser:
        assert browser.submit("/hosts/import", {"kind": "own"}).status_code == 403
    with world.visit() as browser:
        assert browser.get(f"/hosts/import/{'0' * 32}").status_code == 404


def test_the_result_can_be_taken_along_as_a_file(world: World) -> None:
    batch = upload(world, listed(ROWS)).headers["location"]
    confirm(world, batch)
    with world.visit() as browser:
        rows = browser.get(f"{batch}/result.csv").content.decode("utf-8-sig").splitlines()
        template = browser.get("/hosts/import/template.xlsx")
    assert rows[1] == "2,みんなの食堂,新しい,,"
    assert template.content.startswith(b"PK")


def test_a_published_list_of_services_goes_in_once_and_again_changes_nothing(world: World) -> None:
    data = wam_file({}, {"事業所の名称": "ホームみさき"}, {"事業所番号": ""})
    seen: list[tuple[int, int]] = []
    for expected in ("2件を取り込む", ""):
        batch = upload(world, data, kind="wam").headers["location"]
        with world.visit() as browser:
            page = browser.get(batch).text
        assert "事業所番号がありません。" in page
        assert expected in page
        confirm(world, batch)
        assert count_hosts(world) == 2
        seen.append(traces(world))
    assert seen[0] == seen[1]


def run_command(world: World, file: Path, *, as_json: bool = True, dry_run: bool = False) -> int:
    """`tsunagi import kodomo-shokudo FILE`."""
    options = argparse.Namespace(kind="kodomo-shokudo", file=file, json=as_json, dry_run=dry_run)
    return import_file(world.town, options)


def test_the_command_prints_json_alone_and_counts_unchanged_rows_as_accepted(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(listed([*ROWS, [*ROWS[0][:3], "", *ROWS[0][4:]]]))
    outputs = []
    for dry_run in (True, False, False):
        assert run_command(world, file, dry_run=dry_run) == 0
        outputs.append(json.loads(capsys.readouterr().out))
    assert [(o["accepted"], o["unchanged"], [r["row"] for r in o["rejected"]]) for o in outputs] == [
        (2, 0, [4]), (2, 0, [4]), (2, 2, [4]),
    ]  # fmt: skip
    assert set(outputs[0]["rejected"][0]) == {"row", "reason", "remedy"}


def test_a_dry_run_writes_nothing_and_reads_well(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(listed(ROWS))
    run_command(world, file, as_json=False, dry_run=True)
    assert "まだ書き込んでいません" in capsys.readouterr().out
    assert count_hosts(world) == 0


def test_an_absent_or_unreadable_file_stops_the_command(world: World, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    for name in ("absent.csv", "empty.csv"):
        with pytest.raises(DomainError):
            run_command(world, tmp_path / name)
