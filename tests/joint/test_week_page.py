"""週の組み立て over HTTP: the steps, other places, and accepting one step whole."""

import re

import pytest
from sqlalchemy import select

from service.cases.models import Placement
from service.kernel.audit import AuditEntry
from tests.cast import World, open_case
from tests.joint.cast import add_person, add_place, put
from tests.sql import counted_queries


@pytest.fixture
def town(world: World) -> World:
    """海の台所 and 丘の畑 on 月水金, and 佐倉 of 青木's, three days a week."""
    with world.writing() as session:
        world.ids["海の台所"] = add_place(session, "海の台所").id
        world.ids["丘の畑"] = add_place(session, "丘の畑").id
        add_person(session, world, "佐倉 みお", frequency=3)
    return world


def week(world: World, query: str = "", who: str = "青木") -> str:
    answer = world.visit(who).get(f"/people/{world.ids['佐倉 みお']}/week{query}")
    assert answer.status_code == 200
    return str(answer.text)


def test_the_week_grows_step_by_step(town: World) -> None:
    text = week(town)
    assert "第1段　週1回" in text
    assert "第2段　週2回" in text
    assert "第3段" not in text
    assert "第3段　週3回" in week(town, "?s1=1&s2=2&s3=3&hosts=3")


def test_steps_that_shrink_are_refused_in_words_and_stay_typed(town: World) -> None:
    text = week(town, "?s1=3&s2=2&hosts=3")
    assert "だんだん増えるように" in text
    assert 'name="s1" value="3"' in text


def test_another_place_is_shown_when_one_is_left_aside(town: World) -> None:
    first = next(name for name in ("海の台所", "丘の畑") if f">{name}</a>" in week(town))
    other = "丘の畑" if first == "海の台所" else "海の台所"
    text = week(town, f"?s1=1&hosts=1&x={town.ids[first]}")
    assert f">{other}</a>" in text
    assert f">{first}</a>" not in text
    assert "除いて考えています" in text


def test_a_step_is_accepted_whole_and_once(town: World) -> None:
    text = week(town)
    second = text.split('id="step-2"')[1].split("</section>")[0]
    sent = re.findall(r'name="time" value="([^"]+)"', second)
    assert len(sent) == 2
    visitor, here = town.visit(), f"/people/{town.ids['佐倉 みお']}/week/accept"
    for _ in range(2):
        assert visitor.submit(here, {"time": sent, "_once": "week-1"}).status_code == 303
    with town.reading() as session:
        placed = session.scalars(select(Placement)).all()
    assert {each.step for each in placed} == {"candidate"}
    assert {each.opening_id for each in placed} == {each.split(":")[0] for each in sent}
    assert "今の場所" in week(town)


def test_a_step_with_nothing_or_nonsense_in_it_is_refused(town: World) -> None:
    visitor, here = town.visit(), f"/people/{town.ids['佐倉 みお']}/week/accept"
    assert visitor.submit(here, {}).status_code == 422
    assert visitor.submit(here, {"time": "x:9:9"}).status_code == 422
    gone = visitor.submit(here, {"time": f"{town.ids['海の台所']}:6:600"})
    assert gone.status_code == 409
    with town.reading() as session:
        assert session.scalars(select(Placement)).all() == []


def test_without_consent_the_way_on_is_shown(town: World) -> None:
    with town.writing() as session:
        person = open_case(session, town.ids["青木"], "野村 そら", consent=False)
    assert "同意がまだ確認できていない" in town.visit().get(f"/people/{person.id}/week").text


def test_who_only_reads_sees_the_week_and_no_button_and_a_stranger_nothing(town: World) -> None:
    assert "候補に決める" not in week(town, who="北条")
    assert "候補に決める" not in week(town, who="石井")
    here = f"/people/{town.ids['佐倉 みお']}/week"
    assert town.visit("遠野").get(here).status_code == 404
    assert town.visit("北条").submit(f"{here}/accept", {}).status_code == 403


def test_the_person_and_the_match_lead_to_the_week(town: World) -> None:
    here = f"/people/{town.ids['佐倉 みお']}"
    for path in (here, f"{here}/match"):
        assert f'href="{here}/week"' in town.visit().get(path).text


def test_the_week_needs_few_queries_also_where_others_are_at_the_places(town: World) -> None:
    with town.writing() as session:
        add_person(session, town, "森", accompany=True)
        put(town, session, "森", "海の台所", "started")
        add_person(session, town, "原", "石井")
        put(town, session, "原", "丘の畑")
    here = f"/people/{town.ids['佐倉 みお']}/week"
    with town.visit() as visitor:
        visitor.get(here)
        with counted_queries(town) as seen:
            visitor.get(here)
    # With signing in, the record of the view, and the pairs that are left in peace.
    assert len(seen) <= 15, seen


def test_looking_at_a_week_is_recorded_once(town: World) -> None:
    query = select(AuditEntry.action).where(AuditEntry.object_id == town.ids["佐倉 みお"]).order_by(AuditEntry.seq)
    week(town)
    with town.reading() as session:
        before = session.scalars(query).all()
    week(town)
    with town.reading() as session:
        assert session.scalars(query).all() == [*before, "view"]
