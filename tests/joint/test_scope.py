"""Whom and where a joint run is about: the cases the asker may read, the filters, the size of a page."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from service.cases.models import Consent
from service.cli import main
from service.kernel.errors import DomainError
from service.kernel.queue.jobs import Job
from service.matching.joint import gather as gathering
from service.matching.joint.asking import JointAsk, OpeningFilter, PeopleFilter
from service.matching.joint.gather import gather
from service.matching.joint.models import JointRun
from service.matching.joint.service import preview
from service.matching.joint.sizes import PAGE, save_size
from service.resources.models import Host, Opening
from tests.cast import NOW, TODAY, World
from tests.joint.cast import (
    add_person,
    ask_for_run,
    changing,
    count,
    placed,
    put,
    run_now,
    view,
)
from tests.sql import counted_queries


def test_a_locked_case_takes_part_only_when_its_own_staff_ask(town: World) -> None:
    with town.writing() as session:
        locked = add_person(session, town, "田中", locked=True).id
    everybody = JointAsk(PeopleFilter(people=(locked, town.ids["原"])))
    assert locked in placed(town, run_now(town, everybody))
    others = run_now(town, everybody, by="石井")
    assert locked not in {line.person_id for line in view(town, others, "石井").lines}
    with town.reading() as session:
        people = session.get_one(JointRun, others).instance["people"]
    assert [row["id"] for row in people] == [town.ids["原"]]


def test_lines_of_a_locked_case_are_hidden_from_colleagues(town: World) -> None:
    with town.writing() as session:
        locked = add_person(session, town, "田中", locked=True).id
    run_id = run_now(town, JointAsk(PeopleFilter(people=(locked,))))
    seen = view(town, run_id, "石井")
    assert (seen.lines, seen.left, seen.hidden) == ((), (), 1)


def test_people_who_have_not_agreed_or_told_nothing_are_counted_and_left_out(town: World) -> None:
    with town.writing() as session:
        add_person(session, town, "今", consent=False)
        add_person(session, town, "辻", time=None)
    counts = view(town, run_now(town)).run.counts
    assert (counts["people"], counts["without_consent"], counts["not_assessed"]) == (3, 1, 1)


@pytest.mark.parametrize(
    ("narrowed", "has_place", "expected"),
    [
        (lambda ids: PeopleFilter(coordinator_ids=(ids["石井"],)), False, {"原"}),
        (lambda ids: PeopleFilter(districts=("岡本",)), False, {"佐倉", "森", "原"}),
        (lambda ids: PeopleFilter(districts=("腰越",)), False, set()),
        (lambda ids: PeopleFilter(age_from=20, age_to=29), False, {"佐倉", "森", "原"}),
        (lambda ids: PeopleFilter(age_from=30), False, set()),
        (lambda ids: PeopleFilter(waiting_least=10), False, {"森"}),
        (lambda ids: PeopleFilter(people=(ids["佐倉"], ids["原"])), False, {"佐倉", "原"}),
        (lambda ids: PeopleFilter(without_place=True), True, {"佐倉", "森"}),
        (lambda ids: PeopleFilter(without_place=False), True, {"佐倉", "森", "原"}),
    ],
)
def test_the_people_of_a_run_are_those_the_filter_means(
    town: World, narrowed: Any, has_place: bool, expected: set[str]
) -> None:
    with town.writing() as session:
        consent = session.scalars(select(Consent).where(Consent.person_id == town.ids["森"])).one()
        consent.decided_on = TODAY - timedelta(days=30)
        if "without_place" in repr(narrowed(town.ids)) and expected != {"佐倉", "森", "原"} and len(expected) == 2:
            put(town, session, "原", "丘の畑") if narrowed(town.ids).without_place and not narrowed(
                town.ids
            ).people else None
    ask = JointAsk(narrowed(town.ids))
    with town.reading() as session:
        scope = gathering.scope_of(session, town.town, town.actor("青木"), ask, TODAY)
    assert {name for name, id_ in town.ids.items() if id_ in {p.id for _, p in scope.chosen.people}} == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (OpeningFilter(kinds=("farm",)), {"丘の畑"}),
        (OpeningFilter(themes=("reading",)), {"海の台所"}),
        (OpeningFilter(districts=("岡本",)), {"海の台所", "丘の畑"}),
        (OpeningFilter(districts=("腰越",)), set()),
    ],
)
def test_the_openings_of_a_run_are_those_the_filter_means(town: World, wanted: OpeningFilter, expected: set[str]) -> None:
    with town.writing() as session:
        session.get_one(Opening, town.ids["海の台所"]).activity_tags = ["reading"]
        farm = session.get_one(Opening, town.ids["丘の畑"])
        session.get_one(Host, farm.host_id).kind = "farm"
    with town.reading() as session:
        scope = gathering.scope_of(session, town.town, town.actor("青木"), JointAsk(openings=wanted), TODAY)
    ids = {scope.loaded.catalogue.ids[place] for place in scope.openings}
    assert {name for name, id_ in town.ids.items() if id_ in ids} == expected


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (JointAsk(PeopleFilter(districts=("腰越",))), "no-people"),
        (JointAsk(openings=OpeningFilter(kinds=("home",))), "no-openings"),
    ],
)
def test_a_run_about_nobody_or_nowhere_is_refused_with_what_to_widen(town: World, ask: JointAsk, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        ask_for_run(town, ask)
    assert refusal.value.code == code
    assert count(town, JointRun) == 0


def limit_page(town: World, **sizes: int) -> None:
    """What the town says of the size of a page."""
    with town.writing() as session:
        save_size(session, PAGE, sizes, "北条", NOW)


def test_a_run_larger_than_a_page_is_refused_there_and_done_by_command(
    town: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    limit_page(town, page_people=2)
    form = {"wait": "0", "c": [town.ids["青木"], town.ids["石井"]], "age_to": "40", "load": "2"}
    answer = town.visit().submit("/joint", form)
    assert answer.status_code == 422
    assert "画面で計算できる大きさ（2人・1,500枠・組み合わせ40,000まで）を超えています（3人・2枠）。" in answer.text
    assert "をしぼってください" in answer.text
    assert 'name="age_to" value="40"' in answer.text
    assert all(f'value="{town.ids[name]}" checked' in answer.text for name in ("青木", "石井"))
    assert "計算する</button>" not in answer.text
    assert (count(town, JointRun), count(town, Job)) == (0, 0)
    monkeypatch.setenv("TSUNAGI_DATA", str(town.settings.data))
    assert main(["joint", "run", "--as", "aoki", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["people"] == 3


@pytest.mark.parametrize(("limit", "narrowed"), [({"page_openings": 1}, {"k": "farm"}), ({"page_people": 2}, {"c": "青木"})])
def test_narrowed_as_it_says_the_page_takes_the_run(town: World, limit: dict[str, int], narrowed: dict[str, str]) -> None:
    with town.writing() as session:
        session.get_one(Host, session.get_one(Opening, town.ids["丘の畑"]).host_id).kind = "farm"
    limit_page(town, **limit)
    visitor = town.visit()
    assert "を超えています" in visitor.get("/joint/new").text
    assert visitor.submit("/joint", {"load": "1"}).status_code == 422
    form = {key: town.ids.get(value, value) for key, value in narrowed.items()}
    assert visitor.submit("/joint", {**form, "load": "1"}).status_code == 303


def test_more_pairs_than_a_page_takes_end_the_run_with_what_to_narrow(town: World) -> None:
    limit_page(town, page_pairs=5)
    text = town.visit().get(f"/joint/{run_now(town)}").text
    assert "組み合わせ5まで）を超えています（3人・2枠・組み合わせ6）。" in text
    assert "をしぼってください" in text
    assert view(town, run_now(town, is_limited=False)).state == "done"


def test_a_run_asks_the_database_as_often_for_many_people_as_for_few(town: World) -> None:
    def asked() -> int:
        with counted_queries(town) as seen, town.reading() as session:
            gather(session, town.town, town.actor("青木"), JointAsk(), TODAY)
        return len(seen)

    changing(town, lambda s: put(town, s, "原", "海の台所") and None)
    asked()
    few = asked()
    with town.writing() as session:
        for number in range(12):
            add_person(session, town, f"人{number}")
            put(town, session, f"人{number}", "海の台所")
    asked()
    assert asked() == few <= 20


def test_a_preview_counts_without_writing_anything(town: World) -> None:
    with town.reading() as session:
        scope = preview(session, town.town, town.actor("青木"), JointAsk(), NOW)
    assert (len(scope.chosen.people), len(scope.openings)) == (3, 2)
