"""照合 over HTTP: what a coordinator reads, what-ifs, the calls, the papers."""

import json
import re
from collections.abc import Callable

import pytest

from service.cases.models import Need
from service.matching.models import MatchRun
from service.resources.models import Condition, Opening, ResourceGap
from tests.cast import TODAY, World, add_host, open_case
from tests.sql import counted_queries

QUIET = {"noise": "quiet", "crowd": 6}


@pytest.fixture
def page_of(town_with_a_case: World) -> Callable[..., str]:
    """The text of the match page of 佐倉 after her needs were set."""

    def look(address: str = "", **needs: object) -> str:
        with town_with_a_case.writing() as session:
            for attribute, value in needs.items():
                session.add(Need(person_id=town_with_a_case.ids["佐倉"], attribute=attribute, value=value, strength="hard"))
        answer = town_with_a_case.visit().get(f"/people/{town_with_a_case.ids['佐倉']}/match{address}")
        assert answer.status_code == 200
        return answer.text

    return look


def counts(text: str) -> list[int]:
    return [int(n) for n in re.findall(r"<b>(\d+)<small class=\"vh\">か所", text)]


def answer_host(world: World, **conditions: object) -> None:
    with world.writing() as session:
        for attribute, value in conditions.items():
            session.add(Condition(host_id=world.ids["海の台所"], attribute=attribute, value=value))


def test_without_consent_nothing_is_computed_and_the_way_on_is_shown(world: World) -> None:
    with world.writing() as session:
        add_host(session)
        person = open_case(session, world.ids["青木"], consent=False)
    text = world.visit().get(f"/people/{person.id}/match").text
    assert "利用申込みと同意がまだ確認できていないため、照合できません" in text
    assert "海の台所" not in text
    assert world.visit().get(f"/api/v1/people/{person.id}/match").status_code == 409


def test_a_person_without_needs_fits_every_open_place(page_of: Callable[..., str]) -> None:
    assert counts(page_of()) == [0, 1, 0] or counts(page_of()) == [1, 0, 0]


def test_an_unknown_condition_asks_and_a_known_one_decides(town_with_a_case: World, page_of: Callable[..., str]) -> None:
    answer_host(town_with_a_case, age=[15, 90])
    assert counts(page_of("?band=ask", noise="quiet")) == [0, 1, 0]
    answer_host(town_with_a_case, noise="quiet")
    assert counts(page_of()) == [1, 0, 0]


def test_a_violation_says_why_in_plain_japanese(town_with_a_case: World, page_of: Callable[..., str]) -> None:
    answer_host(town_with_a_case, age=[15, 90], crowd=20)
    text = page_of(crowd=6)
    assert counts(text) == [0, 0, 1]
    assert "20人" in text
    assert "6人" in text


def test_a_what_if_lives_in_the_address_and_is_not_saved(town_with_a_case: World, page_of: Callable[..., str]) -> None:
    answer_host(town_with_a_case, age=[15, 90], crowd=20)
    text = page_of("?v-crowd=30", crowd=6)
    assert counts(text) == [1, 0, 0]
    assert "保存されていません" in text
    assert counts(page_of("?s-crowd=off")) == [1, 0, 0]
    assert counts(page_of()) == [0, 0, 1]


def test_a_what_if_that_cannot_be_read_is_said_and_left_aside(town_with_a_case: World, page_of: Callable[..., str]) -> None:
    text = page_of("?v-crowd=many&v-noise=x&s-nonsense=off&page=-3&band=zzz", crowd=6, noise="quiet")
    assert "数字だけで入れてください" in text


def test_a_kept_what_if_becomes_the_assessment(town_with_a_case: World, page_of: Callable[..., str]) -> None:
    page_of(crowd=6)
    here = f"/people/{town_with_a_case.ids['佐倉']}/match/needs"
    assert town_with_a_case.visit().submit(here, {"v-crowd": "30"}).status_code == 303
    with town_with_a_case.reading() as session:
        assert session.query(Need).filter_by(attribute="crowd").one().value == 30


def test_what_would_open_is_shown_and_a_gap_names_nobody(town_with_a_case: World, page_of: Callable[..., str]) -> None:
    answer_host(town_with_a_case, age=[15, 90], crowd=20)
    assert "一度にいる人数を外すと ＋1" in page_of(crowd=6)
    here = f"/people/{town_with_a_case.ids['佐倉']}/match/gaps"
    form = {"code": "R-PEOPLE", "_once": "gap-1"}
    visitor = town_with_a_case.visit()
    assert visitor.submit(here, form).status_code == visitor.submit(here, form).status_code == 303
    with town_with_a_case.reading() as session:
        gap = session.query(ResourceGap).one()
    assert (gap.code, gap.age_band, gap.district) == ("R-PEOPLE", "20〜39歳", "岡本")
    assert "佐倉" not in json.dumps({k: str(v) for k, v in vars(gap).items()}, ensure_ascii=False)


def test_a_telephone_answer_goes_to_the_host_card_and_moves_the_band(
    town_with_a_case: World, page_of: Callable[..., str]
) -> None:
    answer_host(town_with_a_case, age=[15, 90])
    page_of("?band=ask", scent=True)
    here = f"/people/{town_with_a_case.ids['佐倉']}/match/phone"
    visitor = town_with_a_case.visit()
    assert "香料・消毒・塗料などのにおいはありますか" in visitor.get(here).text
    target = f"{here}/{town_with_a_case.ids['枠']}"
    nameless = visitor.submit(target, {"a-scent": "none", "answered_by": ""})
    assert nameless.status_code == 422
    assert visitor.submit(target, {"a-scent": "none", "answered_by": "店長の方"}).status_code == 303
    with town_with_a_case.reading() as session:
        answer = session.query(Condition).filter_by(attribute="scent").one()
    assert (answer.value, answer.answered_by, answer.answered_on is not None) == ("none", "店長の方", True)
    assert counts(page_of()) == [1, 0, 0]


def test_free_places_are_typed_in_during_the_same_call(town_with_a_case: World, page_of: Callable[..., str]) -> None:
    answer_host(town_with_a_case, age=[None, None])
    with town_with_a_case.writing() as session:
        session.get_one(Opening, town_with_a_case.ids["枠"]).free = None
    assert counts(page_of("?band=ask")) == [0, 1, 0]
    target = f"/people/{town_with_a_case.ids['佐倉']}/match/phone/{town_with_a_case.ids['枠']}"
    visitor = town_with_a_case.visit()
    assert visitor.submit(target, {"free": "二人", "answered_by": "店長"}).status_code == 422
    assert visitor.submit(target, {"free": "２", "answered_by": "店長"}).status_code == 303
    assert counts(page_of()) == [1, 0, 0]


def test_the_sounding_tells_conditions_and_never_the_persons_own_words(
    town_with_a_case: World, page_of: Callable[..., str]
) -> None:
    page_of(noise="quiet", interests={"tags": ["reading"], "text": "母の病気のことで疲れている"})
    text = town_with_a_case.visit().get(f"/people/{town_with_a_case.ids['佐倉']}/match/sounding").text
    told = text.split('id="sounding">')[1].split("</blockquote>")[0]
    assert "20代の方です" in told
    assert "読書" in told
    assert not {"佐倉", "みお", "岡本", "母", "病気"} & set(re.findall(r"佐倉|みお|岡本|母|病気", told))


def test_avoidance_is_named_but_never_explained_or_drawn(town_with_a_case: World, page_of: Callable[..., str]) -> None:
    here = f"/people/{town_with_a_case.ids['佐倉']}"
    form = {"kind": "area", "place": "汐見市岡本", "radius_km": "5", "note": "元配偶者の職場"}
    town_with_a_case.visit().submit(f"{here}/avoid", form)
    text = page_of("?band=no")
    assert "接触回避の設定に当たります（詳細は権限のある人のみ）" in text
    assert "元配偶者" not in text
    assert f'href="#o-{town_with_a_case.ids["枠"]}"' not in text


def test_papers_are_pdfs_and_printing_is_recorded(town_with_a_case: World, page_of: Callable[..., str]) -> None:
    page_of(noise="quiet")
    for name in ("print.pdf", "phone.pdf", "sounding.pdf"):
        answer = town_with_a_case.visit().get(f"/people/{town_with_a_case.ids['佐倉']}/match/{name}")
        assert answer.content.startswith(b"%PDF")
    with town_with_a_case.reading() as session:
        printed = session.connection().exec_driver_sql("select count(*) from audit_entry where action = 'print'").scalar()
    assert printed == 2


def test_a_kept_result_holds_what_was_asked_and_why(town_with_a_case: World, page_of: Callable[..., str]) -> None:
    page_of(crowd=6)
    here = f"/people/{town_with_a_case.ids['佐倉']}/match/runs"
    form = {"v-crowd": "30", "reason": "支援会議の資料", "_once": "run-1"}
    visitor = town_with_a_case.visit()
    visitor.submit(here, form)
    visitor.submit(here, form)
    with town_with_a_case.reading() as session:
        run = session.query(MatchRun).one()
    assert run.asked == {"strengths": {}, "values": {"crowd": 30}, "reason": "支援会議の資料"}
    assert sum(run.result["counts"].values()) == 1


def test_the_api_says_what_the_page_says(town_with_a_case: World, page_of: Callable[..., str]) -> None:
    answer_host(town_with_a_case, age=[15, 90], crowd=20)
    page = counts(page_of(crowd=6))
    data = town_with_a_case.visit().get(f"/api/v1/people/{town_with_a_case.ids['佐倉']}/match").json()
    assert [data["counts"][band] for band in ("適合", "要確認", "不適合")] == page
    assert [f["code"] for f in data["places"][0]["reasons"]] == ["R-PEOPLE"]
    assert data["relaxations"] == [{"code": "R-PEOPLE", "opens": [[town_with_a_case.ids["枠"], "適合"]]}]


def test_real_minutes_replace_the_estimate(town_with_a_case: World, page_of: Callable[..., str]) -> None:
    answer_host(town_with_a_case, age=[15, 90])
    travel = {"modes": ["walk"], "max_min": 35}
    assert "徒歩 7分" in page_of(travel=travel)
    with town_with_a_case.reading() as session:
        site = session.connection().exec_driver_sql("select site_id from opening").scalar()
    here = f"/people/{town_with_a_case.ids['佐倉']}/match/travel"
    assert town_with_a_case.visit().submit(here, {"site": site, "minutes": "50"}).status_code == 303
    assert counts(page_of()) == [0, 0, 1]


@pytest.mark.parametrize("many", [3, 60])
def test_the_page_needs_as_many_queries_for_a_large_catalogue_as_for_a_small_one(
    town_with_a_case: World, page_of: Callable[..., str], many: int
) -> None:
    with town_with_a_case.writing() as session:
        for n in range(many):
            add_host(session, f"居場所 {n}", **QUIET)
    page_of(**QUIET)
    visitor = town_with_a_case.visit()
    with counted_queries(town_with_a_case) as seen:
        visitor.get(f"/people/{town_with_a_case.ids['佐倉']}/match")
    assert len(seen) <= 12


def test_a_stale_opening_is_asked_about_before_it_is_offered(town_with_a_case: World, page_of: Callable[..., str]) -> None:
    answer_host(town_with_a_case, age=[15, 90])
    with town_with_a_case.writing() as session:
        session.connection().exec_driver_sql("update opening set confirmed_on = '2026-01-05'")
        session.connection().exec_driver_sql("update catalogue_state set version = version + 1")
    text = page_of("?band=ask")
    assert TODAY.isoformat() > "2026-04-05"
    assert "いま空きはありますか" in text
