"""Going another way than proposed asks one reason of the town's own list, and the reasons are counted."""

import pytest

from service.kernel.errors import DomainError
from service.matching.joint.declining import decline_line, override_counts, override_reasons
from service.matching.joint.sizes import OVERRIDES, save_size
from tests.cast import NOW, World
from tests.joint.cast import line_of
from tests.joint.offered import accept, offered


@pytest.fixture
def town(world: World) -> World:
    return offered(world)


def decline(world: World, name: str, reason: str, words: str = "", by: str = "青木") -> None:
    line = line_of(world, world.ids["案"], name)
    with world.writing(by) as session:
        decline_line(session, world.town, world.actor(by), line.id, reason, words, NOW)


def test_declining_asks_one_reason_of_the_list_and_reasons_are_counted(town: World) -> None:
    decline(town, "佐倉", "travel")
    decline(town, "原", "other", "家族の予定", "石井")
    with town.reading() as session:
        counts = {reason.key: count for reason, count in override_counts(session)}
    assert (counts["travel"], counts["other"], counts["not_now"]) == (1, 1, 0)


@pytest.mark.parametrize(("reason", "words"), [("", ""), ("no-such", ""), ("other", "  ")])
def test_declining_without_a_reason_is_refused(town: World, reason: str, words: str) -> None:
    with pytest.raises(DomainError):
        decline(town, "佐倉", reason, words)


def test_a_declined_line_can_still_be_accepted_and_then_counts_no_more(town: World) -> None:
    decline(town, "佐倉", "travel")
    accept(town, "佐倉")
    with town.reading() as session:
        assert {reason.key: count for reason, count in override_counts(session)}["travel"] == 0
    with pytest.raises(DomainError, match="候補に決まっています"):
        decline(town, "佐倉", "travel")


def test_the_list_of_reasons_is_the_towns_own_and_earlier_reasons_keep_their_words(town: World) -> None:
    decline(town, "佐倉", "travel")
    with town.writing() as session:
        kept = [{"key": "travel", "label": "道のり", "is_offered": False}, {"key": "rain", "label": "雨の日がむずかしい"}]
        save_size(session, OVERRIDES, kept, "北条", NOW)
    with town.reading() as session:
        assert [reason.key for reason in override_reasons(session)] == ["rain"]
        assert [(reason.label, count) for reason, count in override_counts(session)] == [
            ("道のり", 1),
            ("雨の日がむずかしい", 0),
        ]
    with pytest.raises(DomainError):
        decline(town, "原", "travel", by="石井")
