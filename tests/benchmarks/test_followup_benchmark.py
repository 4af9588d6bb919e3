"""The benchmark of visiting plans: the same towns each time, peers that keep every rule, a report with its fields."""

from benchmarks.followup import by_hand, compare, first_free_day, nearest_to_due, replan
from benchmarks.visiting import town
from service.followup.planner.verify import check


def test_the_same_seed_makes_the_same_town() -> None:
    assert town("50/2/4", 1).fingerprint == town("50/2/4", 1).fingerprint
    assert town("50/2/4", 1).fingerprint != town("50/2/4", 2).fingerprint


def test_the_peers_keep_every_rule() -> None:
    instance = town("50/2/4", 3)
    assert check(instance, by_hand(instance, first_free_day)) == []
    assert check(instance, by_hand(instance, nearest_to_due)) == []


def test_the_report_says_how_each_method_did_and_what_a_bad_week_changes() -> None:
    methods = compare("50/2/4", 1, [0.2])["methods"]
    assert set(methods) == {"first free day", "nearest to due", "first whole plan", "planner 0.2 s"}
    assert min(row["ratio"] for row in methods.values()) == 1.0
    assert replan("50/2/4", 1, 0.2)["pins_broken"] == 0
