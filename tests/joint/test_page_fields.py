"""Each template of a joint page reads exactly the fields its page has: none is filled for nobody, none is made up."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from jinja2 import nodes

from service.matching.joint.pages_run import RunPage
from service.matching.joint.pages_settings import JointSettingsView
from service.matching.joint.pages_words import level_lines
from service.web.templating import SERVICE, environment

TEMPLATES = SERVICE / "matching" / "templates"


def parts(page: Any) -> Iterator[Any]:
    """A page's dataclass and every one inside it."""
    yield page
    for hint in get_type_hints(page).values():
        yield from (each for kind in kinds(hint) for each in parts(kind))


def kinds(hint: Any) -> Iterator[Any]:
    """The dataclasses a type hint speaks of."""
    if is_dataclass(hint):
        yield hint
    elif get_origin(hint) in (tuple, Union, UnionType):
        yield from (each for inner in get_args(hint) for each in kinds(inner))


def names_of(page: Any) -> set[str]:
    return {field.name for part in parts(page) for field in fields(part)}


def read_by(*templates: str) -> set[str]:
    """Every attribute a template and what it includes ask of anything that came with the page."""
    sources = [Path(TEMPLATES, name).read_text("utf-8") for name in templates]
    trees = [environment().parse(source) for source in sources]
    return {node.attr for tree in trees for node in tree.find_all(nodes.Getattr) if not is_of_the_house(node)}


def is_of_the_house(node: nodes.Getattr) -> bool:
    """A macro of the kit, the frame around the page or the loop."""
    return isinstance(node.node, nodes.Name) and node.node.name in ("kit", "forms", "lists", "page", "loop")


@pytest.mark.parametrize(
    ("page", "templates"),
    [(RunPage, ("joint/run.html", "joint/progress.html")), (JointSettingsView, ("joint/settings.html",))],
    ids=["run", "settings"],
)
def test_a_template_reads_exactly_the_fields_of_its_page(page: Any, templates: tuple[str, ...]) -> None:
    assert names_of(page) == read_by(*templates)


def test_every_aim_says_its_own_bound_and_after_the_first_unproven_one_only_while_the_others_stay() -> None:
    moving, waiting = "移動の短さ", "場所がある人の数"
    attained = [
        {"name": waiting, "value": 5, "bound": 5},
        {"name": "希望に合う点", "value": 900, "bound": 1000},
        {"name": moving, "value": -90, "bound": -90},
        {"name": "今と変わらないこと", "value": 3, "bound": None},
    ]
    first, second, third, last = level_lines(attained)
    assert (first.proof, first.is_proven) == ("これより良くはできません", True)
    assert (second.proof, second.is_proven) == ("まだ証明していません。良くても1,000（1回1,000まで）", False)
    assert (third.proof, third.is_proven) == ("上の目標をこのままにするなら、良くても合わせて90分", False)
    assert (last.proof, last.is_proven) == ("", False)
