"""From the staff to the hosts and back: what was asked is answered, what was changed is changed, and it says by whom."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from service.cases.models import Placement
from service.followup.exchange.exchanging import export_file
from service.followup.placements.answering import Answer, answer_by_host
from service.followup.placements.models import HostWord, Sounding
from service.kernel.audit import AuditEntry, verify_chain
from service.kernel.errors import DomainError
from service.resources.files import ExchangedFile
from service.resources.links import JOIN, signed_link
from service.resources.members import invite
from service.resources.models import Condition, Host, Opening, OpeningSlot
from tests.cast import TODAY
from tests.exchange.two_networks import Networks

BY = "海の台所 店主さん"


def change_and_answer(networks: Networks) -> None:
    """What a host does from its own pages."""
    ids = networks.staff.world.ids
    with networks.hosts.writing(networks.tick(), BY) as session:
        opening = session.get_one(Opening, ids["枠"])
        opening.free, opening.confirmed_on, opening.confirmed_by = 1, TODAY + timedelta(days=3), BY
        host = session.get_one(Host, ids["海の台所"])
        host.description = "本のある台所"
        session.add(Condition(host_id=host.id, attribute="step_free", value=True, answered_on=TODAY, answered_by=BY))
        answer_by_host(session, host.id, ids["打診"], 1, Answer("conditional", "午後なら"), BY, networks.now)
        session.add(HostWord(host_id=host.id, kind="worry", on=TODAY, text="人手が足りません", at=networks.now, by=BY))


def test_what_a_host_does_on_its_own_network_arrives_with_its_name_and_the_file(networks: Networks) -> None:
    ids = networks.staff.world.ids
    first = networks.to_hosts()
    assert first.outcome.taken == {"host": 1, "site": 1, "opening": 1, "sounding": 1}
    with networks.hosts.world.reading() as session:
        asked = session.get_one(Sounding, ids["打診"])
        assert (asked.text, asked.placement_id) == ("20代の方です。", "")
        assert "台所" in session.get_one(Host, ids["海の台所"]).search_text
    change_and_answer(networks)
    back = networks.to_staff()
    assert back.outcome.taken == {"host": 1, "opening": 1, "condition": 1, "answer": 1, "word": 1}
    assert (back.outcome.bad, back.outcome.clashes) == ([], [])
    with networks.staff.world.reading() as session:
        opening, answered = session.get_one(Opening, ids["枠"]), session.get_one(Sounding, ids["打診"])
        assert (opening.free, opening.confirmed_on, opening.confirmed_by) == (1, TODAY + timedelta(days=3), BY)
        assert (answered.state, answered.answer, answered.answered_by) == ("answered", "conditional", BY)
        assert answered.placement_id == ids["候補"]
        assert session.get_one(Host, ids["海の台所"]).description == "本のある台所"
        assert session.scalars(select(Condition.value)).all() == [True]
        file = session.scalars(select(ExchangedFile).where(ExchangedFile.direction == "staff in")).one()
        said = session.scalars(select(AuditEntry).where(AuditEntry.action == "exchange")).all()
        opened = next(each for each in said if each.object_id == opening.id)
        assert {"free", "confirmed_on", f"by:{BY}", f"file:{file.digest[:12]}"} == set(opened.fields)
        assert verify_chain(session, networks.staff.town.key) is None
    with networks.hosts.world.reading() as session:
        assert verify_chain(session, networks.hosts.town.key) is None


def test_the_same_file_twice_and_an_older_one_later_change_nothing(networks: Networks) -> None:
    ids = networks.staff.world.ids
    networks.to_hosts()
    change_and_answer(networks)
    old = networks.hosts.export("staff", networks.tick())
    with networks.hosts.writing(networks.tick(), BY) as session:
        session.get_one(Opening, ids["枠"]).free = 4
    new = networks.hosts.export("staff", networks.tick())
    networks.staff.take(new, networks.tick())
    before = networks.staff.world.rows()
    again = networks.staff.take(new, networks.tick())
    assert again.before is not None
    assert networks.staff.world.rows() == before
    late = networks.staff.take(old, networks.tick())
    assert (late.outcome.taken, late.outcome.clashes) == ({}, [])
    with networks.staff.world.reading() as session:
        assert session.get_one(Opening, ids["枠"]).free == 4


def test_a_host_that_has_been_heard_is_not_told_again(networks: Networks) -> None:
    networks.to_hosts()
    change_and_answer(networks)
    assert networks.to_staff().outcome.taken
    networks.to_hosts()
    second = networks.to_staff()
    # Answers and words carry ids of their own; of the catalogue nothing is left to say.
    assert (second.outcome.taken, second.outcome.unchanged) == ({}, 2)


def test_two_who_wrote_without_knowing_of_each_other_are_both_shown_and_the_later_stands(networks: Networks) -> None:
    ids = networks.staff.world.ids
    networks.to_hosts()
    with networks.hosts.writing(networks.tick(), BY) as session:
        session.get_one(Opening, ids["枠"]).free = 5
    with networks.staff.writing(networks.tick(), "青木") as session:
        session.get_one(Opening, ids["枠"]).free = 2
    to_staff = networks.hosts.export("staff", networks.tick())
    [clash] = networks.staff.take(to_staff, networks.tick()).outcome.clashes
    assert (clash.theirs, clash.ours, clash.stands) == (f"5（{BY}）", "2（青木）", "こちらの書いたもの")
    networks.to_hosts()
    for side in (networks.staff, networks.hosts):
        with side.world.reading() as session:
            assert session.get_one(Opening, ids["枠"]).free == 2


def test_a_writing_the_staff_never_saw_is_told_even_after_theirs_has_replaced_it(networks: Networks) -> None:
    ids = networks.staff.world.ids
    networks.to_hosts()
    with networks.hosts.writing(networks.tick(), BY) as session:
        session.get_one(Opening, ids["枠"]).free = 5
    with networks.staff.writing(networks.tick(), "青木") as session:
        session.get_one(Opening, ids["枠"]).free = 2
    [there] = networks.to_hosts().outcome.clashes
    assert there.stands == "相手の書いたもの"
    [here] = networks.to_staff().outcome.clashes
    assert (here.theirs, here.ours) == (f"5（{BY}）", "2（青木）")
    networks.to_hosts()
    assert networks.to_staff().outcome.clashes == []


def test_a_question_that_was_taken_back_stays_so_and_the_late_answer_is_shown(networks: Networks) -> None:
    ids = networks.staff.world.ids
    networks.to_hosts()
    change_and_answer(networks)
    with networks.staff.writing(networks.tick(), "青木") as session:
        session.get_one(Sounding, ids["打診"]).state = "void"
    outcome = networks.to_staff().outcome
    assert [(clash.theirs, clash.ours) for clash in outcome.clashes] == [(f"条件付き　午後なら（{BY}）", "取り下げ")]
    networks.to_hosts()
    for side in (networks.staff, networks.hosts):
        with side.world.reading() as session:
            assert session.get_one(Sounding, ids["打診"]).state == "void"
    assert networks.to_staff().outcome.clashes == []


def test_fewer_places_than_were_promised_are_for_a_person_to_see(networks: Networks) -> None:
    ids = networks.staff.world.ids
    networks.to_hosts()
    with networks.staff.writing(networks.tick(), "青木") as session:
        placement = session.get_one(Placement, ids["候補"])
        placement.step, placement.reserved_until = "offered", TODAY + timedelta(days=14)
    with networks.hosts.writing(networks.tick(), BY) as session:
        session.get_one(Opening, ids["枠"]).free = 0
    [clash] = networks.to_staff().outcome.clashes
    assert (clash.theirs, clash.ours) == ("空き 0人", "約束 1人")


def test_the_days_and_hours_of_an_opening_travel_as_one(networks: Networks) -> None:
    ids = networks.staff.world.ids
    networks.to_hosts()
    with networks.hosts.writing(networks.tick(), BY) as session:
        opening = session.scalars(select(Opening).options(selectinload(Opening.slots))).one()
        opening.slots.remove(opening.slots[0])
    assert networks.to_staff().outcome.taken == {"opening": 1}
    with networks.staff.world.reading() as session:
        assert sorted(session.scalars(select(OpeningSlot.weekday))) == [2, 4]
        assert session.get_one(Opening, ids["枠"]).version > 1


def test_invitations_become_links_of_the_other_side_once(networks: Networks) -> None:
    staff = networks.staff
    with staff.writing(networks.tick(), "青木") as session:
        token = invite(session, staff.town.key, staff.world.ids["海の台所"], "青木", networks.now)
    taken = networks.to_hosts()
    [(name, other)] = taken.outcome.links
    assert (name, token == other) == ("海の台所", False)
    with networks.hosts.world.reading() as session:
        link = signed_link(session, networks.hosts.town.key, other)
        assert link is not None
        assert (link.purpose, link.host_id) == (JOIN, staff.world.ids["海の台所"])
        assert signed_link(session, networks.hosts.town.key, token) is None
    assert networks.to_hosts().outcome.links == []


def test_each_side_writes_and_takes_its_own_direction_alone(networks: Networks) -> None:
    file = networks.staff.export("host", networks.tick())
    with pytest.raises(DomainError, match="向きの違う"):
        networks.staff.take(file, networks.tick())
    networks.hosts.take(file, networks.tick())
    with pytest.raises(DomainError, match="向きの違う"):
        networks.hosts.export("host", networks.tick())
    with pytest.raises(DomainError, match="向きの違う"), networks.staff.writing(networks.tick()) as session:
        export_file(session, networks.staff.town, networks.staff.world.actor("青木"), "staff", networks.now)
