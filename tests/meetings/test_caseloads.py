"""受け持ち: what each agency carries is counted, shown where one is chosen, and bars nobody."""

import io

from openpyxl import load_workbook
from sqlalchemy import select

from service.cases.models import SupportCase
from service.cases.plans.models import Plan, PlanTask
from service.kernel.db import new_id
from service.meetings.models import ActionItem, AgendaItem, Meeting
from service.resources.agencies.catalogue import add_agency
from tests.cast import NOW, TODAY, World, open_case

AGENCY = "汐見市社会福祉協議会"


def burden(world: World) -> None:
    """Two open cases and a closed one of 社協; roles in a plan that runs and in a draft; a task of a meeting, a day late."""
    with world.writing("準備") as session:
        add_agency(session, {"name": AGENCY, "kana": "", "kind": "council", "section": "", "fields": []})
        add_agency(session, {"name": "保健所", "kana": "", "kind": "health", "section": "", "fields": []})
        people = [open_case(session, world.ids["青木"], name) for name in ("佐倉 みお", "田村 りく", "三浦 こう")]
        cases = [
            session.scalars(select(SupportCase).where(SupportCase.household_id == p.household_id)).one() for p in people
        ]
        cases[2].status = "closed"
        for seq, (status, agency) in enumerate((("active", "汐見市　社会福祉協議会"), ("draft", AGENCY), ("ended", AGENCY))):
            plan = Plan(case_id=cases[0].id, kind="participation", seq=seq, status=status, made_on=TODAY, made_at=NOW,
                        made_by="青木", goals=[], tasks=[PlanTask(position=0, what="同行", agency=agency)])  # fmt: skip
            session.add(plan)
        meeting = Meeting(kind="juso", name="会議", convenor="社協", on=TODAY, made_at=NOW, made_by="青木", status="held")
        session.add(meeting)
        session.flush()
        item = AgendaItem(meeting_id=meeting.id, position=0, case_id=cases[1].id, title="議題", purpose="share")
        session.add(item)
        session.flush()
        for agency, due in ((AGENCY, TODAY.replace(day=23)), ("", TODAY)):
            session.add(ActionItem(item_id=item.id, what="電話する", owner="青木", agency=agency, due_on=due))
        world.ids |= {"佐倉": people[0].id, "会議": meeting.id}


def test_what_each_agency_carries_is_counted_once_in_any_spelling(world: World) -> None:
    burden(world)
    with world.visit() as aoki:
        page = aoki.get("/agencies/caseloads").text
        book = load_workbook(io.BytesIO(aoki.get("/agencies/caseloads.xlsx").content))
    rows = [tuple(cell.value for cell in row) for row in book.worksheets[0].iter_rows(min_row=2)]
    assert rows == [(AGENCY, 2, 1, 1, 4, 1), ("保健所", 0, 0, 0, 0, 0)]
    assert "全 <b>1</b>機関" in page
    assert "機関の書かれていないものが 1件" in page
    assert "受け持ちのない機関は 1" in page


def test_where_an_agency_is_chosen_its_load_stands_beside_its_name_and_bars_nothing(world: World) -> None:
    burden(world)
    with world.visit() as aoki:
        for address, said in (
            ("/people/new", "主担当2・役割1"),
            (f"/people/{world.ids['佐倉']}/plans", "主担当2・役割1"),
            (f"/meetings/{world.ids['会議']}", "主担当2・役割1・宿題1"),
        ):
            page = aoki.get(address).text
            assert f'<option value="{AGENCY}">{said}</option>' in page, address
            assert '<option value="保健所">受け持ちなし</option>' in page
            assert 'list="agencies"' in page
        form = {"name": "新田 あき", "lead_agency": AGENCY, "_once": new_id()}
        assert aoki.submit("/people/new", form).status_code == 303


def test_nothing_carried_says_what_would_be_listed(world: World) -> None:
    with world.visit() as aoki:
        assert "ケースの主担当、決まったプランの役割分担" in aoki.get("/agencies/caseloads").text
