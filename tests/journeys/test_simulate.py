"""A few weeks of the fictional town through the real services: nothing is forgotten, and the log holds."""

import json

import pytest

from service.cli import main

WEEKS = ["simulate", "--weeks", "4", "--seed", "1", "--from", "2026-12-07", "--json"]


def test_nothing_is_forgotten_over_the_turn_of_the_year(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(WEEKS) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["until"] == "2027-01-03"
    assert (report["forgotten"], report["log_holds"]) == (0, True)
    assert report["done"] == report["done_in_its_window"] + report["done_late"] > 5
    assert report["done"] + report["open"] + report["cancelled"] == report["follow_ups"]
