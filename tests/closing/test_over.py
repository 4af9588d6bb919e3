"""A case that is over is read and printed; what was, what comes after and what is taken back is still written down."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from service.cases.models import Consent, SupportCase
from service.cases.plans.models import Plan
from service.followup.tasks.models import CANCELLED, FollowUp
from service.kernel.dates import format_wareki_short
from service.kernel.db import new_id
from tests.cast import Visitor, World
from tests.closing.journey import CLOSED, at, close

pytestmark = pytest.mark.parametrize("ground", ["sqlite"], indirect=True, scope="session")


@pytest.fixture
def closed(ready: World) -> World:
    """佐倉's case, closed."""
    with ready.visit() as aoki:
        assert close(aoki, ready).status_code == 303
    return ready


def send(visitor: Visitor, world: World, below: str, **typed: Any) -> Any:
    return visitor.submit(f"/people/{world.ids['佐倉']}/{below}", {"_once": new_id(), **typed})


def test_the_refusal_says_since_when_and_offers_the_way_back(closed: World) -> None:
    with closed.visit() as aoki:
        refused = send(aoki, closed, "seating", seating="together")
        page = aoki.get(f"/people/{closed.ids['佐倉']}").text
        assert refused.status_code == 409
        assert "令和8年12月22日(火)に終結したケースです" in refused.text
        assert "もう一度受け付ける" in refused.text
        assert "もう一度の受付" in page
        for gone in ("/match", "/assessment", "/avoid", "/seating"):
            assert f'/people/{closed.ids["佐倉"]}{gone}"' not in page
        assert f"/people/{closed.ids['佐倉']}/edit" in page


def test_what_was_before_the_end_is_still_written_and_what_was_not_is_no_outreach(closed: World) -> None:
    late = format_wareki_short(CLOSED - timedelta(days=30))
    with closed.visit() as aoki:
        assert send(aoki, closed, "course/notes", on=late, method="phone", text="母から電話").status_code == 303
    with closed.writing() as session:
        session.scalars(select(SupportCase)).one().closed_on = CLOSED - timedelta(days=10)
    typed = {"o-method": "letter", "o-by_two": "one", "o-reaction": "none", "o-text": "手紙を置いた", "o-next_step": "また"}
    with closed.visit() as aoki:
        assert send(aoki, closed, "course/outreach", **typed, **{"o-on": late}).status_code == 303
        refused = send(aoki, closed, "course/outreach", **typed, **{"o-on": format_wareki_short(CLOSED)})
        assert refused.status_code == 409
        assert "終結したケースです" in refused.text
        assert "手紙を置いた" in refused.text


def test_of_the_consents_only_contact_and_what_is_taken_back_are_recorded(closed: World) -> None:
    typed = {"method": "paper", "given_by": "本人", "decided_on": format_wareki_short(CLOSED), "reason": "電話で"}
    with closed.visit() as aoki:
        refused = send(aoki, closed, "consent", scope="plan", state="given", **typed)
        assert refused.status_code == 422
        assert "終結したケースです" in refused.text
        assert send(aoki, closed, "consent", scope="contact_after_close", state="given", **typed).status_code == 303
        assert send(aoki, closed, "consent", scope="service", state="withdrawn", **typed).status_code == 303
    with closed.reading() as session:
        said = {(row.scope, row.state) for row in session.scalars(select(Consent))}
    assert ("service", "withdrawn") in said
    assert ("plan", "given") not in said


@pytest.mark.parametrize(("status", "said"), [("ordinary", "通常案件として返した"), ("advice_only", "助言で終えた")])
def test_a_case_that_was_given_back_is_taken_in_again_the_same_way(town_with_a_case: World, status: str, said: str) -> None:
    with town_with_a_case.writing() as session:
        session.scalars(select(SupportCase)).one().status = status
    with town_with_a_case.visit() as aoki:
        assert f"{said}ケースです" in aoki.get(f"/people/{town_with_a_case.ids['佐倉']}/closing").text
        assert send(aoki, town_with_a_case, "seating", seating="together").status_code == 409
        assert send(aoki, town_with_a_case, "closing/reopen", **{"again-words": "また困っている"}).status_code == 303
        assert send(aoki, town_with_a_case, "seating", seating="together").status_code == 303


def test_a_form_sent_after_a_colleague_closed_the_case_keeps_its_words(closed: World) -> None:
    with closed.writing() as session:
        plan = Plan(
            case_id=closed.ids["ケース"],
            seq=1,
            kind="participation",
            status="ended",
            made_on=CLOSED,
            made_at=at(CLOSED),
            made_by="青木",
        )
        session.add(plan)
        session.flush()
        plan_id = plan.id
    drafted = {"kind": "participation", "person_words": "畑がよい", "_version": "0"}
    judged = {"e-person_words": "続けたい", "e-next_step": "close", "e-on": format_wareki_short(CLOSED)}
    with closed.visit() as aoki:
        for below, typed, words in (("plans", drafted, "畑がよい"), (f"plans/evaluate/{plan_id}", judged, "続けたい")):
            refused = send(aoki, closed, below, **typed)
            assert refused.status_code == 409, refused.text
            assert "終結したケースです" in refused.text
            assert words in refused.text
        assert "畑がよい" not in aoki.get(f"/people/{closed.ids['佐倉']}/plans").text


def test_a_record_of_a_visit_that_the_closing_called_off_keeps_its_words(closed: World) -> None:
    with closed.reading() as session:
        row = session.scalars(select(FollowUp).where(FollowUp.state == CANCELLED)).first()
        assert row is not None
    typed = {
        "met": "person",
        "person_says": "want",
        "person_face": "4",
        "state": "stable",
        "wish": "犬と歩きたい",
        "done_on": "R8.12.22",
    }
    with closed.visit() as aoki:
        refused = aoki.submit(f"/followup/{row.id}/record", {**typed, "_once": new_id(), "_version": str(row.version)})
    assert refused.status_code == 409
    assert "犬と歩きたい" in refused.text
