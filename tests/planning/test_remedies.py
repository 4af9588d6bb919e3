"""What would help a follow-up without a day: for every reason something to tap that can be done."""

import re
from typing import Any

import pytest

from service.cases.models import SupportCase
from service.followup.planner.plan import Reason, Remedy
from service.followup.planning.differing import REASON_SAID, Change, to_json
from service.followup.planning.models import PlanRun
from service.followup.tasks.models import MISSED, PLANNED, FollowUp
from tests.cast import World
from tests.planning.asking import SOON, ask, rows

PAGE = "/followup/unplanned"


def told(world: World, reason: Reason, *remedies: Remedy) -> FollowUp:
    """青木's last plan has left the first visit out, and says why and what would help."""
    row, run = rows(world)[1], ask(world)
    with world.writing() as session:
        change = Change(row.id, row.version, "dayless", None, None, str(reason), tuple(map(str, remedies)))
        session.get_one(PlanRun, run.id).plan = {**run.plan, "changes": to_json([change])}
    return row


def entry(shown: str, id_: str) -> str:
    """What a page says of one of them."""
    start = shown.index(f"/followup/{id_}")
    return shown[start : shown.index("</li>", start)]


def tap(world: World, row: FollowUp, remedy: Remedy) -> Any:
    with world.visit() as aoki:
        shown = entry(aoki.get(PAGE).text, row.id)
        button = re.search(
            rf'name="_once" value="([^"]+)"><input[^>]*name="_version" value="(\d+)".{{0,120}}value="{remedy}"', shown
        )
        assert button, shown
        sent = {"_once": button[1], "_version": button[2], "remedy": str(remedy), "back": "unplanned"}
        return aoki.submit(f"/followup/{row.id}/help", sent)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_said_on_both_pages_and_a_hand_can_always_give_a_day(busy: World, reason: Reason) -> None:
    row = told(busy, reason)
    with busy.visit() as aoki:
        plan = aoki.get("/followup/plan").headers["location"]
        for page in (PAGE, plan):
            shown = entry(aoki.get(page).text, row.id)
            assert REASON_SAID[reason] in shown
            hand = re.search(r'href="(/followup/week\?from=[^"#]+)#hand"', shown)
            assert hand, page
            assert aoki.get(hand[1].replace("&amp;", "&")).text.count('id="hand"') == 1


@pytest.mark.parametrize("state", [PLANNED, MISSED])
@pytest.mark.parametrize("remedy", [Remedy.WIDEN, Remedy.BY_PHONE, Remedy.OTHER_STAFF])
def test_one_tap_changes_what_its_words_say(busy: World, remedy: Remedy, state: str) -> None:
    with busy.writing() as session:
        session.get_one(FollowUp, busy.ids["予定1"]).state = state
    before = told(busy, Reason.FULL, remedy)
    assert tap(busy, before, remedy).status_code == 303
    after = rows(busy)[1]
    changed = {
        Remedy.WIDEN: after.early_on < before.early_on and after.late_on > before.late_on,
        Remedy.BY_PHONE: after.kind == "phone" and not after.needs_two,
        Remedy.OTHER_STAFF: after.staff_id not in (None, before.staff_id),
    }
    assert changed[remedy]


def test_the_host_is_asked_from_a_day_put_by_hand(busy: World) -> None:
    row = told(busy, Reason.NO_COMMON_DAY, Remedy.ASK_HOST)
    with busy.visit() as aoki:
        shown = entry(aoki.get(PAGE).text, row.id)
        assert re.search(r'<a class="btn" href="/followup/week[^"]+">日を仮に決めて、受け入れ先に聞く', shown)
        sent = {
            "staff": busy.ids["青木"],
            "day": SOON.isoformat(),
            "time": "9:30",
            "_once": "h",
            "_version": str(row.version),
        }
        assert aoki.submit(f"/followup/{row.id}/put", sent).status_code in (200, 303)
        page = aoki.get(f"/followup/{row.id}").text
        assert "受け入れ先に都合を聞く" in page
        again = {"_once": "q", "_version": str(rows(busy)[1].version)}
        assert aoki.submit(f"/followup/{row.id}/ask-host", again).status_code == 303


def test_a_locked_case_leads_to_where_somebody_is_named_who_may_go(busy: World) -> None:
    with busy.writing() as session:
        session.get_one(SupportCase, rows(busy)[1].case_id).locked = True
    row = told(busy, Reason.ON_LEAVE, Remedy.OTHER_STAFF)
    with busy.visit() as aoki:
        shown = entry(aoki.get(PAGE).text, row.id)
        href = re.search(r'href="(/people/[^"#]+/followups)#backup">ほかに行ける人を決める', shown)
        assert href
        assert 'id="backup"' in aoki.get(href[1]).text
        sent = {"_once": "o", "_version": str(row.version), "remedy": "other-staff"}
        refused = aoki.submit(f"/followup/{row.id}/help", sent)
        assert refused.status_code == 409
        assert "ほかに行ける人が、このケースにはいません" in refused.text


def test_what_is_a_colleagues_has_no_button_that_would_be_refused(busy: World) -> None:
    with busy.writing() as session:
        row = rows(busy)[1]
        session.get_one(SupportCase, row.case_id).assigned_id = busy.ids["石井"]
        session.get_one(FollowUp, row.id).staff_id = busy.ids["石井"]
    told(busy, Reason.FULL, Remedy.WIDEN)
    with busy.visit() as aoki:
        shown = entry(aoki.get(aoki.get("/followup/plan").headers["location"]).text, row.id)
        assert "担当の人が決めます" in shown
        assert "<button" not in shown
        sent = {"_once": "o", "_version": str(rows(busy)[1].version), "remedy": "widen"}
        assert aoki.submit(f"/followup/{row.id}/help", sent).status_code == 403
