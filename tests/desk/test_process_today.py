"""今日 shows what waits on the way of the cases, to whom it concerns, each line with its one action — in few questions."""

import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.feedback.models import Feedback
from service.cases.models import SupportCase
from service.cases.referrals.models import Referral
from service.kernel.clock import day_in_japan
from service.kernel.db import new_id
from service.meetings.models import Meeting
from service.resources.agencies.models import ResourceDevelopment
from service.resources.models import ResourceGap
from tests.cast import NOW, OTHERS, World, hire_staff, open_case
from tests.sql import counted_queries

DAY = timedelta(days=1)


def today() -> date:
    return day_in_japan(datetime.now(UTC))


@pytest.fixture
def office(world: World) -> World:
    with world.writing("準備") as session:
        world.ids |= hire_staff(session, OTHERS)
    return world


def add_sheet(session: Session, world: World, name: str, whose: str = "石井", *, late: bool = True, **more: object) -> str:
    """A sheet that came in, with its case at 受付."""
    person = open_case(session, world.ids[whose], name)
    case = session.scalars(select(SupportCase).where(SupportCase.household_id == person.household_id)).one()
    case.status = "referred"
    due = today() - DAY if late else today() + DAY
    sheet = Referral(case_id=case.id, came_by="phone", received_on=today() - 5 * DAY, received_at=NOW, from_agency="包括",
                     from_person="大野", acknowledge_due_on=due, screening_due_on=today() + 9 * DAY, **more)  # fmt: skip
    session.add(sheet)
    session.flush()
    return case.id


def owe(session: Session, case_id: str, agency: str, days_late: int) -> str:
    row = Feedback(case_id=case_id, about="screening", to_role="referrer", to_name="大野", to_agency=agency, made_at=NOW,
                   due_on=today() - days_late * DAY)  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def test_a_coordinator_sees_the_sheets_nobody_answered_in_time_whoever_has_them(office: World) -> None:
    with office.writing() as session:
        add_sheet(session, office, "遅れ 一")
        add_sheet(session, office, "まだ 二", late=False)
        add_sheet(session, office, "済み 三", acknowledged_on=today())
    with office.visit() as aoki:
        page = aoki.get("/").text
    assert "遅れ 一 さん" in page
    assert "受け取ったと知らせる" in page
    assert "まだ 二" not in page.split("確かめる同意")[0]
    assert "済み 三" not in page.split("確かめる同意")[0]


def test_the_office_sees_every_sheet_that_waits_and_says_so_when_none_does(office: World) -> None:
    with office.visit("真鍋") as manabe:
        empty = manabe.get("/").text
        for said in ("待っているシートはありません", "残っている報告はありません", "今週の会議はありません"):
            assert said in empty
        assert "システム管理の役割では" not in empty
        with office.writing() as session:
            add_sheet(session, office, "まだ 二", late=False)
            case = session.get_one(SupportCase, add_sheet(session, office, "錠 三"))
            case.locked = True
        page = manabe.get("/").text
    assert "まだ 二 さん" in page
    assert "錠 三" not in page


def test_reports_of_ones_own_cases_come_first_then_the_longest_overdue(office: World) -> None:
    with office.writing() as session:
        theirs, mine = (
            add_sheet(session, office, "一 人", acknowledged_on=today()),
            add_sheet(session, office, "二 人", "青木", acknowledged_on=today()),
        )
        owe(session, theirs, "相手の機関", 9)
        entry = owe(session, mine, "自分の機関", -2)
    with office.visit() as aoki:
        page = aoki.get("/").text
    assert "自分の担当1件・期限切れ1件" in page
    assert page.index("自分の機関") < page.index("相手の機関")
    assert "9日超過" in page
    assert f'href="/feedback?open={entry}#f-{entry}"' in page
    with office.visit() as aoki:
        opened = aoki.get(f"/feedback?open={entry}").text
    assert opened.count('<details class="no-print" open>') == 1


def test_meetings_of_the_coming_seven_days_are_shown_to_those_who_may_see_them(office: World) -> None:
    with office.writing() as session:
        for name, days, kind, status in (
            ("きょうの会議", 0, "juso", "planned"), ("六日後の会議", 6, "juso", "invited"), ("七日後の会議", 7, "juso", "planned"),
            ("きのうの会議", -1, "juso", "held"), ("やめた会議", 1, "juso", "cancelled"), ("支援の会議", 1, "support", "planned"),
        ):  # fmt: skip
            session.add(
                Meeting(
                    kind=kind, name=name, convenor="市", on=today() + days * DAY, status=status, made_at=NOW, made_by="青木"
                )
            )
    seen = {}
    for who in ("青木", "真鍋", "遠野"):
        with office.visit(who) as visitor:
            page = visitor.get("/").text
        seen[who] = [
            name
            for name in ("きょうの会議", "六日後の会議", "七日後の会議", "きのうの会議", "やめた会議", "支援の会議")
            if name in page
        ]
    assert seen == {
        "青木": ["きょうの会議", "六日後の会議"],
        "真鍋": ["きょうの会議", "六日後の会議", "支援の会議"],
        "遠野": [],
    }


def test_what_one_has_undertaken_oneself_is_shown_when_it_is_due(office: World) -> None:
    with office.writing() as session:
        gap = ResourceGap(
            recorded_at=NOW, recorded_by="青木", code="R-DAY", summary="足りない", age_band="20〜39歳", district="岡本"
        )
        session.add(gap)
        session.flush()
        for what, who, days in (("店に電話する", "青木", -3), ("来月に聞く", "青木", 3), ("石井の宿題", "石井", -1)):
            session.add(
                ResourceDevelopment(
                    gap_id=gap.id, what=what, who=who, until_on=today() + days * DAY, made_at=NOW, made_by=who
                )
            )
    with office.visit() as aoki:
        page = aoki.get("/").text
    assert "店に電話する" in page
    assert "3日超過" in page
    assert "来月に聞く" not in page
    assert "石井の宿題" not in page


@pytest.mark.parametrize(("who", "most"), [("青木", 40), ("真鍋", 14)])
def test_ten_times_as_much_asks_the_database_no_more(office: World, who: str, most: int) -> None:
    counts = []
    for round_ in range(2):
        with office.writing() as session:
            for at in range(1 if round_ == 0 else 12):
                case_id = add_sheet(session, office, f"人{round_} {at}", "石井", acknowledged_on=None)
                owe(session, case_id, "包括", 3)
                session.add(Meeting(kind="juso", name=f"会議{at}", convenor="市", on=today(), made_at=NOW, made_by="青木"))
        with office.visit(who) as visitor:
            visitor.get("/")
            with counted_queries(office) as seen:
                page = visitor.get("/")
            assert page.status_code == 200
        counts.append(len(seen))
    assert counts[1] <= counts[0] <= most


def test_what_was_told_goes_on_paper_in_the_same_press_and_so_does_a_sheet_to_write_on(
    office: World, tmp_path: Path
) -> None:
    with office.writing() as session:
        case_id = add_sheet(session, office, "二 人", "青木", acknowledged_on=today())
        entry, other = owe(session, case_id, "包括", 1), owe(session, case_id, "学校", 1)
    with office.visit() as aoki:
        said = {
            "told_state": "given",
            "told_text": "重層でお受けしました",
            "_version": "1",
            "then": "print",
            "_once": new_id(),
        }
        answer = aoki.submit(f"/feedback/{entry}", said)
        assert answer.headers["location"].startswith(f"/feedback/{entry}/letter.pdf")
        papers = [aoki.get(answer.headers["location"]), aoki.get(f"/feedback/{other}/letter.pdf")]
    texts = []
    for paper in papers:
        file = tmp_path / "letter.pdf"
        file.write_bytes(paper.content)
        texts.append(subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True).stdout.decode())
    assert "重層でお受けしました" in texts[0]
    assert "学校" in texts[1]
    assert "二 人" not in "".join(texts)
