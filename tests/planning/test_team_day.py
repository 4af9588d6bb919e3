"""One day of several coordinators: a letter and a pattern of line each, a list that says the same, and nobody's home."""

import re
from datetime import timedelta

import pytest

from service.cases.models import Person
from service.followup.planning.team_map import COLOURS, PATTERNS, Halt, Way, draw_ways, look_of
from service.followup.tasks.models import CONFIRMED, FollowUp
from service.resources.places import places_of
from tests.cast import TODAY, World, open_case
from tests.feeds.planned import plan

MONDAY = TODAY + timedelta(days=(7 - TODAY.weekday()) % 7 or 7)
PAGE = f"/followup/team-day?on={MONDAY}"
SOMEWHERE = (35.3197, 139.5467)


@pytest.fixture
def together(busy: World) -> World:
    """On Monday 青木 goes to 佐倉's place at two, having promised, and 石井 calls her at nine and goes there at four."""
    for key, who, start_min, kind, state in (
        ("予定1", "青木", 840, "host_visit", CONFIRMED),
        ("予定0", "石井", 540, "phone", "planned"),
        ("予定3", "石井", 960, "host_visit", "planned"),
    ):
        with busy.writing() as session:
            row = session.get_one(FollowUp, busy.ids[key])
            row.on, row.staff_id, row.start_min, row.kind, row.state = MONDAY, busy.ids[who], start_min, kind, state
    return busy


def test_each_has_a_letter_and_a_pattern_and_the_list_says_what_the_map_shows(together: World) -> None:
    with together.visit() as aoki:
        shown = aoki.get(PAGE).text
    assert "予定のある人 <b>2</b>人　予定 <b>3</b>件" in shown
    letters = dict(re.findall(r'aria-labelledby="who-([A-Z])"><h2[^>]*>[A-Z]　(\S+) ', shown))
    assert set(letters.values()) == {"青木", "石井"}
    marks = set(re.findall(r'<a href="#(stop-[A-Z]\d+)"', shown))
    of = {name: letter for letter, name in letters.items()}
    assert marks == {f"stop-{of['青木']}1", f"stop-{of['石井']}2"}
    for mark in marks:
        assert f'id="{mark}"' in shown
    assert shown.count("地図には出しません") == 1
    dashes = re.findall(r'class="team-way"[^>]*/><path [^>]*stroke-dasharray="([^"]+)"', shown)
    assert len(set(dashes)) == 2
    assert "style=" not in shown.partition("<svg")[2]


def test_those_who_are_named_are_shown_alone(together: World) -> None:
    with together.visit() as aoki:
        shown = aoki.get(f"{PAGE}&staff={together.ids['石井']}").text
        nobody = aoki.get(f"{PAGE}&staff={'0' * 32}").text
        empty = aoki.get(f"/followup/team-day?on={MONDAY + timedelta(days=1)}").text
    assert "予定のある人 <b>1</b>人　予定 <b>2</b>件" in shown
    assert together.ids["予定1"] not in shown
    assert "まだ決まっていません" in nobody
    assert "まだ決まっていません" in empty


def test_no_home_is_drawn_and_what_may_not_be_seen_is_hours(together: World) -> None:
    with together.writing() as session:
        session.get_one(FollowUp, together.ids["予定1"]).kind = "person_interview"
        person = session.get_one(Person, together.ids["佐倉"])
        person.lat, person.lon = SOMEWHERE
        together.ids["石田"] = open_case(session, together.ids["石井"], "石田 けい", locked=True).id
    hidden = plan(together, "石田", on=MONDAY, staff_id=together.ids["石井"], start_min=660)
    with together.visit() as aoki:
        shown = aoki.get(PAGE).text
    assert len(re.findall(r'<a href="#stop-', shown)) == 1
    assert "11:00–11:45 ほかの予定" in shown
    assert not any(word in shown for word in ("石田", hidden))


def test_lines_are_told_apart_without_colour() -> None:
    looks = [look_of(at) for at in range(len(PATTERNS))]
    assert len({each.dashes for each in looks}) == len({each.said for each in looks}) == len(PATTERNS)
    assert len({look_of(at).letter for at in range(26)}) == 26
    assert len(set(COLOURS)) == len(COLOURS)
    ways = [Way(at, f"職員{at}", (Halt(*SOMEWHERE, 1, "ひなた", f"stop-{at}"),)) for at in range(3)]
    drawn = str(draw_ways(places_of("149993"), ways, SOMEWHERE))
    assert "A 職員0（実線）1か所、B 職員1（破線）1か所、C 職員2（点線）1か所" in drawn
    assert "事務所" in drawn
    assert draw_ways(places_of("149993"), [Way(0, "職員", ())], SOMEWHERE) is None
