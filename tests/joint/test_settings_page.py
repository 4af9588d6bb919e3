"""合同照合の設定 over HTTP: who can go along, how many introductions, the reasons and how often each was given."""

import pytest

from service.matching.joint.service import override_reasons
from service.matching.joint.sizes import current_sizes
from tests.cast import Visitor, World
from tests.joint.cast import add_person, add_place, run_now, view

HERE = "/settings/joint"


@pytest.fixture
def hojo(world: World) -> Visitor:
    """北条, who may edit the settings."""
    return world.visit("北条")


def offered(world: World) -> dict[str, str]:
    with world.reading() as session:
        return {f"w-{reason.key}": reason.label for reason in override_reasons(session)}


def test_nothing_is_limited_until_somebody_types_a_number_and_again_when_it_is_emptied(world: World, hojo: Visitor) -> None:
    words = offered(world) | {"offer": [key.removeprefix("w-") for key in offered(world)]}
    assert hojo.submit(HERE, {**words, "h-火PM": "2", "c-aoki": "3"}).status_code == 303
    with world.reading() as session:
        sizes = current_sizes(session)
    assert sizes.accompany is not None
    assert (sizes.accompany[1, 1], sizes.accompany.sum(), sizes.coordinators) == (2, 2, {"aoki": 3})
    hojo.submit(HERE, words)
    with world.reading() as session:
        assert (current_sizes(session).accompany, current_sizes(session).coordinators) == (None, {})


def test_what_cannot_be_read_is_named_and_stays_typed(world: World, hojo: Visitor) -> None:
    answer = hojo.submit(HERE, {"h-火PM": "二人", "new": "家族の都合"})
    assert answer.status_code == 422
    assert "同行の枠「火PM」を読めませんでした" in answer.text
    assert 'value="二人"' in answer.text
    assert 'value="家族の都合"' in answer.text
    with world.reading() as session:
        assert current_sizes(session).version == 0


def test_a_reason_of_the_town_is_offered_one_taken_off_is_not_and_other_always(world: World, hojo: Visitor) -> None:
    hojo.submit(HERE, {**offered(world), "offer": ["travel"], "w-travel": "道のりが長い", "new": "家族の都合"})
    assert set(offered(world).values()) == {"道のりが長い", "その他（ひとこと書く）", "家族の都合"}


def test_the_reasons_given_are_counted(world: World, hojo: Visitor) -> None:
    with world.writing() as session:
        add_place(session, "海の台所")
        add_person(session, world, "佐倉 みお")
    run = run_now(world)
    line = view(world, run).lines[0]
    world.visit().submit(f"/joint/{run}/lines/{line.id}/decline", {"reason": "travel"})
    row = hojo.get(HERE).text.split('value="travel"')[1].split("</li>")[0]
    assert "1回" in row
    assert "佐倉" not in hojo.get(HERE).text


def test_what_a_page_takes_is_the_town_s_own_and_the_seed_s_again_when_it_is_emptied(world: World, hojo: Visitor) -> None:
    assert "製品の初期値は200人" in hojo.get(HERE).text
    assert "まだ一度も変えていません" in hojo.get(HERE).text
    hojo.submit(HERE, {**offered(world), "page_people": "3", "page_pairs": "60000"})
    with world.reading() as session:
        sizes = current_sizes(session)
    assert (sizes.page_people, sizes.page_openings, sizes.page_pairs) == (3, 1500, 60000)
    text = hojo.get(HERE).text
    assert 'name="page_people" value="3"' in text
    assert 'name="page_openings" value=""' in text
    assert "画面で計算できる大きさ：3人・60,000組" in text
    hojo.submit(HERE, offered(world))
    with world.reading() as session:
        assert current_sizes(session).page_people == 200
    history = hojo.get(HERE).text.split("版の記録")[1]
    assert history.index("画面で計算できる大きさ：製品の初期値") < history.index("画面で計算できる大きさ：3人・60,000組")
    assert "北条" in history


@pytest.mark.parametrize(("name", "typed"), [("page_people", "0"), ("page_people", "5001"), ("page_pairs", "多い")])
def test_a_page_that_would_take_nobody_or_too_many_is_refused(world: World, hojo: Visitor, name: str, typed: str) -> None:
    answer = hojo.submit(HERE, {**offered(world), name: typed})
    assert answer.status_code == 422
    assert "画面で計算できる" in answer.text.split('role="alert"')[1].split("</p>")[0]
    assert f'name="{name}" value="{typed}"' in answer.text
    with world.reading() as session:
        assert current_sizes(session).version == 0


def test_who_only_reads_the_settings_finds_no_button(world: World) -> None:
    assert "保存する" not in world.visit("青木").get(HERE).text
    assert world.visit("青木").submit(HERE, {}).status_code == 403
