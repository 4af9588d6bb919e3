"""What a host does on its own pages: one tap, a few taps, and nothing lost."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from service.followup.placements.models import HostWord, Sounding
from service.kernel.audit import AuditEntry, FieldChange, verify_chain
from service.resources.models import Condition, Host, Opening
from tests.cast import Visitor, World
from tests.host_face.conftest import REAL_TODAY, agree
from tests.sql import counted_queries


def opening_of(world: World) -> Opening:
    with world.reading() as session:
        return session.get_one(Opening, world.ids["枠"])


def once_in(page: Any) -> str:
    found = re.search(r'name="_once" value="([^"]+)"', page.text)
    assert found
    return found[1]


def step(visitor: Visitor, world: World, by: str, version: int | None = None, **more: str) -> Any:
    version = opening_of(world).version if version is None else version
    return visitor.submit(f"/host/openings/{world.ids['枠']}/free", {"step": by, "_version": str(version), **more})


def test_one_tap_says_that_nothing_has_changed_and_the_history_says_who(kitchen: World) -> None:
    with kitchen.visit("店主") as host:
        once = once_in(host.get("/host"))
        for _ in range(2):
            answer = host.submit("/host/confirm", {"_once": once})
            assert (answer.status_code, answer.headers["location"]) == (303, "/host?done=host-confirmed")
    opening = opening_of(kitchen)
    assert (opening.confirmed_on, opening.confirmed_by) == (REAL_TODAY, "海の台所 店主さん")
    with kitchen.reading() as session:
        assert {row.actor_label for row in session.scalars(select(FieldChange).where(FieldChange.field == "confirmed_by"))
                if row.after == "海の台所 店主さん"} == {"海の台所 店主さん"}  # fmt: skip
        assert verify_chain(session, kitchen.town.key) is None
    with kitchen.visit("青木") as aoki:
        assert "海の台所 店主さん" in aoki.get(f"/hosts/{kitchen.ids['海の台所']}").text


def test_the_first_page_needs_few_statements(kitchen: World) -> None:
    agree(kitchen, items=("name", "days", "conditions", "agreed", "age"))
    with kitchen.visit("店主") as host:
        host.get("/host")
        with counted_queries(kitchen) as seen:
            page = host.get("/host")
        assert page.status_code == 200
        assert "佐倉 みお さん" in page.text
        assert len(seen) <= 12, "\n".join(seen)


def test_places_go_up_and_down_and_a_stale_tap_changes_nothing(kitchen: World) -> None:
    with kitchen.visit("店主") as host:
        stale = opening_of(kitchen).version
        assert step(host, kitchen, "+1").status_code == 303
        assert opening_of(kitchen).free == 4
        late = step(host, kitchen, "-1", stale)
        assert late.status_code == 409
        assert "先に保存しました" in late.text
        assert opening_of(kitchen).free == 4
        assert step(host, kitchen, "-1").status_code == 303
        assert opening_of(kitchen).free == 3


def test_places_of_one_weekday_move_the_version_of_the_opening(kitchen: World) -> None:
    with kitchen.visit("店主") as host:
        slot = min(re.findall(r'name="slot" value="(\w+)"', host.get(f"/host/openings/{kitchen.ids['枠']}").text))
        first = opening_of(kitchen).version
        assert step(host, kitchen, "+1", first, slot=slot).status_code == 303
        second = opening_of(kitchen).version
        assert second == first + 1
        # The same day, the same person: only the slot changes, and the version all the same.
        assert step(host, kitchen, "+1", second, slot=slot).status_code == 303
        assert opening_of(kitchen).version == second + 1
        assert step(host, kitchen, "+1", second, slot=slot).status_code == 409


def test_days_are_changed_and_what_was_typed_survives_a_conflict(kitchen: World) -> None:
    form = {"slots-0-days": ["1"], "slots-0-start": "9:00", "slots-0-end": "11:00", "free": "2", "times_note": "雨なら休み"}
    with kitchen.visit("店主") as host:
        path, stale = f"/host/openings/{kitchen.ids['枠']}", opening_of(kitchen).version
        step(host, kitchen, "+1")
        answer = host.submit(path, form | {"_version": str(stale)})
        assert answer.status_code == 409
        assert "雨なら休み" in answer.text
        assert "火 9:00" in answer.text
        assert opening_of(kitchen).free == 4
        again = re.search(r'name="_version" value="(\d+)"', answer.text)
        assert again
        assert host.submit(path, form | {"_version": again[1]}).status_code == 303
    with kitchen.visit("青木") as aoki:
        page = aoki.get(f"/hosts/{kitchen.ids['海の台所']}").text
        assert "火 9:00–11:00" in page


def test_a_rest_needs_a_reason_and_ends_with_one_tap(kitchen: World) -> None:
    path = f"/host/openings/{kitchen.ids['枠']}"
    with kitchen.visit("店主") as host:
        assert "わけが選ばれていません" in host.submit(f"{path}/pause", {"until": "week", "_version": "1"}).text
        said = {"reason": "busy", "until": "week", "_version": str(opening_of(kitchen).version)}
        assert host.submit(f"{path}/pause", said).status_code == 303
        opening = opening_of(kitchen)
        assert (opening.status, opening.pause_reason) == ("paused", "忙しい時期のため")
        assert opening.paused_until is not None
        assert (opening.paused_until - REAL_TODAY).days in (6, 7, 8)
        late = host.submit(f"{path}/pause", said | {"until": "date", "date": "2020/1/1", "_version": str(opening.version)})
        assert late.status_code == 422
        assert "きょうより前" in late.text
        assert host.submit(f"{path}/resume", {"_version": str(opening.version)}).status_code == 303
        assert (opening_of(kitchen).status, opening_of(kitchen).paused_until) == ("open", None)


def test_nobody_who_was_accepted_loses_a_place_by_a_number(kitchen: World) -> None:
    """佐倉's visit holds one place; three of them are free, so the fourth tap is refused."""
    with kitchen.visit("店主") as host:
        answers = [step(host, kitchen, "-1").status_code for _ in range(3)]
        assert answers == [303, 303, 422]
        assert opening_of(kitchen).free == 1
        assert "お返事をいただいた方が1人" in step(host, kitchen, "-1").text
        form = {"free": "3", "capacity": "2", "_version": str(opening_of(kitchen).version)}
        refused = host.submit(f"/host/openings/{kitchen.ids['枠']}", form)
        assert refused.status_code == 422
        assert "空きは2人まで" in refused.text


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"answer": "yes"}, ("yes", "", "")),
        ({"answer": "conditional", "conditions": "午後なら"}, ("conditional", "午後なら", "")),
        ({"answer": "no", "reason": "busy_season"}, ("no", "", "busy_season")),
    ],
)
def test_a_sounding_is_answered_once(kitchen: World, said: dict[str, str], kept: tuple[str, str, str]) -> None:
    path = f"/host/soundings/{kitchen.ids['打診']}"
    with kitchen.visit("店主") as host:
        page = host.get(path)
        assert "20代の方です。静かな場所で。" in page.text
        once = once_in(page)
        for _ in range(2):
            assert host.submit(path, said | {"_version": "1", "_once": once}).status_code == 303
        with kitchen.reading() as session:
            sounding = session.get_one(Sounding, kitchen.ids["打診"])
            assert (sounding.answer, sounding.conditions, sounding.reason) == kept
            assert sounding.answered_by == "海の台所 店主さん"
        later = host.submit(path, {"answer": "yes", "_version": "2"})
        assert later.status_code == 409
        assert "もうお返事をいただいています" in later.text or "お返事をいただいています" in later.text


def test_a_condition_without_words_is_asked_for_and_nothing_is_kept(kitchen: World) -> None:
    path = f"/host/soundings/{kitchen.ids['打診']}"
    with kitchen.visit("店主") as host:
        answer = host.submit(path, {"answer": "conditional", "_version": "1"})
        assert answer.status_code == 422
        assert "条件が入っていません" in answer.text
    with kitchen.reading() as session:
        assert session.get_one(Sounding, kitchen.ids["打診"]).state == "open"


def test_a_question_taken_back_says_so_and_tells_nothing(kitchen: World) -> None:
    with kitchen.writing() as session:
        sounding = session.get_one(Sounding, kitchen.ids["打診"])
        sounding.state, sounding.answered_at = "void", session.info["signature"].at
    with kitchen.visit("店主") as host:
        page = host.get(f"/host/soundings/{kitchen.ids['打診']}")
        assert "取り下げ" in page.text
        assert "20代" not in page.text
        refused = host.submit(f"/host/soundings/{kitchen.ids['打診']}", {"answer": "yes", "_version": "1"})
        assert refused.status_code == 409


def test_a_face_an_absence_and_a_worry_are_kept_with_who_said_them(kitchen: World) -> None:
    agree(kitchen)
    path = f"/host/people/{kitchen.ids['見学']}"
    with kitchen.visit("店主") as host:
        once = once_in(host.get(path))
        for _ in range(2):
            assert host.submit(f"{path}/face", {"face": "4", "_once": once}).status_code == 303
        assert host.submit(f"{path}/face", {"face": "9"}).status_code == 422
        assert host.submit(f"{path}/report", {"kind": "absence", "text": "かぜ"}).status_code == 303
        assert host.submit(f"{path}/report", {"kind": "worry", "text": " "}).status_code == 422
        assert host.submit("/host/report", {"text": "人手が足りません"}).status_code == 303
        assert "前のお知らせ" in host.get("/host").text
    with kitchen.reading() as session:
        words = session.scalars(select(HostWord).order_by(HostWord.at)).all()
        said = [(word.kind, word.face, word.text, word.placement_id) for word in words]
        assert said == [("face", 4, "", kitchen.ids["見学"]), ("absence", None, "かぜ", kitchen.ids["見学"]),
                        ("worry", None, "人手が足りません", None)]  # fmt: skip
        assert {word.by for word in words} == {"海の台所 店主さん"}


def test_a_host_writes_its_own_card_but_not_its_status(kitchen: World) -> None:
    with kitchen.visit("店主") as host:
        form = {"contact_person": "海野", "description": "本のある台所", "status": "ended", "note": "x", "_version": "1",
                f"activity-{kitchen.ids['枠']}": "味見", f"v-{kitchen.ids['枠']}": "1"}  # fmt: skip
        assert host.submit("/host/card", form).status_code == 303
        stale = host.submit("/host/card", form | {"description": "別の文"})
        assert stale.status_code == 409
        assert "別の文" in stale.text
        assert "本のある台所" in stale.text
    with kitchen.reading() as session:
        kept = session.get_one(Host, kitchen.ids["海の台所"])
        assert (kept.contact_person, kept.description, kept.status, kept.note) == ("海野", "本のある台所", "active", "")
        assert session.get_one(Opening, kitchen.ids["枠"]).activity == "味見"


def test_a_host_answers_the_conditions_of_the_vocabulary(kitchen: World) -> None:
    with kitchen.visit("店主") as host:
        assert "段差" in host.get("/host/card/conditions").text
        form = {"a-step_free": "yes", "was-step_free": "[null, false, false]"}
        assert host.submit("/host/card/conditions", form).status_code == 303
    with kitchen.reading() as session:
        answer = session.scalars(select(Condition).where(Condition.attribute == "step_free")).one()
        assert (answer.host_id, answer.value, answer.recorded_by) == (kitchen.ids["海の台所"], True, "海の台所 店主さん")


def test_the_fax_sheet_is_a_print_that_is_recorded(kitchen: World) -> None:
    with kitchen.visit("店主") as host:
        assert host.get("/host/fax").content.startswith(b"%PDF")
    with kitchen.reading() as session:
        assert (
            session.scalars(select(AuditEntry).where(AuditEntry.action == "print")).one().object_id
            == kitchen.ids["海の台所"]
        )
