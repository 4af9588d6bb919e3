"""Forms of the vocabulary."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, RadioField, SelectField

from service.kernel.vocab import Attribute, Section, Side
from service.resources.forms import NumberText, passage, select_choices, words
from service.resources.vocabulary_edit import KIND_LABELS, TEXTS
from service.web.forms import Form, Posted
from service.web.params import typed_text

STRENGTHS = {"hard": "必須", "wish": "希望", "nice": "できれば"}
PERSON_TYPES = {"flag": "はい・いいえ", "number": "数", "choice": "一つ選ぶ", "tags": "いくつか選ぶ"}
HOST_TYPES = {**PERSON_TYPES, "range": "範囲（下限〜上限）"}


class AttributeForm(Form):
    """An attribute a town already has."""

    label = words("名前", 60, "名前を入れてください。")
    strength = RadioField("ふだんの強さ", choices=select_choices(STRENGTHS), validate_choice=False)
    suggestable = BooleanField("「条件を見直す」で提案してよい")
    negotiable = BooleanField("受け入れ先に相談できることがある")
    core = BooleanField("短いアセスメントに出す（20項目まで）")
    order = NumberText("並び順", 9999)
    question = words(TEXTS["question"], 200)
    ask_person = words(TEXTS["ask_person"], 200)
    reason = words(TEXTS["reason"], 200)
    need_text = words(TEXTS["need_text"], 200)
    fit_text = words(TEXTS["fit_text"], 200)
    sounding = words(TEXTS["sounding"], 200)
    person_hint = words("本人の欄の説明", 200)
    host_hint = words("受け入れ先の欄の説明", 200)

    @classmethod
    def of(cls, attribute: Attribute) -> "AttributeForm":
        """The form as the attribute stands."""
        names = ("label", "suggestable", "negotiable", "core", *TEXTS)
        texts = {name: getattr(attribute, name) for name in names}
        hints = {"person_hint": attribute.person.hint, "host_hint": attribute.host.hint}
        return cls(data=texts | hints | {"order": str(attribute.order), "strength": str(attribute.strength)})

    def typed(self, attribute: Attribute, posted: Posted) -> Mapping[str, Any]:
        """What the valid form says, with the labels of the choices."""
        known = self.strength.data in STRENGTHS
        return dict(self.data) | {
            "order": attribute.order if self.order.number is None else self.order.number,
            "strength": self.strength.data if known else str(attribute.strength),
            "person_choices": typed_labels(attribute.person, "p", posted),
            "host_choices": typed_labels(attribute.host, "h", posted),
        }


def typed_labels(side: Side, stem: str, posted: Posted) -> dict[str, str]:
    """The labels typed for the choices of a side."""
    return {choice.key: typed_text(posted.text(f"{stem}-{choice.key}"), 60) for choice in side.choices}


class NewAttributeForm(Form):
    """A condition the town adds by itself."""

    label = words("名前", 60, "名前を入れてください。例 駐車場")
    key = words("項目の名前（英小文字）", 40, "例 parking のように入れてください。")
    code = words("理由の番号", 32, "例 R-PARKING のように入れてください。")
    section = SelectField("見出し", choices=())
    kind = SelectField("くらべ方", choices=select_choices(KIND_LABELS))
    person_type = SelectField("本人の答え方", choices=select_choices(PERSON_TYPES))
    host_type = SelectField("受け入れ先の答え方", choices=select_choices(HOST_TYPES))
    choices = passage("選択肢（1行に一つ、少ない・弱いほうから）")
    ok = words("合うとみなす受け入れ先の答え", 200)
    unit = words("単位", 10)
    strength = RadioField("ふだんの強さ", choices=select_choices(STRENGTHS), default="wish")
    suggestable = BooleanField("「条件を見直す」で提案してよい")
    negotiable = BooleanField("受け入れ先に相談できることがある")
    question = words(TEXTS["question"], 200, "電話で聞く文を入れてください。例 駐車場はありますか")
    ask_person = words(TEXTS["ask_person"], 200)
    reason = words(TEXTS["reason"], 200, "合わないときに示す文を入れてください。例 駐車場がありません")
    need_text = words(TEXTS["need_text"], 200)
    fit_text = words(TEXTS["fit_text"], 200)
    sounding = words(TEXTS["sounding"], 200)

    def offer_sections(self, sections: tuple[Section, ...]) -> None:
        """The headings the town has."""
        self.section.choices = select_choices({section.key: section.label for section in sections})
