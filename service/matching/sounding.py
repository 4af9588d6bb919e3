"""The anonymous sounding: what a host is told before anybody has a name, built from controlled words alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from service.kernel.vocab import Attribute, SideType, Strength, Vocabulary, say_value
from service.matching.facts import PersonFacts

if TYPE_CHECKING:
    from service.matching.verdict import Verdicts

_CLOSING: Final = "まずは見学からお願いできますか。最初は支援者が同行します。"


@dataclass(frozen=True)
class Sounding:
    """Sentences for a host: no name, address, diagnosis or story, and never the person's own words."""

    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        """The sentences as one text to read out or copy."""
        return "".join(self.sentences)


def word_sounding(verdicts: Verdicts) -> Sounding:
    """The sounding for the person of a match; what the vocabulary gives no sounding words for is never told."""
    situation, vocabulary = verdicts.situation, verdicts.catalogue.vocabulary
    return Sounding((*sentences_for(vocabulary, situation.age, situation.person), _CLOSING))


def sentences_for(vocabulary: Vocabulary, age: object, person: PersonFacts) -> tuple[str, ...]:
    """What may be said of somebody of this age with these needs, before anybody has a name."""
    return (_age_words(age), *_sentences(vocabulary, person))


def _age_words(age: object) -> str:
    if not isinstance(age, int):
        return "ご紹介したい方がいます。"
    return f"{age // 10 * 10}代の方です。" if age >= 10 else "10歳未満の方です。"


def _sentences(vocabulary: Vocabulary, person: PersonFacts) -> tuple[str, ...]:
    told = [(a, need) for a in vocabulary if a.sounding and not a.locked and (need := person.need(a.key))]
    told.sort(key=lambda pair: pair[1].strength is not Strength.HARD)
    return tuple(f"{words}。" for a, need in told if (words := _words(a, need.value)))


def _words(attribute: Attribute, value: Any) -> str:
    if attribute.person.type is SideType.WISHES:
        # The tags are the vocabulary's; the text beside them is the person's and stays here.
        value = {"tags": value["tags"], "text": ""}
        if not value["tags"]:
            return ""
    return attribute.sounding.format(p=say_value(attribute.person, value), label=attribute.label)
