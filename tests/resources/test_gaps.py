"""資源の不足: what nobody could offer, without a name."""

from service.resources.gaps import record_gap
from tests.cast import NOW, World


def test_an_empty_list_says_where_gaps_come_from(world: World) -> None:
    with world.visit() as browser:
        assert "条件を見直す" in browser.get("/gaps").text


def test_a_gap_is_listed_with_its_condition_in_words(world: World) -> None:
    with world.writing() as session:
        record_gap(session, world.actor("青木"), NOW, "R-TIME", "夕方の居場所がない", "20代", "岡本")
    with world.visit("遠野") as browser:
        page = browser.get("/gaps").text
    assert all(words in page for words in ("動ける曜日・時間", "夕方の居場所がない", "20代", "岡本", "検討前"))
