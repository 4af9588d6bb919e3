"""Advice without a case: given to a supporter, taken from an expert."""

from typing import Any

from sqlalchemy import select

from service.cases.models import SupportCase
from service.cases.referrals.models import AdviceRecord
from service.kernel.db import new_id
from service.reports.gathering import _advice
from tests.cast import NOW, Visitor, World

TYPED = {
    "way": "given",
    "on": "R8.6.1",
    "to_agency": "地域包括支援センター",
    "field": "aged",
    "asked": "声のかけ方",
    "advice": "待つ",
}


def write(visitor: Visitor, **changed: str) -> Any:
    return visitor.submit("/advice", TYPED | changed | {"_once": new_id()})


def test_advice_without_a_sheet_is_kept_counted_and_reported(world: World) -> None:
    with world.visit() as aoki:
        assert write(aoki).status_code == 303
        page = aoki.get("/advice").text
    assert "支援者への助言 <b>1</b> 件" in page
    assert "地域包括支援センター" in page
    with world.reading() as session:
        assert session.scalars(select(SupportCase)).all() == []
        assert [fact.values["field"] for fact in _advice(session)] == ["aged"]


def test_what_an_expert_told_us_is_kept_apart_and_not_counted_as_our_advice(world: World) -> None:
    with world.visit() as aoki:
        assert "どの専門職から" in write(aoki, way="taken").text
        assert write(aoki, way="taken", expert="弁護士").status_code == 303
        page = aoki.get("/advice").text
    assert "専門職から受けた助言 <b>1</b> 件" in page
    assert "弁護士" in page
    with world.reading() as session:
        assert _advice(session) == []


def test_a_day_to_come_and_an_empty_line_are_refused_and_keep_what_was_typed(world: World) -> None:
    with world.visit() as aoki:
        late = write(aoki, on="R30.1.1")
        empty = write(aoki, advice="")
    assert (late.status_code, empty.status_code) == (422, 422)
    assert "声のかけ方" in late.text
    assert "声のかけ方" in empty.text


def test_advice_about_a_case_that_is_shut_is_shown_to_nobody_else(town_with_a_case: World) -> None:
    with town_with_a_case.writing() as session:
        case = session.scalars(select(SupportCase)).one()
        case.locked = True
        session.add(AdviceRecord(case_id=case.id, on=case.opened_on, to_agency="ひみつの所", asked="", advice="x",
                                 recorded_at=NOW, recorded_by="青木"))  # fmt: skip
    with town_with_a_case.visit("石井") as other:
        assert "ひみつの所" not in other.get("/advice").text
    with town_with_a_case.visit("青木") as own:
        assert "ひみつの所" in own.get("/advice").text
