"""A dictionary of everyday words: which expressions mean the same activity, which dislikes ask for what."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from service.kernel.errors import DomainError
from service.kernel.kana import fold_text

_CLAUSE_END = r"[。、，,．.！!？?；;：:（）()「」『』【】\[\]／/|\r\n\t]+"
_KANA = frozenset(map(chr, range(ord("ァ"), ord("ー") + 1)))
_SPACING = re.compile(r"[\s・･]+")


@dataclass(frozen=True)
class Concept:
    """One activity or manner of being somewhere, with the expressions that name it and its neighbours."""

    key: str
    label: str
    terms: tuple[str, ...]
    near: tuple[str, ...] = ()


@dataclass(frozen=True)
class Avoidance:
    """What somebody may dislike, and the concepts that such a dislike asks for."""

    about: tuple[str, ...]
    wish: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """What a text says: its concepts in order of appearance and the other words as (shown, folded) pieces."""

    concepts: tuple[str, ...]
    pieces: tuple[tuple[str, str], ...]


class Thesaurus:
    """Reads texts through an editable list of concepts; all comparison is on folded text."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Checks plain data (keys as in the TOML file): KeyError, TypeError or ValueError when it is not usable."""
        concepts = [_read_concept(row) for row in data.get("concept", ())]
        avoidances = [
            Avoidance(_words(row["about"], "about"), _words(row["wish"], "wish")) for row in data.get("avoidance", ())
        ]
        _check_references(concepts, avoidances)
        self.weight = _read_weight(data, "weight", 0.5)
        self.near_weight = _read_weight(data, "near_weight", 0.4)
        self.concepts = {concept.key: concept for concept in concepts}
        self.meaningless = frozenset(fold_text(str(data.get("characters", "")))) | _KANA
        self._avoidances = [(_alternation(rule.about), rule.wish) for rule in avoidances]
        self._negation = _alternation(_words(data.get("negations", ()), "negations"))
        self._not_negation = _alternation(_words(data.get("not_negations", ()), "not_negations"))
        self._clause_end = re.compile("|".join([_CLAUSE_END, *map(re.escape, _words(data.get("breaks", ()), "breaks"))]))
        self._meanings = _collect_meanings(concepts, _words(data.get("boilerplate", ()), "boilerplate"))
        self._starts = _index_starts(self._meanings)

    @classmethod
    def load(cls, path: Path) -> Self:
        """The thesaurus written in a TOML file; DomainError in Japanese when it cannot be read."""
        try:
            return cls.from_data(tomllib.loads(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
            raise _broken(f"ファイルを読めません（{problem}）") from problem

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The thesaurus from plain data; DomainError in Japanese says what is wrong."""
        try:
            return cls(data)
        except KeyError as problem:
            raise _broken(f"{problem} の欄がない行があります") from problem
        except (TypeError, ValueError, AttributeError) as problem:
            raise _broken(str(problem)) from problem

    def read(self, text: str) -> Reading:
        """The concepts of a text and the words left when boilerplate and disliked things are taken out."""
        concepts: dict[str, None] = {}
        pieces: list[tuple[str, str]] = []
        for clause in self._clause_end.split(unicodedata.normalize("NFKC", text)):
            folded = fold_text(clause)
            shown = _SPACING.sub("", clause)
            start, wishes = self._read_dislike(folded)
            concepts |= dict.fromkeys(wishes)
            aligned = shown if len(shown) == len(folded) else folded
            concepts |= self._cut_pieces(aligned, folded, start, pieces)
        return Reading(tuple(concepts), tuple(pieces))

    def is_boilerplate(self, word: str) -> bool:
        """True for words that every activity has, such as 活動."""
        return self._meanings.get(fold_text(word)) == ()

    def _read_dislike(self, folded: str) -> tuple[int, list[str]]:
        """Where a clause stops being negated, and the wishes its dislikes stand for."""
        masked = self._not_negation.sub(lambda found: "\0" * len(found[0]), folded)
        marks = [found.span() for found in self._negation.finditer(masked)]
        if not marks:
            return 0, []
        disliked = folded[: marks[-1][0]]
        asked_for = [wish for about, wish in self._avoidances if about.search(disliked)]
        return marks[-1][1], [key for wish in asked_for for key in wish]

    def _cut_pieces(self, shown: str, folded: str, position: int, pieces: list[tuple[str, str]]) -> dict[str, None]:
        """The concepts of a clause, read by its longest known words; boilerplate separates the pieces."""
        concepts: dict[str, None] = {}
        piece_start = position
        while position < len(folded):
            term = self._longest_term(folded, position)
            keys = self._meanings.get(term, ())
            if term and not keys:
                _keep_piece(pieces, shown, folded, piece_start, position)
                piece_start = position + len(term)
            concepts |= dict.fromkeys(keys)
            position += len(term) or 1
        _keep_piece(pieces, shown, folded, piece_start, len(folded))
        return concepts

    def _longest_term(self, folded: str, position: int) -> str:
        for term in self._starts.get(folded[position : position + 2], ()):
            if folded.startswith(term, position):
                return term
        return folded[position] if folded[position] in self._meanings else ""


def _keep_piece(pieces: list[tuple[str, str]], shown: str, folded: str, start: int, end: int) -> None:
    if start < end:
        pieces.append((shown[start:end], folded[start:end]))


def _read_concept(row: Mapping[str, Any]) -> Concept:
    return Concept(
        str(row["key"]),
        str(row["label"]),
        _words(row["terms"], "terms"),
        _words(row.get("near", ()), "near"),
    )


def _words(words: Any, name: str) -> tuple[str, ...]:
    if isinstance(words, str) or not all(isinstance(word, str) and fold_text(word) for word in words):
        raise ValueError(f"{name} は、空でない語の並びにしてください（{words!r}）")
    return tuple(words)


def _read_weight(data: Mapping[str, Any], name: str, usual: float) -> float:
    weight = float(data.get(name, usual))
    if not 0 < weight <= 1:
        raise ValueError(f"{name} は 0 より大きく 1 以下の数にしてください（{weight}）")
    return weight


def _check_references(concepts: list[Concept], avoidances: list[Avoidance]) -> None:
    keys = [concept.key for concept in concepts]
    if repeated := sorted({key for key in keys if keys.count(key) > 1}):
        raise ValueError(f"同じ key が二つあります（{'・'.join(repeated)}）")
    named = {key for concept in concepts for key in concept.near}
    named |= {key for rule in avoidances for key in rule.wish}
    if unknown := sorted(named - set(keys)):
        raise ValueError(f"near か wish に、concept にない key があります（{'・'.join(unknown)}）")


def _collect_meanings(concepts: Iterable[Concept], boilerplate: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Folded expression → keys of the concepts it names, labels included; boilerplate names none."""
    meanings: dict[str, tuple[str, ...]] = {fold_text(phrase): () for phrase in boilerplate}
    for concept in concepts:
        for term in dict.fromkeys(fold_text(term) for term in (concept.label, *concept.terms)):
            meanings[term] = (*meanings.get(term, ()), concept.key)
    return meanings


def _index_starts(terms: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """First two characters → the expressions of two or more characters that start so, longest first."""
    starts: dict[str, list[str]] = {}
    for term in _longest_first(terms):
        if len(term) > 1:
            starts.setdefault(term[:2], []).append(term)
    return {start: tuple(found) for start, found in starts.items()}


def _alternation(expressions: Iterable[str]) -> re.Pattern[str]:
    folded = _longest_first({fold_text(expression) for expression in expressions})
    return re.compile("|".join(map(re.escape, folded)) or r"(?!)")


def _longest_first(terms: Iterable[str]) -> list[str]:
    return sorted(terms, key=lambda term: (-len(term), term))


def _broken(problem: str) -> DomainError:
    remedy = "辞書の該当する行を直して、もう一度読み込んでください。"
    return DomainError(f"ことばの辞書を使えません。{problem}。", remedy, "thesaurus", 422)
