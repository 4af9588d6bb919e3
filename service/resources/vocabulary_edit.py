"""Editing the vocabulary of a town: another wording, another default, a new condition of a known kind."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from service.kernel.errors import Conflict, NotFound
from service.kernel.vocab import (
    Attribute,
    Choice,
    Kind,
    Side,
    Strength,
    Vocabulary,
    VocabularyError,
    attribute_from_row,
    attribute_to_row,
    load_vocabulary,
)
from service.resources.models import VocabularyEntry
from service.resources.vocabulary import current_vocabulary, history_of, save_attribute
from service.web.actor import Actor

KIND_LABELS: Final[Mapping[str, str]] = {
    "at_most": "本人の上限以下（数・段階）",
    "at_least": "本人の下限以上（数・段階）",
    "within_range": "受け入れ先の範囲内",
    "not_required": "必須とされていない",
    "needs_value": "決まった答えの所だけ",
    "any_of": "どれか一つあれば",
    "all_of": "すべてあれば",
    "none_of": "どれもなければ",
    "admits": "対象に含まれる",
}
OTHER_KIND: Final = "決まった計算（語彙では変えられません）"
# Safety, health, the law and a host's own identity are never proposed to be dropped.
NEVER_SUGGESTED: Final = frozenset({
    "R-AGE", "R-GENDER", "R-NOMALE", "R-STAFF", "R-PHYSICAL", "R-CHEM", "R-SMOKE", "R-ANIMAL", "R-STEPFREE",
    "R-TOILET", "R-MEDICAL", "R-WATCH", "R-COMM", "R-SKILL",
})  # fmt: skip
MOST_CORE: Final = 20
TEXTS: Final[Mapping[str, str]] = {
    "question": "受け入れ先への質問",
    "ask_person": "本人への質問",
    "reason": "合わない理由",
    "need_text": "条件の言い方",
    "fit_text": "合っている点の言い方",
    "sounding": "打診の文（空なら決して伝えません）",
}
_CODE: Final = re.compile(r"R-[A-Z][A-Z0-9-]{1,30}")


def find_attribute(session: Session, key: str) -> tuple[Attribute, Sequence[VocabularyEntry]]:
    """An attribute with its versions, newest first; absent is NotFound."""
    attribute = current_vocabulary(session).get(key[:60])
    if attribute is None:
        raise NotFound()
    return attribute, history_of(session, attribute.key)


def save_edit(session: Session, seen: int, edited: Attribute, actor: Actor, now: datetime) -> bool:
    """Keep an edited attribute as a new version; False when nothing differs, Conflict when somebody else was first."""
    current, history = find_attribute(session, edited.key)
    if history[0].seq != seen:
        raise Conflict()
    if edited == current:
        return False
    check_rules(edited, current_vocabulary(session))
    save_attribute(session, attribute_from_row(attribute_to_row(edited)), actor.label, now)
    return True


def check_rules(attribute: Attribute, vocabulary: Vocabulary) -> None:
    """Refuse what must never be: 🔒 and safety proposed to be dropped, or more than twenty core fields."""
    if attribute.suggestable and (attribute.locked or attribute.code in NEVER_SUGGESTED):
        raise VocabularyError(
            f"「{attribute.label}」は、安全・健康・法令・受け入れ先の決まりに関わるため、見直しの候補に出せません。",
            "「条件を見直すで提案してよい」を外してください。",
        )
    core = [other for other in vocabulary.core if other.key != attribute.key]
    if attribute.core and len(core) >= MOST_CORE:
        raise VocabularyError(f"短いアセスメントは{MOST_CORE}項目までです。", "ほかの項目を一つ外してから加えてください。")


def edit_attribute(attribute: Attribute, typed: Mapping[str, Any]) -> Attribute:
    """The attribute with what was typed; a locked one keeps its strength."""
    texts = {name: typed[name] for name in TEXTS}
    strength = attribute.strength if attribute.locked else Strength(typed["strength"])
    return replace(
        attribute, **texts, label=typed["label"], strength=strength, suggestable=typed["suggestable"],
        negotiable=typed["negotiable"], core=typed["core"], order=typed["order"],
        person=_relabel(attribute.person, typed["person_choices"], typed["person_hint"]),
        host=_relabel(attribute.host, typed["host_choices"], typed["host_hint"]),
    )  # fmt: skip


def _relabel(side: Side, labels: Mapping[str, str], hint: str) -> Side:
    choices = tuple(replace(choice, label=labels.get(choice.key) or choice.label) for choice in side.choices)
    return replace(side, choices=choices, hint=hint if side.is_asked else side.hint)


def new_attribute(typed: Mapping[str, Any], vocabulary: Vocabulary) -> Attribute:
    """A new condition of a generic kind; VocabularyError says what to mend."""
    if typed["key"] in vocabulary:
        raise VocabularyError(f"項目の名前「{typed['key']}」は使われています。", "別の名前にしてください。")
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", typed["key"]):
        raise VocabularyError("項目の名前が使えません。", "英小文字で始め、英小文字・数字・_ だけで40字までにしてください。")
    if not _CODE.fullmatch(typed["code"]):
        raise VocabularyError("理由の番号が使えません。", "「R-PARKING」のように、R- と英大文字で入れてください。")
    if not Kind(typed["kind"]).is_generic:
        raise VocabularyError("この規則は、語彙からは加えられません。", "一覧にある規則から選んでください。")
    choices = read_choices(typed["choices"])
    row = {name: typed[name] for name in ("key", "code", "label", "section", "kind", "strength", *TEXTS)}
    row |= {"order": max((a.order for a in vocabulary), default=0) + 1, "negotiable": typed["negotiable"]}
    row |= {"suggestable": typed["suggestable"], "ok": _read_ok(typed["ok"], choices)}
    row |= {side: _side_row(typed[f"{side}_type"], choices, typed["unit"]) for side in ("person", "host")}
    attribute = attribute_from_row(row)
    check_rules(attribute, vocabulary)
    return attribute


def read_choices(text: str) -> list[Choice]:
    """One choice a line, `key ことば` or the words alone."""
    found = []
    for at, line in enumerate((line.strip() for line in text.splitlines() if line.strip()), start=1):
        key, _, label = line.partition(" ")
        has_key = re.fullmatch(r"[a-z][a-z0-9_]*", key) and label.strip()
        found.append(Choice(key, label.strip()) if has_key else Choice(f"c{at}", line))
    return found


def _read_ok(text: str, choices: Sequence[Choice]) -> list[str]:
    keys = {"はい": "yes", "いいえ": "no"} | {choice.label: choice.key for choice in choices}
    return [keys.get(word, word) for word in re.split(r"[\s、,・]+", text.strip()) if word]


def _side_row(side_type: str, choices: Sequence[Choice], unit: str) -> dict[str, Any]:
    row: dict[str, Any] = {"type": side_type}
    if side_type in ("choice", "tags"):
        row["choices"] = [[choice.key, choice.label] for choice in choices]
    return row | ({"unit": unit} if side_type in ("number", "range") else {})


def against_seed(attribute: Attribute) -> list[tuple[str, str, str]]:
    """Where the town's row differs from the product's first value: what, first value, now."""
    seed = load_vocabulary().get(attribute.key)
    if seed is None:
        return []
    return [(label, before, after) for label, before, after in _compare(seed, attribute) if before != after]


def compare(theirs: Attribute, mine: Attribute) -> list[tuple[str, str, str]]:
    """Everything in which two versions differ, in words."""
    return [row for row in _compare(theirs, mine) if row[1] != row[2]]


def _compare(one: Attribute, other: Attribute) -> list[tuple[str, str, str]]:
    rows = [("名前", one.label, other.label), ("強さ", one.strength.label, other.strength.label)]
    rows += [(label, getattr(one, name), getattr(other, name)) for name, label in TEXTS.items()]
    flags = {"suggestable": "見直しで提案", "negotiable": "相談可", "core": "短いアセスメント"}
    rows += [(label, _yes(getattr(one, name)), _yes(getattr(other, name))) for name, label in flags.items()]
    rows += [("並び順", str(one.order), str(other.order))]
    sides = (("本人の選択肢", one.person, other.person), ("受け入れ先の選択肢", one.host, other.host))
    return rows + [(label, _labels(a), _labels(b)) for label, a, b in sides]


def _labels(side: Side) -> str:
    return "・".join(choice.label for choice in side.choices) + (f"（{side.hint}）" if side.hint else "")


def _yes(flag: bool) -> str:
    return "はい" if flag else "いいえ"
