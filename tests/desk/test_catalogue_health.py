"""台帳のようす: the next call is obvious, and a count is all that is said of people."""

from datetime import timedelta

from service.cases.models import Placement, PlacementMove
from service.cases.placements import place_candidate
from service.desk.health import health_view
from service.followup.placements.answering import Answer
from service.followup.placements.asking import answer_by_staff, sound_out
from tests.cast import NOW, TODAY, World, add_host, open_case


def test_the_next_call_goes_where_most_people_need_to_know(world: World) -> None:
    with world.writing() as session:
        add_host(session, "静かな店", step_free=True)
        add_host(session, "分からない店")
        for name in ("佐倉 みお", "田村 りく"):
            open_case(session, world.ids["青木"], name, step_free=True)
    with world.reading() as session:
        view = health_view(session, world.town, TODAY)
    assert [row.name for row in view.calls] == ["分からない店"]
    assert "段差" in view.calls[0].ask
    row = next(row for row in view.unknown if row.people)
    assert (row.unknown, row.of, row.people, row.share) == (1, 2, 2, 50)


def test_a_stale_word_is_worth_a_call_of_its_own(world: World) -> None:
    with world.writing() as session:
        _, opening = add_host(session)
        opening.confirmed_on = TODAY - timedelta(days=91)
    with world.reading() as session:
        assert [row.ask for row in health_view(session, world.town, TODAY).calls] == ["今も変わりないか"]


def test_a_host_somebody_has_visited_this_year_counts_as_used(town_with_a_case: World) -> None:
    world = town_with_a_case
    with world.writing() as session:
        add_host(session, "だれも来ない店")
        placement = place_candidate(session, world.ids["佐倉"], world.ids["枠"], [], since=TODAY, recorded_by="青木")
        session.add(
            PlacementMove(placement_id=placement.id, at=NOW, by="青木", from_step="offered", to_step="visit", label="見学")
        )
    with world.reading() as session:
        view = health_view(session, world.town, TODAY)
        assert [name for _, name in view.never] == ["だれも来ない店"]
        later = health_view(session, world.town, TODAY + timedelta(days=400))
        assert {name for _, name in later.never} == {"だれも来ない店", "海の台所"}


def test_answers_to_soundings_are_counted_with_their_reasons(town_with_a_case: World) -> None:
    world = town_with_a_case
    with world.writing() as session:
        id_ = place_candidate(
            session, world.ids["佐倉"], world.ids["枠"], [], since=TODAY, recorded_by="青木", reason="近い"
        ).id
    with world.writing() as session:
        sound_out(
            session,
            world.town,
            world.actor("青木"),
            id_,
            session.get_one(Placement, id_).version,
            "20代の方です。",
            "phone",
            NOW,
        )
    with world.reading() as session:
        assert health_view(session, world.town, TODAY).waiting == 1
    with world.writing() as session:
        answer_by_staff(session, world.town, world.actor("青木"), id_, Answer("no", reason="busy_season"), "店主", NOW)
    with world.reading() as session:
        view = health_view(session, world.town, TODAY)
    assert dict(view.answers)["難しい"] == 1
    assert view.reasons == (("今は忙しい・手が足りない", 1),)
    assert view.waiting == 0


def test_the_page_says_why_it_is_empty_and_names_nobody(town_with_a_case: World) -> None:
    with town_with_a_case.visit("遠野") as tono:
        page = tono.get("/catalogue").text
        assert "1か所のうち 1か所" in page
        assert "「難しい」の返事は、まだありません。" in page
        assert "佐倉" not in page
