"""Reading the vocabulary from its seed files, and from the plain rows a town has edited."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final

from service.kernel.vocab.attribute import (
    AGE,
    GENDER,
    MAX_CHOICES,
    STAFF,
    Attribute,
    Choice,
    Kind,
    Section,
    Side,
    SideType,
    Strength,
    VocabularyError,
)
from service.kernel.vocab.values import check_value
from service.kernel.vocab.vocabulary import Vocabulary

SEED_FOLDER: Final = Path(__file__).resolve().parents[3] / "seed" / "vocab"
# Which answers each generic kind can compare: person's types, host's types.
COMPARABLE: Final[Mapping[Kind, tuple[frozenset[SideType], frozenset[SideType]]]] = {
    Kind.AT_MOST: (frozenset({SideType.NUMBER, SideType.CHOICE}),) * 2,
    Kind.AT_LEAST: (frozenset({SideType.NUMBER, SideType.CHOICE}),) * 2,
    Kind.WITHIN_RANGE: (frozenset({SideType.NUMBER, SideType.NONE}), frozenset({SideType.RANGE})),
    Kind.NOT_REQUIRED: (frozenset({SideType.FLAG}), frozenset({SideType.CHOICE})),
    Kind.NEEDS_VALUE: (frozenset({SideType.FLAG}), frozenset({SideType.FLAG, SideType.CHOICE})),
    Kind.ANY_OF: (frozenset({SideType.TAGS}), frozenset({SideType.TAGS})),
    Kind.ALL_OF: (frozenset({SideType.TAGS}), frozenset({SideType.TAGS})),
    Kind.NONE_OF: (frozenset({SideType.TAGS}), frozenset({SideType.TAGS})),
    Kind.ADMITS: (frozenset({SideType.CHOICE, SideType.NONE}), frozenset({SideType.CHOICE})),
}
TEXTS: Final = ("reason", "question", "ask_person", "need_text", "fit_text", "sounding")


def load_vocabulary(folder: Path = SEED_FOLDER) -> Vocabulary:
    """The vocabulary of `attributes.toml`, with `sections.toml` and `activities.toml` beside it where present."""
    activities = tuple(Choice(row["key"], row["label"]) for row in _rows(folder / "activities.toml", "activity"))
    sections = tuple(Section(row["key"], row["label"]) for row in _rows(folder / "sections.toml", "section"))
    attributes = tuple(
        attribute_from_row({"order": position, **row}, activities)
        for position, row in enumerate(_rows(folder / "attributes.toml", "attribute"))
    )
    return check_vocabulary(Vocabulary(attributes, sections, activities))


def _rows(file: Path, table: str) -> list[dict[str, Any]]:
    if not file.exists():
        return []
    try:
        return list(tomllib.loads(file.read_text("utf-8")).get(table, []))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise VocabularyError(f"{file.name} を読めません（{problem}）。") from problem


def attribute_from_row(row: Mapping[str, Any], activities: Sequence[Choice] = ()) -> Attribute:
    """One attribute from a TOML table or a stored row; VocabularyError names the attribute and what is wrong."""
    name = f"{row.get('label', '')}（{row.get('key', '?')}）"
    known = {field.name for field in fields(Attribute)}
    if extra := sorted(set(row) - known):
        raise VocabularyError(f"語彙「{name}」に知らない項目があります: {'、'.join(extra)}。")
    try:
        given = dict(row)
        for side in ("person", "host"):
            given[side] = _side(row.get(side) or {}, activities)
        given["kind"] = Kind(row["kind"])
        given["strength"] = Strength(row.get("strength", "wish"))
        given["ok"] = tuple(row.get("ok", ()))
        given["mention"], given["reason_of"] = dict(row.get("mention", {})), dict(row.get("reason_of", {}))
        return check_attribute(Attribute(**given))
    except (KeyError, ValueError, TypeError) as problem:
        raise VocabularyError(f"語彙「{name}」を読めません（{problem}）。") from problem


def _side(row: Mapping[str, Any], activities: Sequence[Choice]) -> Side:
    given = dict(row)
    listed = given.pop("choices", ())
    choices = tuple(activities) if listed == "activities" else tuple(_choice(choice) for choice in listed)
    return Side(**{**given, "type": SideType(given.get("type", "none")), "choices": choices})


def _choice(choice: Any) -> Choice:
    return Choice(**choice) if isinstance(choice, Mapping) else Choice(*choice)


def attribute_to_row(attribute: Attribute) -> dict[str, Any]:
    """The attribute as plain JSON values; `attribute_from_row` gives the same attribute back."""
    row = asdict(attribute)
    for side in ("person", "host"):
        row[side]["choices"] = [list(choice.values()) for choice in row[side]["choices"]]
        row[side]["type"] = str(row[side]["type"])
    return row | {"kind": str(attribute.kind), "strength": str(attribute.strength), "ok": list(attribute.ok)}


def check_attribute(attribute: Attribute) -> Attribute:
    """The same attribute, or a VocabularyError when its parts cannot work together."""
    problem = _problem(attribute)
    if problem:
        raise VocabularyError(f"語彙「{attribute.label}（{attribute.key}）」: {problem}")
    check_value(attribute.host, attribute.host.default, attribute.label)
    check_value(attribute.person, attribute.probe, attribute.label)
    return attribute


def _problem(attribute: Attribute) -> str:
    person, host = attribute.person, attribute.host
    if not attribute.key.isidentifier() or not attribute.label:
        return "key は英小文字と数字、label は空にできません。"
    if attribute.kind in COMPARABLE:
        on_person, on_host = COMPARABLE[attribute.kind]
        if person.type not in on_person or host.type not in on_host:
            return f"{attribute.kind} では、本人側と受け入れ先側の型の組み合わせが使えません。"
        if person.type is SideType.NONE and attribute.key not in (AGE, GENDER):
            return "本人に尋ねる型がありません。"
    for side in (person, host):
        if side.type in (SideType.CHOICE, SideType.TAGS) and not side.choices and attribute.kind is not Kind.TEXT:
            return "選択肢がありません。"
        if len(side.choices) > MAX_CHOICES or len({c.key for c in side.choices}) < len(side.choices):
            return f"選択肢は{MAX_CHOICES}個まで、key は重ならないようにします。"
    if attribute.kind in (Kind.AT_MOST, Kind.AT_LEAST) and person.type is not host.type:
        return "くらべる二つの側は、数字どうし、選択どうしにします。"
    values = {"yes", "no"} if host.type is SideType.FLAG else {choice.key for choice in host.choices}
    if {*attribute.ok, *attribute.reason_of, *attribute.mention} - values:
        return "ok・reason_of・mention に、受け入れ先側の選択肢にない値があります。"
    return _text_problem(attribute)


def _text_problem(attribute: Attribute) -> str:
    for name in TEXTS:
        text = getattr(attribute, name)
        try:
            names = [part[1] for part in string.Formatter().parse(text) if part[1] is not None]
        except ValueError:
            return f"{name} の {{ }} が閉じていません。"
        if not all(field.isidentifier() for field in names):
            return f"{name} の {{ }} の中には、項目の名前だけを書きます。"
    if attribute.kind.has_rule and not attribute.reason:
        return "理由の文（reason）がありません。"
    return ""


def check_vocabulary(vocabulary: Vocabulary) -> Vocabulary:
    """The same vocabulary, or a VocabularyError for a key given twice or an unknown section."""
    keys = [attribute.key for attribute in vocabulary]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise VocabularyError(f"語彙の key が重なっています: {'、'.join(twice)}。")
    if vocabulary.of_kind(Kind.WOMEN_ONLY) and not {GENDER, STAFF} <= set(keys):
        raise VocabularyError("「女性だけの場」には、対象の性別（gender）と職員の性別（staff）の行が要ります。")
    sections = {section.key for section in vocabulary.sections}
    if sections and (lost := sorted({a.section for a in vocabulary} - sections)):
        raise VocabularyError(f"語彙の section が sections.toml にありません: {'、'.join(lost)}。")
    return vocabulary
