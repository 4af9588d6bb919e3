"""The histories of a person and of a host: fifty records on a page, the newest first, none lost between two pages."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.cases.models import Placement, SupportCase
from service.followup.visits.models import Visit
from service.kernel.db import new_id
from tests.cast import NOW, TODAY, World

MANY = 53


@pytest.fixture
def long_known(town_with_a_case: World) -> World:
    world = town_with_a_case
    with world.writing() as session:
        placement = Placement(
            person_id=world.ids["佐倉"], opening_id=world.ids["枠"], step="started", since=TODAY, recorded_by="青木",
            started_on=TODAY - timedelta(days=400),
        )  # fmt: skip
        session.add(placement)
        session.flush()
        case_id = session.scalars(select(SupportCase.id)).one()
        session.add_all(
            Visit(
                case_id=case_id, person_id=world.ids["佐倉"], placement_id=placement.id, client_id=new_id(), kind="visit_and_interview",
                done_on=TODAY - timedelta(days=day), recorded_at=NOW, recorded_by="青木", recorded_by_id=world.ids["青木"],
                note=f"［{day}日前のこと］",
            )
            for day in range(MANY)
        )  # fmt: skip
    return world


@pytest.mark.parametrize("path", ["/people/{佐倉}/visits", "/hosts/{海の台所}/visits"])
def test_every_record_is_on_one_page_in_order_and_the_count_is_of_all(long_known: World, path: str) -> None:
    address = path.format(**long_known.ids)
    with long_known.visit() as aoki:
        pages = [aoki.get(address + query).text for query in ("", "?page=2", "?page=99")]
    told = [[int(day) for day in re.findall(r"［(\d+)日前のこと］", page)] for page in pages]
    assert told == [list(range(50)), list(range(50, MANY)), list(range(50, MANY))]
    assert all(f"全 <b>{MANY}</b>件" in page for page in pages)
    assert "51〜53件目" in pages[1]
    assert f'href="{address}?page=2"' in pages[0]
    assert all("data-print" in page for page in pages)
